"""Qdrant: a folder that is used without a server, a server, and LangChain's live store."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from amnestic.exceptions import StoreError
from amnestic.sweeping.connectors.base import BaseConnector, alone_at, alone_with
from amnestic.sweeping.connectors.embedding import vector_of
from amnestic.sweeping.connectors.needs import needs
from amnestic.sweeping.connectors.payloads import embedded_field, payload_of, record_of, strings_of
from amnestic.sweeping.connectors.sql import shown_url, written_anew
from amnestic.sweeping.protocol import Connector, Embed, Record, Unread

__all__ = ["QdrantConnector", "live_qdrant", "open_qdrant"]

_PAGE = 256
_FOUND = 10
_PROBES = 50


def open_qdrant(place: str, embed: Embed | None) -> Connector:
    """The collections of `FOLDER` or of a server's URL (whose key is `QDRANT_API_KEY`); one of them
    with `#COLLECTION`."""
    needs("qdrant", "qdrant_client", "qdrant-client")
    from qdrant_client import QdrantClient

    where, _, collection = place.partition("#")
    end = f"#{collection}" if collection else ""
    if where.startswith(("http://", "https://")):
        key = os.environ.get("QDRANT_API_KEY")
        client = QdrantClient(url=where, api_key=key, check_compatibility=False)
        address, folder = f"qdrant:{shown_url(where)}{end}", None
    else:
        folder = Path(where)
        if not (folder / "meta.json").is_file():
            raise StoreError(f"`{where}` is no folder of Qdrant")
        address = f"qdrant:{place}"
        try:
            client = QdrantClient(path=where)
        except RuntimeError:
            raise StoreError(f"`{address}` is open in another program: end that first") from None
    there = [c.name for c in client.get_collections().collections]
    if collection and collection not in there:
        client.close()
        raise StoreError(f"`{where}` has no collection `{collection}`; it has {', '.join(there)}")
    names = [collection] if collection else there
    return QdrantConnector(client, names, address, embed, folder=folder)


def live_qdrant(store: Any, address: str, embed: Any) -> Connector:
    """LangChain's live store."""
    return QdrantConnector(store.client, [store.collection_name], address, embed, is_own=False)


