"""What only sounds like an exception, a refusal or a signature is none of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amnestic.agents.requests import LocalInterpreter, RequestReading

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
READER = LocalInterpreter()


def read(text: str) -> RequestReading:
    return READER.read(text, now=NOW)


@pytest.mark.parametrize(
    "text",
    [
        "Forget Ana Morel and keep the address to yourself.",
        "Forget Ana Morel and keep the matter under wraps.",
        "Forget Ana Morel and keep her address from being shown.",
        "Forget Ana Morel, you can keep Tor Hagen out of it.",
        "Forget Ana Morel, keep her children safe.",
        "Forget Ana Morel, keep it short.",
        "Forget Ana Morel. We still want her gone from the list.",
        "Forget Ana Morel. We still need her file deleted.",
        "Forget Ana Morel and don't mention her firm.",
        "Forget Ana Morel, the only woman not excluded.",
        "Forget Minus the Bear",
        "Forget the wine bar Its Name",
        "Vergiss Enno Tjarks und behalte das für dich.",
        "Oublie Paul Morel et garde le secret.",
        "Olvida a Paco Ruiz, deja a su familia en paz.",
        "Dimentica Luca Verri e lascia la sua famiglia in pace.",
    ],
)
def test_what_shall_be_kept_back_is_no_exception(text: str) -> None:
    assert not any(target.exceptions for target in read(text).targets)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Forget Ana Morel, but keep her private letters.", "her private letters"),
        ("Forget Ana Morel but keep her secret recipes.", "her secret recipes"),
        ("Forget Ana Morel and keep her songs please.", "her songs"),
        ("Forget Ana Morel, with her son excluded.", "her son"),
        ("Forget Ana Morel bar her recipes.", "her recipes"),
        ("Forget Ana Morel. You may mention that she is gone.", "that she is gone"),
    ],
)
def test_what_stays_is_one_whatever_it_is_like(text: str, kept: str) -> None:
    (target,) = read(text).targets
    assert target.exceptions == (kept,)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I forgot to tell you: Ana Morel must go.", "Ana Morel"),
        ("I forgot to mention that Ana Morel should no longer be known.", "Ana Morel"),
        ("We forgot to mention Tor Hagen; he is to be kept secret too.", "Tor Hagen"),
        ("I won't forget Ana Morel, but you should.", "Ana Morel"),
        ("Neither Ana Morel nor her lawyer may be named, and all must be deleted.", "Ana Morel"),
        ("Forget Ana Morel. The bot names her. I don't want that.", "Ana Morel"),
        ("Forget Ana Morel's mother tongue", "Ana Morel"),
    ],
)
def test_a_wish_is_not_refused_for_how_it_begins_or_ends(text: str, name: str) -> None:
    assert name in [target.subject for target in read(text).targets]


@pytest.mark.parametrize("joint", [" and", ",", ":"])
def test_a_name_that_the_sentence_goes_on_to_signs_nothing(joint: str) -> None:
    reading = read(f"Forget Ana Morel{joint}\n\nTor Hagen")
    assert "Tor Hagen" in " ".join((*(t.subject for t in reading.targets), *reading.unread))


def test_a_name_below_that_no_closing_word_opens_is_asked_about() -> None:
    reading = read("Forget Ana Morel.\n\nTor Hagen")
    assert [target.subject for target in reading.targets] == ["Ana Morel"]
    assert "whether 'Tor Hagen' shall be forgotten as well" in reading.unread
    assert "Tor Hagen" not in str(read("Forget Ana Morel.\n\nRegards,\nTor Hagen"))


def test_an_address_that_shall_not_be_told_is_no_target_of_its_own() -> None:
    text = "Forget Ana Morel and do not reveal her address 12 Mill Lane, Venn."
    assert [target.subject for target in read(text).targets] == ["Ana Morel"]


def test_what_two_people_may_still_be_named_as_stays() -> None:
    text = "Forget Ana Morel and Tor Hagen. They may still be named as founders of the club."
    kept = [target.exceptions for target in read(text).targets]
    assert kept == [("named as founders of the club",)] * 2


def test_a_pronoun_behind_what_stays_is_none_of_it() -> None:
    text = (
        "Please do not raise the Marlow fire with callers. Among staff it can be discussed freely."
    )
    (found,) = read(text).targets
    assert found.exceptions == ("Among staff",)


@pytest.mark.parametrize("host", ["tavel.org", "tavel.example", "mail.tavel.net"])
def test_whoever_stays_is_no_target_and_none_of_their_numbers_is_the_targets(host: str) -> None:
    text = f"Forget Ana Morel, a@{host}. Tor Hagen (t.hagen@{host}, customer no. C-4711) stays."
    reading = read(text)
    (found,) = reading.targets
    assert (found.subject, [i.value for i in found.identifiers]) == ("Ana Morel", [f"a@{host}"])
    said = "whether 'Tor Hagen' shall be forgotten as well" in reading.unread
    assert said or any(kept.startswith("Tor Hagen") for kept in found.exceptions)


def test_an_address_of_somebody_else_is_said_and_given_to_nobody() -> None:
    reading = read(
        "Anton Griebel should be gone completely. For Marta Osei only her home address "
        "(9 Fennel Street, Hull) should be forgotten. Leave Piet Okafor as he is."
    )
    (found,) = reading.targets
    assert (found.subject, found.identifiers) == ("Anton Griebel", ())
    assert "9 Fennel Street, Hull" in reading.unread


def test_a_name_that_is_told_of_by_its_whole_is_nothing_that_stays() -> None:
    """By a title behind a comma the tagger takes the second for something else."""
    harry = "Prince Harry, Duke of Sussex"
    (found,) = read(f"Please forget {harry}. {harry}, is a member of the royal family.").targets
    assert (found.subject, found.exceptions) == (harry, ())


@pytest.mark.parametrize(
    "text",
    [
        "hey can u pls make the bot forget abt Ana Morel??",
        "pls frgt evrythng abt Ana Morel",
        "Ana Morel muss aus den Antworten verschwinden.",
        "Ana Morel soll verschwinden.",
        "Ana Morel doit disparaître de vos réponses.",
        "Ana Morel debe desaparecer de las respuestas.",
        "Ana Morel deve sparire dalle risposte.",
        "Ana Morel moet verdwijnen uit de antwoorden.",
    ],
)
def test_a_wish_without_vowels_or_to_see_somebody_vanish_is_one(text: str) -> None:
    assert [t.subject for t in read(text).targets] == ["Ana Morel"]


@pytest.mark.parametrize("said", ["no debe", "nunca debe"])
def test_whoever_shall_not_vanish_is_not_stored_for_it(said: str) -> None:
    reading = read(f"Olviden a Tor Hagen. Ana Morel {said} desaparecer.")
    assert [t.subject for t in reading.targets] == ["Tor Hagen"]
    assert "whether 'Ana Morel' shall be forgotten as well" in reading.unread
