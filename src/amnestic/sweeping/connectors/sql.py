"""Stores in the tables of a database: SQLite files, and PostgreSQL."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from amnestic.exceptions import StoreError
from amnestic.extras import require
from amnestic.sweeping.connectors.base import alone_at, alone_with
from amnestic.sweeping.watching import StoreFailed

__all__ = ["Database", "PostgresDatabase", "SqliteDatabase", "shown_url", "written_anew"]

_WAIT = 10.0  # seconds that a writer of the application's is waited for
_AT_ONCE = 500


class Database(Protocol):
    """A database, as connectors use it. Queries have `?` where values stand."""

    def tables(self) -> set[str]:
        """The names of its tables."""
        ...

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, read as they are asked for."""
        ...

    def run(self, query: str, values: Sequence[Any]) -> None:
        """Run a statement."""
        ...

    def changing(self) -> AbstractContextManager[object]:
        """A transaction."""
        ...

    def locked(self, address: str) -> AbstractContextManager[object]:
        """The database for one sweep. Raises `StoreError` where another has it."""
        ...

    def settle(self) -> None:
        """Have what was deleted gone from the disk."""
        ...

    def close(self) -> None:
        """Close what was opened here."""
        ...


class SqliteDatabase:
    """A SQLite file, or a live connection to one.

    Args:
        place: the file; `None` for a live connection.
        connection: that connection.
    """

    def __init__(self, place: Path | None, connection: sqlite3.Connection | None = None) -> None:
        self._place = place
        self._is_own = connection is None
        self._connection = connection or _connected(place)

    def tables(self) -> set[str]:
        """The names of its tables."""
        return {name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type='table'")}

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query."""
        cursor = self._connection.cursor()
        cursor.row_factory = None
        cursor.execute(query, values)
        while some := cursor.fetchmany(_AT_ONCE):
            yield from some

    def run(self, query: str, values: Sequence[Any]) -> None:
        """Run a statement."""
        self._connection.execute(query, values)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A transaction in which what is deleted is written over."""
        self._connection.execute("PRAGMA secure_delete=ON")
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()

    def locked(self, address: str) -> AbstractContextManager[object]:
        """The file, or the connection, for one sweep."""
        if self._place is None:
            return alone_with(self._connection, address)
        return alone_at(self._place, address)

    def settle(self) -> None:
        """Write the file anew, so that nothing is left in freed pages or in its log. Raises
        `StoreFailed` where a reader holds on to the log."""
        if self._connection.in_transaction:
            self._connection.commit()
        written_anew(self._connection)

    def close(self) -> None:
        """Close what was opened here."""
        if self._is_own:
            self._connection.close()


class PostgresDatabase:
    """A PostgreSQL database, or a live connection to one.

    Args:
        url: its URL; empty for a live connection.
        connection: that connection, of psycopg.
    """

    def __init__(self, url: str, connection: Any = None) -> None:
        self._is_own = connection is None
        self._connection = connection if connection is not None else _connected_to(url)
        self._lock = int.from_bytes(hashlib.sha256(b"amnestic sweep").digest()[:7], "big")

    def tables(self) -> set[str]:
        """The names of the tables that are found without a schema's name."""
        query = (
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND pg_table_is_visible(oid)"
        )
        return {name for (name,) in self.rows(query)}

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, of which the server keeps those that were not asked for."""
        from psycopg.rows import tuple_row

        with (
            self._connection.transaction(),
            self._connection.cursor("amnestic_sweep", row_factory=tuple_row) as cursor,
        ):
            cursor.itersize = _AT_ONCE
            cursor.execute(_placed(query), values)
            yield from cursor

    def run(self, query: str, values: Sequence[Any]) -> None:
        """Run a statement."""
        self._connection.execute(_placed(query), values)

    def changing(self) -> AbstractContextManager[object]:
        """A transaction."""
        held: AbstractContextManager[object] = self._connection.transaction()
        return held

    @contextmanager
    def locked(self, address: str) -> Iterator[None]:
        """A lock of the database's, which ends with the connection."""
        [(taken,)] = list(self._asked("SELECT pg_try_advisory_lock(%s)"))
        if not taken:
            raise StoreError(f"another sweep has `{address}`: wait for it")
        try:
            yield
        finally:
            with suppress(Exception):
                list(self._asked("SELECT pg_advisory_unlock(%s)"))

    def settle(self) -> None:
        """Nothing: the server's vacuum takes what was deleted off the disk in its time."""

    def close(self) -> None:
        """Close what was opened here."""
        if self._is_own:
            self._connection.close()

    def _asked(self, query: str) -> list[tuple[Any, ...]]:
        from psycopg.rows import tuple_row

        with self._connection.cursor(row_factory=tuple_row) as cursor:
            cursor.execute(query, [self._lock])
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found


def shown_url(url: str) -> str:
    """A database's URL without what is secret: no user, no password, no options.

    >>> shown_url("postgresql://me:secret@db.example:5433/shop?sslpassword=other")
    'postgresql://db.example:5433/shop'
    """
    try:
        split = urlsplit(url)
        port = f":{split.port}" if split.port else ""
    except ValueError:
        return f"{url.partition(':')[0][:20]}://?"
    host = split.hostname or ""
    return f"{split.scheme}://{f'[{host}]' if ':' in host else host}{port}{split.path}"


def written_anew(connection: sqlite3.Connection) -> None:
    """Write a SQLite file anew and empty its log. Raises `StoreFailed` where another connection is
    reading: what was deleted goes on standing in the log then, and the file does not fail."""
    connection.execute("VACUUM")
    cursor = connection.cursor()
    cursor.row_factory = None
    [(busy, *_)] = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    if busy:
        raise StoreFailed("another program is reading it, and its log still holds what went")


def _connected(place: Path | None) -> sqlite3.Connection:
    if place is None or not place.is_file():
        raise StoreError(f"`{place}` is no file")
    try:
        uri = f"{place.resolve().as_uri()}?mode=rw"
        connection = sqlite3.connect(
            uri, uri=True, isolation_level=None, timeout=_WAIT, check_same_thread=False
        )
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error as error:
        raise StoreError(
            f"`{place}` cannot be read as a SQLite file ({type(error).__name__})"
        ) from None
    return connection


def _connected_to(url: str) -> Any:
    require("postgres", "a store on PostgreSQL")
    import psycopg

    scheme, _, rest = url.partition(":")
    plain = f"{scheme.partition('+')[0]}:{rest}"
    try:
        return psycopg.connect(plain, autocommit=True, connect_timeout=10)
    except psycopg.Error as error:
        raise StoreError(f"`{shown_url(url)}` cannot be reached ({type(error).__name__})") from None


def _placed(query: str) -> str:
    return query.replace("%", "%%").replace("?", "%s")
