"""Chroma: a folder that is used without a server, and LangChain's live store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from amnestic.exceptions import StoreError
from amnestic.sweeping.connectors.base import BaseConnector, alone_at, alone_with
from amnestic.sweeping.connectors.chroma_queue import FILE, without_old_entries
from amnestic.sweeping.connectors.embedding import check_embedder, vector_of
from amnestic.sweeping.connectors.needs import needs
from amnestic.sweeping.protocol import Connector, Embed, Record, Unread

__all__ = ["ChromaConnector", "live_chroma", "open_chroma"]

_PAGE = 256
_FOUND = 10
_PROBES = 50
_INDEX = "hnsw:"


def open_chroma(place: str, embed: Embed | None) -> Connector:
    """The collections of `FOLDER`; one of them with `#COLLECTION`."""
    needs("chroma", "chromadb", "chromadb")
    import chromadb

    where, _, collection = place.partition("#")
    if not (Path(where) / FILE).is_file():
        raise StoreError(f"`{where}` is no folder of Chroma")
    client = chromadb.PersistentClient(where)
    there = {c.name: c for c in client.list_collections()}
    if collection and collection not in there:
        told = ", ".join(there)
        raise StoreError(f"`{where}` has no collection `{collection}`; it has {told}")
    names = [collection] if collection else list(there)
    held = [client.get_collection(name, embedding_function=None) for name in names]
    return ChromaConnector(held, f"chroma:{place}", embed, folder=Path(where), client=client)


def live_chroma(store: Any, address: str, embed: Any) -> Connector:
    """LangChain's live store."""
    return ChromaConnector([store._collection], address, embed)


class ChromaConnector(BaseConnector):
    """Collections of a Chroma client.

    Args:
        collections: the live collections.
        address: what names them.
        embed: makes vectors of texts; without it what would be rewritten is removed.
        folder: where the client keeps them, where that is on this machine.
        client: what deletes a collection as a whole; of a live store none is.
    """

    at_once = 1

    def __init__(
        self,
        collections: list[Any],
        address: str,
        embed: Any,
        *,
        folder: Path | None = None,
        client: Any = None,
    ) -> None:
        super().__init__()
        self.address = address
        self._collections = collections
        self._embed = embed
        self._folder = folder
        self._client = client
        self._checked = False
        self._probes: list[tuple[Any, Any]] = []
        self._touched: dict[str, list[str]] = {}

    def locked(self) -> AbstractContextManager[object]:
        """The folder, or the collection, for one sweep."""
        if self._folder is not None:
            return alone_at(self._folder, self.address)
        return alone_with(self._collections[0], self.address)

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """Every document of every collection, and behind them the collection itself."""
        for collection in list(self._collections):
            start = 0
            while True:
                page = collection.get(limit=_PAGE, offset=start, include=["documents", "metadatas"])
                yield from self._page(collection, page)
                start += len(page["ids"])
                if len(page["ids"]) < _PAGE:
                    break
            yield Record(collection.name, _told_of(collection), {}, (collection, None))

    def rewrite(self, record: Record, new: Record) -> bool:
        """Put another document under an id; with a new vector where its text is another."""
        collection, name = record.key
        if name is None:
            self._tell(collection, new.text)
            return True
        old = dict(record.metadata)
        kept = {k: v for k, v in new.metadata.items() if v is not None}
        beside = {**dict.fromkeys(old), **kept} if old else None
        if new.text == record.text:
            collection.update(ids=[name], metadatas=[beside])
            self._note(collection, name)
            return True
        if self._embed is None:
            return False
        vector = self._vector(collection, name)
        self._check(self.kept if self.kept and self.kept.key[1] is not None else record)
        made = [float(n) for n in vector_of(self._embed, new.text)]
        given: dict[str, Any] = {"metadatas": [beside]} if beside else {}
        collection.update(ids=[name], documents=[new.text], embeddings=[made], **given)
        self._note(collection, name)
        self._probe(collection, vector)
        return True

    def delete(self, record: Record) -> None:
        """Delete a document. A collection itself goes where nothing is left in it; else what it
        says of itself."""
        collection, name = record.key
        if name is None:
            self._delete_collection(record, collection)
            return
        self._probe(collection, self._vector(collection, name))
        collection.delete(ids=[name])
        self._note(collection, name)

    def search(self, query: str) -> list[Record] | None:
        """What holds the words of a question, what lies nearest to it, and, once, to the vectors
        that went."""
        found: list[Record] = []
        for collection in self._collections:
            told = collection.get(
                where_document={"$contains": query},
                limit=_FOUND,
                include=["documents", "metadatas"],
            )
            found += self._page(collection, told)
        asked, self._probes = self._probes, []
        if self._embed is not None:
            vector = [float(n) for n in vector_of(self._embed, query)]
            asked = [*asked, *((collection, vector) for collection in self._collections)]
        for collection, vector in asked:
            told = collection.query(
                query_embeddings=[vector], n_results=_FOUND, include=["documents", "metadatas"]
            )
            flat = {name: told[name][0] for name in ("ids", "documents", "metadatas")}
            found += self._page(collection, flat)
        return found

    def settle(self) -> None:
        """Take what was there before out of the log of changes, and write the file anew. Chroma
        takes up changes in the background, but all of them before it answers: it is asked first,
        since what goes from its tables afterwards would stand in their freed pages."""
        if self._folder is not None and self._touched:
            for collection in self._collections:
                collection.get(limit=1, include=[])
            without_old_entries(self._folder / FILE, self._touched)
            self._touched = {}

    def _page(self, collection: Any, page: Any) -> Iterator[Record]:
        for name, text, metadata in zip(
            page["ids"], page["documents"], page["metadatas"], strict=True
        ):
            shown = f"{collection.name}/{name}"
            yield Record(shown, text or "", metadata or {}, (collection, name))

    def _delete_collection(self, record: Record, collection: Any) -> None:
        self.undone.discard(record.id)
        if self._client is None or collection.count():
            if told := _told_of(collection):
                self._tell(collection, dict.fromkeys(told, ""))
            else:
                self.undone.add(record.id)
            return
        self._client.delete_collection(collection.name)
        self._collections.remove(collection)
        self._probes = [(c, vector) for c, vector in self._probes if c is not collection]
        self._touched.setdefault(str(collection.id), [])

    def _tell(self, collection: Any, told: Mapping[str, Any]) -> None:
        """Have a collection say something else of itself. How its vectors are compared was settled
        when it was made, and may not be told again."""
        collection.modify(metadata=dict(told))
        self._touched.setdefault(str(collection.id), [])

    def _vector(self, collection: Any, name: str) -> Any | None:
        held = collection.get(ids=[name], include=["embeddings"])["embeddings"]
        return list(map(float, held[0])) if held is not None and len(held) else None

    def _check(self, record: Record) -> None:
        vector = None if self._checked else self._vector(*record.key)
        if vector is not None:
            check_embedder(self._embed, record.text, vector, self.address)
            self._checked = True

    def _probe(self, collection: Any, vector: Any | None) -> None:
        if vector is not None and len(self._probes) < _PROBES:
            self._probes.append((collection, vector))

    def _note(self, collection: Any, name: str) -> None:
        self._touched.setdefault(str(collection.id), []).append(name)


def _told_of(collection: Any) -> dict[str, Any]:
    """What a collection says of itself, without the settings of its index."""
    told = collection.metadata or {}
    return {name: value for name, value in told.items() if not name.startswith(_INDEX)}
