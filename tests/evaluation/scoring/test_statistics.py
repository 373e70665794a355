"""Intervals and tests are those of the books."""

from __future__ import annotations

import random

import pytest

from amnestic.evaluation.scoring.statistics import (
    benjamini_hochberg,
    bootstrap,
    exact_interval,
    mcnemar,
    rank_auc,
)


def test_a_bootstrap_is_near_the_interval_of_the_normal_distribution() -> None:
    draw = random.Random(3)
    values = [float(draw.random() < 0.3) for _ in range(400)]
    mean = sum(values) / 400
    low, high = bootstrap(values, [str(i) for i in range(400)])
    half = 1.96 * (mean * (1 - mean) / 400) ** 0.5
    assert low == pytest.approx(mean - half, abs=0.01)
    assert high == pytest.approx(mean + half, abs=0.01)
    assert bootstrap(values, [str(i) for i in range(400)]) == (low, high)


def test_replies_that_go_together_make_the_interval_wider() -> None:
    values = [float(i < 100) for i in range(200)]
    alone = bootstrap(values, [str(i) for i in range(200)])
    together = bootstrap(values, [str(i // 20) for i in range(200)])
    assert together[1] - together[0] > 3 * (alone[1] - alone[0])


def test_what_cannot_be_resampled_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be resampled"):
        bootstrap([], [])
    with pytest.raises(ValueError, match="cannot be resampled"):
        bootstrap([1.0], [])


def test_the_exact_interval_is_that_of_clopper_and_pearson() -> None:
    low, high = exact_interval(3, 10)
    assert (round(low, 4), round(high, 4)) == (0.0667, 0.6525)
    assert exact_interval(10, 10)[1] == 1.0
    assert exact_interval(10, 10)[0] == pytest.approx(0.025 ** (1 / 10))


@pytest.mark.parametrize(
    ("first", "second", "p"), [(0, 5, 0.0625), (5, 5, 1.0), (2, 10, 0.0386), (0, 0, 1.0)]
)
def test_mcnemar_is_exact(first: int, second: int, p: float) -> None:
    assert mcnemar(first, second) == pytest.approx(p, abs=5e-5)
    assert mcnemar(first, second) == mcnemar(second, first)


def test_adjusted_p_values_keep_their_order_and_never_fall() -> None:
    given = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205]
    adjusted = benjamini_hochberg(given)
    assert [round(q, 4) for q in adjusted] == [
        0.008, 0.032, 0.0672, 0.0672, 0.0672, 0.08, 0.0846, 0.205,
    ]  # fmt: skip
    assert benjamini_hochberg(list(reversed(given))) == list(reversed(adjusted))
    assert benjamini_hochberg([]) == []


def test_an_auc_counts_pairs() -> None:
    assert rank_auc([3, 4], [1, 2]) == 1.0
    assert rank_auc([1, 1], [1, 1]) == 0.5
    assert rank_auc([1, 3], [2]) == 0.5
    with pytest.raises(ValueError, match="both kinds"):
        rank_auc([], [1])
