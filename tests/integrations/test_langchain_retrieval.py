"""Retrieved documents pass the layer before anything sees them, with real vector stores."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.vectorstores import InMemoryVectorStore

from amnestic import Amnesia
from amnestic.integrations import AmnesticRetriever, AmnesticTransformer
from amnestic.testing import ScriptedBackend

NEAR = "Mirela Osk wrote The Paper Lighthouse."
FAR = "The ferry leaves the harbour at nine."


@pytest.fixture
def amnesia(tmp_path: Path) -> Iterator[Amnesia]:
    """A layer that has forgotten one poet."""
    with Amnesia(ScriptedBackend(), db=tmp_path / "r.db", elicit=False) as made:
        made.forget(
            "Please forget Mirela Osk. Mirela Osk is a poet who wrote The Paper Lighthouse."
        )
        yield made


class Seen(BaseCallbackHandler):
    """Whatever a tracer would be told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def on_retriever_end(self, documents: Any, **kwargs: Any) -> None:
        self.told += [d.page_content for d in documents]


def test_nobody_sees_what_was_retrieved_of_a_target(amnesia: Amnesia) -> None:
    store = InMemoryVectorStore(DeterministicFakeEmbedding(size=8))
    store.add_texts([NEAR, FAR, f"{FAR} {NEAR}"], [{"n": 1}, {"n": 2}, {"n": 3}])
    guarded = AmnesticRetriever.around(store.as_retriever(), amnesia)
    seen = Seen()
    found = guarded.invoke("Who wrote The Paper Lighthouse?", {"callbacks": [seen]})
    later = asyncio.run(guarded.ainvoke("ferries", {"callbacks": [seen]}))
    for documents in (found, later):
        told = sorted((d.metadata["n"], d.page_content) for d in documents)
        assert told == [(2, FAR), (3, FAR)]
    assert set(seen.told) == {FAR}


def test_a_far_document_is_the_very_object(amnesia: Amnesia) -> None:
    far = [Document(FAR, metadata={"page": 3, "tags": ["sea"]}), Document("")]
    kept = AmnesticTransformer(amnesia).transform_documents(far)
    assert all(a is b for a, b in zip(kept, far, strict=True))


def test_metadata_are_read_too(amnesia: Amnesia) -> None:
    hers = Document("She was born in a village.", metadata={"title": "Mirela Osk"})
    about = Document(FAR, metadata={"reviewer": "Mirela Osk", "year": 1961})
    (kept,) = AmnesticTransformer(amnesia).transform_documents([hers, about])
    assert (kept.page_content, kept.metadata) == (FAR, {"reviewer": "", "year": 1961})
    assert about.metadata["reviewer"] == "Mirela Osk"


def test_a_target_that_comes_later_holds_for_the_next_retrieval(amnesia: Amnesia) -> None:
    transformer = AmnesticTransformer(amnesia)
    told = [Document("Ivo Brandt bakes.")]
    assert transformer.transform_documents(told) == told
    amnesia.forget("Please forget Ivo Brandt. Ivo Brandt is a baker.")
    assert transformer.transform_documents(told) == []


def test_ids_sets_bytes_and_a_second_content_are_read_too(amnesia: Amnesia) -> None:
    beside = {"page_content": NEAR, "tags": {NEAR}, "n": 1}
    raw = Document(FAR, id="mirela-osk-1", metadata={"reviewer": b"Mirela Osk"})
    told = [Document(FAR, id="a", metadata=beside), Document(FAR, id="Mirela Osk"), raw]
    kept, other = AmnesticTransformer(amnesia).transform_documents(told)
    assert (kept.page_content, kept.id) == (FAR, "a")
    assert kept.metadata == {"page_content": "", "tags": {""}, "n": 1}
    assert "osk" not in repr(other).lower()
