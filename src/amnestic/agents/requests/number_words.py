"""Numbers as people write them when they say how long: in words, in eight languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

__all__ = ["next_one", "number_of"]

_LANGUAGES = ("en", "de", "fr", "es", "it", "pl", "nl", "pt")
_MOST, _LAST_DAY = 100, 31
_ONE = "a an another ein eine einen einem einer un une una uno een um uma jeden jedną 一".split()
_CHINESE = {c: i for i, c in enumerate("二三四五六七八九十", 2)} | {"两": 2}
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
    words = " ".join(words.lower().replace("-", " ").split())
    if words in _ONE:
        return 1
    return _CHINESE.get(words) or _numbers().get(words)


def next_one(ahead: str) -> int | None:
    """One, for the unit behind "for the next"; "until the next" says no number.

    >>> next_one("for the next "), next_one("until the next ")
    (1, None)
    """
    return 1 if _FOR_THE_NEXT.search(ahead) else None


@cache
def _numbers() -> Mapping[str, int]:
    from num2words import num2words  # it writes numbers, and cannot read them: written once

    told: dict[str, int] = {"a hundred": 100, "hundred": 100}
    for language in _LANGUAGES:
        for n in range(1, _MOST + 1):
            told.setdefault(_plain(num2words(n, lang=language)), n)
        for n in range(1, _LAST_DAY + 1):
            told.setdefault(_plain(num2words(n, lang=language, to="ordinal")), n)
    return told


def _plain(words: str) -> str:
    return words.lower().replace("-", " ")
