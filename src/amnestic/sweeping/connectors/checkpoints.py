"""LangGraph's checkpoints: in SQLite and PostgreSQL, by address or by the live checkpointer.

A row is a record. It is rewritten and not removed, since its thread goes on from it; only of a
thread that is named by a target all rows go.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amnestic.exceptions import StoreError
from amnestic.sweeping.connectors.in_database import DatabaseConnector
from amnestic.sweeping.connectors.packed import Packing, Unreadable
from amnestic.sweeping.connectors.sql import (
    Database,
    PostgresDatabase,
    SqliteDatabase,
    shown_url,
)
from amnestic.sweeping.protocol import Connector, Embed, Record, Unread

__all__ = ["CheckpointConnector", "open_postgres", "open_sqlite"]

_POINT = ("thread_id", "checkpoint_ns", "checkpoint_id")
_FRAME = ("source", "step", "parents", "thread_id", "checkpoint_ns", "checkpoint_id", "run_id")
_VALUES = "channel_values"


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of values: the columns that name a row, and where its value, the value's type, the
    channel that it is of and its metadata stand. Without a type the value is JSON."""

    name: str
    keys: tuple[str, ...]
    value: str
    kind: str | None
    channel: str | None = None
    metadata: str | None = None

    def query(self) -> str:
        """What reads every row, in an order that stays."""
        columns = [*self.keys, self.value, self.kind, self.channel, self.metadata]
        return (
            f"SELECT {', '.join(c or 'NULL' for c in columns)} "  # noqa: S608 - names of our own
            f"FROM {self.name} ORDER BY {', '.join(self.keys)}"
        )

    def where(self) -> str:
        """What finds one row."""
        return " AND ".join(f"{key} = ?" for key in self.keys)


_SQLITE = (
    _Table("checkpoints", _POINT, "checkpoint", "type", metadata="metadata"),
    _Table("writes", (*_POINT, "task_id", "idx"), "value", "type", "channel"),
)
_POSTGRES = (
    _Table("checkpoints", _POINT, "checkpoint", None, metadata="metadata"),
    _Table(
        "checkpoint_blobs",
        ("thread_id", "checkpoint_ns", "channel", "version"),
        "blob",
        "type",
        "channel",
    ),
    _Table("checkpoint_writes", (*_POINT, "task_id", "idx"), "blob", "type", "channel"),
)


def open_sqlite(place: str, embed: Embed | None) -> Connector:
    """The checkpoints of a SQLite file."""
    database = SqliteDatabase(Path(place))
    return CheckpointConnector(database, f"langgraph-sqlite:{place}", Packing.of_environment())


def open_postgres(place: str, embed: Embed | None) -> Connector:
    """The checkpoints of a PostgreSQL database."""
    address = f"langgraph-postgres:{shown_url(place)}"
    return CheckpointConnector(PostgresDatabase(place), address, Packing.of_environment())


@dataclass(frozen=True, slots=True)
class _Row:
    """What a record is written back by."""

    table: _Table
    keys: tuple[Any, ...]
    kind: str | None
    node: Any
    whole: Any
    metadata: Any


class CheckpointConnector(DatabaseConnector):
    """Checkpoints in the tables of a database.

    Args:
        database: where they are.
        address: what names it.
        packing: reads values.
    """

    can_delete = False

    def __init__(self, database: Database, address: str, packing: Packing) -> None:
        super().__init__(database, address)
        self._packing = packing
        is_sqlite = isinstance(database, SqliteDatabase)
        there = database.tables()
        every = _SQLITE if is_sqlite else _POSTGRES
        if every[0].name not in there:
            raise StoreError(f"`{address}` holds no checkpoints of LangGraph")
        self._tables = [table for table in every if table.name in there]
        self._is_sqlite = is_sqlite

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """Every row of every table."""
        for table in self._tables:
            width = len(table.keys)
            for row in self._database.rows(table.query()):
                keys, (value, kind, channel, metadata) = row[:width], row[width:]
                name = "/".join(str(key) for key in keys if key not in ("", None))
                try:
                    yield self._record(table, name, keys, value, kind, channel, metadata)
                except Unreadable as error:
                    yield Unread(name, str(error))

    def rewrite(self, record: Record, new: Record) -> bool:
        """Write a row's value anew, as it was but for what changes."""
        row: _Row = record.key
        table = row.table
        changes: dict[str, Any] = {}
        if new.text != record.text:
            changes |= self._written(row, new.text)
        if table.metadata and new.metadata != record.metadata:
            told = {**{k: v for k, v in row.metadata.items() if k in _FRAME}, **new.metadata}
            changes[table.metadata] = self._as_json(told, as_bytes=True)
        if changes:
            columns = ", ".join(f"{name} = ?" for name in changes)
            query = f"UPDATE {table.name} SET {columns} WHERE {table.where()}"  # noqa: S608 - names of our own
            self._database.run(query, [*changes.values(), *row.keys])
        return True

    def delete(self, record: Record) -> None:
        """Delete a row."""
        row: _Row = record.key
        query = f"DELETE FROM {row.table.name} WHERE {row.table.where()}"  # noqa: S608 - names of our own
        self._database.run(query, row.keys)

    def _record(
        self,
        table: _Table,
        name: str,
        keys: tuple[Any, ...],
        value: Any,
        kind: str | None,
        channel: str | None,
        metadata: Any,
    ) -> Record:
        if table.kind is None:
            plain = whole = _from_json(value)
        else:
            plain, whole = self._packing.read(kind, bytes(value or b""))
        beside = _from_json(metadata) if metadata is not None else {}
        text = {channel: plain} if channel else plain
        if channel is None:
            text = plain.get(_VALUES, {}) if isinstance(plain, Mapping) else plain
        told = {k: v for k, v in beside.items() if k not in _FRAME}
        return Record(name, text, told, _Row(table, keys, kind, whole, plain, beside))

    def _written(self, row: _Row, text: Any) -> dict[str, Any]:
        """The columns of a row whose value says something else."""
        table = row.table
        plain = next(iter(text.values())) if table.channel else {**row.whole, _VALUES: text}
        if table.kind is None:
            return {table.value: self._as_json(plain, as_bytes=False)}
        kind, raw = self._packing.written(row.kind, row.node, plain)
        return {table.value: raw, table.kind: kind}

    def _as_json(self, value: Any, *, as_bytes: bool) -> Any:
        if not self._is_sqlite:
            from psycopg.types.json import Jsonb

            return Jsonb(value)
        told = json.dumps(value, ensure_ascii=False)
        return told.encode("utf-8", "replace") if as_bytes else told


def _from_json(value: Any) -> Any:
    if not isinstance(value, str | bytes):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise Unreadable("it is no JSON") from None
