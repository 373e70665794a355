"""Ollama's requests as chat completions: what holds words is translated or refused by its name."""

from __future__ import annotations

from typing import Any

import pytest

from amnestic.exceptions import InvalidRequestError, UnsupportedContentError
from amnestic.integrations.ollama import CHAT, GENERATE

Json = dict[str, Any]
PNG = "iVBORw0KGgoAAAANSUhEUg=="


def asked(*messages: Json, **more: Any) -> Json:
    said = messages or ({"role": "user", "content": "Hi."},)
    return {"model": "m", "messages": list(said), "stream": False, **more}


def translated(*messages: Json) -> list[Json]:
    return list(CHAT.asked(asked(*messages))["messages"])


def call(name: str, **more: Any) -> Json:
    return {"function": {"name": name, "arguments": {"q": "x"}}, **more}


def test_a_reply_is_streamed_unless_it_shall_not_be() -> None:
    body = asked()
    assert "stream" not in CHAT.asked(body)
    del body["stream"]
    assert CHAT.asked(body)["stream"] is True
    assert CHAT.asked(body)["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize(
    ("data", "kind"),
    [(PNG, "png"), ("/9j/4AAQSkZJRg==", "jpeg"), ("R0lGODlhAQAB", "gif"), ("UklGRh4AAABX", "webp")],
)
def test_a_picture_says_of_what_kind_it_is(data: str, kind: str) -> None:
    url = {"url": f"data:image/{kind};base64,{data}"}
    found = translated({"role": "user", "content": "What?", "images": [data]})
    assert found[0]["content"] == [
        {"type": "text", "text": "What?"},
        {"type": "image_url", "image_url": url},
    ]


def test_results_find_the_calls_that_they_are_of() -> None:
    history = (
        {"role": "user", "content": "Both."},
        {"role": "assistant", "content": "", "tool_calls": [call("f"), call("g"), call("f")]},
        {"role": "tool", "content": "1", "tool_name": "g"},
        {"role": "tool", "content": "2", "tool_name": "f"},
        {"role": "tool", "content": "3"},
    )
    found = translated(*history)
    made = [c["id"] for c in found[1]["tool_calls"]]
    assert len(set(made)) == 3
    assert [m["tool_call_id"] for m in found[2:]] == [made[1], made[0], made[2]]


def test_ids_that_a_client_gives_are_kept() -> None:
    history = (
        {"role": "assistant", "content": "", "tool_calls": [call("f", id="a"), call("f", id="b")]},
        {"role": "tool", "content": "2", "tool_call_id": "b"},
        {"role": "tool", "content": "1", "tool_call_id": "a"},
    )
    found = translated(*history)
    assert [m.get("tool_call_id") for m in found] == [None, "b", "a"]
    with pytest.raises(InvalidRequestError, match="nobody called"):
        translated({"role": "tool", "content": "1"})


def test_options_that_a_chat_has_are_translated_and_others_go_no_further() -> None:
    options = {"temperature": 0.5, "num_predict": 9, "stop": ["END"], "seed": 1, "num_ctx": 4096,
               "top_k": 3, "repeat_penalty": 1.1, "note": "x"}  # fmt: skip
    chat = CHAT.asked(asked(options=options, keep_alive="5m"))
    del chat["messages"]
    assert chat == {
        "model": "m",
        "temperature": 0.5,
        "max_tokens": 9,
        "stop": ["END"],
        "seed": 1,
        "top_k": 3,
    }
    assert "max_tokens" not in CHAT.asked(asked(options={"num_predict": -1}))


def test_formats_and_efforts_are_translated() -> None:
    schema = {"type": "object", "properties": {}}
    held = {"name": "answer", "schema": schema}
    forms = [CHAT.asked(asked(format=f)).get("response_format") for f in ("json", schema, "", None)]
    assert forms[:2] == [{"type": "json_object"}, {"type": "json_schema", "json_schema": held}]
    assert forms[2:] == [None, None]
    efforts = [CHAT.asked(asked(think=t)).get("reasoning_effort") for t in (True, False, "high")]
    assert efforts == [None, None, "high"]


def test_a_prompt_is_what_a_user_says() -> None:
    body = {"model": "m", "prompt": "Hi.", "system": "Be kind.", "images": [PNG], "suffix": ""}
    chat = GENERATE.asked(body)
    assert [m["role"] for m in chat["messages"]] == ["system", "user"]
    assert chat["messages"][1]["content"][0] == {"type": "text", "text": "Hi."}


@pytest.mark.parametrize("name", ["suffix", "template", "context", "raw", "width"])
def test_a_field_of_generate_that_cannot_be_read_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(UnsupportedContentError, match=f"'{name}'"):
        GENERATE.asked({"model": "m", "prompt": "Hi.", name: [1]})


@pytest.mark.parametrize(
    "body",
    [
        asked(note="x"),
        asked({"role": "user", "content": "a", "note": "b"}),
        asked(tools=[{"type": "web", "function": {"name": "f"}}]),
        asked(tools=[{"function": {"name": "f", "note": "b"}}]),
    ],
)
def test_a_field_of_chat_that_cannot_be_read_is_refused(body: Json) -> None:
    with pytest.raises(UnsupportedContentError):
        CHAT.asked(body)
