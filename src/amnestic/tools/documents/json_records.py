"""What in a JSON tree is a record, a part of one, a list of records, or a table."""

from __future__ import annotations

import re
from collections.abc import Iterator

from amnestic.tools.documents.json_tree import (
    JsonArray,
    JsonMember,
    JsonNode,
    JsonObject,
    JsonScalar,
)
from amnestic.tools.documents.records import Field, keys_of_row, says_what, views

__all__ = [
    "columns_of",
    "has_names",
    "is_collection",
    "is_list_of_words",
    "is_part",
    "is_row",
    "is_told",
    "item_key",
    "leaves_of",
    "objects",
    "row_fields",
    "shown",
    "texts",
]

_ALIASES = re.compile(r"alias|nick|known|aka|synonym", re.IGNORECASE)

ENVELOPE = frozenset(
    "result results data item items record records document documents doc docs response payload "
    "hit hits match matches value values body content output rows entries metadata".split()
)


def texts(item: JsonNode) -> list[str]:
    """The texts by which an item of a list is judged."""
    if isinstance(item, JsonScalar):
        return [shown(item)] if is_told(item) else []
    if isinstance(item, JsonArray):
        return views(row_fields(item)) if is_row(item) else []
    return [] if is_collection(item) else views([field for field, _ in leaves_of(item)])


def leaves_of(node: JsonObject, prefix: str = "") -> Iterator[tuple[Field, JsonScalar]]:
    """The scalars that make one record: its own, those of lists of scalars, and those of nested
    objects that are neither envelopes nor collections."""
    has_columns = bool(columns_of(node))
    for member in node.members:
        value, key = member.value, f"{prefix}{member.key}"
        if isinstance(value, JsonScalar):
            if is_told(value):
                yield Field(member.key, shown(value)), value
        elif isinstance(value, JsonArray):
            for item in value.items if is_list_of_words(value) and not has_columns else ():
                if isinstance(item, JsonScalar) and is_told(item):
                    yield Field(item_key(member.key, value), shown(item)), item
        elif isinstance(value, JsonObject) and is_part(member):
            yield from leaves_of(value, f"{key}.")


def is_part(member: JsonMember) -> bool:
    """Whether an object inside a record tells more of what the record is about."""
    value = member.value
    envelope = member.key.lower() in ENVELOPE
    return isinstance(value, JsonObject) and not (envelope or is_collection(value))


def is_list_of_words(array: JsonArray) -> bool:
    """Whether an array is a field of a few values (aliases, tags) rather than a list of things."""
    return is_row(array) and len(array.items) <= 8


def item_key(key: str, array: JsonArray) -> str:
    """The key of one item: of several names in a list none says what the record is about, unless
    they are names of one thing."""
    if len(array.items) < 2 or _ALIASES.search(key):
        return key
    return f"{key} member"


def is_told(node: JsonScalar) -> bool:
    return not isinstance(node.value, bool) and node.value is not None


def shown(node: JsonScalar) -> str:
    return str(node.value)


def is_row(node: JsonArray) -> bool:
    return all(isinstance(item, JsonScalar) for item in node.items)


def row_fields(node: JsonArray) -> list[Field]:
    """A row has no keys: its first cell that is no number is taken as the name of what it is
    about."""
    told = [shown(x) for x in node.items if isinstance(x, JsonScalar) and is_told(x)]
    return [Field(key, text) for key, text in zip(keys_of_row(told), told, strict=True)]


def has_names(array: JsonArray) -> bool:
    """Whether a list holds records that say what they are about."""
    records = [item for item in array.items if isinstance(item, JsonObject)]
    return bool(records) and all(any(says_what(m.key) for m in r.members) for r in records)


def is_collection(node: JsonObject) -> bool:
    """Whether an object maps names or ids to records rather than being one."""
    kinds = [frozenset(m.key for m in v.members) for v in objects(node)]
    if len(kinds) < len(node.members) or len(kinds) < 2:
        return False
    shared, all_keys = frozenset.intersection(*kinds), frozenset.union(*kinds)
    return 2 * len(shared) >= len(all_keys)


def objects(node: JsonObject) -> list[JsonObject]:
    return [m.value for m in node.members if isinstance(m.value, JsonObject)]


def columns_of(node: JsonObject) -> list[JsonArray]:
    """The columns, where an object is nothing but two or more lists of scalars of one length."""
    found = [m.value for m in node.members if isinstance(m.value, JsonArray) and is_row(m.value)]
    lengths = {len(column.items) for column in found}
    if len(found) < 2 or len(found) < len(node.members) or len(lengths) != 1 or lengths == {0}:
        return []
    return found
