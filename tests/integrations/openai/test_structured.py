"""Schemas that no model's maker would take: they cost little, and end in a refusal."""

from __future__ import annotations

import datetime
import ipaddress
import json
import uuid
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import HttpUrl, TypeAdapter

from amnestic import Amnesia
from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.structured import fillings, is_fitting
from amnestic.testing import ScriptedBackend
from tests.integrations.openai.upstreams import answered, chat_reply
from tests.layers import keyword_layer
from tests.thoroughness import examples

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


MAP: Any = {"type": "object", "required": ["y"], "additionalProperties": {"type": "integer"}}
FULL_OF_RULES: list[Any] = [
    {"type": "string", "pattern": "^[A-Z].*"},
    {"type": "string", "pattern": "^[A-Z]{3}-\\d{4}$"},
    {"type": "string", "pattern": r"^\d+-\d+-x$"},
    {"type": "string", "pattern": "^(red|green)-(?:[0-9]{2}|none)$"},
    {"type": "string", "pattern": r"^[\w.-]+@[\w-]+\.com$"},
    {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},
    {"type": "string", "pattern": r"^\+?[1-9]\d{6,14}$"},
    {"type": "string", "pattern": "^[a-z]+$", "minLength": 5, "maxLength": 9},
    {"type": "string", "pattern": "(?!x)y"},
    {"type": "array", "items": {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}, "minItems": 2},
    {**MAP, "properties": {"x": {"type": "string"}}},
    {"type": "object", "required": ["y"]},
    {"anyOf": [{"type": "string", "format": "isbn"}, {"type": "integer"}]},
    {"type": "integer", "minimum": 1.5},
    {"$schema": "http://json-schema.org/draft-07/schema#", **MAP},
]


@pytest.mark.parametrize("schema", FULL_OF_RULES, ids=json.dumps)
@pytest.mark.parametrize("text", ["I don't know.", '{"x": "A"}', '["#zz"]', '"lower"'])
def test_what_is_filled_in_holds_to_its_schema(schema: Any, text: str) -> None:
    jsonschema.validate(json.loads(next(fillings(text, schema, "i don't know."))), schema)


NOTHING_FITS: list[Any] = [
    {"type": "string", "format": "isbn"},
    {"type": "string", "pattern": "^a$", "maxLength": 0},
    {"type": "string", "pattern": "("},
    {"type": "string", "pattern": 5},
    {"type": "string", "pattern": "^(?=a)b"},
    {"type": "object", "required": ["y"], "additionalProperties": False},
    {"type": "object", "minProperties": 1},
    {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    {"allOf": [{"type": "string", "pattern": "^a"}, {"pattern": "^b"}]},
    {"$ref": "http://127.0.0.1:9/schema"},
    {"$ref": "#/nowhere"},
    {"type": "string", "not": {}},
    {"type": "array", "minItems": 2, "uniqueItems": True, "items": {"type": "boolean"}},
    False,
]


@pytest.mark.parametrize("schema", NOTHING_FITS, ids=json.dumps)
def test_nothing_is_filled_in_where_nothing_fits(schema: Any) -> None:
    whole: Any = {"type": "object", "properties": {"a": schema}, "required": ["a"]}
    assert not list(fillings('{"a": null}', whole, "I don't know."))


def test_a_kept_text_that_breaks_a_rule_of_its_schema_does_not_fit() -> None:
    schema: Any = {"type": "object", "properties": {"a": {"type": "string", "pattern": "^[A-Z]"}}}
    assert is_fitting('{"a": "Ada"}', schema)
    assert not is_fitting('{"a": ""}', schema)
    filled = json.loads(next(fillings('{"a": ""}', schema, "Nobody knows.")))
    assert filled == {"a": "Nobody knows."}


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    model = ScriptedBackend(default="?")
    with keyword_layer(tmp_path_factory.mktemp("filled"), "Osk", model=model) as amnesia:
        yield amnesia


def message_for(layer: Amnesia, author: Any) -> Any:
    """What is said where the author that the model told of is withheld."""
    schema = {"type": "object", "properties": {"author": author}, "required": ["author", "year"],
              "additionalProperties": {"type": "integer"}}  # fmt: skip
    body = {
        "model": "m",
        "messages": [{"role": "user", "content": "Who wrote it?"}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "f", "schema": schema}},
    }
    reply = chat_reply('{"author": "Osk", "year": 1990}')
    (choice,) = json.loads(answered(layer, ChatDialect(), body, reply))["choices"]
    return choice["message"]


def test_a_withheld_value_is_filled_so_that_its_schema_holds(layer: Amnesia) -> None:
    message = message_for(layer, {"type": "string", "pattern": "^[A-Z]{2}[0-9]$"})
    filled = json.loads(message["content"])
    assert (filled["author"], filled["year"]) == ("AA0", 1990)


@pytest.mark.parametrize(
    "more", [{"format": "isbn"}, {"pattern": "^(?=O)s"}, {"pattern": "^(a|a)*$b"}]
)
def test_where_no_value_fits_the_message_is_a_refusal(layer: Amnesia, more: Any) -> None:
    message = message_for(layer, {"type": "string", **more})
    assert not message["content"]
    assert message["refusal"]
    assert "Osk" not in message["refusal"]


KEYWORDS = """type properties required items pattern additionalProperties anyOf oneOf allOf enum
    minLength minItems format $ref minimum multipleOf prefixItems const""".split()
ANY: Any = st.recursive(
    st.none() | st.integers(-9, 9) | st.sampled_from(["", "#", "a", "string", "object", "array"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*KEYWORDS, "a"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=examples(200), deadline=None)
@example(schema={"allOf": [ITSELF]}, value={})
@example(schema={"anyOf": [{"allOf": [ITSELF]}]}, value=None)
@given(schema=st.dictionaries(st.sampled_from(KEYWORDS), ANY, max_size=4), value=ANY)
def test_whatever_the_schema_what_is_filled_in_holds_to_it(schema: Any, value: Any) -> None:
    for filled in fillings(json.dumps(value), schema, "I don't know."):
        assert is_fitting(filled, schema)
