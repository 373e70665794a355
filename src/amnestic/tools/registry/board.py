"""What the processes of all replicas tell each other for a while: who has logged out, how far a
work has come. It is no part of the registry's truth: it is put back with no backup, and the trail
tells nothing of it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from amnestic.tools.registry.database import Database
from amnestic.tools.registry.database_clock import now_of
from amnestic.tools.registry.shared_tables import board

__all__ = ["Board", "Note", "drop_notes_about"]


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody has told, and how many seconds ago by the database's clock."""

    told: bytes
    age: float


class Board:
    """The notes of one registry, each of a kind, with an id of its own.

    >>> import tempfile
    >>> from amnestic.tools.registry import Registry
    >>> with tempfile.TemporaryDirectory() as folder, Registry.open(f"{folder}/r.db") as registry:
    ...     registry.board.put("work", "w-1", b"half done", lasting=60.0)
    ...     registry.board.get("work", "w-1").told, registry.board.get("work", "w-2")
    (b'half done', None)
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, kind: str, note_id: str, told: bytes, *, lasting: float, about: str = "") -> None:
        """Tell something, in the place of what was told before under its id, for so many seconds.
        What has ended is removed. Raises `RegistryError`."""
        with self._database.connect(writing=True) as connection, connection.begin():
            now = float(connection.scalar(select(now_of(connection.dialect.name))) or 0)
            its = board.c
            connection.execute(
                board.delete().where((its.ends < now) | ((its.kind == kind) & (its.id == note_id)))
            )
            row = {"kind": kind, "id": note_id, "about": about, "at": now, "ends": now + lasting}
            with suppress(IntegrityError), connection.begin_nested():  # who was quicker says it
                connection.execute(board.insert().values(**row, told=told))

    def get(self, kind: str, note_id: str) -> Note | None:
        """What was told under an id, if it still counts. Raises `RegistryError`."""
        with self._database.connect() as connection:
            query = _query(connection.dialect.name)
            row = connection.execute(query, {"kind": kind, "id": note_id}).one_or_none()
        if row is None or row.now > row.ends:
            return None
        return Note(bytes(row.told), max(0.0, row.now - row.at))

    def ids(self, kind: str) -> list[str]:
        """The ids of what was told of a kind and still counts. Raises `RegistryError`."""
        with self._database.connect() as connection:
            its, now = board.c, now_of(connection.dialect.name)
            query = select(its.id).where(its.kind == kind, its.ends >= now).order_by(its.id)
            return list(connection.scalars(query))


def drop_notes_about(connection: Connection, target_id: str) -> None:
    """Delete what is told of a target, and of files, which may tell of any."""
    connection.execute(board.delete().where(board.c.about.in_((target_id, "*"))))


@cache
def _query(dialect: str) -> Any:
    """Made once: making it takes longer than the database's answer."""
    its, now = board.c, now_of(dialect).label("now")
    return select(its.told, its.at, its.ends, now).where(
        its.kind == bindparam("kind"), its.id == bindparam("id")
    )
