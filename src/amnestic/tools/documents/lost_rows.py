"""Rows of tables, of separated values and of lists of records that a cut took out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from amnestic.tools.documents.fences import data_in
from amnestic.tools.documents.json_tree import (
    JsonArray,
    JsonNode,
    JsonObject,
    JsonScalar,
    read_json,
)
from amnestic.tools.documents.separated import DELIMITERS, quoted_values, separated_rows
from amnestic.tools.documents.tables import rows_of
from amnestic.tools.documents.totals import summing_rows, totalled
from amnestic.tools.documents.yaml_text import looks_like_yaml
from amnestic.tools.documents.yaml_tree import read_yaml

__all__ = ["Lost", "Row", "lost_records", "lost_rows"]

_NEAR = 64  # rows within which one that was altered is looked for


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, and what its columns are called; nothing where nothing says so."""

    keys: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """The rows that there were and which of them stay, and those that stay as they are now;
    `renumbers` where numbers that these have are told anew."""

    before: Sequence[Row]
    stays: Sequence[bool]
    left: Sequence[Row]
    renumbers: bool = False

    @property
    def gone(self) -> list[Row]:
        """The rows that went."""
        return [row for row, stay in zip(self.before, self.stays, strict=True) if not stay]

    @property
    def totals(self) -> int:
        """How many rows at the end stay, and are sums of the others."""
        rows = [row.cells for row in self.before]
        many = summing_rows(rows)
        if not many or not all(self.stays[-many:]):
            return 0
        base, stays = rows[:-many], self.stays[:-many]
        told = any(totalled(base, stays, row) != list(row) for row in rows[-many:])
        return many if told else 0


def lost_rows(given: str, kept: str) -> Iterator[Lost]:
    """The rows that a Markdown table lost.

    >>> head = "| Who | When |\\n|---|---|\\n"
    >>> [lost] = lost_rows(head + "| Osk | 1961 |\\n| Tarn | 1970 |", head + "| Tarn | 1970 |")
    >>> lost.gone[0].cells, lost.stays
    (('Osk', '1961'), (False, True))
    """
    (head, _, *before), (now, _, *left) = (rows_of(table.rstrip()) for table in (given, kept))
    for lost in _lost(*_of_same_columns(head, before, now, left)):
        yield replace(lost, renumbers=True)


def lost_records(given: str, kept: str) -> Iterator[Lost]:
    """The rows and records that a block lost which holds separated values, JSON or YAML, in a fence
    or by itself, list by list.

    >>> given = '```json\\n[{"name": "Osk"}, {"name": "Tarn"}]\\n```'
    >>> [lost.gone for lost in lost_records(given, '```json\\n[{"name": "Tarn"}]\\n```')]
    [[Row(keys=('name',), cells=('Osk',))]]
    """
    (kind, before), (_, after) = data_in(given), data_in(kept)
    for delimiter in DELIMITERS if kind in ("table", "text") else ():
        rows = _separated(before, delimiter)
        if rows:
            yield from _of_separated(
                rows, _separated(after, delimiter) or [_line(after, delimiter)]
            )
            return
    tree, left = _tree(before, kind), _tree(after, kind)
    if isinstance(tree, JsonArray) and isinstance(left, JsonObject):  # one is left of several lines
        left = JsonArray(left.start, left.end, (left,))
    if tree is not None and left is not None:
        yield from _between(tree, left)


# ── Tables and separated values ──────────────────────────────────────────────────────────────────


def _separated(text: str, delimiter: str) -> list[list[str]]:
    rows = None if text.lstrip().startswith(("{", "[")) else separated_rows(text, delimiter)
    return [quoted_values(text, row.cells) for row in rows or ()]


def _line(text: str, delimiter: str) -> list[str]:
    """The only row of a text that has no more."""
    return [cell.strip() for cell in text.strip().split(delimiter)]


def _of_separated(before: list[list[str]], after: list[list[str]]) -> Iterator[Lost]:
    if before[0] == after[0] or len(after[0]) < len(before[0]):
        yield from _lost(*_of_same_columns(before[0], before[1:], after[0], after[1:]))
    else:  # the first row is no head: it went
        yield from _lost([Row((), tuple(r)) for r in before], [Row((), tuple(r)) for r in after])


