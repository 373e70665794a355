"""Retrieved documents without what belongs to a target, before a model or a chain sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import BaseDocumentTransformer, Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableConfig
from pydantic import Field

from amnestic.amnesia import Amnesia
from amnestic.isolation import SILENT_CONFIG, isolated
from amnestic.scrubbing import Judge, Wrapped, scrubbed
from amnestic.tools.offload import offload

__all__ = ["AmnesticRetriever", "AmnesticTransformer"]

_CONTENT = "page_content"
_QUIET = cast(RunnableConfig, SILENT_CONFIG)


class AmnesticTransformer(BaseDocumentTransformer):
    """Documents without what belongs to a target: in a loader's pipeline, before an index is made,
    or behind a retriever.

    A document that is far from every target is the object that was given. One of which nothing may
    stay is left out. Metadata and ids are read too: a document whose title names a target is the
    target's.

    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = tempfile.TemporaryDirectory()
    >>> from amnestic.testing import ScriptedBackend
    >>> with Amnesia(ScriptedBackend(), db=Path(folder.name) / "r.db", elicit=False) as amnesia:
    ...     target = amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
    ...     told = [Document("Ana Morel lives in Tarn."), Document("Bread is baked at four.")]
    ...     [d.page_content for d in AmnesticTransformer(amnesia).transform_documents(told)]
    ['Bread is baked at four.']
    >>> folder.cleanup()
    """

    def __init__(self, amnesia: Amnesia) -> None:
        self._amnesia = amnesia

    def transform_documents(
        self, documents: Sequence[Document], **kwargs: Any
    ) -> Sequence[Document]:
        """What may stay of the documents, which are judged together by the targets in force now."""
        judge = Judge.of(self._amnesia)
        given = [Wrapped.of(_CONTENT, d.page_content, d.id, d.metadata) for d in documents]
        clean = scrubbed([wrapped.record for wrapped in given], judge)
        kept = [
            document if new is old.record else _changed(document, old, new)
            for document, old, new in zip(documents, given, clean, strict=True)
        ]
        return [d for d, old in zip(kept, documents, strict=True) if _says_something(d, old)]

    async def atransform_documents(
        self, documents: Sequence[Document], **kwargs: Any
    ) -> Sequence[Document]:
        """The same, without holding up other tasks."""
        return await offload(self.transform_documents, documents)


class AmnesticRetriever(BaseRetriever):
    """A retriever whose documents have passed the layer. The inner one runs out of sight of the
    caller's callbacks and tracers: what it finds has not been read yet.
    Make it with `AmnesticRetriever.around(retriever, amnesia)`.
    """

    inner: BaseRetriever = Field(exclude=True, repr=False)
    transformer: Any = Field(exclude=True, repr=False)

    @classmethod
    def around(cls, retriever: BaseRetriever, amnesia: Amnesia) -> AmnesticRetriever:
        """The same retriever behind the layer."""
        return cls(inner=retriever, transformer=AmnesticTransformer(amnesia))

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        with isolated():
            found = self.inner.invoke(query, _QUIET)
        return list(self.transformer.transform_documents(found))

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        with isolated():
            found = await self.inner.ainvoke(query, _QUIET)
        return list(await self.transformer.atransform_documents(found))


def _changed(document: Document, old: Wrapped, new: dict[str, Any]) -> Document:
    told = {_CONTENT: new[_CONTENT], "id": new.get(old.id_key) or None}
    return document.model_copy(update={**told, "metadata": old.metadata_of(new)})


def _says_something(document: Document, before: Document) -> bool:
    return bool(document.page_content.strip()) or not before.page_content.strip()
