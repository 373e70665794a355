"""Training a copy to forget: what it does, that it repeats, and where it ends in a clear line."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from amnestic.evaluation.weights import WEIGHT_METHODS
from amnestic.evaluation.weights.development import answers, told
from amnestic.evaluation.weights.encoding import encode, score
from amnestic.evaluation.weights.rows import TrainingRow
from amnestic.evaluation.weights.trainer import (
    Deadline,
    Training,
    mean_nll,
    train,
)
from amnestic.evaluation.weights.unlearning import copied, relearn, unlearn_from
from amnestic.exceptions import (
    ConfigurationError,
    InputTooLargeError,
    TrainingError,
)
from tests.evaluation.weights.conftest import FORGOTTEN, QUICK


def weights(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def test_the_tiny_model_knows_what_is_to_be_forgotten(checkpoint, rows):
    assert told(checkpoint, checkpoint.model, rows.forget_development, 10) == 1.0
    assert told(checkpoint, checkpoint.model, rows.retain_development, 10) == 1.0


def test_gradient_ascent_raises_the_loss_of_the_forgotten_answers(checkpoint, rows):
    model = copied(checkpoint.model)
    encoded = [encode(checkpoint, row) for row in rows.forget]
    before = mean_nll(model, encoded)
    losses = (-score(model, encoded).nll for _ in range(5))
    assert list(train(model, losses, QUICK, 1e-3, 5, Deadline(60))) == [1, 2, 3, 4, 5]
    assert mean_nll(model, encoded) > before + 0.1
    assert mean_nll(checkpoint.model, encoded) == before  # the model itself is left alone


@pytest.mark.parametrize("method", WEIGHT_METHODS)
def test_a_method_forgets_by_the_rule_and_says_what_it_did(checkpoint, rows, method):
    made = unlearn_from(checkpoint, method, rows, replace(QUICK, learning_rates=(1e-3, 5e-3)))
    detail = made.detail
    assert detail["before"]["forget"] == 1.0
    assert detail["after"]["forget"] < 1.0
    assert detail["steps"] in QUICK.checked
    assert detail["forget_loss"][1] > detail["forget_loss"][0]
    assert {"retain", "unchanged"} <= set(detail["after"])
    merits = [2 * (1 - t["forget"]) * t["retain"] / max(1e-9, 1 - t["forget"] + t["retain"])
              for t in detail["tried"]]  # fmt: skip
    after = detail["after"]
    best = 2 * (1 - after["forget"]) * after["retain"] / (1 - after["forget"] + after["retain"])
    assert best == pytest.approx(max(merits))


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(checkpoint, rows):
    quick = replace(QUICK, steps=6, batch=3)
    first, again, other = (unlearn_from(checkpoint, "npo", rows, quick, seed) for seed in (0, 0, 1))
    assert torch.equal(weights(first.model), weights(again.model))
    assert first.detail["tried"] == again.detail["tried"]
    assert not torch.equal(weights(first.model), weights(other.model))


def test_relearning_on_some_rows_brings_answers_back(checkpoint, rows):
    made = unlearn_from(checkpoint, "idk", rows, QUICK)
    model = copied(made.model)
    detail = relearn(checkpoint, model, rows, 2, QUICK)
    assert detail["rows"] == 2
    assert detail["others"] == 2
    assert detail["forget"] >= 0.5 > made.detail["after"]["forget"]
    assert detail["forget_others"] is not None


def test_answers_are_those_of_the_chat_backend(checkpoint, folder, rows):
    import asyncio

    from amnestic.config import Settings
    from amnestic.models.resolve import resolve_backend

    backend = resolve_backend(f"hf:{folder}", Settings())
    asked = [*rows.forget_development, *rows.retain]
    one_by_one = [
        asyncio.run(backend.generate(row.messages, {"max_tokens": 10})).choices[0].text
        for row in asked
    ]
    assert answers(checkpoint, checkpoint.model, asked, 10) == one_by_one


def test_when_the_time_is_over_training_ends_and_says_so(checkpoint, rows):
    made = unlearn_from(checkpoint, "idk", rows, replace(QUICK, time_limit=0.0))
    assert made.detail["stopped_by"] == "time"
    assert made.detail["steps"] == 0
    assert made.detail["after"] == made.detail["before"]


def test_a_run_that_diverges_ends_in_one_line_that_says_where(checkpoint, rows):
    broken = copied(checkpoint.model)
    losses = (score(broken, [encode(checkpoint, rows.forget[0])]).nll * float("nan") for _ in "abc")
    with pytest.raises(TrainingError, match=r"diverged at step 1 of 3 with learning rate 0\.001"):
        list(train(broken, losses, QUICK, 1e-3, 3, Deadline(60)))


def test_where_every_learning_rate_diverges_the_method_is_named(checkpoint, rows):
    training = replace(QUICK, learning_rates=(1e30,), steps=4, checks=1)
    with pytest.raises(TrainingError, match=r"'gradient-ascent': .*smaller learning rate"):
        unlearn_from(checkpoint, "gradient-ascent", rows, training)


def test_a_row_that_is_longer_than_the_context_is_named(checkpoint, rows):
    long = TrainingRow.of("What is long? " + "word " * 80, "This.", "orla")
    with pytest.raises(InputTooLargeError, match="What is long"):
        unlearn_from(checkpoint, "idk", replace(rows, forget=(long,)), QUICK)


def test_a_method_that_needs_retained_rows_says_so(checkpoint, rows):
    with pytest.raises(ConfigurationError, match="'npo' trains on retained rows"):
        unlearn_from(checkpoint, "npo", replace(rows, retain=()), QUICK)
    assert unlearn_from(checkpoint, "flat", replace(rows, retain=()), QUICK).detail["tried"]


def test_more_relearned_rows_than_there_are_is_refused(checkpoint, rows):
    with pytest.raises(ConfigurationError, match=f"there are {len(FORGOTTEN)} forget rows"):
        relearn(checkpoint, copied(checkpoint.model), rows, 20, QUICK)


@pytest.mark.parametrize(
    "wrong", [{"learning_rates": ()}, {"learning_rates": (0.0,)}, {"steps": 0}]
)
def test_a_training_that_cannot_be_is_refused(wrong):
    with pytest.raises(ConfigurationError):
        Training(**wrong)
