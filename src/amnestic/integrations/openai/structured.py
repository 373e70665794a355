"""Answers that must be JSON of a given shape stay so when something of them was withheld."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from amnestic.integrations.openai.dialect import Json
from amnestic.tools.documents import SchemaRules

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
    "idn-email": "nobody@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "0.0.0.0",  # noqa: S104
    "ipv6": "::",
    "uri": "https://example.com/",
    "uri-reference": "https://example.com/",
    "uri-template": "https://example.com/",
    "iri": "https://example.com/",
    "iri-reference": "https://example.com/",
    "json-pointer": "",
    "relative-json-pointer": "0",
    "regex": "",
    "byte": "",
    "binary": "",
    "password": "",
    "uuid": "00000000-0000-0000-0000-000000000000",
}
"""For each format of JSON schema that has rules, the plainest text that keeps them."""
_ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def fillings(text: str, schema: Json, abstention: str) -> Iterator[str]:
    """JSON texts that hold to `schema` and keep what they can of `text`, best first.

    What is missing is filled with `null`, nothing or `abstention`, as the schema allows; where it
    allows fixed values only, each text takes another. There are none for a schema that is no schema
    or asks for more than anybody would fill in, and none that does not hold to it.

    >>> next(fillings("?", {"type": "object", "properties": {"a": {"type": "string"}}}, "No idea."))
    '{"a": "No idea."}'
    >>> list(fillings("?", {"type": "string", "not": {}}, "No idea."))
    []
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    filler = _Filler(schema, abstention)
    for turn in range(_TRIES):
        try:
            filled = filler.filled(given, turn)
        except RecursionError:
            return
        except _ODD:
            continue
        if filler.rules.allow(filled):
            yield json.dumps(filled, ensure_ascii=False)


def is_fitting(text: str, schema: Json) -> bool:
    """Whether `text` is JSON and holds to what `schema` asks for.

    >>> is_fitting('{"a": 1}', {"type": "object", "required": ["b"]})
    False
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return SchemaRules(schema).allow(value)


class _Filler:
    """Fills one schema, in several turns: each takes another of the fixed values."""

    def __init__(self, root: Json, abstention: str) -> None:
        self.rules = SchemaRules(root)
        self._root = root
        self._abstention = abstention
        self._turn = 0
        self._steps = 0

    def filled(self, given: Any, turn: int) -> Any:
        """A value of the schema, as near to `given` as can be; raises what an odd schema makes."""
        self._turn = turn
        return self._fill(self._root, given, 0)

    def _fill(self, schema: Any, given: Any, depth: int) -> Any:
        schema = self._resolved(schema)
        if depth > _DEPTH:
            return None
        if given is not None and self.rules.allow(given, schema):
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
        option = options[self._turn % len(options)]
        return None if null else self._fill(option, given, depth + 1)

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
        more = schema.get("additionalProperties", {})
        parts = {n: properties[n] for n in names} | {n: more for n in wanted if n not in properties}
        return {n: self._fill(part, known.get(n), depth + 1) for n, part in parts.items()}

    def _array(self, schema: Json, given: Any, depth: int) -> list[Any]:
        inner, least = schema.get("items") or {}, schema.get("minItems") or 0
        if places := schema.get("prefixItems"):
            had = [*(given if _is_list(given) else ()), *(None for _ in places)]
            known = [self._fill(s, v, depth + 1) for s, v in zip(places, had, strict=False)]
        else:
            known = [v for v in given if self.rules.allow(v, inner)] if _is_list(given) else []
        missing = max(0, least - len(known))
        self._take(missing)
        return [*known, *(self._fill(inner, None, depth + 1) for _ in range(missing))]

    def _string(self, schema: Json) -> str:
        form, pattern = schema.get("format"), schema.get("pattern")
        if form is not None and form not in _PLAIN:
            raise ValueError("a format that nobody knows")
        least, most = schema.get("minLength") or 0, schema.get("maxLength")
        if least > _MOST_CHARS:
            raise ValueError("a string that nobody would fill in")
        plain = _PLAIN[form] if form else self._abstention[:most].ljust(least)
        if pattern is None or self.rules.allow(plain, schema):
            return plain
        return self.rules.patterns.text_of(pattern, lambda text: self.rules.allow(text, schema))

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
    if "integer" in _kinds(schema):
        found = math.ceil(found)
    step = schema.get("multipleOf")
    return math.ceil(found / step) * step if step else found


def _kinds(schema: Json) -> tuple[str, ...]:
    kind = schema.get("type")
    return (kind,) if isinstance(kind, str) else tuple(kind or ())


def _is_list(value: Any) -> bool:
    return isinstance(value, list)
