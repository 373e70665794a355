"""A PostgreSQL server of the tests' own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE

__all__ = ["url"]


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """A PostgreSQL server of these tests' own; they are skipped where none can be had."""
    pytest.importorskip("psycopg")
    programs = shutil.which("pg_ctl")
    if programs is None:
        pytest.skip("there is no PostgreSQL server here")
    with tempfile.TemporaryDirectory(prefix="amnestic-postgresql-") as made:
        # not among pytest's own folders, which another run of it closes to other users
        yield from _served(Path(made), Path(os.path.realpath(programs)).parent)


def _served(folder: Path, home: Path) -> Iterator[str]:
    given: dict[str, Any] = {"check": True, "capture_output": True, "timeout": PATIENCE}
    if os.geteuid() == 0:  # the server refuses to run as root
        given["user"] = "postgres"
        shutil.chown(folder, "postgres")
    data = folder / "data"
    subprocess.run([home / "initdb", "-A", "trust", "-U", "me", "-D", data], **given)
    options = f"-c listen_addresses='' -k {folder} -c fsync=off"
    control = [home / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], **given)
    try:
        yield f"postgresql+psycopg://me@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **given)
