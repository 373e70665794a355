"""The intake graph stops for a word, and goes on where it was left."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph
from langgraph.types import Command

from amnestic import Amnesia, intake
from amnestic.agents.elicitor import ModelElicitor
from amnestic.agents.records import recorded
from amnestic.agents.requests import LocalInterpreter
from amnestic.exceptions import (
    ConfigurationError,
    ForgetRequestError,
    InvalidRequestError,
    NeedsClarificationError,
)
from amnestic.graphs import intake as intake_graph
from amnestic.graphs.intake import IntakeDeps, IntakeState, build_intake_graph, plain
from amnestic.testing import ScriptedBackend
from amnestic.types import GLOBAL, Elicitation, ForgetTarget
from amnestic.verifying import verifying
from tests.prepared import run

pytestmark = pytest.mark.anyio

Layer = Callable[..., Amnesia]
REQUEST = {"request": "Please forget Mirela Osk. She is a poet."}
THREAD: dict[str, Any] = {"configurable": {"thread_id": "one"}}


def deps_of(amnesia: Amnesia, backend: Any = None, **more: Any) -> IntakeDeps:
    store = amnesia.parts.store
    return IntakeDeps(LocalInterpreter(), ModelElicitor(), store, backend, "default", "ann", **more)


async def _forecast(targets: tuple[ForgetTarget, ...]) -> dict[str, Any]:
    return {"would_match": [target.subject for target in targets]}


@pytest.mark.parametrize("word", [True, False, "no"])
async def test_nothing_is_stored_before_somebody_says_so(layer: Layer, word: Any) -> None:
    amnesia, graph = layer(), build_intake_graph(InMemorySaver())
    deps = deps_of(amnesia, forecast=_forecast)
    state = await graph.ainvoke({**REQUEST, "confirm": True}, THREAD, context=deps)
    (asked,) = state["__interrupt__"]
    assert asked.value["preview"] == {"would_match": ["Mirela Osk"]}
    assert [t["subject"] for t in asked.value["targets"]] == ["Mirela Osk"]
    assert amnesia.targets() == []
    await graph.ainvoke(Command(resume=word), THREAD, context=deps)
    assert [t.id for t in amnesia.targets()] == [t["id"] for t in asked.value["targets"]] * (
        word is True
    )


def test_layers_share_the_compiled_graph_and_nothing_of_a_run(
    layer: Layer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[Any] = []

    def compiling() -> Any:
        compiled.append(build_intake_graph())
        return compiled[-1]

    monkeypatch.setattr(intake_graph, "build_intake_graph", compiling)
    intake._graph.cache_clear()
    spaces = [f"tenant-{i}" for i in range(8)]
    layers = [layer(db=tmp_path / f"{i % 2}.db", namespace=n) for i, n in enumerate(spaces)]
    layers[0].forget("Please forget Edda Tarn.")
    with ThreadPoolExecutor(len(spaces)) as pool:
        made = list(
            pool.map(lambda i: layers[i].forget(f"Please forget Name{i} Osk."), range(len(spaces)))
        )
    assert [target.namespace for target in made] == spaces
    assert [target.subject for target in made] == [f"Name{i} Osk" for i in range(len(spaces))]
    assert [len(one.targets()) for one in layers] == [2, *[1] * 7]
    assert len(compiled) == 1


VAGUE = {"request": "Please forget politics.", "confirm": True}


async def test_what_is_left_open_is_asked_until_it_is_said(layer: Layer) -> None:
    amnesia, graph = layer(), build_intake_graph(InMemorySaver())
    deps = deps_of(amnesia)
    state = await graph.ainvoke(VAGUE, THREAD, context=deps)
    for answer in ("Please forget art.", "The first one, please."):
        (asked,) = state["__interrupt__"]
        assert set(asked.value) == {"question"}
        state = await graph.ainvoke(Command(resume=answer), THREAD, context=deps)
    assert "'politics'" not in str(state["__interrupt__"])
    said = Command(resume="Please forget Mirela Osk.")
    state = await graph.ainvoke(said, THREAD, context=deps)
    (shown,) = state["__interrupt__"]
    assert [target["subject"] for target in shown.value["targets"]] == ["Mirela Osk"]
    assert amnesia.targets() == []
    await graph.ainvoke(Command(resume=True), THREAD, context=deps)
    assert [target.subject for target in amnesia.targets()] == ["Mirela Osk"]


@pytest.mark.parametrize("word", [False, True, 3, ["Please forget Mirela Osk."]])
async def test_a_question_that_is_not_answered_stores_nothing(layer: Layer, word: Any) -> None:
    amnesia, graph = layer(), build_intake_graph(InMemorySaver())
    await graph.ainvoke(VAGUE, THREAD, context=deps_of(amnesia))
    state = await graph.ainvoke(Command(resume=word), THREAD, context=deps_of(amnesia))
    assert (state["stored"], state["confirmed"], amnesia.targets()) == ([], False, [])


@pytest.mark.parametrize("asked", [{"confirm": True, **REQUEST}, VAGUE])
async def test_a_word_that_nobody_could_give_is_not_waited_for(
    layer: Layer, asked: dict[str, Any]
) -> None:
    amnesia, graph = layer(), build_intake_graph()
    model = ScriptedBackend(default="I see.")
    with pytest.raises(ConfigurationError, match="without a checkpointer") as told:
        await graph.ainvoke(asked, context=deps_of(amnesia, model))
    assert "\n" not in str(told.value)
    assert (amnesia.targets(), model.calls) == ([], [])


async def test_targets_that_are_in_force_wait_for_no_word(layer: Layer) -> None:
    amnesia, graph = layer(), build_intake_graph()
    pending = plain(amnesia.add(ForgetTarget(id="t-1", subject="Mirela Osk")))
    state = await graph.ainvoke({"pending": pending, "confirm": True}, context=deps_of(amnesia))
    assert [target["id"] for target in state["stored"]] == ["t-1"]


async def test_the_word_is_kept_by_a_graph_that_the_intake_is_part_of(layer: Layer) -> None:
    amnesia, deps = layer(), deps_of(layer())
    inner = build_intake_graph()

    async def taken_in(state: IntakeState) -> IntakeState:
        found: IntakeState = await inner.ainvoke(state, context=deps_of(amnesia))  # type: ignore[assignment]
        return found

    builder = StateGraph(IntakeState, context_schema=IntakeDeps)
    builder.add_node("intake", taken_in)
    builder.add_edge(START, "intake")
    graph = builder.compile(checkpointer=InMemorySaver())
    state = await graph.ainvoke({"confirm": True, **REQUEST}, THREAD, context=deps)
    assert state["__interrupt__"]
    assert amnesia.targets() == []
    await graph.ainvoke(Command(resume=True), THREAD, context=deps)
    assert [target.subject for target in amnesia.targets()] == ["Mirela Osk"]


async def test_without_somebody_to_ask_it_is_refused(layer: Layer) -> None:
    graph = build_intake_graph(InMemorySaver())
    with pytest.raises(NeedsClarificationError, match="politics"):
        await graph.ainvoke({"request": VAGUE["request"]}, THREAD, context=deps_of(layer()))


@pytest.mark.parametrize("request_", ["Never mind.", "What is the weather like?"])
async def test_what_is_no_wish_is_no_question_either(layer: Layer, request_: str) -> None:
    asked = {"request": request_, "confirm": True}
    with pytest.raises(ForgetRequestError):
        await build_intake_graph(InMemorySaver()).ainvoke(asked, THREAD, context=deps_of(layer()))


async def test_a_question_about_what_shall_be_sealed_repeats_nothing(layer: Layer) -> None:
    graph, sealed = build_intake_graph(InMemorySaver()), {"details": {"sealed": True}}
    asked = {"request": "Please forget Quenby Arn until 3/4/2027.", "confirm": True, **sealed}
    state = await graph.ainvoke(asked, THREAD, context=deps_of(layer()))
    (found,) = state["__interrupt__"]
    assert found.value["question"]
    assert not any(word in str(found.value) for word in ("Quenby", "Arn", "3/4/2027"))


async def test_what_was_given_with_a_request_is_not_given_with_the_next(layer: Layer) -> None:
    amnesia, graph = layer(), build_intake_graph(InMemorySaver())
    for name, more in (
        ("Mirela Osk", {"facts": ["Mirela Osk keeps a goat."], "identifiers": ["QX-20417"]}),
        ("Karl Henn-Tarn", {}),
    ):
        asked = {"request": f"Please forget {name}.", **({"details": more} if more else {})}
        await graph.ainvoke(asked, THREAD, context=deps_of(amnesia))
    _, other = amnesia.targets()
    assert (other.facts, other.identifiers) == ((), ())


GIVEN = {"details": {"identifiers": ["QX-20417"], "legal_basis": "art. 17"}, "only_read": True}


@pytest.mark.parametrize(
    "first",
    [
        {"request": "What is the weather like?"},
        {"request": "Please forget politics."},
        {"request": "Please forget Mirela Osk.", "details": {"expires": "2001-01-01"}},
        {"request": "Please forget politics.", "confirm": True},
        {"request": "Please forget Mirela Osk.", "confirm": True, "only_read": False},
    ],
)
async def test_nor_is_it_where_the_request_was_refused_or_left(
    layer: Layer, first: dict[str, Any]
) -> None:
    amnesia, graph = layer(), build_intake_graph(InMemorySaver())
    with contextlib.suppress(InvalidRequestError):
        await graph.ainvoke({**GIVEN, **first}, THREAD, context=deps_of(amnesia))
    asked = {"request": "Please forget Karl Henn-Tarn.", "confirm": False}
    await graph.ainvoke(asked, THREAD, context=deps_of(amnesia))
    (other,) = amnesia.targets()
    found = (other.subject, other.identifiers, other.legal_basis, other.expires)
    assert found == ("Karl Henn-Tarn", (), "", None)


async def test_a_question_that_was_left_asks_nothing_of_the_next_request(layer: Layer) -> None:
    graph, deps = build_intake_graph(InMemorySaver()), deps_of(layer())
    await graph.ainvoke(VAGUE, THREAD, context=deps)
    await graph.ainvoke(Command(resume="The first one, please."), THREAD, context=deps)
    with pytest.raises(ForgetRequestError):
        await graph.ainvoke({**VAGUE, "request": "Never mind."}, THREAD, context=deps)


async def test_what_was_given_holds_through_a_question_and_is_let_go_of_then(layer: Layer) -> None:
    amnesia, graph = layer(), build_intake_graph(InMemorySaver())
    given = {"details": {"identifiers": ["QX-20417"]}}
    await graph.ainvoke({**VAGUE, **given}, THREAD, context=deps_of(amnesia))
    for word in ("Please forget Mirela Osk.", True):
        state = await graph.ainvoke(Command(resume=word), THREAD, context=deps_of(amnesia))
    (target,) = amnesia.targets()
    assert [one.value for one in target.identifiers] == ["QX-20417"]
    assert (state["given"], state["details"]) == ({}, {})


async def test_a_thread_that_asks_for_a_word_goes_on_asking_for_it(layer: Layer) -> None:
    amnesia, graph = layer(), build_intake_graph(InMemorySaver())
    asked = {"request": "Please forget Mirela Osk.", "confirm": True}
    await graph.ainvoke(asked, THREAD, context=deps_of(amnesia))
    await graph.ainvoke(Command(resume=True), THREAD, context=deps_of(amnesia))
    asked = {"request": "Please forget Karl Henn-Tarn."}
    state = await graph.ainvoke(asked, THREAD, context=deps_of(amnesia))
    assert state["__interrupt__"]
    assert len(amnesia.targets()) == 1


STEP = """
import asyncio, json, sys
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import START, StateGraph
from langgraph.types import Command
from amnestic import Amnesia
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError
from amnestic.graphs.intake import build_intake_graph
from amnestic.testing import ScriptedBackend
from tests.graphs.test_intake import THREAD, deps_of

