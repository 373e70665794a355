"""What callers may refer to later: the replies that they were given, and what they had asked.

It is kept in a SQLite file of this server's own, which all its processes share: connections are
dealt out among them, and the request that refers to a reply seldom reaches the process that gave
it. The registry's database would be shared too, but it is the truth about targets: it outlives the
server, is backed up and copied, and would hold every text of every caller.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any, TypeAlias

from amnestic.integrations.openai import Json, dumps
from amnestic.server.history_file import FILE, HOLDER_OF_MOST, opened
from amnestic.server.history_place import private_place
from amnestic.server.settings import ServerSettings

__all__ = ["LONGEST_ID", "UNKNOWN", "History", "Kept", "Marked"]

LONGEST_ID = 200
"""Characters of an id; a reply or an item with a longer one cannot be referred to."""

UNKNOWN = -1
"""The revision of targets that could not be read: all of them came later."""

_FOR_ITEM = 200  # bytes that an item takes in the index
_BY_ID = """SELECT number, asked, said, marks, since FROM kept
  WHERE owner = ? AND kind = ? AND id = ? AND used >= ? ORDER BY number DESC LIMIT {most:d}"""
_BY_ITEM = """SELECT number, asked, said, marks, since FROM kept
  WHERE number = (SELECT max(kept) FROM items WHERE owner = ? AND id = ?) AND used >= ?"""

Marked: TypeAlias = tuple[Any, "int | None"]
"""An item, and the revision of the targets under which a model's own was released."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply as its caller was given it, and the request, with all that this had referred to.
    `since` is the revision of the targets under which it was released; `marks` has that of each
    item of the request that a model had said, and `None` for the caller's own."""

    number: int
    asked: Json = field(repr=False)
    said: Json = field(repr=False)
    marks: list[int | None] = field(default_factory=list)
    since: int = UNKNOWN

    def given(self) -> list[Marked]:
        """What was asked, item by item, each with its mark."""
        given = self.asked.get("input")
        if isinstance(given, str):
            given = [{"type": "message", "role": "user", "content": given}]
        return list(zip_longest(given or (), self.marks))

    def told(self) -> list[Marked]:
        """What was said, item by item."""
        output = self.said.get("output")
        return [(item, self.since) for item in (output if isinstance(output, list) else ())]

    def item(self, item_id: str) -> Marked | None:
        """The item of an id."""
        named = (m for m in (*self.told(), *self.given()) if isinstance(m[0], dict))
        return next((marked for marked in named if marked[0].get("id") == item_id), None)


