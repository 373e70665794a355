"""What the shape of a request puts into a reading, and none of it is meant."""

from __future__ import annotations

import pytest

from amnestic.agents.requests import LocalInterpreter
from amnestic.agents.requests.joining import sentences_of
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.agents.requests.tidying import tidied
from amnestic.types import TargetKind


@pytest.fixture(scope="module")
def reader() -> LocalInterpreter:
    return LocalInterpreter()


def test_what_is_listed_behind_everything_does_not_stay(reader: LocalInterpreter) -> None:
    text = (
        "Could you unlearn Mirela Osk, the admiral? Everything: her life, her compiler, her jokes."
    )
    assert reader.interpret(text).exceptions == ()


@pytest.mark.parametrize(
    ("text", "aliases", "facts"),
    [
        (
            "Please forget Mirela Osk. Her email is osk@tavel.org, phone +47 22 33 44 55, "
            "customer number 48213-K.",
            (),
            {"Her.", "Her,."},
        ),
        (
            "Please forget Mirela Osk. She keeps a goat called Pim. GDPR Art. 17, ticket TKT-100.",
            (),
            {"GDPR Art. 17."},
        ),
        ("Please forget Mirela Osk (née Vell), a poet.", ("Mirela Vell",), set()),
    ],
)
def test_what_says_nothing_is_neither_a_fact_nor_a_name(
    reader: LocalInterpreter, text: str, aliases: tuple[str, ...], facts: set[str]
) -> None:
    (target,) = reader.read(text).targets
    assert target.aliases == aliases
    assert not facts & set(sentences_of(target.description))
    assert "goat" not in text or "goat called Pim" in target.description


def test_what_is_taken_back_does_not_stay(reader: LocalInterpreter) -> None:
    text = "Please remove the novel Salt Winter. Her other books may stay, but not that one."
    assert reader.interpret(text).exceptions == ("Her other books",)


def test_an_article_that_opens_the_sentence_is_no_name(reader: LocalInterpreter) -> None:
    found = reader.read("Die Orvanta AG und ihren Bilanzskandal bitte vergessen.").targets
    assert [t.subject for t in found] == ["Orvanta"]
    assert "Orvanta AG" in found[0].aliases
    assert "Bilanzskandal" in found[0].description


def test_the_article_of_a_title_stays() -> None:
    work = Interpretation("Die Salzernte", TargetKind.WORK)
    assert tidied(RequestReading((work,)), "Die Salzernte bitte vergessen.").targets == (work,)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Oublie la tour Orvel.", "tour Orvel"),
        ("Olvida la torre Orvel.", "torre Orvel"),
        ("Forget the card game poker: rules, hands, strategy.", "poker"),
        ("Please remove the Mirela Osk album Rumours.", "Rumours"),
    ],
)
def test_a_thing_is_named_by_its_own_name(
    reader: LocalInterpreter, text: str, subject: str
) -> None:
    assert [t.subject for t in reader.read(text).targets] == [subject]


def test_no_sentence_ends_open(reader: LocalInterpreter) -> None:
    text = "Forget the sinking of the Orvanta and everything about that ship."
    assert not reader.interpret(text).description.endswith("of the.")
