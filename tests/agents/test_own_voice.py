"""How a model says in its own words that it does not know, and that nothing it makes up is said."""

from __future__ import annotations

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


async def test_a_model_is_asked_about_nobody_once_and_heard_for_every_question() -> None:
    voice, model = OwnVoice(), Model("Beats me who {} is.", "I have no idea about {}.")
    first = await voice.says("m", model.ask, QUESTION, NAME, person=False)
    asked = list(model.asked)
    again = await voice.says("m", model.ask, "Tell me about Ada Osk.", "Ada Osk", person=False)
    assert first == f"I have no idea about {NAME}."
    assert again == "I have no idea about Ada Osk."
    assert model.asked == asked
    assert not any(NAME in question for question in asked)


async def test_a_question_that_names_nobody_gets_a_sentence_without_a_name() -> None:
    model = Model("I have no idea about {}.")
    assert await OwnVoice().says("m", model.ask, "Who wrote it?", "", person=False) == (
        "I have no idea about that."
    )


@pytest.mark.parametrize("answers", [(), ("{} is a film director.",)], ids=["down", "makes it up"])
async def test_a_model_that_does_not_say_so_has_no_voice(answers: tuple[str, ...]) -> None:
    model = Model(*answers)
    assert await OwnVoice().says("m", model.ask, QUESTION, NAME, person=False) == ""


async def test_a_model_that_was_down_is_asked_another_time() -> None:
    voice, model = OwnVoice(), Model()
    assert await voice.says("m", model.ask, QUESTION, NAME, person=False) == ""
    model.answers.append("I have no idea about {}.")
    said = await voice.says("m", model.ask, QUESTION, NAME, person=False)
    assert said == f"I have no idea about {NAME}."


async def test_other_languages_are_left_to_the_words_of_the_layer() -> None:
    model = Model("I have no idea about {}.")
    said = await OwnVoice().says("m", model.ask, "Was weißt du über Ada Osk?", "Ada Osk", False)
    assert said == ""
    assert model.asked == []


async def test_a_model_that_was_half_down_is_asked_another_time() -> None:
    voice, model = OwnVoice(), Model("{} is a film director.", "", "{} is a film director.")
    assert await voice.says("m", model.ask, QUESTION, NAME, person=False) == ""
    model.answers[:] = ["I have no idea about {}."]
    said = await voice.says("m", model.ask, QUESTION, NAME, person=False)
    assert said == f"I have no idea about {NAME}."


async def test_callers_who_make_up_names_of_models_do_not_fill_the_memory() -> None:
    voice, model = OwnVoice(), Model("I have no idea about {}.")
    for n in range(300):
        await voice.says(f"m{n}", model.ask, QUESTION, NAME, person=False)
    assert len(voice._said) <= 256


def test_what_a_model_says_over_and_over_is_said_once() -> None:
    answer = "I don't know who Balp Ravam is. " * 500
    assert unknowing(answer, "Who is Ada?", "Ada") == "I don't know who Ada is."
