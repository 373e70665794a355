"""How common a word is, from a ranked list of plain words.

The list is the whole-word part of the BERT vocabulary (Apache-2.0), which stands roughly in the
order of frequency; `benchmarks/build_words.py` writes it. It tells rare words from common ones
and running text from cipher, without a corpus at run time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from operator import add

__all__ = [
    "is_common",
    "is_marked_word",
    "known_among",
    "known_share",
    "rank",
    "rarity",
    "segment",
    "small_share",
]

_LIST, _SMALL, _MARKED = "words.txt", "small_letters.txt", "marked_words.txt"
_LONGEST = 18
_UNKNOWN = 1.15
_HEAD = 4
_OPENED = 9.0
_LETTER = 2.6
_ROUNDING = 1e-6
_UNKNOWN_LETTERS = [_LETTER * letters for letters in range(_LONGEST, 0, -1)]


@cache
def _ranks() -> Mapping[str, int]:
    text = resources.files("amnestic.tools.reading").joinpath("data", _LIST).read_text("utf-8")
    return {word: i for i, word in enumerate(text.split())}


def rank(word: str) -> int | None:
    """The place of a folded word in the list, 0 the most common; `None` if it is not there.

    >>> rank("the") < rank("harbour"), rank("qxzv")
    (True, None)
    """
    return _ranks().get(word)


@cache
def _rank_span() -> float:
    return math.log(len(_ranks()))


def rarity(word: str) -> float:
    """How much a word tells: near 0 for the commonest, 1 for the rarest known, above if unknown.

    >>> rarity("the") < rarity("harbour") < rarity("qxzv")
    True
    """
    place = _ranks().get(word)
    return _UNKNOWN if place is None else math.log(place + 2) / _rank_span()


def is_common(word: str, among: int = 3000) -> bool:
    """Whether a word is one of the `among` commonest.

    >>> is_common("water"), is_common("zephyr")
    (True, False)
    """
    place = _ranks().get(word)
    return place is not None and place < among


def small_share(word: str) -> float:
    """The share of its uses in running text in which a folded word begins with a small letter; 0
    for names and for what is in no list (`benchmarks/build_casing.py`).

    >>> small_share("switch") > small_share("apple") > small_share("london")
    True
    """
    return _small_shares().get(word, 0.0)


@cache
def _small_shares() -> Mapping[str, float]:
    text = resources.files("amnestic.tools.reading").joinpath("data", _SMALL).read_text("utf-8")
    lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {word: int(step) / 9 for step, *words in lines for word in words}


def is_marked_word(word: str) -> bool:
    """Whether a word, in small letters and with its marks, is one of a language that has them
    (`benchmarks/build_casing.py`).

    >>> is_marked_word("café"), is_marked_word("mané")
    (True, False)
    """
    return word in _marked_words()


@cache
def _marked_words() -> frozenset[str]:
    text = resources.files("amnestic.tools.reading").joinpath("data", _MARKED).read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


def known_share(words: Iterable[str]) -> float:
    """The share of the words of two letters or more that are in the list; 0 without such words.

    >>> known_share(["the", "glass", "uneobhe", "42"])
    0.6666666666666666
    """
    known, total = known_among(words)
    return known / total if total else 0.0


def known_among(words: Iterable[str]) -> tuple[int, int]:
    """How many of the words of two letters or more are in the list, and how many there are."""
    ranks = _ranks()
    known = total = 0
    for word in words:
        if len(word) > 1 and word.isalpha():
            total += 1
            known += word in ranks
    return known, total


def segment(letters: str) -> Sequence[str]:
    """Cut letters written without spaces into the likeliest words (unigram, Viterbi).

    The time is linear in the length, since no word is longer than 18 letters.

    >>> segment("whowrotetheglassharbour")
    ('who', 'wrote', 'the', 'glass', 'harbour')
    """
    known = _words_ending(letters)
    best = [0.0] * (len(letters) + 1)
    back = [0] * (len(letters) + 1)
    opened = [0.0] * (len(letters) + 1)  # the cost up to here with an unknown word begun
    opened[0] = _OPENED
    least = _OPENED - _ROUNDING
    for end in range(1, len(letters) + 1):
        cost, start = math.inf, end - 1
        for begin, own in known[end]:  # in the order of `begin`: of two equal, the first
            other = best[begin] + own
            if other < cost:
                cost, start = other, begin
        if cost > least + _LETTER * end:  # else no unknown word can be likelier
            low = max(0, end - _LONGEST)
            unknown = list(map(add, opened[low:end], _UNKNOWN_LETTERS[low - end :]))
            other = min(unknown)
            begin = low + unknown.index(other)
            if (other, begin) < (cost, start):
                cost, start = other, begin
        best[end], back[end], opened[end] = cost, start, cost + _OPENED
        least = min(least, opened[end] - _LETTER * end - _ROUNDING)
    words: list[str] = []
    end = len(letters)
    while end:
        words.append(letters[back[end] : end])
        end = back[end]
    return tuple(reversed(words))


def _words_ending(letters: str) -> list[list[tuple[int, float]]]:
    """At each place, where the known words begin that end there, and what each costs."""
    costs = _costs()
    ending: list[list[tuple[int, float]]] = [[] for _ in range(len(letters) + 1 + _LONGEST)]
    for start in range(len(letters)):
        for length in _lengths(letters[start : start + _HEAD]):
            cost = costs.get(letters[start : start + length])
            if cost is not None:
                ending[start + length].append((start, cost))
    return ending


@cache
def _costs() -> Mapping[str, float]:
    """What each word costs: the less, the more usual it is."""
    return {word: math.log(rank + 50) for word, rank in _ranks().items()}


@lru_cache(maxsize=32_768)
def _lengths(head: str) -> tuple[int, ...]:
    """How long the words may be that begin as `head` does, which is all that is left of the text
    where it is shorter than four letters; up to four letters, how long they are."""
    short = [n for n in range(1, len(head) + 1) if head[:n] in _ranks()]
    return (*short, *_long_lengths().get(head, ()))


@cache
def _long_lengths() -> Mapping[str, tuple[int, ...]]:
    """The lengths of the longer words that begin with each four letters."""
    found: dict[str, set[int]] = {}
    for word in _ranks():
        if _HEAD < len(word) <= _LONGEST:
            found.setdefault(word[:_HEAD], set()).add(len(word))
    return {head: tuple(sorted(lengths)) for head, lengths in found.items()}
