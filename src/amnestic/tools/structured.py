"""Observations of agents (JSON, JSON lines, tables, records, prose) without what is forgotten.

Every shape keeps its shape: what can be parsed before can be parsed after, and the bytes of what
stays are the bytes that were given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from amnestic.tools.cards import redact_paragraphs
from amnestic.tools.json_tree import JsonArray, JsonObject, JsonScalar, edited, read_json
from amnestic.tools.literals import redact_literal
from amnestic.tools.markup import redact_markup
from amnestic.tools.primed import PrimedLeaks
from amnestic.tools.records import Leaks
from amnestic.tools.redact_tree import redact_json_text, redact_node
from amnestic.tools.sections import looks_like_sections, redact_sections
from amnestic.tools.tables import markdown_table_span, redact_markdown_table, redact_separated
from amnestic.tools.yaml_text import looks_like_yaml, redact_yaml
from amnestic.types import Span

__all__ = ["redact_formed", "redact_observation", "redact_structured"]

_OPENING = re.compile(r"[{\[]")

_Redact = Callable[[str, Leaks], str]


def redact_structured(text: str, leaks: Leaks) -> str | None:
    """`text` without what leaks, when the whole of it is JSON, JSON lines, CSV, TSV or a Python
    literal; `None` when it is not.

    >>> lines = '{"name": "Osk"}\\n{"name": "Tarn"}\\n'
    >>> redact_structured(lines, lambda s: "Osk" in s)
    '{"name": "Tarn"}\\n'
    """
    leaks = leaks if isinstance(leaks, PrimedLeaks) else PrimedLeaks(leaks)
    for redact in (redact_json_text, _redact_lines, redact_literal, redact_separated):
        clean = redact(text, leaks)
        if clean is not None:
            return clean
    return None


def redact_formed(text: str, leaks: Leaks) -> str | None:
    """`text` without what leaks, when the whole of it has a form: what `redact_structured` reads,
    XML, HTML, TOML, INI or YAML; `None` when it has none.

    >>> redact_formed("<ul><li>Osk</li><li>Tarn</li></ul>", lambda s: "Osk" in s)
    '<ul><li>Tarn</li></ul>'
    """
    for redact in (redact_structured, redact_markup):
        clean = redact(text, leaks)
        if clean is not None:
            return clean
    if looks_like_sections(text):
        return redact_sections(text, leaks)
    return redact_yaml(text, leaks) if looks_like_yaml(text) else None


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
    pieces = [redact(text[span.start : span.end], leaks) for span, redact in _pieces(text)]
    clean = "".join(pieces)
    if clean.strip() and clean != text and leaks(clean):
        return redact_paragraphs(clean, leaks)
    return clean


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


def _islands(text: str) -> Iterator[tuple[Span, _Redact]]:
    at = 0
    while at < len(text):
        table = markdown_table_span(text, at)
        value = _json_span(text, at, table.start if table else len(text))
        if value is not None:
            yield value, _redact_value
            at = value.end
        elif table is not None:
            yield table, redact_markdown_table
            at = max(table.end, at + 1)
        else:
            return


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


def _redact_value(text: str, leaks: Leaks) -> str:
    tree = read_json(text)
    return text if tree is None else redact_node(text, tree, leaks)


def _redact_lines(text: str, leaks: Leaks) -> str | None:
    """A record a line, in JSON or as Python writes it; a leaking one goes with its line."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    if sum(bool(line.strip()) for line in lines) < 2:
        return None
    edits: list[tuple[Span, str]] = []
    at = 0
    for line in lines:
        if line.strip():
            kept = _kept_record(line.strip(), leaks)
            if kept is None:
                return None
            new = line.replace(line.strip(), kept) if kept else ""
            edits.append((Span(at, at + len(line)), new))
        at += len(line)
    return edited(text, edits)


def _kept_record(body: str, leaks: Leaks) -> str | None:
    """What may stay of a record that stands alone in its line; `None` where that is none."""
    if not body.startswith(("{", "[", "(")):
        return None
    whole = read_json(body)
    if isinstance(whole, JsonObject | JsonArray) and whole.end == len(body):
        clean = redact_json_text(f"[{body}]", leaks)
    else:
        clean = redact_literal(f"[{body}]", leaks)
    return None if clean is None else clean[1:-1].strip()
