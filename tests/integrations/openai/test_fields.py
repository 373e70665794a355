"""The fields around a conversation are read like the conversation, whatever they are called."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.exceptions import InvalidRequestError
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


def found_by(name: str) -> Json:
    """A history in which a tool's result names the tool."""
    call = {"id": "c", "type": "function", "function": {"name": "find", "arguments": "{}"}}
    return {
        "messages": [
            {"role": "user", "content": "Find it."},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c", "name": name, "content": "Found."},
            *ASKED["messages"],
        ]
    }


def packed(text: str, kind: str = "text/plain", coding: str = "utf-8") -> str:
    return f"data:{kind};base64,{base64.b64encode(text.encode(coding)).decode()}"


TOLD = "In the book of letters B is Osk, who lives in Hask."
WHO: Json = {"type": "text", "text": "Who wrote it, A or B?"}
PARTS: list[Json] = [
    {"type": "image_url", "image_url": {"url": "https://a.example/people/osk.png"}},
    {"type": "image_url", "image_url": {"url": "https://a.example/1.png", "note": "It is Osk."}},
    {"type": "image_url", "image_url": {"url": packed(f"<svg>{TOLD}</svg>", "image/svg+xml")}},
    {
        "type": "file",
        "file": {"filename": "osk.pdf", "file_data": packed("%PDF", "application/pdf")},
    },
    {"type": "file", "file": {"filename": "a.txt", "file_data": packed(TOLD)}},
    {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav", "of": "Osk"}},
]
INPUT_WHO: Json = {"type": "input_text", "text": "Who wrote it, A or B?"}
FREE: Json = {"type": "message", "role": "user", "content": "Who wrote it, A or B?"}
ITEM_CALL: Json = {"type": "function_call", "call_id": "c", "name": "find", "arguments": "{}"}
FOUND: Json = {"type": "function_call_output", "call_id": "c", "output": "Found."}
ITEM_PARTS: list[Json] = [
    {**INPUT_WHO, "note": "It was Osk."},
    {"type": "input_image", "image_url": "https://a.example/people/osk.png"},
    {"type": "input_file", "filename": "osk.pdf", "file_data": packed("%PDF", "application/pdf")},
    {"type": "input_file", "filename": "a.txt", "file_data": packed(TOLD)},
    {"type": "input_file", "filename": "a", "file_data": packed(TOLD, "application/octet-stream")},
    {"type": "input_file", "filename": "a", "file_data": packed(f"{TOLD} Oui.").rstrip("=")},
    {"type": "input_file", "filename": "a.csv",
     "file_data": packed(f"{TOLD} A café.", "text/csv", "cp1252")},
]  # fmt: skip


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
        (CHAT, {**ASKED, **found_by("find_osk")}),
        *((CHAT, {**ASKED, "messages": [{"role": "user", "content": [WHO, part]}]})
          for part in PARTS),
        (CHAT, {**ASKED, "messages": [{"role": "user",
                                       "content": [{**WHO, "note": "It was Osk."}]}]}),
        (RESPONSES, {**ITEMS, "input": [FREE, {**FREE, "note": "It was Osk."}]}),
        (RESPONSES, {**ITEMS, "input": [FREE, {**FREE, "name": "osk"}]}),
        (RESPONSES, {**ITEMS, "input": [FREE, {**FREE, "phase": "Osk did", "status": "Osk"}]}),
        (RESPONSES, {**ITEMS, "input": [FREE, {**FREE, "reasoning_content": "It was Osk."}]}),
        (RESPONSES, {**ITEMS, "input": [FREE, {**FREE, "reasoning": "It was Osk."}]}),
        (RESPONSES, {**ITEMS, "input": [FREE, {**ITEM_CALL, "name": "find_osk"}, FOUND]}),
        (RESPONSES, {**ITEMS, "input": [FREE, {**ITEM_CALL, "note": "It was Osk."}, FOUND]}),
        (RESPONSES, {**ITEMS, "input": [FREE, ITEM_CALL, {**FOUND, "note": "It was Osk."}]}),
        *((RESPONSES, {**ITEMS, "input": [{"role": "user", "content": [INPUT_WHO, part]}]})
          for part in ITEM_PARTS),
        *((RESPONSES, {**ITEMS, "input": [FREE, ITEM_CALL, {**FOUND, "output": [part]}]})
          for part in ITEM_PARTS),
    ],
)  # fmt: skip
def test_no_field_tells_the_model_of_a_target(layer: Amnesia, dialect: Dialect, body: Json) -> None:
    completion = {"id": "c", "choices": [{"text": "A.", "finish_reason": "stop"}]}
    replies = {"/responses": response("A."), "/completions": completion}
    upstream = Saying(replies.get(dialect.path, chat_reply("A.")))
    assert "A." in answered(layer, dialect, body, upstream).decode()
    sent = json.dumps(upstream.bodies[0])
    assert "osk" not in sent.lower()
    assert base64.b64encode(TOLD.encode()).decode()[:24] not in sent
    assert packed(f"<svg>{TOLD}</svg>")[-24:] not in sent
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


