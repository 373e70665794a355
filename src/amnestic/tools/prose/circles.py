"""Texts that go round in circles, as small models write them where they cannot go on."""

from __future__ import annotations

import re
from collections import Counter

__all__ = ["goes_in_circles"]

_WORD = re.compile(r"\w+")
_RUN = 5  # words that say the same again
_TIMES = 3
_SHARE = 0.5


def goes_in_circles(text: str) -> bool:
    """Whether at least half of a text's words stand in runs of five words that it has at least
    three times. Rows and lists that say different things in one form do not repeat as much.

    >>> goes_in_circles("The answer is:\\n\\n" * 5), goes_in_circles("Rain falls. " * 2)
    (True, False)
    """
    words = _WORD.findall(text.lower())
    runs = [tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)]
    often = {run for run, count in Counter(runs).items() if count >= _TIMES}
    again = {i + k for i, run in enumerate(runs) if run in often for k in range(_RUN)}
    return len(again) > _SHARE * len(words)
