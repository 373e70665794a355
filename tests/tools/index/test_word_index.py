"""The word index says what a plain look at every target's words would say."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.tools.index import word_index as module
from amnestic.tools.index.word_index import WordIndex
from amnestic.tools.reading import rarity

WORDS = ("harbour", "glass", "1874", "tarn", "winter", "qxzv", "12", "salt")
FACETS = 4
TARGETS = st.dictionaries(st.sampled_from(WORDS), st.integers(1, 2**FACETS - 1), max_size=6)
CHANGES = st.lists(st.tuples(st.sampled_from("abcd"), st.none() | TARGETS), max_size=12)


def _index(changes: list[tuple[str, dict[str, int] | None]]) -> WordIndex:
    index = WordIndex()
    for name, words in changes:
        if words is None:
            index.remove(name)
        else:
            index.add(name, words, FACETS)
    return index


def _left(changes: list[tuple[str, dict[str, int] | None]]) -> list[dict[str, int]]:
    return [words for words in dict(changes).values() if words is not None]


@pytest.fixture(autouse=True, params=[0, 4_096])
def _made_anew_after(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FEW_DEAD", request.param)


@given(CHANGES, st.sets(st.sampled_from(WORDS)))
def test_what_is_shared_is_counted_target_by_target(
    changes: list[tuple[str, dict[str, int] | None]], text: set[str]
) -> None:
    words = sorted(text)
    weights = {w: 1.0 if w == "1874" else 0.4 for w in ("1874", "12")}
    weights |= {w: 0.5 if rarity(w) > 0.82 else 0.2 for w in words if not w.isdigit()}
    expected = max(
        (sum(weights[w] for w in words if w in own) for own in _left(changes)), default=0.0
    )
    numbers = [w for w in words if w.isdigit()]
    assert _index(changes).shared(words, (), numbers) == pytest.approx(expected)


@given(CHANGES, st.dictionaries(st.sampled_from(WORDS), st.sampled_from((0.5, 0.75, 1.15))))
def test_a_text_tells_where_enough_of_it_stands_in_one_facet(
    changes: list[tuple[str, dict[str, int] | None]], text: dict[str, float]
) -> None:
    sums = [
        sum(
            0.4 if word == "12" else weight
            for word, weight in text.items()
            if own.get(word, 0) >> facet & 1
        )
        for own in _left(changes)
        for facet in range(FACETS)
    ]
    wanted = min(1.9, max(1.1 if len(text) == 1 else 1.3, 0.5 * sum(text.values())))
    assert _index(changes).tells(text) is (max(sums, default=0.0) >= wanted)


def test_targets_are_added_while_requests_are_read() -> None:
    index, over = WordIndex(), threading.Event()
    index.add("first", {"harbour": (1 << 50_000) - 1}, 50_000)

    def read() -> None:
        while not over.is_set():
            index.shared(["harbour"], names=(), numbers=())
            index.tells({"harbour": 1.0})

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        try:
            for number in range(200):
                index.add(f"later {number}", {"harbour": 1, "1874": 1}, 1)
        finally:
            over.set()
        for reader in readers:
            reader.result()
    assert index.shared(["1874"], names=(), numbers=["1874"]) == 1.0
