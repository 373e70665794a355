"""mem0's memories and history, and LangMem's memories."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel
from langgraph.store.memory import InMemoryStore

from amnestic import Amnesia
from amnestic.exceptions import StoreError
from amnestic.sweeping import sweep
from tests.sweeping.conftest import CLEAN, GOES, MIXED, STAYS, told_of
from tests.sweeping.embedding import WordEmbeddings

pytestmark = [
    pytest.mark.stores,
    pytest.mark.filterwarnings("ignore"),  # of mem0's own calls
]


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Any]:
    """A memory in a folder, with some things remembered, one changed and one deleted."""
    os.environ.setdefault("MEM0_TELEMETRY", "False")
    os.environ.setdefault("MEM0_DIR", str(tmp_path / "mem0"))
    pytest.importorskip("qdrant_client")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mem0 = pytest.importorskip("mem0")
    store = {"path": str(tmp_path / "q"), "collection_name": "mem", "embedding_model_dims": 64}
    told = mem0.Memory.from_config(
        {
            "vector_store": {"provider": "qdrant", "config": {**store, "on_disk": True}},
            "embedder": {"provider": "langchain", "config": {"model": WordEmbeddings()}},
            "llm": {
                "provider": "langchain",
                "config": {"model": FakeListChatModel(responses=["{}"])},
            },
            "history_db_path": str(tmp_path / "history.db"),
        }
    )
    for text in (*GOES.values(), *MIXED.values(), *STAYS.values()):
        told.add(text, user_id="u1", infer=False)
    first = told.add("Mirela Osk likes tea.", user_id="u1", infer=False)["results"][0]["id"]
    told.update(first, "The kettle stands by the window.")
    gone = told.add("Edwin Harl likes tea.", user_id="u1", infer=False)["results"][0]["id"]
    told.delete(gone)
    told.db.save_messages([{"role": "user", "content": "Who is Mirela Osk?"}], "u1")
    yield told
    told.vector_store.client.close()
    told.close()


def remembered(memory: Any) -> set[str]:
    """What the memory tells of a user."""
    told = memory.get_all(filters={"user_id": "u1"}, top_k=100)
    return {one["memory"] for one in told["results"]}


def test_memories_and_their_history_are_swept(poets: Amnesia, memory: Any, tmp_path: Path) -> None:
    assert told_of(str(memory.db.connection.execute("SELECT * FROM history").fetchall()))
    report = sweep(memory, poets)
    assert report.is_clean, list(report.lines())
    assert report.searches
    kettle = "The kettle stands by the window."
    assert remembered(memory) == {*STAYS.values(), CLEAN, kettle}
    for table in ("history", "messages"):
        left = memory.db.connection.execute(f"SELECT * FROM {table}").fetchall()
        assert not told_of(str(left))
    assert not told_of((tmp_path / "history.db").read_bytes().decode("latin-1"))
    found = memory.search("Mirela Osk, poet", filters={"user_id": "u1"}, top_k=10)
    assert not told_of(str(found))
    [first, *_] = memory.search(CLEAN, filters={"user_id": "u1"}, top_k=3)["results"]
    assert first["memory"] == CLEAN


def test_a_configuration_that_is_none_is_refused(poets: Amnesia, tmp_path: Path) -> None:
    pytest.importorskip("mem0")
    (tmp_path / "c.json").write_text("{")
    with pytest.raises(StoreError, match="no configuration in JSON"):
        sweep(f"mem0:{tmp_path / 'c.json'}", poets)
    (tmp_path / "c.json").write_text('{"vector_store": {"provider": "nothing", "config": {}}}')
    with pytest.raises(StoreError, match="cannot be opened"):
        sweep(f"mem0:{tmp_path / 'c.json'}", poets)


def test_what_langmem_keeps_in_a_store_is_swept(poets: Amnesia) -> None:
    langmem = pytest.importorskip("langmem")
    store = InMemoryStore(index={"dims": 64, "embed": WordEmbeddings(), "fields": ["content"]})
    tool = langmem.create_manage_memory_tool(namespace=("memories", "u1"), store=store)
    for text in (GOES["poet"], STAYS["rain"]):
        tool.invoke({"content": text, "action": "create"})
    assert sweep(store, poets).is_clean
    assert [i.value["content"] for i in store.search(())] == [STAYS["rain"]]
