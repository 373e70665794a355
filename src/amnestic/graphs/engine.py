"""Running the unlearning graph for one request, isolated from the caller's own run."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from amnestic.agents.ledger import Ledger, open_ledger
from amnestic.agents.roles import Crew
from amnestic.config import Settings
from amnestic.exceptions import WithheldError
from amnestic.graphs.asking import late_answer
from amnestic.graphs.outcome import Outcome
from amnestic.graphs.state import Deps, State
from amnestic.graphs.straight import has_ended, straight_on
from amnestic.graphs.unlearning import build_graph, recursion_limit
from amnestic.graphs.usage import ModelCounts, counted
from amnestic.graphs.watching import untouched
from amnestic.graphs.wording import gone_on_with
from amnestic.isolation import run_isolated
from amnestic.models.protocol import ChatBackend, Delta
from amnestic.models.telemetry import Telemetry, observing
from amnestic.tools.offload import offload
from amnestic.types import Conversation, Generation, Receipt, Route

__all__ = ["Request", "UnlearningEngine"]


@dataclass(frozen=True, slots=True)
class Request:
    """One request: a conversation, the model that shall answer it, and the caller's options.

    `emit`, for a caller who listens, is told each piece of the answer once it has passed.
    """

    conversation: Conversation
    backend: ChatBackend
    namespace: str = "default"
    options: Mapping[str, Any] = field(default_factory=dict)
    emit: Callable[[Delta], None] | None = None


class UnlearningEngine:
    """The one review path that every door leads to.

    `refresh` is called before a conversation is vetted, so that what another process wrote is in
    force; when it fails, the request fails closed. `record` is told what a request's agents have
    spent, when it is over, and `telemetry` of each request and each call.
    """

    def __init__(
        self,
        crew: Crew,
        settings: Settings,
        refresh: Callable[[], None] = lambda: None,
        record: Callable[[Ledger], None] = lambda ledger: None,
        telemetry: Telemetry | None = None,
    ) -> None:
        self._crew = crew
        self._settings = settings
        self._refresh = refresh
        self._record = record
        self._telemetry = telemetry
        self._graph = build_graph(settings)
        self._counts = ModelCounts()

    @property
    def crew(self) -> Crew:
        """The agents at work."""
        return self._crew

    @property
    def refresh(self) -> Callable[[], None]:
        """Puts in force what another process wrote."""
        return self._refresh

    async def run(self, request: Request) -> Outcome:
        """Answer a request.

        Raises what the wrapped model raised, or `WithheldError` where the settings ask for an
        exception on failure; never lets text pass that the audit has not.
        """
        if self._telemetry is None:
            return await self._answered(request)
        with observing(self._telemetry), self._telemetry.request() as told:
            outcome = await self._answered(request)
            told(outcome.receipt)
            return outcome

    async def _answered(self, request: Request) -> Outcome:
        if self._settings.only_watches(request.namespace):
            return await self._watched(request)
        state, ledger = await self._reviewed(request)
        if "model_error" in state:
            raise _model_error(state["model_error"])
        outcome = await self._outcome(state, ledger, request)
        if outcome.receipt.route is Route.FAILED and self._settings.on_failure == "raise":
            raise WithheldError(f"reply {outcome.receipt.id} was withheld: an agent failed")
        return outcome

    async def _watched(self, request: Request) -> Outcome:
        """Audit mode: the model's own answer, whatever the review finds in it."""
        given = await run_isolated(
            lambda: untouched(
                request.backend,
                request.conversation,
                request.options,
                request.emit,
                self._settings.model_timeout,
            )
        )
        backend = given.backend(request.backend)
        state, ledger = await self._reviewed(replace(request, backend=backend, emit=None))
        found = _receipt({**state, "base_calls": 1}, ledger)
        stages = (given.stage, *found.stages)
        return Outcome(given.generation, found.model_copy(update={"audit": True, "stages": stages}))

    async def _outcome(self, state: State, ledger: Ledger, request: Request) -> Outcome:
        """The verified answer, with what it is said to have taken, and its receipt."""
        receipt, generation = _receipt(state, ledger), state["generation"]
        model, asked, said = request.backend, request.conversation, generation.choices
        if not receipt.touched():
            self._counts.note(model.name, asked, generation)
            return Outcome(generation, receipt)
        usage = await counted(model, asked, request.options, said)
        if usage is None:
            read = state.get("base_usage", generation.usage).input_tokens
            usage = self._counts.told(model.name, asked, said, read)
        return Outcome(replace(generation, usage=usage), receipt)

    async def _reviewed(self, request: Request) -> tuple[State, Ledger]:
        """What the graph makes of a request, and what its agents have spent."""
        deps = Deps(
            self._crew,
            request.backend,
            self._settings,
            request.namespace,
            request.options,
            self._refresh,
            request.emit,
        )
        with open_ledger(request.namespace) as ledger:
            try:
                state: State = await run_isolated(lambda: self._invoke(request, deps))
            except Exception as error:  # noqa: BLE001 - the one place that fails closed
                state = _failed_state(type(error).__name__)
        if ledger.calls or ledger.probes:
            await offload(self._record, ledger)
        return state, ledger

    async def _invoke(self, request: Request, deps: Deps) -> State:
        try:
            return await self._run_through(request, deps)
        finally:
            await deps.ahead.end()

    async def _run_through(self, request: Request, deps: Deps) -> State:
        begun = await straight_on({"conversation": request.conversation}, deps)
        if has_ended(begun):
            return begun
        try:
            result: Any = await self._graph.ainvoke(
                begun,
                {"recursion_limit": recursion_limit(self._settings), "callbacks": []},
                context=deps,
            )
        except Exception as error:  # noqa: BLE001 - fails closed, from what is out
            return _failed_state(type(error).__name__, begun)
        state: State = result
        if _has_come_to_an_end(state):
            return state
        return _failed_state("a run that did not end", begun)