def _of_same_columns(
    head: list[str], before: list[list[str]], now: list[str], left: list[list[str]]
) -> tuple[list[Row], list[Row]]:
    """Rows before and after without the cells of columns that went as a whole."""
    columns = list(range(len(head)))
    if len(now) < len(head):
        at = iter(columns)
        columns = [i for name in now for i in [next((j for j in at if head[j] == name), -1)]]
    keys = tuple(now)
    rows = [tuple(row[i] for i in columns if 0 <= i < len(row)) for row in before]
    return [Row(keys, row) for row in rows], [Row(keys, tuple(row)) for row in left]


def _lost(before: list[Row], left: list[Row]) -> Iterator[Lost]:
    if len(left) < len(before):
        yield Lost(before, _staying(before, left), left)


def _staying(before: Sequence[Row], left: Sequence[Row]) -> tuple[bool, ...]:
    """Which rows stay, in order: those that are as they were, or but for a first cell that numbers
    them; of those that lost a cell the ones that are most like what is left."""
    places: dict[tuple[str, ...], list[int]] = {}
    for i, row in enumerate(before):
        for key in (row.cells, ("", *row.cells[1:])):
            places.setdefault(key, []).append(i)
    stays = [False] * len(before)
    at = 0
    for j, row in enumerate(left):
        last = len(before) - len(left) + j
        best = -1
        for key in (row.cells, ("", *row.cells[1:])):
            told = places.get(key, [])
            first = bisect_left(told, at)
            if best < 0 and first < len(told) and told[first] <= last:
                best = told[first]
        if best < 0:
            likeness = {i: _alike(before[i], row) for i in range(at, min(last, at + _NEAR) + 1)}
            best = max(likeness, key=lambda i: likeness[i])
        stays[best] = True
        at = best + 1
    return tuple(stays)


def _alike(one: Row, other: Row) -> int:
    """How many cells are the same in two rows."""
    return sum(a == b for a, b in zip(one.cells, other.cells, strict=False))


# ── Trees ────────────────────────────────────────────────────────────────────────────────────────


def _tree(text: str, kind: str) -> JsonNode | None:
    body = text.strip()
    if kind != "yaml" and body.startswith(("{", "[")):
        tree = read_json(body)
        if tree is not None and tree.end < len(body):  # a record a line
            tree = read_json(f"[{','.join(line for line in body.splitlines() if line.strip())}]")
        return tree
    is_yaml = kind == "yaml" or (kind == "text" and looks_like_yaml(text))
    return read_yaml(text) if is_yaml else None


def _between(before: JsonNode, after: JsonNode) -> Iterator[Lost]:
    """What the lists and mappings of records in a tree lost."""
    if isinstance(before, JsonArray) and isinstance(after, JsonArray):
        kept = list(before.items)
        if len(after.items) < len(kept):
            rows, left = ([_record("", item) for item in tree.items] for tree in (before, after))
            [lost] = _lost(rows, left)
            yield lost
            kept = [item for item, stay in zip(kept, lost.stays, strict=True) if stay]
        for item, other in zip(kept, after.items, strict=False):
            yield from _between(item, other)
    elif isinstance(before, JsonObject) and isinstance(after, JsonObject):
        members = {member.key: member.value for member in after.members}
        if all(isinstance(member.value, JsonObject) for member in before.members):
            rows = [_record(member.key, member.value) for member in before.members]
            stays = [member.key in members for member in before.members]
            if not all(stays):
                yield Lost(rows, stays, [r for r, stay in zip(rows, stays, strict=True) if stay])
        for member in before.members:
            if member.key in members:
                yield from _between(member.value, members[member.key])


def _record(key: str, node: JsonNode) -> Row:
    """What stands in a record, and in those inside it, as a row; `key` is what it stands under."""
    leaves = [("", key)] if key else []
    leaves += _leaves("", node)
    return Row(tuple(key for key, _ in leaves), tuple(cell for _, cell in leaves))


def _leaves(key: str, node: JsonNode) -> list[tuple[str, str]]:
    if isinstance(node, JsonScalar):
        told = "" if node.value is None or isinstance(node.value, bool) else str(node.value)
        return [(key, told)]
    if isinstance(node, JsonArray):
        return [leaf for item in node.items for leaf in _leaves(key, item)]
    return [leaf for member in node.members for leaf in _leaves(member.key, member.value)]
