"""A JSON schema whose objects hold what it tells of, and nothing else.

JSON Schema lets an object hold any further properties where it does not say otherwise. A small
model that may go on does, until it is cut off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["closed"]

_ONE = ("items", "contains", "additionalProperties", "additionalItems")
_MANY = ("anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "$defs", "definitions")
_JOINING = ("allOf", "anyOf", "oneOf", "$ref", "if", "not", "dependentSchemas", "minProperties")
_OPEN = ("additionalProperties", "unevaluatedProperties", "patternProperties", "propertyNames")
_MOST_DEEP = 64


def closed(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema without further properties, wherever none of it says that there are some. What
    keeps to it keeps to `schema` too; a schema that is put together of parts which must all hold
    comes back as it is.

    >>> closed({"properties": {"n": {"type": "null"}}})["additionalProperties"]
    False
    >>> whole = {"allOf": [{"properties": {"n": {}}}, {"required": ["m"]}]}
    >>> closed(whole) is whole
    True
    """
    try:
        joins = any(_is_joined(inner) for inner in _schemas(schema, 0))
    except RecursionError:
        return schema
    return schema if joins else _closed(schema)


def _is_joined(schema: Mapping[str, Any]) -> bool:
    """Whether a schema holds together with another one for one value."""
    return "allOf" in schema or ("$ref" in schema and "properties" in schema)


def _schemas(schema: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > _MOST_DEEP:
        raise RecursionError
    if isinstance(schema, Mapping):
        yield schema
        for inner in schema.values():
            yield from _schemas(inner, depth + 1)
    elif isinstance(schema, list | tuple):
        for inner in schema:
            yield from _schemas(inner, depth + 1)


def _closed(schema: Any) -> Any:
    if not isinstance(schema, Mapping):
        return schema
    known = schema.get("properties")
    if isinstance(known, Mapping) and any(key in schema for key in _JOINING):
        return schema
    told = dict(schema)
    for key in (key for key in _ONE if key in told):
        told[key] = _closed(told[key])
    for key in (key for key in _MANY if isinstance(told.get(key), list)):
        told[key] = [_closed(inner) for inner in told[key]]
    for key in (key for key in _NAMED if isinstance(told.get(key), Mapping)):
        told[key] = {name: _closed(inner) for name, inner in told[key].items()}
    if isinstance(known, Mapping) and not any(key in schema for key in _OPEN):
        needed = schema.get("required")
        if not isinstance(needed, list) or {*map(str, needed)} <= known.keys():
            told["additionalProperties"] = False
    return told
