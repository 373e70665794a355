"""Answers that must be JSON of a given shape stay so when something of them was withheld."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from amnestic.integrations.openai.dialect import Json

__all__ = ["fillings", "is_fitting"]

_DEPTH = 32
_TRIES = 8
_MOST_STEPS = 100_000  # for one text: a schema that points to itself has no end
_MOST_CHARS = 10_000  # that are filled in for one string
_PLAIN = {
    "date": "1970-01-01",
    "date-time": "1970-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "duration": "PT0S",
    "email": "nobody@example.com",
    "hostname": "example.com",
    "ipv4": "0.0.0.0",  # noqa: S104
    "ipv6": "::",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-0000-0000-000000000000",
}
"""For each format of JSON schema that has rules, the plainest text that keeps them."""
_ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def fillings(text: str, schema: Json, abstention: str) -> Iterator[str]:
    """JSON texts that hold to `schema` and keep what they can of `text`, best first.

    What is missing is filled with `null`, nothing or `abstention`, as the schema allows; where it
    allows fixed values only, each text takes another. There are none for a schema that is no schema
    or asks for more than anybody would fill in.

    >>> next(fillings("?", {"type": "object", "properties": {"a": {"type": "string"}}}, "No idea."))
    '{"a": "No idea."}'
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    for turn in range(_TRIES):
        try:
            filled = _Filler(schema, abstention, turn).fill(schema, given, 0)
        except _ODD:
            return
        yield json.dumps(filled, ensure_ascii=False)


def is_fitting(text: str, schema: Json) -> bool:
    """Whether `text` is JSON and has the shape that `schema` asks for.

    >>> is_fitting('{"a": 1}', {"type": "object", "required": ["b"]})
    False
    """
    try:
        value = json.loads(text)
        return _Filler(schema, "", 0).holds(schema, value, 0)
    except (*_ODD, RecursionError):
        return False


