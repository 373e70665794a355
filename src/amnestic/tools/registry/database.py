"""A registry's database: connections to what is under its path now, and not to what once was.

SQLite follows a file that is open wherever it is moved, and holds on to one that is deleted. Who
puts a backup in its place wants that to be the truth: before each transaction the file system is
asked whether the file, its log and the log's index are still those that are open.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Pool
from sqlalchemy.pool import QueuePool

from amnestic.exceptions import RegistryUnavailableError
from amnestic.forks import renewed
from amnestic.tools.registry.engine import (
    WRITING,
    bring_to_head,
    errors_made_clear,
    file_of,
    make_engine,
    place_of,
    prepare_file,
    refuse_damaged,
    url_of,
)
from amnestic.tools.registry.file_locks import not_alone
from amnestic.tools.registry.schema import metadata
from amnestic.tools.registry.search_index import without_traces
from amnestic.tools.registry.shared_tables import shared

__all__ = ["Database", "FileId"]

_log = logging.getLogger(__name__)

_PATIENCE = 1.0  # seconds that connections to a file that is no longer there are waited for
_PAUSE = 0.001

FileId = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the file system tells of a database: which file it is and which two are its log and the
    log's index, and how large the first is and when it was written."""

    file: FileId
    logs: tuple[FileId | None, ...]
    written: tuple[int, int, int]


