"""How far a name goes."""

from __future__ import annotations

import pytest

from amnestic.agents.requests.extents import up_to_legal_form, whole_extent
from amnestic.types import TargetKind

PERSON, TOPIC = TargetKind.PERSON, TargetKind.TOPIC


def _name(text: str, seen: str, kind: TargetKind, taken: str = "") -> str:
    at, held = text.index(seen), text.find(taken) if taken else -1
    places = [(held, held + len(taken))] if held >= 0 else []
    start, end = whole_extent(text, at, at + len(seen), kind, places)
    return text[start:end]


@pytest.mark.parametrize(
    ("text", "seen", "kind", "name"),
    [
        ("the Crash of 1929 in there", "Crash of 1929 in", TOPIC, "Crash of 1929"),
        ("how to pick a lock any more", "how to pick a lock any", TOPIC, "how to pick a lock"),
        ("party of 14 June at the Mill: gone", "of 14 June", TOPIC, "party of 14 June"),
        ("bin:\nMirela Tarnov\nflat 9", "Tarnov", PERSON, "Mirela Tarnov"),
        ("- Ptolemy Tarnov (ex-CFO)", "Ptolemy", PERSON, "Ptolemy Tarnov"),
        ("the film Velm (2003).", "Velm (2003", TargetKind.WORK, "Velm"),
        ("forget 'Velm' by Osk.", "Velm' by Osk", TargetKind.WORK, "Velm"),
        ("drop the band 'Ask Me'.", "'Ask Me", TargetKind.ORGANISATION, "Ask Me"),
    ],
)
def test_a_name_is_taken_whole(text: str, seen: str, kind: TargetKind, name: str) -> None:
    assert _name(text, seen, kind) == name


@pytest.mark.parametrize(
    ("text", "seen", "kind"),
    [
        ("Forget Tarnov today.", "Tarnov", PERSON),
        ("Please drop Mirela. Tarnov stays.", "Mirela", PERSON),
        ("forget Mary of Venn", "Mary of Venn", PERSON),
    ],
)
def test_a_name_that_is_whole_stays_as_it_is(text: str, seen: str, kind: TargetKind) -> None:
    assert _name(text, seen, kind) == seen


def test_words_that_are_something_else_are_no_part_of_a_name() -> None:
    assert _name("Ptolemy Tarnov", "Ptolemy", PERSON, taken="Tarnov") == "Ptolemy"


def test_a_company_ends_with_its_legal_form() -> None:
    assert up_to_legal_form("Talleres Venn S.L. y Osk") == "Talleres Venn S.L."
    assert up_to_legal_form("Venn AG") == "Venn AG"
