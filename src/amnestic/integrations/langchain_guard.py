"""A vector store in front of which a guard stands: what was forgotten does not come in again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from amnestic.amnesia import Amnesia
from amnestic.integrations.langchain_retrieval import AmnesticTransformer
from amnestic.scrubbing import Judge
from amnestic.sweeping import Guard
from amnestic.sweeping.deciding import words_of
from amnestic.tools.offload import offload

__all__ = ["AmnesticVectorStore"]


class AmnesticVectorStore(VectorStore):
    """The same vector store, into which nothing comes that a sweep has removed, or that belongs to
    a target: refused documents are left out, of others goes what tells of one. It is searched as
    before; `AmnesticRetriever` is for what is in it already.

    Args:
        inner: the vector store.
        amnesia: the layer.

    >>> from amnestic.testing import ScriptedBackend
    >>> from langchain_core.embeddings import DeterministicFakeEmbedding
    >>> from langchain_core.vectorstores import InMemoryVectorStore
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = tempfile.TemporaryDirectory()
    >>> inner = InMemoryVectorStore(DeterministicFakeEmbedding(size=8))
    >>> with Amnesia(ScriptedBackend(), db=Path(folder.name) / "r.db", elicit=False) as amnesia:
    ...     target = amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
    ...     store = AmnesticVectorStore(inner, amnesia)
    ...     ids = store.add_texts(["Ana Morel lives in Tarn.", "Bread is baked at four."])
    >>> [told["text"] for told in inner.store.values()]
    ['Bread is baked at four.']
    >>> folder.cleanup()
    """

    def __init__(self, inner: VectorStore, amnesia: Amnesia) -> None:
        self.inner = inner
        self._amnesia = amnesia
        self._guard = Guard(amnesia)
        self._transformer = AmnesticTransformer(amnesia)

    @property
    def embeddings(self) -> Embeddings | None:
        """What the store makes vectors with."""
        return self.inner.embeddings

    def add_documents(self, documents: list[Document], **kwargs: Any) -> list[str]:
        """Add what may stay of the documents; the ids of those that were added. With `ids`, these
        are the documents' in their order."""
        kept, ids = self._kept(documents, kwargs.pop("ids", None))
        return self.inner.add_documents(kept, **ids, **kwargs) if kept else []

    async def aadd_documents(self, documents: list[Document], **kwargs: Any) -> list[str]:
        """The same, without holding up other tasks."""
        kept, ids = await offload(self._kept, documents, kwargs.pop("ids", None))
        return await self.inner.aadd_documents(kept, **ids, **kwargs) if kept else []

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[Any, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: Any,
    ) -> list[str]:
        """Add what may stay of the texts; the ids of those that were added."""
        return self.add_documents(_documents(texts, metadatas), ids=ids, **kwargs)

    async def aadd_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[Any, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: Any,
    ) -> list[str]:
        """The same, without holding up other tasks."""
        return await self.aadd_documents(_documents(texts, metadatas), ids=ids, **kwargs)

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> bool | None:
        """Delete from the store."""
        return self.inner.delete(ids, **kwargs)

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """Documents of the store."""
        return self.inner.get_by_ids(ids)

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        """Search the store."""
        return self.inner.similarity_search(query, k=k, **kwargs)

    async def asimilarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        """Search the store."""
        return await self.inner.asimilarity_search(query, k=k, **kwargs)

    def similarity_search_with_score(
        self, *args: Any, **kwargs: Any
    ) -> list[tuple[Document, float]]:
        """Search the store."""
        return self.inner.similarity_search_with_score(*args, **kwargs)

    def max_marginal_relevance_search(
        self, query: str, k: int = 4, fetch_k: int = 20, lambda_mult: float = 0.5, **kwargs: Any
    ) -> list[Document]:
        """Search the store."""
        given: dict[str, Any] = {"fetch_k": fetch_k, "lambda_mult": lambda_mult, **kwargs}
        return self.inner.max_marginal_relevance_search(query, k, **given)

    async def asimilarity_search_with_score(
        self, *args: Any, **kwargs: Any
    ) -> list[tuple[Document, float]]:
        """Search the store."""
        return await self.inner.asimilarity_search_with_score(*args, **kwargs)

    def similarity_search_with_relevance_scores(
        self, *args: Any, **kwargs: Any
    ) -> list[tuple[Document, float]]:
        """Search the store."""
        return self.inner.similarity_search_with_relevance_scores(*args, **kwargs)

    async def asimilarity_search_with_relevance_scores(
        self, *args: Any, **kwargs: Any
    ) -> list[tuple[Document, float]]:
        """Search the store."""
        return await self.inner.asimilarity_search_with_relevance_scores(*args, **kwargs)

    def similarity_search_by_vector(self, *args: Any, **kwargs: Any) -> list[Document]:
        """Search the store."""
        return self.inner.similarity_search_by_vector(*args, **kwargs)

    async def asimilarity_search_by_vector(self, *args: Any, **kwargs: Any) -> list[Document]:
        """Search the store."""
        return await self.inner.asimilarity_search_by_vector(*args, **kwargs)

    def max_marginal_relevance_search_by_vector(self, *args: Any, **kwargs: Any) -> list[Document]:
        """Search the store."""
        return self.inner.max_marginal_relevance_search_by_vector(*args, **kwargs)

    async def amax_marginal_relevance_search(self, *args: Any, **kwargs: Any) -> list[Document]:
        """Search the store."""
        return await self.inner.amax_marginal_relevance_search(*args, **kwargs)

    async def amax_marginal_relevance_search_by_vector(
        self, *args: Any, **kwargs: Any
    ) -> list[Document]:
        """Search the store."""
        return await self.inner.amax_marginal_relevance_search_by_vector(*args, **kwargs)

    async def adelete(self, *args: Any, **kwargs: Any) -> bool | None:
        """Delete from the store."""
        return await self.inner.adelete(*args, **kwargs)

    async def aget_by_ids(self, *args: Any, **kwargs: Any) -> list[Document]:
        """Documents of the store."""
        return await self.inner.aget_by_ids(*args, **kwargs)

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[Any, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: Any,
    ) -> AmnesticVectorStore:
        """Not offered: make the store, and put it behind the guard."""
        raise NotImplementedError(
            "make the vector store first: AmnesticVectorStore(store, amnesia)"
        )

    def _kept(
        self, documents: Sequence[Document], ids: Sequence[str] | None
    ) -> tuple[list[Document], dict[str, list[str]]]:
        """What may come in of documents, and their ids where some were given."""
        given = list(ids) if ids is not None else [d.id for d in documents]
        judge = Judge.of(self._amnesia)
        kept: list[Document] = []
        names: list[str] = []
        for document, name in zip(documents, given, strict=True):
            if self._guard.refuses(document.page_content, document.metadata):
                continue
            if name is not None and judge.found(words_of(str(name))):  # a sweep would remove it
                continue
            told = self._transformer.transform_documents([document])
            kept += told
            names += [name] * len(told) if name is not None else []
        return kept, {"ids": names} if kept and len(names) == len(kept) else {}


def _documents(texts: Iterable[str], metadatas: Sequence[dict[Any, Any]] | None) -> list[Document]:
    told = list(texts)
    beside = metadatas or [{} for _ in told]
    return [Document(text, metadata=m) for text, m in zip(told, beside, strict=True)]
