"""Observations of agents, whatever their shape: records inside prose are records too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from amnestic.tools.detection import PrimedLeaks
from amnestic.tools.documents.cards import redact_paragraphs
from amnestic.tools.documents.fences import fences_in
from amnestic.tools.documents.fixed_width import fixed_width_span, without_named_columns
from amnestic.tools.documents.islands import cards_in, elements_in, redact_value
from amnestic.tools.documents.json_tree import JsonArray, JsonObject, JsonScalar, edited, read_json
from amnestic.tools.documents.records import Leaks
from amnestic.tools.documents.structured import redact_formed
from amnestic.tools.documents.tables import markdown_table_span, redact_markdown_table
from amnestic.tools.prose import recounted, with_counts_of
from amnestic.types import Span

__all__ = ["redact_observation"]

_OPENING = re.compile(r"[{\[]")

_Redact = Callable[[str, Leaks], str]
_Piece = tuple[Span, _Redact]


def redact_observation(text: str, leaks: Leaks) -> str:
    """`text` without what leaks, whatever its shape: records inside prose are records too.

    >>> text = 'Found: [{"name": "Osk", "born": 1961}, {"name": "Tarn", "born": 1970}] in all.'
    >>> redact_observation(text, lambda s: "Osk" in s)
    'Found: [{"name": "Tarn", "born": 1970}] in all.'
    """
    leaks = leaks if isinstance(leaks, PrimedLeaks) else PrimedLeaks(leaks)
    whole = redact_formed(text, leaks)
    if whole is not None:
        return whole
    text = _narrower(text, leaks)
    clean = with_counts_of("".join(_redacted(text, leaks)), text)
    if clean.strip() and clean != text and leaks(clean):
        return redact_paragraphs(clean, leaks)
    return clean


def _redacted(text: str, leaks: Leaks) -> list[str]:
    """What may stay of each piece; what is said before a shortened array of its length is true."""
    pieces: list[str] = []
    for span, redact in _pieces(text):
        given = text[span.start : span.end]
        clean = redact(given, leaks)
        before, left = _length(given), _length(clean)
        if pieces and before > left:
            lines = pieces[-1].rpartition("\n")
            pieces[-1] = "".join(lines[:2]) + recounted(lines[2], before, left)
        pieces.append(clean)
    return pieces


def _narrower(text: str, leaks: Leaks) -> str:
    """The text, in which tables set apart by spaces have no column of a target's."""
    edits = []
    at = 0
    while (span := fixed_width_span(text, at)) is not None:
        table = text[span.start : span.end]
        narrower = without_named_columns(table, leaks)
        edits += [(span, narrower)] if narrower != table else []
        at = span.end
    return edited(text, edits)


def _length(text: str) -> int:
    array = read_json(text)
    return len(array.items) if isinstance(array, JsonArray) else 0


def _pieces(text: str) -> Iterator[tuple[Span, _Redact]]:
    """The text cut into embedded JSON values, Markdown tables and what stands between them."""
    at = 0
    for span, redact in _islands(text):
        if span.start > at:
            yield Span(at, span.start), redact_paragraphs
        yield span, redact
        at = span.end
    if at < len(text):
        yield Span(at, len(text)), redact_paragraphs


def _islands(text: str) -> Iterator[_Piece]:
    """The pieces with a form, in order; of two that overlap, the one that begins first."""
    found = [*fences_in(text), *elements_in(text), *cards_in(text), *_tables(text), *_values(text)]
    at = 0
    for span, redact in sorted(found, key=lambda f: (f[0].start, -f[0].end)):
        if span.start >= at:
            yield span, redact
            at = span.end


def _tables(text: str) -> Iterator[_Piece]:
    at = 0
    while (span := markdown_table_span(text, at)) is not None:
        yield span, redact_markdown_table
        at = max(span.end, at + 1)


def _values(text: str) -> Iterator[_Piece]:
    at = 0
    while (span := _json_span(text, at, len(text))) is not None:
        yield span, redact_value
        at = span.end


def _json_span(text: str, at: int, end: int) -> Span | None:
    """The next object or array of objects that stands in the text before `end`."""
    for match in _OPENING.finditer(text, at, end):
        node = read_json(text, match.start())
        if isinstance(node, JsonObject) and node.members:
            return Span(node.start, node.end)
        if isinstance(node, JsonArray) and any(
            not isinstance(item, JsonScalar) for item in node.items
        ):
            return Span(node.start, node.end)
    return None
