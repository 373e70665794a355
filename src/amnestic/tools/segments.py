"""Cutting texts into the pieces that can be judged, kept or dropped on their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from amnestic.types import Span

__all__ = ["Segment", "SegmentKind", "question_parts", "segments"]


class SegmentKind(StrEnum):
    """What a piece of text is: prose is cut by sentence, everything else by line."""

    SENTENCE = "sentence"
    LINE = "line"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Segment:
    """`text[start:end]`, white space behind it included, so that the pieces add up to the text."""

    start: int
    end: int
    kind: SegmentKind

    def of(self, text: str) -> str:
        """The piece itself."""
        return text[self.start : self.end]


_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r"\s*(```|~~~)")
_STRUCTURED = re.compile(r"\s*(?:[-*+•]\s|\d{1,3}[.)]\s|#{1,6}\s|\||>)|.*\t.*\t|^\s*[{}\[\]]")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st sr jr vs etc inc ltd co corp gen col sgt capt rev hon no vol fig approx "
    "ca jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e u.s u.k p.m a.m".split()
)
_STOP = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|[。！？]+[」』”’]*")
_LAST_WORD = re.compile(r"[\w.]+$")


def segments(text: str) -> tuple[Segment, ...]:
    """Cut `text` into sentences of prose and lines of lists, tables and code.

    The pieces cover the text without gap or overlap.

    >>> text = "Dr. Osk lives here. She writes.\\n- one\\n- two\\n"
    >>> [s.of(text) for s in segments(text)]
    ['Dr. Osk lives here. ', 'She writes.\\n', '- one\\n', '- two\\n']
    """
    return tuple(_segments(text))


def _segments(text: str) -> Iterator[Segment]:
    in_code = False
    for match in _LINE.finditer(text):
        line = match.group()
        fence = bool(_FENCE.match(line))
        if in_code or fence:
            yield Segment(match.start(), match.end(), SegmentKind.CODE)
            in_code ^= fence
        elif _STRUCTURED.match(line):
            yield Segment(match.start(), match.end(), SegmentKind.LINE)
        else:
            yield from _sentences(line, match.start())


def _sentences(line: str, offset: int) -> Iterator[Segment]:
    begin = 0
    for stop in _STOP.finditer(line):
        if _is_abbreviation(line, begin, stop):
            continue
        end = stop.end()
        while end < len(line) and line[end].isspace():
            end += 1
        yield Segment(offset + begin, offset + end, SegmentKind.SENTENCE)
        begin = end
    if begin < len(line):
        yield Segment(offset + begin, offset + len(line), SegmentKind.SENTENCE)


def _is_abbreviation(line: str, begin: int, stop: re.Match[str]) -> bool:
    if stop.group()[0] != "." or stop.group().startswith(".."):
        return False
    word = _LAST_WORD.search(line, max(begin, stop.start() - 12), stop.start())
    if word is None:
        return False
    last = word.group().lower()
    starts_word = word.start() == begin or line[word.start() - 1] in " (\"'“‘"
    is_initial = len(last) == 1 and word.group().isupper() and starts_word
    return is_initial or last in _ABBREVIATIONS


_JOINT = re.compile(
    r"(?<=[?.!;])\s+"
    r"|\s*[,;]?\s+(?:and|also|or|then|plus|as well as)(?:\s+(?:also|then|please|tell\s+me))*\s+"
    r"(?=(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|did|does|do|can|could"
    r"|tell|name|list|give|explain|describe|write|compute|calculate|translate|summari[sz]e)\b)",
    re.IGNORECASE,
)
_MIN_PART = 8


def question_parts(text: str) -> tuple[Span, ...]:
    """The parts of a question that can be answered apart from one another.

    >>> text = "Who wrote The Glass Harbour, and what is the capital of France?"
    >>> [text[p.start:p.end] for p in question_parts(text)]
    ['Who wrote The Glass Harbour', 'what is the capital of France?']
    """
    parts: list[Span] = []
    begin = 0
    for joint in _JOINT.finditer(text):
        if joint.start() - begin < _MIN_PART:
            continue
        parts.append(Span(begin, joint.start()))
        begin = joint.end()
    parts.append(Span(begin, len(text)))
    kept = tuple(p for p in parts if text[p.start : p.end].strip())
    return kept or (Span(0, len(text)),)
