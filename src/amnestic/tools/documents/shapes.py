"""Answers with a form of their own: what leaks goes, and the form holds.

A whole answer may be JSON, CSV, YAML, XML or HTML; an answer in prose may hold fenced blocks,
tables, records and pairs of question and answer. What could be parsed before can be parsed after.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence

from amnestic.tools.documents.cards import is_fields, redact_fields
from amnestic.tools.documents.json_tree import JsonArray, JsonObject, JsonScalar, read_json
from amnestic.tools.documents.markup import redact_markup
from amnestic.tools.documents.records import Leaks
from amnestic.tools.documents.redact_tree import redact_node
from amnestic.tools.documents.sections import redact_sections
from amnestic.tools.documents.source_code import redact_code
from amnestic.tools.documents.structured import redact_formed
from amnestic.tools.documents.tables import (
    markdown_table_span,
    redact_markdown_table,
    redact_table_rows,
)
from amnestic.tools.documents.vcards import redact_vcard, vcard_span
from amnestic.tools.documents.yaml_text import redact_yaml
from amnestic.tools.prose import Shape, drop_segments
from amnestic.types import Span

__all__ = ["cards_in", "elements_in", "fences_in", "redact_value", "redact_whole", "shapes_in"]

_Redact = Callable[[str, Leaks], str]

_FENCED = re.compile(
    r"^(?P<open>[ \t]*(?P<mark>```+|~~~+)[ \t]*(?P<language>[\w+#.-]*)[^\n]*\n)"
    r"(?P<body>.*?)(?P<close>^[ \t]*(?P=mark)[ \t]*(?:\n|\Z))",
    re.MULTILINE | re.DOTALL,
)
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[`~]*[ \t]*(?P<language>[\w+#.-]*)[^\n]*(?:\n|\Z)", re.M)
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
_PARAGRAPH = re.compile(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+")
_DATA = {
    "json": "json",
    "jsonc": "json",
    "json5": "json",
    "jsonl": "json",
    "yaml": "yaml",
    "yml": "yaml",
    "toml": "sections",
    "ini": "sections",
    "cfg": "sections",
    "conf": "sections",
    "properties": "sections",
    "xml": "markup",
    "html": "markup",
    "svg": "markup",
    "csv": "table",
    "tsv": "table",
}
_WORDS = frozenset(("", "text", "txt", "plain", "plaintext", "md", "markdown", "none"))


def redact_whole(text: str, leaks: Leaks, stand_in: str = "") -> str | None:
    """An answer that is nothing but JSON, CSV, YAML, TOML, XML or HTML without what leaks; `None`
    when it is something else. A lone JSON string that leaks becomes `stand_in`, and any other lone
    value null.

    >>> redact_whole('["Osk", "Tarn"]', lambda s: "Osk" in s)
    '["Tarn"]'
    >>> redact_whole('"Osk"', lambda s: "Osk" in s, "I don't know.")
    '"I don\\'t know."'
    """
    lone = read_json(text)
    if isinstance(lone, JsonScalar) and not text[lone.end :].strip():
        if not isinstance(lone.value, str) or not leaks(lone.value):
            return None
        said = json.dumps(stand_in, ensure_ascii=False) if stand_in else "null"
        return text[: lone.start] + said + text[lone.end :]
    return redact_formed(text, leaks)


def shapes_in(text: str, leaks: Leaks, names: Sequence[str] = ()) -> tuple[Shape, ...]:
    """The pieces of an answer in prose whose form must hold, in order.

    `names` are the targets' names as they stand in the text: in code they give way to a general
    word where that is enough.

    >>> text = "Found: [{\\"name\\": \\"Osk\\"}] in all."
    >>> [s.redact(text[s.span.start : s.span.end]) for s in shapes_in(text, lambda s: "Osk" in s)]
    ['[]']
    """
    found: list[Shape] = []
    at = 0
    for span, redact in _islands(text, names):
        if span.start >= at:
            found.append(Shape(span, _bound(redact, leaks)))
            at = span.end
    return tuple(found)


def _bound(redact: _Redact, leaks: Leaks) -> Callable[[str], str]:
    return lambda piece: redact(piece, leaks)


def _islands(text: str, names: Sequence[str]) -> Iterator[tuple[Span, _Redact]]:
    """The shaped pieces between and in fences, in order."""
    at = _code_tail(text)
    if at:
        yield Span(0, at), lambda piece, leaks: _rest_of_code(piece, leaks, names)
    for span, redact in fences_in(text, names, at):
        yield from _unfenced(text, at, span.start)
        yield span, redact
        at = span.end
    yield from _unfenced(text, at, len(text))


def fences_in(
    text: str, names: Sequence[str] = (), at: int = 0
) -> Iterator[tuple[Span, Callable[[str, Leaks], str]]]:
    """The fenced blocks of a text, and how each is cut."""
    for match in _FENCED.finditer(text, at):
        yield Span(match.start(), match.end()), lambda piece, leaks: _fenced(piece, leaks, names)


def _code_tail(text: str) -> int:
    """Where a block of code ends whose beginning stands in a text before this one; 0 where none
    does."""
    marks = list(_FENCE.finditer(text))
    return marks[0].end() if len(marks) % 2 and not marks[0]["language"] else 0


def _rest_of_code(text: str, leaks: Leaks, names: Sequence[str]) -> str:
    fence = list(_FENCE.finditer(text))[-1]
    return redact_code(text[: fence.start()], "", leaks, names) + text[fence.start() :]


def _unfenced(text: str, begin: int, end: int) -> Iterator[tuple[Span, _Redact]]:
    part = text[begin:end]
    found = [
        *cards_in(part),
        *_tables(part),
        *_values(part),
        *elements_in(part),
        *_pairs(part),
        *_records(part),
    ]
    for span, redact in sorted(found, key=lambda f: (f[0].start, -f[0].end)):
        yield Span(begin + span.start, begin + span.end), redact


def cards_in(text: str) -> Iterator[tuple[Span, Callable[[str, Leaks], str]]]:
    """The address cards, calendar entries and the like in a text, and how each is cut."""
    at = 0
    while (span := vcard_span(text, at)) is not None:
        yield span, redact_vcard
        at = span.end


def _tables(text: str) -> Iterator[tuple[Span, _Redact]]:
    at = 0
    rest, first = _ROWS.match(text), markdown_table_span(text)
    if rest is not None and not (first is not None and first.start < rest.end()):
        yield Span(0, rest.end()), redact_table_rows
        at = rest.end()
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


# ── Fences ───────────────────────────────────────────────────────────────────────────────────────


def _fenced(block: str, leaks: Leaks, names: Sequence[str]) -> str:
    """A fenced block with what may stay of it; nothing where that is empty."""
    match = _FENCED.fullmatch(block)
    if match is None or not leaks(match["body"]):
        return block if match is not None or not leaks(block) else ""
    clean = _body(match["body"], match["language"].lower(), leaks, names)
    if not clean.strip():
        return ""
    clean = clean if clean.endswith("\n") else clean + "\n"
    return match["open"] + clean + match["close"]


def _body(body: str, language: str, leaks: Leaks, names: Sequence[str]) -> str:
    kind = _DATA.get(language, "")
    if kind == "yaml":
        clean = redact_yaml(body, leaks)
    elif kind == "sections":
        clean = redact_sections(body, leaks)
    elif kind or language in _WORDS:
        clean = redact_whole(body, leaks)
    else:
        return redact_code(body, language, leaks, names)
    if clean is not None:
        return clean
    if language in _WORDS:
        return drop_segments(body, leaks, shapes=shapes_in(body, leaks, names))
    return ""
