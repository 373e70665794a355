"""Counts in sentences behind lists that lost some of their items."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.tools.prose.counted import recounted
from amnestic.tools.prose.some_of import means_all

__all__ = ["LISTS", "recounted_by", "with_counts"]

LISTS = 4
"""Lists back to which a count may point."""

_THESE = re.compile(  # before a number: that of the list before
    r"\b(?:these|those|all|dieser?|diesen|aller?|allen|ces|estos|estas|questi|queste|deze)\s+\w*$",
    re.IGNORECASE,
)


def recounted_by(sentence: str, counted: Sequence[tuple[int, int]]) -> str:
    """A sentence that says of how many a list was, as it is true now; nothing where that cannot be
    said. `counted` are how many items each list had and has.

    >>> recounted_by("These four are shut.", [(4, 3)]), recounted_by("The rest is open.", [(4, 3)])
    ('These three are shut.', '')
    """
    for before, left in reversed(counted[-LISTS:]):
        new = recounted(sentence, before, left)
        if left > 1 and new != sentence:
            return new
    return ""


def with_counts(sentence: str, counted: Sequence[tuple[int, int]]) -> str:
    """A sentence that says "of these four" or "of the four" as it is true now.

    >>> with_counts("I like all of these four.", [(4, 3)]), with_counts("It has four.", [(4, 3)])
    ('I like all of these three.', 'It has four.')
    """
    for before, left in reversed(counted[-LISTS:]):
        new = recounted(sentence, before, left) if left > 1 else sentence
        at = next((i for i, (a, b) in enumerate(zip(sentence, new, strict=False)) if a != b), 0)
        known = _THESE.search(sentence[: at + 1]) or means_all(sentence, before)
        if new != sentence and known:
            return new
    return sentence
