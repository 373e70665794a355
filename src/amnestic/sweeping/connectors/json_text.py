"""JSON as it was written, with other values in some places."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from amnestic.tools.documents import JsonArray, JsonNode, JsonObject, JsonScalar, edited, read_json
from amnestic.types import Span

__all__ = ["json_with"]


def json_with(text: str, new: Any) -> str:
    """A JSON text whose value is `new`, of the shape that it has: every byte is the same but those
    of the strings, numbers and keys that change.

    >>> json_with('{"a": [1.50, "b"],  "c": "d"}', {"a": [1.5, ""], "c": "d"})
    '{"a": [1.50, ""],  "c": "d"}'
    """
    tree = read_json(text)
    if tree is None:
        raise ValueError("no JSON")
    return edited(text, list(_edits(text, tree, new)))


def _edits(text: str, node: JsonNode, new: Any) -> Iterator[tuple[Span, str]]:
    if isinstance(node, JsonArray):
        for item, value in zip(node.items, new, strict=True):
            yield from _edits(text, item, value)
    elif isinstance(node, JsonObject):
        for member, (key, value) in zip(node.members, new.items(), strict=True):
            if key != member.key:
                yield Span(member.start, _end_of_string(text, member.start)), _dumped(key, text)
            yield from _edits(text, member.value, value)
    elif isinstance(node, JsonScalar) and (
        node.value != new or isinstance(node.value, bool) != isinstance(new, bool)
    ):
        yield Span(node.start, node.end), _dumped(new, text)


def _end_of_string(text: str, start: int) -> int:
    return start + json.JSONDecoder().raw_decode(text[start:])[1]


def _dumped(value: Any, text: str) -> str:
    return json.dumps(value, ensure_ascii=text.isascii())
