"""JSON read with the place of every value, so that a piece can be cut out and the rest stays.

`json.loads` and `json.dumps` would write numbers, escapes and white space anew; here every byte
outside an edit is the one that was given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from amnestic.types import Span

__all__ = ["JsonArray", "JsonMember", "JsonNode", "JsonObject", "JsonScalar", "edited", "read_json"]

MAX_DEPTH = 100

_SPACE = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null|NaN|-?Infinity")


@dataclass(frozen=True, slots=True)
class JsonScalar:
    """A string, number, boolean or null, `text[start:end]`."""

    start: int
    end: int
    value: Any


@dataclass(frozen=True, slots=True)
class JsonArray:
    """An array and its items."""

    start: int
    end: int
    items: tuple[JsonNode, ...]


@dataclass(frozen=True, slots=True)
class JsonMember:
    """A member of an object; `start` is where its key begins."""

    start: int
    key: str
    value: JsonNode

    @property
    def end(self) -> int:
        """Where its value ends."""
        return self.value.end


@dataclass(frozen=True, slots=True)
class JsonObject:
    """An object and its members, in order."""

    start: int
    end: int
    members: tuple[JsonMember, ...]


JsonNode = JsonScalar | JsonArray | JsonObject


def read_json(text: str, at: int = 0) -> JsonNode | None:
    """The JSON value that begins at `at`; `None` where there is none, or one nested too deep.

    >>> tree = read_json('{"a": [1, 2]}')
    >>> tree.members[0].key, tree.members[0].value.end
    ('a', 12)
    """
    try:
        return _value(text, _skip(text, at), 0)
    except (ValueError, IndexError, RecursionError):
        return None


def edited(text: str, edits: Sequence[tuple[Span, str]]) -> str:
    """`text` with every span replaced; a span inside another one is covered by it.

    >>> edited("abcdef", [(Span(1, 3), "X"), (Span(4, 5), "")])
    'aXdf'
    """
    pieces: list[str] = []
    at = 0
    for span, new in sorted(edits, key=lambda e: (e[0].start, -e[0].end)):
        if span.start < at:
            continue
        pieces += (text[at : span.start], new)
        at = span.end
    return "".join((*pieces, text[at:]))


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int, depth: int) -> JsonNode:
    if depth > MAX_DEPTH:
        raise ValueError("nested too deep")
    first = text[at]
    if first == "{":
        return _object(text, at, depth)
    if first == "[":
        return _array(text, at, depth)
    if first == '"':
        value, end = scanstring(text, at + 1, True)
        return JsonScalar(at, end, value)
    match = _SCALAR.match(text, at)
    if match is None:
        raise ValueError("not a value")
    return JsonScalar(at, match.end(), json.loads(match.group()))


def _array(text: str, start: int, depth: int) -> JsonArray:
    items: list[JsonNode] = []
    at = _skip(text, start + 1)
    if text[at] == "]":
        return JsonArray(start, at + 1, ())
    while True:
        items.append(_value(text, at, depth + 1))
        at = _skip(text, items[-1].end)
        if text[at] == "]":
            return JsonArray(start, at + 1, tuple(items))
        at = _comma(text, at)


def _object(text: str, start: int, depth: int) -> JsonObject:
    members: list[JsonMember] = []
    at = _skip(text, start + 1)
    if text[at] == "}":
        return JsonObject(start, at + 1, ())
    while True:
        if text[at] != '"':
            raise ValueError("a key is missing")
        key, end = scanstring(text, at + 1, True)
        colon = _skip(text, end)
        if text[colon] != ":":
            raise ValueError("a colon is missing")
        members.append(JsonMember(at, key, _value(text, _skip(text, colon + 1), depth + 1)))
        at = _skip(text, members[-1].end)
        if text[at] == "}":
            return JsonObject(start, at + 1, tuple(members))
        at = _comma(text, at)


def _comma(text: str, at: int) -> int:
    if text[at] != ",":
        raise ValueError("a comma is missing")
    return _skip(text, at + 1)
