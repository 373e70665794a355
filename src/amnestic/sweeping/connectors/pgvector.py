"""pgvector, as LangChain's `PGVector` and `PGVectorStore` use it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from amnestic.exceptions import StoreError
from amnestic.sweeping.connectors.base import BaseConnector
from amnestic.sweeping.connectors.embedding import check_embedder, vector_of
from amnestic.sweeping.connectors.sql import PostgresDatabase, shown_url
from amnestic.sweeping.protocol import Connector, Embed, Record, Unread

__all__ = ["PgVectorConnector", "live_pgvector", "open_pgvector"]

_FOUND = 10
_PROBES = 50
_COLLECTIONS, _EMBEDDINGS = "langchain_pg_collection", "langchain_pg_embedding"
_COLUMNS = (
    "SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a "
    "WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped"
)


def open_pgvector(place: str, embed: Embed | None) -> Connector:
    """The collections of `URL`; one of them, or a table of vectors, with `#NAME`."""
    url, _, name = place.partition("#")
    address = f"pgvector:{shown_url(url)}{f'#{name}' if name else ''}"
    database = PostgresDatabase(url)
    try:
        return PgVectorConnector(database, _table(database, name, address), address, embed)
    except BaseException:
        database.close()
        raise


def live_pgvector(store: Any, address: str, embed: Any) -> Connector:
    """LangChain's live `PGVector`."""
    url = store._engine.url.render_as_string(hide_password=False)
    database = PostgresDatabase(url)
    table = _table(database, store.collection_name, address)
    return PgVectorConnector(database, table, address, embed, may_drop=False)


@dataclass(frozen=True, slots=True)
class _Collection:
    """The key of a record that stands for a collection, or for a table of its own."""

    uuid: Any


@dataclass(frozen=True, slots=True)
class _Table:
    """Where documents stand: the table, its columns, and which of its rows are meant. `beside` are
    further columns of text; `called` is how a row's collection is called, and `collections` are the
    ids of those that are meant, of a table that holds several."""

    name: str
    id: str
    document: str
    vector: str
    metadata: str | None
    beside: tuple[str, ...] = ()
    where: str = "TRUE"
    values: tuple[Any, ...] = ()
    called: str = "''"
    collections: tuple[Any, ...] = ()

    def select(self, rest: str) -> str:
        """A query for whole records, each with the name of its collection."""
        told = [self.id, self.document, self.metadata or "NULL", self.called, *self.beside]
        return f"SELECT {', '.join(told)} FROM {self.name} WHERE {self.where} {rest}"  # noqa: S608 - names that the database has, quoted


