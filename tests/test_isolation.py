from __future__ import annotations

import asyncio
import contextvars
import logging

import pytest
from langchain_core.runnables import RunnableLambda
from langchain_core.tracers.context import collect_runs
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langsmith import get_tracing_context

from amnestic.isolation import SILENT_CONFIG, isolated, run_isolated
from amnestic.testing import CallbackRecorder, ScriptedChatModel, assert_no_leak, capture_logs

pytestmark = pytest.mark.anyio
SECRET = "canary-9082-lighthouse"


def inner_graph():
    """A graph that is all leak: its state, its model and its nodes hold the secret."""

    async def draft(state: MessagesState):
        model = ScriptedChatModel.of(default=f"It is {SECRET}.")
        return {"messages": [await model.ainvoke(state["messages"])]}

    graph = StateGraph(MessagesState).add_node("draft", draft)
    return graph.add_edge(START, "draft").add_edge("draft", END).compile(checkpointer=False)


async def guarded(_: object) -> dict[str, object]:
    inner = inner_graph()
    await run_isolated(lambda: inner.ainvoke({"messages": [("user", "?")]}, SILENT_CONFIG))
    return {"messages": [("assistant", "I don't know.")]}


MODES = ["values", "updates", "messages", "tasks", "debug", "custom", "checkpoints"]


async def test_an_inner_graph_shows_in_no_stream_event_checkpoint_or_log():
    saver, recorder = InMemorySaver(), CallbackRecorder()
    outer = StateGraph(MessagesState).add_node("ask", guarded)
    graph = outer.add_edge(START, "ask").add_edge("ask", END).compile(checkpointer=saver)
    config = {"configurable": {"thread_id": "1"}, "callbacks": [recorder]}
    start = {"messages": [("user", "Hello")]}
    seen = []
    with capture_logs() as logs, collect_runs() as runs:
        for mode in MODES:
            seen += [
                x async for x in graph.astream(start, config, stream_mode=mode, subgraphs=True)
            ]
        seen += [x async for x in graph.astream_events(start, config, version="v2")]
    assert len(seen) > len(MODES)
    states = [snapshot async for snapshot in graph.aget_state_history(config)]
    assert_no_leak(SECRET, seen, states, recorder.events, runs.traced_runs, logs.records)
    assert_no_leak(SECRET, dict(saver.storage), dict(saver.blobs), dict(saver.writes))


async def test_the_same_graph_without_isolation_leaks():
    """What makes the test above one that can fail."""

    async def bare(_: object) -> dict[str, object]:
        await inner_graph().ainvoke({"messages": [("user", "?")]})
        return {"messages": []}

    events = [e async for e in RunnableLambda(bare).astream_events("x", version="v2")]
    with pytest.raises(AssertionError, match="leaked"):
        assert_no_leak(SECRET, events)


async def test_tracing_is_off_inside_and_as_before_after(monkeypatch):
    monkeypatch.setenv("LANGSMITH_TRACING", "true")

    async def look() -> object:
        return get_tracing_context()["enabled"]

    assert await run_isolated(look) is False
    assert get_tracing_context()["enabled"] is None
    with isolated():
        assert get_tracing_context()["enabled"] is False
    assert get_tracing_context()["enabled"] is None


async def test_cancelling_the_caller_cancels_the_work():
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Future()
        finally:
            ended.set()

    task = asyncio.ensure_future(run_isolated(work))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_the_callers_own_variables_are_seen_and_changes_stay_inside():
    var = contextvars.ContextVar("tenant", default="none")
    var.set("a")

    async def work() -> str:
        seen = var.get()
        var.set("b")
        return seen

    assert await run_isolated(work) == "a"
    assert var.get() == "a"


async def test_body_loggers_speak_outside_and_are_still_inside():
    logger = logging.getLogger("openai._base_client")

    async def work() -> None:
        logger.debug("request body: %s", SECRET)
        logger.warning("a warning is still heard")

    with capture_logs() as logs:
        await run_isolated(work)
        logger.debug("outside")
    assert logs.lines == [
        "openai._base_client: a warning is still heard",
        "openai._base_client: outside",
    ]
