"""mem0: its memories, the entities that it has drawn from them, and the history in which what was
deleted goes on standing."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from amnestic.exceptions import StoreError
from amnestic.sweeping.connectors.base import BaseConnector, alone_with
from amnestic.sweeping.connectors.needs import needs
from amnestic.sweeping.connectors.sql import SqliteDatabase
from amnestic.sweeping.protocol import Connector, Embed, Record, Unread

__all__ = ["Mem0Connector", "connector_for", "open_mem0"]

_ALL = 1_000_000
_FOUND = 10
_FRAME = ("hash", "created_at", "updated_at", "text_lemmatized", "linked_memory_ids")
_TABLES = {
    "history": ("old_memory", "new_memory", "actor_id"),
    "messages": ("role", "content", "name", "session_scope"),
}


def open_mem0(place: str, embed: Embed | None) -> Connector:
    """The memory that a file of mem0's configuration, in JSON, tells of."""
    needs("mem0", "mem0", "mem0ai")
    try:
        told = json.loads(Path(place).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(
            f"`{place}` is no configuration in JSON ({type(error).__name__})"
        ) from None
    os.environ.setdefault("MEM0_TELEMETRY", "False")
    from mem0 import Memory

    try:
        memory = Memory.from_config(told)
    except Exception as error:  # noqa: BLE001 - the stores and models behind it raise anything
        raise StoreError(
            f"`mem0:{place}` cannot be opened ({type(error).__name__}): give the live `Memory`"
        ) from None
    return Mem0Connector(memory, f"mem0:{place}", is_own=True)


def connector_for(store: Any, embed: Embed | None) -> Connector | None:
    """The connector of a live `Memory` of mem0; `None` for what is none."""
    if not type(store).__module__.startswith("mem0.") or type(store).__name__ != "Memory":
        return None
    return Mem0Connector(store, "live:Memory")


class Mem0Connector(BaseConnector):
    """A `Memory` of mem0. It is not changed by its own `delete` and `update`, which write what they
    take away into the history.

    Args:
        memory: the live memory.
        address: what names it.
        is_own: whether it was opened here.
    """

    at_once = 1

    def __init__(self, memory: Any, address: str, *, is_own: bool = False) -> None:
        super().__init__()
        self.address = address
        self._memory = memory
        self._is_own = is_own
        connection = getattr(memory.db, "connection", None)
        self._history = SqliteDatabase(None, connection) if connection is not None else None

    def locked(self) -> AbstractContextManager[object]:
        """The object, for one sweep of this process."""
        return alone_with(self._memory, self.address)

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """Every memory, every entity, and every line of the history and of the last messages."""
        for part, store in self._stores():
            for row in _listed(store.list(top_k=_ALL)):
                yield _record(part, store, row)
        if self._history is None:
            return
        there = self._history.tables()
        for table, columns in _TABLES.items():
            if table not in there:
                continue
            query = f"SELECT id, {', '.join(columns)} FROM {table} ORDER BY id"  # noqa: S608 - names of our own
            for name, *told in self._history.rows(query):
                values = dict(zip(columns, told, strict=True))
                text = {k: v for k, v in values.items() if v is not None}
                yield Record(f"{table}/{name}", text, {}, (table, name, None))

    def changing(self) -> AbstractContextManager[object]:
        """A transaction of the history, where there is one."""
        return super().changing() if self._history is None else self._history.changing()

    def rewrite(self, record: Record, new: Record) -> bool:
        """Put what may stay in a record's place; a memory gets a new vector."""
        part, name, payload = record.key
        if part in _TABLES:
            self._rewrite_line(part, name, new.text)
            return True
        store = dict(self._stores())[part]
        told = {**{k: v for k, v in payload.items() if k in _FRAME}, **new.text}
        data = str(told.get("data") or "")
        given: dict[str, Any] = {"vector_id": name, "payload": told}
        if data != payload.get("data"):
            if not data.strip():
                return False
            told |= _derived(data, payload)
            given["vector"] = self._memory.embedding_model.embed(data, "update")
        store.update(**given)
        return True

    def delete(self, record: Record) -> None:
        """Delete a record."""
        part, name, _ = record.key
        if part not in _TABLES:
            dict(self._stores())[part].delete(vector_id=name)
        elif self._history is not None:
            self._history.run(f"DELETE FROM {part} WHERE id = ?", [name])  # noqa: S608 - names of our own

    def search(self, query: str) -> list[Record] | None:
        """What the memory's own index finds."""
        vector = self._memory.embedding_model.embed(query, "search")
        return [
            _record(part, store, row)
            for part, store in self._stores()
            for row in _listed(store.search(query, vectors=vector, top_k=_FOUND))
        ]

    def settle(self) -> None:
        """Write the history anew, so that nothing is left in freed pages."""
        if self._history is not None:
            self._history.settle()

    def close(self) -> None:
        """Close the memory, where it was opened here."""
        if self._is_own:
            client = getattr(self._memory.vector_store, "client", None)
            self._memory.close()
            if client is not None and hasattr(client, "close"):
                client.close()

    def _stores(self) -> list[tuple[str, Any]]:
        """The store of memories, and that of entities where there is one already."""
        memory = self._memory
        stores = [("memory", memory.vector_store)]
        name = f"{memory.collection_name}_entities"
        if memory._entity_store is not None or f"'{name}'" in str(memory.vector_store.list_cols()):
            stores.append(("entity", memory.entity_store))
        return stores

    def _rewrite_line(self, table: str, name: str, text: Any) -> None:
        if self._history is None:
            return
        columns = ", ".join(f"{column} = ?" for column in text)
        query = f"UPDATE {table} SET {columns} WHERE id = ?"  # noqa: S608 - columns of our own
        self._history.run(query, [*text.values(), name])


def _derived(data: str, payload: Any) -> dict[str, Any]:
    """What mem0 makes of a memory's text, beside its vector."""
    told: dict[str, Any] = {}
    if "hash" in payload:
        told["hash"] = hashlib.md5(data.encode(), usedforsecurity=False).hexdigest()
    if "text_lemmatized" in payload:
        from mem0.utils.lemmatization import lemmatize_for_bm25

        told["text_lemmatized"] = lemmatize_for_bm25(data)
    return told


def _record(part: str, store: Any, row: Any) -> Record:
    payload = dict(row.payload or {})
    text = {k: v for k, v in payload.items() if k not in _FRAME}
    return Record(f"{part}/{row.id}", text, {}, (part, row.id, payload))


def _listed(found: Any) -> list[Any]:
    """The rows that a store gives, which some of them put into a list or a pair."""
    if isinstance(found, tuple | list) and found and isinstance(found[0], list):
        return list(found[0])
    return list(found) if isinstance(found, tuple | list) else []
