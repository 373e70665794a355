"""Callers' regular expressions, matched and filled at a cost that is bounded.

The `regex` library can break a match off, which `re` cannot: a pattern that runs backwards would
hold the whole process.
"""

from __future__ import annotations

import math
import re
import string
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import regex

__all__ = ["Patterns"]

_MOST_SECONDS = 0.25
_MOST_CHARS = 1_000
_MOST_COUNTED = 100_000  # what a compiled "a{1000}" takes is a thousand letters
_COUNTED = re.compile(r"\{(\d{1,9})")
_SIGNS = "-_./:@ "
_CLASSES = (
    string.ascii_lowercase,
    string.ascii_uppercase,
    string.digits,
    *_SIGNS,
    "".join(sign for sign in string.punctuation if sign not in _SIGNS),
)
"""Of each, the first character that may come next stands for the others."""
_LONGEST = 128
_MOST_OPEN = 16


class _Begun(NamedTuple):
    """A text that may become one of a pattern, and what could come next on the way to it: the first
    text of each way stands for all of them."""

    text: str
    way: tuple[str, ...]


class Patterns:
    """The patterns of one schema, which have some time together.

    >>> Patterns().found("^[A-Z]", "Ada"), Patterns().text_of("^[A-Z]{2}-[0-9]+$", bool)
    (True, 'AA-0')
    """

    def __init__(self) -> None:
        self._left = _MOST_SECONDS

    def found(self, pattern: str, text: str) -> bool:
        """Whether a text has the pattern in it. Raises `ValueError` where that cannot be said: for
        what is no pattern, and where the time is over."""
        return self._timed(_compiled(pattern).search, text) is not None

    def text_of(self, pattern: str, fits: Callable[[str], bool]) -> str:
        """A short text that begins with the pattern and that `fits`. Raises `ValueError` where none
        is found."""
        compiled, begun = _compiled(pattern), [_Begun("", ())]
        for _ in range(_LONGEST):
            kinds: dict[tuple[str, ...], _Begun] = {}
            for head in begun:
                for text in self._grown(compiled, head.text):
                    if self._timed(compiled.search, text) and fits(text):
                        return text
                    grown = _Begun(text, self._way(compiled, head, text))
                    kinds.setdefault(grown.way, grown)
            begun = list(kinds.values())[:_MOST_OPEN]
        raise ValueError("no text of this pattern is found")

    def _way(self, compiled: Any, head: _Begun, text: str) -> tuple[str, ...]:
        following = "".join(grown[-1] for grown in self._grown(compiled, text))
        return head.way if head.way[-1:] == (following,) else (*head.way, following)

    def _grown(self, compiled: Any, head: str) -> Iterator[str]:
        """The texts of one more character that may become one of the pattern."""
        for letters in _CLASSES:
            may = (head + c for c in letters if self._may_become(compiled, head + c))
            yield from (text for text in (next(may, None),) if text is not None)

    def _may_become(self, compiled: Any, text: str) -> bool:
        return self._timed(compiled.match, text, partial=True) is not None

    def _timed(self, match: Callable[..., Any], text: str, **how: Any) -> Any:
        began = time.monotonic()
        try:
            return match(text, timeout=max(self._left, 1e-6), **how)
        except TimeoutError:
            raise ValueError("a pattern that takes too long") from None
        finally:
            self._left -= time.monotonic() - began


def _compiled(pattern: str) -> Any:
    counted = math.prod(max(1, int(count)) for count in _COUNTED.findall(pattern))
    if len(pattern) > _MOST_CHARS or counted > _MOST_COUNTED:
        raise ValueError("a pattern that takes too much")
    try:
        return regex.compile(pattern)
    except (regex.error, RecursionError, OverflowError):
        raise ValueError("no pattern at all") from None
