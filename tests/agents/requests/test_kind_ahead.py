"""Words before a name that only say what it is are none of it; nor is who signs a letter."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amnestic.agents.requests import LocalInterpreter
from amnestic.types import TargetKind

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
READER = LocalInterpreter()


def names(text: str) -> list[str]:
    return [target.subject for target in READER.read(text, now=NOW).targets]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Forget the Swedish bank SEB", "SEB"),
        ("Remove the Danish painter Asta Vole from your knowledge.", "Asta Vole"),
        ("Forget Spanish painter Joan Osk", "Joan Osk"),
        ("Könnt ihr bitte den Bildhauer Enno Tjarks aus dem Gedächtnis nehmen?", "Enno Tjarks"),
        ("Vergiss den Maler Peter Hans", "Peter Hans"),
    ],
)
def test_what_somebody_is_stands_before_the_name(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Vergiss den Peter Hans Müller", "Peter Hans Müller"),
        ("Forget The Italian Job", "The Italian Job"),
        ("Forget Roman Polanski", "Roman Polanski"),
        ("Forget American Airlines.", "American Airlines"),
    ],
)
def test_a_name_that_looks_like_it_stays_whole(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Forget Noor Osk, who runs the café Zaatar.", TargetKind.PERSON),
        ("Forget Osk & Tarn, who runs the café Venn", TargetKind.ORGANISATION),
        ("Our auditors Pryce Tolland LLP asked to be forgotten.", TargetKind.ORGANISATION),
    ],
)
def test_who_runs_a_place_is_none(text: str, kind: TargetKind) -> None:
    (target,) = READER.read(text, now=NOW).targets
    assert target.kind is kind


def test_who_signs_below_the_wish_is_no_target() -> None:
    text = (
        "Good morning,\n\nMrs Ingelise Farrow-Dahl would like to be forgotten by your assistant."
        "\n\nBest wishes\nPeter Lomax\nLomax & Daughters Opticians\nTel. 01632 960144"
    )
    assert names(text) == ["Ingelise Farrow-Dahl"]


def test_who_is_named_behind_the_thanks_is_not_lost() -> None:
    reading = READER.read("Forget Ana Morel. Thanks, and Tor Hagen too", now=NOW)
    left = " ".join((*(t.subject for t in reading.targets), *reading.unread, *reading.doubts))
    assert "Tor" in left
