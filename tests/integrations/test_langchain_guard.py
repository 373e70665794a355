"""A vector store in front of which a guard stands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from langchain_core.documents import Document
from langchain_core.vectorstores import InMemoryVectorStore

from amnestic import Amnesia
from amnestic.integrations import AmnesticVectorStore
from amnestic.sweeping import sweep
from amnestic.testing import ScriptedBackend
from tests.sweeping.embedding import WordEmbeddings


@pytest.fixture
def guarded(tmp_path: Path) -> AmnesticVectorStore:
    amnesia = Amnesia(ScriptedBackend(), db=tmp_path / "r.db", elicit=False)
    amnesia.forget("Please forget Mirela Osk. Mirela Osk is a poet from Tavel.")
    return AmnesticVectorStore(InMemoryVectorStore(WordEmbeddings()), amnesia)


def kept(store: AmnesticVectorStore) -> dict[str, str]:
    assert isinstance(store.inner, InMemoryVectorStore)
    return {name: told["text"] for name, told in store.inner.store.items()}


def test_what_belongs_to_a_target_does_not_come_in(guarded: AmnesticVectorStore) -> None:
    mixed = "The bakery opens at nine. Mirela Osk buys bread there. Rolls cost one coin."
    told = [
        Document("Mirela Osk is a poet.", id="a"),
        Document(mixed, id="b"),
        Document("Rain fell.", id="c"),
    ]
    assert guarded.add_documents(told) == ["b", "c"]
    assert kept(guarded) == {
        "b": "The bakery opens at nine. Rolls cost one coin.",
        "c": "Rain fell.",
    }
    assert guarded.similarity_search("rain", k=1)[0].page_content == "Rain fell."
    assert guarded.delete(["b"]) is None
    assert [d.id for d in guarded.get_by_ids(["b", "c"])] == ["c"]


def test_what_a_sweep_removed_does_not_come_back(guarded: AmnesticVectorStore) -> None:
    """Even where the text alone would not tell of the target any more."""
    said = Document("Likes plum cake.", metadata={"name": "Mirela Osk"})
    guarded.inner.add_documents([said])
    amnesia = guarded._guard._amnesia
    assert sweep(guarded, amnesia).removed == 1
    assert guarded.add_documents([said]) == []
    assert guarded.add_texts(["Likes plum cake."], ids=["d"]) == ["d"]
    amnesia.close()


def test_the_same_for_asynchronous_callers(guarded: AmnesticVectorStore) -> None:
    async def add() -> list[str]:
        return await guarded.aadd_texts(["Mirela Osk is a poet.", "Rain fell."], ids=["a", "b"])

    assert asyncio.run(add()) == ["b"]
    assert kept(guarded) == {"b": "Rain fell."}


def test_an_id_that_names_a_target_does_not_come_in(guarded: AmnesticVectorStore) -> None:
    assert guarded.add_texts(["Rain fell.", "Snow fell."], ids=["mirela_osk_notes", "b"]) == ["b"]
    assert kept(guarded) == {"b": "Snow fell."}


def test_every_search_of_the_store_is_there(tmp_path: Path) -> None:
    class Known(InMemoryVectorStore):
        def _select_relevance_score_fn(self) -> Callable[[float], float]:
            return self._cosine_relevance_score_fn

    inner = Known(WordEmbeddings())
    inner.add_texts(["Rain fell.", "Snow fell."], ids=["a", "b"])
    with Amnesia(ScriptedBackend(), db=tmp_path / "r.db", elicit=False) as amnesia:
        store = AmnesticVectorStore(inner, amnesia)
        given = {"search_type": "similarity_score_threshold", "search_kwargs": {"k": 1}}
        given["search_kwargs"]["score_threshold"] = -1.0
        retriever = store.as_retriever(**given)
        vector = WordEmbeddings().embed_query("Rain fell.")

        async def found() -> list[list[Document]]:
            return [
                await retriever.ainvoke("Rain fell."),
                await store.asimilarity_search_by_vector(vector, k=1),
                await store.amax_marginal_relevance_search("Rain fell.", k=1),
                [d for d, _ in await store.asimilarity_search_with_score("Rain fell.", k=1)],
                list(await store.aget_by_ids(["a"])),
            ]

        told = [
            retriever.invoke("Rain fell."),
            store.similarity_search_by_vector(vector, k=1),
            *asyncio.run(found()),
        ]
    assert [[d.page_content for d in documents] for documents in told] == [["Rain fell."]] * 7
