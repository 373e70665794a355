"""Requests that put somebody else beside a target: "compare X and Y", "X or Y"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from amnestic.types import Span

__all__ = ["others_beside", "tells_of_other"]

_NAME = r"[^\W\d_a-zß-ÿ][\w'’-]+(?:\s+[^\W\d_a-zß-ÿ][\w'’-]+)+"
_JOINT = r"(?:,|&|and|or|vs\.?|versus|with|to|than|et|y|e|und|mit|con|avec|o|ou|oder)"
_AFTER = re.compile(rf"(?:['’]s)?\s*{_JOINT}\s+(?P<name>{_NAME})")
_BEFORE = re.compile(rf"(?P<name>{_NAME})(?:['’]s)?\s*{_JOINT}\s+$")
_RELATES = re.compile(
    r"\b(?:than|both|neither|either|same|too|also|likewise|whereas|while|unlike|like|other|another"
    r"|each|together|more|less|most|least|better|worse|elder|first|former|latter"
    r"|(?:is|was|are|were|lived|came|died)\s+(?:the\s+)?\w{2,}er)\b",
    re.IGNORECASE,
)
_LEAST_WORDS = 3


def others_beside(text: str, names: Iterable[Span]) -> tuple[str, ...]:
    """The full names that a text joins to a target's name, whose places are `names`.

    >>> others_beside("Compare Mirela Osk and Tarn Veldt.", [Span(8, 18)])
    ('Tarn Veldt',)
    >>> others_beside("What is Glass Harbour by Mirela Osk about?", [Span(25, 35)])
    ()
    """
    found = []
    for name in names:
        after, before = _AFTER.match(text, name.end), _BEFORE.search(text, 0, name.start)
        found += [match["name"] for match in (before, after) if match]
    return tuple(dict.fromkeys(found))


def tells_of_other(text: str, others: Iterable[str]) -> bool:
    """Whether a text tells of one of `others` by itself, and not how they stand to anybody.

    >>> tells_of_other("Tarn Veldt is a baker from Tavel.", ["Tarn Veldt"])
    True
    >>> tells_of_other("Tarn Veldt is older.", ["Tarn Veldt"])
    False
    """
    for other in others:
        rest = text.replace(other, " ", 1)
        if rest != text and len(rest.split()) >= _LEAST_WORDS and not _RELATES.search(rest):
            return True
    return False
