"""LangGraph's long-term stores: items by namespace and key, in SQLite and PostgreSQL, and live."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from amnestic.exceptions import StoreError
from amnestic.sweeping.connectors.base import BaseConnector, alone_with
from amnestic.sweeping.connectors.in_database import DatabaseConnector
from amnestic.sweeping.connectors.json_text import json_with
from amnestic.sweeping.connectors.sql import (
    Database,
    PostgresDatabase,
    SqliteDatabase,
    shown_url,
)
from amnestic.sweeping.protocol import Connector, Embed, Record, Unread

__all__ = ["LiveItems", "StoredItems", "open_postgres", "open_sqlite"]

_PAGE = 200
_FOUND = 10
_VECTORS = "store_vectors"


def open_sqlite(place: str, embed: Embed | None) -> Connector:
    """The store of a SQLite file."""
    return StoredItems(SqliteDatabase(Path(place)), f"store-sqlite:{place}")


def open_postgres(place: str, embed: Embed | None) -> Connector:
    """The store of a PostgreSQL database."""
    return StoredItems(PostgresDatabase(place), f"store-postgres:{shown_url(place)}")


class StoredItems(DatabaseConnector):
    """A store in the tables of a database. An item that is rewritten loses the vectors that were
    made of it: `sweep` of the live store makes new ones.

    Args:
        database: where it is.
        address: what names it.
    """

    def __init__(self, database: Database, address: str) -> None:
        super().__init__(database, address)
        there = database.tables()
        if "store" not in there:
            raise StoreError(f"`{address}` holds no store of LangGraph")
        self._has_vectors = _VECTORS in there

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """Every item."""
        query = "SELECT prefix, key, value FROM store ORDER BY prefix, key"
        for prefix, key, value in self._database.rows(query):
            name = f"{prefix}/{key}"
            try:
                told = json.loads(value) if isinstance(value, str | bytes) else value
            except (ValueError, RecursionError):
                yield Unread(name, "it is no JSON")
                continue
            yield Record(name, told, {}, (prefix, key, value))

    def rewrite(self, record: Record, new: Record) -> bool:
        """Write an item's value anew, and drop its vectors."""
        prefix, key, value = record.key
        told: Any
        if isinstance(value, str | bytes):
            told = json_with(value if isinstance(value, str) else value.decode(), new.text)
        else:
            from psycopg.types.json import Jsonb

            told = Jsonb(new.text)
        query = "UPDATE store SET value = ? WHERE prefix = ? AND key = ?"
        self._database.run(query, [told, prefix, key])
        self._drop_vectors(prefix, key)
        return True

    def delete(self, record: Record) -> None:
        """Delete an item and its vectors."""
        prefix, key, _ = record.key
        self._drop_vectors(prefix, key)
        self._database.run("DELETE FROM store WHERE prefix = ? AND key = ?", [prefix, key])

    def _drop_vectors(self, prefix: str, key: str) -> None:
        if self._has_vectors:
            query = f"DELETE FROM {_VECTORS} WHERE prefix = ? AND key = ?"  # noqa: S608 - names of our own
            self._database.run(query, [prefix, key])


class LiveItems(BaseConnector):
    """Any `BaseStore` of LangGraph, by its own methods: it embeds anew what it has an index of.

    Args:
        store: the live store.
        address: what names it.
    """

    at_once = 1

    def __init__(self, store: Any, address: str) -> None:
        super().__init__()
        self.address = address
        self._store = store

    def locked(self) -> AbstractContextManager[object]:
        """The object, for one sweep of this process."""
        return alone_with(self._store, self.address)

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """Every item, page by page; all are read before any is changed."""
        for start in range(0, 1 << 40, _PAGE):
            page = self._store.search((), limit=_PAGE, offset=start, refresh_ttl=False)
            yield from map(_record, page)
            if len(page) < _PAGE:
                return

    def rewrite(self, record: Record, new: Record) -> bool:
        """Put another value under an item's key."""
        namespace, key = record.key
        self._store.put(namespace, key, new.text)
        return True

    def delete(self, record: Record) -> None:
        """Delete an item."""
        self._store.delete(*record.key)

    def search(self, query: str) -> list[Record] | None:
        """What the store's search finds, which goes by vectors where it has an index of them."""
        found = self._store.search((), query=query, limit=_FOUND, refresh_ttl=False)
        return [_record(item) for item in found]


def _record(item: Any) -> Record:
    name = f"{'.'.join(item.namespace)}/{item.key}"
    return Record(name, item.value, {}, (item.namespace, item.key))
