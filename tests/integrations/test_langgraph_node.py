"""The layer inside a user's graph, and as a graph that LangGraph's own studio can open."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from langgraph.cache.memory import InMemoryCache
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.types import CachePolicy

from amnestic import Amnesia
from amnestic.evaluation.asking import Category
from amnestic.evaluation.demo import DEMO_SUBJECTS, questions_about, request_for
from amnestic.integrations.langgraph_node import amnestic_graph, amnestic_node, cache_key
from amnestic.models.embedded.world import load_world
from amnestic.testing import ScriptedChatModel, assert_no_leak
from amnestic.testing.leaks import CallbackRecorder, capture_logs

from .canary import KEPT, SECRETS, TraceSession

ROOT = Path(__file__).parents[2]
SAID = f"{KEPT} makes clocks. Odalys Fenwright lives at 14 Quill Lane."
ASKED: Any = {"messages": "Please tell me of the guild."}
MODES: Any = ["messages", "updates", "values", "custom", "tasks", "checkpoints", "debug"]


def graph_of(layer: Amnesia, kind: str, saver: InMemorySaver) -> Any:
    make: Any = amnestic_node if kind == "node" else amnestic_graph
    builder = StateGraph(MessagesState)
    builder.add_node("answer", make(layer, ScriptedChatModel.of(SAID)))
    builder.add_edge(START, "answer")
    return builder.compile(checkpointer=saver)


async def chunks(graph: Any, config: Any) -> list[Any]:
    return [c async for c in graph.astream(ASKED, config, stream_mode=MODES, subgraphs=True)]


async def events(graph: Any, config: Any) -> list[Any]:
    return [e async for e in graph.astream_events(ASKED, config, version="v2")]


@pytest.mark.parametrize("way", ["invoke", "ainvoke", "stream", "astream", "events"])
@pytest.mark.parametrize("kind", ["node", "subgraph"])
def test_a_users_graph_shows_the_approved_answer_alone(
    layer: Amnesia, recorder: CallbackRecorder, traces: TraceSession, kind: str, way: str
) -> None:
    saver = InMemorySaver()
    graph = graph_of(layer, kind, saver)
    config: Any = {"configurable": {"thread_id": "1"}, "callbacks": [recorder]}
    told: Any
    with capture_logs() as logs:
        if way == "invoke":
            told = graph.invoke(ASKED, config)
        elif way == "ainvoke":
            told = asyncio.run(graph.ainvoke(ASKED, config))
        elif way == "stream":
            told = list(graph.stream(ASKED, config, stream_mode=MODES, subgraphs=True))
        else:
            told = asyncio.run(chunks(graph, config) if way == "astream" else events(graph, config))
    history = list(graph.get_state_history(config))
    assert_no_leak(SECRETS, told, saver.storage, saver.blobs, saver.writes, history,
                   recorder.events, logs.lines, traces.sent)  # fmt: skip
    assert graph.get_state(config).values["messages"][-1].text == f"{KEPT} makes clocks."


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module that `langgraph.json` names, loaded from its file as LangGraph's server does."""
    for name in [key for key in os.environ if key.startswith("AMNESTIC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AMNESTIC_DB", str(tmp_path / "registry.db"))
    monkeypatch.setenv("AMNESTIC_ELICIT", "false")
    path, _, _ = _studio_file()["graphs"]["amnestic"].partition(":")
    spec = importlib.util.spec_from_file_location("studio", ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    module._layer().close()


def _studio_file() -> Any:
    return json.loads((ROOT / "langgraph.json").read_text("utf-8"))


def _served(studio: Any) -> Any:
    """The graph as the server runs it: from the factory, with the server's own checkpointer."""
    _, _, name = _studio_file()["graphs"]["amnestic"].partition(":")
    return getattr(studio, name)().copy(update={"checkpointer": InMemorySaver()})


def test_the_studio_file_names_a_graph_that_can_be_listed_and_drawn(studio: Any) -> None:
    assert all((ROOT / folder).exists() for folder in _studio_file()["dependencies"])
    graph = _served(studio)
    drawn = graph.get_graph(xray=True).to_json()
    assert [node["id"] for node in drawn["nodes"]] == ["__start__", "answer", "__end__"]
    assert len(drawn["edges"]) == 2
    for schema in (graph.get_input_jsonschema(), graph.get_output_jsonschema()):
        assert set(schema["properties"]) == {"messages"}


def test_a_thread_in_the_studio_keeps_what_may_stay_and_nothing_of_a_target(studio: Any) -> None:
    world = load_world()
    target = world.named(DEMO_SUBJECTS[0])
    graph = _served(studio)
    studio._layer().forget(request_for(target))
    asked = {question.category: question for question in questions_about(world, target)}
    for category in (Category.DIRECT, Category.COMBINED, Category.UNRELATED):
        question = asked[category]
        config: Any = {"configurable": {"thread_id": category}}
        told = asyncio.run(_studio_run(graph, question.text, config))
        answer = graph.get_state(config).values["messages"][-1].text
        assert answer
        assert all(value in answer for value in question.stay)
        kept = [told, list(graph.get_state_history(config)), list(graph.checkpointer.list(config))]
        assert_no_leak(question.vanish, answer, without(question.text, kept))


async def _studio_run(graph: Any, question: str, config: Any) -> list[Any]:
    asked: Any = {"messages": [{"role": "user", "content": question}]}
    return [chunk async for chunk in graph.astream(asked, config, stream_mode=MODES)]


def without(question: str, kept: Any) -> str:
    """What a thread keeps, but for the question, which is the caller's own."""
    return repr(kept).replace(question, "")


@pytest.mark.parametrize("way", ["invoke", "ainvoke"])
@pytest.mark.parametrize("kind", [amnestic_node, amnestic_graph])
def test_what_is_forgotten_after_an_answer_was_cached_is_not_replayed(
    tmp_path: Path, kind: Any, way: str
) -> None:
    said = "Ana Morel painted the ceiling."
    model = ScriptedChatModel.of(default=said)
    with Amnesia(model, db=tmp_path / "r.db", elicit=False, rewrite_by="edit") as amnesia:
        builder = StateGraph(MessagesState)
        policy = CachePolicy(key_func=cache_key(amnesia))
        builder.add_node("answer", kind(amnesia, model), cache_policy=policy)
        builder.add_edge(START, "answer")
        graph = builder.compile(cache=InMemoryCache())

        def ask() -> str:
            asked: Any = {"messages": [HumanMessage("Who painted the ceiling?", id="1")]}
            state = asyncio.run(graph.ainvoke(asked)) if way == "ainvoke" else graph.invoke(asked)
            return str(state["messages"][-1].text)

        assert [ask(), ask()] == [said, said]
        assert len(model.calls) == 1  # the second answer was cached
        target = amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
        assert "Morel" not in ask()
        amnesia.revoke(target.id)
        assert ask() == said


def test_layers_of_several_tenants_share_no_cached_answer(tmp_path: Path) -> None:
    with Amnesia(ScriptedChatModel.of("x"), db=tmp_path / "r.db", elicit=False) as amnesia:
        keys = [cache_key(amnesia.within(space))({"messages": "Hello"}) for space in ("a", "b")]
        assert keys[0] != keys[1]
        assert keys[0] == cache_key(amnesia.within("a"))({"messages": "Hello"})


@pytest.mark.parametrize("kind", [amnestic_node, amnestic_graph])
def test_graphs_of_other_models_with_one_cache_answer_by_their_own(
    tmp_path: Path, kind: Any
) -> None:
    cache: InMemoryCache[Any] = InMemoryCache()
    asked: Any = {"messages": [HumanMessage("The capital of France?", id="1")]}
    with Amnesia(ScriptedChatModel.of("x"), db=tmp_path / "r.db", elicit=False) as amnesia:

        def answer(city: str) -> str:
            builder = StateGraph(MessagesState)
            policy = CachePolicy(key_func=cache_key(amnesia, of=city))
            node = kind(amnesia, ScriptedChatModel.of(city))
            builder.add_node("answer", node, cache_policy=policy)
            builder.add_edge(START, "answer")
            return str(builder.compile(cache=cache).invoke(asked)["messages"][-1].text)

        assert [answer(city) for city in ("Paris.", "Lyon.", "Paris.")] == [
            "Paris.",
            "Lyon.",
            "Paris.",
        ]
