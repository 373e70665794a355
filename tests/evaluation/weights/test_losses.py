"""Each loss is the one of its paper, worked out by hand on a batch of two rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest
import torch

from amnestic.evaluation.weights import WEIGHT_METHODS
from amnestic.evaluation.weights.losses import RowScores


@dataclass
class Scores:
    forget: RowScores
    abstain: RowScores
    retain: RowScores
    forget_before: torch.Tensor
    abstain_before: torch.Tensor


def scores(logprob, length, probability) -> RowScores:
    return RowScores(torch.tensor(logprob), torch.tensor(length), torch.tensor(probability))


STEP = Scores(
    forget=scores([-2.0, -4.0], [2, 4], [0.4, 0.3]),
    abstain=scores([-3.0, -6.0], [3, 3], [0.2, 0.1]),
    retain=scores([-1.0, -2.0], [2, 4], [0.6, 0.6]),
    forget_before=torch.tensor([-1.0, -1.0]),
    abstain_before=torch.tensor([-9.0, -9.0]),
)


def log_sigmoid(x: float) -> float:
    return -math.log(1 + math.exp(-x))


RETAIN = 3 / 6
EXPECTED = {
    "gradient-ascent": -6 / 6,
    "gradient-difference": -6 / 6 + RETAIN,
    "npo": -2 / 0.1 * (log_sigmoid(0.1) + log_sigmoid(0.3)) / 2 + RETAIN,
    "simnpo": 0.125 * (-2 / 4.5) * log_sigmoid(4.5) + RETAIN,
    "idk": 9 / 6 + RETAIN,
    "preference": -2 / 0.1 * (log_sigmoid(0.1 * 7) + log_sigmoid(0.1 * 6)) / 2 + RETAIN,
    "flat": (
        (math.tanh(0.4) + math.tanh(0.3)) / 2 - (math.tanh(0.2) + math.tanh(0.1)) / 2
    ) / 2,
}  # fmt: skip


@pytest.mark.parametrize("name", WEIGHT_METHODS)
def test_a_loss_is_what_its_paper_says(name):
    assert float(WEIGHT_METHODS[name].loss(STEP)) == pytest.approx(EXPECTED[name], rel=1e-5)


@pytest.mark.parametrize("name", set(WEIGHT_METHODS) - {"idk"})
def test_a_loss_falls_when_the_forgotten_answer_grows_less_likely(name):
    less = Scores(
        forget=scores([-3.0, -5.0], [2, 4], [0.3, 0.2]),
        abstain=STEP.abstain,
        retain=STEP.retain,
        forget_before=STEP.forget_before,
        abstain_before=STEP.abstain_before,
    )
    loss = WEIGHT_METHODS[name].loss
    assert loss(less) < loss(STEP)


def test_methods_without_retained_rows_do_not_read_them():
    step = Scores(STEP.forget, STEP.abstain, None, STEP.forget_before, STEP.abstain_before)  # type: ignore[arg-type]
    for method in WEIGHT_METHODS.values():
        if not method.retains:
            assert torch.isfinite(method.loss(step))


def test_npo_without_a_change_of_the_model_pulls_as_gradient_ascent_does():
    before = torch.tensor([-2.0, -4.0])
    logprob = before.clone().requires_grad_()
    forget = RowScores(logprob, torch.tensor([2, 4]), torch.tensor([0.4, 0.3]))
    kept = Scores(forget, STEP.abstain, STEP.retain, before, STEP.abstain_before)
    WEIGHT_METHODS["npo"].loss(kept).backward()
    assert logprob.grad.tolist() == pytest.approx([0.5, 0.5])  # the mean over two rows, weight 1
