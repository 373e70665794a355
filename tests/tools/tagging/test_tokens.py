"""What the tagger reads: the shapes of words, and where lines begin."""

from __future__ import annotations

import pytest

from amnestic.tools.embedding import shipped_tokenizer
from amnestic.tools.tagging.tokens import SHAPES, tokens_of

LOWER, TITLE, CAPITALS, MIXED, DIGITS, SIGN, CASELESS = range(7)
FIRST = SHAPES // 2


def _shapes(text: str) -> list[int]:
    return tokens_of(shipped_tokenizer(), text).types[1:-1]


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("osk", LOWER),
        ("Osk", TITLE),
        ("OSK", CAPITALS),
        ("McO", MIXED),
        ("42", DIGITS),
        ("!", SIGN),
    ],
)
def test_a_word_has_the_shape_that_its_letters_have(word: str, shape: int) -> None:
    assert set(_shapes(f"on {word}")[1:]) == {shape}


def test_a_script_without_case_has_a_shape_of_its_own() -> None:
    assert set(_shapes("on 王")[1:]) == {CASELESS}


def test_every_piece_of_a_word_has_the_shape_of_the_word() -> None:
    found = tokens_of(shipped_tokenizer(), "by Havránková")
    assert len(found.ids) > 4
    assert set(found.types[2:-1]) == {TITLE}


def test_the_first_word_of_each_line_is_marked() -> None:
    assert _shapes("one two\n  three") == [FIRST + LOWER, LOWER, FIRST + LOWER]


def test_places_are_those_of_the_text_as_it_was_given() -> None:
    text = "forget É. Zoë"
    found = tokens_of(shipped_tokenizer(), text)
    assert [text[a:b] for a, b in found.places[1:-1]] == ["forget", "É", ".", "Zoë"]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Osei-Grant, HC-2025-00731", ["Osei-Grant", ",", "HC-2025-00731"]),
        ("a@b.org; 2024/317-B", ["a@b.org", ";", "2024/317-B"]),
        ("D'Arcy's or me/you", ["D'Arcy", "'", "s", "or", "me", "/", "you"]),
    ],
)
def test_a_unit_is_a_word_with_what_is_written_into_it(text: str, units: list[str]) -> None:
    found = tokens_of(shipped_tokenizer(), text)
    told: dict[int, str] = {}
    for unit, (start, end) in zip(found.units[1:-1], found.places[1:-1], strict=True):
        told[unit] = told.get(unit, "") + text[start:end]
    assert list(told.values()) == units
