"""What callers may refer to later: the replies that they were given, and what they had asked.

It is kept in a SQLite file of this server's own, which all its processes share: connections are
dealt out among them, and the request that refers to a reply seldom reaches the process that gave
it. The registry's database would be shared too, but it is the truth about targets: it outlives the
server, is backed up and copied, and would hold every text of every caller.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amnestic.integrations.openai import Json, dumps
from amnestic.server.history_place import private_place
from amnestic.server.settings import ServerSettings

__all__ = ["LONGEST_ID", "History", "Kept"]

LONGEST_ID = 200
"""Characters of an id; a reply or an item with a longer one cannot be referred to."""

_FILE = "history.db"
_FOR_ITEM = 200  # bytes that an item takes in the index
_BY_ID = """SELECT number, asked, said FROM kept
  WHERE owner = ? AND kind = ? AND id = ? AND used >= ? ORDER BY number DESC LIMIT 1"""
_BY_ITEM = """SELECT number, asked, said FROM kept
  WHERE number = (SELECT max(kept) FROM items WHERE owner = ? AND id = ?) AND used >= ?"""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (
  number INTEGER PRIMARY KEY, owner BLOB NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
  used REAL NOT NULL, size INTEGER NOT NULL, asked BLOB NOT NULL, said BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS by_id ON kept (owner, kind, id);
CREATE INDEX IF NOT EXISTS by_use ON kept (used, size);
CREATE TABLE IF NOT EXISTS items (
  owner BLOB NOT NULL, id TEXT NOT NULL, kept INTEGER NOT NULL,
  PRIMARY KEY (owner, id, kept)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS of_kept ON items (kept);
CREATE TRIGGER IF NOT EXISTS gone AFTER DELETE ON kept BEGIN
  DELETE FROM items WHERE kept = old.number; END;
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply as its caller was given it, and the request, with all that this had referred to."""

    number: int
    asked: Json = field(repr=False)
    said: Json = field(repr=False)

    def items(self) -> Iterator[Any]:
        """What was said, then what was asked."""
        for held in (self.said.get("output"), self.asked.get("input")):
            yield from held if isinstance(held, list) else ()

    def item(self, item_id: str) -> Json | None:
        """The item of an id."""
        named = (item for item in self.items() if isinstance(item, dict))
        return next((item for item in named if item.get("id") == item_id), None)


