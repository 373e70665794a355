"""Which day words say until when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amnestic.agents.requests.dates_told import date_told
from amnestic.agents.requests.expiry import take_expiry
from amnestic.agents.requests.number_words import number_of
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)  # a Saturday


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("until 2027-03-31", "2027-03-31"),
        ("until Monday 18 January", "2027-01-18"),
        ("up to and including election day, 6 May 2027", "2027-05-06"),
        ("until the last match day, 22.05.2027", "2027-05-22"),
        ("Until 31/12/27.", "2027-12-31"),
        ("through Friday, the fourth of December", "2026-12-04"),
        ("at the end of June 2027", "2027-06-30"),
        ("until the end of next quarter", "2027-03-31"),
        ("for what remains of 2026", "2026-12-31"),
        ("to the last day of this year", "2026-12-31"),
        ("till year-end", "2026-12-31"),
        ("for a fortnight", "2026-12-12"),
        ("for one hundred days", "2027-03-08"),
        ("a period of two (2) years from today's date", "2028-11-28"),
        ("for half a year", "2027-05-28"),
        ("through Easter Monday", "2027-03-29"),
        ("until Christmas Eve", "2026-12-24"),
        ("until New Year's Eve 2031", "2031-12-31"),
        ("until Thursday", "2026-12-03"),
        ("before February is here", "2027-01-31"),
        ("bis Ende März", "2027-03-31"),
        ("bis einschließlich 3. März 2027", "2027-03-03"),
        ("für drei Monate", "2027-02-28"),
        ("bis Jahresende", "2026-12-31"),
        ("jusqu'au 15 février", "2027-02-15"),
        ("pendant six semaines", "2027-01-09"),
        ("hasta el 30 de junio de 2027", "2027-06-30"),
        ("fino al 1° maggio", "2027-05-01"),
        ("przez 30 dni", "2026-12-28"),
        ("do końca marca 2027", "2027-03-31"),
        ("到2027年3月31日", "2027-03-31"),
    ],
)
def test_the_day_that_words_say(words: str, day: str) -> None:
    found = date_told(words, NOW)
    assert found is not None
    assert found.date().isoformat() == day


@pytest.mark.parametrize(
    "words",
    ["until then", "until further notice", "for now", "until March 2027", "until next week", ""],
)
def test_words_that_say_no_day(words: str) -> None:
    assert date_told(words, NOW) is None


def test_a_day_that_is_past_is_said() -> None:
    with pytest.raises(ForgetRequestError, match="2025-01-01 is in the past"):
        date_told("until 2025-01-01", NOW)


def test_a_day_that_is_none_is_said() -> None:
    with pytest.raises(ForgetRequestError, match="not one; write it as YYYY-MM-DD"):
        date_told("until 30.02.2027", NOW)


def test_day_and_month_that_can_be_either_are_asked_back() -> None:
    with pytest.raises(NeedsClarificationError, match="two ways"):
        date_told("until 03/04/27", NOW)


def test_numbers_in_words() -> None:
    assert [number_of(w) for w in ("zwei", "Twenty-one", "third", "tree")] == [2, 21, 3, None]


@pytest.mark.parametrize(
    "words", ["until the end of the month", "bis 30.11.2026", "until 30 November 2026"]
)
def test_the_day_that_it_is_may_be_the_last(words: str) -> None:
    late = datetime(2026, 11, 30, 23, 50, tzinfo=UTC)
    assert date_told(words, late) == datetime(2026, 11, 30, tzinfo=UTC)
    told = take_expiry(f"Forget Osk {words}.", late).date
    assert told is not None
    assert told.date().isoformat() == "2026-11-30"
