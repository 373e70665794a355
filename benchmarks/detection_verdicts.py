"""Verdicts on measured rows, as the detector gives them, with a layer of evidence left out too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from detection_rows import Row

from amnestic.tools.detection.calibration import Thresholds
from amnestic.tools.detection.weights import FEATURES, TextKind, Weights, restates
from amnestic.tools.protocols import Verifier
from amnestic.types import Band

__all__ = ["LAYERS", "Scoring", "Verdicts", "verdicts"]

LAYERS: Mapping[str, Callable[[str], bool]] = {
    "names": lambda n: n.split("_", 1)[-1] in _NAMES or n in _NAMES,
    "meaning": lambda n: "cos_" in n or n.endswith(("behind_best", "gain", "in_nearest")),
    "words": lambda n: any(
        w in n for w in ("words_", "rare_", "entities", "numbers", "joint", "nearest", "weight")
    ),
    "phrasing": lambda n: any(w in n for w in ("described", "opens_", "other_names")),
}
_NAMES = frozenset(
    "full told surname surname_among_others part part_among_others uncased usual".split()
)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The targets for which each probe was acted on: by the vet, by the audit, by full name."""

    flagged: Mapping[str, frozenset[str]]
    named: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Scoring:
    """What scores rows: fitted weights, the verifier, and the alpha of the thresholds."""

    weights: Weights
    verifier: Verifier
    alpha: float

    def limits(self, kind: TextKind) -> Thresholds:
        """The thresholds of one kind of text."""
        return self.weights.thresholds(self.alpha)[kind]

    def raws(
        self, kind: TextKind, rows: Sequence[Row], without: str | None = None
    ) -> npt.NDArray[np.float64]:
        """The scores of rows of one kind, joined with the verifier's word where it is asked."""
        features = np.array([r.features for r in rows], dtype=np.float64)
        if without is not None:
            columns = [i for i, n in enumerate(FEATURES[kind]) if LAYERS[without](n)]
            features[:, columns] = 0.0
        raws = self.weights.scorers[kind].margins(features)
        rule = self.weights.verification.get(kind)
        if rule is None:
            return raws
        texts = [(r.probe, r.text, r.pair and r.pair.text) for r in rows]
        asked = rule.asked(raws, texts, self.limits(kind))
        pairs = {i: r.pair for i, r in enumerate(rows) if asked[i] and r.pair is not None}
        logits = np.full(len(rows), np.nan)
        if pairs:
            logits[list(pairs)] = self.verifier.logits(list(pairs.values()))
        return rule.joined(raws, logits)

    def acts_on(self, kind: TextKind, raw: float) -> bool:
        """Whether the shipped policy acts on a score: on a question where it is a leak, on an
        answer where it is over the split of the uncertain band (`balanced`)."""
        limits = self.limits(kind)
        if kind is TextKind.QUESTION:
            return limits.band(raw) is Band.LEAK
        return limits.band(raw) is not Band.CLEAN and limits.scaled(raw) >= 0.5


def verdicts(rows: Sequence[Row], scoring: Scoring, without: str | None = None) -> Verdicts:
    """Score rows as the shipped policy reads them; `without` names a layer of evidence to leave
    out."""
    flagged: dict[str, set[str]] = {}
    named: dict[str, set[str]] = {}
    for kind in TextKind:
        mine = [r for r in rows if r.kind is kind and r.text in ("question", "answer")]
        if not mine:
            continue
        for row, raw in zip(mine, scoring.raws(kind, mine, without).tolist(), strict=True):
            if row.named:
                named.setdefault(row.probe, set()).add(row.target)
            by_name = row.named and without != "names"
            told = without is None and restates(kind, row.features)
            if by_name or told or scoring.acts_on(kind, raw):
                flagged.setdefault(row.probe, set()).add(row.target)
    return Verdicts(
        {k: frozenset(v) for k, v in flagged.items()}, {k: frozenset(v) for k, v in named.items()}
    )
