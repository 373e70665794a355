"""Systems against each other, on the same probes."""

from __future__ import annotations

from collections.abc import Sequence

from amnestic.evaluation.scoring.figures import Comparison
from amnestic.evaluation.scoring.judged import Judged, Place
from amnestic.evaluation.scoring.statistics import benjamini_hochberg, mcnemar

__all__ = ["compared", "is_ours"]

_OURS = "amnestic"


def compared(judged: Sequence[Judged], systems: Sequence[str]) -> tuple[Comparison, ...]:
    """Every system of this project against every other one, by the first sample of each probe that
    counts for both; adjusted over all of them together."""
    leaks = {system: _leaks(judged, system) for system in systems}
    ours = [system for system in systems if is_ours(system)]
    pairs = [(first, second) for first in ours for second in systems if second not in ours]
    found = [_pair(first, second, leaks[first], leaks[second]) for first, second in pairs]
    kept = [c for c in found if c.n]
    adjusted = benjamini_hochberg([c.p for c in kept])
    return tuple(c.model_copy(update={"q": q}) for c, q in zip(kept, adjusted, strict=True))


def is_ours(system: str) -> bool:
    """Whether a system is this project's, by its name."""
    return system.casefold().startswith(_OURS)


def _leaks(judged: Sequence[Judged], system: str) -> dict[Place, bool]:
    return {
        ("", *j.record.place[1:]): j.leaked
        for j in judged
        if j.record.system == system and j.counted and not j.record.sample
    }


def _pair(first: str, second: str, one: dict[Place, bool], other: dict[Place, bool]) -> Comparison:
    both = one.keys() & other.keys()
    only_first = sum(one[place] and not other[place] for place in both)
    only_second = sum(other[place] and not one[place] for place in both)
    return Comparison(
        first=first,
        second=second,
        n=len(both),
        only_first=only_first,
        only_second=only_second,
        p=mcnemar(only_first, only_second),
    )