class PgVectorConnector(BaseConnector):
    """A table of documents with vectors.

    Args:
        database: where it is.
        table: which it is.
        address: what names it.
        embed: makes vectors of texts; without it what would be rewritten is removed.
        may_drop: whether a collection may go as a whole, which a live store would miss.
    """

    def __init__(
        self,
        database: PostgresDatabase,
        table: _Table,
        address: str,
        embed: Any,
        *,
        may_drop: bool = True,
    ) -> None:
        super().__init__()
        self._may_drop = may_drop
        self.address = address
        self._database = database
        self._table = table
        self._embed = embed
        self._checked = False
        self._probes: list[str] = []

    def locked(self) -> AbstractContextManager[object]:
        """The database, for one sweep."""
        return self._database.locked(self.address)

    def changing(self) -> AbstractContextManager[object]:
        """A transaction."""
        return self._database.changing()

    def close(self) -> None:
        """Close what was opened."""
        self._database.close()

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """Every row."""
        query = self._table.select(f"ORDER BY {self._table.id}")
        yield from map(self._record, self._database.rows(query, self._table.values))
        yield from self._own_records()

    def rewrite(self, record: Record, new: Record) -> bool:
        """Write a row anew; with a new vector where its text is another."""
        if isinstance(record.key, _Collection):
            self._tell(record.key, new.text)
            return True
        changes: dict[str, Any] = {}
        if new.text != record.text:
            if self._embed is None:
                return False
            self._check(self.kept or record)
            self._probe(self._vector(record))
            changes[self._table.document] = new.text
            changes[self._table.vector] = _written(vector_of(self._embed, new.text))
        changes |= self._metadata(new)
        columns = ", ".join(
            f"{name} = ?::vector" if name == self._table.vector else f"{name} = ?"
            for name in changes
        )
        query = f"UPDATE {self._table.name} SET {columns} WHERE {self._table.id} = ?"  # noqa: S608 - names that the database has, quoted
        self._database.run(query, [*changes.values(), record.key])
        return True

    def delete(self, record: Record) -> None:
        """Delete a row; a collection itself where nothing is left in it, else what it says of
        itself."""
        if isinstance(record.key, _Collection):
            self._delete_collection(record, record.key)
            return
        self._probe(self._vector(record))
        query = f"DELETE FROM {self._table.name} WHERE {self._table.id} = ?"  # noqa: S608 - names that the database has, quoted
        self._database.run(query, [record.key])

    def search(self, query: str) -> list[Record] | None:
        """What holds the words of a question, what lies nearest to it, and, once, to the vectors
        that went."""
        table, found = self._table, list[Record]()
        like = f"AND {table.document} ILIKE ? LIMIT {_FOUND}"
        found += self._found(table.select(like), f"%{_escaped(query)}%")
        asked, self._probes = self._probes, []
        if self._embed is not None:
            asked = [*asked, _written(vector_of(self._embed, query))]
        for vector in asked:
            nearest = f"ORDER BY {table.vector} <=> ?::vector LIMIT {_FOUND}"
            found += self._found(table.select(nearest), vector)
        return found

    def _found(self, query: str, value: Any) -> Iterator[Record]:
        yield from map(self._record, self._database.rows(query, [*self._table.values, value]))

    def _record(self, row: Sequence[Any]) -> Record:
        name, text, metadata, called, *beside = row
        told = json.loads(metadata) if isinstance(metadata, str) else dict(metadata or {})
        more = dict(zip(self._table.beside, beside, strict=True))
        told |= {key: value for key, value in more.items() if value is not None}
        return Record(f"{called}/{name}", text or "", told, name)

    def _own_records(self) -> Iterator[Record]:
        """What the collections, or the table, are called and say of themselves."""
        if not self._table.collections:
            yield Record(self._table.name.replace('"', ""), "", {}, _Collection(None))
            return
        query = f"SELECT uuid, name, cmetadata FROM {_COLLECTIONS} WHERE uuid = ANY(?)"  # noqa: S608 - names that the database has, quoted
        for uuid, name, told in self._database.rows(query, [list(self._table.collections)]):
            yield Record(name, dict(told or {}), {}, _Collection(uuid))

    def _tell(self, collection: _Collection, told: Any) -> None:
        from psycopg.types.json import Jsonb

        query = f"UPDATE {_COLLECTIONS} SET cmetadata = ? WHERE uuid = ?"  # noqa: S608 - names that the database has, quoted
        self._database.run(query, [Jsonb(told), collection.uuid])

    def _delete_collection(self, record: Record, collection: _Collection) -> None:
        self.undone.discard(record.id)
        rows = f"SELECT 1 FROM {_EMBEDDINGS} WHERE collection_id = ? LIMIT 1"  # noqa: S608 - names that the database has, quoted
        held = collection.uuid is None or list(self._database.rows(rows, [collection.uuid]))
        if self._may_drop and not held:
            query = f"DELETE FROM {_COLLECTIONS} WHERE uuid = ?"  # noqa: S608 - names that the database has, quoted
            self._database.run(query, [collection.uuid])
        elif record.text:
            self._tell(collection, {})
        else:
            self.undone.add(record.id)

    def _metadata(self, new: Record) -> dict[str, Any]:
        from psycopg.types.json import Jsonb

        beside = {name: new.metadata.get(name) for name in self._table.beside}
        rest = {k: v for k, v in new.metadata.items() if k not in beside}
        if self._table.metadata is None:
            return beside
        return {**beside, self._table.metadata: Jsonb(rest)}

    def _vector(self, record: Record) -> str:
        query = f"SELECT {self._table.vector}::text FROM {self._table.name} "  # noqa: S608 - names that the database has, quoted
        rows = list(self._database.rows(f"{query} WHERE {self._table.id} = ?", [record.key]))
        return str(rows[0][0])

    def _check(self, record: Record) -> None:
        if not self._checked:
            vector = json.loads(self._vector(record))
            check_embedder(self._embed, record.text, vector, self.address)
            self._checked = True

    def _probe(self, vector: str) -> None:
        if len(self._probes) < _PROBES:
            self._probes.append(vector)


def _table(database: PostgresDatabase, name: str, address: str) -> _Table:
    """The table that a name means: that of all collections, or one of its own."""
    if _EMBEDDINGS in database.tables():
        query = f"SELECT uuid, name FROM {_COLLECTIONS}"  # noqa: S608 - names that the database has, quoted
        there = {told: uuid for uuid, told in database.rows(query)}
        plain = _Table(
            *(_EMBEDDINGS, "id", "document", "embedding", "cmetadata"),
            called=f"(SELECT name FROM {_COLLECTIONS} WHERE uuid = collection_id)",  # noqa: S608 - names that the database has, quoted
            collections=tuple(there.values()),
        )
        if not name:
            return plain
        if name in there:
            own = (there[name],)
            return replace(plain, where="collection_id = ?", values=own, collections=own)
    quoted = ".".join(f'"{part}"' for part in name.replace('"', "").split("."))
    columns = dict(database.rows(_COLUMNS, [quoted])) if name else {}
    vectors = [column for column, kind in columns.items() if kind in ("vector", "halfvec")]
    if len(vectors) != 1 or not {"langchain_id", "content"} <= set(columns):
        raise StoreError(f"`{address}` holds no collection of LangChain's of that name")
    own = ("langchain_id", "content", *vectors, "langchain_metadata")
    texts = [c for c, kind in columns.items() if c not in own and kind in _TEXT_KINDS]
    metadata = "langchain_metadata" if "langchain_metadata" in columns else None
    called = "'" + name.replace("'", "''") + "'"
    return _Table(
        *(quoted, "langchain_id", "content", vectors[0], metadata, tuple(texts)), called=called
    )


_TEXT_KINDS = ("text", "character varying", "character")


def _written(vector: Any) -> str:
    return json.dumps([float(n) for n in vector])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
