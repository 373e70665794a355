"""A PostgreSQL server of the tests' own, and an empty registry on it for each test."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, make_url

from amnestic.tools.registry import Registry
from tests.patience import PATIENCE

__all__ = ["copies", "postgresql", "served", "url"]

MIGRATED = "migrated"

_WATCH = """
folder=$1; shift
if read -r told; then exit; fi
"$@"
rm -rf -- "$folder"
"""
"""Waits for a line, and ends the server where none comes: whoever started it was killed."""


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of these tests' own, one for all of them, as the URL of its first
    database; they are skipped where none can be had."""
    pytest.importorskip("psycopg")
    programs = shutil.which("pg_ctl")
    if programs is None:
        pytest.skip("there is no PostgreSQL server here")
    home = Path(os.path.realpath(programs)).parent
    # not among pytest's own folders, which another run of it closes to other users
    made = tempfile.TemporaryDirectory(prefix="amnestic-postgresql-")
    with made as folder, served(Path(folder), home) as place:
        yield place


@contextmanager
def served(folder: Path, home: Path) -> Iterator[str]:
    """A server in a folder, of the programs at `home`; its URL. It ends with the process that
    started it, however that ends."""
    given: dict[str, Any] = {"check": True, "capture_output": True, "timeout": PATIENCE}
    if os.geteuid() == 0:  # the server refuses to run as root
        given["user"] = "postgres"
        shutil.chown(folder, "postgres")
    data = folder / "data"
    subprocess.run([home / "initdb", "-A", "trust", "-N", "-U", "me", "-D", data], **given)
    options = f"-c listen_addresses='' -k {folder} -c fsync=off"
    control = [home / "pg_ctl", "-D", data, "-w"]
    stop = [*control, "-m", "immediate", "stop"]
    with _watched(folder, stop, given.get("user")):
        subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], **given)
        try:
            yield f"postgresql+psycopg://me@/postgres?host={folder}"
        finally:
            subprocess.run(stop, **given)


@contextmanager
def _watched(folder: Path, stop: list[Any], user: str | None) -> Iterator[None]:
    """Somebody who stops the server, and deletes its folder, where this process is killed within
    the block: a pipe that nobody holds any more tells of that."""
    with subprocess.Popen(
        ["sh", "-c", _WATCH, "watch", folder, *stop],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # what ends the tests from a terminal does not end it
        user=user,
    ) as watch:
        try:
            yield
        finally:
            watch.communicate(b"over\n")


@pytest.fixture(scope="session")
def copies(postgresql: str) -> list[str]:
    """The server once it has a database of a new registry that others are copied from, as the names
    of the copies that it has."""
    told = _executed(postgresql, f"CREATE DATABASE {MIGRATED}")
    Registry.open(_beside(told, MIGRATED)).close()
    return []


@pytest.fixture
def url(postgresql: str, copies: list[str]) -> str:
    """A database of the test's own with the tables of a new registry, whose trail has a salt of its
    own. That of the test before is dropped, which nobody uses any more."""
    for former in copies:
        _executed(postgresql, f"DROP DATABASE IF EXISTS {former} WITH (FORCE)")
    copies[:] = [f"test_{secrets.token_hex(8)}"]
    made = _executed(postgresql, f"CREATE DATABASE {copies[0]} TEMPLATE {MIGRATED}")
    own = _beside(made, copies[0])
    _executed(own, f"UPDATE clock SET salt = '{secrets.token_hex(16)}'")
    return own


def _beside(server: URL, name: str) -> str:
    """The URL of another database of a server."""
    return server.set(database=name).render_as_string(hide_password=False)


def _executed(place: str, statement: str) -> URL:
    engine = create_engine(place, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
    return make_url(place)
