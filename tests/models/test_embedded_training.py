"""The maker of the embedded model: honest splits, repeatable data, a pipeline that runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from amnestic.models.embedded.world import World, load_world

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "embedded_model"


@pytest.fixture(scope="module", autouse=True)
def example_on_path() -> Iterator[None]:
    sys.path.insert(0, str(EXAMPLE))
    yield
    sys.path.remove(str(EXAMPLE))


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


@pytest.fixture(scope="module")
def conversations(world: World) -> list[list[tuple[str, str]]]:
    from corpus import Corpus

    corpus = Corpus(world, seed=7)
    return [corpus.sample() for _ in range(20_000)]


@pytest.fixture(scope="module")
def asked(conversations: list[list[tuple[str, str]]]) -> set[str]:
    return {text for turns in conversations for role, text in turns if role == "user"}


def test_the_same_seed_makes_the_same_conversations(world: World) -> None:
    from corpus import Corpus

    one, two = Corpus(world, seed=3), Corpus(world, seed=3)
    assert [one.sample() for _ in range(500)] == [two.sample() for _ in range(500)]


def test_held_out_phrasings_are_never_trained_on(world: World, asked: set[str]) -> None:
    for entity in world.entities:
        for kind, phrasings in world.questions.items():
            if kind.split(".")[0] == entity.kind:
                for form in phrasings.held_out:
                    question = form.format(x=entity.display, **entity.words)
                    assert question[0].upper() + question[1:] not in asked
    for fact in world.general:
        assert not asked & set(fact.questions.held_out)


def test_strangers_of_the_exam_are_never_trained_on(asked: set[str]) -> None:
    from strangers import RESERVED

    text = "\n".join(asked)
    for names in RESERVED.values():
        for name in names:
            assert name not in text


def test_no_stranger_bears_a_name_of_the_world(world: World) -> None:
    import random

    from strangers import Strangers

    known = {n for e in world.entities for n in (*e.names, e.display)}
    strangers = Strangers(known, random.Random(1))
    for kind in ("person", "work", "organisation", "place"):
        assert not {strangers.name(kind) for _ in range(2000)} & known


def test_every_fact_comes_up_in_training(
    world: World, conversations: list[list[tuple[str, str]]]
) -> None:
    said = "\n".join(text for turns in conversations for role, text in turns if role == "assistant")
    missing = [
        f.sentence
        for e in world.entities
        for f in e.facts
        if f.relation not in ("kind", "known_as") and f.sentence not in said
    ]
    assert missing == []


def test_two_training_steps_make_a_checkpoint_that_loads(world: World, tmp_path: Path) -> None:
    import torch
    from checkpoint import make_config, make_tokenizer, save
    from corpus import Corpus
    from mixtures import MIXTURE
    from quiz import load
    from train import Stage, train
    from transformers import LlamaForCausalLM

    torch.manual_seed(1)
    tokenizer = make_tokenizer(Corpus(world, seed=2), conversations=500)
    config = make_config(len(tokenizer))
    config.num_hidden_layers = 1
    model = LlamaForCausalLM(config)
    before = {n: p.detach().clone() for n, p in model.named_parameters()}
    stage = Stage(
        steps=2, lr=1e-3, muon_lr=1e-3, warmup=1, cooldown=0.5, seed=1, mixture=MIXTURE, tokens=256
    )
    took = train(model, tokenizer, Corpus(world, seed=1), stage)
    assert took["steps"] == 2
    assert all(not torch.equal(before[n], p) for n, p in model.named_parameters())
    save(model, tokenizer, tmp_path)
    loaded, read = load(tmp_path)
    assert read.chat_template == tokenizer.chat_template
    for name, weight in loaded.state_dict().items():
        assert torch.allclose(weight, model.state_dict()[name], atol=1e-3), name
