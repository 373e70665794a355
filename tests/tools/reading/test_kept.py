"""What is kept of the words of texts stays within bounds, and what comes again and again stays."""

from __future__ import annotations

import string
import tracemalloc
from itertools import product

import pytest
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


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(st.text("ab", min_size=1, max_size=9), max_size=80))
def test_what_is_long_takes_the_room_of_many(words: list[str]) -> None:
    kept = Kept[str, int](12, 6, len)
    for word in words:
        assert kept.all([word], len) == [len(word)]
        for held, most in ((kept._again, 12), (kept._before, 12), (kept._once, 6)):
            assert sum(map(len, held)) < most + 9


@pytest.mark.parametrize(
    "text",
    [
        "東京都は日本の首都であり人口が多い。" * 100,
        " ".join(f"https://example.org/{n}/of/the/harbour/{n}/index.html" for n in range(60)),
        "\n".join(["Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbaugesellschaft"] * 50),
        "a-" * 1_999,
    ],
)
def test_what_stands_without_a_blank_is_read_once_as_well(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, reader, part = list[str](), PlainReader(), plainly.part_of

    def noted(written: str) -> plainly.Part:
        made.append(written)
        return part(written)

    monkeypatch.setattr(plainly, "part_of", noted)
    for _ in range(3):
        reader.read(text)
    assert sorted(made) == sorted({*text.split()})


def test_texts_of_words_that_no_other_has_take_no_room_for_good() -> None:
    reader = PlainReader()
    codes = map("".join, product(string.ascii_lowercase, repeat=3))
    long = [f"It was {code * 1_300} there." for code in codes][:400]
    reader.read("It was there.")
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for text in long:
            reader.read(text)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < sum(map(len, long)) / 2
    assert sum(map(plainly._size, reader._parts._once)) < plainly._KEPT_ONCE + len(long[0])
