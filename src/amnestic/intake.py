"""Taking forget requests in, as one layer does it: with its model, its registry, its settings.

What reads requests is imported with the first one: a layer that only answers never needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from amnestic.agents.ledger import Ledger, open_ledger
from amnestic.config import Settings
from amnestic.forecasting import Forecast, Preview
from amnestic.graphs.elicitations import Elicitations
from amnestic.isolation import SILENT_CONFIG, run_isolated
from amnestic.models.protocol import ChatBackend
from amnestic.models.telemetry import Telemetry, observing
from amnestic.tools.index import TargetStore
from amnestic.tools.offload import offload
from amnestic.types import Elicitation, ForgetTarget, TargetStatus

if TYPE_CHECKING:
    from amnestic.agents.records import Details
    from amnestic.agents.requests import Interpreter
    from amnestic.graphs.intake import IntakeState

__all__ = ["Intake"]


class Intake:
    """From requests to targets in force, and in the background to what the model knows of them.

    Args:
        interpreter: reads requests; the local grammar where there is none.
        backend: the wrapped model.
        record: counts what a request has cost.
        tells_of_sealed: whether a text tells of a sealed target of a namespace: a request that does
            is read by the local grammar, and no model is asked about its targets.
        telemetry: is told of each call of a model.
        is_named: whether somebody named the model. What earlier processes left to be asked is asked
            of no model that merely stands there because none is named.
    """

    def __init__(
        self,
        interpreter: Interpreter | None,
        store: TargetStore,
        backend: ChatBackend,
        settings: Settings,
        record: Callable[[Ledger], None],
        forecast: Forecast,
        tells_of_sealed: Callable[[str, str], bool],
        telemetry: Telemetry | None = None,
        *,
        is_named: bool = True,
    ) -> None:
        self._interpreter = interpreter
        self._store = store
        self._backend = backend
        self._settings = settings
        self._record = record
        self._forecast = forecast
        self._tells_of_sealed = tells_of_sealed
        self._telemetry = telemetry
        self._is_named = is_named
        self.elicitations = Elicitations(self._elicit)

    async def forget(
        self,
        text: str,
        namespace: str,
        requester: str,
        *,
        most: int | None = None,
        details: Details | None = None,
        elicit: bool | None = None,
        actor: str = "",
    ) -> tuple[ForgetTarget, ...]:
        """From plain words to targets that are in force, at `most` so many; `actor` stands in the
        trail, or else the requester."""
        self._check_key(details)
        asked = self._settings.elicit if elicit is None else elicit
        start: IntakeState = {"request": text, "most": most, "details": _told(details)}
        whole: IntakeState = {**start, "until_stored": True}
        state = await self._run(whole, namespace, requester, elicit=asked, actor=actor)
        stored = _targets_of(state["stored"])
        self.follow(stored)
        return stored

    async def preview(
        self,
        text: str,
        namespace: str,
        requester: str,
        *,
        details: Details | None = None,
        elicit: bool = False,
        against: Sequence[str] = (),
        open_to: Collection[str] | None = None,
    ) -> Preview:
        """What a request would store, and what that would match of the namespaces `open_to` (all
        without); nothing is stored."""
        self._check_key(details)
        start: IntakeState = {"request": text, "most": None, "details": _told(details)}
        whole: IntakeState = {**start, "only_read": True}
        state = await self._run(whole, namespace, requester, elicit=elicit)
        return await offload(self._forecast.of, _targets_of(state["targets"]), against, open_to)

    async def add(
        self, targets: Iterable[ForgetTarget], actor: str, *, elicit: bool = False, reason: str = ""
    ) -> tuple[ForgetTarget, ...]:
        """Put targets in force that are records already, all or none; their facets are new ones."""
        from amnestic.agents.records import checked, completed

        pending = Elicitation.PENDING if elicit else Elicitation.NONE
        whole = []
        for target in map(completed, map(checked, targets)):
            fresh = tuple(f.model_copy(update={"id": 0}) for f in target.facets)
            new = {"elicitation": pending, "status": TargetStatus.ACTIVE, "facets": fresh}
            whole.append(target.model_copy(update={**new, "version": 1}))
        stored = await offload(self._store.add, whole, actor=actor, reason=reason)
        self.follow(stored)
        return stored

    def load(self) -> None:
        """Make ready what reads requests, so that the first one does not wait for it."""
        import amnestic.agents.elicitor  # noqa: F401

        _graph()

    def resume(self, namespace: str) -> None:
        """Go on with what an earlier process has not elicited of a namespace."""
        if self._settings.elicit and self._is_named:
            self.follow(self._store.registry.pending(namespace))

    def close(self) -> None:
        """Give up what is being elicited; it stays pending."""
        self.elicitations.close()

    def follow(self, targets: Iterable[ForgetTarget]) -> None:
        """Have the pending ones of targets elicited in the background."""
        self.elicitations.add(t for t in targets if t.elicitation is Elicitation.PENDING)

    def _check_key(self, details: Details | None) -> None:
        """Refuse what shall be sealed where there is no key, before anything is read."""
        if details is not None and details.sealed:
            self._store.registry.seals.first()

    async def _elicit(self, target: ForgetTarget) -> None:
        from amnestic.graphs.intake import plain

        start: IntakeState = {"pending": plain([target])}
        page = self._store.registry.trail_page
        last = await offload(lambda: page(target_id=target.id, limit=1))
        who = last[0].actor if last else ""  # whoever had it asked, and not whom a request names
        await self._run(start, target.namespace, target.requester, elicit=True, actor=who)

    async def _shown(self, targets: tuple[ForgetTarget, ...]) -> dict[str, Any]:
        shown = await offload(self._forecast.of, targets)
        return shown.model_dump(mode="json", exclude={"targets"})

    async def _run(
        self,
        start: IntakeState,
        namespace: str,
        requester: str,
        *,
        elicit: bool,
        actor: str = "",
    ) -> dict[str, Any]:
        from amnestic.agents.elicitor import ModelElicitor
        from amnestic.agents.requests import LocalInterpreter, refuse_long
        from amnestic.graphs.intake import IntakeDeps

        settings, interpreter = self._settings, self._interpreter or LocalInterpreter()
        text = start.get("request", "")
        refuse_long(text)  # before anything reads it
        met = bool(text) and await offload(self._tells_of_sealed, text, namespace)
        if met:
            interpreter, elicit = LocalInterpreter(), False
        deps = IntakeDeps(
            interpreter,
            ModelElicitor(settings.elicit_tokens, settings.elicit_timeout),
            self._store,
            self._backend if elicit else None,
            namespace,
            requester,
            self._shown,
            actor,
        )
        with observing(self._telemetry), open_ledger() as ledger:
            state: dict[str, Any] = await run_isolated(
                lambda: _graph().ainvoke(start, SILENT_CONFIG, context=deps)
            )
        if ledger.calls or ledger.probes:
            await offload(self._record, ledger)
        return state


@cache  # it keeps nothing of a run, so that layers can share it
def _graph() -> Any:
    from amnestic.graphs.intake import build_intake_graph

    return build_intake_graph()


def _targets_of(state: list[dict[str, Any]]) -> tuple[ForgetTarget, ...]:
    from amnestic.graphs.intake import targets_of

    return targets_of(state)


def _told(details: Details | None) -> dict[str, Any]:
    return details.model_dump(exclude_unset=True) if details else {}
