"""Numbers as they are written in words, in the languages whose sentences are cut here.

num2words writes them, in some fifty languages; it cannot read, so the small numbers are written
once and looked up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

__all__ = ["cardinal", "number_in", "ordinal_in"]

_MOST = 30
_ENDING = re.compile(r"(?:ières?|iers?|ère|er|en|em|es|as|os|e|a|o|i)$")


def cardinal(number: int, language: str) -> str:
    """A small number in words; in digits where there is no word for it here.

    >>> cardinal(5, "en"), cardinal(5, "de"), cardinal(500, "en")
    ('five', 'fünf', '500')
    """
    return next((w for w, n in _cardinals(language).items() if n == number), str(number))


def number_in(word: str, language: str) -> int | None:
    """The number that a word or digits tell; `None` where they tell none.

    >>> number_in("Drei", "de"), number_in("3", "en"), number_in("tree", "en")
    (3, 3, None)
    """
    return int(word) if word.isdecimal() else _cardinals(language).get(word.lower())


def ordinal_in(word: str, language: str) -> int | None:
    """The place in a row that a word tells, whatever its gender and case.

    >>> ordinal_in("first", "en"), ordinal_in("Dritter", "de"), ordinal_in("seconda", "it")
    (1, 3, 2)
    >>> ordinal_in("primer", "es")
    1
    """
    known, said = _ordinals(language), word.lower()
    return known.get(_ENDING.sub("", said), known.get(said))


@cache
def _cardinals(language: str) -> Mapping[str, int]:
    from num2words import num2words  # it brings fifty languages along, and few texts count

    return {num2words(n, lang=language): n for n in range(2, _MOST)}


@cache
def _ordinals(language: str) -> Mapping[str, int]:
    from num2words import num2words

    told = {num2words(n, lang=language, to="ordinal"): n for n in range(1, 13)}
    second = {"fr": "second"}.get(language)
    if second:
        told[second] = 2
    return {_ENDING.sub("", word): n for word, n in told.items()}
