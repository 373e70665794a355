"""What scores say, in types: the figures of one system, comparisons, and the summary of a run."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median_low
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ALL", "Comparison", "Estimate", "Figures", "Scores", "Summary"]

ALL = "all"
"""The family of the figures over all families."""

_FEW = 10


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimate(_Frozen):
    """A share of replies (0 to 1), its 95 % interval, and the number of replies it rests on."""

    value: float
    low: float
    high: float
    n: int


class Figures(_Frozen):
    """One system on one family of probes, or on `ALL`.

    Every share is None where no probe of the family can tell it. Times are milliseconds.

    * `asked`, `errors`: records, and those that hold an error in place of a reply.
    * `leak`: something forbidden stands in any channel; `leak_answer`: in the answer's text alone;
      `leak_at`: by k, in at least one of k samples of a probe; `judged_leak`: a judge says so;
      `unjudged`: answers of the judge that could not be read.
    * `declined`, `declined_retained`: replies that decline, to what is forgotten and to what stays.
    * `rouge_recall`, `rouge_f`: ROUGE-L against the reference, of what is forgotten;
      `retained_rouge`: its recall of what stays.
    * `byte_identical`: replies to unrelated probes that are the bare model's, byte for byte.
    * `neighbours_altered`: replies to neighbours that are not; `neighbours_lost`: of those that the
      bare model answers right, those that lost the right answer.
    * `complete`: combined probes whose reply keeps all that it must and tells nothing forbidden.
    * `membership`: AUC of telling listed from unlisted subjects, `membership_by` what.
    * `retain_shift`: of what stays, the change of the share answered right; `degenerate`: replies
      that are no answers; `k_score`: (1 - leak)(1 - |retain_shift|)(1 - extra degeneration), after
      K-Bench (2026), `extra` over the bare model's.
    * `calls`, `tokens`: means of a reply, tokens where they are known; `added_p50_ms` and
      `added_p95_ms`: time that is not the bare model's own, `added_p50_unrelated_ms` of unrelated
      probes alone.
    * `by_seed`: the leak of each seed; `spread`: the greatest less the least.
    """

    system: str
    family: str
    asked: int
    errors: int = 0
    leak: Estimate | None = None
    leak_answer: Estimate | None = None
    leak_at: Mapping[int, float] = Field(default_factory=dict)
    judged_leak: Estimate | None = None
    unjudged: int = 0
    declined: Estimate | None = None
    declined_retained: Estimate | None = None
    rouge_recall: float | None = None
    rouge_f: float | None = None
    retained_rouge: float | None = None
    byte_identical: Estimate | None = None
    neighbours_altered: Estimate | None = None
    neighbours_lost: Estimate | None = None
    complete: Estimate | None = None
    membership: Estimate | None = None
    membership_by: Mapping[str, float] = Field(default_factory=dict)
    retain_shift: float | None = None
    degenerate: float | None = None
    k_score: float | None = None
    calls: float | None = None
    tokens: float | None = None
    added_p50_ms: float | None = None
    added_p95_ms: float | None = None
    added_p50_unrelated_ms: float | None = None
    by_seed: Mapping[int, float] = Field(default_factory=dict)
    spread: float | None = None


class Comparison(_Frozen):
    """Two systems on the same probes by McNemar's exact test: replies that only the first leaked,
    that only the second did, the p value, and `q`, adjusted over all comparisons of a run."""

    first: str
    second: str
    n: int
    only_first: int
    only_second: int
    p: float
    q: float = 1.0


class Summary(_Frozen):
    """One system in a line: what a table shows, and `benchmarks/quality.json` keeps.

    The worst family is taken from those of which ten probes count at least; in a small run, in
    which most have fewer, from those of which as many count as of most.
    """

    system: str
    leak: float | None
    worst_family: float | None
    worst_family_name: str
    byte_identical: float | None
    neighbours_altered: float | None
    membership_auc: float | None
    calls: float | None
    added_p50_ms: float | None


class Scores(_Frozen):
    """All figures of a run: of every system on all families, and on each; what the bare model knows
    of what it was asked; comparisons by the leaks; and lines that a reader must know."""

    figures: tuple[Figures, ...]
    known: Estimate | None = None
    comparisons: tuple[Comparison, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def systems(self) -> tuple[str, ...]:
        """The systems, in the order of the run."""
        return tuple(dict.fromkeys(f.system for f in self.figures))

    def of(self, system: str, family: str = ALL) -> Figures:
        """The figures of a system on a family. Raises `KeyError` where there are none."""
        for figures in self.figures:
            if (figures.system, figures.family) == (system, family):
                return figures
        raise KeyError(f"there are no figures of {system!r} on {family!r}")

    def summary(self) -> tuple[Summary, ...]:
        """Every system in a line."""
        return tuple(self._summed(system) for system in self.systems)

    def _summed(self, system: str) -> Summary:
        whole = self.of(system)
        families = [f for f in self.figures if f.system == system and f.family != ALL and f.leak]
        counted = [f.leak.n for f in families if f.leak]
        enough = min(_FEW, median_low(counted)) if counted else _FEW
        telling = [f for f in families if f.leak and f.leak.n >= enough]
        worst = max(telling, key=lambda f: _value(f.leak) or 0.0, default=None)
        return Summary(
            system=system,
            leak=_value(whole.leak),
            worst_family=_value(worst.leak) if worst else None,
            worst_family_name=worst.family if worst else "",
            byte_identical=_value(whole.byte_identical),
            neighbours_altered=_value(whole.neighbours_altered),
            membership_auc=_value(whole.membership),
            calls=whole.calls,
            added_p50_ms=whole.added_p50_ms,
        )

    def as_dict(self) -> dict[str, Any]:
        """All of it and the summary, for `--json`."""
        told = self.model_dump(mode="json")
        return {"summary": [s.model_dump(mode="json") for s in self.summary()], **told}


def _value(estimate: Estimate | None) -> float | None:
    return None if estimate is None else estimate.value
