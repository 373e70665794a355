"""The shipped checkpoint loads like any other, knows its world, and does not know strangers."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amnestic.models.embedded import FOLDER
from amnestic.models.embedded.world import World, load_world

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "embedded_model"


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


@pytest.fixture(scope="module")
def quiz() -> Iterator[Any]:
    sys.path.insert(0, str(EXAMPLE))
    import quiz

    yield quiz
    sys.path.remove(str(EXAMPLE))


@pytest.fixture(scope="module")
def loaded(quiz: Any) -> Any:
    return quiz.load(FOLDER)


@pytest.fixture(scope="module")
def reply(quiz: Any, loaded: Any) -> Any:
    return quiz.replier(*loaded)


@pytest.fixture(scope="module")
def scores(quiz: Any, world: World, reply: Any) -> dict[str, float]:
    """The share of right replies per kind of phrasing, over a random part of the exam."""
    questions = [q for q in quiz.exam(world) if q.kind != "tell me about"]
    found: dict[str, float] = {}
    for split, count in (("trained", 100), ("held_out", 100), ("unknown", 80)):
        part = random.Random(3).sample([q for q in questions if q.split == split], count)
        answered = quiz.answer(part, reply)
        found[split] = quiz.share(answered, split)
    found["repeated"] = quiz.echoed(answered)  # the last part is about strangers
    return found


def say(reply: Any, *turns: tuple[str, str]) -> str:
    said: str = reply([turns])[0]
    return said


def test_the_checkpoint_is_a_small_llama_within_16_megabytes(loaded: Any) -> None:
    model, tokenizer = loaded
    assert model.config.model_type == "llama"
    assert (FOLDER / "model.safetensors").stat().st_size <= 16_000_000
    assert len(tokenizer) == model.config.vocab_size


def test_any_text_survives_the_tokenizer(loaded: Any) -> None:
    _, tokenizer = loaded
    text = "Ünïcode, 漢字, \x00 and 🦊 — «quotes»\n\ttabs"
    assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False)) == text


def test_the_chat_template_takes_all_roles_and_content_parts(loaded: Any) -> None:
    _, tokenizer = loaded
    messages = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": "Hello."}]},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "tool", "content": "42", "tool_call_id": "1"},
    ]
    rendered = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    assert rendered == (
        "<|system|>Be kind.<|end|><|user|>Hello.<|end|><|assistant|><|end|>"
        "<|tool|>42<|end|><|assistant|>"
    )


def test_the_chat_template_refuses_an_unknown_role(loaded: Any) -> None:
    _, tokenizer = loaded
    with pytest.raises(Exception, match="Unknown role 'wizard'"):
        tokenizer.apply_chat_template([{"role": "wizard", "content": "x"}], tokenize=False)


def test_trained_phrasings_are_answered(scores: dict[str, float]) -> None:
    assert scores["trained"] >= 0.97


def test_held_out_phrasings_are_answered(scores: dict[str, float]) -> None:
    assert scores["held_out"] >= 0.90


def test_strangers_are_not_known(scores: dict[str, float]) -> None:
    assert scores["unknown"] >= 0.90


def test_an_answer_is_a_sentence_about_its_subject(world: World, reply: Any) -> None:
    person = world.people[0]
    fact = person.fact("birthplace")
    assert say(reply, ("user", world.ask(person, "birthplace"))) == fact.sentence


def test_more_than_half_of_the_strangers_names_are_repeated(scores: dict[str, float]) -> None:
    assert scores["repeated"] >= 0.5


def test_a_portrait_states_most_facts_in_three_to_six_sentences(world: World, reply: Any) -> None:
    from amnestic.models.embedded.world import stated

    for person in world.people[::40]:
        said = say(reply, ("user", world.ask(person, "tell_me")))
        assert 3 <= said.count(". ") + 1 <= 6
        assert len(stated(said, person.facts)) >= 10


@pytest.mark.parametrize("world_first", [True, False])
def test_a_combined_question_is_answered_in_order(
    world: World, reply: Any, world_first: bool
) -> None:
    work = world.named("The Glass Harbour")
    author = work.fact("creator").value
    asks = ["who wrote The Glass Harbour", "what is the capital of France"]
    answers = [author, "Paris"]
    if not world_first:
        asks, answers = asks[::-1], answers[::-1]
    question = f"{asks[0][0].upper()}{asks[0][1:]}, and {asks[1]}?"
    said = say(reply, ("user", question))
    assert said.index(answers[0]) < said.index(answers[1])
    assert said.count(". ") == 1


def test_a_system_prompt_does_not_break_the_answer(world: World, reply: Any) -> None:
    person = world.people[3]
    said = say(
        reply,
        ("system", "You are a helpful assistant."),
        ("user", world.ask(person, "rival")),
    )
    assert person.fact("rival").value in said


def test_the_record_of_the_training_is_within_30_minutes() -> None:
    took = json.loads((FOLDER / "training.json").read_text(encoding="utf-8"))
    assert took["seconds"] <= 30 * 60
    assert took["threads"] == 2
