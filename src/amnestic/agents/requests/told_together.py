"""What the tagger takes for further subjects within the words on one: "Apple, the company founded
by Steve Jobs" asks for nobody but Apple."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from amnestic.agents.requests.descriptions import Description
from amnestic.agents.requests.forms import OTHER_NAME
from amnestic.agents.requests.parts_told import ALL_OF_IT, parts_told
from amnestic.agents.requests.spans_as_told import IDENTIFIES, Wished, spans_as_told, wished_in
from amnestic.tools.tagging import KINDS, Span, Tagged

__all__ = ["told_together"]

_SURE = 1.0
_AHEAD = 40
_SAYS_NOT = re.compile(r"(?:not|nicht|pas|non|niet|no|except|but)\b", re.I)
_NAMES = ("subject", "alias")
_BY = re.compile(r"[\"”»]?\s+(?:[a-zà-ÿ]+\s+){0,2}?(?P<by>by|par|von|door)\s+", re.I)
_AT = re.compile(
    r"[\"”»]?\s+(?P<at>in|at|near|by|off|bei|im|am|à|en|cerca\s+de|presso|te)\s+"
    r"(?:(?:the|der|dem|den|la|le|el|il)\s+)?",
    re.I,
)
_INITIALS_ON = re.compile(r"\.\s?(?:[^\W\d_a-z]\.\s?)*[^\W\d_a-z][\w'’-]+")


def told_together(seen: Tagged) -> Tagged:
    """A tagged text in which no name within the words on another one is asked for, and in which
    those words are told of that one.

    >>> kinds = (1.0,) + (0.0,) * 11
    >>> text = "Forget Osk, the firm run by Tor Hagen."
    >>> osk = Span(7, 10, "subject", 0.9, kinds)
    >>> hagen = Span(28, 37, "subject", 0.9, kinds)
    >>> one = told_together(Tagged(text, (osk, hagen), (1.0, 0.0, 0.0)))
    >>> [(s.label, one.text_of(s)) for s in one.spans]
    [('subject', 'Osk'), ('fact', 'the firm run by Tor Hagen')]
    """
    wished = wished_in(seen.text)
    seen = spans_as_told(seen, wished)
    subjects = seen.labelled("subject")
    told = _owned(seen, subjects, wished)
    if not told:
        return seen
    owner_of = list(range(len(subjects)))
    for description, owner in told:
        for i, span in enumerate(subjects):
            if _is_in(span, description):
                owner_of[i] = owner_of[owner]
    asked = [i for i, owner in enumerate(owner_of) if owner == i]
    place = [asked.index(owner) for owner in owner_of]
    spans = []
    for span in seen.spans:
        within = next((owner for d, owner in told if _gives_way(seen, span, d)), None)
        if within is None:
            spans.append(span if span.of is None else replace(span, of=place[span.of]))
        elif span.label in _NAMES and IDENTIFIES.search(seen.text_of(span)):
            spans.append(replace(span, label="identifier", kinds=(), of=place[within]))
    for description, owner in told:
        words = seen.text[description.start : description.end].rstrip(" .!?–—-")
        if not _SAYS_NOT.match(words):
            end = description.start + len(words)
            spans.append(Span(description.start, end, "fact", _SURE, of=place[owner]))
    return replace(seen, spans=tuple(sorted(spans, key=lambda s: (s.start, -s.end))))


def _owned(
    seen: Tagged, subjects: Sequence[Span], wished: Sequence[Wished]
) -> list[tuple[Description, int]]:
    """The descriptions that hold names, in their order, each with the place of the subject that it
    stands behind."""
    told = []
    for wish in wished:
        for description in sorted(wish.descriptions, key=lambda d: d.start):
            ahead = [
                i
                for i, s in enumerate(subjects)
                if wish.start <= s.start and s.end <= description.start
            ]
            holds = any(_is_in(s, description) for s in seen.labelled(*_NAMES))
            if ahead and holds:
                told.append((description, max(ahead, key=lambda i: subjects[i].end)))
    made = _made_by(seen, subjects, [d for d, _ in told])
    return [*told, *made, *_placed(seen, subjects), *parts_told(seen, subjects)]


def _made_by(
    seen: Tagged, subjects: Sequence[Span], told: Sequence[Description]
) -> Iterator[tuple[Description, int]]:
    """Who made what is named right before: "the Tidewardens series by R. L. Aske"."""
    for i, (made, maker) in enumerate(pairwise(subjects)):
        by = _BY.fullmatch(seen.text, made.end, maker.start)
        if by is not None and not any(_is_in(maker, d) for d in told):
            further = _INITIALS_ON.match(seen.text, maker.end)
            yield Description(by.start("by"), further.end() if further else maker.end), i


def _placed(seen: Tagged, subjects: Sequence[Span]) -> Iterator[tuple[Description, int]]:
    """Where what is named right before is, which the tagger takes for a place of its own: "the
    Lantern in Venn"."""
    place = KINDS.index("place")
    for i, (one, other) in enumerate(pairwise(subjects)):
        at = _AT.fullmatch(seen.text, one.end, other.start)
        is_place = bool(other.kinds) and max(other.kinds) == other.kinds[place]
        if at is not None and is_place and one.certainty > other.certainty:
            yield Description(at.start("at"), other.end), i


def _is_in(span: Span, description: Description) -> bool:
    return description.start <= span.start < description.end


def _gives_way(seen: Tagged, span: Span, description: Description) -> bool:
    """Whether a span is nothing by itself, since it is a part of a description."""
    if not _is_in(span, description):
        return False
    if span.label == "alias":
        ahead = seen.text[max(0, span.start - _AHEAD) : span.start]
        return OTHER_NAME.search(ahead) is None
    held = seen.text[description.start : description.end].rstrip(" .!")
    return span.label in ("subject", "fact") or (
        span.label == "keep" and ALL_OF_IT.search(held) is not None
    )
