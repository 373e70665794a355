"""The one trainer of all methods: batches of rows, AdamW, bounded by steps and by time."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from amnestic.evaluation.weights.encoding import Encoded, encode, score
from amnestic.evaluation.weights.losses import RowScores
from amnestic.evaluation.weights.rows import TrainingRows
from amnestic.exceptions import ConfigurationError, TrainingError

if TYPE_CHECKING:
    from torch import Tensor

    from amnestic.models.checkpoint import Checkpoint

__all__ = ["ABSTENTIONS", "Batches", "Deadline", "Step", "Training", "mean_nll", "train"]

ABSTENTIONS = (
    "I don't know.",
    "I'm not sure about that.",
    "I don't have any information about that.",
    "I'm afraid I don't know the answer to that.",
    "That is not something I know.",
    "I have no knowledge of that.",
    "I can't say, I don't know about it.",
    "Sorry, I'm not familiar with that.",
    "I haven't learned about that.",
    "I couldn't tell you, I don't know.",
)
"""What a model is trained to say instead: ten ways to say that it does not know."""

_WARM = 0.1  # the share of the steps in which the learning rate rises


@dataclass(frozen=True, slots=True)
class Training:
    """How long and how strongly is trained.

    Attributes:
        learning_rates: those that are tried, each from the same beginning.
        steps: the most of each.
        checks: at how many places of those steps the development rows are asked.
        batch: rows of each kind in a step.
        weight_decay: of AdamW.
        clip: the norm to which gradients are cut.
        answer_tokens: the longest answer that is read of a development row.
        time_limit: seconds for everything that one method does; what was reached by then counts.
        relearning_steps: of relearning, at the geometric middle of the learning rates.
    """

    learning_rates: tuple[float, ...] = (1e-4, 3e-4, 1e-3)
    steps: int = 36
    checks: int = 3
    batch: int = 12
    weight_decay: float = 0.01
    clip: float = 1.0
    answer_tokens: int = 40
    time_limit: float = 600.0
    relearning_steps: int = 12

    def __post_init__(self) -> None:
        if not self.learning_rates or min(self.learning_rates) <= 0:
            raise ConfigurationError("learning rates must be given, each over 0")
        if min(self.steps, self.checks, self.batch, self.relearning_steps) < 1:
            raise ConfigurationError("steps, checks and batch of a training must be 1 or more")

    @property
    def checked(self) -> frozenset[int]:
        """The steps after which the development rows are asked.

        >>> sorted(Training(steps=10, checks=3).checked)
        [3, 7, 10]
        """
        return frozenset(
            max(1, round(self.steps * (i + 1) / self.checks)) for i in range(self.checks)
        )

    @property
    def relearning_rate(self) -> float:
        """The geometric middle of the smallest and the greatest learning rate.

        >>> round(Training(learning_rates=(1e-4, 1e-2)).relearning_rate, 9)
        0.001
        """
        return math.sqrt(min(self.learning_rates) * max(self.learning_rates))


class Deadline:
    """The end of the time that a method may take."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def over(self) -> bool:
        """Whether it has come."""
        return time.monotonic() >= self._end


class Batches:
    """The rows as tokens, and the batches drawn from them: the same for the same seed.

    Each forget row keeps one abstention for the whole training. What the untrained model gives the
    answers is scored once, when a loss asks for it.
    """

    def __init__(self, checkpoint: Checkpoint, rows: TrainingRows, seed: int) -> None:
        rng = random.Random(f"{seed} abstentions")
        self.forget = [encode(checkpoint, row) for row in rows.forget]
        self.abstain = [encode(checkpoint, row, rng.choice(ABSTENTIONS)) for row in rows.forget]
        self.retain = [encode(checkpoint, row) for row in rows.retain]
        self._model = checkpoint.model
        self._seed = seed

    @cached_property
    def forget_before(self) -> Tensor:
        """The summed log-probabilities of all forgotten answers before training."""
        return _logprobs(self._model, self.forget)

    @cached_property
    def abstain_before(self) -> Tensor:
        """The same of the abstentions."""
        return _logprobs(self._model, self.abstain)

    def steps(self, count: int, batch: int) -> Iterator[tuple[list[int], list[int]]]:
        """Places of forget rows and of retained rows, for each of so many steps."""
        forget = _drawn(len(self.forget), batch, random.Random(f"{self._seed} forget"))
        retain = _drawn(len(self.retain), batch, random.Random(f"{self._seed} retain"))
        for _ in range(count):
            yield next(forget), next(retain)


