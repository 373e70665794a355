"""How common a word is, from a ranked list of plain words.

The list is the whole-word part of the BERT vocabulary (Apache-2.0), which stands roughly in the
order of frequency; `benchmarks/build_words.py` writes it. It tells rare words from common ones
and running text from cipher, without a corpus at run time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

__all__ = ["is_common", "known_share", "rank", "rarity", "segment"]

_LIST = "words.txt"
_LONGEST = 18
_UNKNOWN = 1.15


@cache
def _ranks() -> Mapping[str, int]:
    text = resources.files("amnestic.tools").joinpath("data", _LIST).read_text("utf-8")
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


def known_share(words: Iterable[str]) -> float:
    """The share of the words of two letters or more that are in the list; 0 without such words.

    >>> known_share(["the", "glass", "uneobhe", "42"])
    0.6666666666666666
    """
    ranks = _ranks()
    known = total = 0
    for word in words:
        if len(word) > 1 and word.isalpha():
            total += 1
            known += word in ranks
    return known / total if total else 0.0


def segment(letters: str) -> Sequence[str]:
    """Cut letters written without spaces into the likeliest words (unigram, Viterbi).

    The time is linear in the length, since no word is longer than 18 letters.

    >>> segment("whowrotetheglassharbour")
    ('who', 'wrote', 'the', 'glass', 'harbour')
    """
    ranks = _ranks()
    best = [0.0] * (len(letters) + 1)
    back = [0] * (len(letters) + 1)
    for end in range(1, len(letters) + 1):
        best[end], back[end] = math.inf, end - 1
        for start in range(max(0, end - _LONGEST), end):
            place = ranks.get(letters[start:end])
            if place is not None:
                cost = best[start] + math.log(place + 50)
            else:
                cost = best[start] + 9.0 + 2.6 * (end - start)
            if cost < best[end]:
                best[end], back[end] = cost, start
    words: list[str] = []
    end = len(letters)
    while end:
        words.append(letters[back[end] : end])
        end = back[end]
    return tuple(reversed(words))
