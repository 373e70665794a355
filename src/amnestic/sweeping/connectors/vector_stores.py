"""Live vector stores of LangChain: those whose documents can be listed, and any other by its own
search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any, cast

from amnestic.sweeping.connectors.base import BaseConnector, alone_with
from amnestic.sweeping.connectors.faiss_index import FaissConnector
from amnestic.sweeping.protocol import Connector, Embed, Record, Unread

__all__ = ["VectorStoreConnector", "connector_for"]

_FIRST, _MOST = 20, 2_000
_FOUND = 10
_HERE = "amnestic.sweeping.connectors"
_KNOWN = (
    ("langchain_qdrant", "QdrantVectorStore", (f"{_HERE}.qdrant", "live_qdrant")),
    ("langchain_postgres", "PGVector", (f"{_HERE}.pgvector", "live_pgvector")),
    ("langchain_chroma", "Chroma", (f"{_HERE}.chroma", "live_chroma")),
)
"""Stores whose documents can be listed by what stands behind them."""


def connector_for(store: Any, embed: Embed | None) -> Connector | None:
    """The connector of a vector store of LangChain; `None` for what is none."""
    from langchain_core.vectorstores import InMemoryVectorStore, VectorStore

    if not isinstance(store, VectorStore):
        return None
    inner = getattr(store, "inner", None)
    if type(store).__name__ == "AmnesticVectorStore":  # the guard, not what stands behind it
        return connector_for(inner, embed)
    address = f"live:{type(store).__name__}"
    embed = embed or store.embeddings or getattr(store, "embedding_function", None)
    if isinstance(store, InMemoryVectorStore):
        return _InMemory(store, address, embed)
    if hasattr(store, "index_to_docstore_id") and hasattr(store, "docstore"):
        return FaissConnector(store, address, embed)
    for module, name, make in _KNOWN:
        if type(store).__module__.startswith(module) and type(store).__name__ == name:
            return cast(Connector, getattr(import_module(make[0]), make[1])(store, address, embed))
    return VectorStoreConnector(store, address, embed)


class VectorStoreConnector(BaseConnector):
    """Any vector store, by what all of them have: its search, `delete` and `add_documents`. What a
    search for a target's names and facts does not bring up is not seen.

    Args:
        store: the vector store.
        address: what names it.
        embed: what the store makes vectors with; it does so itself.
    """

    at_once = 1
    is_scanned = False

    def __init__(self, store: Any, address: str, embed: Any) -> None:
        super().__init__()
        self.address = address
        self._store = store
        self._embed = embed

    def locked(self) -> AbstractContextManager[object]:
        """The object, for one sweep of this process."""
        return alone_with(self._store, self.address)

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """What is found by questions, each asked for more until it brings up nothing new."""
        seen: set[str] = set()
        for query in queries:
            count = _FIRST
            while True:
                documents = self._store.similarity_search(query, k=count)
                new = [d for d in documents if _key(d) not in seen]
                seen |= {_key(d) for d in new}
                for document in new:
                    yield self._record(document)
                if len(new) < count // 2 or len(documents) < count or count >= _MOST:
                    break
                count *= 4

    def rewrite(self, record: Record, new: Record) -> bool:
        """Have the store embed a document again, under the same id."""
        from langchain_core.documents import Document

        if hasattr(self._embed, "embed_documents"):
            self._embed.embed_documents([new.text])  # one that is down is known before the deletion
        self._store.delete([record.id])
        document = Document(new.text, id=record.id, metadata=dict(new.metadata))
        self._store.add_documents([document], ids=[record.id])
        return True

    def delete(self, record: Record) -> None:
        """Have the store delete a document."""
        self._store.delete([record.id])

    def search(self, query: str) -> list[Record] | None:
        """What the store finds."""
        found = self._store.similarity_search(query, k=_FOUND)
        return [r for d in found if isinstance(r := self._record(d), Record)]

    def _record(self, document: Any) -> Record | Unread:
        if document.id is None:
            return Unread("-", "the store's search gives no id to delete it by")
        return Record(str(document.id), document.page_content, document.metadata)


class _InMemory(VectorStoreConnector):
    """LangChain's store in memory, whose documents can be listed."""

    is_scanned = True

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """Every document."""
        for name, told in list(self._store.store.items()):
            yield Record(str(name), told["text"], told["metadata"])

    def rewrite(self, record: Record, new: Record) -> bool:
        """Put another document in its place; with a new vector where its text is another."""
        told = self._store.store[record.id]
        vector = told["vector"]
        if new.text != record.text:
            vector = self._embed.embed_documents([new.text])[0]
        changed = {**told, "text": new.text, "metadata": dict(new.metadata), "vector": vector}
        self._store.store[record.id] = changed
        return True


def _key(document: Any) -> str:
    return str(document.id) if document.id is not None else document.page_content
