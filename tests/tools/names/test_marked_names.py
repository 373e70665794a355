"""Names that are words without their marks."""

from __future__ import annotations

import pytest

from amnestic.tools.names import NameMatcher, Strength, forms_of
from amnestic.tools.names.plain_words import marked_names
from amnestic.tools.reading import read
from amnestic.types import ForgetTarget, TargetKind


def found(text: str, **told: object) -> dict[str, Strength]:
    """What is found of a target in a text, each with the most that it proves."""
    target = ForgetTarget.model_validate({"id": "t", "kind": TargetKind.PERSON, **told})
    matcher = NameMatcher()
    matcher.add("t", forms_of(target))
    best: dict[str, Strength] = {}
    for hit in matcher.find(read(text)):
        word = text[hit.span.start : hit.span.end]
        best[word] = max(hit.strength, best.get(word, Strength.PART))
    return best


@pytest.mark.parametrize(
    ("text", "alias", "word"),
    [
        ("And how did Mané do?", "Mané", "Mané"),
        ("Was MANÉ a dit, personne ne le sait.", "Mané", "MANÉ"),
        ("Gestern kam Baťa nach Sund.", "Baťa", "Baťa"),
        ("Ayer vino Çam a Sund.", "Çam", "Çam"),
        ("Later Bâta sang.", "Baťa", ""),
    ],
)
def test_a_declared_name_with_its_marks_is_the_whole_name(text: str, alias: str, word: str) -> None:
    told = found(text, subject="Ivo Tarnek", aliases=(alias,))
    assert {w for w, strength in told.items() if strength is Strength.FULL} == ({word} - {""})


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("The horse has a mane.", "Mané"),
        ("Mane is a word.", "Mané"),
        ("una bata blanca", "Baťa"),
        ("Ein Becher mané steht dort.", "Mané"),
        ("Café first, then bread.", "Café"),
        ("Santé first, says the toast.", "Santé"),
        ("Möbel sind teuer.", "Möbel"),
        ("Naïve plans fail.", "Naïve"),
        ("Then René came.", "René"),
        ("Lô hàng này đã đến hôm qua.", "Lô"),
    ],
)
def test_a_plain_word_is_not(text: str, alias: str) -> None:
    told = found(text, subject="Ivo Tarnek", aliases=(alias,))
    assert Strength.FULL not in told.values()


def test_a_part_of_a_name_is_no_whole_one_by_its_marks() -> None:
    assert found("Then Mané left.", subject="Inés Mané") == {"Mané": Strength.SURNAME}


def test_the_spelling_in_brackets_is_a_name() -> None:
    assert dict(marked_names(["Bata (Baťa)", "Bata (Tavel)", "Café (Bar)"])) == {"bata": "baťa"}
