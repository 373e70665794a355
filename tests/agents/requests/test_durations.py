"""How long words say: whole, or said not to be read whole."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from amnestic.agents.requests import LocalInterpreter
from amnestic.agents.requests.dates_told import date_told
from amnestic.agents.requests.durations import durations_in
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError

READER = LocalInterpreter()
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "months", "days"),
    [
        ("a year and a half", 18, 0),
        ("a year and half", 18, 0),
        ("one and a half years", 18, 0),
        ("2.5 years", 30, 0),
        ("1½ years", 18, 0),
        ("18 1/2 months", 18, 15),
        ("half a year", 6, 0),
        ("three quarters of a year", 9, 0),
        ("a year and six months", 18, 0),
        ("2 years, 3 months and 10 days", 27, 10),
        ("a month and half a year", 7, 0),
        ("one hundred eighty days", 0, 180),
        ("a hundred and eighty days", 0, 180),
        ("30 (thirty) days", 0, 30),
        ("twenty-one days", 0, 21),
        ("a two-week ban", 0, 14),
        ("anderthalb Jahre", 18, 0),
        ("zweieinhalb Wochen", 0, 18),
        ("ein dreiviertel Jahr", 9, 0),
        ("ein Jahr und sechs Monate", 18, 0),
        ("hundertachtzig Tage", 0, 180),
        ("un an et demi", 18, 0),
        ("une année et demie", 18, 0),
        ("deux ans et trois mois", 27, 0),
        ("cent vingt jours", 0, 120),
        ("un año y medio", 18, 0),
        ("una semana y media", 0, 11),
        ("medio año", 6, 0),
        ("un anno e mezzo", 18, 0),
        ("mezz'anno", 6, 0),
        ("anderhalf jaar", 18, 0),
        ("tweeënhalf jaar", 30, 0),
        ("um ano e meio", 18, 0),
        ("półtora roku", 18, 0),
        ("dwa i pół roku", 30, 0),
        ("三个月", 3, 0),
        ("两年半", 30, 0),
    ],
)
def test_a_stretch_of_time_is_read_with_its_parts(words: str, months: int, days: int) -> None:
    (found,) = durations_in(f"Forget Osk for {words}.")

    assert (found.months, found.days, found.whole) == (months, days, True)


@pytest.mark.parametrize(
    "words",
    [
        "two or three weeks",
        "2-3 weeks",
        "six to eight weeks",
        "a week or two",
        "zwei bis drei Wochen",
        "un mois ou deux",
        "a year and a bit",
        "a year and some months",
        "two days and 12 hours",
        "two thousand five hundred days",
    ],
)
def test_a_stretch_of_time_that_is_not_read_whole_says_so(words: str) -> None:
    assert [found.whole for found in durations_in(f"Forget Osk for {words}.")] == [False]


@pytest.mark.parametrize(
    "text",
    [
        "in the fourth quarter",
        "for half an hour",
        "by an artist",
        "a couple of weeks",
        "the day of the dead",
    ],
)
def test_what_tells_no_number_of_a_unit_is_no_stretch_of_time(text: str) -> None:
    assert durations_in(text) == ()


def test_half_a_team_is_no_half_of_a_year() -> None:
    (found,) = durations_in("for two years and half the staff with him")

    assert (found.months, found.whole) == (24, True)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("until a week from Friday", "2026-12-11"),
        ("until two weeks after Easter", "2027-04-11"),
        ("zwei Wochen nach Ostern", "2027-04-11"),
        ("until the day before Christmas", "2026-12-24"),
        ("until the week after Christmas", "2027-01-01"),
        ("for 3 months from 1 March 2027", "2027-06-01"),
        ("for two months from now", "2027-01-28"),
        ("for two weeks from all answers", "2026-12-12"),
        ("until 31 March 2027, two weeks after the trial", "2027-03-31"),
    ],
)
def test_a_stretch_of_time_is_counted_from_the_day_that_is_told(words: str, day: str) -> None:
    found = date_told(words, NOW)

    assert found is not None
    assert found.date() == date.fromisoformat(day)


@pytest.mark.parametrize("words", ["for 30 days after the trial", "for two or three weeks"])
def test_an_end_that_cannot_be_read_whole_is_asked_for(words: str) -> None:
    with pytest.raises(NeedsClarificationError, match="until YYYY-MM-DD"):
        date_told(words, NOW)


def test_a_stretch_beyond_the_calendar_is_one_clear_error() -> None:
    with pytest.raises(ForgetRequestError, match="'9000 years' is longer than any calendar"):
        READER.read("Forget Ana Morel for 9000 years.", now=NOW)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Forget Corvin Aldous for a year and a half.", "2028-05-28"),
        ("Forget Corvin Aldous and Tor Hagen for a year and six months.", "2028-05-28"),
        ("Oublie Maxence Thoury pendant deux ans et demi.", "2029-05-28"),
        ("Dimentica Ana Morel per un anno e mezzo.", "2028-05-28"),
        ("Olvida a Ana Morel durante un año y medio.", "2028-05-28"),
        ("Vergiss Ana Morel für zwei Jahre und drei Monate.", "2029-02-28"),
        ("Vergeet Ana Morel voor anderhalf jaar.", "2028-05-28"),
        ("Bitte Anneliese Prohaska anderthalb Jahre lang nicht erwähnen.", "2028-05-28"),
        ("Forget Osk for two weeks from all answers", "2026-12-12"),
        ("hello, please forget Ana Morel for two weeks", "2026-12-12"),
        ("hi all, drop Ana Morel from your answers, but only for two weeks", "2026-12-12"),
        ("As he asked, forget Ana Morel and all her recipes for two weeks.", "2026-12-12"),
        ("Vergiss Ana Morel, die Firma Osk und Tor Hagen für zwei Jahre.", "2028-11-28"),
    ],
)
def test_a_request_holds_as_long_as_it_says(text: str, day: str) -> None:
    reading = READER.read(text, now=NOW)

    assert {f"{t.expires:%Y-%m-%d}" for t in reading.targets if t.expires} == {day}
    assert all(t.expires for t in reading.targets)
    assert not any(word in t.subject for t in reading.targets for word in ("jaar", "für", "Jahre"))


@pytest.mark.parametrize(
    "text",
    [
        "Forget Ana Morel. She lived in Rome for a year and a half.",
        "Forget Ana Morel, who lived in Rome for two years.",
        "Forget Ana Morel, 34 years old.",
        "Forget what Ana Morel did for two years.",
        "Vergiss Ana Morel, die für zwei Jahre in Rom lebte.",
        "Vergiss Ana Morel, die zwei Jahre lang in Rom lebte.",
        "Forget the novel Marooned for Twelve Years.",
        'Forget the film "Gone for a year".',
        "Forget complaints over 3 years old.",
        "Forget Mirela Osk, his partner for ten years.",
        "Forget Mirela Osk, mayor of Tavel for 12 years.",
        "Forget that Ana Morel stayed with us for a year.",
        "Vergeet Ana Morel na twee jaar.",
    ],
)
def test_what_is_told_of_somebody_ends_nothing(text: str) -> None:
    (target,) = READER.read(text, now=NOW).targets

    assert target.expires is None


def test_a_range_is_asked_about_and_not_read_by_half() -> None:
    with pytest.raises(NeedsClarificationError, match="how long is '2 or 3 weeks'"):
        READER.read("Forget Ana Morel for 2 or 3 weeks.", now=NOW)


def test_each_name_holds_as_long_as_is_said_behind_it() -> None:
    text = "Forget Ana Morel for 30 days and Tor Hagen for 60 days."

    targets = READER.read(text, now=NOW).targets

    assert {t.subject: f"{t.expires:%Y-%m-%d}" for t in targets} == {
        "Ana Morel": "2026-12-28",
        "Tor Hagen": "2027-01-27",
    }


@pytest.mark.parametrize("about", ["at least", "up to", "no more than", "only"])
def test_a_word_before_how_long_is_no_fact(about: str) -> None:
    (target,) = READER.read(f"Forget Ana Morel for {about} two years.", now=NOW).targets

    assert (f"{target.expires:%Y-%m-%d}", target.description) == ("2028-11-28", "")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("after 90 days", "2027-02-26"),
        ("15 March", "2027-03-15"),
        ("do 31 grudnia 2027", "2027-12-31"),
        ("hasta el 1 de mayo de 2027", "2027-05-01"),
        ("jusqu'au 1er août", "2027-08-01"),
        ("until Sept 3", "2027-09-03"),
    ],
)
def test_a_word_before_a_number_is_no_month(words: str, day: str) -> None:
    found = date_told(words, NOW)

    assert found is not None
    assert found.date() == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "Forget Ana Morel until further notice.",
        "Vergiss Ana Morel bis auf Weiteres.",
        "Oublie Ana Morel jusqu'à nouvel ordre.",
        "Olvida a Ana Morel hasta nuevo aviso.",
        "Dimentica Ana Morel fino a nuovo avviso, per favore.",
    ],
)
def test_until_further_notice_is_no_end_and_no_name(text: str) -> None:
    (target,) = READER.read(text, now=NOW).targets

    assert (target.subject, target.expires, target.exceptions) == ("Ana Morel", None, ())


def test_a_title_that_says_until_further_notice_is_a_title() -> None:
    (target,) = READER.read("Forget the film Until Further Notice.", now=NOW).targets

    assert target.subject == "Until Further Notice"


@pytest.mark.parametrize("words", ["0 days", "0 Tage", "0.0 years", "0天"])
def test_no_time_at_all_is_asked_about_and_is_no_end_today(words: str) -> None:
    with pytest.raises(NeedsClarificationError, match="until YYYY-MM-DD"):
        date_told(words, NOW)


@pytest.mark.parametrize(
    ("words", "months", "days"),
    [
        ("十二个月", 12, 0),
        ("二十天", 0, 20),
        ("二十一天", 0, 21),
        ("一百二十天", 0, 120),
        ("三個月", 3, 0),
        ("一年零三个月", 15, 0),
    ],
)
def test_a_number_of_several_signs_is_read_whole(words: str, months: int, days: int) -> None:
    (found,) = durations_in(words)

    assert (found.months, found.days, found.whole) == (months, days, True)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("на 30 дней", "2026-12-28"),
        ("на 2 года", "2028-11-30"),  # as months are, to the end of one
        ("30 gün", "2026-12-28"),
        ("i 30 dagar", "2026-12-28"),
        ("30 dage", "2026-12-28"),
    ],
)
def test_a_number_with_a_unit_of_another_language_is_a_day(words: str, day: str) -> None:
    found = date_told(words, NOW)

    assert found is not None
    assert found.date() == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "Vergiss Ana Morel, zehn Jahre lang Lehrerin.",
        "Vergiss Ana Morel, zwanzig Jahre lang in Tavel Lehrerin.",
        "Forget Acme's 30-day return policy.",
        "Forget Ana Morel, two-week ban.",
        "Forget Ana Morel after 90 days.",
        "After 90 days, forget Ana Morel.",
    ],
)
def test_how_long_something_was_or_when_it_begins_ends_nothing(text: str) -> None:
    assert [t.expires for t in READER.read(text, now=NOW).targets] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "Forget Ana Morel, the nurse, for a year.",
        "Forget Ana Morel, my ex, for a year, please.",
        "Forget Ana Morel, who plays chess, for a year.",
        "Forget all that you know about Ana Morel for a year.",
        "Forget Ana Morel, and keep it that way for a year.",
    ],
)
def test_how_long_behind_what_is_told_is_no_part_of_it(text: str) -> None:
    (target,) = READER.read(text, now=NOW).targets

    assert f"{target.expires:%Y-%m-%d}" == "2027-11-28"
    assert "for a year" not in target.description


@pytest.mark.parametrize("words", ["3 days and 4 hours", "3 days and 30 hours"])
def test_days_and_hours_are_asked_about_and_end_at_no_half(words: str) -> None:
    with pytest.raises(NeedsClarificationError, match=f"how long is '{words}'"):
        date_told(f"for {words}", NOW)
