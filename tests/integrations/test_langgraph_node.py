"""The layer inside a user's graph, and as a graph that LangGraph's own studio can open."""

from __future__ import annotations

import asyncio
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph

from amnestic import Amnesia
from amnestic.integrations.langgraph_node import amnestic_graph, amnestic_node
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


def test_the_studio_file_names_a_graph_that_compiles_and_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMNESTIC_DB", str(tmp_path / "registry.db"))
    monkeypatch.setenv("AMNESTIC_MODEL", "openai:none")
    monkeypatch.setenv("AMNESTIC_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("AMNESTIC_API_KEY", "unused")
    monkeypatch.setenv("AMNESTIC_ELICIT", "false")
    told = json.loads((ROOT / "langgraph.json").read_text("utf-8"))
    assert all((ROOT / folder).exists() for folder in told["dependencies"])
    path, _, name = told["graphs"]["amnestic"].partition(":")
    spec = importlib.util.spec_from_file_location("studio", ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    graph = getattr(module, name)()
    try:
        assert "answer" in graph.get_graph().nodes
        assert set(graph.get_input_jsonschema()["properties"]) == {"messages"}
        layer = module._layer()
        layer.forget("Please forget Odalys Fenwright. Odalys Fenwright is a bell founder.")
        state = graph.invoke({"messages": "Who is Odalys Fenwright?"})
        assert_no_leak("Fenwright", state["messages"][-1])
        assert state["messages"][-1].text
    finally:
        module._layer().close()
