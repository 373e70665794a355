"""The intake graph (design.md §7): from plain words to a target that is in force, and to what the
wrapped model knows of it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.config import get_config
from langgraph.constants import CONFIG_KEY_CHECKPOINTER
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from amnestic.agents.records import (
    Details,
    checked,
    given,
    interpreted,
    keeps_itself,
    with_elicited,
)
from amnestic.agents.requests import LocalInterpreter, at_most, masked_refusal
from amnestic.exceptions import (
    ConfigurationError,
    ForgetRequestError,
    InvalidRequestError,
    NeedsClarificationError,
)
from amnestic.graphs.intake_state import IntakeDeps, IntakeState, plain, targets_of
from amnestic.tools.offload import offload
from amnestic.types import Elicitation, ForgetTarget

__all__ = ["IntakeDeps", "IntakeState", "build_intake_graph", "plain", "targets_of"]

_log = logging.getLogger(__name__)

_NOTHING_YET: dict[str, Any] = {
    "targets": [],
    "question": "",
    "preview": {},
    "confirmed": False,
    "stored": [],
    "elicited": [],
    "verified": [],
}
_NOTHING_GIVEN: dict[str, Any] = {
    "most": None,
    "details": {},
    "only_read": False,
    "until_stored": False,
}

IntakeGraph = CompiledStateGraph[IntakeState, IntakeDeps, IntakeState, IntakeState]


def build_intake_graph(checkpointer: BaseCheckpointSaver[Any] | None = None) -> IntakeGraph:
    """Compile the intake: interpret, preview, confirm, store, elicit, index, verify. With
    `only_read` in the state it ends with the reading and what the model knows. What is given beside
    a request is of that one alone; `confirm` stays set for the thread.

    With a checkpointer it is resumed at the step that it was left at, also by another process, and
    `confirm` in the state makes it stop twice for a word: with a `question` where the request
    leaves open who or what is meant, which is read anew as it is answered
    (`Command(resume="Please forget …")`, or `False` to leave it), and with the reading before
    anything is stored (`Command(resume=True)`). Without `confirm` such a request raises
    `NeedsClarificationError`; with it, but without a checkpointer of its own or of a graph that it
    is part of, `ConfigurationError` is raised before anything is read.
    """
    builder = StateGraph(IntakeState, context_schema=IntakeDeps)
    reading, storing = (interpret, clarify, known, preview, confirm), (store, elicit, index, verify)
    for node in (take, begin, *reading, *storing, done):
        builder.add_node(node.__name__, node)
    builder.add_edge(START, "take")
    builder.add_conditional_edges("take", _beginning)
    builder.add_conditional_edges("interpret", _after_reading)
    builder.add_conditional_edges("clarify", _after_question)
    builder.add_edge("preview", "confirm")
    builder.add_conditional_edges("confirm", _after_word)
    builder.add_conditional_edges("store", _after_storing)
    builder.add_edge("known", "done")
    builder.add_edge("begin", "elicit")
    builder.add_edge("elicit", "index")
    builder.add_edge("index", "verify")
    builder.add_edge("verify", "done")
    builder.add_edge("done", END)
    return builder.compile(checkpointer=checkpointer or False, name="amnestic-intake")


def _beginning(state: IntakeState) -> Literal["interpret", "begin"]:
    return "begin" if state.get("pending") else "interpret"


def _after_reading(state: IntakeState) -> str:
    if state["question"]:
        return "clarify"
    return "known" if _given(state).get("only_read") else "preview"


def _after_question(state: IntakeState) -> str:
    return "done" if state["question"] else "interpret"


def _after_word(state: IntakeState) -> str:
    return "store" if state["confirmed"] else "done"


def _after_storing(state: IntakeState) -> str:
    return "done" if _given(state).get("until_stored") else "elicit"


def _given(state: IntakeState) -> Mapping[str, Any]:
    """What was given beside the request that is read; of a run that an earlier version was stopped
    in, what stands in its state."""
    return state.get("given") or state


async def take(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Set aside what was given beside this request, so that the next one on the thread has its own,
    also where this one is refused or left."""
    if state.get("confirm") and not state.get("pending") and not _is_kept():
        raise ConfigurationError(
            "`confirm` stops the intake until somebody has given their word, and without a "
            "checkpointer nothing goes on from there: give one to `build_intake_graph`, or leave "
            "`confirm` out"
        )
    taken = {name: state.get(name, nothing) for name, nothing in _NOTHING_GIVEN.items()}
    return {**_NOTHING_GIVEN, "given": taken, "answered": False}


def _is_kept() -> bool:
    """Whether a run can be resumed: by a checkpointer of its own, or of a graph around it."""
    return bool(get_config().get("configurable", {}).get(CONFIG_KEY_CHECKPOINTER))


