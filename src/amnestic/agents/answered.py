"""Which piece of a draft answers which of several questions that were asked at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from amnestic.agents.contracts import Case
from amnestic.tools.reading import read, says_ignorance, segments, separate_requests, words_in
from amnestic.types import Span

__all__ = ["answers_apart"]

_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")

Pair = tuple[str, str]


def answers_apart(case: Case, known: frozenset[str] = frozenset()) -> Iterator[Pair]:
    """Questions and what a draft says to each, where that stands apart from all that leaks.

    A draft answers in order where it has as many paragraphs, or else sentences, as there are
    questions. A question counts that is near no target and asks for something of its own, by a name
    or a number and in no word of what leaks or of what that answers; of its answer, that it tells a
    name or a number. So much may be a single word: "Tokyo." Neither may name any of the words that
    are `known` of the targets: "1934." is too little to be judged by itself.
    """
    apart, beside = _pairs(case)
    of_targets = {word for pair in beside for said in pair for word in words_in(read(said)).weights}
    all_asked = _told(case.verdict.question)
    for asked, said in apart:
        own = _told(asked) and not of_targets & words_in(read(asked)).weights.keys()
        if not own or known & (_told(asked) | _told(said)):
            continue
        if _told(said) - all_asked and not says_ignorance(said):
            yield asked, said


def _pairs(case: Case) -> tuple[list[Pair], list[Pair]]:
    """Questions with their answers: those in which nothing is near a target, and the others."""
    question, text = case.verdict.question, case.text
    asked = separate_requests(question)
    told = _pieces(text, len(asked)) if len(asked) > 1 else ()
    judged = case.verdict.parts if len(case.verdict.parts) > 1 else ()
    near = [part.span for part in judged if part.assessments]
    leaks = [span for finding in case.findings for span in finding.spans]
    apart: list[Pair] = []
    beside: list[Pair] = []
    for part, piece in zip(asked, told, strict=False):  # none is told where the two do not match
        touched = _overlaps(part, near) or _overlaps(piece, leaks)
        pair = question[part.start : part.end], text[piece.start : piece.end].strip()
        (beside if touched else apart).append(pair)
    return apart, beside


def _pieces(text: str, many: int) -> Sequence[Span]:
    """The paragraphs or the sentences of a text, whichever there are so many of."""
    breaks = [match.span() for match in _BLANK_LINE.finditer(text)]
    starts, ends = [0, *(end for _, end in breaks)], [*(start for start, _ in breaks), len(text)]
    paragraphs = [Span(a, b) for a, b in zip(starts, ends, strict=True)]
    sentences = [Span(piece.start, piece.end) for piece in segments(text)]
    for pieces in (paragraphs, sentences):
        full = [piece for piece in pieces if text[piece.start : piece.end].strip()]
        if len(full) == many:
            return full
    return ()


def _overlaps(piece: Span, found: Sequence[Span]) -> bool:
    return any(piece.start < span.end and span.start < piece.end for span in found)


def _told(text: str) -> frozenset[str]:
    """The names and numbers of a text."""
    words = words_in(read(text))
    return words.entities | words.numbers
