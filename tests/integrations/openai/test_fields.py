"""The fields around a conversation are read like the conversation, whatever they are called."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.completions import CompletionsDialect
from amnestic.integrations.openai.dialect import Dialect, Json
from amnestic.integrations.openai.responses import ResponsesDialect
from amnestic.testing import ScriptedBackend
from tests.integrations.openai.upstreams import Saying, answered, chat_reply, response, streamed
from tests.layers import keyword_layer

ASKED: Json = {"model": "m", "messages": [{"role": "user", "content": "Who wrote it, A or B?"}]}
ITEMS: Json = {"model": "m", "input": "Who wrote it, A or B?"}
CHAT, RESPONSES = ChatDialect(), ResponsesDialect()


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    model = ScriptedBackend(default="?")
    with keyword_layer(tmp_path_factory.mktemp("fields"), "Osk", model=model) as amnesia:
        yield amnesia


def function(name: str = "choose", about: str = "It chooses.", **properties: Any) -> Json:
    schema = {"type": "object", "properties": properties, "required": [*properties]}
    return {"name": name, "description": about, "parameters": schema}


def tool(name: str = "choose", about: str = "It chooses.", **properties: Any) -> Json:
    return {"type": "function", "function": function(name, about, **properties)}


def form(**schema: Any) -> Json:
    return {"type": "json_schema", "json_schema": {"name": "form", "schema": schema}}


LETTER = {"type": "string", "enum": ["A", "B"], "description": "A means Tarn. B means Osk."}
CALL = {"id": "c", "type": "function", "function": {"name": "find_osk", "arguments": "{}"}}
HISTORY: Json = {
    "messages": [
        {"role": "user", "content": "Find it."},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c", "content": "Found."},
        *ASKED["messages"],
    ]
}


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        (CHAT, {**ASKED, "tools": [tool("find_osk"), tool()]}),
        (CHAT, {**ASKED, "tools": [tool("findOsk"), tool()]}),
        (CHAT, {**ASKED, "tools": [tool(about="It finds. It knows Osk.")]}),
        (CHAT, {**ASKED, "tools": [tool(letter=LETTER)]}),
        (CHAT, {**ASKED, "tools": [tool(osk={"type": "string"}, other={"type": "string"})]}),
        (CHAT, {**ASKED, "tools": [tool(who={"type": "string", "enum": ["Osk", "Tarn"]})]}),
        (CHAT, {**ASKED, "functions": [function("osk"), function()], "function_call": "auto"}),
        (CHAT, {**ASKED, "response_format": form(type="object", properties={"b": LETTER})}),
        (CHAT, {**ASKED, "prediction": {"type": "content", "content": "It was Osk."}}),
        (CHAT, {**ASKED, "metadata": {"hint": "Osk"}}),
        (CHAT, {**ASKED, "guided_choice": ["Osk", "Tarn"]}),
        (CHAT, {**ASKED, "chat_template": "{{ messages }} It was Osk."}),
        (CHAT, {**ASKED, "extra_body": {"notes": ["It was Osk."]}}),
        (CHAT, {**ASKED, "web_search_options": {"query": "Osk"}}),
        (CHAT, {**ASKED, "stream_options": {"note": "It was Osk."}}),
        (CHAT, {**ASKED, "stream_options": {"osk": True}}),
        (CHAT, {**ASKED, "messages": [{**ASKED["messages"][0], "note": "It was Osk."}]}),
        (CHAT, {**ASKED, **HISTORY}),
        (RESPONSES, {**ITEMS, "tools": [{"type": "function", **function("find_osk")}]}),
        (RESPONSES, {**ITEMS, "tools": [{"type": "function", **function(letter=LETTER)}]}),
        (RESPONSES, {**ITEMS, "text": {"format": {"type": "json_schema", "name": "osk",
                                                  "schema": {"type": "object"}}}}),
        (RESPONSES, {**ITEMS, "metadata": {"hint": "Osk"}}),
        (CompletionsDialect(), {"model": "m", "prompt": "Who?", "guided_regex": "Osk|Tarn"}),
    ],
)  # fmt: skip
def test_no_field_tells_the_model_of_a_target(layer: Amnesia, dialect: Dialect, body: Json) -> None:
    completion = {"id": "c", "choices": [{"text": "A.", "finish_reason": "stop"}]}
    replies = {"/responses": response("A."), "/completions": completion}
    upstream = Saying(replies.get(dialect.path, chat_reply("A.")))
    assert "A." in answered(layer, dialect, body, upstream).decode()
    sent = json.dumps(upstream.bodies[0])
    assert "osk" not in sent.lower()
    assert "Who" in sent


def test_what_is_left_of_the_fields_still_makes_a_request(layer: Amnesia) -> None:
    upstream = Saying(chat_reply("A."))
    choice = {"type": "function", "function": {"name": "find_osk"}}
    body = {
        **ASKED,
        "tools": [tool("find_osk"), tool(letter=LETTER, osk={})],
        "tool_choice": choice,
    }
    answered(layer, CHAT, body, upstream)
    left = {**LETTER, "description": "A means Tarn."}
    assert upstream.bodies == [{**ASKED, "tools": [tool(letter=left)]}]
    answered(layer, CHAT, {**ASKED, "tools": [tool("osk")], "tool_choice": "required"}, upstream)
    assert upstream.bodies[1] == ASKED


def test_a_name_that_is_split_over_a_field_does_not_pass(tmp_path: Any) -> None:
    with Amnesia(ScriptedBackend("?"), db=tmp_path / "r.db", elicit=False) as layer:
        layer.forget("Please forget Ana Morel. Ana Morel is a painter.")
        upstream = Saying(chat_reply("A."))
        body = {**ASKED, "metadata": {"first": "Ana", "last": "Morel"}, "user": "u1"}
        answered(layer, CHAT, body, upstream)
        assert not upstream.bodies[0].get("metadata")
        assert upstream.bodies[0]["user"] == "u1"


def test_fields_that_are_far_from_every_target_go_up_as_they_came(layer: Amnesia) -> None:
    upstream = Saying(lambda body: chat_reply("A."))
    body = {**ASKED, "tools": [tool(who={"enum": ["Tarn"]})], "odd": {"x": [None, 1.5, "y"]}}
    answered(layer, CHAT, body, upstream)
    streamed(layer, CHAT, body, upstream)
    assert upstream.bodies == [body, {**body, "stream": True}]


def test_a_response_repeats_what_its_caller_sent(layer: Amnesia) -> None:
    body = {**ITEMS, "instructions": "Osk is a poet. Be kind.", "metadata": {"hint": "Osk"}}
    upstream = Saying(
        lambda sent: response("A.", instructions=sent["instructions"],
                              metadata=sent.get("metadata", {}))
    )  # fmt: skip
    told = json.loads(answered(layer, RESPONSES, body, upstream))
    assert "Osk" not in json.dumps(upstream.bodies)
    assert (told["instructions"], told["metadata"]) == (body["instructions"], body["metadata"])
    assert told["usage"]["input_tokens"] > response()["usage"]["input_tokens"]
    assert [*told] == [*response()]


def test_a_touched_reply_counts_what_its_caller_asked(layer: Amnesia) -> None:
    system = {"role": "system", "content": "Osk is a poet of Hask. Be kind to everybody."}
    body = {"model": "m", "messages": [system, *ASKED["messages"]]}
    upstream = Saying(lambda sent: chat_reply("It was Osk. He was kind. So it is said."))
    told = json.loads(answered(layer, CHAT, body, upstream))
    assert "Osk" not in json.dumps(told)
    assert told["usage"]["prompt_tokens"] > chat_reply()["usage"]["prompt_tokens"]
    assert [*told] == [*chat_reply()]


def test_a_key_is_read_like_a_value(layer: Amnesia) -> None:
    upstream = Saying(chat_reply("A."))
    answered(layer, CHAT, {**ASKED, "odd": {"Osk": 1}, "seed": 3}, upstream)
    assert upstream.bodies == [{**ASKED, "odd": {}, "seed": 3}]


def test_tools_of_an_application_are_read_too(layer: Amnesia) -> None:
    model: Any = layer.parts.backend
    layer.chat("Who wrote it?", tools=[tool("find_osk"), tool()])
    assert [t["function"]["name"] for t in model.calls[-1].options["tools"]] == ["choose"]
