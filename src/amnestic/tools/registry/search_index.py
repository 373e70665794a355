"""Finding targets by a part of a name without reading all of them.

SQLite keeps an index of every three letters that follow each other (FTS5), PostgreSQL one of its
own (pg_trgm) that it uses by itself. Both go with the change of a target, in its transaction. Where
there is none, or of fewer than three letters, all rows are read.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, column, literal_column, select, table, text

from amnestic.tools.registry import schema as schema

__all__ = ["escaped", "indexed", "standing_in", "without_traces"]

LEAST = 3
"""Letters of which an index knows where they stand."""

_NAME = "target_search"
_INDEX = table(_NAME, column("rowid"))
_IS_KEPT = text("SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = 'target_search_put'")

_REBUILD = text("INSERT INTO target_search(target_search) VALUES ('rebuild')")


def indexed(connection: Connection) -> bool:
    """Whether there is an index that has to be asked."""
    return connection.dialect.name == "sqlite" and connection.scalar(_IS_KEPT) is not None


def standing_in(words: str, *, by_index: bool) -> Any:
    """The condition under which `words` stand, in any case, in what targets are sought by."""
    folded, its = schema.clean(words).casefold(), schema.targets.c
    if not by_index or len(folded) < LEAST:
        asked = by_index or len(folded) >= LEAST
        sought = its.search if asked else its.search.concat("")  # which no index is of
        return sought.like(f"%{escaped(folded)}%", escape="\\")
    quoted = '"' + folded.replace('"', '""') + '"'
    found = select(_INDEX.c.rowid).where(literal_column(_NAME).op("MATCH")(quoted))
    return its.added_revision.in_(found)


def escaped(words: str) -> str:
    """Words as `LIKE` takes them letter for letter, with a backslash as its mark.

    >>> escaped("100 %")
    '100 \\\\%'
    """
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def without_traces(connection: Connection) -> None:
    """Write the index anew, so that nothing is left in it of what was deleted."""
    if indexed(connection):
        connection.execute(_REBUILD)
