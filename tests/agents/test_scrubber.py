"""What stands in a conversation for an answer of which nothing may stay."""

from __future__ import annotations

import anyio
import pytest

from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.testing import ScriptedBackend
from amnestic.tools.reading import language_of, says_ignorance
from amnestic.types import Message, Part, ToolCall
from tests.keyword_detector import KeywordDetector

SETTINGS = Settings(model="embedded")


def shown(*messages: Message) -> tuple[Message, ...]:
    """What the wrapped model is given of a conversation in which "Osk" is forgotten."""
    backend = ScriptedBackend(default="I see.")
    engine = UnlearningEngine(local_crew(KeywordDetector("Osk"), SETTINGS), SETTINGS)
    anyio.run(engine.run, Request(messages, backend, "default", {}))
    return backend.calls[0].conversation


def turn(role: str, text: str) -> Message:
    return Message.of(role, text)  # type: ignore[arg-type]


NEXT = turn("user", "And which sea is the largest?")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who painted the blue ceiling of the old mill?", "en"),
        ("Wer hat die blaue Decke der alten Mühle gemalt?", "de"),
        ("Qui a peint le plafond bleu du vieux moulin ?", "fr"),
        ("¿Quién pintó el techo azul del viejo molino?", "es"),
    ],
)
def test_an_answer_that_is_gone_says_in_its_language_that_it_does_not_know(
    question: str, language: str
) -> None:
    said = shown(turn("user", question), turn("assistant", "Osk."), NEXT)[1].text
    assert says_ignorance(said)
    assert language_of(said) == language


def test_an_answer_of_which_something_is_left_stays_what_is_left() -> None:
    told = turn("assistant", "Osk lives here. Tavel is a town.")
    assert shown(turn("user", "What is here?"), told, NEXT)[1].text == "Tavel is a town."


def test_of_several_parts_that_are_gone_one_says_it_and_none_is_dropped() -> None:
    told = Message("assistant", (Part("text", "Osk."), Part("text", "It is Osk.")))
    first, second = shown(turn("user", "Who is it?"), told, NEXT)[1].parts
    assert says_ignorance(first.text)
    assert second.text == "…"


def test_an_answer_that_only_consisted_of_dots_is_as_it_was() -> None:
    told = turn("assistant", "…"), turn("user", "Go on."), turn("assistant", "Osk.")
    assert shown(turn("user", "Who is it?"), *told, NEXT)[1].text == "…"


def test_an_answer_to_go_on_with_and_one_that_calls_a_tool_say_nothing() -> None:
    asked = turn("user", "Which sea is the largest?")
    assert shown(asked, turn("assistant", "Osk"))[1].text == "…"
    call = Message("assistant", (Part("text", "Osk."),), (ToolCall("1", "look", "{}"),))
    given = Message("tool", (Part("text", "A sea."),), tool_call_id="1")
    assert shown(asked, call, given, NEXT)[1].text == "…"
