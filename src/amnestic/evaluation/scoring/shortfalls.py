"""Where this project is not the best of a run: what an honest table says below itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from amnestic.evaluation.scoring.comparing import is_ours
from amnestic.evaluation.scoring.figures import ALL, Estimate, Figures, Scores

__all__ = ["shortfalls"]

_NO_RIVALS = ("none", "never knew")
"""Not compared with: the model that forgets nothing, and the one that has nothing to forget."""


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    of: Callable[[Figures], float | None]
    sign: int
    unit: str = "%"

    def shown(self, value: float) -> str:
        return f"{value * 100:.1f} %" if self.unit == "%" else f"{value:.3g}{self.unit}"


def _value(estimate: Estimate | None) -> float | None:
    return None if estimate is None else estimate.value


_LEAK = _Measure("leak", lambda f: _value(f.leak), -1)
_MEASURES = (
    _LEAK,
    _Measure("combined questions complete", lambda f: _value(f.complete), 1),
    _Measure("unrelated replies byte-identical", lambda f: _value(f.byte_identical), 1),
    _Measure("neighbours altered", lambda f: _value(f.neighbours_altered), -1),
    _Measure("membership AUC", lambda f: _value(f.membership), -1, ""),
    _Measure("K-Score", lambda f: f.k_score, 1, ""),
    _Measure("model calls", lambda f: f.calls, -1, ""),
    _Measure("added time, p50", lambda f: f.added_p50_ms, -1, " ms"),
)


def shortfalls(scores: Scores) -> tuple[str, ...]:
    """A line for each measure, and for the leak of each family, on which another system is better
    than the best of this project; empty where none is, or where either was not asked."""
    measured = [(measure, ALL, measure.name) for measure in _MEASURES]
    families = dict.fromkeys(f.family for f in scores.figures if f.family != ALL)
    measured += [(_LEAK, family, f"leak by {family}") for family in families]
    return tuple(line for found in measured for line in _lines(scores, *found))


def _lines(scores: Scores, measure: _Measure, family: str, name: str) -> Iterator[str]:
    rows = [f for f in scores.figures if f.family == family and f.system not in _NO_RIVALS]
    told = [(f.system, value) for f in rows if (value := measure.of(f)) is not None]
    ours = [pair for pair in told if is_ours(pair[0])]
    others = [pair for pair in told if not is_ours(pair[0])]
    if not ours or not others:
        return
    best, best_value = max(ours, key=lambda pair: measure.sign * pair[1])
    better = [pair for pair in others if measure.sign * (pair[1] - best_value) > 0]
    if better:
        shown = ", ".join(f"{system} ({measure.shown(value)})" for system, value in better)
        yield f"{name}: better than {best} ({measure.shown(best_value)}) is {shown}"
