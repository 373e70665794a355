"""Thresholds by split conformal calibration.

For retained texts that took no part in the fit, the score over which at most a share `alpha` of
further such texts will fall is the k-th smallest of their n scores with
k = ceil((n + 1)(1 - alpha)) (Vovk et al. 2005; Angelopoulos & Bates 2021, eq. 1). The bound holds
for texts exchangeable with those, whatever the scorer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import numpy as np

from amnestic.types import Band

__all__ = ["DEFAULT_ALPHA", "Calibration", "Thresholds", "conformal_threshold"]

DEFAULT_ALPHA = 0.01
_SPLIT_FACTOR = 3.0
_CLEAN_MISSES = 0.002
_CLEAN_ALPHA = 0.15


def conformal_threshold(retained: Sequence[float], alpha: float) -> float:
    """The threshold that a further retained score exceeds with probability at most `alpha`.

    With too few scores for the alpha asked, no finite threshold keeps the bound, and the answer
    is infinity.

    >>> conformal_threshold([i / 100 for i in range(100)], alpha=0.05)
    0.95
    >>> conformal_threshold([0.1, 0.2], alpha=0.05)
    inf
    """
    scores = np.sort(np.asarray(retained, dtype=np.float64))
    k = ceil((len(scores) + 1) * (1.0 - alpha))
    return float(scores[k - 1]) if k <= len(scores) else float("inf")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the bands begin, on the scorer's own scale: at most `clean` is clean, over `leak` is
    a leak; between them `balanced` counts what is over `split`."""

    clean: float
    split: float
    leak: float

    def band(self, raw: float) -> Band:
        """The band of a raw score."""
        if raw > self.leak:
            return Band.LEAK
        return Band.UNCERTAIN if raw > self.clean else Band.CLEAN

    def scaled(self, raw: float) -> float:
        """A raw score on the common scale: 1/4 at `clean`, 1/2 at `split`, 3/4 at `leak`.

        >>> Thresholds(0.1, 0.5, 0.9).scaled(0.5)
        0.5
        """
        knots = (-20.0, self.clean, self.split, self.leak, 20.0)
        marks = (0.0, 0.25, 0.5, 0.75, 1.0)
        for i in range(4):
            if raw <= knots[i + 1]:
                width = max(knots[i + 1] - knots[i], 1e-9)
                return marks[i] + 0.25 * max(0.0, 1.0 - (knots[i + 1] - raw) / width)
        return 1.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Retained and forgotten scores held back from the fit, and the embedder they were made with.

    `retained` and `forgotten` are raw scores by kind of text (`alone`, `together`).
    """

    embedder: str
    retained: Mapping[str, tuple[float, ...]]
    forgotten: Mapping[str, tuple[float, ...]]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Calibration:
        """Read a calibration as `to_json` wrote it."""
        return cls(
            str(data["embedder"]),
            {k: tuple(v) for k, v in data["retained"].items()},
            {k: tuple(v) for k, v in data["forgotten"].items()},
        )

    def to_json(self) -> dict[str, Any]:
        """The calibration as plain values; scores to four digits."""
        return {
            "embedder": self.embedder,
            "retained": {k: [round(x, 4) for x in sorted(v)] for k, v in self.retained.items()},
            "forgotten": {k: [round(x, 4) for x in sorted(v)] for k, v in self.forgotten.items()},
        }

    def thresholds(self, kind: str, alpha: float = DEFAULT_ALPHA) -> Thresholds:
        """The thresholds of one kind of text at the bound asked.

        `leak` bounds the retained texts over it by `alpha`, `split` by three times that; `clean`
        lies where hardly a forgotten text falls under it, but leaves most retained texts clean.
        """
        retained = self.retained[kind]
        leak = conformal_threshold(retained, alpha)
        split = conformal_threshold(retained, min(0.5, _SPLIT_FACTOR * alpha))
        lowest = conformal_threshold(retained, max(_CLEAN_ALPHA, min(0.5, 5 * alpha)))
        missed = float(np.quantile(self.forgotten[kind], _CLEAN_MISSES))
        clean = min(max(missed, lowest), split)
        return Thresholds(clean, min(split, leak), leak)

    def with_retained(self, kind: str, scores: Sequence[float]) -> Calibration:
        """The calibration with further retained scores, as seen by a user's own texts."""
        merged = {**self.retained, kind: (*self.retained[kind], *scores)}
        return replace(self, retained=merged)
