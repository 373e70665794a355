"""Chat completions as Ollama's replies, whole and line by line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from amnestic.exceptions import ModelError
from amnestic.integrations.ollama import CHAT, GENERATE, model_list
from amnestic.integrations.translation import Form
from tests.integrations.openai.upstreams import chat_chunk, chat_reply

Json = dict[str, Any]
CALL = {"id": "c1", "type": "function", "function": {"name": "find", "arguments": '{"q": 1}'}}


def lines(form: Form, chunks: list[Json], body: Json | None = None) -> list[Json]:
    teller = form.teller(body or {})
    pieces = [piece for chunk in chunks for piece in teller.say(chunk)]
    return [json.loads(line) for line in b"".join([*pieces, *teller.end()]).splitlines()]


def test_a_whole_reply() -> None:
    message = {"reasoning_content": "Look out.", "tool_calls": [CALL]}
    assert CHAT.told(chat_reply("A mild day.", message=message), {}) == {
        "model": "gpt-x",
        "created_at": "2025-03-10T01:25:52Z",
        "message": {
            "role": "assistant",
            "content": "A mild day.",
            "thinking": "Look out.",
            "tool_calls": [
                {"id": "c1", "function": {"index": 0, "name": "find", "arguments": {"q": 1}}}
            ],
        },
        "done": True,
        "done_reason": "stop",
        "prompt_eval_count": 19,
        "eval_count": 10,
    }
    told = GENERATE.told(chat_reply(choice={"finish_reason": "length"}), {})
    assert (told["response"], told["done_reason"]) == ("A mild day.", "length")


def test_the_last_line_alone_is_done() -> None:
    chunks = [
        chat_chunk({"role": "assistant", "content": ""}),
        chat_chunk({"reasoning_content": "Look."}),
        chat_chunk({"content": "A mild"}),
        chat_chunk({"content": " day."}),
        chat_chunk({"tool_calls": [{**CALL, "index": 0}]}),
        chat_chunk({}, "tool_calls"),
        {**chat_chunk({}), "choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 7}},
    ]
    told = lines(CHAT, chunks)
    assert [line["done"] for line in told] == [False] * 4 + [True]
    assert told[0]["message"] == {"role": "assistant", "content": "", "thinking": "Look."}
    assert "".join(line["message"]["content"] for line in told) == "A mild day."
    assert told[3]["message"]["tool_calls"][0]["function"]["arguments"] == {"q": 1}
    assert (told[4]["prompt_eval_count"], told[4]["eval_count"]) == (5, 7)
    assert "Look." not in str(lines(CHAT, chunks, {"think": False}))
    assert "".join(line["response"] for line in lines(GENERATE, chunks)) == "A mild day."


def test_logprobs_are_told() -> None:
    likely = [{"token": "A", "logprob": -0.1, "bytes": [65], "top_logprobs": []}]
    reply = chat_reply(choice={"logprobs": {"content": likely, "refusal": None}})
    assert CHAT.told(reply, {})["logprobs"] == likely
    chunks = [
        chat_chunk({"content": "A"}),
        chat_chunk({}, choice={"logprobs": {"content": likely}}),
    ]
    assert lines(CHAT, chunks)[-1]["logprobs"] == likely


def test_a_call_that_is_no_object_is_the_upstreams_failure() -> None:
    broken = {**CALL, "function": {"name": "find", "arguments": "[1]"}}
    with pytest.raises(ModelError, match="no JSON object"):
        CHAT.told(chat_reply(None, message={"tool_calls": [broken]}), {})


@pytest.mark.parametrize("created", [None, "soon", -5, 1e300, True, [1]])
def test_a_time_that_is_none_is_now(created: Any) -> None:
    told = CHAT.told(chat_reply(created=created), {})
    assert told["created_at"].endswith("Z")


def test_models_that_are_none_are_not_listed() -> None:
    told = model_list({"data": [{"id": "m"}, {"id": 5}, "x", None]})
    assert [model["model"] for model in told["models"]] == ["m"]
    assert model_list({"data": 5}) == {"models": []}