class Database:
    """Connections to one registry's database, whose schema is the newest.

    Args:
        engine: makes them.
        path: the file, where it is one that can be watched.
    """

    def __init__(self, engine: Engine, path: Path | None) -> None:
        self.engine = engine
        self.place = place_of(engine.url)
        self._path = path
        self._seen: _Seen | None = None
        self._turn = threading.Lock()
        self._kept = threading.local()
        renewed(self)

    @classmethod
    def open(cls, path_or_url: str | Path) -> Database:
        """A database that is made where there is none, and migrated where it is older. Raises
        `RegistryUnavailableError`, `RegistryVersionError` or `RegistryCorruptError`."""
        url = url_of(path_or_url)
        path = file_of(url)
        with errors_made_clear(place_of(url)):
            if path is not None:
                prepare_file(path, place_of(url))
            opened = cls(make_engine(url), path)
            try:
                if path is None:
                    bring_to_head(opened.engine, opened.place)
                else:
                    opened._follow()
            except BaseException:  # raised again: only the connections are let go of
                opened.close()
                raise
        return opened

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def renew(self) -> None:
        """In a forked child nobody is in the middle of anything."""
        self._turn = threading.Lock()
        self._kept = threading.local()

    @property
    def is_on_server(self) -> bool:
        """Whether it is PostgreSQL's, which processes of other machines use, too."""
        return self.engine.dialect.name == "postgresql"

    @property
    def file(self) -> FileId | None:
        """Which file it is; another one under the same path has another."""
        return None if self._seen is None else self._seen.file

    @contextmanager
    def connect(self, *, writing: bool = False, frozen: bool = False) -> Iterator[Connection]:
        """A connection to what is there now. One that is `frozen` sees the database as it is at
        first, whatever is written meanwhile. Raises `RegistryUnavailableError` where nothing can
        be opened, and errors of the database as the registry's own."""
        with errors_made_clear(self.place):
            kept: Connection | None = getattr(self._kept, "connection", None)
            if kept is not None and not writing and not frozen:
                yield kept
                return
            with self._turn:
                if self._path is not None:
                    self._follow()
                connection = self.engine.connect()
            with connection:
                if writing:
                    connection.execution_options(**WRITING)
                elif self.is_on_server:
                    level = "REPEATABLE READ" if frozen else "AUTOCOMMIT"  # nothing to end
                    connection.execution_options(isolation_level=level)
                yield connection

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """SQLite's own cursor on what is there now, in no transaction but that of each of its
        statements. Raises as `connect` does."""
        with errors_made_clear(self.place):
            with self._turn:
                if self._path is not None:
                    self._follow()
                raw = self.engine.raw_connection()
            with contextlib.closing(raw), contextlib.closing(raw.cursor()) as cursor:
                yield cursor

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Within the block all that this thread only reads goes over one connection, where the
        database is on a server: taking one, and seeing whether it still stands, is a way there
        and back, and a change is taken in by half a dozen questions."""
        if not self.is_on_server or getattr(self._kept, "connection", None) is not None:
            yield
            return
        with self.connect() as connection:
            self._kept.connection = connection
            try:
                yield
            finally:
                self._kept.connection = None

    def rewrite(self) -> None:
        """Write the database anew, so that nothing is left of what was overwritten or deleted in
        it: neither in its free pages nor in SQLite's log. Raises `RegistryUnavailableError` while
        another program reads it."""
        with self.connect(writing=True) as connection:
            if connection.dialect.name != "sqlite":
                connection.execution_options(isolation_level="AUTOCOMMIT")
                tables = ", ".join((*metadata.tables, *shared.tables))
                connection.exec_driver_sql(f"VACUUM FULL {tables}")
                return
            with connection.begin():
                without_traces(connection)
            cursor = connection.connection.cursor()  # which begins no transaction
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            told = cursor.fetchone()
        if told is None or told[0]:
            raise RegistryUnavailableError(
                f"the registry `{self.place}` is read by another program, so that its log still "
                "holds what was deleted; do the same again"
            )

    # ── Following the file ───────────────────────────────────────────────────────────────────

    def _follow(self) -> None:
        """See to it that new connections are to the file that is there."""
        now = self._look()
        if now == self._seen:
            return
        old = self._let_go(now)
        try:
            bring_to_head(self.engine, self.place, new=self._seen is None)
        finally:
            if old is not None:
                old.dispose()
        if self._seen is not None and now.file != self._seen.file:
            with self.engine.connect() as connection:
                refuse_damaged(connection, self.place)
        after = self._look()  # with a connection open, so that the log stays the one that it is
        if after.file != now.file:
            raise RegistryUnavailableError(
                f"the registry `{self.place}` is just being replaced; try again"
            )
        self._seen = after

    def _look(self) -> _Seen:
        path = str(self._path)
        try:
            found = os.stat(path)
            real = os.path.realpath(path) if os.path.islink(path) else path
            logs = tuple(_id_of(f"{real}{ending}") for ending in ("-wal", "-shm"))
        except OSError:
            raise RegistryUnavailableError(
                f"the registry `{self.place}` is gone or cannot be read; put it back, or name "
                "another with --db or AMNESTIC_DB"
            ) from None
        written = (found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        return _Seen((found.st_dev, found.st_ino), logs, written)

    def _let_go(self, now: _Seen) -> Pool | None:
        """Leave the connections that are open, in the one way that does no harm to the file that
        is there now: those that are given back are closed once there is another."""
        before, pool = self._seen, self.engine.pool
        if before is None:
            return None
        if now.file != before.file:
            self._leave_file(pool, now, before)
        elif now.logs != before.logs:
            self._leave_log(pool)
        else:  # written to: by whom cannot be told, and what is kept of its pages may be old
            self.engine.dispose(close=False)
            return pool
        return None

    def _leave_file(self, pool: Pool, now: _Seen, before: _Seen) -> None:
        """Another file is there. What the log holds is the old one's: it is written into that, and
        the log taken away, or SQLite would play it back over the new one."""
        if _open_in(pool)[1]:
            with contextlib.suppress(sqlite3.Error):
                raw = self.engine.raw_connection()
                raw.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
                raw.close()
        self.engine.dispose()
        real = os.path.realpath(str(self._path))
        for ending, is_now, was in zip(("-wal", "-shm"), now.logs, before.logs, strict=True):
            if is_now is not None and is_now == was:
                with contextlib.suppress(OSError):
                    os.unlink(f"{real}{ending}")

    def _leave_log(self, pool: Pool) -> None:
        """The file was written over, and its log taken away. The last connection that is closed
        would write the old log into it: it must not be alone, nor may a new one share with it."""
        until = time.monotonic() + _PATIENCE
        while _open_in(pool)[0] and time.monotonic() < until:
            time.sleep(_PAUSE)
        if _open_in(pool) == (0, 0):
            return
        with not_alone(os.path.realpath(str(self._path))) as held:
            if _open_in(pool)[0] or not held:
                raise RegistryUnavailableError(
                    f"the registry `{self.place}` was written over while it was in use; end all "
                    "programs that use it, and put it back once more"
                )
            self.engine.dispose()


def _open_in(pool: Pool) -> tuple[int, int]:
    """How many connections of a pool are in use, and how many are kept."""
    return (pool.checkedout(), pool.checkedin()) if isinstance(pool, QueuePool) else (0, 0)


def _id_of(path: str) -> FileId | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
