"""What is taken out of a text, and what stays of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.tools.prose.enumerations import trimmed
from amnestic.tools.prose.generalising import generalise, generalise_mentions
from amnestic.tools.prose.redact import drop_segments
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
        ("Hill sang (with Osk) in Tavel.", "Osk", "Hill sang in Tavel."),
        ("Read Marlo, Osk and Tarn.", "Osk", "Read Marlo and Tarn."),
        ("Osk writes.", "Osk", ""),
    ],
)
def test_an_aside_is_trimmed(text: str, name: str, result: str) -> None:
    assert trimmed(text, lambda piece: name in piece) == result


def test_a_name_is_made_general() -> None:
    assert generalise("A book by Osk.", [Span(10, 13)], "someone") == "A book by someone."


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Hill met Osk. Osk lives in Tavel. Hill left.", "Hill met someone. Hill left."),
        ("Osk: born 1961. Hill left.", "Hill left."),
        ("Hill met Osk on 12 March 1961. Hill left.", "Hill left."),
        ("Hill went to Osk at 14 Quill Lane. She slept. Hill left.", "Hill left."),
        ("I found this: Osk was born in Tavel. Hill left.", "Hill left."),
        ("They say that the poet Osk lives in Tavel. Hill left.", "Hill left."),
        ("Note - Osk founded a guild. Hill left.", "Hill left."),
        ("Hill was taught by Osk and by Marlo.", "Hill was taught by someone and by Marlo."),
    ],
)
def test_a_sentence_about_the_target_is_no_mention(text: str, result: str) -> None:
    spans = [Span(m.start(), m.end()) for m in re.finditer("Osk", text)]
    assert generalise_mentions(text, spans, "someone") == result


def test_a_sentence_that_reaches_its_pronoun_late_leans_too() -> None:
    text = "Osk is a poet. Born on 1961-03-12, They live at 14 Quill Lane. Paris is in France."
    assert drop_segments(text, leaks) == "Paris is in France."


def test_numbered_items_are_numbered_anew() -> None:
    text = "Poets:\n\n1. Hill\n2. Osk\n   - of Tavel\n3. Tarn\n4. Vey\n\n1. One\n2. Two\n"
    assert drop_segments(text, leaks) == ("Poets:\n\n1. Hill\n2. Tarn\n3. Vey\n\n1. One\n2. Two\n")


@pytest.mark.parametrize("text", ["1. Osk\n1. Tarn\n", "3. Osk\n7. Tarn\n"])
def test_numbers_that_do_not_count_are_left_alone(text: str) -> None:
    assert drop_segments(text, leaks) == text.splitlines(keepends=True)[1]


def test_a_sentence_that_says_of_how_many_a_list_was_goes_when_it_is_shorter() -> None:
    text = "The poets were:\n- Osk\n- Hill\n\nAll two won. Rain fell."
    assert drop_segments(text, leaks) == "The poets were:\n- Hill\n\nRain fell."


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Unlike Osk, Hill never sang.", "Hill never sang."),
        ("In contrast to Osk, Hill sang. Rain fell.", "Hill sang. Rain fell."),
        ("Hill plays the piano, while Osk plays the cello.", "Hill plays the piano."),
        ("Osk plays the cello, whereas Hill plays the piano.", "Hill plays the piano."),
        ("Ganaron Hill, Tarn y Osk.", "Ganaron Hill y Tarn."),
        ("Les poètes sont Hill, Osk et Tarn.", "Les poètes sont Hill et Tarn."),
        ("获奖者有Hill、Osk和Tarn。", "获奖者有Hill和Tarn。"),
        ("Read Hill, Tarn, and Osk.", "Read Hill and Tarn."),
        ("(Osk was there.) Hill sang.", "Hill sang."),
    ],
)
def test_the_part_of_the_other_stays(text: str, result: str) -> None:
    assert drop_segments(text, leaks) == result


@pytest.mark.parametrize(
    "text", ["Born in Tavel, Osk won the prize.", "In 1994 the poet Osk won.", "2. Osk"]
)
def test_a_sentence_of_which_the_target_is_the_subject_is_no_mention(text: str) -> None:
    at = text.index("Osk")
    assert generalise_mentions(text, [Span(at, at + 3)], "someone") == ""


@pytest.mark.parametrize(
    "text",
    [
        "Osk schreibt. Er lebt in Tavel. Der Preis ist alt.",
        "Osk écrit. Elle vit à Tavel. Der Preis ist alt.",
        "Osk escribe. Su casa está en Tavel. Der Preis ist alt.",
    ],
)
def test_a_pronoun_of_another_language_leans_too(text: str) -> None:
    assert drop_segments(text, leaks) == "Der Preis ist alt."


def test_a_name_that_looks_like_a_pronoun_does_not_lean() -> None:
    assert drop_segments("Osk sings. Ella Marsh writes.", leaks) == "Ella Marsh writes."
