"""Until when something is asked for, where only its wording says so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amnestic.agents.requests import LocalInterpreter
from amnestic.agents.requests.dates_told import date_told
from amnestic.agents.requests.ends_told import with_ends
from amnestic.tools.tagging import Span, Tagged

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("through Q1", "2027-03-31"),
        ("until the end of Q4", "2026-12-31"),
        ("bis Ende des zweiten Quartals", "2027-06-30"),
        ("jusqu'à la fin du T2 2028", "2028-06-30"),
        ("before Q2", "2027-03-31"),
        ("until EOM", "2026-12-31"),
        ("até ao fim do ano", "2026-12-31"),
        ("até o fim do mês", "2026-12-31"),
        ("até à Páscoa", "2027-03-28"),
        ("durante duas semanas", "2026-12-15"),
    ],
)
def test_ends_of_periods_are_read(words: str, day: str) -> None:
    told = date_told(words, NOW)
    assert told is not None
    assert f"{told:%Y-%m-%d}" == day


@pytest.mark.parametrize("words", ["until Q2", "in the first quarter", "until the Q5 launch"])
def test_a_quarter_that_may_be_meant_to_its_beginning_is_no_day(words: str) -> None:
    assert date_told(words, NOW) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("nothing abt the Pelham Rd site through q1", "2027-03-31"),
        ("apaga tudo sobre o Valdemar Quintanilha até ao fim do ano", "2026-12-31"),
        (
            "Der Assistent soll Mirela Osk bis Ende nächsten Monats nicht mehr nennen.",
            "2027-01-31",
        ),
    ],
)
def test_an_end_within_a_wish_is_one(text: str, day: str) -> None:
    (target,) = LocalInterpreter().read(text, now=NOW).targets
    assert target.expires is not None
    assert f"{target.expires:%Y-%m-%d}" == day


@pytest.mark.parametrize(
    "text",
    [
        "Forget Tor Hagen. He was mayor until 3 March 2027.",
        "Esquece o Tor Hagen, que dirige o coro até ao fim do ano.",
        'Forget the novel "Through Q1".',
        "Forget Tor Hagen through our website.",
    ],
)
def test_what_is_told_of_somebody_or_says_no_day_is_no_end(text: str) -> None:
    assert [t.expires for t in LocalInterpreter().read(text, now=NOW).targets] == [None]


def test_ends_that_the_tagger_has_are_left_to_it() -> None:
    text = "Nothing on Osk for a year, through Q1."
    spans = (
        Span(0, 10, "wish", 0.9),
        Span(11, 14, "subject", 0.9),
        Span(15, 25, "until", 0.9),
    )
    seen = Tagged(text, spans, (1.0, 0.0, 0.0))
    assert with_ends(seen, NOW) is seen
