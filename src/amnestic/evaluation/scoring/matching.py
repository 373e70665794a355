"""Whether a string stands in a text, however it is written: the match that leaks are counted by.

Nothing of the layer's own reading is used here, since that is what is put to the test.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from amnestic.evaluation.scoring.numerals import with_numerals

__all__ = ["plain_words", "stands", "stands_any"]

_NOT_DECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_SINGLE = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_SINGLE}]|[^\W_{_SINGLE}]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ]s\b")
_IN_WORD = re.compile(r"(?<=\w)['’ʼ](?=\w)")
_GROUPED = re.compile(r"(?<=\d)[,'’ ](?=\d{3}(?!\d))")
_ARTICLES = ("the", "a", "an")


@lru_cache(maxsize=65_536)
def plain_words(text: str) -> tuple[str, ...]:
    """The words of a text in one form: small letters without accents, numbers in digits, neither
    punctuation nor marks nor what cannot be seen. In scripts that set no blanks each character is a
    word.

    >>> plain_words("O’Brien’s Café, founded in nineteen twenty-nine")
    ('obrien', 'cafe', 'founded', 'in', '1929')
    >>> plain_words("She sold 12,500 **copies**.")
    ('she', 'sold', '12500', 'copies')
    """
    decomposed = unicodedata.normalize("NFKD", text)
    seen = "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf"))
    folded = seen.casefold().translate(_NOT_DECOMPOSED)
    bare = _GROUPED.sub("", _IN_WORD.sub("", _POSSESSIVE.sub("", folded)))
    return with_numerals(tuple(_WORD.findall(bare)))


def stands(text: str, value: str) -> bool:
    """Whether a value stands in a text as words of their own; an article before a value of several
    words may be missing.

    >>> stands("It was the *Glass-Harbour*, I think.", "The Glass Harbour")
    True
    >>> stands("A display.", "play"), stands("It took three years.", "3 years")
    (False, True)
    """
    words = _wanted(value)
    if not words:
        return bool(value.strip()) and value.strip().casefold() in text.casefold()
    return f" {' '.join(words)} " in _padded(text)


def stands_any(text: str, values: tuple[str, ...]) -> bool:
    """Whether one of the values stands in a text."""
    return any(stands(text, value) for value in values)


@lru_cache(maxsize=65_536)
def _padded(text: str) -> str:
    return f" {' '.join(plain_words(text))} "


@lru_cache(maxsize=65_536)
def _wanted(value: str) -> tuple[str, ...]:
    words = plain_words(value)
    return words[1:] if len(words) > 2 and words[0] in _ARTICLES else words
