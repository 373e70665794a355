"""A caller's schema costs what the layer allows, fetches nothing and never raises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amnestic.tools.documents import SchemaRules, keeps_form
from tests.thoroughness import examples

BRANCHES: Any = {
    "$defs": {
        **{f"a{n}": {"anyOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(40)},
        "a40": False,
    },
    "$ref": "#/$defs/a0",
}
BACKWARDS = "^(a|a)*$"
LONG = "a" * 4_000 + "!"
HOSTILE: list[tuple[Any, Any]] = [
    (BRANCHES, 1),
    ({"pattern": BACKWARDS}, LONG),
    ({"patternProperties": {BACKWARDS: False}}, {LONG: 1}),
    ({"patternProperties": {BACKWARDS: True}, "additionalProperties": False}, {LONG: 1}),
    ({"$ref": "#/$defs/a", "$defs": {"a": {"patternProperties": {BACKWARDS: True}}},
      "unevaluatedProperties": False}, {LONG: 1}),
    ({"pattern": "a{1000000000}"}, "a"),
    ({"pattern": "(((a{1000}){1000}){1000})"}, "a"),
    ({"uniqueItems": True}, [{"n": n} for n in range(30_000)]),
    ({"type": 5}, 1),
    ({"pattern": "("}, "a"),
    ({"$schema": 5, "type": []}, 1),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "value"), HOSTILE)
def test_what_asks_too_much_or_is_no_schema_is_not_met(schema: Any, value: Any) -> None:
    assert not SchemaRules(schema).allow(value)
    assert not keeps_form(json.dumps([value]), "[]", {"items": schema})


def test_a_schema_that_points_to_itself_is_not_met() -> None:
    assert not SchemaRules({"$ref": "#"}).allow(1)


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a server, and the paths that it was asked for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


@pytest.mark.parametrize("key", ["$ref", "$dynamicRef", "$schema"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_nothing_is_fetched_for_a_schema(asked: tuple[str, list[str]], key: str) -> None:
    url, paths = asked
    schema = {key: f"{url}/schema.json"}
    SchemaRules(schema).allow({"a": 1})
    keeps_form('{"a": 1}', '{"a": 2}', schema)
    assert paths == []


KEPT: list[tuple[Any, Any, bool]] = [
    ({"pattern": "^[A-Z]"}, "Ada", True),
    ({"pattern": "^[A-Z]"}, "ada", False),
    ({"patternProperties": {"^n": {"type": "integer"}}}, {"n1": 5, "x": "y"}, True),
    ({"patternProperties": {"^n": {"type": "integer"}}}, {"n1": "5"}, False),
    ({"patternProperties": {"^n": {}}, "additionalProperties": False}, {"n": 1}, True),
    ({"patternProperties": {"^n": {}}, "additionalProperties": False}, {"m": 1}, False),
    (
        {"properties": {"a": {}}, "additionalProperties": {"type": "string"}},
        {"a": 1, "b": 2},
        False,
    ),
    ({"properties": {"a": {}}, "unevaluatedProperties": False}, {"a": 1}, True),
    ({"properties": {"a": {}}, "unevaluatedProperties": False}, {"b": 1}, False),
    ({"format": "date"}, "2001-02-30", False),
]


@pytest.mark.parametrize(("schema", "value", "whether"), KEPT)
def test_a_value_is_held_against_its_schema(schema: Any, value: Any, whether: bool) -> None:
    assert SchemaRules(schema).allow(value) is whether
    assert SchemaRules({"items": schema}).allow([value]) is whether


KEYWORDS = """type properties required items pattern patternProperties additionalProperties anyOf
    allOf not enum minLength format $ref $schema $id $defs if then uniqueItems dependentSchemas
    unevaluatedProperties contains prefixItems $dynamicRef $anchor multipleOf const""".split()
ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "#", "x", "string", "("]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*KEYWORDS, "a"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=examples(400), deadline=None)
@given(schema=st.dictionaries(st.sampled_from(KEYWORDS), ODD, max_size=4), value=ODD)
def test_no_schema_raises(schema: Any, value: Any) -> None:
    assert SchemaRules(schema).allow(value) in (True, False)
