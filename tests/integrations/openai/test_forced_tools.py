"""A tool that a caller says must be called is called, also where something was withheld."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.dialect import Json
from amnestic.integrations.openai.responses import ResponsesDialect
from amnestic.integrations.openai.structured import is_fitting
from amnestic.testing import ScriptedBackend
from tests.integrations.openai.upstreams import (
    Saying,
    answered,
    chat_chunk,
    chat_reply,
    response,
    streamed,
)
from tests.layers import keyword_layer

SCHEMA: Json = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "year": {"type": ["integer", "null"]}},
    "required": ["title", "year"],
}
BOOK: Json = {"name": "book", "description": "A book.", "parameters": SCHEMA}
ARGUMENTS = '{"title": "The life of Osk", "year": 1990}'
NAMED: Json = {"type": "function", "function": {"name": "book"}}


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    model = ScriptedBackend(default="?")
    with keyword_layer(tmp_path_factory.mktemp("forced"), "Osk", model=model) as amnesia:
        yield amnesia


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    """A layer that asks the model also where its answer is not wanted, as a server's does."""
    model = ScriptedBackend(default="?")
    folder = tmp_path_factory.mktemp("asking")
    with keyword_layer(folder, "Osk", model=model, direct="ask") as amnesia:
        yield amnesia


@pytest.mark.parametrize("choice", [NAMED, "required"])
@pytest.mark.parametrize("question", ["Which book is it?", "Which book is by Osk?"])
def test_a_forced_call_is_made_with_arguments_of_its_schema(
    layer: Amnesia, choice: Any, question: str
) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "book", "arguments": ARGUMENTS}}
    upstream = Saying(chat_reply(None, message={"tool_calls": [call]}))
    body = {
        "model": "m",
        "messages": [{"role": "user", "content": question}],
        "tools": [{"type": "function", "function": BOOK}],
        "tool_choice": choice,
    }
    (told,) = json.loads(answered(layer, ChatDialect(), body, upstream))["choices"]
    (made,) = told["message"]["tool_calls"]
    assert (made["type"], made["function"]["name"]) == ("function", "book")
    assert is_fitting(made["function"]["arguments"], SCHEMA)
    assert "Osk" not in json.dumps(told)
    said = streamed(layer, ChatDialect(), body, upstream).decode()
    assert "Osk" not in said
    assert '"name":"book"' in said


def test_a_forced_call_of_a_response_is_made(layer: Amnesia) -> None:
    item = {"type": "function_call", "id": "fc_1", "call_id": "c", "name": "book",
            "arguments": ARGUMENTS}  # fmt: skip
    body = {
        "model": "m",
        "input": "Which book is it?",
        "tools": [{"type": "function", **BOOK}],
        "tool_choice": {"type": "function", "name": "book"},
    }
    told = json.loads(answered(layer, ResponsesDialect(), body, response(output=[item])))
    (made,) = told["output"]
    assert (made["type"], made["name"]) == ("function_call", "book")
    assert is_fitting(made["arguments"], SCHEMA)
    assert "Osk" not in made["arguments"]


def test_a_choice_of_the_models_own_is_left_to_it(layer: Amnesia) -> None:
    body = {
        "model": "m",
        "messages": [{"role": "user", "content": "Which book is by Osk?"}],
        "tools": [{"type": "function", "function": BOOK}],
        "tool_choice": "auto",
    }
    told = json.loads(answered(layer, ChatDialect(), body, chat_reply("It is by Osk.")))
    assert "tool_calls" not in told["choices"][0]["message"]


OTHER: Json = {"type": "function", "function": {"name": "find", "parameters": SCHEMA}}
OWN: Json = {"type": "function", "function": BOOK}