def _has_come_to_an_end(state: State) -> bool:
    """Whether a run said what becomes of its draft. LangGraph's own exceptions, like that of an
    interruption, end one without its handler, and leave the draft in the state as it was."""
    return "route" in state or "model_error" in state


def _failed_state(reason: str, begun: State | None = None) -> State:
    draft = gone_on_with((begun or {}).get("broken_in", ""), "")
    return {"generation": Generation((draft,)), "route": Route.FAILED, "reason": reason}


def _model_error(error: BaseException) -> BaseException:
    if type(error).__name__ == "NodeTimeoutError":
        return late_answer()
    return error


def _receipt(state: State, ledger: Ledger) -> Receipt:
    route = state.get("route", Route.FAILED)
    if ledger.fallen and route is Route.ABSTAINED:
        route = Route.FAILED
    return Receipt(
        id=uuid.uuid4().hex,
        route=route,
        stages=tuple(state.get("stages", ())),
        targets=_target_ids(state),
        rounds=state.get("round", 0),
        base_calls=state.get("base_calls", 0),
        second_asks=state.get("asks", 0),
        tried=tuple(state.get("tried", ())),
        agent_calls=ledger.calls,
        agent_tokens=ledger.tokens,
        probe_calls=ledger.probe_calls,
        quotes_dropped=ledger.dropped,
        too_long=ledger.too_long,
        unidentified=ledger.unidentified,
        scrubbed=state.get("scrubbed", 0),
        reason=state.get("reason") or "; ".join(dict.fromkeys(ledger.fallen)),
    )


def _target_ids(state: State) -> tuple[str, ...]:
    verdict = state.get("verdict")
    ids = dict.fromkeys(verdict.targets if verdict is not None else ())
    ids.update(dict.fromkeys(f.target_id for f in state.get("findings", ())))
    return tuple(ids)
