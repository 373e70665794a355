"""Who only signs a request: the tagger may take them for somebody to forget."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from amnestic.agents.requests.letters import Letter
from amnestic.agents.requests.readings import RequestReading
from amnestic.tools.tagging import Span, Tagged

__all__ = ["with_whoever_may_sign", "without_signature"]

_BESIDE = "whether {!r} shall be forgotten as well"
_LINE = re.compile(r"[^\n]*")
_CLOSING = re.compile(r"\s*(?:\w+\s+){0,3}\w+\s*[,!.]\s*")
_ONESELF = re.compile(
    r"\b(?:me|myself|us|ourselves|mich|mir|uns|moi|nous|m['’]|mí|conmigo|nosotros|nosotras|noi|mij|ons|"
    r"my\s+(?:own\s+)?(?:data|details|information|name|file|account|record)s?)\b|"
    r"dimenticami|olv[ií]d[ae]me|oubliez?-moi",
    re.I,
)


def without_signature(seen: Tagged, letter: Letter) -> Tagged:
    """A tagged text without the names and numbers of a signature, where all that is asked stands
    before it, and is not asked for whoever signs.

    Args:
        seen: the text with what each of its words is to the request.
        letter: it, with how long its signature is.
    """
    end = len(letter.whole) - letter.signature
    wishes = seen.labelled("wish")
    subjects = seen.labelled("subject")
    is_before = bool(wishes) and all(s.end <= end for s in wishes)
    if not is_before or not any(s.end <= end for s in subjects):
        return seen
    signed = [i for i, s in enumerate(subjects) if s.start >= end and _signs(seen, s)]
    if not signed or _ONESELF.search(letter.whole[:end]):
        return seen
    place = {i: at for at, i in enumerate(i for i in range(len(subjects)) if i not in signed)}
    left = [
        s
        for s in seen.spans
        if (s.of is None or s.of in place) and not _is_one_of(s, subjects, signed)
    ]
    spans = (s if s.of is None else replace(s, of=place[s.of]) for s in left)
    return replace(seen, spans=tuple(spans))


def with_whoever_may_sign(reading: RequestReading, name: str) -> RequestReading:
    """A reading that asks about a name below the request which no closing word opens.

    >>> with_whoever_may_sign(RequestReading(()), "Tor Hagen").unread
    ("whether 'Tor Hagen' shall be forgotten as well",)
    """
    if not name:
        return reading
    said = dict.fromkeys((*reading.unread, _BESIDE.format(name)))
    return replace(reading, unread=tuple(said))


def _is_one_of(span: Span, subjects: Sequence[Span], places: Sequence[int]) -> bool:
    return any(span is subjects[i] for i in places)


def _signs(seen: Tagged, span: Span) -> bool:
    """Whether a name fills its lines, but for a closing ahead of it: "Regards, Tor Hagen"."""
    begin = seen.text.rfind("\n", 0, span.start) + 1
    ahead, behind = seen.text[begin : span.start], _LINE.match(seen.text, span.end)
    is_closing = not ahead.strip() or _CLOSING.fullmatch(ahead) is not None
    return is_closing and behind is not None and not re.search(r"\w", behind.group())