@pytest.mark.parametrize(
    ("dialect", "given", "left"),
    [
        (CHAT, [WHO, PARTS[0], PARTS[1] | {"image_url": {"url": "https://a.example/1.png"}}],
         [WHO, {"type": "text", "text": "…"}, {"type": "image_url",
                                               "image_url": {"url": "https://a.example/1.png"}}]),
        (CHAT, [{**WHO, "note": "Osk"}, {**WHO, "mood": "good"}], [WHO, {**WHO, "mood": "good"}]),
        (RESPONSES, [INPUT_WHO, ITEM_PARTS[3]], [INPUT_WHO, {"type": "input_text", "text": "…"}]),
    ],
)  # fmt: skip
def test_of_a_message_that_part_goes_that_tells_of_a_target(
    layer: Amnesia, dialect: Dialect, given: list[Json], left: list[Json]
) -> None:
    key, own = ("messages", ASKED) if dialect is CHAT else ("input", ITEMS)
    upstream = Saying(chat_reply("A.") if dialect is CHAT else response("A."))
    answered(layer, dialect, {**own, key: [{"role": "user", "content": given}]}, upstream)
    assert upstream.bodies == [{**own, key: [{"role": "user", "content": left}]}]


def test_pictures_and_papers_that_tell_nothing_go_up_as_they_came(layer: Amnesia) -> None:
    picture = base64.b64encode(bytes(range(256)) * 40).decode()
    parts = [
        {"type": "input_image", "image_url": f"data:image/png;base64,{picture}", "detail": "auto"},
        {"type": "input_file", "filename": "a.csv", "file_data": packed("A,Tarn\nB,Venn")},
        {**INPUT_WHO, "cache": {"ttl": "1h"}},
    ]
    body = {**ITEMS, "input": [{"role": "user", "content": parts, "id": "msg_1"}, ITEM_CALL, FOUND]}
    upstream = Saying(response("A."))
    answered(layer, RESPONSES, body, upstream)
    assert upstream.bodies == [body]


@pytest.mark.parametrize("depth", [80, 400])
@pytest.mark.parametrize("place", ["beside", "message", "part"])
def test_what_is_nested_too_deeply_is_the_callers_mistake(
    layer: Amnesia, place: str, depth: int
) -> None:
    deep: Any = "Osk"
    for _ in range(depth):
        deep = [deep]
    message = {"role": "user", "content": [{**WHO, **({"x": deep} if place == "part" else {})}]}
    message |= {"x": deep} if place == "message" else {}
    body = {"model": "m", "messages": [message], **({"x": deep} if place == "beside" else {})}
    upstream = Saying(chat_reply("A."))
    with pytest.raises(InvalidRequestError, match="nested too deeply"):
        answered(layer, CHAT, body, upstream)
    assert not upstream.bodies


def test_tools_of_an_application_are_read_too(layer: Amnesia) -> None:
    model: Any = layer.parts.backend
    layer.chat("Who wrote it?", tools=[tool("find_osk"), tool()])
    assert [t["function"]["name"] for t in model.calls[-1].options["tools"]] == ["choose"]
