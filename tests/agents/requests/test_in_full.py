"""Whoever is named by one name and then in full is one; names that are listed are as many."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amnestic.agents.requests import LocalInterpreter
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def subjects(text: str) -> list[str]:
    return [target.subject for target in LocalInterpreter().read(text, now=NOW).targets]


@pytest.mark.parametrize(
    "text",
    [
        "omg can u stop bringing up dennis?? dennis kowalczyk i mean. we broke up ages ago",
        "remove dennis from the bot, dennis kowalczyk, ex head of sales",
    ],
)
def test_a_name_told_in_full_behind_is_the_name(text: str) -> None:
    assert subjects(text) == ["Dennis Kowalczyk"]


def test_names_that_are_listed_are_as_many() -> None:
    found = subjects("Forget Dennis, Dennis Kowalczyk and Ana Morel.")
    assert found == ["Dennis", "Dennis Kowalczyk", "Ana Morel"]


def test_an_end_that_is_told_twice_as_two_days_is_asked_about() -> None:
    with pytest.raises(NeedsClarificationError, match="two days: 2026-12-15 and 2026-12-08"):
        subjects("Forget Ambrose Tillotson for two weeks, i.e. until the 8th of December.")
    assert subjects("Forget Ambrose Tillotson for two weeks, i.e. until the 15th of December.")


def test_what_a_wish_says_with_not_even_is_no_exception() -> None:
    text = "Never mention Ana Morel to me, not even that she exists."
    assert [t.exceptions for t in LocalInterpreter().read(text).targets] == [()]


@pytest.mark.parametrize(
    "text",
    [
        "Merk dir bitte: Philomena Starck ist ab heute unsere Ansprechpartnerin.",
        "Please remember that Tor Hagen is our chairman.",
        "Why did the bot forget Leopold Varga? He's still our chairman, it should know him.",
        "Warum hat der Bot Tor Hagen vergessen?",
    ],
)
def test_what_is_to_be_remembered_or_why_it_was_forgotten_is_no_wish(text: str) -> None:
    with pytest.raises(ForgetRequestError):
        subjects(text)


def test_a_wish_behind_what_is_to_be_remembered_is_one() -> None:
    assert "Tor Hagen" in subjects("Remember: Tor Hagen must be forgotten.")


def test_an_order_to_throw_out_is_a_wish() -> None:
    assert subjects("Schmeiß bitte alles zu Gerlinde Auffarth raus.") == ["Gerlinde Auffarth"]
