"""Cutting texts into the pieces that can be judged, kept or dropped on their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from amnestic.tools.reading.sentences import LANGUAGE_KNOWN, line_language, sentence_ends
from amnestic.types import Span

__all__ = ["Segment", "SegmentKind", "SettledEnds", "question_parts", "segments", "settled_ends"]

Language = Callable[[], str]
"""Tells the language of a line, where it is asked for."""


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
_DATA_FENCE = re.compile(
    r"\s*(?:```|~~~)[`~]*\s*(?:jsonc?|json5|jsonl|ya?ml|toml|ini|xml|html|svg|csv|tsv)\b",
    re.IGNORECASE,
)
_HEAD_ROWS = 2  # the head of a table, and the rule under it
_SEPARATED = re.compile(
    r"[\w\"' /-]{1,40}(?:(?:,|;)(?=\S)[\w\"' /-]{1,40}){1,60}|[^\t.]+(?:\t[^\t.]+)+"
)
_ASKED = re.compile(
    r"[\s>*_#-]*(?:Q|Question|Frage|Pregunta|Domanda|Pergunta|Vraag)[ \t]*\d*[*_]*[ \t]*[:.)]", re.I
)
_ANSWERED = re.compile(
    r"[ \t>*_#-]*(?:A|Ans|Answer|Antwort|Respuesta|Réponse|Risposta|Resposta|Antwoord)"
    r"(?![^\W\d_])[ \t]*\d*[*_]*[ \t]*:",
    re.IGNORECASE,
)
_STRUCTURED = re.compile(r"\s*(?:[-*+•]\s|\d{1,3}[.)]\s|#{1,6}\s|\||>)|.*\t.*\t|^\s*[{}\[\]]")
_MARKED = re.compile(r"\s*(?:[-*+•]\s|\d{1,3}[.)]\s|#{1,6}\s|\||>|[{}\[\]])")


def segments(text: str) -> tuple[Segment, ...]:
    """Cut `text` into sentences of prose and lines of lists, tables and code.

    The pieces cover the text without gap or overlap.

    >>> text = "Dr. Osk lives here. She writes.\\n- one\\n- two\\n"
    >>> [s.of(text) for s in segments(text)]
    ['Dr. Osk lives here. ', 'She writes.\\n', '- one\\n', '- two\\n']
    >>> len(segments("Osk (b. 1951) wrote 'Go!' in a week."))
    1
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


def _sentences(line: str, offset: int, language: Language | None = None) -> Iterator[Segment]:
    begin = 0
    for end in sentence_ends(line, language or line_language(line)):
        yield Segment(offset + begin, offset + end, SegmentKind.SENTENCE)
        begin = end
    if begin < len(line):
        yield Segment(offset + begin, offset + len(line), SegmentKind.SENTENCE)


def _arrived(line: str, language: Language | None) -> Iterator[Segment]:
    """The sentences of a line that is still arriving, as far as no further text moves them."""
    begin = 0
    for end in sentence_ends(line, language, is_whole=False):
        yield Segment(begin, end, SegmentKind.SENTENCE)
        begin = end


def settled_ends(text: str) -> list[int]:
    """Where the sentences and lines of `text` end that no further text could move.

    White space behind a piece is not part of it, and the last piece is never settled unless a new
    line ends it. JSON, CSV and markup have none: they are one piece, whole or not at all. So is
    fenced data; of fenced code every line is a piece, the fence with the first. A question that is
    labelled as one is settled with its answer, and the head of a table with its first row.

    >>> text = "Dr. Osk lives here. She writes.\\n- one\\n- tw"
    >>> [text[:end][-5:] for end in settled_ends(text)]
    ['here.', 'ites.', '- one']
    """
    return SettledEnds().feed(text)


