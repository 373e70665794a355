"""Taking what belongs to a target out of JSON: JSON stays JSON, untouched bytes stay untouched."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from amnestic.tools.detection import prime
from amnestic.tools.documents.json_columns import Grid, columns_named, grid_of, grids_beside
from amnestic.tools.documents.json_counts import recounts
from amnestic.tools.documents.json_records import (
    columns_of,
    has_names,
    is_collection,
    is_part,
    is_row,
    is_told,
    leaves_of,
    row_fields,
    shown,
    texts,
)
from amnestic.tools.documents.json_sums import sums_anew
from amnestic.tools.documents.json_tree import (
    JsonArray,
    JsonMember,
    JsonNode,
    JsonObject,
    JsonScalar,
    edited,
    read_json,
)
from amnestic.tools.documents.records import Field, Leaks, RecordVerdict, judge_record
from amnestic.types import Span

__all__ = ["Edit", "TreeRedaction", "redact_json_text", "redact_node"]

Edit = tuple[Span, str]
Emptied = Callable[[JsonArray | JsonObject], Edit]


def redact_json_text(text: str, leaks: Leaks) -> str | None:
    """JSON `text` without what leaks; `None` when it is not a JSON object or array.

    A record of a list or of a mapping of records goes as a whole; one that stands alone keeps its
    keys, with every value null. A field that only mentions a target becomes null, or keeps the
    sentences that may stay.

    >>> leaks = lambda s: "Osk" in s
    >>> redact_json_text('[{"name": "Osk", "age": 3}, {"name": "Tarn", "age": 4.0}]', leaks)
    '[{"name": "Tarn", "age": 4.0}]'
    >>> redact_json_text('{"name": "Osk", "age": 3}', leaks)
    '{"name": null, "age": null}'
    """
    tree = read_json(text)
    if tree is None or isinstance(tree, JsonScalar) or text[tree.end :].strip():
        return None
    return redact_node(text, tree, leaks)


def redact_node(text: str, tree: JsonNode, leaks: Leaks) -> str:
    """`text` with the leaking pieces of `tree`, which was read from it, cut out."""
    return edited(text, TreeRedaction(text, leaks).all_edits(tree))


def _without_items(node: JsonArray | JsonObject) -> Edit:
    items = node.items if isinstance(node, JsonArray) else node.members
    return Span(items[0].start, items[-1].end), ""


class TreeRedaction:
    """The edits of one text that was read as a tree.

    Args:
        text: what the tree's places count in.
        leaks: whether a value, or several side by side, must go.
        emptied: how a list or mapping is written of which nothing is left.
    """

    def __init__(self, text: str, leaks: Leaks, emptied: Emptied | None = None) -> None:
        self._text = text
        self._leaks = leaks
        self._emptied = emptied or _without_items
        self._keys: dict[str, bool] = {}
        self.gone: dict[tuple[int, int], Sequence[bool]] = {}

    def all_edits(self, tree: JsonNode) -> list[Edit]:
        """What must change in the whole tree, the counters and sums beside shortened lists
        included."""
        edits = list(self.edits(tree))
        counted = [*edits, *recounts(self._text, tree, self.gone)]
        cut = [span for span, _ in counted]
        sums = sums_anew(self._text, tree, self.gone) if self.gone else ()
        return [*counted, *(e for e in sums if not any(_meet(e[0], span) for span in cut))]

    def edits(self, node: JsonNode) -> Iterator[Edit]:
        """What must change inside a value that stays."""
        if isinstance(node, JsonScalar):
            if is_told(node) and self._leaks(shown(node)):
                yield _nulled(node)
        elif isinstance(node, JsonArray):
            yield from self._array(node)
        elif is_collection(node):
            yield from self._collection(node)
        else:
            yield from self._record(node)

    def _array(self, node: JsonArray) -> Iterator[Edit]:
        narrower = list(self._narrower(grid_of(node)))
        yield from narrower
        prime(self._leaks, [text for item in node.items for text in texts(item)])
        gone = [self._goes(item) for item in node.items]
        if narrower:
            gone[0] = False
        yield from self._cuts(node, node.items, gone)
        for item, goes in zip(node.items, gone, strict=True):
            if not goes and not isinstance(item, JsonScalar):
                yield from self.edits(item)

    def _collection(self, node: JsonObject) -> Iterator[Edit]:
        prime(self._leaks, [text for m in node.members for text in (m.key, *texts(m.value))])
        gone = [self._named(m.key) or self._goes(m.value, m.key) for m in node.members]
        yield from self._cuts(node, node.members, gone)
        for member, goes in zip(node.members, gone, strict=True):
            if not goes:
                yield from self.edits(member.value)

    def _record(self, node: JsonObject) -> Iterator[Edit]:
        columns = columns_of(node)
        if columns:
            yield from self._table(columns)
        node, cuts = self._without_named(node)
        yield from cuts
        for grid in grids_beside(node):
            yield from self._narrower(grid)
        verdict, leaves = self._verdict(node)
        if verdict.about:
            yield from self._all_nulled(node, verdict)
            return
        for i, kept in verdict.cleaned:
            yield _said(leaves[i][1], kept)
        yield from self._inside(node, columns)

    def _inside(self, node: JsonObject, columns: Sequence[JsonArray] = ()) -> Iterator[Edit]:
        """The lists, mappings and envelopes in a record and in its parts."""
        for member in node.members:
            if isinstance(member.value, JsonArray) and member.value not in columns:
                yield from self._array(member.value)
            elif isinstance(member.value, JsonObject) and is_part(member):
                yield from self._inside(member.value)
            elif isinstance(member.value, JsonObject):
                yield from self.edits(member.value)

    def _without_named(self, node: JsonObject) -> tuple[JsonObject, list[Edit]]:
        """A record without the members whose keys name a target, and the edits that cut them."""
        gone = [self._named(m.key) for m in node.members]
        edits = list(self._cuts(node, node.members, gone)) if any(gone) else []
        kept: list[JsonMember] = []
        for member in (m for m, goes in zip(node.members, gone, strict=True) if not goes):
            if isinstance(member.value, JsonObject) and is_part(member):
                value, inner = self._without_named(member.value)
                edits += inner
                kept.append(replace(member, value=value))
            else:
                kept.append(member)
        return replace(node, members=tuple(kept)), edits

    def _all_nulled(self, node: JsonObject, verdict: RecordVerdict) -> Iterator[Edit]:
        """Keys without values; lists of records with names of their own are judged one by one,
        unless they belong to somebody whom a field names."""
        node, cuts = self._without_named(node)
        yield from cuts
        for member in node.members:
            value = member.value
            if isinstance(value, JsonObject):
                yield from self._all_nulled(value, verdict)
            elif not isinstance(value, JsonArray):
                if value.end > value.start:  # YAML writes nothing for a null
                    yield _nulled(value)
            elif not verdict.named and has_names(value):
                yield from self._array(value)
            elif value.items:
                yield self._emptied(value)

    def _cuts(
        self,
        node: JsonArray | JsonObject,
        items: Sequence[JsonNode | JsonMember],
        gone: Sequence[bool],
    ) -> Iterator[Edit]:
        if any(gone):
            self.gone[node.start, node.end] = gone
        if items and all(gone):
            yield self._emptied(node)
        else:
            yield from _cuts(items, gone)

    def _named(self, key: str) -> bool:
        """Whether a key names a target; the keys of records come again and again."""
        if key not in self._keys:
            self._keys[key] = bool(key.strip()) and self._leaks(key)
        return self._keys[key]

    def _goes(self, node: JsonNode, key: str = "") -> bool:
        """Whether an item of a list, or of a mapping under `key`, goes as a whole."""
        if isinstance(node, JsonScalar):
            return is_told(node) and self._leaks(shown(node))
        if isinstance(node, JsonArray):
            return is_row(node) and judge_record(row_fields(node), self._leaks).about
        if is_collection(node):
            return False
        fields = [field for field, _ in leaves_of(node)]
        about = judge_record(fields, self._leaks).about
        return about or (
            bool(key) and judge_record([Field("name", key), *fields], self._leaks).about
        )

    def _verdict(self, node: JsonObject) -> tuple[RecordVerdict, list[tuple[Field, JsonScalar]]]:
        leaves = list(leaves_of(node))
        return judge_record([field for field, _ in leaves], self._leaks), leaves

    def _narrower(self, grid: Grid | None) -> Iterator[Edit]:
        """A table of rows without the columns whose heads name a target."""
        gone = columns_named(grid, self._named) if grid is not None else []
        for row in grid.rows if grid is not None and gone else ():
            yield from self._cuts(row, row.items, [i in gone for i in range(len(row.items))])

    def _table(self, columns: Sequence[JsonArray]) -> Iterator[Edit]:
        """An object of columns of one length: what stands in one row is one record."""
        for row in range(len(columns[0].items)):
            cells = [column.items[row] for column in columns]
            fields = [Field("", shown(c)) for c in cells if isinstance(c, JsonScalar)]
            verdict = judge_record(fields, self._leaks)
            if verdict.about:
                yield from (_nulled(cell) for cell in cells)
            for i, kept in verdict.cleaned:
                yield _said(cells[i], kept)


def _said(node: JsonNode, kept: str) -> Edit:
    words = json.dumps(kept, ensure_ascii=False) if kept else "null"
    return Span(node.start, node.end), words


def _nulled(node: JsonNode) -> Edit:
    return Span(node.start, node.end), "null"


def _cuts(items: Sequence[JsonNode | JsonMember], gone: Sequence[bool]) -> Iterator[Edit]:
    """Cut items out of a list together with one comma each."""
    kept = [i for i, goes in enumerate(gone) if not goes]
    for i, goes in enumerate(gone):
        if not goes:
            continue
        if i < kept[0]:
            yield Span(items[i].start, items[i + 1].start), ""
        else:
            yield Span(items[i - 1].end, items[i].end), ""


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
