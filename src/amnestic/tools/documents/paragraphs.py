"""Paragraphs: their sentences, and the stanzas of a poem."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from amnestic.tools.documents.nodes import Edit, cuts
from amnestic.tools.prose import Flow, Shape, grammar_of, has_verb, with_new_ordinals
from amnestic.tools.reading import BREAKS, segments
from amnestic.types import Span

__all__ = ["Told", "is_verse", "sentences_in", "told"]

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_PREFIX = re.compile(r"\n[ \t>]*")
_STOP = re.compile(r"[.!?:;…。！？][\"'”’»)\]*_]*$")
_FULL_STOP = re.compile(r"[.!?…。！？][\"'”’»)\]*_]*$")
_HARD_BREAK = re.compile(r"(?: {2}|\\|<br ?/?>)$")
_KEY = re.compile(r"[*_]{0,2}[^\W\d_][^:\n]{0,40}:[*_]{0,2}(?:\s|$)")
_HALVES = re.compile("[\ud800-\udfff]")  # halves of a sign, which no library takes
_WRAPPED = 55
_TOPIC_WORDS = 6
_VERSE, _SHORT_VERSE, _FEW_LINES, _STANZA = 75, 45, 3, 24
_INSIDE = re.compile(r"[^\W\d_]{3}[.!?] +[^\W\d_a-z]")  # the end of a sentence within a line


@dataclass(slots=True)
class Told:
    """The sentences of a paragraph, and what stays of each; `label` stands before them."""

    spans: list[Span]
    kept: list[str]
    label: Span | None = None
    whole: list[str] = field(default_factory=list)

    @property
    def stays(self) -> bool:
        """Whether anything stays."""
        return any(self.kept)

    @property
    def is_intro(self) -> bool:
        """Whether the last sentence introduces what stands behind the paragraph."""
        return bool(self.whole) and self.whole[-1].rstrip(" *_").endswith((":", "："))

    def is_on(self, leaks: Callable[[str], bool]) -> bool:
        """Whether a few words without a verb say what all the rest is about, and these leak: "The
        Osk bell. It rings at noon." """
        first, *rest = self.whole or [""]
        if not rest or self.kept[0] or len(first.split()) > _TOPIC_WORDS:
            return False
        return not has_verb(first, grammar_of(first)) and leaks(first)

    def drop_intro(self) -> None:
        """Take the last sentence out, whose list is empty."""
        self.kept[-1] = ""

    def edits(self, text: str) -> list[Edit]:
        """The edits inside a paragraph of which something stays."""
        found = cuts(text, self.spans, [bool(piece) for piece in self.kept])
        if self.label is not None and not self.kept[0]:  # the label keeps its space
            first = next(i for i, piece in enumerate(self.kept) if piece)
            found[0] = (Span(self.spans[0].start, self.spans[first].start), "")
        for span, piece in zip(self.spans, self.kept, strict=True):
            if piece and piece != text[span.start : span.end]:
                found.append((span, piece))
        return found


def told(text: str, span: Span, label: int, flow: Flow, shapes: Sequence[Shape]) -> Told:
    """What may stay of the paragraph at `span`, whose sentences begin at `label`."""
    spans: list[Span] = []
    kept: list[str] = []
    verse = is_verse(text[label : span.end])
    flow.begin_paragraph()
    for piece, redact in _pieces(text, Span(label, span.end), shapes):
        whole = verse and redact is None
        for unit in [piece] if redact or whole else sentences_in(text, piece):
            given = text[unit.start : unit.end]
            spans.append(unit)
            kept.append(_stanza(given, flow) if whole else (redact or flow.sentence)(given))
    sentences = [text[s.start : s.end] for s in spans]
    kept = with_new_ordinals(sentences, kept)
    return Told(spans, kept, Span(span.start, label) if label > span.start else None, sentences)


def _stanza(stanza: str, flow: Flow) -> str:
    if flow.leaks(stanza):
        flow.drop(stanza, spoken=False)
        return ""
    flow.keep(stanza, spoken=False)
    return stanza


def _pieces(
    text: str, span: Span, shapes: Sequence[Shape]
) -> list[tuple[Span, Callable[[str], str] | None]]:
    """A paragraph cut at the shapes in it."""
    pieces: list[tuple[Span, Callable[[str], str] | None]] = []
    at = span.start
    for shape in shapes:
        if span.start <= shape.span.start and shape.span.end <= span.end:
            pieces += [(Span(at, shape.span.start), None), (shape.span, shape.redact)]
            at = shape.span.end
    pieces.append((Span(at, span.end), None))
    return [(_bare(text, p), redact) for p, redact in pieces if text[p.start : p.end].strip()]


def _bare(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, start + len(piece.strip()))


def sentences_in(text: str, span: Span) -> list[Span]:
    """The sentences of a paragraph, without the white space between them; a line that is wrapped
    goes on in the next one, and one that ends with an escape, as in a line of a log, ends there.

    >>> text = "Osk wrote a long book about a very old lighthouse and the sea\\nin it. Rain fell."
    >>> [text[s.start:s.end][-6:] for s in sentences_in(text, Span(0, len(text)))]
    ['in it.', ' fell.']
    """
    piece = _HALVES.sub("?", _unwrapped(text[span.start : span.end]))
    piece = BREAKS.sub(lambda found: "\n".rjust(len(found.group())), piece)
    found = []
    for segment in segments(piece):
        if segment.of(piece).strip():
            found.append(_bare(text, Span(span.start + segment.start, span.start + segment.end)))
    return found


def _unwrapped(piece: str) -> str:
    """The text, of the same length, in which lines that go on do."""
    pieces: list[str] = []
    at = 0
    for match in _PREFIX.finditer(piece):
        line, rest = piece[at : match.start()], piece[match.end() : match.end() + 1]
        goes_on = not (_STOP.search(line.rstrip()) or _HARD_BREAK.search(line))
        goes_on = goes_on and (rest.islower() or len(line) >= _WRAPPED)
        pieces += (line, " " * len(match.group()) if goes_on else match.group())
        at = match.end()
    return "".join((*pieces, piece[at:]))


def is_verse(paragraph: str) -> bool:
    """Whether a paragraph is a stanza: short lines, few of which end with a full stop.

    >>> is_verse("Rain fell on Tavel's walls,\\nAnd wind went through the halls;")
    True
    >>> is_verse("Rain fell.\\nWind blew.\\nSnow lay."), is_verse("Name: Tarn\\nBorn: 1970")
    (False, False)
    """
    lines = [re.sub(r"^[ \t>]+|\\$", "", line).rstrip() for line in paragraph.split("\n")]
    if not 2 <= len(lines) <= _STANZA or any(len(line) > _VERSE for line in lines):
        return False
    longest = max(map(len, lines))
    if longest > _SHORT_VERSE and (any(map(_INSIDE.search, lines)) or len(lines) < _FEW_LINES):
        return False
    if 2 * sum(bool(_KEY.match(line)) or line[:1].isdigit() for line in lines) >= len(lines):
        return False  # "1960: …", "09:30 – …"
    stops = sum(bool(_FULL_STOP.search(line)) for line in lines[:-1])
    small = sum(line.lstrip("*_\"'“„«(")[:1].islower() for line in lines)
    wrapped = 4 * small > len(lines) and longest > _SHORT_VERSE
    return not wrapped and 2 * stops <= len(lines) - 1
