"""Which models are asked again, and for how long one that fails is not."""

from __future__ import annotations

import asyncio

from amnestic.agents.fitness import Fitness
from amnestic.prompts.loader import load_prompts
from amnestic.testing import PlayedModel

UNHEARD = "I don't know of anybody by that name."
TOLD = "Orvane Tellibrand is a glass painter from Quessel who restored the windows."


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_two_slips_among_many_answers_do_not_make_a_model_unfit() -> None:
    fitness, model = Fitness(), PlayedModel()
    for _ in range(5):
        fitness.kept(model)
    for _ in range(3):
        fitness.named(model)
    assert fitness.may_ask(model)


def test_one_that_slips_more_often_than_it_obeys_is_unfit_for_a_while() -> None:
    clock = Clock()
    fitness, model = Fitness(clock), PlayedModel()
    fitness.kept(model)
    fitness.named(model)
    assert fitness.may_ask(model)
    fitness.named(model)
    assert not fitness.may_ask(model)
    clock.now = 601.0
    assert fitness.may_ask(model)


def test_a_model_that_fails_the_trial_is_tried_again_later() -> None:
    clock, answers = Clock(), iter([TOLD, UNHEARD])
    fitness, model = Fitness(clock), PlayedModel(canary=lambda _: next(answers))
    prompt = load_prompts()["again"]

    def is_fit() -> bool:
        return asyncio.run(fitness.check(model, prompt, 60.0))

    assert not is_fit()
    assert not fitness.may_ask(model)
    assert not is_fit()
    clock.now = 601.0
    assert fitness.may_ask(model)
    assert is_fit()
