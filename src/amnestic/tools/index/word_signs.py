"""Signs of the facets that a word stands in, by which most texts are told to share too little with
any: a bit for each facet, or for several."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import NamedTuple

__all__ = ["BITS", "YEAR", "Sign", "Signed", "may_share", "may_tell", "sign_of", "wanted_of"]

_TOLD = 1.9  # the rarity of two telling words that are hardly common, or of three
_TOLD_SHORT, _HALF = 1.3, 0.5
_TOLD_ALONE = 1.1  # of a word that is all of a text: a year, a word of no dictionary
YEAR = 4  # digits from which a number tells more than a count
BITS = 1 << 15  # of a sign at most: as many as there are facets, for each word that comes
_ROUNDING = 1e-9

Sign = tuple[float, int]


class Signed(NamedTuple):
    """A word's facets, and a sign of them; whether the word is a short number."""

    facets: array[int]
    held: int  # how many facets, when the sign was made
    sign: int  # a bit for each, which stands for all whose numbers are `BITS` apart
    is_short: bool


def may_tell(signs: list[Sign], words: Mapping[str, float]) -> bool:
    """Whether there may be a facet that holds enough of a text, by the signs of its words: it has
    to hold as many of them as it takes, if they are those that count the most."""
    wanted = wanted_of(words) - _ROUNDING
    if sum([weight for weight, _ in signs]) < wanted - _ROUNDING:
        return False
    held, needed = 0.0, 0
    for weight, _ in sorted(signs, reverse=True):
        held, needed = held + weight, needed + 1
        if held >= wanted:
            return may_share(signs, needed)
    return False


def may_share(signs: Sequence[Sign], least: int) -> bool:
    """Whether so many words have a facet in common, or what looks so."""
    if least == 2:
        once = 0
        for _, sign in signs:
            if once & sign:
                return True
            once |= sign
        return False
    seen = [0] * least  # the facets of one word or more, of two or more, and so on
    for _, sign in signs:
        for i in range(least - 1, 0, -1):
            seen[i] |= seen[i - 1] & sign
        seen[0] |= sign
    return seen[-1] != 0


def sign_of(word: str, held: array[int]) -> Signed:
    """The sign of a word that stands in these facets.

    >>> sign_of("harbour", array("i", [0, 2])).sign
    5
    """
    numbers = held.tolist()
    sign = bytearray(min(BITS, max(numbers, default=0) + 8) // 8)
    for number in numbers:
        at = number % BITS
        sign[at >> 3] |= 1 << (at & 7)
    is_short = len(word) < YEAR and word.isdigit()
    return Signed(held, len(numbers), int.from_bytes(sign, "little"), is_short)


def wanted_of(words: Mapping[str, float]) -> float:
    """How much of a text must stand in one facet."""
    short = _TOLD_ALONE if len(words) == 1 else _TOLD_SHORT
    return min(_TOLD, max(short, _HALF * sum(words.values())))
