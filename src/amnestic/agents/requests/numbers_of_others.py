"""Addresses and numbers of somebody who stays: they are none of what is to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.once import segments
from amnestic.tools.tagging import Span, Tagged

__all__ = ["numbers_of_others"]


_STAYS = 0.75  # how sure it is that somebody stays


def numbers_of_others(seen: Tagged, subjects: Sequence[Span]) -> tuple[Span, ...]:
    """The identifiers in a sentence that names somebody who stays, and nobody who is meant.

    >>> text = "Forget Ana Morel. Tor Hagen (t@tavel.org) stays."
    >>> ana = Span(7, 16, "subject", 0.9, (1.0,))
    >>> tor, mail = Span(18, 27, "keep", 0.9, ()), Span(29, 40, "identifier", 0.9, (), 0)
    >>> found = numbers_of_others(Tagged(text, (ana, tor, mail), (1.0, 0.0, 0.0)), [ana])
    >>> [text[s.start : s.end] for s in found]
    ['t@tavel.org']
    """
    found: list[Span] = []
    keeps = [s for s in seen.labelled("keep") if s.certainty >= _STAYS]
    for piece in segments(seen.text) if keeps else ():
        named = [s for s in _within(keeps, piece.start, piece.end) if mentions_in(seen.text_of(s))]
        if named and not _within(subjects, piece.start, piece.end):
            found += _within(seen.labelled("identifier"), piece.start, piece.end)
    return tuple(found)


def _within(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    return [s for s in spans if s.start < end and start < s.end]
