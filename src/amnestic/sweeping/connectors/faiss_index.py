"""LangChain's FAISS store, live or as the folder that it is saved in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np

from amnestic.exceptions import StoreError
from amnestic.sweeping.connectors.base import BaseConnector, alone_with
from amnestic.sweeping.connectors.embedding import check_embedder, vector_of
from amnestic.sweeping.connectors.faiss_rows import with_other_rows
from amnestic.sweeping.protocol import Embed, Record, Unread

__all__ = ["FaissConnector"]

_FOUND = 10
_PROBES = 50


class FaissConnector(BaseConnector):
    """A FAISS store in memory: an index, documents by id, and which row of the index is whose.
    All changes of a sweep are made together when it has read everything.

    Args:
        store: holds `index`, `docstore` and `index_to_docstore_id`, as LangChain's does.
        address: what names it.
        embed: makes vectors of texts; without it what would be rewritten is removed.
    """

    at_once = 0

    def __init__(self, store: Any, address: str, embed: Embed | Any | None) -> None:
        super().__init__()
        self.address = address
        self._store = store
        self._embed = embed
        self._at_length_one: bool | None = True if getattr(store, "_normalize_L2", False) else None
        self._gone: dict[int, str] = {}
        self._unfound: set[str] = set()
        self._new: list[tuple[str, Any, Any]] = []
        self._changed: dict[str, Any] = {}
        self._probes: list[Any] = []

    def locked(self) -> AbstractContextManager[object]:
        """The object, for one sweep of this process."""
        return alone_with(self._store, self.address)

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """Every document, in the order of the index."""
        documents = self._documents()
        for row, name in sorted(self._store.index_to_docstore_id.items()):
            document = documents.get(name)
            if document is None:
                yield Unread(str(name), "the index has it, the documents do not")
            else:
                yield Record(str(name), document.page_content, document.metadata, (row, name))
        having = set(self._store.index_to_docstore_id.values())
        for name, document in documents.items():
            if name not in having:  # no search finds it, but it is kept
                yield Record(str(name), document.page_content, document.metadata, (None, name))

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Gather the changes, and make all of them at the end."""
        self._gone, self._new, self._changed, self._unfound = {}, [], {}, set()
        yield
        if self._gone or self._changed or self._unfound:
            self._commit()

    def rewrite(self, record: Record, new: Record) -> bool:
        """Put another document under the id; with a new vector where its text is another."""
        row, name = record.key
        documents = self._documents()
        changed = documents[name].model_copy(
            update={"page_content": new.text, "metadata": dict(new.metadata)}
        )
        if new.text == record.text or row is None:
            self._changed[name] = changed
            return True
        if self._embed is None:
            return False
        self._check(self.kept or record)
        vector = vector_of(self._embed, new.text)
        if self._at_length_one:
            vector = vector / (float(np.linalg.norm(vector)) or 1.0)
        self._probe(row)
        self._gone[row] = name
        self._new.append((name, changed, vector))
        return True

    def delete(self, record: Record) -> None:
        """Remove a document and its vector."""
        row, name = record.key
        if row is None:
            self._unfound.add(name)
            return
        self._probe(row)
        self._gone[row] = name

    def search(self, query: str) -> list[Record] | None:
        """What lies nearest to a question, and, once, to the vectors that went."""
        vectors, self._probes = self._probes, []
        if self._embed is not None:
            vectors = [*vectors, vector_of(self._embed, query)]
        if not vectors:
            return None
        found = self._nearest(np.asarray(vectors, dtype=np.float32))
        documents, ids = self._documents(), self._store.index_to_docstore_id
        names = [ids[row] for row in found if row in ids]
        return [
            Record(str(n), documents[n].page_content, documents[n].metadata)
            for n in names
            if n in documents
        ]

    def _nearest(self, vectors: Any) -> list[int]:
        index = self._store.index
        if not index.ntotal:
            return []
        _, rows = index.search(vectors, min(_FOUND, index.ntotal))
        return [int(row) for row in dict.fromkeys(rows.ravel().tolist()) if row >= 0]

    def _documents(self) -> dict[str, Any]:
        docstore = self._store.docstore
        if not hasattr(docstore, "_dict"):
            raise StoreError(
                f"the documents of `{self.address}` are kept in a "
                f"`{type(docstore).__name__}`, which cannot be listed"
            )
        documents: dict[str, Any] = docstore._dict
        return documents

    def _probe(self, row: int) -> None:
        vector = self._vector(row) if len(self._probes) < _PROBES else None
        if vector is not None:
            self._probes.append(vector)

    def _vector(self, row: int) -> Any | None:
        """The vector of a row; `None` where the index does not keep them."""
        try:
            return self._store.index.reconstruct(row)
        except RuntimeError:
            return None

    def _check(self, record: Record) -> None:
        """Hold the embedder against a stored vector, which had better be of a record that stays."""
        row = record.key[0]
        vector = self._vector(row) if row is not None and self._at_length_one is None else None
        if vector is not None:
            self._at_length_one = check_embedder(self._embed, record.text, vector, self.address)

    def _commit(self) -> None:
        store = self._store
        ids = store.index_to_docstore_id
        kept = [row for row in sorted(ids) if row not in self._gone]
        index = store.index
        if self._gone:
            new = np.asarray([vector for _, _, vector in self._new], dtype=np.float32)
            index = with_other_rows(index, kept, new, self.address)
        gone = self._unfound.union(self._gone.values())
        documents = {k: v for k, v in self._documents().items() if k not in gone}
        documents |= {name: document for name, document, _ in self._new} | self._changed
        names = [*(ids[row] for row in kept), *(name for name, _, _ in self._new)]
        self._put(index, documents, dict(enumerate(names)))

    def _put(self, index: Any, documents: dict[str, Any], names: dict[int, str]) -> None:
        """Have what is left in the store's place."""
        self._store.index = index
        self._store.docstore._dict = documents
        self._store.index_to_docstore_id = names
