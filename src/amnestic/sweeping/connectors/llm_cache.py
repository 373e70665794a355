"""LangChain's cache of a model's answers in SQLite. What tells of a target goes as a whole: a
changed answer would be served as the model's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from amnestic.exceptions import StoreError
from amnestic.sweeping.connectors.in_database import DatabaseConnector
from amnestic.sweeping.connectors.sql import Database, SqliteDatabase
from amnestic.sweeping.protocol import Connector, Embed, Record, Unread

__all__ = ["LlmCache", "open_cache"]

_TABLES = ("full_llm_cache", "full_md5_llm_cache")


def open_cache(place: str, embed: Embed | None) -> Connector:
    """The cache of a SQLite file."""
    return LlmCache(SqliteDatabase(Path(place)), f"llm-cache:{place}")


class LlmCache(DatabaseConnector):
    """The tables of LangChain's `SQLiteCache`, `SQLAlchemyCache` and `SQLAlchemyMd5Cache`.

    Args:
        database: where they are.
        address: what names it.
    """

    can_rewrite = False
    keeps_ids = False

    def __init__(self, database: Database, address: str) -> None:
        super().__init__(database, address)
        there = database.tables()
        self._tables = [name for name in _TABLES if name in there]
        if not self._tables:
            raise StoreError(f"`{address}` holds no cache of LangChain")

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """Every answer with its prompt; no id tells either."""
        for table in self._tables:
            query = f"SELECT rowid, prompt, response FROM {table} ORDER BY rowid"  # noqa: S608 - names of our own
            for row, prompt, response in self._database.rows(query):
                told = {"prompt": _read(prompt), "response": _read(response)}
                yield Record(f"{table}/{row}", told, {}, (table, row))

    def delete(self, record: Record) -> None:
        """Delete an answer."""
        table, row = record.key
        self._database.run(f"DELETE FROM {table} WHERE rowid = ?", [row])  # noqa: S608 - names of our own


def _read(text: str | None) -> Any:
    """What LangChain has written as JSON, read: an escaped line break would stick to a name."""
    try:
        return json.loads(text or "")
    except (ValueError, RecursionError):
        return text or ""
