"""The methods that act on weights: steering in general, and each on the embedded model."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence
from contextvars import copy_context
from typing import Any

import pytest

from amnestic.evaluation.contract import Answer, Subject
from amnestic.evaluation.subjects import KINDS, forgotten_subjects
from amnestic.evaluation.systems import SYSTEMS, Need, Options, make_system
from amnestic.evaluation.systems.local import telling_words
from amnestic.evaluation.systems.steering import decoder_layers, steering
from amnestic.exceptions import ConfigurationError
from amnestic.models.embedded.world import Entity, load_world
from amnestic.types import Message

LOCAL = [name for name, entry in SYSTEMS.items() if entry.needs is Need.WEIGHTS]


def _doubled(args: tuple[Any, ...], kwargs: Mapping[str, Any], given: Any) -> Any:
    return given * 2


def test_a_hook_acts_where_it_was_set_and_nowhere_else() -> None:
    import torch

    module, ones = torch.nn.Identity(), torch.ones(2)
    elsewhere: list[float] = []

    def ask() -> None:
        elsewhere.append(float(module(ones).sum()))

    with steering({module: _doubled}) as spent:
        assert module(ones).sum() == 4
        for context in (None, copy_context()):
            run = ask if context is None else lambda context=context: context.run(ask)
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()
    assert elsewhere == [2, 4]
    assert spent.seconds > 0
    assert module(ones).sum() == 2
    assert not module._forward_hooks


def test_a_model_without_decoder_layers_is_named() -> None:
    import torch

    with pytest.raises(
        ConfigurationError, match="'x' does not find the decoder layers of a Linear"
    ):
        decoder_layers(torch.nn.Linear(1, 1), "x")


def test_telling_words_are_names_and_numbers_that_are_not_the_subjects_own() -> None:
    ida = Subject("s", "Ida Quarrel", "…", names=("Ida Quarrel", "the Tin Fox"))
    told = ["Ida Quarrel was born in Sallowfen on 3 May 1911. Her fox is tame."]
    assert telling_words(told, ida) == ["1911", "3", "May", "Sallowfen"]


def test_the_draw_is_even_and_its_own_for_each_seed() -> None:
    drawn = forgotten_subjects(0, 7)
    assert [sum(e.kind == kind for e in drawn) for kind in KINDS] == [3, 2, 2]
    assert len({e.id for e in drawn}) == 7
    assert drawn != forgotten_subjects(1, 7)
    assert all(len(e.facts) >= 4 for e in drawn)
    with pytest.raises(ConfigurationError, match="27 subjects of kind 'organisation'"):
        forgotten_subjects(0, 81)


def _subjects(entities: Sequence[Entity]) -> list[Subject]:
    return [
        Subject(
            e.id,
            e.name,
            f"Please forget {e.name}. {e.description}",
            e.names,
            tuple(fact.sentence for fact in e.facts),
            kind=e.kind,
        )
        for e in entities
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", LOCAL)
def test_on_the_embedded_model_most_of_the_subject_goes_and_the_rest_is_byte_for_byte(
    name: str,
) -> None:
    world = load_world()
    person, *_ = forgotten_subjects(0, 3)
    unrelated = [fact.questions.trained[0] for fact in world.general[:3]]
    about = [world.ask(person, relation) for relation in ("birthplace", "hobby", "residence")]
    values = [person.fact(relation).value for relation in ("birthplace", "hobby", "residence")]

    async def play(name: str) -> list[Answer]:
        system = make_system(name, "embedded", Options())
        try:
            await system.prepare(_subjects([person]))
            asked = [(Message.of("user", question),) for question in (*about, *unrelated)]
            return [await system.answer(each, {"max_tokens": 60}) for each in asked]
        finally:
            await system.close()

    bare, told = (asyncio.run(play(each)) for each in ("none", name))
    assert all(value in answer.text for value, answer in zip(values, bare, strict=False))
    assert sum(value in answer.text for value, answer in zip(values, told, strict=False)) <= 1
    assert [a.text for a in told[3:]] == [a.text for a in bare[3:]]
    assert [a.text for a in asyncio.run(play("none"))] == [a.text for a in bare]


@pytest.mark.slow
def test_the_assistant_is_the_same_for_the_same_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from amnestic.evaluation.systems.assistant import train_assistant
    from amnestic.models.checkpoint import load_checkpoint
    from amnestic.models.resolve import EMBEDDED_DIR

    loaded = load_checkpoint(str(EMBEDDED_DIR))
    state = torch.random.get_rng_state()
    told = [(s, s.facts) for s in _subjects(forgotten_subjects(0, 1))]
    beside = [("What is the capital of Japan?", "The capital of Japan is Tokyo.")]
    monkeypatch.setattr("amnestic.evaluation.systems.assistant.STEPS", 10)
    (one, loss), (two, again) = (train_assistant(loaded, told, beside, seed=3) for _ in range(2))
    assert loss == again
    pairs = zip(one.model.parameters(), two.model.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert not any(p.grad is not None for p in loaded.model.parameters())
