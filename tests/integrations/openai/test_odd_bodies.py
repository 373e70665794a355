"""Whatever stands anywhere in a request is answered or refused in one line, and nothing else
happens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amnestic import Amnesia
from amnestic.exceptions import AmnesticError
from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.completions import CompletionsDialect
from amnestic.integrations.openai.dialect import Dialect, Json
from amnestic.integrations.openai.door import Door
from amnestic.integrations.openai.responses import ResponsesDialect
from amnestic.server.bodies import check_fields
from amnestic.server.errors import ServerError
from amnestic.testing import ScriptedBackend
from tests.integrations.openai.recorded import RESPONSES
from tests.integrations.openai.upstreams import Saying, chat_chunk, chat_reply, response
from tests.integrations.placing import changed, places
from tests.layers import keyword_layer
from tests.thoroughness import examples

SCHEMA: Json = {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}
FUNCTION: Json = {"name": "find", "description": "Finds.", "parameters": SCHEMA}
CALL: Json = {"name": "find", "arguments": "{}"}
FORM: Json = {"name": "form", "schema": SCHEMA, "strict": True}
ALLOWED: Json = {"mode": "required", "tools": [{"type": "function", "function": {"name": "find"}}]}
AROUND: Json = {"n": 1, "stop": ["END"], "stream_options": {"include_usage": True}, "user": "u",
                "metadata": {"a": "b"}, "logprobs": None, "temperature": 1}  # fmt: skip
CHAT_BODY: Json = {
    "model": "m", **AROUND,
    "messages": [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": "Who was it?"}], "name": "ann"},
        {"role": "assistant", "content": None, "reasoning_content": "Hm.",
         "tool_calls": [{"id": "c", "type": "function", "function": CALL}]},
        {"role": "tool", "tool_call_id": "c", "content": "4"},
        {"role": "assistant", "content": "", "function_call": CALL},
        {"role": "user", "content": "And now?"},
    ],
    "tools": [{"type": "function", "function": FUNCTION}, {"type": "custom", "custom": CALL}],
    "tool_choice": {"type": "allowed_tools", "allowed_tools": ALLOWED},
    "response_format": {"type": "json_schema", "json_schema": FORM},
    "functions": [FUNCTION], "function_call": {"name": "find"},
}  # fmt: skip
RESPONSES_BODY: Json = {
    "model": "m", **AROUND, "instructions": "Be kind.",
    "input": [
        {"role": "user", "content": [{"type": "input_text", "text": "Who was it?"}]},
        {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": "Hm."}]},
        {"type": "function_call", "call_id": "c", **CALL},
        {"type": "function_call_output", "call_id": "c", "output": "4"},
        {"type": "message", "role": "user", "content": "And now?"},
    ],
    "tools": [{"type": "function", **FUNCTION}, {"type": "custom", "name": "run"}],
    "tool_choice": {"type": "allowed_tools", "mode": "required",
                    "tools": [{"type": "function", "name": "find"}]},
    "text": {"format": {"type": "json_schema", **FORM}},
}  # fmt: skip
COMPLETIONS_BODY: Json = {"model": "m", **AROUND, "prompt": ["Who was it?"], "suffix": "It was."}
SAID = "It was Osk. It rains."
DOORS: dict[str, tuple[Dialect, Json, Any, Any]] = {
    "chat": (ChatDialect(), CHAT_BODY, chat_reply(SAID),
             [chat_chunk({"content": SAID}), chat_chunk({}, "stop")]),
    "responses": (ResponsesDialect(), RESPONSES_BODY, response(SAID), RESPONSES["plain"]),
    "completions": (CompletionsDialect(), COMPLETIONS_BODY,
                    {"choices": [{"text": SAID, "index": 0, "finish_reason": "stop"}]},
                    [{"choices": [{"text": SAID, "index": 0, "finish_reason": "stop"}]}]),
}  # fmt: skip


WORDS = ["x", "", "Osk", "find", "required", "auto", "none", "type", "function", "tools", "name"]
KEYS = [*WORDS, "allowed_tools", "mode", "parameters", "properties", "content", "text", "schema"]
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
ODD = st.recursive(
    PLAIN | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
    ),
    max_leaves=6,
)


def changes(name: str) -> st.SearchStrategy[Json]:
    body = DOORS[name][1]
    found = sorted(places(body), key=str)
    return st.lists(st.tuples(st.sampled_from(found), ODD), min_size=1, max_size=2).map(
        lambda pairs: _all_changed(body, pairs)
    )


def _all_changed(body: Json, pairs: list[tuple[tuple[Any, ...], Any]]) -> Json:
    for path, odd in pairs:
        try:
            body = changed(body, path, odd)
        except (IndexError, KeyError, TypeError):  # the first change took the place away
            continue
    return body


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    model = ScriptedBackend(default="?")
    with keyword_layer(tmp_path_factory.mktemp("odd"), "Osk", model=model) as amnesia:
        yield amnesia


def served(layer: Amnesia, name: str, body: Json) -> None:
    """Ask a door both ways, with the checks of the server before it and without."""
    dialect, _, reply, chunks = DOORS[name]
    door = Door(layer, dialect)

    async def whole() -> None:
        await door.answer(body, Saying(reply))

    async def streamed() -> None:
        async for _ in door.stream({**body, "stream": True}, Saying(chunks)).events():
            pass

    async def checked() -> None:
        check_fields(body, 100)

    for way in (whole, streamed, checked):
        refusal = ""
        try:
            asyncio.run(way())
        except (AmnesticError, ServerError) as error:
            refusal = str(error)
        assert "\n" not in refusal
        assert len(refusal) < 400


PATIENT = settings(max_examples=examples(60), deadline=None)


@PATIENT
@given(body=changes("chat"))
def test_an_odd_value_anywhere_in_a_chat_completions_request(layer: Amnesia, body: Json) -> None:
    served(layer, "chat", body)


@PATIENT
@given(body=changes("responses"))
def test_an_odd_value_anywhere_in_a_responses_request(layer: Amnesia, body: Json) -> None:
    served(layer, "responses", body)


@PATIENT
@given(body=changes("completions"))
def test_an_odd_value_anywhere_in_a_completions_request(layer: Amnesia, body: Json) -> None:
    served(layer, "completions", body)


SOME: list[Any] = [5, ["x"], {"name": ["x"]}]


@pytest.mark.parametrize("name", DOORS)
def test_each_place_of_a_request_holds_something_odd(layer: Amnesia, name: str) -> None:
    body = DOORS[name][1]
    for path in places(body):
        for odd in SOME:
            served(layer, name, changed(body, path, odd))


NAMELESS: Json = {"type": "function", "function": {"name": ["x"]}}


@pytest.mark.parametrize(
    ("tools", "choice"),
    [
        ([NAMELESS], {"type": "allowed_tools", "allowed_tools": 5}),
        ([NAMELESS], {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": 5}}),
        ([{"function": 5}], {"type": "allowed_tools", "tools": 5, "mode": "required"}),
        (5, "required"),
        ([NAMELESS], {"type": "allowed_tools", "mode": "required", "tools": [{"name": ["x"]}]}),
        ([NAMELESS], {"type": "function", "function": {"name": ["x"]}}),
    ],
)
@pytest.mark.parametrize("name", ["chat", "responses"])
def test_tools_that_cannot_be_read_force_no_call(
    layer: Amnesia, name: str, tools: Any, choice: Any
) -> None:
    served(layer, name, {**DOORS[name][1], "tools": tools, "tool_choice": choice})
