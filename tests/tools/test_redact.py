"""What is taken out of a text, and what stays of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.tools.asides import trim_asides
from amnestic.tools.generalising import generalise, generalise_mentions
from amnestic.tools.redact import drop_segments
from amnestic.types import Span


def leaks(piece: str) -> bool:
    return "Osk" in piece


@given(st.text().filter(lambda t: "Osk" not in t and "\n\n\n" not in t))
def test_a_text_without_leaks_keeps_every_word(text: str) -> None:
    assert drop_segments(text, leaks).split() == text.split()


def test_a_leaking_sentence_goes_and_the_rest_stays() -> None:
    text = "Tavel is a town. Osk lives there. Paris is in France."
    assert drop_segments(text, leaks) == "Tavel is a town. Paris is in France."


def test_a_sentence_that_leans_on_a_dropped_one_goes_too() -> None:
    text = "Osk is a poet. She lives in Tavel. Paris is in France."
    assert drop_segments(text, leaks) == "Paris is in France."


def test_a_stand_in_takes_the_first_place() -> None:
    text = "Osk wrote it. Paris is in France."
    assert drop_segments(text, leaks, "I don't know.") == "I don't know. Paris is in France."


def test_a_list_loses_only_the_item() -> None:
    assert drop_segments("Poets:\n- Osk\n- Marsh\n", leaks) == "Poets:\n- Marsh\n"


@pytest.mark.parametrize(
    ("text", "name", "result"),
    [
        ("Hill, a son of Osk, writes.", "Osk", "Hill writes."),
        ("Hill (see Osk) writes.", "Osk", "Hill writes."),
        ("Read Marlo, Osk and Tarn.", "Osk", "Read Marlo and Tarn."),
        ("Osk writes.", "Osk", "Osk writes."),
    ],
)
def test_an_aside_is_trimmed(text: str, name: str, result: str) -> None:
    at = text.index(name)
    assert trim_asides(text, [Span(at, at + len(name))]) == result


def test_a_name_is_made_general() -> None:
    assert generalise("A book by Osk.", [Span(10, 13)], "someone") == "A book by someone."


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Hill met Osk. Osk lives in Tavel. Hill left.", "Hill met someone. Hill left."),
        ("Osk: born 1961. Hill left.", "Hill left."),
        ("Hill met Osk on 12 March 1961. Hill left.", "Hill left."),
        ("Hill went to Osk at 14 Quill Lane. She slept. Hill left.", "Hill left."),
    ],
)
def test_a_sentence_about_the_target_is_no_mention(text: str, result: str) -> None:
    spans = [Span(m.start(), m.end()) for m in re.finditer("Osk", text)]
    assert generalise_mentions(text, spans, "someone") == result


def test_a_sentence_that_reaches_its_pronoun_late_leans_too() -> None:
    text = "Osk is a poet. Born on 1961-03-12, They live at 14 Quill Lane. Paris is in France."
    assert drop_segments(text, leaks) == "Paris is in France."
