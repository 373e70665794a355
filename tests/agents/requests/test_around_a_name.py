"""Words around a name that are none of it; and what only looks like such words and is kept, or said
as a doubt."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amnestic.agents.requests import LocalInterpreter, RequestReading
from amnestic.exceptions import ForgetRequestError

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def read(text: str) -> RequestReading:
    return LocalInterpreter().read(text, now=NOW)


def names(text: str) -> list[str]:
    return [target.subject for target in read(text).targets]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("forget the novel The Salt Ferry completely please, no spoilers", "The Salt Ferry"),
        ("Forget Mirela Osk completely, including her studio.", "Mirela Osk"),
        ("Forget the board game Tavelin and everything about it. My son likes it.", "Tavelin"),
        ("oublie la société Fournil Osk stp, on ne travaille plus avec", "Fournil Osk"),
        ("no more about the island of Skarvenn thx, its our secret spot", "Skarvenn"),
        (
            "could you forget T. S. Osk's poem The Waste Ferry entirely; I mark essays on it and "
            "need to compare with answers from a model that hasn't read it.",
            "The Waste Ferry",
        ),
        ("could u erase the movie Marrowfish from memory, gonna watch it tonight", "Marrowfish"),
        (
            "Please take the play The Ash Ferry out of your knowledge, our theatre wants it new.",
            "The Ash Ferry",
        ),
    ],
)
def test_words_behind_a_name_that_say_what_to_do_with_it_are_none_of_it(
    text: str, name: str
) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('Forget the film "Lost entirely", please', "Lost entirely"),
        ('forget the song "Gone completely" and its video', "Gone completely"),
        ("Forget the album Totally Tavel Out completely", "Totally Tavel Out"),
        ("Please forget the company Thanks Danke", "Thanks Danke"),
        ("Forget La ciudad perdida completamente", "La ciudad perdida completamente"),
        ("Forget the novel The View from Here, please", "The View from Here"),
        ("Forget Cardinal Health Solutions", "Cardinal Health Solutions"),
        ("Forget American Airlines.", "American Airlines"),
        ("Forget Dora the explorer", "Dora the explorer"),
        ("Forget the film Never from Paris", "Never from Paris"),
    ],
)
def test_words_like_them_that_belong_to_a_name_stay_in_it(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        (
            "Please unlearn the Tavel scandal. My family was in it and I'd like one place where "
            "it doesn't come up.",
            "my family was in it",
        ),
        (
            "forget the caterer Osk & Tarn; they messed up my mother's party and I can't hear it",
            "I can't hear",
        ),
        (
            "One of our tenants has asked for her data to be erased. Please no longer know "
            "anything about Mirela Osk, flat 4C.",
            "One of our tenants",
        ),
    ],
)
def test_a_clause_is_no_target_and_is_said(text: str, clause: str) -> None:
    reading = read(text)
    assert len(reading.targets) == 1
    assert f"whether {clause!r} shall be forgotten as well" in reading.unread


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Forget the songs You are my sunshine and I will survive", "I will survive"),
        ("Forget the film Marrow and the song She is the sun", "She is the sun"),
    ],
)
def test_a_title_that_is_a_clause_is_a_target(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Forget Mirela Osk and the ship We sail", "We sail"),
        ("Forget the startup You need a budget and Osk Ltd", "You need a budget"),
        ("Forget Osk Ltd and You tube", "You tube"),
        ("Vergiss die Band Wir sind Helden und die Band Ich troje", "Ich troje"),
        (
            "Please forget the following companies:\n1. Osk Ltd\n2. we transfer\n3. Tarn",
            "we transfer",
        ),
        ("Please forget:\n* Mirela Osk\n* it works\n* Tor Hagen", "it works"),
    ],
)
def test_a_clause_that_is_written_as_a_name_or_stands_in_a_list_is_a_target(
    text: str, name: str
) -> None:
    assert name.casefold() in [n.casefold() for n in names(text)]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Dimentica il film Pazza del tutto", "Pazza del tutto"),
        ("Oublie l'album Seul entièrement", "Seul entièrement"),
        ("Olvida la novela Libre por completo y a Mirela Osk", "Libre por completo"),
    ],
)
def test_a_title_of_one_word_that_may_go_on_in_small_letters_is_doubted(
    text: str, whole: str
) -> None:
    assert any(whole in said for said in read(text).unread)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Vergiss den Roman Osk; oder die gerechte Strafe", "Osk; oder die gerechte Strafe"),
        ("Forget the book The end; or the beginning", "end; or the beginning"),
    ],
)
def test_a_second_title_behind_or_is_part_of_it(text: str, whole: str) -> None:
    assert [name.casefold() for name in names(text)] == [whole.casefold()]


def test_a_title_that_goes_on_behind_a_semicolon_is_doubted() -> None:
    assert read("Forget the book Ana; A Life and its author").unread


@pytest.mark.parametrize(
    "text",
    [
        "Forget Mirela Osk, who wrote The Glass Ferry, and Tor Hagen.",
        "Forget Mirela Osk; please forget Tor Hagen too",
        "Forget Mirela Osk and please also forget Tor Hagen",
    ],
)
def test_no_second_target_is_lost(text: str) -> None:
    assert names(text) == ["Mirela Osk", "Tor Hagen"]


@pytest.mark.parametrize(
    "text",
    [
        "I never knew Mirela Osk.",
        "It is wrong to treat Mirela Osk as unknown; he is our founder.",
        "He asked you to treat Mirela Osk as unknown.",
        "See to it that nobody asks about Mirela Osk.",
        "see to it that Mirela Osk is forgotten",
        "Please forget Mirela Osk until I change jobs.",
        "Mirela Osk and I will be happy",
        "Mirela Osk does not concern us. Please forget Tor Hagen.",
        "Please forget Mirela Osk (if that is okay).",
        "forget the memoir Drawing from memory, my kids read it",
    ],
)
def test_what_may_be_no_wish_or_say_less_is_never_taken_without_a_word(text: str) -> None:
    try:
        reading = read(text)
    except ForgetRequestError:
        return
    assert reading.unread or reading.doubts
    assert not any(target.exceptions for target in reading.targets)
