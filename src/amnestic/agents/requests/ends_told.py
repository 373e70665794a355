"""Until when something is asked for, where the tagger has no such words: "nothing through Q1".

`lasting` finds how long; here it is a day, and words for it are taken only where one is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from amnestic.agents.requests.dates_told import date_told
from amnestic.agents.requests.forms import QUOTED
from amnestic.agents.requests.lasting import is_told
from amnestic.agents.requests.once import segments
from amnestic.agents.requests.wishes import wish_in
from amnestic.exceptions import ForgetRequestError
from amnestic.tools.tagging import Span, Tagged

__all__ = ["with_ends"]

_TILL = re.compile(
    r"(?<![\w'’-])(?:un|'|’)?(?:till?|through|bis|jusqu['’](?:à|au|en)|hasta|fino\s+(?:a|al|alla|alle)|tot|até|do)(?=\s)(?!\s+now\b)",
    re.IGNORECASE,
)
_PHRASE = re.compile(r"(?:[^,;:!?\n()]|\.(?=\S|\s\d))*")
_WORDS = 8
_CERTAIN = 1.0
_TAKEN = ("keep", "reason", "identifier")


def with_ends(seen: Tagged, now: datetime) -> Tagged:
    """A tagged text without words that say until when, with those that its wish has after all.

    >>> text, now = "Nothing on Osk through Q1.", datetime(2026, 11, 28)
    >>> spans = (Span(0, 10, "wish", 0.9), Span(11, 14, "subject", 0.9))
    >>> seen = with_ends(Tagged(text, spans, (1.0, 0.0, 0.0)), now)
    >>> [seen.text_of(s) for s in seen.labelled("until")]
    ['through Q1']
    """
    if seen.labelled("until"):
        return seen
    ends = list(_ends(seen, now))
    if not ends or not seen.labelled("subject"):
        return seen
    spans = [cut for span in seen.spans if (cut := _cut(seen.text, span, ends)) is not None]
    if sum(s.label == "subject" for s in spans) != len(seen.labelled("subject")):
        return seen  # a subject that is nothing but an end
    return replace(seen, spans=tuple(sorted((*spans, *ends), key=lambda s: (s.start, -s.end))))


def _ends(seen: Tagged, now: datetime) -> Iterator[Span]:
    bare = QUOTED.sub(lambda m: "x" * len(m.group()), seen.text)
    taken = seen.labelled(*_TAKEN)
    for piece in segments(seen.text):
        asked = any(piece.start <= s.start < piece.end for s in seen.labelled("wish"))
        if not asked and wish_in(piece.of(seen.text).strip()) is None:
            continue
        for till in _TILL.finditer(bare, piece.start, piece.end):
            end = _end_of_words(bare, till.start(), till.end(), now)
            if not end or is_told(bare, till.start(), end):
                continue
            if not any(s.start < end and till.start() < s.end for s in taken):
                yield Span(till.start(), end, "until", _CERTAIN)


def _end_of_words(text: str, start: int, after: int, now: datetime) -> int:
    """Where the words end that say a day; 0 where they say none."""
    phrase = _PHRASE.match(text, after)
    words = list(re.finditer(r"\S+", phrase[0]))[:_WORDS] if phrase else []
    ends = [after + word.start() + len(word[0].rstrip(".")) for word in words]
    if not ends or (whole := _day(text[start : ends[-1]], now)) is None:
        return 0
    return next(end for end in ends if _day(text[start:end], now) == whole)


def _day(words: str, now: datetime) -> datetime | None:
    try:
        return date_told(words, now)
    except ForgetRequestError:
        return None


def _cut(text: str, span: Span, ends: list[Span]) -> Span | None:
    """A piece as far as the words that say until when; `None` where it is only of them. A wish may
    go on around them."""
    for end in ends:
        if span.label != "wish" and span.start < end.end and end.start < span.end:
            stop = span.start + len(text[span.start : max(span.start, end.start)].rstrip(" ,;("))
            return None if stop <= span.start else replace(span, end=stop)
    return span
