"""What is far from every target is not run by LangGraph, and nothing comes of it but what would."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import anyio
import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.config import get_config, get_stream_writer
from langgraph.errors import GraphInterrupt
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.runtime import get_runtime

from amnestic.agents.roles import Crew
from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.exceptions import ModelError
from amnestic.graphs import engine as engines
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.graphs.state import Deps, State
from amnestic.models.fixed import FixedBackend
from amnestic.models.protocol import Delta
from amnestic.testing import ScriptedBackend
from amnestic.types import Draft, Generation, Message, Route
from tests.graphs.stand import Stand
from tests.keyword_detector import KeywordDetector
from tests.patience import PATIENCE

SETTINGS = Settings(model="embedded", agent_timeout=PATIENCE)
IMPATIENT = SETTINGS.model_copy(update={"agent_timeout": 1.0, "model_timeout": 1.0})
FAR, PART, DIRECT = "Where is Paris?", "Who is Osk, and where is Paris?", "Who is Osk?"
CLEAN, LEAK = "Paris is in France.", "Osk wrote it. The capital of France is Paris."


class NoGraph:
    """What a run must not come to."""

    async def ainvoke(self, *args: Any, **kwargs: Any) -> Any:
        raise AssertionError("the graph was run")


def run(
    text: str, backend: Any, crew: Crew, settings: Settings = SETTINGS, emit: Any = None
) -> Any:
    """The outcome of a request, or what it raises."""
    engine = UnlearningEngine(crew, settings)
    request = Request((Message.of("user", text),), backend, emit=emit)
    try:
        return anyio.run(engine.run, request)
    except Exception as error:  # noqa: BLE001 - both ways shall raise the same
        return error


def crew_of(**agents: Any) -> Crew:
    return replace(local_crew(KeywordDetector("Osk"), SETTINGS), **agents)


def test_a_far_exchange_does_without_the_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "build_graph", lambda settings: NoGraph())
    heard: list[Delta] = []
    for emit in (None, heard.append):
        outcome = run(FAR, ScriptedBackend(default=CLEAN), crew_of(), emit=emit)
        assert outcome.text == CLEAN
        assert outcome.receipt.route is Route.CLEAR
        assert [stage.name for stage in outcome.receipt.stages] == ["vet", "generate", "audit"]


@pytest.mark.parametrize(("text", "reply"), [(PART, CLEAN), (DIRECT, CLEAN), (FAR, LEAK)])
def test_what_is_near_a_target_goes_through_the_graph(
    text: str, reply: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "build_graph", lambda settings: NoGraph())
    outcome = run(text, ScriptedBackend(default=reply), crew_of())
    assert outcome.receipt.route is Route.FAILED
    assert outcome.receipt.reason == "AssertionError"
    assert reply not in outcome.text


# ── The same comes of either ─────────────────────────────────────────────────────────────────────


async def _by_the_graph_alone(state: State, deps: Deps) -> State:
    return {**state, "at": "vet"}


async def _raise() -> Any:
    raise RuntimeError("Osk is the secret")


async def _cancel() -> Any:
    raise asyncio.CancelledError


async def _late() -> Any:
    raise TimeoutError("Osk took too long")


async def _nothing() -> Any:
    return None


FAILURES = {
    "raises": _raise,
    "hangs": anyio.sleep_forever,
    "cancels itself": _cancel,
    "times out itself": _late,
    "gives None": _nothing,
}


class Failing:
    """A model that fails."""

    name = "failing"

    def __init__(self, act: Callable[[], Awaitable[Any]]) -> None:
        self._act = act

    async def generate(self, *args: Any) -> Any:
        return await self._act()


def both(
    monkeypatch: pytest.MonkeyPatch, text: str, backend: Any, crew: Crew, settings: Settings
) -> tuple[Any, Any]:
    found = run(text, backend(), crew, settings)
    with monkeypatch.context() as patch:
        patch.setattr(engines, "straight_on", _by_the_graph_alone)
        return found, run(text, backend(), crew, settings)


def told(outcome: Any) -> Any:
    """All that can be seen of an outcome but times and its id."""
    if isinstance(outcome, Exception):
        return type(outcome), str(outcome), type(outcome.__cause__), type(outcome.__context__)
    receipt = outcome.receipt
    stages = [stage.name for stage in receipt.stages]
    rest = receipt.model_dump(exclude={"id", "at", "stages"})
    return outcome.generation, outcome.generation.raw, stages, rest


@pytest.mark.parametrize("text", [FAR, PART, DIRECT, ""])
@pytest.mark.parametrize("reply", [CLEAN, LEAK, "", "I don't know that."])
@pytest.mark.parametrize("settings", [SETTINGS, SETTINGS.model_copy(update={"direct": "ask"})])
def test_the_same_comes_of_either_way(
    text: str, reply: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = lambda: FixedBackend(Generation((Draft(text=reply),), raw="its own"))  # noqa: E731
    found, other = both(monkeypatch, text, backend, crew_of(), settings)
    assert told(found) == told(other)


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("agent", ["vetter", "auditor"])
def test_a_judge_that_fails_does_so_on_either_way(
    agent: str, failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = IMPATIENT if failure == "hangs" else SETTINGS
    crew = crew_of(**{agent: Stand(FAILURES[failure])})
    backend = lambda: ScriptedBackend(default=CLEAN)  # noqa: E731
    found, other = both(monkeypatch, FAR, backend, crew, settings)
    assert found.receipt.route is Route.FAILED
    assert found.receipt.reason
    assert told(found) == told(other)


@pytest.mark.parametrize("failure", FAILURES)
def test_a_model_that_fails_does_so_on_either_way(
    failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = IMPATIENT if failure == "hangs" else SETTINGS
    backend = lambda: Failing(FAILURES[failure])  # noqa: E731
    found, other = both(monkeypatch, FAR, backend, crew_of(), settings)
    if failure == "hangs":
        assert isinstance(found, ModelError)
    assert told(found) == told(other)


# ── What is written for LangGraph's nodes ────────────────────────────────────────────────────────


async def _writes() -> Generation:
    get_stream_writer()({"Osk": "a secret"})
    return Generation((Draft(text=CLEAN),))


async def _reads_its_run() -> Generation:
    assert get_config()["callbacks"] is not None
    assert get_runtime() is not None
    return Generation((Draft(text=CLEAN),))


async def _runs_a_graph() -> Generation:
    async def answer(state: MessagesState) -> Any:
        get_stream_writer()("thinking")
        return {"messages": [("assistant", CLEAN)]}

    builder = StateGraph(MessagesState).add_node("answer", answer).add_edge(START, "answer")
    graph = builder.compile(checkpointer=InMemorySaver())
    start: Any = {"messages": [("user", FAR)]}
    told = await graph.ainvoke(start)
    return Generation((Draft(text=told["messages"][-1].text),))


@pytest.mark.parametrize("act", [_writes, _reads_its_run, _runs_a_graph])
@pytest.mark.parametrize("text", [FAR, PART])
def test_a_model_that_asks_langgraph_for_its_run_answers_on_either_way(
    text: str, act: Callable[[], Awaitable[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, other = both(monkeypatch, text, lambda: Failing(act), crew_of(), SETTINGS)
    assert found.text == CLEAN
    assert told(found) == told(other)


@pytest.mark.parametrize("text", [FAR, PART])
def test_a_run_that_ends_before_its_audit_is_withheld(text: str) -> None:
    """LangGraph's own exceptions end a run without its handler."""

    async def _bubble() -> Any:
        raise GraphInterrupt

    outcome = run(text, ScriptedBackend(default=LEAK), crew_of(auditor=Stand(_bubble)))
    assert outcome.receipt.route is Route.FAILED
    assert outcome.receipt.reason
    assert LEAK not in outcome.text
    assert "Osk" not in outcome.text


def test_a_caller_who_leaves_ends_what_runs() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    class Waiting(FixedBackend):
        async def generate(self, *args: Any) -> Generation:
            begun.set()
            try:
                await anyio.sleep_forever()
            finally:
                ended.set()
            raise AssertionError

    async def leave() -> None:
        engine = UnlearningEngine(crew_of(), SETTINGS)
        backend = Waiting(Generation((Draft(text=CLEAN),)))
        running = asyncio.ensure_future(engine.run(Request((Message.of("user", FAR),), backend)))
        await begun.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await ended.wait()

    anyio.run(leave)