class History:
    """What is kept, by owner: whoever shows another key sees nothing of it.

    Args:
        place: a folder that only this user may enter; `None` makes one, which `close` removes.
        most: how many replies are kept.
        most_bytes: how many bytes they take in all.
        seconds: how long one is kept after it was used last.
        clock: what time it is, in seconds.

    The least used go first where one of the bounds is reached.
    """

    def __init__(
        self,
        place: Path | None,
        most: int,
        most_bytes: int,
        seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._closing = ExitStack()
        folder = place or self._closing.enter_context(private_place())
        self._database = _opened(folder / _FILE)

    @classmethod
    def of(cls, settings: ServerSettings, place: Path | None = None) -> History | None:
        """The history that the settings ask for; `None` where they ask for none."""
        if settings.stored_responses == 0:
            return None
        return cls(place, settings.stored_responses, settings.stored_bytes, settings.stored_seconds)

    def keep(
        self,
        owner: bytes,
        kind: str,
        kept_id: str,
        asked: Json,
        said: Json,
        named: Collection[Any] = (),
    ) -> None:
        """Keep a reply; the items of `named` can be referred to by their ids. One that is larger
        than all that may be kept is not."""
        known = _ids(named)
        row = (dumps(asked), dumps(said))
        size = sum(map(len, row)) + _FOR_ITEM * (1 + len(known))
        if size > self._most_bytes or len(kept_id) > LONGEST_ID:
            return
        now = self._clock()
        with self._writing() as database:
            self._put(database, (owner, kind, kept_id, now, size, *row), known)
            self._make_room(database, now)

    def find(self, owner: bytes, kind: str, kept_id: str) -> Kept | None:
        """A reply by its id; the newest, where an upstream gives the same id twice."""
        return self._found(_BY_ID, (owner, kind, kept_id))

    def holder(self, owner: bytes, item_id: str) -> Kept | None:
        """The newest reply or request that holds an item of this id."""
        return self._found(_BY_ITEM, (owner, item_id))

    def add(self, owner: bytes, kind: str, kept_id: str, more: list[Any]) -> None:
        """Add to what was asked in one that is kept; nothing where it is gone."""
        now = self._clock()
        with self._writing() as database:
            key = (owner, kind, kept_id)
            told = database.execute(
                "SELECT number, asked, size FROM kept WHERE owner = ? AND kind = ? AND id = ?", key
            ).fetchone()
            if told is None:
                return
            number, asked, size = told
            whole = json.loads(asked)
            whole["input"] = [*whole.get("input", ()), *more]
            ids = _ids(more)
            content = dumps(whole)
            size += len(content) - len(asked) + _FOR_ITEM * len(ids)
            database.execute(
                "UPDATE kept SET asked = ?, size = ?, used = ? WHERE number = ?",
                (content, size, now, number),
            )
            _index(database, owner, ids, number)
            self._make_room(database, now)

    def forget(self, owner: bytes, kind: str, kept_id: str) -> bool:
        """Remove a reply; whether it was there."""
        with self._writing() as database:
            gone = database.execute(
                "DELETE FROM kept WHERE owner = ? AND kind = ? AND id = ? AND used >= ?",
                (owner, kind, kept_id, self._clock() - self._seconds),
            )
            return gone.rowcount > 0

    def close(self) -> None:
        """Close the file, and remove it where it is this history's own."""
        with self._lock:
            self._database.close()
            self._closing.close()

    def _found(self, query: str, values: tuple[Any, ...]) -> Kept | None:
        now = self._clock()
        with self._lock:
            told = self._database.execute(query, (*values, now - self._seconds)).fetchone()
            if told is None:
                return None
            self._database.execute("UPDATE kept SET used = ? WHERE number = ?", (now, told[0]))
        return Kept(told[0], json.loads(told[1]), json.loads(told[2]))

    @staticmethod
    def _put(database: sqlite3.Connection, row: tuple[Any, ...], ids: Collection[str]) -> None:
        put = database.execute(
            "INSERT INTO kept (owner, kind, id, used, size, asked, said) VALUES (?,?,?,?,?,?,?)",
            row,
        )
        _index(database, row[0], ids, put.lastrowid)

    def _make_room(self, database: sqlite3.Connection, now: float) -> None:
        database.execute("DELETE FROM kept WHERE used < ?", (now - self._seconds,))
        while True:
            count, size = database.execute("SELECT count(*), total(size) FROM kept").fetchone()
            if count <= self._most and size <= self._most_bytes:
                return
            database.execute(
                "DELETE FROM kept WHERE number IN "
                "(SELECT number FROM kept ORDER BY used, number LIMIT ?)",
                (max(1, count - self._most),),
            )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")


def _opened(file: Path) -> sqlite3.Connection:
    """The file, for its owner alone; what is deleted is overwritten, and nothing waits for a disk:
    the file does not outlive the server."""
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    database = sqlite3.connect(file, timeout=10, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode = WAL", "synchronous = OFF", "secure_delete = ON"):
        database.execute(f"PRAGMA {pragma}")
    database.executescript(_SCHEMA)
    return database


def _index(
    database: sqlite3.Connection, owner: bytes, ids: Collection[str], number: int | None
) -> None:
    rows = [(owner, item, number) for item in ids]
    database.executemany("INSERT OR IGNORE INTO items (owner, id, kept) VALUES (?, ?, ?)", rows)


def _ids(items: Collection[Any]) -> set[str]:
    """The ids among items."""
    found = (item.get("id") for item in items if isinstance(item, dict))
    return {item for item in found if isinstance(item, str) and len(item) <= LONGEST_ID}
