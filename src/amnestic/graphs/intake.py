"""The intake graph (design.md §6): from plain words to a target that is in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from amnestic.agents.elicitor import Elicited, ModelElicitor
from amnestic.agents.requests import Interpretation, Interpreter, facts_told, kind_said
from amnestic.exceptions import NeedsClarificationError
from amnestic.models.protocol import ChatBackend
from amnestic.tools.names import names_apart
from amnestic.types import Facet, FacetKind, FacetSource, ForgetTarget

__all__ = ["IntakeDeps", "build_intake_graph", "interpreted_target"]


@dataclass(frozen=True, slots=True)
class IntakeDeps:
    """What the intake works with; `backend` is `None` where nothing shall be elicited."""

    interpreter: Interpreter
    elicitor: ModelElicitor
    backend: ChatBackend | None
    namespace: str
    requester: str


class IntakeState(TypedDict, total=False):
    """The intake's state; never checkpointed, since it holds what must be forgotten."""

    request: str
    most: int | None
    interpretations: tuple[Interpretation, ...]
    elicited: tuple[Elicited, ...]
    targets: tuple[ForgetTarget, ...]


IntakeGraph = CompiledStateGraph[IntakeState, IntakeDeps, IntakeState, IntakeState]


def build_intake_graph() -> IntakeGraph:
    """Compile the intake: interpret, elicit, assemble. It stores nothing, so that a request that
    fails half-way changes nothing."""
    builder = StateGraph(IntakeState, context_schema=IntakeDeps)
    builder.add_node("interpret", interpret)
    builder.add_node("elicit", elicit)
    builder.add_node("assemble", assemble)
    builder.add_edge(START, "interpret")
    builder.add_edge("interpret", "elicit")
    builder.add_edge("elicit", "assemble")
    builder.add_edge("assemble", END)
    return builder.compile(checkpointer=False, name="amnestic-intake")


async def interpret(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Read the request, or refuse it with the reason."""
    reading = await runtime.context.interpreter.aread(state["request"])
    if reading.doubts:
        raise NeedsClarificationError("; ".join(reading.doubts))
    if (most := state.get("most")) is not None:
        reading.at_most(most)
    return {"interpretations": reading.targets}


async def elicit(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Ask the wrapped model what it says about each subject: that is what can leak."""
    deps, found = runtime.context, state["interpretations"]
    if deps.backend is None:
        return {"elicited": (Elicited(),) * len(found)}
    said = [
        await deps.elicitor.elicit(deps.backend, one.subject, one.kind, one.aliases)
        for one in found
    ]
    return {"elicited": tuple(said)}


async def assemble(state: IntakeState, runtime: Runtime[IntakeDeps]) -> dict[str, Any]:
    """Put the targets together; ids come from the registry."""
    deps = runtime.context
    pairs = zip(state["interpretations"], state["elicited"], strict=True)
    return {
        "targets": tuple(
            interpreted_target(found, elicited, deps.namespace, deps.requester)
            for found, elicited in pairs
        )
    }


def interpreted_target(
    found: Interpretation, elicited: Elicited, namespace: str, requester: str
) -> ForgetTarget:
    """The target, with its facets: names, description, and facts as told and as elicited.

    Elicited names are facets alone: `aliases` are those that the request tells. An identifier is no
    name, however it is written; where it is all that is told, it is the subject.
    """
    names = tuple(n for n in names_apart(found.aliases, found.identifiers) if n != found.subject)
    described, told = facts_told(found.description, found.subject)
    called = names_apart((found.subject, *names), found.identifiers)
    texts = [(FacetKind.ALIAS, name) for name in called]
    if described:
        texts.append((FacetKind.DESCRIPTION, described))
    texts.extend((FacetKind.FACT, fact) for fact in dict.fromkeys(told))
    said = [(FacetKind.ALIAS, name) for name in elicited.names]
    said += [(FacetKind.FACT, fact) for fact in elicited.facts]
    new = [pair for pair in dict.fromkeys(said) if pair not in texts]
    return ForgetTarget(
        id="",
        subject=found.subject,
        kind=found.kind if not found.kind_guessed else kind_said(found, elicited.facts),
        description=found.description,
        aliases=names,
        identifiers=found.identifiers,
        facets=(
            *(Facet(kind=kind, text=text) for kind, text in texts),
            *(Facet(kind=kind, text=text, source=FacetSource.ELICITED) for kind, text in new),
        ),
        exceptions=found.exceptions,
        namespace=namespace,
        requester=requester,
        reason=found.reason,
        expires=found.expires,
    )
