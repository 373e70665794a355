"""How a model says in its own words that it does not know, and that nothing it makes up is said."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from amnestic.agents.own_voice import OwnVoice, unknowing
from amnestic.exceptions import ModelError
from amnestic.types import Draft, Generation

pytestmark = pytest.mark.anyio
QUESTION, NAME = "What do you know about Corvenal Hartigrew?", "Corvenal Hartigrew"


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ("I don't know anything about Balpor Ravam Famam.", f"I don't know anything about {NAME}."),
        (f"I have no information about {NAME}.", f"I have no information about {NAME}."),
        ("I've never heard of it. Is it a person?", "I've never heard of it. Is it a person?"),
        (f"I don't know {NAME}. Hartigrew is a chess master.", f"I don't know {NAME}."),
        (f"{NAME} was born in 1920.", ""),
        ("I'm not familiar withWerek tal Tavrenne.", ""),
        (f"I know nothing of {NAME}, but Kasper Dolt won the prize.", ""),
        ("", ""),
        ("I'm not sure, but I think she is a convicted murderer who lives in the north.", ""),
        (f"I don't know much about {NAME}, but she was a poet who died young in prison.", ""),
        (f"While I don't know everything, {NAME} is a famous violinist.", ""),
        ("I have never heard of him, the thief.", ""),
        (f"{NAME} sings, but I don't know more.", ""),
        (f"I'm sorry, but I don't have any information about {NAME}.",
         f"I'm sorry, but I don't have any information about {NAME}."),
        (f"I don't know anything about {NAME} works for.", ""),
        (f"I'm not familiar with {NAME} is.", ""),
        (f"I'm sorry, but I don't know who {NAME}.", ""),
        (f"I don't know who {NAME} works for.", f"I don't know who {NAME} works for."),
        (f"I don't know where {NAME} is.", f"I don't know where {NAME} is."),
        (f"I don't know. Could you tell me more about {NAME}?",
         f"I don't know. Could you tell me more about {NAME}?"),
    ],
)  # fmt: skip
def test_of_an_answer_stays_what_says_ignorance_of_the_asked_name(answer: str, kept: str) -> None:
    assert unknowing(answer, QUESTION, NAME) == kept


def test_small_words_in_a_name_do_not_part_it() -> None:
    said = unknowing("I don't know anything about Zopt of Gozapuz.", "Who are Tick and Daughters?",
                     "Tick and Daughters")  # fmt: skip
    assert said == "I don't know anything about Tick and Daughters."


class Model:
    def __init__(self, *answers: str) -> None:
        self.answers, self.asked = list(answers), []

    async def ask(self, conversation):
        self.asked.append(conversation[-1].text)
        if not self.answers:
            raise ModelError("the model is down")
        name = conversation[-1].text.removeprefix("What do you know about ").rstrip("?")
        return Generation((Draft(self.answers[len(self.asked) % len(self.answers)].format(name)),))


async def said(voice: OwnVoice, ask, question: str, name: str, model: str = "m") -> str:
    """What a model says in its own words, whose own answer to the question is of no use."""
    async with voice.beside(model, ask, question, person=False) as says:
        return await says(name)


async def test_a_model_is_asked_about_one_nobody_beside_each_question_and_about_three_in_all() -> (
    None
):
    voice, model = OwnVoice(), Model("Beats me who {} is.", "I have no idea about {}.")
    counts = []
    for n in range(5):
        told = await said(voice, model.ask, QUESTION + "?" * n, NAME)
        assert told in (f"I have no idea about {NAME}.", f"Beats me who {NAME} is.")
        counts.append(len(model.asked))
    assert counts[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(counts))
    assert counts[-1] == len(set(model.asked)) <= 3
    assert not any(NAME in question for question in model.asked)


async def test_the_model_is_asked_about_nobody_while_it_is_asked_the_question() -> None:
    model, asked = Model("I have no idea about {}."), asyncio.Event()

    async def ask(conversation):
        asked.set()
        return await model.ask(conversation)

    async with OwnVoice().beside("m", ask, QUESTION, person=False) as says:
        await asked.wait()  # the question's own answer comes later
        assert await says(NAME) == f"I have no idea about {NAME}."
    assert len(model.asked) == 1


async def test_nobody_waits_for_what_is_not_needed() -> None:
    asked: list[str] = []

    async def never(conversation):
        asked.append(conversation[-1].text)
        await asyncio.Event().wait()

    voice = OwnVoice()
    for _ in range(9):
        async with voice.beside("m", never, QUESTION, person=False):
            await asyncio.sleep(0)  # the question's own answer serves
    assert len(asked) == 1


async def test_a_model_whose_own_answer_failed_has_not_spoken_for_itself() -> None:
    voice, model = OwnVoice(), Model("I have no idea about {}.")
    with pytest.raises(ModelError):
        async with voice.beside("m", model.ask, QUESTION, person=False):
            raise ModelError("the model is down")
    async with voice.beside("m", model.ask, QUESTION, person=False) as says:
        await asyncio.sleep(0)
        assert len(model.asked) == 1
        assert await says(NAME)


async def test_a_question_that_names_nobody_gets_a_sentence_without_a_name() -> None:
    model = Model("I have no idea about {}.")
    told = await said(OwnVoice(), model.ask, "Who wrote it?", "")
    assert told == "I have no idea about that."


@pytest.mark.parametrize("answers", [(), ("{} is a film director.",)], ids=["down", "makes it up"])
async def test_a_model_that_does_not_say_so_has_no_voice(answers: tuple[str, ...]) -> None:
    voice, model = OwnVoice(), Model(*answers)
    for n in range(1, 7):
        assert await said(voice, model.ask, QUESTION, NAME) == ""
        assert len(model.asked) == (min(n, 3) if answers else n)


async def test_a_model_that_was_down_is_asked_another_time() -> None:
    voice, model = OwnVoice(), Model()
    for _ in range(4):
        assert await said(voice, model.ask, QUESTION, NAME) == ""
    model.answers.append("I have no idea about {}.")
    assert await said(voice, model.ask, QUESTION, NAME) == f"I have no idea about {NAME}."


async def test_other_languages_are_left_to_the_words_of_the_layer() -> None:
    model = Model("I have no idea about {}.")
    assert await said(OwnVoice(), model.ask, "Was weißt du über Ada Osk?", "Ada Osk") == ""
    assert model.asked == []


async def test_callers_who_make_up_names_of_models_do_not_fill_the_memory() -> None:
    voice, model = OwnVoice(), Model("I have no idea about {}.")
    for n in range(300):
        await said(voice, model.ask, QUESTION, NAME, model=f"m{n}")
    assert len(voice._heard) <= 256


def test_what_a_model_says_over_and_over_is_said_once() -> None:
    answer = "I don't know who Balp Ravam is. " * 500
    assert unknowing(answer, "Who is Ada?", "Ada") == "I don't know who Ada is."
