"""Passages as the attributor reads them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.tools.detection.attribution import (
    BEFORE_FULL,
    FULL,
    KNOWN,
    PART,
    TOKENS,
    TYPES,
    Mention,
    Passage,
    part_of,
    rows_of,
    stretches,
)
from amnestic.tools.embedding import shipped_tokenizer
from amnestic.types import Facet, FacetKind, ForgetTarget, Span

OSK = ForgetTarget(
    id="osk",
    subject="Mirela Osk",
    kind="person",
    description="Mirela Osk is a novelist.",
    facets=(
        Facet(kind=FacetKind.FACT, text="Osk lived on the island of Brenn.", id=1),
        Facet(kind=FacetKind.FACT, text="Osk was born in the port of Tarn.", id=2),
    ),
)


def named(text: str, name: str, *, full: bool = True) -> Mention:
    return Mention(Span(text.index(name), text.index(name) + len(name)), full)


def test_names_are_marked_and_what_stands_around_has_types_of_its_own() -> None:
    text, before = "Mirela Osk sang. Osk left.", "Who is Mirela Osk?"
    part = Mention(Span(17, 20), False)
    passage = Passage(text, before, OSK, (named(text, "Mirela Osk"), part),
                      (named(before, "Mirela Osk"),))  # fmt: skip
    (row,) = rows_of(shipped_tokenizer(), passage)
    said = {text[a:b]: kind for (a, b), kind in zip(row.places, row.types[1:], strict=False)}
    assert said["sang"] < KNOWN - 5
    assert (said["Mir"] if "Mir" in said else said["Mirela"]) == FULL
    assert PART in row.types
    assert BEFORE_FULL in row.types
    assert len(row.ids) == len(row.types) <= TOKENS
    assert max(row.types) < TYPES


def test_the_facts_that_share_words_with_the_text_come_first() -> None:
    tokenizer = shipped_tokenizer()
    (row,) = rows_of(tokenizer, Passage("She left the port of Tarn.", "", OSK, ()))
    known = [i for i, kind in zip(row.ids, row.types, strict=True) if kind == KNOWN]
    (tarn, *_), (brenn, *_) = (tokenizer.encode(name).ids[1:-1] for name in ("Tarn", "Brenn"))
    assert known.index(tarn) < known.index(brenn)


def test_a_long_text_is_read_in_parts_that_share_some_of_it() -> None:
    text = "one two three four five. " * 200
    rows = rows_of(shipped_tokenizer(), Passage(text, "", OSK, ()))
    assert len(rows) > 2
    assert all(len(row.ids) <= TOKENS for row in rows)
    assert set(rows[0].places) & set(rows[1].places)
    assert rows[-1].places[-1][1] == len(text) - 1


def test_a_text_of_nothing_but_signs_has_an_end() -> None:
    rows = rows_of(shipped_tokenizer(), Passage("+-" * 5_000, "", OSK, ()))
    assert len(rows) == 10


@pytest.mark.parametrize("text", ["", "\ud800 sang", "﷽" * 20, "a" * 3_000])
def test_any_text_can_be_read(text: str) -> None:
    rows = rows_of(shipped_tokenizer(), Passage(text, text, OSK, ()))
    assert all(len(row.ids) == len(row.types) <= TOKENS for row in rows)


def test_a_long_text_is_read_about_its_names() -> None:
    mentions = [Mention(Span(at, at + 4), True) for at in (20_000, 500, 20_400)]
    found = stretches(50_000, mentions, 6_000)
    assert found == [Span(200, 1_704), Span(19_700, 21_604)]


def test_a_long_text_that_names_nobody_is_read_from_its_beginning() -> None:
    assert stretches(9_000, [], 1_000) == [Span(0, 1_000)]


@given(
    length=st.integers(0, 30_000),
    starts=st.lists(st.integers(0, 30_000), max_size=30),
    most=st.integers(1, 9_000),
)
def test_stretches_stand_apart_in_order_and_hold_no_more_than_asked(
    length: int, starts: Sequence[int], most: int
) -> None:
    mentions = [Mention(Span(at, at + 3), True) for at in starts if at + 3 <= length]
    found = stretches(length, mentions, most)
    assert sum(span.end - span.start for span in found) <= max(
        most, length if length <= most else 0
    )
    assert all(0 <= span.start <= span.end <= length for span in found)
    assert all(a.end < b.start for a, b in pairwise(found))
    assert found


def test_a_stretch_keeps_its_own_names() -> None:
    text = "Vey sang. Mirela Osk left."
    passage = Passage(text, "before", OSK, (named(text, "Mirela Osk"), named(text, "Vey")))
    part = part_of(passage, Span(10, 26))
    assert part.text == "Mirela Osk left."
    assert part.mentions == (Mention(Span(0, 10), True),)
    assert part.before == "before"