class History:
    """What is kept, by owner: whoever shows another key sees nothing of it.

    Args:
        place: a folder that only this user may enter; `None` makes one, which `close` removes.
        most: how many replies are kept.
        most_bytes: how many bytes they take in all.
        seconds: how long one is kept after it was used last.
        clock: what time it is, in seconds.

    Where one of the bounds is reached, the least used go first of that kind, and of that owner,
    that takes most of it: nobody pushes out what another has within a fair share.
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
        self._database = opened(folder / FILE)

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
        marks: Sequence[int | None] = (),
        since: int = UNKNOWN,
    ) -> None:
        """Keep a reply; the items of `named` can be referred to by their ids. One that is larger
        than all that may be kept is not."""
        known = _ids(named)
        row = (dumps(asked), dumps(said), dumps(list(marks)))
        size = sum(map(len, row)) + _FOR_ITEM * (1 + len(known))
        if size > self._most_bytes or len(kept_id) > LONGEST_ID:
            return
        now = self._clock()
        with self._writing() as database:
            self._put(database, (owner, kind, kept_id, now, size, *row, since), known)
            self._make_room(database, now)

    def find(self, owner: bytes, kind: str, kept_id: str) -> Kept | None:
        """A reply by its id; the newest, where an upstream gives the same id twice."""
        return next(iter(self.all(owner, kind, kept_id, 1)), None)

    def all(self, owner: bytes, kind: str, kept_id: str, most: int) -> list[Kept]:
        """All that is kept under an id, the newest `most`."""
        return self._found(_BY_ID.format(most=most), (owner, kind, kept_id))

    def holder(self, owner: bytes, item_id: str) -> Kept | None:
        """The newest reply or request that holds an item of this id."""
        return next(iter(self._found(_BY_ITEM, (owner, item_id))), None)

    def add(self, owner: bytes, kind: str, kept_id: str, more: Sequence[Marked]) -> None:
        """Add to what was asked in one that is kept; nothing where it is gone."""
        now = self._clock()
        with self._writing() as database:
            key = (owner, kind, kept_id)
            told = database.execute(
                "SELECT number, asked, marks, size FROM kept "
                "WHERE owner = ? AND kind = ? AND id = ?",
                key,
            ).fetchone()
            if told is None:
                return
            number, asked, marks, size = told
            whole, items = json.loads(asked), [item for item, _ in more]
            whole["input"] = [*whole.get("input", ()), *items]
            marked = [*json.loads(marks), *(mark for _, mark in more)]
            ids, row = _ids(items), (dumps(whole), dumps(marked))
            size += sum(map(len, row)) - len(asked) - len(marks) + _FOR_ITEM * len(ids)
            database.execute(
                "UPDATE kept SET asked = ?, marks = ?, size = ?, used = ? WHERE number = ?",
                (*row, size, now, number),
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

    def see(self, owner: bytes) -> None:
        """Remember for good that an owner has been seen."""
        if not self.has_seen(owner):
            with self._writing() as database:
                database.execute("INSERT OR IGNORE INTO seen VALUES (?)", (owner,))

    def has_seen(self, owner: bytes) -> bool:
        """Whether an owner has been seen."""
        with self._lock:
            told = self._database.execute("SELECT 1 FROM seen WHERE owner = ?", (owner,))
            return told.fetchone() is not None

    def close(self) -> None:
        """Close the file, and remove it where it is this history's own."""
        with self._lock:
            self._database.close()
            self._closing.close()

    def _found(self, query: str, values: tuple[Any, ...]) -> list[Kept]:
        now = self._clock()
        with self._lock:
            told = self._database.execute(query, (*values, now - self._seconds)).fetchall()
            used = [(now, row[0]) for row in told]
            self._database.executemany("UPDATE kept SET used = ? WHERE number = ?", used)
        return [
            Kept(number, json.loads(asked), json.loads(said), json.loads(marks), since)
            for number, asked, said, marks, since in told
        ]

    @staticmethod
    def _put(database: sqlite3.Connection, row: tuple[Any, ...], ids: Collection[str]) -> None:
        put = database.execute(
            "INSERT INTO kept (owner, kind, id, used, size, asked, said, marks, since) "
            "VALUES (?,?,?,?,?,?,?,?,?)",
            row,
        )
        _index(database, row[0], ids, put.lastrowid)

    def _make_room(self, database: sqlite3.Connection, now: float) -> None:
        database.execute("DELETE FROM kept WHERE used < ?", (now - self._seconds,))
        while measure := self._exceeded(database):
            holder = database.execute(HOLDER_OF_MOST[measure]).fetchone()
            database.execute(
                "DELETE FROM kept WHERE number = (SELECT number FROM kept "
                "WHERE owner = ? AND kind = ? ORDER BY used, number LIMIT 1)",
                holder,
            )

    def _exceeded(self, database: sqlite3.Connection) -> str | None:
        """Which of the bounds is exceeded."""
        totals = database.execute("SELECT total(count), total(size) FROM kinds").fetchone()
        bounds = (("count", self._most), ("size", self._most_bytes))
        over = (name for (name, most), held in zip(bounds, totals, strict=True) if held > most)
        return next(over, None)

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


def _index(
    database: sqlite3.Connection, owner: bytes, ids: Collection[str], number: int | None
) -> None:
    rows = [(owner, item, number) for item in ids]
    database.executemany("INSERT OR IGNORE INTO items (owner, id, kept) VALUES (?, ?, ?)", rows)


def _ids(items: Collection[Any]) -> set[str]:
    """The ids among items."""
    found = (item.get("id") for item in items if isinstance(item, dict))
    return {item for item in found if isinstance(item, str) and len(item) <= LONGEST_ID}
