"""The forms that an answer has to have: schemas, and the calls beside them."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from amnestic.exceptions import InvalidRequestError
from amnestic.models.answer_forms import fault_in, grammar_of, schema_in
from amnestic.models.closed_schemas import closed


@pytest.mark.parametrize(
    "form", [{"type": "xml"}, "json_object", {}, {"type": None}, {"json_schema": {}}]
)
def test_a_form_that_nobody_knows_is_one_clear_line(form):
    with pytest.raises(InvalidRequestError, match="must be of the type 'text', 'json_object'"):
        schema_in({"response_format": form})


@pytest.mark.parametrize("held", [None, {}, {"schema": None}, {"schema": "x"}, "x"])
def test_a_schema_that_is_not_there_is_one_clear_line(held):
    form = {"type": "json_schema", "json_schema": held}
    with pytest.raises(InvalidRequestError, match="holds no schema: give one"):
        schema_in({"response_format": form})


@pytest.mark.parametrize("schema", [{"const": float("nan")}, {"const": object()}])
def test_what_is_no_json_is_one_clear_line(schema):
    with pytest.raises(InvalidRequestError, match="is no JSON"):
        grammar_of(schema)


def test_a_schema_that_goes_round_in_itself_is_one_clear_line():
    schema: dict[str, Any] = {"type": "object"}
    schema["properties"] = {"a": schema}
    with pytest.raises(InvalidRequestError, match="is no JSON"):
        grammar_of(schema)


def test_no_word_of_a_schema_gets_out_of_its_string_in_the_grammar():
    odd = 'a" | "b\n%ignore /x/ \\'
    grammar = grammar_of({"const": odd}, [(odd, {"const": odd}, odd)])
    lines = grammar.splitlines()
    assert len(lines) == 5
    assert json.loads(lines[1].removeprefix("answer: %json "))["const"] == odd


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        ('Unimplemented keys: ["if", "secretword"]', "('if')"),
        ("regex parse error: (?=secretword)", "('pattern')"),
        ("Resource 'https://secretword' is not present in a registry", "('$ref')"),
        ("Invalid type: secretword", "('type')"),
        ("oneOf is not of any type that is secretword", "('oneOf')"),
        ("secretword is not of any type", ": simplify it"),
    ],
)
def test_what_a_schema_is_refused_for_is_told_without_its_words(refusal, told):
    assert told in str(fault_in(refusal))
    assert "secretword" not in str(fault_in(refusal))


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "object"}, {"a": 1}),
        ({"properties": {"a": {}}, "additionalProperties": True}, {"b": 1}),
        ({"properties": {"a": {}}, "patternProperties": {"^b": {}}}, {"b": 1}),
        ({"properties": {"a": {}}, "required": ["b"]}, {"b": 1}),
        ({"properties": {"a": {}}, "minProperties": 2}, {"a": 1, "b": 1}),
        ({"properties": {"a": {}}, "anyOf": [{"required": ["b"]}]}, {"b": 1}),
        ({"properties": {"a": {}}, "not": {"required": ["a"]}}, {"b": 1}),
        ({"allOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]}, {"a": 1, "b": 1}),
        ({"$defs": {"d": {"properties": {"a": {}}}}, "$ref": "#/$defs/d",
          "properties": {"b": {}}}, {"a": 1, "b": 1}),
        ({"items": {"properties": {"a": {}}, "required": ["b"]}}, [{"b": 1}]),
    ],
)  # fmt: skip
def test_what_needs_further_properties_may_have_them(schema, value):
    jsonschema.validate(value, schema)
    jsonschema.validate(value, closed(schema))


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"properties": {"b": {}}}}},
        {"properties": {"a": {"items": {"properties": {"b": {}}}}}},
        {"properties": {"a": {"anyOf": [{"properties": {"b": {}}}, {"type": "null"}]}}},
        {"properties": {"a": {"$ref": "#/$defs/d"}}, "$defs": {"d": {"properties": {"b": {}}}}},
    ],
)
def test_an_object_holds_what_its_schema_tells_of_and_nothing_else(schema):
    inner = {"b": 1}
    value: dict[str, Any] = {"a": [inner] if "items" in schema["properties"]["a"] else inner}
    jsonschema.validate(value, closed(schema))
    inner["c"] = 2
    jsonschema.validate(value, schema)
    assert not jsonschema.Draft202012Validator(closed(schema)).is_valid(value)
    assert "additionalProperties" not in schema  # which is the caller's own


def test_a_property_that_is_called_as_a_keyword_is_a_property():
    schema = {"properties": {"allOf": {"type": "string"}, "properties": {"type": "string"}}}
    assert closed(schema)["properties"] == schema["properties"]
