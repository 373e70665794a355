"""Pieces with a form that stand in prose: values, records, cards, elements, and questions with
their answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from amnestic.tools.documents.cards import is_fields, redact_fields
from amnestic.tools.documents.json_tree import JsonArray, JsonObject, JsonScalar, read_json
from amnestic.tools.documents.markup import redact_markup
from amnestic.tools.documents.records import Leaks
from amnestic.tools.documents.redact_tree import redact_node
from amnestic.tools.documents.tables import (
    markdown_table_span,
    redact_markdown_table,
    redact_table_rows,
)
from amnestic.tools.documents.vcards import redact_vcard, vcard_span
from amnestic.tools.prose import drop_segments
from amnestic.types import Span

__all__ = ["bound", "cards_in", "elements_in", "islands_in", "redact_value", "tables_in"]

_Redact = Callable[[str, Leaks], str]

_ROWS = re.compile(r"(?:[ \t]*\|[^\n]*\|[ \t]*(?:\n|\Z))+")
_ELEMENT = re.compile(r"^[ \t]*<(?:!DOCTYPE|\?xml|[A-Za-z][\w:.-]*)(?=[\s>/])", re.MULTILINE)
_ASKS = re.compile(
    r"^[ \t>*_#-]*(?:Q|Question|Quiz|Frage|Pregunta|Domanda|Pergunta|Vraag)(?![^\W\d_])[ \t]*\d*"
    r"[*_]*[ \t]*[:.)]",
    re.MULTILINE | re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"^[ \t>*_#-]*(?:A|Ans|Answer|Antwort|Respuesta|Réponse|Risposta|Resposta|Antwoord)"
    r"(?![^\W\d_])[ \t]*\d*[*_]*[ \t]*:",
    re.MULTILINE | re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"^(?:[^\S\n]*\S[^\n]*(?:\n|\Z))+", re.MULTILINE)


def islands_in(text: str, begin: int, end: int) -> Iterator[tuple[Span, _Redact]]:
    """The values, records, cards, elements and pairs of question and answer that stand in the prose
    `text[begin:end]`, and how each is cut; of some that overlap the first is the one to take."""
    part = text[begin:end]
    yield from _moved([*_headless_rows(part), *_found(part)], begin)


def bound(redact: _Redact, leaks: Leaks) -> Callable[[str], str]:
    """How a piece is cut by this judge."""
    return lambda piece: redact(piece, leaks)


def _found(part: str) -> list[tuple[Span, _Redact]]:
    return [
        *cards_in(part),
        *_values(part),
        *elements_in(part),
        *_pairs(part),
        *_records(part),
    ]


def _moved(found: list[tuple[Span, _Redact]], begin: int) -> Iterator[tuple[Span, _Redact]]:
    for span, redact in sorted(found, key=lambda f: (f[0].start, -f[0].end)):
        yield Span(begin + span.start, begin + span.end), redact


def cards_in(text: str) -> Iterator[tuple[Span, Callable[[str, Leaks], str]]]:
    """The address cards, calendar entries and the like in a text, and how each is cut."""
    at = 0
    while (span := vcard_span(text, at)) is not None:
        yield span, redact_vcard
        at = span.end


def _headless_rows(text: str) -> Iterator[tuple[Span, _Redact]]:
    """Rows of a table at the beginning of a text, whose head stands in one before this."""
    rest, first = _ROWS.match(text), markdown_table_span(text)
    if rest is not None and not (first is not None and first.start < rest.end()):
        yield Span(0, rest.end()), redact_table_rows


def tables_in(text: str) -> Iterator[tuple[Span, _Redact]]:
    at = 0
    for rows, redact in _headless_rows(text):
        yield rows, redact
        at = rows.end
    while (span := markdown_table_span(text, at)) is not None:
        yield span, redact_markdown_table
        at = max(span.end, at + 1)


def _values(text: str) -> Iterator[tuple[Span, _Redact]]:
    """Objects, and arrays of anything but numbers."""
    at = 0
    for match in re.finditer(r"[{\[]", text):
        if match.start() < at:
            continue
        node = read_json(text, match.start())
        filled = (isinstance(node, JsonObject) and node.members) or (
            isinstance(node, JsonArray)
            and any(not isinstance(i, JsonScalar) or isinstance(i.value, str) for i in node.items)
        )
        if node is not None and filled:
            yield Span(node.start, node.end), redact_value
            at = node.end


def redact_value(text: str, leaks: Leaks) -> str:
    """A JSON value that stands by itself, without what leaks."""
    tree = read_json(text)
    return text if tree is None else redact_node(text, tree, leaks)


def elements_in(text: str) -> Iterator[tuple[Span, Callable[[str, Leaks], str]]]:
    """Runs of whole lines that are well formed markup, and how each is cut."""
    at = 0
    for match in _ELEMENT.finditer(text):
        if match.start() < at:
            continue
        paragraph = _PARAGRAPH.match(text, match.start())
        if paragraph is None:
            continue
        if redact_markup(paragraph.group(), lambda _: False) is not None:
            at = paragraph.end()
            yield Span(match.start(), at), _markup


def _markup(text: str, leaks: Leaks) -> str:
    clean = redact_markup(text, leaks)
    return text if clean is None else clean


def _pairs(text: str) -> Iterator[tuple[Span, _Redact]]:
    """Questions with their answers: a question without its answer gives as much away."""
    asked = [match.start() for match in _ASKS.finditer(text)]
    if not asked or not _ANSWERS.search(text):
        return
    for i, start in enumerate(asked):
        limit = asked[i + 1] if i + 1 < len(asked) else len(text)
        answer = _ANSWERS.search(text, start + 1, limit)
        if answer is None:
            continue
        paragraph = _PARAGRAPH.match(text, answer.start(), limit)
        end = paragraph.end() if paragraph else limit
        gap = re.compile(r"\s*").match(text, end, limit)
        yield Span(start, gap.end() if gap else end), _all_or_nothing


def _all_or_nothing(text: str, leaks: Leaks) -> str:
    return "" if leaks(text) or drop_segments(text, leaks).split() != text.split() else text


def _records(text: str) -> Iterator[tuple[Span, _Redact]]:
    """Runs of `key: value` lines."""
    for match in _PARAGRAPH.finditer(text):
        if is_fields(match.group()):
            yield Span(match.start(), match.end()), redact_fields
