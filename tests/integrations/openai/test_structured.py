"""Schemas that no model's maker would take: they cost little, and end in a refusal."""

from __future__ import annotations

import datetime
import ipaddress
import json
import uuid
from typing import Any

import jsonschema
import pytest
from pydantic import HttpUrl, TypeAdapter

from amnestic.integrations.openai.structured import fillings, is_fitting

ITSELF: Any = {"$ref": "#"}
ODD: list[Any] = [
    {"enum": 5},
    {"anyOf": 5},
    {"anyOf": {"a": 1}},
    {"type": 5},
    {"type": "object", "required": 5},
    {"type": "object", "properties": [1]},
    {"type": "array", "minItems": "x"},
    {"type": "string", "minLength": "x"},
]
ENDLESS: list[Any] = [
    {"type": "array", "minItems": 10**9, "items": {"type": "string"}},
    {"type": "string", "minLength": 10**10},
    {"type": "object", "properties": {"a": ITSELF, "b": ITSELF}, "required": ["a", "b"]},
    {"anyOf": [ITSELF, ITSELF]},
]


@pytest.mark.parametrize("schema", [*ODD, *ENDLESS], ids=json.dumps)
@pytest.mark.parametrize("text", ["no JSON", '{"a": "x"}', '["x"]'])
def test_whatever_is_filled_in_for_an_odd_schema_is_json(schema: Any, text: str) -> None:
    assert is_fitting(text, schema) in (True, False)
    for filled in fillings(text, schema, "I don't know."):
        assert len(filled) < 1_000_000
        json.loads(filled)


@pytest.mark.parametrize("schema", ENDLESS[:3], ids=json.dumps)
def test_nothing_is_filled_in_where_a_schema_asks_without_end(schema: Any) -> None:
    assert not list(fillings("no JSON", schema, "I don't know."))


def test_what_a_long_list_holds_stays() -> None:
    schema = {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "number"}}}}
    rows = [{"n": n} for n in range(2_000)]
    given = json.dumps([*rows, {"n": "gone"}])
    assert not is_fitting(given, schema)
    assert json.loads(next(fillings(given, schema, "I don't know."))) == rows


FORMATS: dict[str, Any] = {
    "date": datetime.date,
    "date-time": datetime.datetime,
    "time": datetime.time,
    "duration": datetime.timedelta,
    "ipv4": ipaddress.IPv4Address,
    "ipv6": ipaddress.IPv6Address,
    "uri": HttpUrl,
    "uuid": uuid.UUID,
}
NAME: Any = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
MORE: Any = {"properties": {"m": {"type": "boolean"}}, "required": ["m"]}
KEPT_TO: list[Any] = [
    *({"type": "string", "format": form} for form in (*FORMATS, "email", "hostname")),
    {"type": "integer", "exclusiveMinimum": 0},
    {"type": "integer", "maximum": -3},
    {"type": "integer", "minimum": 3, "multipleOf": 5},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    {"type": "number", "minimum": -90, "maximum": 90},
    {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "minItems": 2},
    {"allOf": [{"$ref": "#/$defs/name"}, MORE], "$defs": {"name": NAME}},
]


@pytest.mark.parametrize("schema", KEPT_TO, ids=json.dumps)
@pytest.mark.parametrize("text", ["I don't know.", "{}", "null"])
def test_what_is_filled_in_keeps_to_the_bounds_of_its_schema(schema: Any, text: str) -> None:
    filled = json.loads(next(fillings(text, schema, "I don't know.")))
    rules = jsonschema.Draft202012Validator
    jsonschema.validate(filled, schema, rules, format_checker=rules.FORMAT_CHECKER)


@pytest.mark.parametrize("form", FORMATS)
def test_a_text_of_a_format_is_filled_in_so_that_it_is_read(form: str) -> None:
    filled = json.loads(next(fillings("?", {"type": "string", "format": form}, "I don't know.")))
    TypeAdapter(FORMATS[form]).validate_python(filled)


def test_a_number_that_is_filled_in_is_the_nearest_to_nothing() -> None:
    assert next(fillings("?", {"type": "number", "minimum": -90, "maximum": 90}, "")) == "0"
