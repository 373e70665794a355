"""A day on which something is ends nothing; a year that is over is no end; an end is no name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amnestic.agents.requests import LocalInterpreter
from amnestic.exceptions import ForgetRequestError

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
READER = LocalInterpreter()


def end(text: str) -> str | None:
    (target,) = READER.read(text, now=NOW).targets
    return target.expires.date().isoformat() if target.expires else None


@pytest.mark.parametrize(
    "text",
    [
        "Forget Marlies Overbeek. The hearing is on 3 March 2027.",
        "Forget my old teacher Mr Leopold Ashdown, he taught at Wexmoor Grammar until 1998.",
    ],
)
def test_what_happens_or_happened_then_is_no_end(text: str) -> None:
    assert end(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Forget Marlies Overbeek. The last day is on 3 March 2027.",
        "Forget Marlies Overbeek. It ends on 3 March 2027.",
        "Forget Marlies Overbeek until 3 March 2027",
        "Forget Marlies Overbeek, who worked here until 1998, until 3 March 2027",
    ],
)
def test_a_word_that_says_an_end_is_one(text: str) -> None:
    assert end(text) == "2027-03-03"


def test_a_bare_year_is_asked_for() -> None:
    with pytest.raises(ForgetRequestError):
        end("Forget Marlies Overbeek until 2019")


def test_an_end_is_no_part_of_a_title() -> None:
    text = "forget the video game Ember Citadel 2 until the 14th of December 2026"
    (target,) = READER.read(text, now=NOW).targets
    assert target.subject == "Ember Citadel 2"
    assert end(text) == "2026-12-14"
