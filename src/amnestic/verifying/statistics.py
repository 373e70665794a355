"""Bounds on rates."""

from __future__ import annotations

from math import exp, lgamma, log, log1p

__all__ = ["lower_bound", "upper_bound"]

_STEPS = 60


def upper_bound(events: int, trials: int, confidence: float = 0.95) -> float:
    """The one-sided Clopper–Pearson upper bound on a rate: the rate at which so few events or fewer
    have the probability `1 - confidence` (Clopper and Pearson, Biometrika 26, 1934).

    Raises `ValueError` for counts that cannot be.

    >>> round(upper_bound(0, 60), 4), round(upper_bound(3, 60), 4), upper_bound(5, 5)
    (0.0487, 0.1242, 1.0)
    """
    if not 0 <= events <= trials or trials < 1 or not 0 < confidence < 1:
        raise ValueError(f"{events} events in {trials} trials at {confidence} cannot be")
    if events == trials:
        return 1.0
    low, high = events / trials, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _at_most(events, trials, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def lower_bound(events: int, trials: int, confidence: float = 0.95) -> float:
    """The one-sided Clopper–Pearson lower bound on a rate: the rate at which so many events or more
    have the probability `1 - confidence`. Raises `ValueError` as `upper_bound` does.

    >>> lower_bound(0, 60), round(lower_bound(3, 40), 4), round(lower_bound(5, 5), 4)
    (0.0, 0.0208, 0.5493)
    """
    return 1 - upper_bound(trials - events, trials, confidence)


def _at_most(events: int, trials: int, rate: float) -> float:
    """The probability of at most so many events."""
    if rate <= 0 or rate >= 1:
        return 1.0 if rate <= 0 else 0.0
    ways = (lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1) for k in range(events + 1))
    return sum(exp(way + k * log(rate) + (trials - k) * log1p(-rate)) for k, way in enumerate(ways))
