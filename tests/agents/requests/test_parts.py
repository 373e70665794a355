"""A phrase is divided into the things that it names, whatever marks stand in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.agents.requests import parts
from amnestic.agents.requests.letters import opened
from amnestic.agents.requests.parts import Part, parts_of
from amnestic.agents.requests.pieces import is_named
from amnestic.agents.requests.pointing import corrected

_PIECES = "Ana Morel Tor Venn and or nor ( – : , Dr. his of".split()


@given(st.lists(st.sampled_from(_PIECES), max_size=8))
def test_marks_without_names_are_no_error(pieces: list[str]) -> None:
    found = parts_of(" ".join(pieces))
    assert all(isinstance(part, Part) for part in found)


@pytest.mark.parametrize("piece", ["a", "or Ab", "Ab", "⟦0⟧", "⟦0⟧, a", "the poet", "a, or Ab"])
def test_each_of_many_pieces_is_looked_at_a_few_times(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(parts, "is_named", lambda text: looked_at.append(text) or is_named(text))
    phrase = ", ".join([piece] * 60)
    parts_of(phrase)
    assert len(looked_at) <= 4 * phrase.count(",") + 4


def test_marks_and_words_without_end_are_read_from_where_they_begin() -> None:
    """What was looked at from each of them anew would not end here."""
    for marks in (",", " ;", "–", ", a, "):
        text = f"Ana Morel{marks * 40_000}no, I mean Tor Hagen."
        assert corrected(text).endswith("Tor Hagen.")
    assert opened("a " * 100_000 + "b").unread == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Forget Ana Morel, ;  -- sorry, wait: Tor Hagen.", "Forget Tor Hagen."),
        ("Forget Ana Morel. ,no, I mean the poet Tor Hagen.", "Forget Tor Hagen."),
        ("Forget Ana Morel … oh, scratch that, please forget Tor Hagen.", "Forget Tor Hagen."),
        ("Forget Ana Morel (no, Tor Hagen).", "Forget Tor Hagen)."),
        ("Forget Anno Tor Hagen.", "Forget Anno Tor Hagen."),
    ],
)
def test_marks_of_all_kinds_stand_before_a_correction(text: str, found: str) -> None:
    assert corrected(text) == found
