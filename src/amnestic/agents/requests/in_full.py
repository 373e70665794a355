"""Somebody named by one name, and in full right behind: "drop dennis, dennis kowalczyk I mean"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from amnestic.tools.tagging import Span, Tagged

__all__ = ["with_names_in_full"]

_NEAR = 60
_ALSO = re.compile(
    r"(?:\b(?:and|or|und|oder|et|ou|y|o|e|en|of|i|lub|plus|also|not|nicht)|[&+\n])\W*$", re.I
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def with_names_in_full(seen: Tagged) -> Tagged:
    """A tagged text in which one name is another name of whoever is named so in full right behind,
    and nobody else's. Names that are joined by "and", or listed, are two.

    >>> text = "drop dennis from it, dennis kowalczyk I mean"
    >>> short, full = Span(5, 11, "subject", 0.9), Span(21, 37, "subject", 0.9)
    >>> seen = with_names_in_full(Tagged(text, (short, full), (1.0, 0.0, 0.0)))
    >>> [(s.label, seen.text_of(s), s.of) for s in seen.spans]
    [('alias', 'dennis', 0), ('subject', 'dennis kowalczyk', None)]
    """
    subjects = seen.labelled("subject")
    same = [i for i, pair in enumerate(pairwise(subjects)) if _is_same(seen, *pair)]
    if not same:
        return seen
    left = [i for i in range(len(subjects)) if i not in same]
    place = [sum(k < i for k in left) for i in range(len(subjects))]  # the full one is the next
    numbers = {id(s): i for i, s in enumerate(subjects)}
    spans = []
    for span in seen.spans:
        if span.label == "subject" and numbers[id(span)] in same:
            spans.append(replace(span, label="alias", of=place[numbers[id(span)]]))
        else:
            spans.append(span if span.of is None else replace(span, of=place[span.of]))
    return replace(seen, spans=tuple(spans))


def _is_same(seen: Tagged, short: Span, full: Span) -> bool:
    """Whether a name is one word, and the next begins or ends with it and has more."""
    one, more = (_WORD.findall(seen.text_of(s).casefold()) for s in (short, full))
    between = seen.text[short.end : full.start]
    if len(one) != 1 or len(more) < 2 or one[0] not in (more[0], more[-1]):
        return False
    if "." in between or "\n" in between:  # a statement on whoever was named
        return False
    return len(between) <= _NEAR and between.strip(" ") != "," and not _ALSO.search(between)
