"""Names in pieces, and words that only stand beside each other."""

from __future__ import annotations

import pytest

from amnestic.tools.names import NameMatcher, forms_of
from amnestic.types import ForgetTarget

NAMES = {"Facebook": "organisation", "Database": "work", "Friends": "work", "Hausmann": "person",
         "Nowhere": "work", "Ana Morel": "person"}  # fmt: skip


@pytest.fixture(scope="module")
def matcher() -> NameMatcher:
    matcher = NameMatcher()
    for name, kind in NAMES.items():
        target = ForgetTarget(id=name, subject=name, kind=kind)  # type: ignore[arg-type]
        matcher.add(name, forms_of(target))
    return matcher


@pytest.mark.parametrize(
    "text",
    [
        "He sat down, a hat on his face\nbook in hand.",
        "| face | book |\n|---|---|\n| 1 | 2 |",
        "- face\n- book\n- hand",
        "for data; base in rows: print(data[base], {data} - {base})",
        'os.path.join("data", "base")',
        "It is my friend's and his friends' house.",
        "She is one's 'friend's' friend.",
        '{"answer": "no",\n "question": "Where is it?"}',
        "SELECT a FROM b WHERE x IS no\nWHERE y",
        "In der Stadt steht das Haus\nMann und Frau leben darin.",
    ],
)
def test_words_beside_each_other_are_no_name(matcher: NameMatcher, text: str) -> None:
    assert matcher.hidden(text) == []


@pytest.mark.parametrize(
    "text",
    [
        '"Haus" + "mann"',
        '["Face", "book"]',
        "- An\n- a Mo\n- rel",
        "It was painted by Ana Mo\nrel",
        "Ana Mo\nrel has painted it.",
        "| Ana Mor | el |",
    ],
)
def test_pieces_of_a_name_are_one(matcher: NameMatcher, text: str) -> None:
    assert len(matcher.hidden(text)) == 1