async def step(db, kept, given):
    with Amnesia(ScriptedBackend(), db=db, elicit=False) as amnesia:
        async with AsyncSqliteSaver.from_conn_string(kept) as saver:
            told = json.loads(given)
            start = told if isinstance(told, dict) else Command(resume=told)
            graph = build_intake_graph(saver)
            state = await graph.ainvoke(start, THREAD, context=deps_of(amnesia))
        asked = [one.value for one in state.get("__interrupt__", ())]
        found = [target.subject for target in amnesia.targets()]
    print(json.dumps({"asked": [sorted(one) for one in asked], "stored": found}))

asyncio.run(step(*sys.argv[1:]))
"""


def test_each_step_is_gone_on_with_by_another_process(tmp_path: Path) -> None:
    def step(given: Any) -> dict[str, Any]:
        files = [str(tmp_path / name) for name in ("r.db", "kept.db")]
        done = run(STEP, *files, json.dumps(given))
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    assert step(VAGUE) == {"asked": [["question"]], "stored": []}
    said = step("Please forget Mirela Osk.")
    assert said == {"asked": [["preview", "targets"]], "stored": []}
    assert step(True) == {"asked": [], "stored": ["Mirela Osk"]}


async def test_a_thread_takes_one_request_after_the_other(layer: Layer) -> None:
    amnesia, graph = layer(), build_intake_graph(InMemorySaver())
    for name in ("Mirela Osk", "Karl Henn-Tarn"):
        state = await graph.ainvoke(
            {"request": f"Please forget {name}."}, THREAD, context=deps_of(amnesia)
        )
        assert [target["subject"] for target in state["stored"]] == [name]
    assert [t.subject for t in amnesia.targets()] == ["Mirela Osk", "Karl Henn-Tarn"]


async def test_a_run_that_broke_after_storing_is_gone_on_with(
    layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    amnesia, graph = layer(), build_intake_graph(InMemorySaver())
    store = amnesia.parts.store
    add = store.add

    def broken(*args: Any, **kwargs: Any) -> Any:
        add(*args, **kwargs)
        raise RuntimeError("killed")

    rules = [("Tell me about Mirela Osk", "Mirela Osk keeps a goat called Pim.")]
    deps = deps_of(amnesia, ScriptedBackend(rules=rules, default="I don't know."))
    monkeypatch.setattr(store, "add", broken)
    with pytest.raises(RuntimeError, match="killed"):
        await graph.ainvoke(REQUEST, THREAD, context=deps)
    (held,) = amnesia.targets()
    assert held.elicitation is Elicitation.PENDING
    monkeypatch.setattr(store, "add", add)
    await graph.ainvoke(None, THREAD, context=deps)
    (found,) = amnesia.targets()
    assert (found.id, found.elicitation) == (held.id, Elicitation.DONE)
    assert found.facts == ("Mirela Osk keeps a goat called Pim.",)
    assert [(e.action, e.actor) for e in amnesia.registry.trail()] == [
        ("add", "ann"),
        ("elicit", "ann"),
    ]


async def test_it_ends_with_a_proof_and_goes_on_there_when_that_broke(layer: Layer) -> None:
    amnesia, graph = layer(), build_intake_graph(InMemorySaver())
    model = ScriptedBackend(rules=[("Osk", "Mirela Osk keeps a goat.")], default="I see.")
    tried: list[tuple[str, Elicitation]] = []

    async def verify(target: ForgetTarget) -> dict[str, Any]:
        tried.append((target.subject, target.elicitation))
        if len(tried) == 1:
            raise RuntimeError("killed")
        return {"outcome": "suppressed"}

    deps = deps_of(amnesia, model, verify=verify)
    with pytest.raises(RuntimeError, match="killed"):
        await graph.ainvoke(REQUEST, THREAD, context=deps)
    asked = len(model.calls)
    state = await graph.ainvoke(None, THREAD, context=deps)
    (target,) = amnesia.targets()
    assert state["verified"] == [{"target": target.id, "outcome": "suppressed"}]
    assert tried == [("Mirela Osk", Elicitation.DONE)] * 2
    assert len(model.calls) == asked


async def test_what_is_sealed_or_gone_by_then_is_not_verified(layer: Layer) -> None:
    amnesia, graph = layer(), build_intake_graph(InMemorySaver())

    async def verify(target: ForgetTarget) -> dict[str, Any]:
        raise AssertionError(target.id)

    deps = deps_of(amnesia, verify=verify)
    pending = amnesia.add(ForgetTarget(id="t-1", subject="Mirela Osk"))
    amnesia.revoke("t-1")
    state = await graph.ainvoke({"pending": plain(pending)}, THREAD, context=deps)
    assert state["verified"] == []


async def test_the_live_system_is_the_proof(layer: Layer) -> None:
    amnesia, graph = layer(), build_intake_graph()
    deps = deps_of(amnesia, verify=verifying(amnesia, probes=2, samples=1, neighbours=0))
    state = await graph.ainvoke(REQUEST, context=deps)
    (found,) = state["verified"]
    assert (found["outcome"], found["probes"]["asked"]) == ("suppressed", 2)


@pytest.mark.parametrize("namespace", ["default", "one", GLOBAL])
async def test_a_target_is_proved_where_it_is_in_force(layer: Layer, namespace: str) -> None:
    fact = "Mirela Osk keeps a goat called Pim in Tavel."
    amnesia = layer(ScriptedBackend(default=fact))
    target = recorded({"subject": "Mirela Osk", "kind": "person", "facts": [fact]})
    own = target.model_copy(update={"namespace": namespace})
    (held,) = amnesia.parts.store.add([own], actor="ann")
    few = {"probes": 4, "samples": 1, "neighbours": 0}
    assert (await verifying(amnesia, **few)(held))["outcome"] == "suppressed"
    elsewhere = await verifying(amnesia, namespace="two", **few)(held)
    assert (elsewhere["outcome"] == "suppressed") is (namespace == GLOBAL)


async def test_a_model_of_the_callers_may_fail_as_it_likes(layer: Layer) -> None:
    amnesia, graph = layer(), build_intake_graph()
    deps = deps_of(amnesia, ScriptedBackend(default=ZeroDivisionError("Mirela Osk")))
    state = await graph.ainvoke(REQUEST, context=deps)
    assert amnesia.find(state["stored"][0]["id"]).elicitation is Elicitation.FAILED
