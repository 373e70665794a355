"""Wishes that somebody shall not be forgotten: "don't delete her", "nicht löschen"."""

from __future__ import annotations

import re

from amnestic.tools.tagging import Span, Tagged

__all__ = ["is_negated"]

_NOT = (
    r"(?:do\s+not|don['’]?t|never|not\s+to|must\s+not(?:\s+be)?|should\s+not(?:\s+be)?|nicht|no|non|ne|"
    r"nie|não|niet|不要|别|请勿)"
)
_GONE = (
    r"(?:delet|remov|eras|wip|drop|purg|forget(?!\s+to\b)|forgotten|lösch|vergess|vergiss|entfern|"
    r"supprim|oubli|effac|borr|elimin|olvid|cancell|dimentic|usuw|usun|zapom|verwijder|wiss|apag|"
    r"esque|删|忘)"
)
_NEGATED = re.compile(
    rf"\b{_NOT}\s*(?:please\s+|to\s+|bitte\s+|pas\s+)?{_GONE}\w*[^.!?\n]{{0,40}}$", re.I
)
_SPARED = re.compile(
    r"(?:keep|spare|retain|preserve|behalte?n?|garde[rz]?|laisse[rz]?|mantén|deja|conserva|lascia|"
    r"behoud|laat)\s+(?=[^\W\d_a-zß-ÿ]\w)"
)


def is_negated(seen: Tagged, subject: Span) -> bool:
    """Whether what stands before a subject asks that it is not forgotten.

    >>> from amnestic.tools.tagging import Span
    >>> text = "Don't delete Mirela Osk."
    >>> is_negated(Tagged(text, (), (1.0, 0.0, 0.0)), Span(13, 23, "subject", 1.0))
    True
    """
    if _SPARED.match(seen.text_of(subject)):
        return True  # "spare Tor Hagen", of which the tagger may know the name alone
    return _NEGATED.search(seen.text[max(0, subject.start - 70) : subject.start]) is not None
