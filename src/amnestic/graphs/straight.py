"""The straight way through the unlearning graph: vet, generate, audit, and nothing found.

What is far from every target goes this way. Planning steps and handing a state from one to the next
takes LangGraph longer than some of these nodes take, so here they run one behind the other: the
same nodes, under the same limits, with the same handler. Where one leads anywhere else, the graph
goes on from there with the state so far.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast, get_type_hints

from langgraph.graph import END
from langgraph.runtime import Runtime

from amnestic.graphs.state import Deps, State
from amnestic.graphs.unlearning import step_for
from amnestic.isolation import as_in_a_node

__all__ = ["has_ended", "straight_on"]

_WAY = ("vet", "generate", "audit")
_JOINED: Mapping[str, Callable[[Any, Any], Any]] = {
    key: hint.__metadata__[0]
    for key, hint in get_type_hints(State, include_extras=True).items()
    if hasattr(hint, "__metadata__")
}
"""How what a node says of a key joins what is there; of any other key it takes its place."""


async def straight_on(state: State, deps: Deps) -> State:
    """The state at the end of the straight way, or where a run leaves it: then `at` says which
    node is next. Raises what `fail_closed` raises."""
    runtime = Runtime(context=deps)
    at = "vet"
    with as_in_a_node(runtime):
        while at in _WAY:
            command = await step_for(at, deps.settings).take(state, runtime)
            state = _joined(state, cast("Mapping[str, Any]", command.update or {}))
            at = str(command.goto)
    return {**state, "at": at}


def has_ended(state: State) -> bool:
    """Whether nothing is left to be done in a run.

    >>> has_ended({"at": END}), has_ended({"at": "scrub"})
    (True, False)
    """
    return state["at"] == END


def _joined(state: State, update: Mapping[str, Any]) -> State:
    """The state with what a node says.

    >>> before = State(tried=["edit"], round=1)
    >>> _joined(before, {"tried": ["again"], "round": 2}) == State(tried=["edit", "again"], round=2)
    True
    """
    held: Mapping[str, Any] = cast("Mapping[str, Any]", state)
    told = {
        key: _JOINED[key](held[key], value) if key in _JOINED and key in held else value
        for key, value in update.items()
    }
    return cast("State", {**held, **told})
