"""Live checkpointers, stores and caches of LangGraph and LangChain."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from amnestic.exceptions import StoreError
from amnestic.sweeping.connectors.checkpoints import CheckpointConnector
from amnestic.sweeping.connectors.checkpoints_in_memory import CheckpointsInMemory
from amnestic.sweeping.connectors.kept_items import LiveItems
from amnestic.sweeping.connectors.llm_cache import LlmCache
from amnestic.sweeping.connectors.packed import Packing
from amnestic.sweeping.connectors.sql import PostgresDatabase, SqliteDatabase
from amnestic.sweeping.protocol import Connector, Embed

__all__ = ["connector_for"]


def connector_for(store: Any, embed: Embed | None) -> Connector | None:
    """The connector of a checkpointer, a store or a cache; `None` for what is none of them. Raises
    `StoreError` for one that cannot be read from here."""
    from langchain_core.caches import BaseCache
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.checkpoint.memory import InMemorySaver
    from langgraph.store.base import BaseStore

    address = f"live:{type(store).__name__}"
    if isinstance(store, InMemorySaver):
        return CheckpointsInMemory(store, address)
    if isinstance(store, BaseCheckpointSaver):
        return _saver(store, address)
    if isinstance(store, BaseStore):
        if type(store).__name__.startswith("Async"):
            raise _asynchronous(address)
        return LiveItems(store, address)
    if isinstance(store, BaseCache):
        return _cache(store, address)
    return None


def _saver(saver: Any, address: str) -> Connector:
    connection, packing = getattr(saver, "conn", None), Packing(saver.serde)
    if isinstance(connection, sqlite3.Connection):
        return CheckpointConnector(SqliteDatabase(None, connection), address, packing)
    if hasattr(connection, "transaction") and not type(connection).__name__.startswith("Async"):
        return CheckpointConnector(PostgresDatabase("", connection), address, packing)
    raise _asynchronous(address)


def _cache(cache: Any, address: str) -> Connector:
    engine = getattr(cache, "engine", None)
    if engine is None or engine.dialect.name != "sqlite" or not engine.url.database:
        raise StoreError(f"`{address}` is no cache in a SQLite file, and is not read")
    return LlmCache(SqliteDatabase(Path(engine.url.database)), address)


def _asynchronous(address: str) -> StoreError:
    return StoreError(
        f"`{address}` cannot be swept while it is live: give the address of its database, as "
        "`langgraph-sqlite:FILE` or `store-postgres:URL`"
    )
