"""Numbers as people write them when they say how long: in words, in eight languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from amnestic.tools.reading import uncased

__all__ = ["cardinal_of", "next_one", "number_of"]

_LANGUAGES = ("en", "de", "fr", "es", "it", "pl", "nl", "pt")
_MOST, _LAST_DAY = 100, 31
_ONE = "a an another ein eine einen einem einer un une una uno een um uma jeden jedną 一".split()
_CHINESE = {c: i for i, c in enumerate("一二三四五六七八九", 1)} | {"两": 2, "兩": 2}
_CHINESE_ONES = "".join(_CHINESE)
_CHINESE_NUMBER = re.compile(
    rf"(?:(?P<hundreds>[{_CHINESE_ONES}])百)?零?(?:(?P<tens>[{_CHINESE_ONES}])?(?P<ten>十))?(?P<ones>[{_CHINESE_ONES}])?"
)
_FOR_THE_NEXT = re.compile(
    r"\b(?:for|during|over|für|pendant|durante|per|por|voor)\s+(?:the\s+|den\s+|die\s+|das\s+|le\s+|la\s+|el\s+|il\s+|de\s+|het\s+)?"
    r"(?:next|coming|following|nächste[nrs]?|kommende[nrs]?|prochaine?|próxim[oa]|prossim[oa]|komende)\s+$",
    re.IGNORECASE,
)


def number_of(words: str) -> int | None:
    """The number that words tell, cardinal or ordinal; `None` where they tell none.

    >>> number_of("six"), number_of("dreißig"), number_of("a hundred"), number_of("fourth")
    (6, 30, 100, 4)
    """
    return cardinal_of(words) or _ordinals().get(_spaced(words))


def cardinal_of(words: str) -> int | None:
    """The number that words tell, which is no place in a row; `None` where they tell none.

    >>> cardinal_of("four"), cardinal_of("a hundred"), cardinal_of("fourth"), cardinal_of("十二")
    (4, 100, None, 12)
    """
    words = _spaced(words)
    if words in _ONE:
        return 1
    return _chinese(words) or _cardinals().get(words)


def _chinese(words: str) -> int:
    """The number that Chinese words tell as far as some hundreds, 0 where they tell none."""
    found = _CHINESE_NUMBER.fullmatch(words)
    if found is None:
        return 0
    hundreds, tens, ones = (_CHINESE.get(found[n] or "", 0) for n in ("hundreds", "tens", "ones"))
    return hundreds * 100 + (tens or 1) * 10 * bool(found["ten"]) + ones


def next_one(ahead: str) -> int | None:
    """One, for the unit behind "for the next"; "until the next" says no number.

    >>> next_one("for the next "), next_one("until the next ")
    (1, None)
    """
    return 1 if _FOR_THE_NEXT.search(ahead) else None


@cache
def _cardinals() -> Mapping[str, int]:
    told: dict[str, int] = {"a hundred": 100, "hundred": 100, "duas": 2, "dwie": 2}
    return told | _written(_MOST, "cardinal")


@cache
def _ordinals() -> Mapping[str, int]:
    return _written(_LAST_DAY, "ordinal")


def _written(most: int, form: str) -> dict[str, int]:
    from num2words import num2words  # it writes numbers, and cannot read them: written once

    told: dict[str, int] = {}
    for language in _LANGUAGES:
        for n in range(1, most + 1):
            told.setdefault(_spaced(num2words(n, lang=language, to=form)), n)
    return told


def _spaced(words: str) -> str:
    return " ".join(uncased(words).replace("-", " ").split())
