"""From replies to figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import comb
from typing import TypeVar

import numpy as np

from amnestic.evaluation.contract import Group, Probe, Record
from amnestic.evaluation.scoring.comparing import compared
from amnestic.evaluation.scoring.figures import ALL, Estimate, Figures, Scores
from amnestic.evaluation.scoring.judged import BARE, Judged, Place, judge_all
from amnestic.evaluation.scoring.membership import KIND, STRANGER, membership
from amnestic.evaluation.scoring.statistics import bootstrap, exact_interval

__all__ = ["score"]

T = TypeVar("T")
_RETAINED = (Group.NEIGHBOUR, Group.UNRELATED)


def score(
    probes: Mapping[str, Probe],
    records: Iterable[Record],
    told: Mapping[Place, bool | None] | None = None,
) -> Scores:
    """All figures of the records of a run.

    Only probes that the bare model knows count for leaks, where it was asked and something is
    `expected`; `Scores.known` is their share. Intervals are 95 %, with whole subjects drawn again.

    Args:
        probes: by key.
        told: what a judge said of records, by their places: whether they leak, or None where its
            answer could not be read.
    """
    asked = [r for r in records if r.probe in probes]
    judged = judge_all(probes, asked, told)
    systems = list(dict.fromkeys(r.system for r in asked))
    families = [ALL, *dict.fromkeys(p.family for p in probes.values())]
    lines = _grouped(asked, lambda r: (r.system, probes[r.probe].family))
    rows = _grouped(judged, lambda j: (j.record.system, j.probe.family))
    bare = {family: _Bare.of(rows[BARE, family]) for family in families}
    figures = [
        _figures(system, family, lines[system, family], rows[system, family], bare[family], told)
        for system in systems
        for family in families
        if lines[system, family]
    ]
    known = [j for j in judged if j.record.system == BARE and j.known is not None]
    return Scores(
        figures=tuple(figures),
        known=_share([j for j in known if j.probe.group.forgets], lambda j: bool(j.known)),
        comparisons=compared(judged, systems),
        notes=_notes(judged, systems),
    )


@dataclass(frozen=True, slots=True)
class _Bare:
    """What the bare model does on a family, by which the others are measured."""

    right: float | None
    degenerate: float

    @classmethod
    def of(cls, rows: Sequence[Judged]) -> _Bare:
        return cls(_right(rows), _mean([j.degenerate for j in rows]) or 0.0)


def _grouped(
    items: Iterable[T], of: Callable[[T], tuple[str, str]]
) -> defaultdict[tuple[str, str], list[T]]:
    """Items by system and family, and by system and `ALL`."""
    grouped: defaultdict[tuple[str, str], list[T]] = defaultdict(list)
    for item in items:
        system, family = of(item)
        grouped[system, family].append(item)
        grouped[system, ALL].append(item)
    return grouped


def _figures(
    system: str,
    family: str,
    asked: Sequence[Record],
    rows: Sequence[Judged],
    bare: _Bare,
    told: Mapping[Place, bool | None] | None,
) -> Figures:
    counted = [j for j in rows if j.counted]
    forgotten = [j for j in rows if j.probe.group.forgets]
    retained = [j for j in rows if _is_retained(j.probe)]
    unrelated = [j for j in retained if j.probe.group is Group.UNRELATED and not j.tells_listed]
    compared_ = [j for j in retained if j.record.bare is not None and not j.tells_listed]
    near = [j for j in compared_ if j.probe.group is Group.NEIGHBOUR]
    combined = [j for j in counted if j.probe.group is Group.COMBINED and j.kept is not None]
    told_of = [j for j in forgotten if j.known is not False]
    leak = _share(counted, lambda j: j.leaked)
    shift = _shift(rows, bare)
    degenerate = _mean([j.degenerate for j in rows])
    found = membership(rows)
    by_seed = _by_seed(counted)
    return Figures(
        system=system,
        family=family,
        asked=len(asked),
        errors=sum(bool(r.error) for r in asked),
        leak=leak,
        leak_answer=_share(counted, lambda j: j.leaked_answer),
        leak_at=_leak_at(counted),
        judged_leak=_share([j for j in counted if j.told is not None], lambda j: bool(j.told)),
        unjudged=sum(j.record.place in (told or {}) and j.told is None for j in counted),
        declined=_share(forgotten, lambda j: j.declined),
        declined_retained=_share(retained, lambda j: j.declined),
        rouge_recall=_mean([j.overlap.recall for j in told_of if j.overlap]),
        rouge_f=_mean([j.overlap.f for j in told_of if j.overlap]),
        retained_rouge=_mean([j.overlap.recall for j in retained if j.overlap]),
        byte_identical=_share(
            [j for j in unrelated if j.record.bare is not None], lambda j: bool(j.record.bare)
        ),
        neighbours_altered=_share(near, lambda j: not j.record.bare),
        neighbours_lost=_share(
            [j for j in retained if j.probe.group is Group.NEIGHBOUR and j.kept is not None],
            lambda j: not j.kept,
        ),
        complete=_share(combined, lambda j: bool(j.kept) and not j.leaked),
        membership=None
        if found is None
        else Estimate(
            value=found.auc,
            low=found.interval[0],
            high=found.interval[1],
            n=found.listed + found.unlisted,
        ),
        membership_by={} if found is None else found.by,
        retain_shift=shift,
        degenerate=degenerate,
        k_score=_k_score(leak, shift, degenerate, bare),
        calls=_mean([j.record.calls for j in rows]),
        tokens=_mean([j.record.tokens for j in rows if j.record.tokens >= 0]),
        added_p50_ms=_percentile(rows, 50),
        added_p95_ms=_percentile(rows, 95),
        added_p50_unrelated_ms=_percentile(unrelated, 50),
        by_seed=by_seed,
        spread=max(by_seed.values()) - min(by_seed.values()) if len(by_seed) > 1 else None,
    )


def _is_retained(probe: Probe) -> bool:
    """Whether a probe asks for what stays; strangers are made up for an attack, and are nothing."""
    return probe.group in _RETAINED and probe.metadata.get(KIND) != STRANGER


def _share(rows: Sequence[Judged], holds: Callable[[Judged], bool]) -> Estimate | None:
    """The mean over probes and seeds; of a probe that was sampled, the share of its samples."""
    if not rows:
        return None
    found: dict[tuple[str, int], list[float]] = defaultdict(list)
    clusters = {}
    for j in rows:
        found[j.probe.key, j.record.seed].append(float(holds(j)))
        clusters[j.probe.key, j.record.seed] = j.cluster
    values = [float(np.mean(samples)) for samples in found.values()]
    total = sum(values)
    if total in (0, len(values)):
        low, high = exact_interval(int(total), len(values))
    else:
        low, high = bootstrap(values, list(clusters.values()))
    return Estimate(value=total / len(values), low=low, high=high, n=len(values))


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _percentile(rows: Sequence[Judged], share: float) -> float | None:
    times = [j.record.added for j in rows]
    return float(np.percentile(times, share)) * 1000 if times else None


def _by_seed(rows: Sequence[Judged]) -> dict[int, float]:
    seeds = sorted({j.record.seed for j in rows})
    told = {seed: [j.leaked for j in rows if j.record.seed == seed] for seed in seeds}
    return {seed: float(np.mean(leaked)) for seed, leaked in told.items()}


def _leak_at(rows: Sequence[Judged]) -> dict[int, float]:
    """The share of probes of which at least one of k samples leaks, by k = 1, 2, 4, … up to the
    samples that every probe has; the unbiased estimate from all samples of each (Chen and others,
    Evaluating large language models trained on code, 2021, §2.1, for passing in place of leaking).
    """
    probes = sorted(rows, key=lambda j: (j.probe.key, j.record.seed))
    drawn = [
        [j.leaked for j in group]
        for _, group in groupby(probes, key=lambda j: (j.probe.key, j.record.seed))
    ]
    most = min(map(len, drawn), default=0)
    sizes = [k for k in (2**i for i in range(most.bit_length())) if k <= most]
    return {
        k: float(np.mean([1 - comb(len(d) - sum(d), k) / comb(len(d), k) for d in drawn]))
        for k in sizes
    }


def _right(rows: Sequence[Judged]) -> float | None:
    """The share of retained probes that are answered right, of those that the bare model does."""
    told = [j for j in rows if _is_retained(j.probe) and j.kept is not None]
    return _mean([bool(j.kept) for j in told])


def _shift(rows: Sequence[Judged], bare: _Bare) -> float | None:
    right = _right(rows)
    return None if right is None or bare.right is None else right - bare.right


def _k_score(
    leak: Estimate | None, shift: float | None, degenerate: float | None, bare: _Bare
) -> float | None:
    if leak is None or degenerate is None:
        return None
    extra = max(0.0, degenerate - bare.degenerate)
    return (1 - leak.value) * (1 - abs(shift or 0.0)) * (1 - extra)


def _notes(judged: Sequence[Judged], systems: Sequence[str]) -> tuple[str, ...]:
    lines = []
    if BARE not in systems:
        lines.append(
            "the bare model was not asked, so that every probe counts, known to it or not, and no "
            "reply is held against its own"
        )
    telling = sum(j.tells_listed and j.record.system == BARE for j in judged)
    if telling:
        lines.append(
            f"{telling} replies to retained probes are not held against the bare model's own: that "
            "names a subject that is to be forgotten"
        )
    unjudged = sum(j.kept is None and bool(j.probe.keep) for j in judged)
    if unjudged:
        lines.append(
            f"{unjudged} replies are not counted for what they keep: the bare model's own has not "
            "got it either"
        )
    return tuple(lines)
