"""Cutting a text into the windows that are judged one by one.

A long frame round a short question dilutes its vector, so that sentences are judged by
themselves beside the whole; a long reply is judged sentence by sentence, so that one leaking
sentence cannot hide among others, and can be cut out alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.tools.reading.decode import Reading
from amnestic.tools.reading.segments import segments
from amnestic.tools.reading.sentences import line_language, sentence_ends
from amnestic.types import Span

__all__ = [
    "MAX_WINDOWS",
    "SHORT",
    "WHOLE_CHARS",
    "WINDOW_CHARS",
    "answer_spans",
    "answer_windows",
    "question_spans",
    "question_windows",
    "sentences_of",
]

WHOLE_CHARS = 320
MAX_WINDOWS = 400
WINDOW_CHARS = 600
"""Characters over which a sentence is cut."""
SHORT = 16
"""Characters under which it joins the one before."""
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")


def question_windows(reading: Reading) -> list[Span]:
    """Ranges of the decoded text to judge: the whole, and its sentences when it is long, or its
    paragraphs when it is short."""
    return question_spans(reading.text)


def question_spans(text: str) -> list[Span]:
    """The same of a text that is decoded.

    >>> [(s.start, s.end) for s in question_spans("Who was it that went? " * 20)][:2]
    [(0, 440), (0, 22)]
    """
    whole = [Span(0, min(len(text), 4 * WINDOW_CHARS))]
    if len(text) > WHOLE_CHARS:
        return whole + _sentences(text)
    paragraphs = _paragraphs(text)
    return whole + paragraphs if len(paragraphs) > 1 else whole


def _paragraphs(text: str) -> list[Span]:
    """What stands between blank lines."""
    ends = [m.span() for m in _BLANK_LINE.finditer(text)]
    starts, stops = [0, *(end for _, end in ends)], [*(start for start, _ in ends), len(text)]
    found = [Span(a, b) for a, b in zip(starts, stops, strict=True) if text[a:b].strip()]
    return _joined(found)


def answer_windows(reading: Reading) -> list[Span]:
    """Ranges of the decoded text to judge: its sentences, or the whole when it is short."""
    return answer_spans(reading.text)


def answer_spans(text: str) -> list[Span]:
    """The same of a text that is decoded.

    >>> [(s.start, s.end) for s in answer_spans("It rained in Tarn all day. Nobody went out then.")]
    [(0, 27), (27, 48)]
    """
    found = _sentences(text)
    return found if len(found) > 1 else [Span(0, len(text))]


def _sentences(text: str) -> list[Span]:
    found: list[Span] = []
    for piece in segments(text):
        start = piece.start
        while piece.end - start > WINDOW_CHARS:
            cut = text.rfind(" ", start, start + WINDOW_CHARS)
            cut = cut if cut > start else start + WINDOW_CHARS
            found.append(Span(start, cut))
            start = cut
        if text[start : piece.end].strip():
            found.append(Span(start, piece.end))
    return _joined(found)


def sentences_of(text: str, span: Span) -> list[Span]:
    """The sentences of a piece of a text, also of a line of a list; a row of a table is one.

    >>> line = "- Osk wrote a book. It sold well, they say."
    >>> [(s.start, s.end) for s in sentences_of(line, Span(0, len(line)))]
    [(0, 20), (20, 43)]
    """
    piece = text[span.start : span.end]
    if "|" in piece:
        return [span]
    ends = [*sentence_ends(piece, line_language(piece))]
    if not ends or ends[-1] < len(piece):
        ends.append(len(piece))
    begins = [0, *ends[:-1]]
    return _joined(
        [Span(span.start + a, span.start + b) for a, b in zip(begins, ends, strict=True)]
    )


def _joined(found: Sequence[Span]) -> list[Span]:
    """Very short pieces say nothing by themselves: they join the piece before them."""
    out: list[Span] = []
    for span in found:
        if out and span.end - span.start < SHORT and out[-1].end - out[-1].start < WINDOW_CHARS:
            out[-1] = Span(out[-1].start, span.end)
        else:
            out.append(span)
    return out