class QdrantConnector(BaseConnector):
    """Collections of a Qdrant client.

    Args:
        client: reads and writes them.
        collections: their names.
        address: what names them.
        embed: makes vectors of texts; without it what would be rewritten is removed.
        folder: where the client keeps them, where that is on this machine.
        is_own: whether the client was opened here.
    """

    at_once = 1

    def __init__(
        self,
        client: Any,
        collections: list[str],
        address: str,
        embed: Any,
        *,
        folder: Path | None = None,
        is_own: bool = True,
    ) -> None:
        super().__init__()
        self.address = address
        self._client = client
        self._collections = collections
        self._embed = embed
        self._folder = folder
        self._is_own = is_own
        self._probes: list[tuple[str, str | None, Any]] = []
        self._fields: dict[str, str] = {}

    def locked(self) -> AbstractContextManager[object]:
        """The folder, or the client, for one sweep."""
        if self._folder is not None:
            return alone_at(self._folder, self.address)
        return alone_with(self._client, self.address)

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """Every point of every collection, and behind them the collection itself."""
        for collection in list(self._collections):
            offset: Any = None
            while True:
                points, offset = self._client.scroll(collection, limit=_PAGE, offset=offset)
                for point in points:
                    yield self._record(collection, point)
                if offset is None:
                    break
            yield Record(collection, "", {}, (collection, None))

    def rewrite(self, record: Record, new: Record) -> bool:
        """Put another payload under a point; with a new vector where that was made of what goes."""
        collection, name = record.key
        payload = payload_of(new)
        [point] = self._client.retrieve(collection, [name], with_vectors=True)
        which, vector = _dense(point.vector)
        if vector is None and point.vector:
            return False
        if vector is None:
            self._client.overwrite_payload(collection, payload, points=[name])
            return True
        if new.text == record.text:
            self._client.overwrite_payload(collection, payload, points=[name])
            return True
        if self._embed is None:
            return False
        field = self._embedded_field(collection, self.kept or record)
        text = strings_of(new).get(field, "")
        if not text:
            return False
        if text != strings_of(record).get(field):
            self._probe(collection, which, vector)
            vector = [float(n) for n in vector_of(self._embed, text)]
        self._upsert(collection, name, {which: vector} if which else vector, payload)
        return True

    def delete(self, record: Record) -> None:
        """Delete a point, or a collection itself where nothing is left in it."""
        from qdrant_client.models import PointIdsList

        collection, name = record.key
        if name is None:
            self._delete_collection(collection)
            return
        for point in self._client.retrieve(collection, [name], with_vectors=True):
            which, vector = _dense(point.vector)
            if vector is not None:
                self._probe(collection, which, vector)
        self._client.delete(collection, PointIdsList(points=[name]), wait=True)

    def search(self, query: str) -> list[Record] | None:
        """What lies nearest to a question, and, once, to the vectors that went."""
        asked, self._probes = self._probes, []
        if self._embed is not None:
            vector = [float(n) for n in vector_of(self._embed, query)]
            asked = [*asked, *((c, self._which(c), vector) for c in self._collections)]
        if not asked:
            return None
        return [
            self._record(collection, point)
            for collection, which, told in asked
            for point in self._client.query_points(
                collection, query=told, using=which, limit=_FOUND
            ).points
        ]

    def settle(self) -> None:
        """Write the files of a folder anew, so that nothing is left in freed pages."""
        if self._folder is None:
            return
        for collection in self._collections:
            file = self._folder / "collection" / collection / "storage.sqlite"
            if file.is_file():
                connection = sqlite3.connect(file, isolation_level=None, timeout=10)
                try:
                    written_anew(connection)
                finally:
                    connection.close()

    def close(self) -> None:
        """Close the client, where it was opened here."""
        if self._is_own:
            self._client.close()

    def _delete_collection(self, name: str) -> None:
        self.undone.discard(name)
        if not self._is_own or self._client.count(name).count:
            self.undone.add(name)
            return
        self._client.delete_collection(name)
        self._collections.remove(name)
        self._probes = [probe for probe in self._probes if probe[0] != name]

    def _record(self, collection: str, point: Any) -> Record:
        return record_of(f"{collection}/{point.id}", point.payload or {}, (collection, point.id))

    def _embedded_field(self, collection: str, record: Record) -> str:
        """Of which string of a payload a collection's vectors are made, as one of them tells."""
        if collection not in self._fields:
            [point] = self._client.retrieve(record.key[0], [record.key[1]], with_vectors=True)
            _, vector = _dense(point.vector)
            told = embedded_field(record, vector or [], self._embed, self.address)
            self._fields[collection] = told
        return self._fields[collection]

    def _upsert(self, collection: str, name: Any, vector: Any, payload: dict[str, Any]) -> None:
        from qdrant_client.models import PointStruct

        point = PointStruct(id=name, vector=vector, payload=payload)
        self._client.upsert(collection, [point], wait=True)

    def _probe(self, collection: str, which: str | None, vector: Any) -> None:
        if len(self._probes) < _PROBES:
            self._probes.append((collection, which, vector))

    def _which(self, collection: str) -> str | None:
        """The name of a collection's vectors, where they have one."""
        vectors = self._client.get_collection(collection).config.params.vectors
        return next(iter(vectors), None) if isinstance(vectors, dict) else None


def _dense(vector: Any) -> tuple[str | None, Any | None]:
    """A point's vector and its name; `None` for no vector, and for what is more than one."""
    if isinstance(vector, dict):
        if len(vector) == 1:
            [(name, told)] = vector.items()
            return name, told if isinstance(told, list) else None
        return None, None
    return None, vector if isinstance(vector, list) else None
