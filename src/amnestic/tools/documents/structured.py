"""Observations of agents (JSON, JSON lines, tables, records, prose) without what is forgotten.

Every shape keeps its shape: what can be parsed before can be parsed after, and the bytes of what
stays are the bytes that were given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from amnestic.tools.detection import PrimedLeaks
from amnestic.tools.documents.json_tree import (
    JsonArray,
    JsonObject,
    JsonScalar,
    edited,
    read_json,
)
from amnestic.tools.documents.literals import redact_literal
from amnestic.tools.documents.markup import redact_markup
from amnestic.tools.documents.records import Leaks
from amnestic.tools.documents.redact_tree import redact_json_text
from amnestic.tools.documents.sections import looks_like_sections, redact_sections
from amnestic.tools.documents.tables import redact_separated
from amnestic.tools.documents.toml_text import looks_like_toml, redact_toml
from amnestic.tools.documents.yaml_text import looks_like_yaml, redact_yaml
from amnestic.tools.prose import with_counts_of
from amnestic.types import Span

__all__ = ["redact_formed", "redact_structured", "redact_whole"]

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
    if looks_like_toml(text):
        clean = redact_toml(text, leaks)
        if clean is not None:
            return clean
    if looks_like_sections(text):
        return redact_sections(text, leaks)
    clean = redact_yaml(text, leaks) if looks_like_yaml(text) else None
    return None if clean is None else with_counts_of(clean, text)


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
