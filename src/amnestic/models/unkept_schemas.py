"""What llama.cpp's grammars do not say of a JSON schema.

Its engine passes over it in silence, and an answer would be taken for JSON of a schema that it does
not keep to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from amnestic.exceptions import InvalidRequestError

__all__ = ["refuse_unkept"]

_UNKEPT = (
    "not if uniqueItems contains minContains maxContains patternProperties propertyNames "
    "minProperties maxProperties dependencies dependentRequired dependentSchemas multipleOf"
).split()
_ONE = ("items", "additionalProperties", "additionalItems", "then", "else")
_MANY = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
_NAMED = ("properties", "$defs", "definitions")
_MOST_DEEP = 64


def refuse_unkept(schema: Mapping[str, Any]) -> None:
    """Raise `InvalidRequestError` with the first keyword of a schema that the engine would pass
    over; the schema's own words are not told. A property may be called as a keyword is.

    >>> refuse_unkept({"properties": {"not": {"type": "string"}}})
    >>> refuse_unkept({"items": {"uniqueItems": True}})
    Traceback (most recent call last):
        ...
    amnestic.exceptions.InvalidRequestError: a JSON schema of the request cannot be kept to \
('uniqueItems'): leave that out of it
    """
    for inner in _schemas(schema, 0):
        for keyword in _UNKEPT:
            if inner.get(keyword) not in (None, False):
                raise InvalidRequestError(
                    f"a JSON schema of the request cannot be kept to ({keyword!r}): leave that out "
                    "of it"
                )


def _schemas(schema: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """A schema and those within it, as deep as an engine reads them."""
    if not isinstance(schema, Mapping) or depth > _MOST_DEEP:
        return
    yield schema
    inner = [schema.get(key) for key in _ONE]
    for key in _MANY:
        found = schema.get(key)
        inner += found if isinstance(found, list | tuple) else ()
    for key in _NAMED:
        found = schema.get(key)
        inner += found.values() if isinstance(found, Mapping) else ()
    for one in inner:
        yield from _schemas(one, depth + 1)