@pytest.mark.parametrize(
    ("tools", "choice", "name"),
    [
        ([OTHER, OWN], "required", "book"),
        ([OWN, OTHER], NAMED, "book"),
        ([OWN, OTHER], {"type": "allowed_tools", "allowed_tools": {"mode": "required",
         "tools": [NAMED]}}, "book"),
    ],
)  # fmt: skip
def test_where_one_of_several_must_be_called_the_same_is_whatever_is_asked(
    layer: Amnesia, tools: Any, choice: Any, name: str
) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "Which book is by Osk?"}],
            "tools": tools, "tool_choice": choice}  # fmt: skip
    for said in ("It is by Osk.", None):
        call = {"id": "c", "type": "function", "function": {"name": "find", "arguments": "{}"}}
        reply = chat_reply(said, message={} if said else {"tool_calls": [call]})
        told = json.loads(answered(layer, ChatDialect(), body, Saying(reply)))["choices"]
        assert told[0]["finish_reason"] == "tool_calls"
        (made,) = told[0]["message"]["tool_calls"]
        assert made["function"]["name"] == name
        assert is_fitting(made["function"]["arguments"], SCHEMA)


def test_a_streamed_response_calls_one_of_several_tools(layer: Amnesia) -> None:
    tools = [{"type": "function", **tool["function"]} for tool in (OTHER, OWN)]
    body = {"model": "m", "input": "Which book is by Osk?", "tools": tools,
            "tool_choice": "required"}  # fmt: skip
    said = streamed(layer, ResponsesDialect(), body, response("It is by Osk.")).decode()
    events = [json.loads(line[6:]) for line in said.splitlines() if line.startswith("data: {")]
    (made,) = events[-1]["response"]["output"]
    assert (made["type"], made["name"]) == ("function_call", "book")
    assert is_fitting(made["arguments"], SCHEMA)
    assert "by Osk." not in said


def test_tools_that_may_be_called_need_not_be(layer: Amnesia) -> None:
    allowed = {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function",
               "name": "book"}]}  # fmt: skip
    body = {"model": "m", "messages": [{"role": "user", "content": "Which book is by Osk?"}],
            "tools": [OWN], "tool_choice": allowed}  # fmt: skip
    told = json.loads(answered(layer, ChatDialect(), body, chat_reply("It is by Osk.")))
    assert "tool_calls" not in told["choices"][0]["message"]


def test_a_forced_call_is_made_where_a_form_of_text_is_named_too(layer: Amnesia) -> None:
    body = {
        "model": "m",
        "input": "Which book is by Osk?",
        "tools": [{"type": "function", **BOOK}],
        "tool_choice": {"type": "function", "name": "book"},
        "text": {"format": {"type": "json_schema", "name": "book", "schema": SCHEMA}},
    }
    told = json.loads(answered(layer, ResponsesDialect(), body, response("It is by Osk.")))
    assert [item["type"] for item in told["output"]] == ["function_call"]


def _ending(told: bytes) -> Any:
    """How a reply ended, plain or streamed."""
    lines = told.decode().removeprefix("data: ").split("\n\ndata: ")
    chunks = [json.loads(line) for line in lines if not line.startswith("[DONE]")]
    ends = [c["choices"][0]["finish_reason"] for c in chunks if c.get("choices")]
    return ends[-1]


@pytest.mark.parametrize("tell", [answered, streamed])
@pytest.mark.parametrize(
    ("choice", "called", "told"),
    [
        (NAMED, None, "tool_calls"),
        ("required", None, "tool_calls"),
        (NAMED, "tool_calls", "tool_calls"),
        (NAMED, "stop", "stop"),
        ("required", "stop", "stop"),
        ("required", "as Osk does", "tool_calls"),
    ],
)
def test_a_call_that_was_filled_ends_as_the_upstream_ends_its_own(
    asking: Amnesia, tell: Any, choice: Any, called: str | None, told: str
) -> None:
    call = {"id": "c", "index": 0, "type": "function",
            "function": {"name": "book", "arguments": ARGUMENTS}}  # fmt: skip
    delta = {"role": "assistant", "content": "It is by Osk."}
    delta = {**delta, "content": None, "tool_calls": [call]} if called else delta
    whole = chat_reply(None, message=delta, choice={"finish_reason": called or "stop"})
    chunks = [chat_chunk(delta), chat_chunk({}, called or "stop")]
    upstream = Saying(lambda body: chunks if body.get("stream") else whole)
    body = {"model": "m", "messages": [{"role": "user", "content": "Which book is by Osk?"}],
            "tools": [OWN], "tool_choice": choice}  # fmt: skip
    said = tell(asking, ChatDialect(), body, upstream)
    assert b'"name":"book"' in said.replace(b'": "', b'":"')
    assert _ending(said) == told