async def begin(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Go on with targets that are stored already."""
    return {"stored": state["pending"], "pending": []}


async def interpret(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Read the request, or refuse it with the reason; what it leaves open is a question where
    somebody is there to answer it. What is to be sealed is read by the local grammar alone, and its
    words stand in no refusal."""
    deps, details = runtime.context, given(_given(state).get("details", {}))
    if details.sealed:
        deps = replace(deps, interpreter=LocalInterpreter(), backend=None)
    try:
        return {**_NOTHING_YET, "targets": plain(await _read(deps, state, details))}
    except InvalidRequestError as error:
        refused = masked_refusal(error, state["request"]) if details.sealed else error
    asks = ForgetRequestError if state.get("answered") else NeedsClarificationError
    if state.get("confirm") and isinstance(refused, asks):
        return {**_NOTHING_YET, "question": str(refused)}
    raise refused


async def clarify(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Stop until somebody says what is meant: the request in other words takes the place of what
    was asked, and is asked about once more where it cannot be read; anything else leaves it."""
    answer = interrupt({"question": state["question"]})
    if not isinstance(answer, str):
        return {}
    return {"request": answer, "question": "", "answered": True}


async def _read(deps: IntakeDeps, state: IntakeState, details: Details) -> list[ForgetTarget]:
    reading = await deps.interpreter.aread(state["request"])
    if reading.doubts:
        raise NeedsClarificationError("; ".join(reading.doubts))
    if (most := _given(state).get("most")) is not None:
        reading = at_most(reading, most)
    if details.are_of_one and len(reading.targets) > 1:
        raise ForgetRequestError(
            f"facts, names and the like are given of one target, and the request names "
            f"{len(reading.targets)}; forget them one at a time"
        )
    pending = Elicitation.NONE if deps.backend is None else Elicitation.PENDING
    targets = []
    for found in reading.targets:
        told = interpreted(
            found, namespace=deps.namespace, requester=deps.requester, unread=reading.unread
        )
        if keeps_itself(told):
            raise NeedsClarificationError(
                "the request wants the same thing forgotten and not forgotten; say which of the two"
            )
        if details != Details():
            told = checked(details.added_to(told))
        known = {"id": f"t-{secrets.token_hex(8)}", "elicitation": pending}
        targets.append(told.model_copy(update=known))
    return targets


async def known(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Add what the wrapped model says, to targets that are only to be looked at."""
    targets = targets_of(state["targets"])
    said = {target.id: target for target in await _elicited(runtime.context, targets)}
    return {"targets": plain(said.get(target.id, target) for target in targets)}


async def preview(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Say what the targets would match, where somebody is asked to confirm it."""
    deps = runtime.context
    if not state.get("confirm") or deps.forecast is None:
        return {}
    return {"preview": await deps.forecast(targets_of(state["targets"]))}


async def confirm(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Stop for somebody's word, where that is wanted: nothing is stored unless it is `True`."""
    if not state.get("confirm"):
        return {"confirmed": True}
    word = interrupt({"targets": state["targets"], "preview": state.get("preview", {})})
    return {"confirmed": word is True}


async def store(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Put the targets in force, all or none. Those that a broken run has stored are not again."""
    deps, targets = runtime.context, targets_of(state["targets"])
    held = await offload(deps.store.registry.some, [target.id for target in targets])
    if not held:
        who, why = deps.actor or deps.requester, given(_given(state).get("details", {})).reason
        held = list(await offload(deps.store.add, targets, actor=who, reason=why))
    return {"stored": plain(held)}


async def elicit(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Ask the wrapped model what it says about each subject: that is what can leak. A model that
    does not answer leaves the target as it was told."""
    return {"elicited": plain(await _elicited(runtime.context, targets_of(state["stored"])))}


async def _elicited(
    deps: IntakeDeps, targets: tuple[ForgetTarget, ...]
) -> tuple[ForgetTarget, ...]:
    said = []
    for target in targets:
        if deps.backend is None or target.elicitation is not Elicitation.PENDING:
            continue
        if target.sealed:  # no model is told of it
            continue
        if target.subject not in target.proper_names:  # an identifier is told to no model
            said.append(target.model_copy(update={"elicitation": Elicitation.NONE}))
            continue
        try:
            found = await deps.elicitor.elicit(
                deps.backend, target.subject, target.kind, target.aliases
            )
        except Exception as error:  # noqa: BLE001 - a caller's model may raise whatever it likes
            _log.warning("no model said what it knows of %s: %s", target.id, type(error).__name__)
            said.append(target.model_copy(update={"elicitation": Elicitation.FAILED}))
        else:
            said.append(with_elicited(target, found))
    return tuple(said)


async def index(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Add what was said to the targets, where they are still the ones that were asked about."""
    deps = runtime.context
    for target in targets_of(state["elicited"]):
        await offload(deps.store.elicited, target, actor=deps.actor or deps.requester)
    return {}


async def verify(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Probe the live system for what is in force by now, where that is wanted. Sealed targets are
    passed over: probes would name them to the model."""
    deps = runtime.context
    if deps.verify is None:
        return {}
    held = await offload(deps.store.registry.some, [target["id"] for target in state["stored"]])
    probed = [target for target in held if target.is_active() and not target.sealed]
    return {"verified": [{"target": t.id, **await deps.verify(t)} for t in probed]}


async def done(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Let go of what was given beside this request: a checkpointer needs to keep it no longer."""
    return {**_NOTHING_GIVEN, "given": {}}