class _Filler:
    """Fills one schema; `turn` says which of the fixed values to take."""

    def __init__(self, root: Json, abstention: str, turn: int) -> None:
        self._root = root
        self._abstention = abstention
        self._turn = turn
        self._steps = 0

    def fill(self, schema: Any, given: Any, depth: int) -> Any:
        """A value of `schema`, as near to `given` as can be."""
        schema = self._resolved(schema)
        if depth > _DEPTH:
            return None
        if given is not None and self.holds(schema, given, depth):
            return given
        for name in ("anyOf", "oneOf"):
            if options := schema.get(name):
                return self._any_of(options, given, depth)
        if "const" in schema:
            return schema["const"]
        if values := schema.get("enum"):
            return None if None in values else values[self._turn % len(values)]
        return self._of_kind(schema, given, depth)

    def _any_of(self, options: Sequence[Any], given: Any, depth: int) -> Any:
        null = any(_kinds(self._resolved(option)) == ("null",) for option in options)
        return None if null else self.fill(options[0], given, depth + 1)

    def _of_kind(self, schema: Json, given: Any, depth: int) -> Any:
        kinds = _kinds(schema)
        if "null" in kinds:
            return None
        match kinds[0] if kinds else "object" if "properties" in schema else "string":
            case "object":
                return self._object(schema, given, depth)
            case "array":
                return self._array(schema, given, depth)
            case "string":
                return self._string(schema)
            case "boolean":
                return False
            case _:
                return _number(schema)

    def _object(self, schema: Json, given: Any, depth: int) -> Json:
        properties = schema.get("properties") or {}
        known = given if isinstance(given, Mapping) else {}
        wanted = schema.get("required") or properties
        names = [name for name in properties if name in wanted or name in known]
        return {n: self.fill(properties[n], known.get(n), depth + 1) for n in names}

    def _array(self, schema: Json, given: Any, depth: int) -> list[Any]:
        inner, least = schema.get("items") or {}, schema.get("minItems") or 0
        if places := schema.get("prefixItems"):
            had = [*(given if _is_list(given) else ()), *(None for _ in places)]
            known = [self.fill(s, v, depth + 1) for s, v in zip(places, had, strict=False)]
        else:
            known = [v for v in given if self.holds(inner, v, depth)] if _is_list(given) else []
        missing = max(0, least - len(known))
        self._take(missing)
        return [*known, *(self.fill(inner, None, depth + 1) for _ in range(missing))]

    def _string(self, schema: Json) -> str:
        if (form := schema.get("format")) in _PLAIN:
            return _PLAIN[form]
        if "pattern" in schema or form:
            return ""
        most: int | None = schema.get("maxLength")
        least = schema.get("minLength") or 0
        if least > _MOST_CHARS:
            raise ValueError("a string that nobody would fill in")
        return self._abstention[:most].ljust(least)

    def holds(self, schema: Any, value: Any, depth: int) -> bool:
        """Whether `value` has the shape that `schema` asks for."""
        schema = self._resolved(schema)
        if depth > _DEPTH:
            return False
        for name in ("anyOf", "oneOf"):
            if options := schema.get(name):
                return any(self.holds(option, value, depth + 1) for option in options)
        if "const" in schema and value != schema["const"]:
            return False
        if "enum" in schema and value not in schema["enum"]:
            return False
        kinds = _kinds(schema)
        if kinds and not any(_is_kind(value, kind) for kind in kinds):
            return False
        return self._inner_holds(schema, value, depth)

    def _inner_holds(self, schema: Json, value: Any, depth: int) -> bool:
        if isinstance(value, Mapping):
            properties = schema.get("properties") or {}
            if any(name not in value for name in schema.get("required") or ()):
                return False
            return all(
                self.holds(properties[n], v, depth + 1) for n, v in value.items() if n in properties
            )
        if _is_list(value):
            places, inner = schema.get("prefixItems") or (), schema.get("items") or {}
            enough = len(value) >= (schema.get("minItems") or 0)
            wanted = (*places, *(inner for _ in value))
            return enough and all(
                self.holds(s, v, depth + 1) for s, v in zip(wanted, value, strict=False)
            )
        return True

    def _take(self, steps: int) -> None:
        self._steps += steps
        if self._steps > _MOST_STEPS:
            raise ValueError("a schema that does not end")

    def _resolved(self, schema: Any) -> Json:
        self._take(1)
        for _ in range(_DEPTH):
            if not isinstance(schema, Mapping):
                return {}
            reference = schema.get("$ref")
            if not isinstance(reference, str):
                break
            found: Any = self._root
            for name in reference.removeprefix("#").strip("/").split("/"):
                found = found.get(name) if isinstance(found, Mapping) and name else found
            schema = found
        found = dict(schema) if isinstance(schema, Mapping) else {}
        parts = found.pop("allOf", None)
        return _together([found, *map(self._resolved, parts)]) if parts else found


def _together(parts: Sequence[Json]) -> Json:
    """What all of several schemas ask for, where they do not ask for one thing twice."""
    whole = {key: value for part in reversed(parts) for key, value in part.items()}
    properties = [part["properties"] for part in parts if "properties" in part]
    if properties:
        whole["properties"] = {k: v for held in reversed(properties) for k, v in held.items()}
        whole["required"] = [n for part in parts for n in part.get("required") or ()]
    return whole


def _number(schema: Json) -> float:
    """A number within the bounds of a schema: zero, or the nearest to it."""
    low, above = schema.get("minimum", -math.inf), schema.get("exclusiveMinimum", -math.inf)
    high, below = schema.get("maximum", math.inf), schema.get("exclusiveMaximum", math.inf)
    least, most = max(low, above + 1), min(high, below - 1)
    if least > most:  # no whole number lies between
        return (max(low, above) + min(high, below)) / 2  # type: ignore[no-any-return]
    found: float = min(max(0, least), most)
    step = schema.get("multipleOf")
    return math.ceil(found / step) * step if step else found


def _kinds(schema: Json) -> tuple[str, ...]:
    kind = schema.get("type")
    return (kind,) if isinstance(kind, str) else tuple(kind or ())


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_kind(value: Any, kind: str) -> bool:
    match kind:
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list)
        case _:
            return isinstance(value, dict)
