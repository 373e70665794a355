"""What is kept of the words of texts stays within bounds, and what comes again and again stays."""

from __future__ import annotations

import string
import tracemalloc
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from amnestic.tools.reading import Kept, PlainReader, plainly
from tests.thoroughness import examples


class Lengths:
    """Makes the length of a word, and notes which words it was asked for."""

    def __init__(self) -> None:
        self.asked = list[str]()

    def __call__(self, word: str) -> int:
        self.asked.append(word)
        return len(word)


@settings(max_examples=examples(200), deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(string.ascii_lowercase), max_size=5), max_size=60),
    st.integers(1, 4),
    st.integers(1, 4),
)
def test_what_is_given_is_what_would_be_made_and_no_more_is_kept_than_said(
    texts: list[list[str]], again: int, once: int
) -> None:
    kept = Kept[str, str](again, once)
    for text in texts:
        assert kept.all(text, str.upper) == [word.upper() for word in text]
        assert len(kept) <= 2 * again + once


def test_what_comes_again_and_again_is_made_once_however_much_comes_between() -> None:
    kept, made = Kept[str, int](4, 4), Lengths()
    for number in range(100):
        kept.all(["the", f"number {number}", "of"], made)
    assert (made.asked.count("the"), made.asked.count("of")) == (1, 1)


def test_what_came_again_long_ago_makes_room() -> None:
    kept, made = Kept[str, int](2, 2), Lengths()
    for word in "abcdef":
        kept.all([word, word, word], made)
    assert made.asked == [*"abcdef"]
    kept.all(["a", "f"], made)
    assert made.asked[6:] == ["a"]


def test_of_what_is_too_long_nothing_is_kept() -> None:
    kept, made = Kept[str, int](9, 9, lambda word: len(word) < 3), Lengths()
    for _ in range(3):
        assert kept.all(["at", "tarn"], made) == [2, 4]
    assert (made.asked.count("at"), made.asked.count("tarn"), len(kept)) == (1, 3, 1)


def test_texts_of_words_that_no_other_has_take_no_room_for_good() -> None:
    reader = PlainReader()
    codes = map("".join, product(string.ascii_lowercase, repeat=3))
    long = [f"It was {code * 300} there." for code in codes][:400]
    reader.read("It was there.")
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for text in long:
            reader.read(text)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < sum(map(len, long)) / 4
    assert len(reader._parts) <= 2 * plainly._KEPT_AGAIN + plainly._KEPT_ONCE