class SettledEnds:
    """`settled_ends` of a text that arrives in pieces: fed piece by piece, it finds the same ends,
    however the text is cut, since an end depends on nothing that stands more than a word behind it.
    """

    def __init__(self) -> None:
        self._begin = 0  # where the piece that is not settled yet begins
        self._open = ""  # that piece, as far as it has arrived
        self._inside_line = False
        self._in_code = False
        self._is_whole: bool | None = None
        self._in_data = False
        self._asked = False
        self._rows = 0
        self._begun = False  # whether the first line is behind us
        self._head = ""  # how the line begins, settled or not: its language is told by that
        self._language: Language | None = None  # of the line, once enough of it has arrived

    def feed(self, piece: str) -> list[int]:
        """The ends that `piece` settles, counted from the beginning of the whole text."""
        self._open += piece
        self._head = (self._head + piece)[:LANGUAGE_KNOWN]
        if self._is_whole is None and (begun := self._open.lstrip()):
            self._is_whole = begun[0] in "{[<"
        if self._is_whole:
            return []
        ends: list[int] = []
        while (stop := self._open.find("\n")) >= 0:
            if not self._begun and self._open[:stop].strip():
                self._begun = True
                self._is_whole = bool(_SEPARATED.fullmatch(self._open[:stop].strip()))
            if self._is_whole:
                return []
            ends += self._line(self._open[: stop + 1])
        asked = self._asked or (not self._inside_line and _ASKED.match(self._open))
        if self._language is None and len(self._head) >= LANGUAGE_KNOWN:
            self._language = line_language(self._head)
        if self._is_prose(self._open) and not asked:
            ends += self._settle(_arrived(self._open, self._language))
            self._begun = self._begun or bool(ends)
        return ends

    def _line(self, line: str) -> list[int]:
        prose = self._is_prose(line)
        in_table = line.lstrip().startswith("|") and not self._inside_line
        self._rows = self._rows + 1 if in_table else 0
        if prose and not self._inside_line:
            self._asked = bool(_ASKED.match(line)) or (self._asked and bool(line.strip()))
        held = self._in_data or self._asked or 0 < self._rows <= _HEAD_ROWS
        if self._asked and prose and _ANSWERED.match(line):
            held = self._asked = False
        if not self._inside_line and _FENCE.match(line):
            self._in_code = not self._in_code
            self._in_data = self._in_code and bool(_DATA_FENCE.match(line))
            held = self._in_code
        whole = Segment(0, len(line), SegmentKind.LINE)
        head = self._head.partition("\n")[0]
        sentences = _sentences(line, 0, self._language or line_language(head))
        ends = self._settle(sentences if prose and not held else [whole])
        self._inside_line, self._language = False, None
        self._head = self._open[:LANGUAGE_KNOWN]  # of the next line
        return [] if held else ends

    def _is_prose(self, line: str) -> bool:
        if self._inside_line:
            return True
        marked = _FENCE.match(line) or _MARKED.match(line)
        return not (self._in_code or marked)

    def _settle(self, pieces: Iterable[Segment]) -> list[int]:
        text, begin, end = self._open, self._begin, 0
        ends: list[int] = []
        for piece in pieces:
            kept = piece.of(text).rstrip()
            ends += [begin + piece.start + len(kept)] if kept else []
            end = piece.end
            self._inside_line = True
        self._begin, self._open = begin + end, text[end:]
        return ends


_JOINT = re.compile(
    r"(?P<stop>(?<=\.)\s+)|(?<=[?!;])\s+"
    r"|(?:[,;]|(?<!\s)(?:\s*[,;])?)\s+(?:and|also|or|then|plus|as well as)"
    r"(?:\s+(?:also|then|please|tell\s+me))*\s+"
    r"(?=(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|did|does|do|can|could"
    r"|tell|name|list|give|explain|describe|write|compute|calculate|translate|summari[sz]e)\b)",
    re.IGNORECASE,
)
_TOPICS = re.compile(  # "about her and about volcanoes"; "about Osk and about the novels" is one
    r"\b(?P<about>about|über|sobre|over|om|об?)\s(?:him|her|it|them|ihn|sie|él|ella|ele|ela|hem|haar"
    r"|honom|henne|ham|hende|нём|нем|ней)"
    r"(?P<joint>,?\s(?:and|und|y|e|en|och|og|и)\s)(?=(?P=about)\s)",
    re.IGNORECASE,
)
_MIN_PART = 8


def question_parts(text: str) -> tuple[Span, ...]:
    """The parts of a question that can be answered apart from one another.

    >>> text = "Who wrote The Glass Harbour, and what is the capital of France?"
    >>> [text[p.start:p.end] for p in question_parts(text)]
    ['Who wrote The Glass Harbour', 'what is the capital of France?']
    >>> text = "Tell me about her and about volcanoes."
    >>> [text[p.start:p.end] for p in question_parts(text)]
    ['Tell me about her', 'about volcanoes.']
    >>> len(question_parts("Compare J. K. Marsh and Dr. Osk."))
    1
    """
    parts: list[Span] = []
    begin = 0
    starts: set[int] | None = None
    joints = [(m.start(), m.end(), m["stop"] is not None) for m in _JOINT.finditer(text)]
    joints += [(*m.span("joint"), False) for m in _TOPICS.finditer(text)]
    for start, end, is_stop in sorted(joints):
        if start - begin < _MIN_PART:
            continue
        if is_stop:
            if starts is None:
                starts = {piece.start for piece in segments(text)}
            if end not in starts:
                continue  # the full stop of an abbreviation or of an initial
        parts.append(Span(begin, start))
        begin = end
    parts.append(Span(begin, len(text)))
    kept = tuple(p for p in parts if text[p.start : p.end].strip())
    return kept or (Span(0, len(text)),)
