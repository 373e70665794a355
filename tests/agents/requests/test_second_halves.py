"""What a wish joins to a name is asked for, or said: it is not lost, and told of nobody else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amnestic.agents.requests import LocalInterpreter, RequestReading
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
READER = LocalInterpreter()


def read(text: str) -> RequestReading:
    return READER.read(text, now=NOW)


def names(text: str) -> list[str]:
    return [target.subject for target in read(text).targets]


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("forget ruth castellan and i am kloot", "i am kloot"),
        ("forget Ana Morel and the cat", "cat"),
        ("forget ana morel, tor hagen", "tor hagen"),
        ("forget pepsi, coke and the fanta thing", "the fanta thing"),
        ("Forget Ana Morel and I will pay you", "I will pay you"),
        ("Forget Ana Morel and let me know when done", "let me know when done"),
    ],
)
def test_a_second_half_that_is_not_understood_is_said_and_told_of_nobody(
    text: str, half: str
) -> None:
    reading = read(text)
    assert f"whether {half!r} shall be forgotten as well" in reading.unread
    assert not any(half in target.description for target in reading.targets)


@pytest.mark.parametrize(
    "text",
    [
        "Forget Ana Morel and her recipes",
        "Forget everything about Ana Morel and on her dog",
        "Forget Ana Morel and that she lives in Venn",
        "Forget Ana Morel and where she lives",
        "Forget Ana Morel and never mention her again please",
        "Forget Ana Morel and thanks",
        "Forget the duo Osk and Tarn and their songs",
        "Forget Ana Morel, e-mail ana@morel.example and phone 07700 900123",
    ],
)
def test_what_belongs_to_the_target_or_asks_for_it_again_is_none(text: str) -> None:
    assert not any("shall be forgotten as well" in said for said in read(text).unread)


def test_numbers_told_beside_a_name_stay_told() -> None:
    (target,) = read("Forget Ana Morel e-mail ana@morel.example and phone 07700 900123").targets
    assert "ana@morel.example" in target.description
    assert len(target.identifiers) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vergiss Ana Osk und ich möchte auch Tor Hagen vergessen", ["Ana Osk", "Tor Hagen"]),
        ("vergiss ana osk und ich möchte auch tor hagen vergessen", ["Ana Osk", "Tor Hagen"]),
        (
            "Forget Ana Morel and I also want you to forget Tor Hagen and Bo Lind",
            ["Ana Morel", "Tor Hagen", "Bo Lind"],
        ),
        ("Forget Ana Morel and never mention Tor Hagen again please", ["Ana Morel", "Tor Hagen"]),
        ("Forget Ana Morel and also I want to have Tor Hagen removed", ["Ana Morel", "Tor Hagen"]),
        (
            "forget how to build a kite, and how to make glue",
            ["how to build a kite", "how to make glue"],
        ),
        (
            "Forget everything on flat earth theories and on chemtrails.",
            ["flat earth theories", "chemtrails"],
        ),
        (
            "Please forget the Battle of Osterwold and Operation Greylag.",
            ["Battle of Osterwold", "Operation Greylag"],
        ),
        (
            "can u forget milo strandvik and his brother otto strandvik pls",
            ["Milo Strandvik", "Otto Strandvik"],
        ),
        (
            "Neither Clement Osk nor his firm Osk Aerials should be known to you from now on.",
            ["Clement Osk", "Osk Aerials"],
        ),
        (
            "Non voglio più sentire parlare di Ruggero Osk, né di suo figlio Dario Osk.",
            ["Ruggero Osk", "Dario Osk"],
        ),
        (
            "Strike the Norwegian insurer Fjelltrygd AS and its subsidiary Havsikring from "
            "everything.",
            ["Fjelltrygd", "Havsikring"],
        ),
    ],
)
def test_a_second_wish_or_one_that_repeats_how_the_first_opens_is_one_more(
    text: str, expected: list[str]
) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("forget how to record and delete the calls", ["how to record and delete the calls"]),
        ("Forget the Battle of Lexington and Concord.", ["Battle of Lexington and Concord"]),
        ("Forget the song Love and Keep the Faith", ["Love and Keep the Faith"]),
        ("Forget the movie Stop and Never Look Back", ["Stop and Never Look Back"]),
        ("Forget Barnes and Noble", ["Barnes and Noble"]),
        ("Forget the duo Simon & Garfunkel", ["Simon & Garfunkel"]),
        ("Olvida a Ana Ortega y Gasset", ["Ana Ortega y Gasset"]),
    ],
)
def test_an_and_within_a_name_or_a_skill_parts_nothing(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_another_order_behind_a_name_is_no_part_of_it() -> None:
    (target,) = read(
        "forget this api token please ghp_7fQz01LmKd92TT18aaXw and don't log it"
    ).targets
    assert target.subject == "ghp_7fQz01LmKd92TT18aaXw"


@pytest.mark.parametrize(
    "text",
    [
        "forget Ana Morel and keep Tor Hagen",
        "forget Ana Morel and spare Tor Hagen",
        "Vergiss Ana Morel und behalte Tor Hagen",
        "Oublie Ana Morel et laisse Tor Hagen",
        "Forget Ana Morel, keep her brother Tor Hagen.",
        "Forget Ana Morel, but her brother Tor Hagen may stay",
    ],
)
def test_who_is_spared_is_no_target(text: str) -> None:
    (target,) = read(text).targets
    assert target.subject == "Ana Morel"
    assert any("Tor Hagen" in kept for kept in target.exceptions)


@pytest.mark.parametrize(
    "text",
    [
        "Forget Ana Morel and her brother Tor Hagen until 1 March 2027",
        "Forget Ana Morel and Tor Hagen, her brother",
    ],
)
def test_a_relative_beside_a_target_takes_nothing_of_it(text: str) -> None:
    assert names(text) == ["Ana Morel", "Tor Hagen"]


@pytest.mark.parametrize(
    "text",
    [
        "Forget the wife of Tor Hagen, not him.",
        "Forget Tor Hagen's wife.",
        "Vergiss die Frau von Tor Hagen",
        "Oublie la femme de Tor Hagen",
    ],
)
def test_whose_relative_somebody_is_names_nobody(text: str) -> None:
    with pytest.raises(NeedsClarificationError):
        read(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Forget the wife of Tor Hagen, Ana Morel.", "Ana Morel"),
        ("Forget Tor Hagen's wife, Ana Morel", "Ana Morel"),
        ("Forget Ana Morel's brother Tor Hagen", "Tor Hagen"),
        ("My client is the widow of Tor Hagen. Forget her and Tor Hagen.", "Tor Hagen"),
        ("Forget Mother Teresa", "Mother Teresa"),
    ],
)
def test_who_is_named_beside_it_is_the_target(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Neither Ana Morel nor Tor Hagen should be forgotten",
        "I forgot to tell you: Hjalmar Osk has a new address.",
        "My lawyer told me that I can ask you to forget Henrike Osk. I won't.",
    ],
)
def test_what_asks_for_nothing_is_refused(text: str) -> None:
    with pytest.raises(ForgetRequestError):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "I won't work with Ana Morel any more. Forget her.",
        "Forget Ana Morel. If not, I won't pay.",
        "I forgot: please forget Ana Morel",
    ],
)
def test_what_only_sounds_like_it_is_a_wish(text: str) -> None:
    assert names(text) == ["Ana Morel"]
