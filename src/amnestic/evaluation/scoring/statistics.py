"""Intervals, spreads and tests on shares of replies that come in clusters."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Interval", "benjamini_hochberg", "bootstrap", "exact_interval", "mcnemar", "rank_auc"]

Interval = tuple[float, float]
_RESAMPLES, _SEED = 2_000, 20_261


def bootstrap(
    values: Sequence[float],
    clusters: Sequence[str],
    *,
    resamples: int = _RESAMPLES,
    confidence: float = 0.95,
) -> Interval:
    """The percentile interval of a mean when whole clusters are drawn again (Field and Welsh,
    Bootstrapping clustered data, 2007, §2.2). The same data give the same interval.

    >>> bootstrap([0, 0, 1, 1], ["a", "a", "b", "b"])
    (0.0, 1.0)

    Raises `ValueError` where there are no values, or not one cluster for each.
    """
    if not values or len(values) != len(clusters):
        raise ValueError(f"{len(values)} values in {len(clusters)} clusters cannot be resampled")
    places = {cluster: i for i, cluster in enumerate(dict.fromkeys(clusters))}
    which = np.array([places[cluster] for cluster in clusters])
    sums = np.bincount(which, weights=np.asarray(values, dtype=float))
    counts = np.bincount(which, weights=np.ones(len(which)))
    means = _resampled(sums, counts, resamples)
    tail = 100 * (1 - confidence) / 2
    low, high = np.percentile(means, [tail, 100 - tail])
    return float(low), float(high)


def _resampled(
    sums: npt.NDArray[Any], counts: npt.NDArray[Any], resamples: int
) -> npt.NDArray[Any]:
    draw = np.random.default_rng(_SEED)
    even = np.full(len(sums), 1 / len(sums))
    drawn = draw.multinomial(len(sums), even, size=resamples).astype(float)
    means: npt.NDArray[Any] = (drawn @ sums) / (drawn @ counts)
    return means


def exact_interval(events: int, trials: int, confidence: float = 0.95) -> Interval:
    """The two-sided Clopper–Pearson interval of a rate, for counts in that a bootstrap sees no
    spread: none, or all.

    >>> low, high = exact_interval(0, 100)
    >>> low, round(high, 4)
    (0.0, 0.0362)
    """
    from amnestic.verifying.statistics import upper_bound

    one_sided = 1 - (1 - confidence) / 2
    high = upper_bound(events, trials, one_sided)
    return 1 - upper_bound(trials - events, trials, one_sided), high


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact two-sided p value of McNemar's test on pairs that differ (McNemar, Psychometrika
    12, 1947; exact by the binomial distribution).

    >>> mcnemar(1, 9), mcnemar(0, 0)
    (0.021484375, 1.0)
    """
    n, least = only_first + only_second, min(only_first, only_second)
    below = sum(comb(n, k) for k in range(least + 1))
    return min(1.0, float(2 * below / 2**n))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """The p values adjusted for the rate of false discoveries, in their order (Benjamini and
    Hochberg, Journal of the Royal Statistical Society B 57, 1995, §3).

    >>> [round(q, 4) for q in benjamini_hochberg([0.01, 0.04, 0.03, 0.2])]
    [0.04, 0.0533, 0.0533, 0.2]
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i], reverse=True)
    adjusted, least = [0.0] * len(p_values), 1.0
    for rank, i in zip(range(len(p_values), 0, -1), order, strict=True):
        least = min(least, p_values[i] * len(p_values) / rank)
        adjusted[i] = least
    return adjusted


def rank_auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The probability that a positive scores over a negative, ties as halves (Mann and Whitney,
    1947). Raises `ValueError` where one side is empty.

    >>> rank_auc([2, 3], [1, 2])
    0.875
    """
    if not positive or not negative:
        raise ValueError("an AUC takes scores of both kinds")
    ordered = np.sort(np.asarray(negative, dtype=float))
    scores = np.asarray(positive, dtype=float)
    below = np.searchsorted(ordered, scores, "left")
    upto = np.searchsorted(ordered, scores, "right")
    return float(((below + upto) / 2).sum() / (len(positive) * len(negative)))
