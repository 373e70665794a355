"""Schemas that no model's maker would take: they cost little, and end in a refusal."""

from __future__ import annotations

import json
from typing import Any

import pytest

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
