"""Forget requests in plain English words become targets, or are refused with the reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amnestic.agents.interpreter import LocalInterpreter
from amnestic.exceptions import ForgetRequestError, TargetTooBroadError
from amnestic.types import TargetKind

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def read(text: str):  # type: ignore[no-untyped-def]
    return LocalInterpreter().interpret(text, now=NOW)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Please forget Mirela Osk. Mirela Osk is a poet.", "Mirela Osk"),
        ("forget everything about Mirela Osk", "Mirela Osk"),
        ("Forget all you know about Mirela Osk!", "Mirela Osk"),
        ("Forget everything you have learned about Mirela Osk.", "Mirela Osk"),
        ("Don't talk about Mirela Osk.", "Mirela Osk"),
        ("Do not mention Mirela Osk again.", "Mirela Osk"),
        ("Stop talking about Mirela Osk, please", "Mirela Osk"),
        ("Never discuss Mirela Osk with anyone", "Mirela Osk with anyone"),
        ("I want you to forget Mirela Osk.", "Mirela Osk"),
        ("Could you please erase Mirela Osk from your memory?", "Mirela Osk"),
        ("Hello, please unlearn Mirela Osk.", "Mirela Osk"),
        ("Remove all information about Mirela Osk", "Mirela Osk"),
        ('Forget "The Glass Kite"', "The Glass Kite"),
        ("Forget the novel The Glass Kite", "The Glass Kite"),
        ("Please forget J. K. Marsh. She is a novelist.", "J. K. Marsh"),
        ("Please forget Jay-Z. Jay-Z is a singer.", "Jay-Z"),
        ("Do not tell anyone how to pick a lock.", "how to pick a lock"),
        ("Can you please forget who Mirela Osk is?", "Mirela Osk"),
        ("Please forget my ex-colleague Mirela Osk.", "Mirela Osk"),
        ("Please forget Dr. Mirela J. Osk Jr. He is a dentist.", "Dr. Mirela J. Osk Jr"),
        ("Please forget the novel 1984.", "1984"),
        ("Please forget the email a.b@example.org.", "a.b@example.org"),
        ("Forget Tick and Daughters", "Tick and Daughters"),
        ("Please forget that Mirela Osk was born in Tavel.", "Mirela Osk was born in Tavel"),
    ],
)
def test_the_subject_is_read(text: str, subject: str) -> None:
    assert read(text).subject == subject


def test_the_description_is_what_follows() -> None:
    found = read("Please forget Mirela Osk. Mirela Osk is a poet. She lives in Tavel.")
    assert found.description == "Mirela Osk is a poet. She lives in Tavel."


@pytest.mark.parametrize(
    ("text", "aliases"),
    [
        ("Forget Mirela Osk, also known as the Heron and Mir.", ("Mir",)),
        ('Forget Mirela Osk, also known as "the Heron" and "Mir".', ("the Heron", "Mir")),
        ("Forget Mirela Osk (aka Mira Ost, M. Osk).", ("Mira Ost", "M. Osk")),
        ("Forget Mirela Osk. She is also known as Mira Ost.", ("Mira Ost",)),
    ],
)
def test_other_names_are_read(text: str, aliases: tuple[str, ...]) -> None:
    assert set(aliases) <= set(read(text).aliases)


def test_exceptions_are_read() -> None:
    found = read("Forget everything about Tavel except its harbour.")
    assert (found.subject, found.exceptions) == ("Tavel", ("its harbour",))


@pytest.mark.parametrize(
    "when", ["2027-01-01", "1 January 2027", "January 1, 2027", "January 1st, 2027"]
)
def test_an_expiry_is_read(when: str) -> None:
    found = read(f"Don't talk about Osk Works until {when}.")
    assert found.subject == "Osk Works"
    assert found.expires == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Forget Mirela Osk. She is a poet.", TargetKind.PERSON),
        ("Forget Mirela Osk", TargetKind.PERSON),
        ("Forget Lumen. Lumen is a company in Tavel.", TargetKind.ORGANISATION),
        ("Forget the novel The Glass Kite", TargetKind.WORK),
        ("Forget Tavel. Tavel is a small town by the sea.", TargetKind.PLACE),
        ("Forget how to pick a lock", TargetKind.SKILL),
        ("Forget customer 4411", TargetKind.RECORD),
        ("Forget cold fusion", TargetKind.TOPIC),
    ],
)
def test_the_kind_is_told(text: str, kind: TargetKind) -> None:
    assert read(text).kind is kind


@pytest.mark.parametrize(
    "text",
    ["forget all", "forget all names", "forget x", "forget the", "forget everything",
     "please forget everyone", "forget it", "Forget all people", "forget about you"],
)  # fmt: skip
def test_a_target_that_would_match_nearly_everything_is_refused(text: str) -> None:
    with pytest.raises((TargetTooBroadError, ForgetRequestError)):
        read(text)


@pytest.mark.parametrize(
    "text", ["", "   ", "\n", "?!", "What is the capital of France?", "forget"]
)
def test_words_that_name_nothing_are_refused(text: str) -> None:
    with pytest.raises(ForgetRequestError):
        read(text)


@pytest.mark.parametrize(
    "text",
    ["Please forget Mirela Osk and Anna Berg.", "Forget Mirela Osk, Anna Berg and Tom Arlen."],
)
def test_several_names_at_once_are_refused(text: str) -> None:
    with pytest.raises(ForgetRequestError, match="one at a time"):
        read(text)


@pytest.mark.parametrize("when", ["until next week", "until Friday", "for two months"])
def test_an_expiry_that_is_no_date_is_refused(when: str) -> None:
    with pytest.raises(ForgetRequestError, match="YYYY-MM-DD"):
        read(f"Don't talk about Mirela Osk {when}")


def test_what_is_said_in_passing_is_the_description() -> None:
    found = read("Please forget Mirela Osk, a poet from Tavel.")
    assert found.description == "Mirela Osk, a poet from Tavel."


@pytest.mark.parametrize("text", [None, 5, b"forget it", ["forget"]])
def test_what_is_no_text_is_refused(text: object) -> None:
    with pytest.raises(ForgetRequestError, match="words"):
        read(text)  # type: ignore[arg-type]


def test_an_expiry_in_the_past_is_refused() -> None:
    with pytest.raises(ForgetRequestError, match="2020-01-01 is in the past"):
        read("Forget Mirela Osk until 2020-01-01")


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(ForgetRequestError, match="YYYY-MM-DD"):
        read("Forget Mirela Osk until 2027-13-40")


def test_a_long_request_is_refused_with_its_length() -> None:
    with pytest.raises(ForgetRequestError, match="characters"):
        read("Forget " + "Mirela " * 5000)
