"""What the calibration promises."""

from __future__ import annotations

import numpy as np
import pytest

from amnestic.tools.detection.calibration import Calibration, Thresholds, conformal_threshold
from amnestic.types import Band


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
def test_the_bound_holds_for_texts_like_those_calibrated_on(alpha: float) -> None:
    draw = np.random.default_rng(7)
    over = []
    for _ in range(300):
        limit = conformal_threshold(draw.normal(size=400).tolist(), alpha)
        over.append(float((draw.normal(size=400) > limit).mean()))
    error = float(np.std(over) / np.sqrt(len(over)))
    assert np.mean(over) <= alpha + 3 * error


def test_too_few_texts_give_no_finite_bound() -> None:
    assert conformal_threshold([0.1] * 50, 0.01) == float("inf")


def _calibration() -> Calibration:
    draw = np.random.default_rng(3)
    return Calibration(
        "test",
        {"answer": tuple(draw.normal(-3, 1, 2000))},
        {"answer": tuple(draw.normal(2, 1.5, 2000))},
    )


def test_thresholds_are_in_order_and_rise_as_alpha_falls() -> None:
    strict, loose = (_calibration().thresholds("answer", a) for a in (0.005, 0.05))
    assert strict.clean <= strict.split <= strict.leak
    assert loose.leak < strict.leak


def test_a_calibration_survives_its_file() -> None:
    before = _calibration()
    after = Calibration.from_json(before.to_json())
    assert after.embedder == "test"
    assert after.thresholds("answer", 0.01).leak == pytest.approx(
        before.thresholds("answer", 0.01).leak, abs=1e-3
    )


def test_further_retained_texts_move_the_bound() -> None:
    before = _calibration()
    after = before.with_retained("answer", [1.0] * 200)
    assert after.thresholds("answer", 0.01).leak > before.thresholds("answer", 0.01).leak


def test_scaled_scores_keep_order_and_meet_the_bands() -> None:
    limits = Thresholds(-2.0, 0.5, 1.5)
    raws = np.linspace(-10, 10, 101)
    scaled = [limits.scaled(r) for r in raws]
    assert scaled == sorted(scaled)
    assert limits.scaled(0.5) == pytest.approx(0.5)
    assert all((limits.band(r) is Band.LEAK) == (limits.scaled(r) > 0.75) for r in raws)
