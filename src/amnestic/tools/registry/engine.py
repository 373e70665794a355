"""Making the registry's engine: connection settings, schema version, and errors made clear."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from amnestic.tools.registry.standing import can_be_looked_at, looked_after

if TYPE_CHECKING:
    from alembic.config import Config

__all__ = [
    "WRITING",
    "bring_to_head",
    "errors_made_clear",
    "file_of",
    "make_engine",
    "make_tables",
    "place_of",
    "prepare_file",
    "refuse_damaged",
    "url_of",
]

BUSY_MS = 5_000
_CONNECT_S = 5
_PAUSE = 0.01
_SCHEMA_LOCK = 4_201_976_113  # a number of our own among the database's advisory locks
WRITING = {"amnestic_writing": True}

_DAMAGE = ("not a database", "malformed", "corrupt", "disk image")


def make_engine(url: URL) -> Engine:
    """An engine on a database. Raises `RegistryUnavailableError` where there is no driver."""
    on_server = url.get_backend_name() == "postgresql"
    if on_server:
        require("postgres", "a registry on PostgreSQL")
    try:
        engine = create_engine(
            url,
            hide_parameters=True,
            pool_size=8,
            max_overflow=56,
            pool_pre_ping=on_server and not can_be_looked_at(url),  # it may have been away
            logging_name="amnestic",
            connect_args=_patience(url),
        )
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise RegistryUnavailableError(
            f"no driver for the registry `{place_of(url)}`: {error}"
        ) from None
    _quiet_row_logger()
    closed_for_forks(engine)
    if on_server and can_be_looked_at(url):
        looked_after(engine)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_up_connection)
        event.listen(engine, "begin", _begin)
    if file_of(url) is not None:
        event.listen(engine, "do_connect", _open_what_is_there)
    return engine


def _patience(url: URL) -> dict[str, int]:
    """How long a server may take to answer at all, where its URL does not say."""
    told = "connect_timeout" in url.query
    return {"connect_timeout": _CONNECT_S} if "psycopg" in url.drivername and not told else {}


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database that is told by a path."""
    if url.get_backend_name() != "sqlite" or "uri" in url.query:
        return None
    return Path(url.database or "").absolute()


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
    except sqlite3.Error as error:
        raise _clear(place, str(error)) from None
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


def url_of(path_or_url: str | Path) -> URL:
    """The URL of a database that is told by its path or its URL."""
    if is_url(path_or_url):
        try:
            return make_url(str(path_or_url))
        except (ArgumentError, ValueError):
            raise RegistryUnavailableError(
                "the registry's URL cannot be read; write it like "
                "`postgresql+psycopg://user@host/database`"
            ) from None
    return URL.create("sqlite", database=str(Path(path_or_url).expanduser()))


def prepare_file(path: Path, place: str) -> None:
    """Make a missing file, readable by its owner only: what it holds is sensitive."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise _clear(place, "readonly" if path.is_file() else str(error)) from None


@cache
def _quiet_row_logger() -> None:
    """At DEBUG the engine logs every row that it reads: what is to be forgotten would be told."""
    logger = logging.getLogger("sqlalchemy.engine.Engine.amnestic")
    logger.addFilter(lambda record: record.levelno >= logging.WARNING)


def _open_what_is_there(_: Any, __: Any, cargs: list[Any], cparams: dict[str, Any]) -> None:
    """Never make a file: where it is gone, an empty one in its place would let everything pass."""
    cargs[0], cparams["uri"] = f"{Path(cargs[0]).as_uri()}?mode=rw", True


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


def bring_to_head(engine: Engine, place: str, *, new: bool = True) -> None:
    """Make the tables of an empty database where it may be a `new` one, and migrate those of an
    older one. Raises `RegistryVersionError` for a newer one, and `RegistryCorruptError` for no
    registry."""
    with engine.connect() as connection:
        version = _version(connection, place)
    if version == HEAD:
        return
    if version is None and not new:
        raise RegistryCorruptError(f"the registry `{place}` is empty; put it back")
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        _take_turns(connection)
        version = _version(connection, place)  # another process may have been quicker
        if version != HEAD:
            _migrate(connection, version, place)


def make_tables(engine: Engine, place: str, version: str) -> None:
    """Make the tables of an empty database as they were in a version of the schema. Raises
    `RegistryVersionError` for one that is not known."""
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        _migrate(connection, version, place, to=version)


def _take_turns(connection: Connection) -> None:
    """Wait until no other process changes the schema; SQLite's writers take turns anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})


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


def refuse_damaged(connection: Connection, place: str) -> None:
    """Read a whole SQLite database, and raise `RegistryCorruptError` if any of it is damaged."""
    if connection.dialect.name != "sqlite":
        return
    if connection.scalar(text("PRAGMA quick_check(1)")) != "ok":
        raise RegistryCorruptError(f"the registry `{place}` is damaged; restore it from a backup")


def _migrate(connection: Connection, version: str | None, place: str, *, to: str = "head") -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "amnestic.tools.registry:migrations")
    config.attributes["connection"] = connection
    if version is not None and not _is_known(version, config):
        raise RegistryVersionError(
            f"the registry `{place}` has schema {version}, newer than the {HEAD} that this version "
            "knows; install a newer amnestic"
        )
    command.upgrade(config, to)


def _is_known(version: str, config: Config) -> bool:
    """Whether a version of the schema is one of ours; all migrations are read for that."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(config).walk_revisions()
    return any(script.revision == version for script in scripts)
