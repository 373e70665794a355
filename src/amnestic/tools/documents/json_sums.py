"""Numbers that are the sum or the mean of a field of the list beside them, where items went."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from amnestic.tools.documents.json_counts import Gone
from amnestic.tools.documents.json_tree import JsonArray, JsonNode, JsonObject, JsonScalar
from amnestic.tools.documents.totals import totalled
from amnestic.types import Span

__all__ = ["sums_anew"]

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ADDENDS = 2  # from here on an equal number is a sum and no coincidence, where the keys say so
_MANY = 3  # and where they do not
_Column = tuple[str, list[str], Sequence[bool]]


def sums_anew(text: str, tree: JsonNode, gone: Gone) -> Iterator[tuple[Span, str]]:
    """The edits that set each sum, and each mean, to that of the items that are left.

    Such a number stands in the object in which the list does, or in one beside it that holds
    nothing but numbers. One that fits two fields is that of the field whose name its key has.
    """
    if isinstance(tree, JsonArray):
        for item in tree.items:
            yield from sums_anew(text, item, gone)
    elif isinstance(tree, JsonObject):
        columns = [c for member in tree.members for c in _columns(text, member.value, gone)]
        for member in tree.members:
            for key, value in _figures(member.key, member.value) if columns else ():
                yield from _anew(text, key, value, columns)
            yield from sums_anew(text, member.value, gone)


def _figures(key: str, node: JsonNode) -> Iterator[tuple[str, JsonScalar]]:
    """The numbers of a member: its own, or all of an object of numbers."""
    if isinstance(node, JsonScalar):
        if _is_figure(node):
            yield key, node
    elif isinstance(node, JsonObject):
        inner = [(f"{key}_{m.key}", m.value) for m in node.members]
        if all(isinstance(v, JsonScalar) for _, v in inner):
            yield from ((k, v) for k, v in inner if isinstance(v, JsonScalar) and _is_figure(v))


def _columns(text: str, node: JsonNode, gone: Gone) -> Iterator[_Column]:
    """The numeric fields of a list that lost items, and which of their values stay."""
    cut = gone.get((node.start, node.end))
    if cut is None or not isinstance(node, JsonArray) or all(cut):
        return
    rows: list[Mapping[str, JsonNode]] = [
        {m.key: m.value for m in item.members} if isinstance(item, JsonObject) else {}
        for item in node.items
    ]
    for key in dict.fromkeys(key for row in rows for key in row):
        cells = [row.get(key) for row in rows]
        if sum(c is not None and _is_figure(c) for c in cells) >= _ADDENDS:
            yield key, [_written(text, c) for c in cells], [not went for went in cut]


def _anew(
    text: str, key: str, value: JsonScalar, columns: Sequence[_Column]
) -> Iterator[tuple[Span, str]]:
    said = text[value.start : value.end]
    found: list[tuple[bool, str]] = []
    for name, cells, stays in columns:
        [new] = totalled([[cell] for cell in cells], list(stays), [said])
        named = bool(_stems(name) & _stems(key))
        addends = sum(bool(c.strip(' "0.')) for c in cells)
        if new != said and addends >= (_ADDENDS if named else _MANY):
            found.append((named, new))
    if found:
        yield Span(value.start, value.end), max(found, key=lambda f: f[0])[1]


def _is_figure(node: JsonNode) -> bool:
    value = node.value if isinstance(node, JsonScalar) else None
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _written(text: str, node: JsonNode | None) -> str:
    return "" if node is None or not _is_figure(node) else text[node.start : node.end]


def _stems(key: str) -> set[str]:
    return {re.sub(r"(?:ies|y|es|s)$", "", word.lower()) for word in _WORDS.findall(key)}
