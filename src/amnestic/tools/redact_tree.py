"""Taking what belongs to a target out of JSON: JSON stays JSON, untouched bytes stay untouched."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from amnestic.tools.json_tree import (
    JsonArray,
    JsonMember,
    JsonNode,
    JsonObject,
    JsonScalar,
    edited,
    read_json,
)
from amnestic.tools.primed import prime
from amnestic.tools.records import Field, Leaks, RecordVerdict, judge_record, says_what, views
from amnestic.types import Span

__all__ = ["Edit", "TreeRedaction", "redact_json_text", "redact_node"]

Edit = tuple[Span, str]
Emptied = Callable[[JsonArray | JsonObject], Edit]

_ALIASES = re.compile(r"alias|nick|known|aka|synonym", re.IGNORECASE)

_ENVELOPE = frozenset(
    "result results data item items record records document documents doc docs response payload "
    "hit hits match matches value values body content output rows entries metadata".split()
)


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
    return edited(text, list(TreeRedaction(text, leaks).edits(tree)))


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

    def edits(self, node: JsonNode) -> Iterator[Edit]:
        """What must change inside a value that stays."""
        if isinstance(node, JsonScalar):
            if _is_told(node) and self._leaks(_shown(node)):
                yield _nulled(node)
        elif isinstance(node, JsonArray):
            yield from self._array(node)
        elif _is_collection(node):
            yield from self._collection(node)
        else:
            yield from self._record(node)

    def _array(self, node: JsonArray) -> Iterator[Edit]:
        prime(self._leaks, [text for item in node.items for text in _texts(item)])
        gone = [self._goes(item) for item in node.items]
        yield from self._cuts(node, node.items, gone)
        for item, goes in zip(node.items, gone, strict=True):
            if not goes and not isinstance(item, JsonScalar):
                yield from self.edits(item)

    def _collection(self, node: JsonObject) -> Iterator[Edit]:
        prime(self._leaks, [text for m in node.members for text in (m.key, *_texts(m.value))])
        gone = [self._named(m.key) or self._goes(m.value) for m in node.members]
        yield from self._cuts(node, node.members, gone)
        for member, goes in zip(node.members, gone, strict=True):
            if not goes:
                yield from self.edits(member.value)

    def _record(self, node: JsonObject) -> Iterator[Edit]:
        columns = _columns(node)
        if columns:
            yield from self._table(columns)
        node, cuts = self._without_named(node)
        yield from cuts
        verdict, leaves = self._verdict(node)
        if verdict.about:
            yield from self._all_nulled(node, verdict)
            return
        for i, kept in verdict.cleaned:
            leaf = leaves[i][1]
            yield (
                Span(leaf.start, leaf.end),
                json.dumps(kept, ensure_ascii=False) if kept else ("null"),
            )
        for member in node.members:
            if isinstance(member.value, JsonArray) and member.value not in columns:
                yield from self._array(member.value)
            elif isinstance(member.value, JsonObject) and (
                member.key.lower() in _ENVELOPE or _is_collection(member.value)
            ):
                yield from self.edits(member.value)

    def _without_named(self, node: JsonObject) -> tuple[JsonObject, list[Edit]]:
        """A record without the members whose keys name a target, and the edits that cut them."""
        gone = [self._named(m.key) for m in node.members]
        edits = list(self._cuts(node, node.members, gone)) if any(gone) else []
        kept: list[JsonMember] = []
        for member in (m for m, goes in zip(node.members, gone, strict=True) if not goes):
            if isinstance(member.value, JsonObject) and _is_part(member):
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
            elif not verdict.named and _has_names(value):
                yield from self._array(value)
            elif value.items:
                yield self._emptied(value)

    def _cuts(
        self,
        node: JsonArray | JsonObject,
        items: Sequence[JsonNode | JsonMember],
        gone: Sequence[bool],
    ) -> Iterator[Edit]:
        if items and all(gone):
            yield self._emptied(node)
        else:
            yield from _cuts(items, gone)

    def _named(self, key: str) -> bool:
        """Whether a key names a target; the keys of records come again and again."""
        if key not in self._keys:
            self._keys[key] = bool(key.strip()) and self._leaks(key)
        return self._keys[key]

    def _goes(self, node: JsonNode) -> bool:
        """Whether an item of a list goes as a whole."""
        if isinstance(node, JsonScalar):
            return _is_told(node) and self._leaks(_shown(node))
        if isinstance(node, JsonArray):
            return _is_row(node) and judge_record(_row_fields(node), self._leaks).about
        return not _is_collection(node) and self._verdict(node)[0].about

    def _verdict(self, node: JsonObject) -> tuple[RecordVerdict, list[tuple[Field, JsonScalar]]]:
        leaves = list(_leaves(node))
        return judge_record([field for field, _ in leaves], self._leaks), leaves

    def _table(self, columns: Sequence[JsonArray]) -> Iterator[Edit]:
        """An object of columns of one length: what stands in one row is one record."""
        for row in range(len(columns[0].items)):
            cells = [column.items[row] for column in columns]
            fields = [Field("", _shown(c)) for c in cells if isinstance(c, JsonScalar)]
            if judge_record(fields, self._leaks).about:
                yield from (_nulled(cell) for cell in cells)


def _texts(item: JsonNode) -> list[str]:
    """The texts by which an item of a list is judged."""
    if isinstance(item, JsonScalar):
        return [_shown(item)] if _is_told(item) else []
    if isinstance(item, JsonArray):
        return views(_row_fields(item)) if _is_row(item) else []
    return [] if _is_collection(item) else views([field for field, _ in _leaves(item)])


def _leaves(node: JsonObject, prefix: str = "") -> Iterator[tuple[Field, JsonScalar]]:
    """The scalars that make one record: its own, those of lists of scalars, and those of nested
    objects that are neither envelopes nor collections."""
    for member in node.members:
        value, key = member.value, f"{prefix}{member.key}"
        if isinstance(value, JsonScalar):
            if _is_told(value):
                yield Field(member.key, _shown(value)), value
        elif isinstance(value, JsonArray):
            for item in value.items if _is_list_of_words(value) and not _columns(node) else ():
                if isinstance(item, JsonScalar) and _is_told(item):
                    yield Field(_item_key(member.key, value), _shown(item)), item
        elif isinstance(value, JsonObject) and _is_part(member):
            yield from _leaves(value, f"{key}.")


def _is_part(member: JsonMember) -> bool:
    """Whether an object inside a record tells more of what the record is about."""
    value = member.value
    envelope = member.key.lower() in _ENVELOPE
    return isinstance(value, JsonObject) and not (envelope or _is_collection(value))


def _is_list_of_words(array: JsonArray) -> bool:
    """Whether an array is a field of a few values (aliases, tags) rather than a list of things."""
    return _is_row(array) and len(array.items) <= 8


def _item_key(key: str, array: JsonArray) -> str:
    """The key of one item: of several names in a list none says what the record is about, unless
    they are names of one thing."""
    if len(array.items) < 2 or _ALIASES.search(key):
        return key
    return f"{key} member"


def _is_told(node: JsonScalar) -> bool:
    return not isinstance(node.value, bool) and node.value is not None


def _shown(node: JsonScalar) -> str:
    return str(node.value)


def _is_row(node: JsonArray) -> bool:
    return all(isinstance(item, JsonScalar) for item in node.items)


def _row_fields(node: JsonArray) -> list[Field]:
    """A row has no keys: its first cell is taken as the name of what it is about."""
    scalars = [item for item in node.items if isinstance(item, JsonScalar) and _is_told(item)]
    return [Field("name" if i == 0 else "", _shown(s)) for i, s in enumerate(scalars)]


def _has_names(array: JsonArray) -> bool:
    """Whether a list holds records that say what they are about."""
    records = [item for item in array.items if isinstance(item, JsonObject)]
    return bool(records) and all(any(says_what(m.key) for m in r.members) for r in records)


def _is_collection(node: JsonObject) -> bool:
    """Whether an object maps names or ids to records rather than being one."""
    kinds = [frozenset(m.key for m in v.members) for v in _objects(node)]
    if len(kinds) < len(node.members) or len(kinds) < 2:
        return False
    shared, all_keys = frozenset.intersection(*kinds), frozenset.union(*kinds)
    return 2 * len(shared) >= len(all_keys)


def _objects(node: JsonObject) -> list[JsonObject]:
    return [m.value for m in node.members if isinstance(m.value, JsonObject)]


def _columns(node: JsonObject) -> list[JsonArray]:
    """The columns, where an object is nothing but two or more lists of scalars of one length."""
    found = [m.value for m in node.members if isinstance(m.value, JsonArray) and _is_row(m.value)]
    lengths = {len(column.items) for column in found}
    if len(found) < 2 or len(found) < len(node.members) or len(lengths) != 1 or lengths == {0}:
        return []
    return found


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
