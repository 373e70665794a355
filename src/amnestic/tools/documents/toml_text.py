"""TOML without what leaks: what could be loaded still can, and what stays keeps its bytes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from amnestic.tools.documents.json_tree import edited
from amnestic.tools.documents.native import Parsed, parsed
from amnestic.tools.documents.nodes import Edit, cuts
from amnestic.tools.documents.records import Field, Leaks, judge_record
from amnestic.types import Span

__all__ = ["looks_like_toml", "redact_toml"]

_BEGINS = re.compile(r"\s*(?:\[|#|[\w\"'.-]+[ \t]*=)")
_HAS_VALUE = re.compile(r"^[\w\"'. -]+=[ \t]*[\"'\[{\dtf]", re.MULTILINE)
_TABLES = ("table", "table_array_element")
_KEYS = ("bare_key", "quoted_key", "dotted_key")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A key, its value, and where both stand."""

    key: str
    span: Span
    value: Any


def looks_like_toml(text: str) -> bool:
    """Whether a text that nothing marks may be TOML: it begins with a head, a key or a comment, and
    has a value behind a key.

    >>> looks_like_toml('title = "Sea"\\n'), looks_like_toml("x = y\\n")
    (True, False)
    """
    return bool(_BEGINS.match(text)) and bool(_HAS_VALUE.search(text)) and _loads(text)


def redact_toml(text: str, leaks: Leaks) -> str | None:
    """TOML without what leaks: tables about a target go, and so do its keys, elements of arrays and
    comments; another value that names it becomes an empty one. `None` when `text` is no TOML.

    >>> toml = '[a]\\nname = "Tarn"\\ntaught_by = "Osk"\\n[b]\\nname = "Osk"\\n'
    >>> redact_toml(toml, lambda s: "Osk" in s)
    '[a]\\nname = "Tarn"\\ntaught_by = ""\\n'
    """
    tree = parsed(text, "toml") if _loads(text) else None
    if tree is None:
        return None
    clean = edited(text, list(_Reading(text, tree, leaks).edits()))
    return clean if _loads(clean) and not (clean.strip() and leaks(clean)) else ""


def _loads(text: str) -> bool:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


class _Reading:
    """The edits of one text."""

    def __init__(self, text: str, tree: Parsed, leaks: Leaks) -> None:
        self._text, self._tree, self._leaks = text, tree, leaks

    def edits(self) -> Iterator[Edit]:
        """What must change."""
        tables = [child for child in self._tree.root.children if child.type in _TABLES]
        yield from self._section(self._pairs(self._tree.root))
        for table in tables:
            head = self._of(next(c for c in table.children if c.type in _KEYS))
            span = self._span(table)
            yield from self._section(self._pairs(table), head, span)
        for comment in _all(self._tree.root, "comment"):
            if self._leaks(self._of(comment)):
                yield self._line(self._span(comment)), ""

    def _section(self, pairs: Sequence[_Pair], head: str = "", span: Span | None = None
                 ) -> Iterator[Edit]:  # fmt: skip
        fields = [Field(p.key, self._shown(p.value)) for p in pairs if not self._is_mixed(p.value)]
        verdict = judge_record([Field("name", head), *fields] if head else fields, self._leaks)
        if verdict.about:
            for cut in [span] if span else [self._line(pair.span) for pair in pairs]:
                yield cut, ""
            return
        for pair in pairs:
            if self._leaks(pair.key):
                yield self._line(pair.span), ""
            elif self._leaks(self._of(pair.value)):
                yield from self._less(pair.value)

    def _is_mixed(self, value: Any) -> bool:
        """Whether a value is an array of which a part may stay."""
        parts = [c for c in value.children if c.is_named and c.type != "comment"]
        return value.type == "array" and not all(self._leaks(self._of(part)) for part in parts)

    def _less(self, value: Any) -> Iterator[Edit]:
        """The edits inside a value that leaks."""
        parts = [c for c in value.children if c.is_named and c.type != "comment"]
        if value.type not in ("array", "inline_table"):
            yield self._span(value), '""'
            return
        stays = [not self._leaks(self._of(part)) or part.type in ("array", "inline_table")
                 for part in parts]  # fmt: skip
        if not any(stays):
            yield self._span(value), "[]" if value.type == "array" else "{}"
            return
        yield from cuts(self._text, [self._span(part) for part in parts], stays)
        for part, stay in zip(parts, stays, strict=True):
            if stay and self._leaks(self._of(part)):
                yield from self._less(part)

    def _pairs(self, table: Any) -> list[_Pair]:
        pairs = []
        for child in table.children:
            if child.type == "pair":
                key, value = child.children[0], child.children[-1]
                pairs.append(_Pair(self._of(key).strip("\"'"), self._span(child), value))
        return pairs

    def _shown(self, value: Any) -> str:
        """The words of a value."""
        strings = [self._of(node).strip("\"'\n ") for node in _all(value, "string")]
        return " ".join(strings) if strings else self._of(value)

    def _of(self, node: Any) -> str:
        span = self._span(node)
        return self._text[span.start : span.end]

    def _span(self, node: Any) -> Span:
        return Span(self._tree.at(node.start_byte), self._tree.at(node.end_byte))

    def _line(self, span: Span) -> Span:
        """A piece with the rest of its lines, where nothing else stands on them."""
        start = self._text.rfind("\n", 0, span.start) + 1
        end = self._text.find("\n", span.end) + 1 or len(self._text)
        if self._text[start : span.start].strip():
            return Span(len(self._text[: span.start].rstrip()), span.end)
        return Span(start, end)


def _all(root: Any, kind: str) -> Iterator[Any]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == kind:
            yield node
        waiting += reversed(node.children)
