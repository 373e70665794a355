"""What the registry is told of a sweep: tombstones, and lines in the trail of each target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from amnestic.sweeping.deciding import Action, Decision
from amnestic.sweeping.report import SweepReport
from amnestic.sweeping.stones import Stones
from amnestic.sweeping.trail import BEGUN, SWEEP, Counts, is_stopped, reasons
from amnestic.tools.registry import Registry, TrailEntry
from amnestic.types import ForgetTarget

__all__ = ["Notes"]


class Notes:
    """Writes down what one sweep of one store is about to do, and what it has done.

    Args:
        registry: where that is written.
        store: the store's address, as it is told.
        targets: those in force, by id.
        stones: make tombstones.
        actor: who sweeps.
    """

    def __init__(
        self,
        registry: Registry,
        store: str,
        targets: Mapping[str, ForgetTarget],
        stones: Stones,
        actor: str,
    ) -> None:
        self._registry = registry
        self._store = store
        self._targets = targets
        self._stones = stones
        self._actor = actor

    def begin(self, found: Sequence[Decision]) -> None:
        """Tombstones, and what is about to be done, before it is done: a sweep that is killed is
        in the trail."""
        stones = [
            stone
            for d in found
            for stone in self._stones.set_for(
                d.record, d.targets, removed=d.action is Action.REMOVE, told_by=d.told_by
            )
        ]
        planned: dict[str, Counts] = {}
        for decision in found:
            for target in decision.targets:
                counts = planned.setdefault(target, Counts())
                counts.removed += decision.action is Action.REMOVE
                counts.rewritten += decision.action is Action.REWRITE
        told = reasons(self._store, planned)
        self._registry.tombstones.note(BEGUN, told, stones, actor=self._actor)

    def end(self, report: SweepReport) -> None:
        """What has become of each target's records; also of those of which an earlier sweep found
        something here."""
        for target in self.touched_before():
            report.targets.setdefault(target, Counts())
        told = reasons(self._store, report.targets, stopped=bool(report.error))
        if told:
            self._registry.tombstones.note(SWEEP, told, actor=self._actor)

    def is_unfinished(self) -> bool:
        """Whether the last sweep in which this store was changed has not come to its end: what it
        had deleted may still be on the disk."""
        last = {line.target_id: line for line in self._lines()}
        return any(e.action == BEGUN or is_stopped(e.reason) for e in last.values())

    def touched_before(self) -> Iterator[str]:
        """The targets of which an earlier sweep found something in this store."""
        ids = (line.target_id for line in self._lines())
        yield from (t for t in dict.fromkeys(ids) if t in self._targets)

    def _lines(self) -> Iterator[TrailEntry]:
        """What the trail says of this store, oldest first."""
        registry, store = self._registry, f"{self._store}: "
        lines = registry.opened_trail(registry.tombstones.lines((BEGUN, SWEEP)))
        yield from (line for line in lines if line.reason.startswith(store))