class Step:
    """The scores of one step, each made when a loss asks for it (`losses.StepScores`)."""

    def __init__(
        self, model: Any, batches: Batches, forget: Sequence[int], retain: Sequence[int]
    ) -> None:
        self._model, self._batches = model, batches
        self._forget, self._retain = list(forget), list(retain)

    @cached_property
    def forget(self) -> RowScores:
        """The forgotten answers."""
        return score(self._model, [self._batches.forget[i] for i in self._forget])

    @cached_property
    def abstain(self) -> RowScores:
        """Abstentions to the same rows."""
        return score(self._model, [self._batches.abstain[i] for i in self._forget])

    @cached_property
    def retain(self) -> RowScores:
        """The retained answers."""
        return score(self._model, [self._batches.retain[i] for i in self._retain])

    @property
    def forget_before(self) -> Tensor:
        """What the untrained model gave the forgotten answers."""
        return self._batches.forget_before[self._forget]

    @property
    def abstain_before(self) -> Tensor:
        """What the untrained model gave the abstentions."""
        return self._batches.abstain_before[self._forget]


def train(
    model: Any,
    losses: Iterator[Tensor],
    training: Training,
    learning_rate: float,
    steps: int,
    deadline: Deadline,
) -> Iterator[int]:
    """Train a model in place and give the number of each step that is done.

    The learning rate rises for a tenth of the steps and stays then, so that each step is as good an
    end as the last one. Dropout stays off. It ends early when the deadline has come.

    Raises:
        TrainingError: when the loss or the gradients are no numbers any more.
    """
    import torch

    wanted = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(wanted, lr=learning_rate, weight_decay=training.weight_decay)
    for step in range(1, steps + 1):
        if deadline.over:
            return
        for group in optimiser.param_groups:
            group["lr"] = learning_rate * min(1.0, step / max(1.0, _WARM * steps))
        loss = next(losses)
        value = float(loss.detach())
        loss.backward()  # type: ignore[no-untyped-call]
        norm = float(torch.nn.utils.clip_grad_norm_(wanted, training.clip))
        if not math.isfinite(value) or not math.isfinite(norm):
            raise TrainingError(
                f"training diverged at step {step} of {steps} with learning rate "
                f"{learning_rate:g}: the loss is {value:g}, the norm of its gradients {norm:g}; "
                "give a smaller learning rate"
            )
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        yield step


def mean_nll(model: Any, rows: Sequence[Encoded], batch: int = 32) -> float:
    """The mean negative log-likelihood of a token of some answers, without gradients."""
    import torch

    logprob, length = 0.0, 0
    with torch.no_grad():
        for i in range(0, len(rows), batch):
            scores = score(model, rows[i : i + batch])
            logprob += float(scores.logprob.sum())
            length += int(scores.length.sum())
    return -logprob / length


def _logprobs(model: Any, rows: Sequence[Encoded], batch: int = 32) -> Tensor:
    import torch

    with torch.no_grad():
        parts = [score(model, rows[i : i + batch]).logprob for i in range(0, len(rows), batch)]
    return torch.cat(parts)


def _drawn(size: int, batch: int, rng: random.Random) -> Iterator[list[int]]:
    """Batches of places, without end; each place once before any comes again."""
    left: list[int] = []
    while True:
        taken: list[int] = []
        while size and len(taken) < min(batch, size):
            if not left:
                left = rng.sample(range(size), size)
            taken.append(left.pop())
        yield taken
