"""Sweeps in the registry's trail: a line for each target of which a store held something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amnestic.tools.registry import Registry, TrailEntry
from amnestic.types import ForgetTarget

__all__ = ["BEGUN", "SWEEP", "Counts", "SweepEntry", "is_stopped", "reasons", "sweeps_of"]

BEGUN = "sweep begun"
"""The action of a line that is written before anything is changed."""
SWEEP = "sweep"
"""The action of a line that is written behind the last search."""

_STOPPED = "; stopped"
_LINE = re.compile(
    r"(?P<store>.+): (?P<removed>\d+) removed, (?P<rewritten>\d+) rewritten, (?P<left>\d+) left"
    r"(?P<stopped>; stopped)?",
    re.DOTALL,
)


@dataclass(slots=True)
class Counts:
    """What became of one target's records in one store."""

    removed: int = 0
    rewritten: int = 0
    left: int = 0

    def told(self, store: str, *, stopped: bool = False) -> str:
        """The counts as a line of the trail tells them.

        >>> Counts(2, 1).told("logs:/var/log/app")
        'logs:/var/log/app: 2 removed, 1 rewritten, 0 left'
        """
        end = _STOPPED if stopped else ""
        return f"{store}: {self.removed} removed, {self.rewritten} rewritten, {self.left} left{end}"


@dataclass(frozen=True, slots=True)
class SweepEntry:
    """One sweep of a store, as a target's receipt lists it: which store, when, by whom, and what
    became of the target's records. `state` is `done`, `stopped` where the store failed, or
    `begun` where nothing tells of its end."""

    store: str
    at: datetime
    actor: str
    state: str
    removed: int
    rewritten: int
    left: int

    def as_dict(self) -> dict[str, Any]:
        """The entry for JSON."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**told, "at": self.at.isoformat(timespec="seconds")}


def sweeps_of(registry: Registry, target: ForgetTarget) -> list[SweepEntry]:
    """The sweeps in which something of a target was found, oldest first. Of one that has ended its
    beginning is not listed."""
    lines = registry.opened_trail(registry.trail(target.id))
    found = [entry for line in lines if (entry := _entry(line)) is not None]
    return list(_without_begun(found))


def _entry(line: TrailEntry) -> SweepEntry | None:
    if line.action not in (BEGUN, SWEEP):
        return None
    told = _LINE.fullmatch(line.reason)
    if told is None:  # of a purged target
        return None
    counts = (int(told[name]) for name in ("removed", "rewritten", "left"))
    state = "begun" if line.action == BEGUN else "stopped" if told["stopped"] else "done"
    return SweepEntry(told["store"], line.at, line.actor, state, *counts)


def _without_begun(entries: Iterable[SweepEntry]) -> Iterable[SweepEntry]:
    waiting: dict[str, SweepEntry] = {}
    done: list[SweepEntry] = []
    for entry in entries:
        if entry.state == "begun":
            if entry.store in waiting:
                done.append(waiting[entry.store])
            waiting[entry.store] = entry
        else:
            waiting.pop(entry.store, None)
            done.append(entry)
    return sorted([*done, *waiting.values()], key=lambda e: e.at)


def is_stopped(reason: str) -> bool:
    """Whether a line of the trail tells of a sweep that was stopped.

    >>> is_stopped(Counts(2, 1).told("logs:/var/log/app", stopped=True))
    True
    """
    return reason.endswith(_STOPPED)


def reasons(store: str, counts: Mapping[str, Counts], *, stopped: bool = False) -> dict[str, str]:
    """By target, what a line of the trail tells."""
    return {target: told.told(store, stopped=stopped) for target, told in counts.items()}
