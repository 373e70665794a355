"""Pieces that look like what stays, or like further targets, and belong to what is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from amnestic.agents.requests.joining import letters
from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.readings import RequestReading, whether_stays
from amnestic.exceptions import NeedsClarificationError
from amnestic.tools.tagging import Span, Tagged

__all__ = ["is_aspect", "is_meant", "refuse_its_own_to_stay", "without_torn"]

_I = re.IGNORECASE
_SENTENCE = re.compile(r"[.!?\n](?=\s|$)")
_ALL_OF_IT = re.compile(
    r"\b(?:everything|all|all\s+of\s+it|the\s+lot|alles|tout|todo|tutto|tudo)\s*:[^.!?]*$", _I
)
_BUT_NOT = re.compile(
    r"\b(?:but|aber|mais|pero|ma|mas|maar)\s+(?:not|nicht|pas|no|non|não|niet)\b[^.!?;]*$", _I
)
_COLON = re.compile(r"\s*:\s+")
_IT_IS = re.compile(r"(?:^|\s)(?:s?he|they|er|elles?|ils?|él|ella|hij|zij)$", _I)
_BOTH = "the request wants the same thing forgotten and not forgotten; say which of the two"
_A_NAME = 2


def is_meant(seen: Tagged, span: Span) -> bool:
    """Whether a piece that was taken for what stays is said to go: it ends or begins within a name
    that is meant, is listed behind "all:", or taken back where something else stays.

    >>> text = "The band may stay, but not that record or its songs."
    >>> spans = (Span(0, 8, "keep", 0.9), Span(27, 38, "keep", 0.9), Span(42, 51, "keep", 0.9))
    >>> [is_meant(Tagged(text, spans, (1.0, 0.0, 0.0)), span) for span in spans]
    [False, True, True]
    """
    if span.label == "keep" and any(_tears(span, name) for name in seen.labelled("subject")):
        return True
    begin = max((m.end() for m in _SENTENCE.finditer(seen.text, 0, span.start)), default=0)
    lead = seen.text[begin : span.start]
    if _ALL_OF_IT.search(lead):
        return True
    taken_back = _BUT_NOT.search(lead)
    if taken_back is None:
        return False
    end = begin + taken_back.start()
    return any(begin <= s.start and s.end <= end for s in seen.labelled("keep"))


def _tears(span: Span, name: Span) -> bool:
    """Whether a piece and a name have words in common, and each has others."""
    return (
        span.start < name.start < span.end < name.end
        or name.start < span.start < name.end < span.end
    )


def _is_part(span: Span, name: Span) -> bool:
    """Whether a piece is a part of a name, and not all of it."""
    within = name.start <= span.start and span.end <= name.end
    return within and (span.start, span.end) != (name.start, name.end)


def without_torn(reading: RequestReading, text: str) -> RequestReading:
    """A reading without exceptions that end or begin within a name which is asked for: "its sequel
    Tenth" of "its sequel Tenth Door"; that they do not stay is said."""
    names = [
        Span(m.start(), m.end(), "subject", 1.0)
        for target in reading.targets
        for m in re.finditer(re.escape(target.subject), text)
    ]
    kept = {k for target in reading.targets for k in target.exceptions}
    places = {
        k: [Span(m.start(), m.end(), "keep", 1.0) for m in re.finditer(re.escape(k), text)]
        for k in kept
    }
    torn = [
        k
        for k, spans in places.items()
        if any(_tears(spans[0], name) for name in names if spans)
        or (spans and all(any(_is_part(span, name) for name in names) for span in spans))
    ]
    if not torn:
        return reading
    targets = (
        replace(t, exceptions=tuple(k for k in t.exceptions if k not in torn))
        for t in reading.targets
    )
    said = tuple(map(whether_stays, sorted(torn)))
    return replace(reading, targets=tuple(targets), unread=(*reading.unread, *said))


def refuse_its_own_to_stay(reading: RequestReading, text: str, outcome: str) -> None:
    """Raise `NeedsClarificationError` where the only one that is named shall go, and stay: "forget
    Osk; on reflection she may stay".

    Args:
        reading: what would be stored.
        text: the request.
        outcome: what the tagger would do with it.

    >>> from amnestic.agents.requests.readings import Interpretation
    >>> from amnestic.types import TargetKind
    >>> osk = Interpretation("Osk", TargetKind.PERSON, exceptions=("on reflection she",))
    >>> refuse_its_own_to_stay(RequestReading((osk,)), "Forget Osk. Tor Hagen may stay.", "ok")
    """
    if len(reading.targets) != 1:
        return
    (target,) = reading.targets
    own = letters(" ".join((target.subject, *target.aliases)))
    others = (m for m in mentions_in(text) if m.score >= _A_NAME and letters(m.name) not in own)
    by_pronoun = any(map(_IT_IS.search, target.exceptions)) and not any(others)
    told_of = target.description.startswith(target.subject)
    doubted = whether_stays(target.subject) in reading.unread
    by_name = " " in target.subject and doubted and not told_of
    if by_pronoun or (by_name and outcome == "ask"):
        raise NeedsClarificationError(_BOTH)


def is_aspect(seen: Tagged, before: Sequence[Span], span: Span) -> bool:
    """Whether a piece in small letters stands in a list behind the colon of a name: what of it is
    meant, "the game Orlo: rules, hands".

    >>> text = "Forget the game Orlo: rules, hands."
    >>> subjects = (Span(16, 20, "subject", 0.9), Span(22, 27, "subject", 0.9))
    >>> is_aspect(Tagged(text, subjects, (1.0, 0.0, 0.0)), subjects[:1], subjects[1])
    True
    """
    if not seen.text_of(span).islower():
        return False
    for name in before:
        colon = _COLON.match(seen.text, name.end)
        if colon and colon.end() <= span.start:
            return not _SENTENCE.search(seen.text, colon.end(), span.start)
    return False
