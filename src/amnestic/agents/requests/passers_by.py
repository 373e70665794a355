"""What the tagger takes for another name of a subject, and is somebody or something that is only
named in passing: "Osk (formerly of the Venn Clinic)", "the film Pearl (dir. Ana Morel)"."""

from __future__ import annotations

import re
from dataclasses import replace

from amnestic.agents.requests.further_asked import is_joined
from amnestic.agents.requests.spans_as_told import IDENTIFIES
from amnestic.tools.tagging import KINDS, Span, Tagged

__all__ = ["without_passers_by"]

_CERTAIN_KIND = 0.9
_HALF = 0.5
_UNLIKE = frozenset(("person", "work"))  # who makes something is not called like it
_ASIDE_AHEAD = re.compile(  # a preposition or what somebody did, and no word that says a name
    r"(?:^|[\s(,;])(?<!name )(?<!names )(?<!nom )(?<!nombre )(?<!nome )(?<!namen )"
    r"(?:of|at|from|in|for|with|dir\.|ed\.|feat\.|ft\.|von|vom|bei|aus|für|mit|chez|avec|para|con|da|dal)"
    r"\s+(?:(?:the|der|dem|den|die|das|la|le|les|el|los|las|il|lo)\s+)?[\"“„«]?$",
    re.I,
)
_OF_THEIRS = re.compile(  # what is called so is somebody's: "whose teachings, known as …"
    r"\b(?:whose|his|her|its|their)\s+(?:[\w-]+\s+){0,3}[\w-]+,?\s+(?:(?:is|are|was|were|also|better)\s+)*"
    r"(?:known|called|titled|named)\s+(?:as\s+)?[\"“„]?$",
    re.I,
)
_CLAUSE = re.compile(r"[(,;:.\n–—][^(,;:\n–—]*$")
_SURE = 1.0


def without_passers_by(seen: Tagged) -> Tagged:
    """A tagged text in which what is only named in passing is told of the subject.

    >>> kinds = (1.0,) + (0.0,) * 11
    >>> text = "Forget Ana Morel (formerly of the Venn Clinic)."
    >>> ana = Span(7, 16, "subject", 0.9, kinds)
    >>> clinic = Span(34, 45, "alias", 0.9, kinds, of=0)
    >>> told = without_passers_by(Tagged(text, (ana, clinic), (1.0, 0.0, 0.0)))
    >>> [(s.label, told.text_of(s)) for s in told.spans]
    [('subject', 'Ana Morel'), ('fact', 'formerly of the Venn Clinic')]
    """
    subjects = seen.labelled("subject")
    passing = [s for s in seen.labelled("alias") if _is_in_passing(seen, s, subjects)]
    if not passing:
        return seen
    told = [_told(seen, s) for s in passing]
    spans = [
        s
        for s in seen.spans
        if s not in passing
        and not (s.label == "fact" and any(t.start <= s.start and s.end <= t.end for t in told))
    ]
    return replace(seen, spans=tuple(sorted([*spans, *told], key=lambda s: (s.start, -s.end))))


def _is_in_passing(seen: Tagged, span: Span, subjects: tuple[Span, ...]) -> bool:
    if span.of is None or span.of >= len(subjects) or IDENTIFIES.search(seen.text_of(span)):
        return False
    owner = subjects[span.of]
    if owner.end > span.start:
        return False
    between = seen.text[owner.end : span.start]
    if span.certainty < _HALF and is_joined(seen.text, owner.end, span.start):
        return False  # "the podcast Pearl and its host Ana Morel"
    return (
        _OF_THEIRS.search(between) is not None
        or _is_unlike(owner, span)
        or _ASIDE_AHEAD.search(seen.text[owner.end : span.start]) is not None
    )


def _is_unlike(one: Span, other: Span) -> bool:
    """Whether two names are surely of two kinds that share none."""
    kinds = {_kind(one), _kind(other)}
    return None not in kinds and len(kinds) > 1 and kinds == _UNLIKE


def _kind(span: Span) -> str | None:
    if not span.kinds or max(span.kinds) < _CERTAIN_KIND:
        return None
    return KINDS[span.kinds.index(max(span.kinds))]


def _told(seen: Tagged, span: Span) -> Span:
    """The words on a subject that end with the name."""
    clause = _CLAUSE.search(seen.text[: span.start])
    start = clause.start() + 1 if clause else span.start
    start = max(
        start, *(s.end for s in seen.labelled("subject", "identifier") if s.end <= span.start)
    )
    start += len(seen.text[start : span.start]) - len(
        seen.text[start : span.start].lstrip(" \n,;:")
    )
    return Span(start, span.end, "fact", _SURE, of=span.of)
