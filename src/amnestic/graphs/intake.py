"""The intake graph (design.md §7): from plain words to a target that is in force, and to what the
wrapped model knows of it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypedDict

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from amnestic.agents.elicitor import ModelElicitor
from amnestic.agents.records import Details, checked, given, interpreted, with_elicited
from amnestic.agents.requests import Interpreter, LocalInterpreter, at_most, masked_refusal
from amnestic.exceptions import ForgetRequestError, InvalidRequestError, NeedsClarificationError
from amnestic.models.protocol import ChatBackend
from amnestic.tools.index import TargetStore
from amnestic.tools.offload import offload
from amnestic.types import Elicitation, ForgetTarget

__all__ = ["IntakeDeps", "IntakeState", "build_intake_graph", "plain", "targets_of"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IntakeDeps:
    """What the intake works with.

    Attributes:
        requester: who wants it forgotten.
        actor: who puts it in force, for the trail; the requester unless given.
        backend: asked what it knows of a new target; `None` where nothing shall be elicited.
        forecast: says what targets would match, before they are in force.
        verify: probes the live system for a target in force, as `amnestic.verifying.verifying`
            makes it; without one nothing is probed.
    """

    interpreter: Interpreter
    elicitor: ModelElicitor
    store: TargetStore
    backend: ChatBackend | None
    namespace: str
    requester: str
    forecast: Callable[[tuple[ForgetTarget, ...]], Awaitable[dict[str, Any]]] | None = None
    actor: str = ""
    verify: Callable[[ForgetTarget], Awaitable[dict[str, Any]]] | None = None


Plain = dict[str, Any]
"""A target as plain data, which every checkpointer can keep."""


class IntakeState(TypedDict, total=False):
    """The intake's state, as plain data. It holds what must be forgotten: a checkpointer that keeps
    it is a place where that is stored.

    `request` is what is read, with `most` targets and the `details` given beside it; or `pending`
    are targets in force that were not elicited yet. What a run on the same thread left before is
    written over.
    """

    request: str
    most: int | None
    details: Plain
    pending: list[Plain]
    confirm: bool
    only_read: bool
    until_stored: bool
    targets: list[Plain]
    preview: Plain
    confirmed: bool
    stored: list[Plain]
    elicited: list[Plain]
    verified: list[Plain]


_NOTHING_YET: dict[str, Any] = {"stored": [], "elicited": [], "preview": {}, "verified": []}

IntakeGraph = CompiledStateGraph[IntakeState, IntakeDeps, IntakeState, IntakeState]


def build_intake_graph(checkpointer: BaseCheckpointSaver[Any] | None = None) -> IntakeGraph:
    """Compile the intake: interpret, preview, confirm, store, elicit, index, verify. With
    `only_read` in the state it ends with the reading and what the model knows.

    With a checkpointer it is resumed at the step that it was left at, and `confirm` in the state
    makes it stop for a word (`Command(resume=True)`) before anything is stored.
    """
    builder = StateGraph(IntakeState, context_schema=IntakeDeps)
    for node in (begin, interpret, known, preview, confirm, store, elicit, index, verify):
        builder.add_node(node.__name__, node)
    builder.add_conditional_edges(START, _beginning)
    builder.add_conditional_edges("interpret", _after_reading)
    builder.add_edge("preview", "confirm")
    builder.add_conditional_edges("confirm", _after_word)
    builder.add_conditional_edges("store", _after_storing)
    builder.add_edge("known", END)
    builder.add_edge("begin", "elicit")
    builder.add_edge("elicit", "index")
    builder.add_edge("index", "verify")
    builder.add_edge("verify", END)
    return builder.compile(checkpointer=checkpointer or False, name="amnestic-intake")


def plain(targets: Iterable[ForgetTarget]) -> list[Plain]:
    """Targets as plain data."""
    return [target.model_dump(mode="json") for target in targets]


def targets_of(told: Iterable[Plain]) -> tuple[ForgetTarget, ...]:
    """Targets of plain data."""
    return tuple(ForgetTarget.model_validate(target) for target in told)


def _beginning(state: IntakeState) -> Literal["interpret", "begin"]:
    return "begin" if state.get("pending") else "interpret"


def _after_reading(state: IntakeState) -> str:
    return "known" if state.get("only_read") else "preview"


def _after_word(state: IntakeState) -> str:
    return "store" if state["confirmed"] else END


def _after_storing(state: IntakeState) -> str:
    return END if state.get("until_stored") else "elicit"


async def begin(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Go on with targets that are stored already."""
    return {"stored": state["pending"], "pending": []}


async def interpret(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Read the request, or refuse it with the reason. What is to be sealed is read by the local
    grammar alone, and its words stand in no refusal."""
    deps, details = runtime.context, given(state.get("details", {}))
    if not details.sealed:
        return {**_NOTHING_YET, "targets": plain(await _read(deps, state, details))}
    local = replace(deps, interpreter=LocalInterpreter(), backend=None)
    try:
        return {**_NOTHING_YET, "targets": plain(await _read(local, state, details))}
    except InvalidRequestError as error:
        refused = masked_refusal(error, state["request"])
    raise refused


async def _read(deps: IntakeDeps, state: IntakeState, details: Details) -> list[ForgetTarget]:
    reading = await deps.interpreter.aread(state["request"])
    if reading.doubts:
        raise NeedsClarificationError("; ".join(reading.doubts))
    if (most := state.get("most")) is not None:
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
        who, why = deps.actor or deps.requester, given(state.get("details", {})).reason
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
