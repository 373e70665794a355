"""Two ways of doing something, measured in rounds that take turns: by how much one is slower.

What else the machine does falls on both phases of a round alike, so that they are compared round by
round. Nothing is assumed of how the ratios are distributed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

_CERTAIN = 0.95


@dataclass(frozen=True)
class Apart:
    """By how much the p95 of one phase is above that of another: the median of all rounds, between
    which it lies and how surely, and each round's."""

    median: float
    low: float
    high: float
    certainty: float
    rounds: list[float]


def apart_by(those: Sequence[Sequence[float]], others: Sequence[Sequence[float]]) -> Apart:
    """By how much the p95 of those rounds is above that of the others, round by round."""
    ratios = sorted(
        float(np.percentile(here, 95) / np.percentile(there, 95)) - 1
        for here, there in zip(those, others, strict=True)
    )
    count, left = len(ratios), 0  # out of the interval, at either end
    while count - 2 * (left + 1) >= 1 and _coverage(count, left + 1) >= _CERTAIN:
        left += 1
    median, certainty = float(np.median(ratios)), _coverage(count, left)
    each = [round(ratio, 4) for ratio in ratios]
    return Apart(median, ratios[left], ratios[count - 1 - left], certainty, each)


def _coverage(count: int, left: int) -> float:
    """How surely the median of what is drawn lies between the `left`-th of `count` values, counted
    from nought, and the one as far from the other end: it is no more than a toss for each value on
    which side of it that falls."""
    return 1 - sum(comb(count, k) for k in range(left + 1)) / 2 ** (count - 1)
