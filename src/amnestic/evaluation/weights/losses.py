"""The losses of weight unlearning, each a few lines over the scores of one step.

Where a paper leaves a choice, the public code of the papers and of open-unlearning
(github.com/locuslab/open-unlearning, `src/trainer/unlearn`) decided. Simpler here, in all of them:
whole weights are trained in 32 bits and without an adapter, retained rows count with weight 1, and
each forget row has one abstention of its own for the whole training instead of a fresh draw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["WEIGHT_METHODS", "RowScores", "StepScores", "WeightMethod"]

NPO_BETA = 0.1
"""β of NPO and of the preference form (2404.05868: β = 0.1)."""

SIMNPO_BETA, SIMNPO_WEIGHT = 4.5, 0.125
"""β of SimNPO, and the weight of its forget part: those that its code gives for TOFU forget10
(github.com/OPTML-Group/Unlearn-Simple, `TOFU/README.md`); the margin γ is 0 there."""


@dataclass(frozen=True, slots=True)
class RowScores:
    """What a model makes of the answers of a batch of rows.

    `logprob` holds the summed log-probability of each answer, `length` its tokens (its end
    included), `probability` the mean probability of its tokens: tensors of one number per row.
    """

    logprob: Tensor
    length: Tensor
    probability: Tensor

    @property
    def nll(self) -> Tensor:
        """The mean negative log-likelihood of a token over the batch: the usual training loss."""
        return -self.logprob.sum() / self.length.sum()


class StepScores(Protocol):
    """The scores of one step: of the model's answers to forget rows, of abstentions to the same
    rows, and of the answers to retained rows. `…_before` are the summed log-probabilities that the
    model gave before any training."""

    @property
    def forget(self) -> RowScores: ...
    @property
    def abstain(self) -> RowScores: ...
    @property
    def retain(self) -> RowScores: ...
    @property
    def forget_before(self) -> Tensor: ...
    @property
    def abstain_before(self) -> Tensor: ...


@dataclass(frozen=True, slots=True)
class WeightMethod:
    """A method by its name: what it does and after whom, and its loss. `retains` says whether it
    trains on retained rows."""

    name: str
    description: str
    loss: Callable[[StepScores], Tensor]
    retains: bool = True


def gradient_ascent(step: StepScores) -> Tensor:
    """Raise the loss of the forgotten answers, and nothing else: −L(forget). Unbounded below, so it
    ends in noise where it is not stopped (TOFU, 2401.06121, the baseline of that name among its
    unlearning algorithms)."""
    return -step.forget.nll


def gradient_difference(step: StepScores) -> Tensor:
    """Raise the loss of the forgotten answers and lower that of retained ones: −L(forget) +
    L(retain) (TOFU, 2401.06121, the baseline of that name; open-unlearning `grad_diff.py`, with
    both weights 1)."""
    return -step.forget.nll + step.retain.nll


def npo(step: StepScores) -> Tensor:
    """Negative preference optimisation with retained rows: −(2/β) · log σ(−β · log(π/π₀)) on whole
    answers, a gradient ascent that fades where an answer has become unlikely
    (2404.05868; its form with retained rows; open-unlearning `npo.py`)."""
    from torch.nn.functional import logsigmoid

    ratio = step.forget.logprob - step.forget_before
    return -2 / NPO_BETA * logsigmoid(-NPO_BETA * ratio).mean() + step.retain.nll


def simnpo(step: StepScores) -> Tensor:
    """NPO without a reference model, its reward divided by the answer's length: −(2/β) ·
    log σ(−(β/|y|) · log π), with retained rows (2410.07163; open-unlearning
    `simnpo.py`)."""
    from torch.nn.functional import logsigmoid

    reward = -step.forget.logprob / step.forget.length
    forgotten = -2 / SIMNPO_BETA * logsigmoid(SIMNPO_BETA * reward).mean()
    return SIMNPO_WEIGHT * forgotten + step.retain.nll


def idk(step: StepScores) -> Tensor:
    """Fine-tune to "I don't know": L(abstention to forget rows) + L(retain) (TOFU, 2401.06121, its
    unlearning algorithm that aligns the model with "I don't know", there called preference
    optimisation; `idk` in its code). Simpler here: ten abstentions instead of a hundred."""
    return step.abstain.nll + step.retain.nll


def preference(step: StepScores) -> Tensor:
    """The preference form: DPO (2305.18290, section 4) with the abstention preferred to the
    forgotten answer, and retained rows beside it (2404.05868, where it is a baseline;
    open-unlearning `dpo.py`)."""
    from torch.nn.functional import logsigmoid

    preferred = step.abstain.logprob - step.abstain_before
    rejected = step.forget.logprob - step.forget_before
    margin = logsigmoid(NPO_BETA * (preferred - rejected)).mean()
    return -2 / NPO_BETA * margin + step.retain.nll


def flat(step: StepScores) -> Tensor:
    """Forget data only: raise the f-divergence between abstention and forgotten answer. In the form
    for total variation, −½ tanh p(abstention) + ½ tanh p(forgotten), where p is the mean
    probability of an answer's tokens; neither retained rows nor a reference model (2410.11143;
    github.com/UCSC-REAL/FLAT, `dataloader.py`). Otherwise than that code, which also
    counts the prompt's tokens as zeros, the mean is over the answer's tokens.
    """
    from torch import tanh

    good, bad = step.abstain.probability, step.forget.probability
    return (tanh(bad).mean() - tanh(good).mean()) / 2


WEIGHT_METHODS = MappingProxyType(
    {
        method.name: method
        for method in (
            WeightMethod(
                "gradient-ascent",
                "raises the loss of the forgotten answers (TOFU, 2401.06121)",
                gradient_ascent,
                retains=False,
            ),
            WeightMethod(
                "gradient-difference",
                "raises the loss of the forgotten answers and lowers that of retained ones "
                "(TOFU, 2401.06121)",
                gradient_difference,
            ),
            WeightMethod(
                "npo",
                "negative preference optimisation with retained rows (2404.05868)",
                npo,
            ),
            WeightMethod(
                "simnpo",
                "negative preference optimisation by length and without a reference model "
                "(2410.07163)",
                simnpo,
            ),
            WeightMethod(
                "idk",
                'fine-tunes to "I don\'t know" with retained rows (TOFU, 2401.06121)',
                idk,
            ),
            WeightMethod(
                "preference",
                "prefers an abstention to the forgotten answer by DPO, with retained rows "
                "(2305.18290; 2404.05868)",
                preference,
            ),
            WeightMethod(
                "flat",
                "loss adjustment by f-divergence on forget rows alone (2410.11143)",
                flat,
                retains=False,
            ),
        )
    }
)
"""Every method by its name."""
