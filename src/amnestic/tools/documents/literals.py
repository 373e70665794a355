"""Python literals, as `str()` of a tool's rows gives them, read with the place of every value."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import accumulate

from amnestic.tools.documents.json_tree import (
    JsonArray,
    JsonMember,
    JsonNode,
    JsonObject,
    JsonScalar,
    edited,
)
from amnestic.tools.documents.records import Leaks
from amnestic.tools.documents.redact_tree import Edit, TreeRedaction
from amnestic.types import Span

__all__ = ["redact_literal"]

_LONGEST = 200_000


def redact_literal(text: str, leaks: Leaks) -> str | None:
    """A list, tuple or dict as Python writes it without what leaks; `None` when `text` is another
    thing, or holds a comment. What is no literal in it (a date, a decimal) is read as a value.

    >>> redact_literal("[('Osk', 1961), ('Tarn', 1970)]", lambda s: "Osk" in s)
    "[('Tarn', 1970)]"
    """
    if not text.lstrip().startswith(("{", "[", "(")) or len(text) > _LONGEST:
        return None
    reading = _Reading(text)
    tree = reading.tree()
    if tree is None:
        return None
    redaction = TreeRedaction(text, leaks)
    edits = [(span, _in_python(new)) for span, new in redaction.all_edits(tree)]
    clean = edited(text, [*edits, *reading.lone_items(redaction)])
    return clean if _parsed(clean) is not None else ""


def _parsed(text: str) -> ast.expr | None:
    body = text.strip()
    try:
        return ast.parse(body, mode="eval").body if body else None
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _in_python(new: str) -> str:
    """What JSON writes as null and strings, as Python does."""
    return "None" if new == "null" else new


class _Reading:
    """A literal as the tree that JSON is read into."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offset = len(text) - len(text.lstrip())
        self._lines = re.findall(r"[^\n]*\n|[^\n]+", text.lstrip())
        self._starts = [0, *accumulate(len(line) for line in self._lines)]
        self._tuples: list[JsonArray] = []

    def tree(self) -> JsonNode | None:
        """The tree; `None` where it is no list, tuple or dict, or where comments stand in it."""
        root = _parsed(self._text) if "\r" not in self._text else None
        if not isinstance(root, ast.List | ast.Tuple | ast.Dict) or self._has_comments():
            return None
        try:
            return self._node(root)
        except (ValueError, RecursionError):
            return None

    def lone_items(self, redaction: TreeRedaction) -> Iterator[Edit]:
        """The commas that make tuples of tuples of which one item is left."""
        for node in self._tuples:
            gone = redaction.gone.get((node.start, node.end), ())
            if len(gone) - sum(gone) == 1 and any(gone):
                yield Span(node.end - 1, node.end), ",)"

    def _has_comments(self) -> bool:
        quoted = re.sub(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", "", self._text)
        return "#" in quoted

    def _node(self, given: ast.expr) -> JsonNode:
        start, end = self._place(given)
        if isinstance(given, ast.List | ast.Tuple):
            array = JsonArray(start, end, tuple(self._node(item) for item in given.elts))
            if isinstance(given, ast.Tuple):
                if array.items and array.items[0].start == start:
                    raise ValueError("a tuple without brackets")
                self._tuples.append(array)
            return array
        if isinstance(given, ast.Dict):
            return JsonObject(start, end, tuple(self._members(given)))
        return JsonScalar(start, end, self._value(given))

    def _members(self, given: ast.Dict) -> Iterator[JsonMember]:
        for key, value in zip(given.keys, given.values, strict=True):
            if key is None:
                raise ValueError("a dict inside a dict")
            named = self._value(key)
            yield JsonMember(self._place(key)[0], str(named), self._node(value))

    def _value(self, given: ast.expr) -> object:
        if isinstance(given, ast.Constant):
            return given.value
        start, end = self._place(given)
        return self._text[start:end]

    def _place(self, given: ast.expr) -> tuple[int, int]:
        if given.end_lineno is None or given.end_col_offset is None:
            raise ValueError("no place")
        return (
            self._at(given.lineno, given.col_offset),
            self._at(given.end_lineno, given.end_col_offset),
        )

    def _at(self, line: int, byte: int) -> int:
        before = self._lines[line - 1].encode()[:byte].decode()
        return self._offset + self._starts[line - 1] + len(before)
