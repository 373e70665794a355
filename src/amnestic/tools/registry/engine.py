"""Opening the registry's database: connection settings, schema version, and errors made clear.

Everything that only SQLite has stands here.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from amnestic.exceptions import (
    RegistryCorruptError,
    RegistryError,
    RegistryUnavailableError,
    RegistryVersionError,
)
from amnestic.extras import require
from amnestic.places import is_url
from amnestic.tools.registry.forking import closed_for_forks
from amnestic.tools.registry.schema import HEAD

__all__ = ["errors_made_clear", "open_engine", "place_of", "rewritten"]

BUSY_MS = 5_000
_PAUSE = 0.01
WRITING = {"amnestic_writing": True}

_DAMAGE = ("not a database", "malformed", "corrupt", "disk image")


def open_engine(path_or_url: str | Path) -> Engine:
    """An engine on a database whose schema is the newest.

    Makes a new database when there is none, and migrates an older one. Raises
    `RegistryUnavailableError`, `RegistryVersionError` or `RegistryCorruptError`.
    """
    url = _url(path_or_url)
    place = place_of(url)
    with errors_made_clear(place):
        if url.get_backend_name() == "sqlite" and "uri" not in url.query:
            _prepare_file(url, place)
        engine = _create(url)
        try:
            _bring_to_head(engine, place)
        except BaseException:  # raised again: only the connections are let go of
            engine.dispose()
            raise
    return closed_for_forks(engine)


def rewritten(engine: Engine) -> None:
    """Write a SQLite database anew, so that nothing is left of what was overwritten or deleted in
    it: neither in its free pages nor in its log."""
    if engine.dialect.name != "sqlite":
        return
    with errors_made_clear(place_of(engine.url)):
        connection = engine.raw_connection()  # outside of any transaction
        try:
            cursor = connection.cursor()
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                cursor.execute(statement)
                cursor.fetchall()
        except sqlite3.OperationalError as error:
            raise _clear(place_of(engine.url), str(error)) from None
        finally:
            connection.close()


def place_of(url: URL) -> str:
    """How a message names the database: its path, or its URL without user, password and options."""
    if url.get_backend_name() == "sqlite":
        return url.database or ""
    shown = URL.create(url.drivername, host=url.host, port=url.port, database=url.database)
    return shown.render_as_string()


@contextlib.contextmanager
def errors_made_clear(place: str) -> Iterator[None]:
    """Turn the database's errors into the registry's, without statements or their parameters."""
    try:
        yield
    except DBAPIError as error:
        raise _clear(place, str(error.orig)) from None
    except SQLAlchemyError as error:
        raise RegistryUnavailableError(
            f"the registry `{place}` cannot be used ({type(error).__name__})"
        ) from None


def _clear(place: str, told: str) -> RegistryError:
    low = told.lower()
    if any(word in low for word in _DAMAGE):
        return RegistryCorruptError(
            f"the registry `{place}` is not a database or is damaged; restore it from a backup, "
            "or choose another with --db or AMNESTIC_DB"
        )
    if "locked" in low or "busy" in low:
        return RegistryUnavailableError(
            f"the registry `{place}` is locked by another program; close that one and try again"
        )
    if "readonly" in low or "read-only" in low:
        return RegistryUnavailableError(
            f"the registry `{place}` is read-only; make the file and its folder writable"
        )
    if "full" in low:
        return RegistryUnavailableError(
            f"the registry `{place}` cannot be written: the disk is full"
        )
    return RegistryUnavailableError(
        f"the registry `{place}` cannot be reached or written; check the place and its permissions"
    )


def _url(path_or_url: str | Path) -> URL:
    if is_url(path_or_url):
        try:
            return make_url(str(path_or_url))
        except (ArgumentError, ValueError):
            raise RegistryUnavailableError(
                "the registry's URL cannot be read; write it like "
                "`postgresql+psycopg://user@host/database`"
            ) from None
    return URL.create("sqlite", database=str(Path(path_or_url).expanduser()))


def _prepare_file(url: URL, place: str) -> None:
    """Make a missing file, readable by its owner only: what it holds is sensitive."""
    path = Path(url.database or "")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise _clear(place, "readonly" if path.is_file() else str(error)) from None


def _create(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        require("postgres", "a registry on PostgreSQL")
    try:
        engine = create_engine(
            url, hide_parameters=True, pool_size=8, max_overflow=56, logging_name="amnestic"
        )
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise RegistryUnavailableError(
            f"no driver for the registry `{place_of(url)}`: {error}"
        ) from None
    _quiet_row_logger()
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_up_connection)
        event.listen(engine, "begin", _begin)
    return engine


@cache
def _quiet_row_logger() -> None:
    """At DEBUG the engine logs every row that it reads: what is to be forgotten would be told."""
    logger = logging.getLogger("sqlalchemy.engine.Engine.amnestic")
    logger.addFilter(lambda record: record.levelno >= logging.WARNING)


def _set_up_connection(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, not by the driver
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    _keep_a_log(cursor)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _keep_a_log(cursor: sqlite3.Cursor) -> None:
    """Turn to write-ahead logging. Of several that turn a new database to it at once, SQLite tells
    some that it is locked, without waiting for as long as it was told to."""
    until = time.monotonic() + BUSY_MS / 1_000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _begin(connection: Connection) -> None:
    """Take the write lock at once where a write is coming: a lock cannot be upgraded later."""
    writing = connection.get_execution_options().get("amnestic_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _bring_to_head(engine: Engine, place: str) -> None:
    with engine.connect() as connection:
        version = _version(connection, place)
    if version == HEAD:
        return
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        version = _version(connection, place)  # another process may have been quicker
        if version != HEAD:
            _migrate(connection, version, place)


def _version(connection: Connection, place: str) -> str | None:
    """The schema's version, or `None` for an empty database."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if "alembic_version" not in tables or "clock" not in tables:
        raise RegistryCorruptError(
            f"`{place}` is a database but not a registry; choose another with --db or AMNESTIC_DB"
        )
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _migrate(connection: Connection, version: str | None, place: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "amnestic.tools.registry:migrations")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise RegistryVersionError(
            f"the registry `{place}` has schema {version}, newer than the {HEAD} that this version "
            "knows; install a newer amnestic"
        )
    command.upgrade(config, "head")
