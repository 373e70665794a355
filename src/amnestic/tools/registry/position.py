"""Where in which history a registry stands: what tells a backup from what came after it.

The number of the last change alone does not: a backup that is put back goes on counting from where
it was made, and reaches the same number with other changes. The hash of the trail's last line holds
all lines before it, so that two histories that have parted never have it in common again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, bindparam, select

from amnestic.tools.registry import schema as schema
from amnestic.tools.registry.database import FileId

__all__ = ["NOW", "Position", "follows", "position_in", "position_of", "since"]


@dataclass(frozen=True, slots=True)
class Position:
    """A moment in the history of one registry.

    Attributes:
        origin: which registry it is: made of what it drew at random when it was made.
        revision: the number of the last change.
        chain: the hash of the trail's last line; empty before the first.
        file: which file it was read from, where it was one.
    """

    origin: str
    revision: int
    chain: str
    file: FileId | None = None

    def anywhere(self) -> Position:
        """The same, whatever file it was read from.

        >>> Position("3f", 7, "a1", (1, 2)).anywhere() == Position("3f", 7, "a1")
        True
        """
        return replace(self, file=None)

    def __str__(self) -> str:
        """What stands for it where answers are kept.

        >>> str(Position("3f", 7, "a1", (1, 2)))
        '3f:7:a1'
        """
        return f"{self.origin}:{self.revision}:{self.chain}"


_clock, _trail = schema.clock, schema.trail
NOW = select(_clock.c.revision, _clock.c.salt, _trail.c.chain).select_from(
    _clock.outerjoin(_trail, _trail.c.revision == _clock.c.revision)
)
"""Asks where the registry stands."""

_LINE = select(_trail.c.chain).where(_trail.c.revision == bindparam("known")).scalar_subquery()
_SINCE = NOW.add_columns(_LINE)


def position_of(connection: Connection, file: FileId | None = None) -> Position:
    """Where the registry stands."""
    return position_in(connection.execute(NOW).one(), file)


def position_in(row: Sequence[Any], file: FileId | None = None) -> Position:
    """What was answered to `NOW`."""
    revision, salt, chain = row
    return Position(_origin(salt), revision, chain or "", file)


def follows(connection: Connection, known: Position) -> bool:
    """Whether the registry has come from `known` to where it stands, by changes alone."""
    return since(connection, known)[1]


def since(
    connection: Connection, known: Position, file: FileId | None = None
) -> tuple[Position, bool]:
    """Where the registry stands, and whether it has come there from `known` by changes alone."""
    *row, line = connection.execute(_SINCE, {"known": known.revision}).one()
    now = position_in(row, file)
    is_later = now.origin == known.origin and now.revision >= known.revision
    return now, is_later and (line or "") == known.chain


def _origin(salt: str) -> str:
    return blake2b(str(salt).encode(), digest_size=8).hexdigest()
