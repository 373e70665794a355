"""A PostgreSQL server of the tests' own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE

__all__ = ["url"]


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of these tests' own; they are skipped where none can be had."""
    pytest.importorskip("psycopg")
    programs = shutil.which("pg_ctl")
    if programs is None:
        pytest.skip("there is no PostgreSQL server here")
    folder = tmp_path_factory.mktemp("postgresql")
    home = Path(os.path.realpath(programs)).parent
    given: dict[str, Any] = {"check": True, "capture_output": True, "timeout": PATIENCE}
    if os.geteuid() == 0:  # the server refuses to run as root
        given["user"] = "postgres"
        for above in (folder, *folder.parents[:-2]):
            above.chmod(0o755)
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
