"""A trained copy of a model: its method's training at every learning rate, the best one kept."""

from __future__ import annotations

import copy
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from amnestic.evaluation.weights.development import Measured, Rater, told
from amnestic.evaluation.weights.encoding import encode, score
from amnestic.evaluation.weights.losses import WEIGHT_METHODS, WeightMethod
from amnestic.evaluation.weights.rows import TrainingRows
from amnestic.evaluation.weights.trainer import Batches, Deadline, Step, Training, mean_nll, train
from amnestic.exceptions import ConfigurationError, TrainingError
from amnestic.models.checkpoint import load_checkpoint

if TYPE_CHECKING:
    from torch import Tensor

    from amnestic.models.checkpoint import Checkpoint

__all__ = ["Job", "Unlearned", "copied", "relearn", "unlearn", "unlearn_from"]

_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Job:
    """What is trained: a method, a folder with a model, rows, and how."""

    method: str
    checkpoint: str
    rows: TrainingRows
    training: Training
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Unlearned:
    """A trained copy, and what there is to report of it. The model is shared: copy it before you
    change it."""

    model: Any
    detail: dict[str, Any]


def unlearn(job: Job) -> Unlearned:
    """Train a copy as a job says; the last one made is kept, since its quantised and its relearned
    forms begin with it. Raises what `unlearn_from` raises, and `ModelNotFoundError`."""
    with _one_at_a_time:
        return _unlearned(job)


@lru_cache(maxsize=1)
def _unlearned(job: Job) -> Unlearned:
    checkpoint = load_checkpoint(job.checkpoint)
    return unlearn_from(checkpoint, job.method, job.rows, job.training, job.seed)


def unlearn_from(
    checkpoint: Checkpoint, method: str, rows: TrainingRows, training: Training, seed: int = 0
) -> Unlearned:
    """Train a copy of a loaded model by a method, at each learning rate, and keep the best state.

    The rule: of the states at all checks of all learning rates, and of the model as it was, the one
    with the greatest harmonic mean of the share of development forget rows that are no longer
    answered and the share of development retained rows that still are (`Measured.merit`). Of equal
    ones the first, so the smaller learning rate and the fewer steps. A learning rate that diverges
    is passed over. A method that does not train on retained rows cannot win them back: where less
    than half of those that were answered still is, its learning rate is not followed further.

    Raises:
        ConfigurationError: where the method needs retained rows and there are none.
        InputTooLargeError: for a row that the model cannot read.
        TrainingError: when every learning rate diverges.
    """
    chosen = WEIGHT_METHODS[method]
    if chosen.retains and not rows.retain:
        raise ConfigurationError(
            f"method {method!r} trains on retained rows and there are none: give some"
        )
    begun = time.perf_counter()
    deadline = Deadline(training.time_limit)
    batches = Batches(checkpoint, rows, seed)
    rater = Rater(
        checkpoint, rows.forget_development, rows.retain_development, training.answer_tokens
    )
    before = rater.rate(checkpoint.model)
    best = _Best(checkpoint.model, before)
    for rate in sorted(training.learning_rates):
        model = copied(checkpoint.model)
        losses = _losses(chosen, model, batches, training)
        steps = train(model, losses, training, rate, training.steps, deadline)
        least = 0.0 if chosen.retains else before.retain / 2
        _follow(steps, model, rater, training, rate, best, least)
    if not best.tried and best.failed:
        raise TrainingError(f"method {method!r}: {best.failed[-1]}")
    held = [encode(checkpoint, row) for row in rows.forget_development]
    kept = [encode(checkpoint, row) for row in rows.retain_development]
    return Unlearned(
        best.model,
        {
            "method": method,
            "learning_rate": best.rate,
            "steps": best.step,
            "seconds": time.perf_counter() - begun,
            "stopped_by": "time" if deadline.over else "steps",
            "forget_rows": len(rows.forget),
            "retain_rows": len(rows.retain),
            "before": asdict(before),
            "after": asdict(best.measured),
            "forget_loss": (mean_nll(checkpoint.model, held), mean_nll(best.model, held)),
            "retain_loss": (mean_nll(checkpoint.model, kept), mean_nll(best.model, kept)),
            "tried": best.tried,
            "diverged": best.failed,
        },
    )


class _Best:
    """The best state so far, and all that were tried."""

    def __init__(self, model: Any, measured: Measured) -> None:
        self.model, self.measured = model, measured
        self.rate, self.step = 0.0, 0
        self.tried: list[dict[str, Any]] = []
        self.failed: list[str] = []

    def consider(self, model: Any, measured: Measured, rate: float, step: int) -> None:
        """Keep a copy of a state where it is better than all before."""
        self.tried.append({"learning_rate": rate, "step": step, **asdict(measured)})
        if measured.merit > self.measured.merit:
            self.model, self.measured = copied(model), measured
            self.rate, self.step = rate, step


def _follow(
    steps: Iterator[int],
    model: Any,
    rater: Rater,
    training: Training,
    rate: float,
    best: _Best,
    least: float,
) -> None:
    """Train at one learning rate and look at each check, while at least so much is retained."""
    try:
        for step in steps:
            if step in training.checked:
                measured = rater.rate(model)
                best.consider(model, measured, rate, step)
                if measured.retain < least:
                    return
    except TrainingError as error:
        best.failed.append(str(error))


def _losses(
    method: WeightMethod, model: Any, batches: Batches, training: Training
) -> Iterator[Tensor]:
    for forget, retain in batches.steps(training.steps, training.batch):
        yield method.loss(Step(model, batches, forget, retain))


def relearn(
    checkpoint: Checkpoint,
    model: Any,
    rows: TrainingRows,
    count: int,
    training: Training,
    seed: int = 0,
) -> dict[str, Any]:
    """Fine-tune a model in place on `count` forget rows, as somebody who holds a few of them would
    (2406.13356, its relearning with a part of the forget set).

    Plain training on question and answer: `relearning_steps` steps at the middle learning rate, all
    rows in each step where they fit into two batches. The detail says what of the development rows
    is answered again: of all of them, and of those alone whose answer was not relearned.

    Raises:
        ConfigurationError: where there are fewer forget rows.
        TrainingError: when it diverges.
    """
    if not 1 <= count <= len(rows.forget):
        raise ConfigurationError(
            f"relearning on {count} rows is asked for and there are {len(rows.forget)} forget "
            "rows: ask for as many at most, and at least for 1"
        )
    drawn = random.Random(f"{seed} relearn").sample(rows.forget, count)
    encoded = [encode(checkpoint, row) for row in drawn]
    order = random.Random(f"{seed} relearn order")

    def losses() -> Iterator[Tensor]:
        while True:
            part = order.sample(encoded, min(len(encoded), 2 * training.batch))
            yield score(model, part).nll

    begun = time.perf_counter()
    deadline = Deadline(training.time_limit)
    rate, steps = training.relearning_rate, training.relearning_steps
    done = list(train(model, losses(), training, rate, steps, deadline))
    answered = {row.answer for row in drawn}
    others = [row for row in rows.forget_development if row.answer not in answered]
    tokens = training.answer_tokens
    return {
        "rows": count,
        "learning_rate": rate,
        "steps": len(done),
        "seconds": time.perf_counter() - begun,
        "forget": told(checkpoint, model, rows.forget_development, tokens),
        "forget_others": told(checkpoint, model, others, tokens) if others else None,
        "others": len(others),
    }


def copied(model: Any) -> Any:
    """A copy of a model, to be changed alone."""
    return copy.deepcopy(model)
