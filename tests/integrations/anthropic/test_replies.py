"""Chat completions as messages, whole and streamed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from amnestic.exceptions import ModelError
from amnestic.integrations.anthropic import MESSAGES
from tests.integrations.openai.upstreams import chat_chunk, chat_reply

Json = dict[str, Any]
THINKING = {"thinking": {"type": "adaptive"}}


def call(arguments: str, name: str = "find", call_id: str = "c1") -> Json:
    return {
        "id": call_id,
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    }


def told(body: Json | None = None, text: str | None = "A mild day.", **fields: Any) -> Json:
    return MESSAGES.told(chat_reply(text, **fields), body or {})


def events(chunks: list[Json], body: Json | None = None) -> list[Json]:
    teller = MESSAGES.teller(body or {})
    pieces = [piece for chunk in chunks for piece in teller.say(chunk)]
    blocks = b"".join([*pieces, *teller.end()]).decode().strip().split("\n\n")
    found = []
    for block in blocks:
        name, data = block.split("\n")
        value = json.loads(data.removeprefix("data: "))
        assert name == f"event: {value['type']}"
        found.append(value)
    return found


def test_a_plain_answer_is_one_block_of_text() -> None:
    assert told() == {
        "id": "msg_B9MBs8CjcvOU2jLn4n570S5qMJKcT",
        "type": "message",
        "role": "assistant",
        "model": "gpt-x",
        "content": [{"type": "text", "text": "A mild day."}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": 19,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": 10,
        },
    }


ENDINGS: list[tuple[Json, str, str | None]] = [
    ({"choice": {"finish_reason": "length"}}, "max_tokens", None),
    ({"choice": {"finish_reason": "content_filter"}}, "refusal", None),
    ({"choice": {"stop_reason": "END"}}, "stop_sequence", "END"),
    ({"choice": {"stop_reason": "OTHER"}}, "end_turn", None),
    ({"choice": {"stop_reason": 128_009}}, "end_turn", None),
    ({"message": {"tool_calls": [call("{}")]}}, "tool_use", None),
    ({"message": {"refusal": "I may not."}, "text": None}, "refusal", None),
    ({"choice": {"finish_reason": None}}, "end_turn", None),
]


@pytest.mark.parametrize(("reply", "reason", "stop"), ENDINGS, ids=[str(e[0]) for e in ENDINGS])
def test_why_an_answer_ended_is_told(reply: Json, reason: str, stop: str | None) -> None:
    message = told({"stop_sequences": ["END"]}, **reply)
    assert (message["stop_reason"], message["stop_sequence"]) == (reason, stop)


def test_thoughts_are_told_to_those_who_asked_for_them() -> None:
    thought = {"type": "thinking", "thinking": "Look out.", "signature": ""}
    said = {"type": "text", "text": "A mild day."}
    reply = {"message": {"reasoning_content": "Look out."}}
    assert told(THINKING, **reply)["content"] == [thought, said]
    assert told({"thinking": {"type": "disabled"}}, **reply)["content"] == [said]
    assert told({"thinking": {"type": "enabled", "display": "omitted"}}, **reply)["content"] == [
        said
    ]
    assert told(**reply)["content"] == [said]


def test_a_call_without_arguments_has_an_empty_input() -> None:
    for arguments in ("", "  ", "{}"):
        content = told(text=None, message={"tool_calls": [call(arguments)]})["content"]
        assert content == [{"type": "tool_use", "id": "c1", "name": "find", "input": {}}]


def test_a_call_that_is_no_object_is_the_upstreams_failure() -> None:
    for arguments in ("[1]", '{"q": ', '{"q": 1, "q": 2}', '"x"'):
        with pytest.raises(ModelError, match="no JSON object"):
            told(text=None, message={"tool_calls": [call(arguments)]})


def test_a_call_that_was_cut_short_is_not_made() -> None:
    calls = [call("{}", call_id="c1"), call('{"q": ', call_id="c2")]
    cut = {"finish_reason": "length"}
    message = told(text=None, message={"tool_calls": calls}, choice=cut)
    assert [block["id"] for block in message["content"]] == ["c1"]
    assert message["stop_reason"] == "max_tokens"


def test_the_events_are_in_order_and_their_blocks_closed() -> None:
    parts = [call('{"q": "a"}', "f", "c1"), call('{"q": "b"}', "g", "c2")]
    pieces = [(0, parts[0], '{"q'), (1, parts[1], '{"q": "b"}'), (0, parts[0], '": "a"}')]
    chunks = [
        chat_chunk({"role": "assistant", "content": ""}),
        chat_chunk({"reasoning_content": "Look "}),
        chat_chunk({"reasoning_content": "out."}),
        chat_chunk({"content": "A mild"}),
        chat_chunk({"content": " day."}),
        *(
            chat_chunk(
                {"tool_calls": [{**c, "index": i, "function": {**c["function"], "arguments": a}}]}
            )
            for i, c, a in pieces
        ),
        chat_chunk({}, "tool_calls"),
        {**chat_chunk({}), "choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 7}},
    ]
    found = events(chunks, THINKING)
    shape = [
        (e["type"], e.get("index"), (e.get("content_block") or e.get("delta") or {}).get("type"))
        for e in found
    ]
    assert shape == [
        ("message_start", None, None),
        ("content_block_start", 0, "thinking"),
        ("content_block_delta", 0, "thinking_delta"),
        ("content_block_delta", 0, "thinking_delta"),
        ("content_block_stop", 0, None),
        ("content_block_start", 1, "text"),
        ("content_block_delta", 1, "text_delta"),
        ("content_block_delta", 1, "text_delta"),
        ("content_block_stop", 1, None),
        ("content_block_start", 2, "tool_use"),
        ("content_block_delta", 2, "input_json_delta"),
        ("content_block_stop", 2, None),
        ("content_block_start", 3, "tool_use"),
        ("content_block_delta", 3, "input_json_delta"),
        ("content_block_stop", 3, None),
        ("message_delta", None, None),
        ("message_stop", None, None),
    ]
    inputs = [json.loads(e["delta"]["partial_json"]) for e in found if "partial_json" in str(e)]
    assert inputs == [{"q": "a"}, {"q": "b"}]
    assert found[-2]["delta"]["stop_reason"] == "tool_use"
    assert (found[-2]["usage"]["input_tokens"], found[-2]["usage"]["output_tokens"]) == (5, 7)


def test_thoughts_that_nobody_asked_for_are_not_streamed() -> None:
    found = events([chat_chunk({"reasoning_content": "Look."}), chat_chunk({"content": "Hi."})])
    assert "Look." not in str(found)
    assert "Hi." in str(found)


def test_an_answer_without_words_is_a_message_without_blocks() -> None:
    found = events([chat_chunk({"role": "assistant", "content": ""}), chat_chunk({}, "stop")])
    assert [e["type"] for e in found] == ["message_start", "message_delta", "message_stop"]
    assert told(text="")["content"] == []
