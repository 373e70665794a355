"""Whatever stands anywhere in a request is translated or refused, and nothing else happens."""

from __future__ import annotations

from typing import Any

import pytest

from amnestic.exceptions import InvalidRequestError
from amnestic.integrations.anthropic import MESSAGES, token_count
from amnestic.integrations.ollama import CHAT, GENERATE
from amnestic.integrations.openai import ChatDialect
from amnestic.integrations.translation import Form
from amnestic.server.bodies import check_fields
from amnestic.server.errors import ServerError
from tests.integrations.placing import changed, places

Json = dict[str, Any]
ODD: list[Any] = [None, True, 5, -1, 1.5, "x", "", [], {}, [None], ["x"], [[]], {"type": []},
                  {"type": "text"}, {"a": {"b": ["c"]}}]  # fmt: skip
SCHEMA = {"type": "object", "properties": {"q": {"type": "string"}}}
PNG = "iVBORw0KGgoAAAANSUhEUg=="


def text(words: str) -> Json:
    return {"type": "text", "text": words, "cache_control": {"type": "ephemeral"}}


PICTURE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}
PAPER = {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}
WRITTEN = {"type": "content", "content": [text("It rains.")]}
FULL: dict[str, tuple[Form, Json]] = {
    "messages": (MESSAGES, {
        "model": "m", "max_tokens": 9, "system": [text("Be kind.")], "stream": True,
        "messages": [
            {"role": "user", "content": [
                text("Hi."), PICTURE, {"type": "document", "source": PAPER, "title": "T"},
                {"type": "document", "source": WRITTEN, "context": "C"},
                {"type": "search_result", "source": "s", "title": "t", "content": [text("r")]}]},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "Hm.", "signature": "s"}, text("Yes."),
                {"type": "tool_use", "id": "t", "name": "find", "input": {"q": "x"}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "t", "content": [text("4"), PICTURE]}]},
        ],
        "tools": [{"name": "find", "description": "Finds.", "input_schema": SCHEMA,
                   "input_examples": [{"q": "x"}], "strict": True}],
        "tool_choice": {"type": "tool", "name": "find", "disable_parallel_tool_use": True},
        "stop_sequences": ["END"], "metadata": {"user_id": "u"}, "temperature": 1, "top_k": 3,
        "thinking": {"type": "enabled", "budget_tokens": 1024},
        "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": SCHEMA}},
    }),
    "chat": (CHAT, {
        "model": "m", "stream": False, "format": SCHEMA, "think": "low", "keep_alive": "5m",
        "messages": [
            {"role": "user", "content": "Hi.", "images": [PNG]},
            {"role": "assistant", "content": "", "thinking": "Hm.", "tool_calls": [
                {"id": "c", "type": "function",
                 "function": {"name": "find", "arguments": {"q": "x"}}}]},
            {"role": "tool", "content": "4", "tool_name": "find", "tool_call_id": "c"},
        ],
        "tools": [{"type": "function", "function": {"name": "find", "description": "Finds.",
                                                    "parameters": SCHEMA}}],
        "options": {"temperature": 1, "num_predict": 9, "stop": ["END"], "seed": 1, "min_p": 0.1},
        "logprobs": True, "top_logprobs": 2,
    }),
    "generate": (GENERATE, {
        "model": "m", "prompt": "Hi.", "system": "Be kind.", "images": [PNG], "format": "json",
        "options": {"stop": "END"},
    }),
}  # fmt: skip


@pytest.mark.parametrize(("form", "body"), FULL.values(), ids=FULL)
def test_a_full_request_is_translated(form: Form, body: Json) -> None:
    chat = form.asked(body)
    check_fields(chat, 100)
    assert ChatDialect().conversation(chat, 10_000)


@pytest.mark.parametrize(("form", "body"), FULL.values(), ids=FULL)
def test_an_odd_value_anywhere_is_translated_or_refused(form: Form, body: Json) -> None:
    refused = 0
    for path in places(body):
        for odd in ODD:
            asked = changed(body, path, odd)
            try:
                chat = form.asked(asked)
                check_fields(chat, 100)
                ChatDialect().conversation(chat, 10_000)
                form.teller(asked)
                if form is MESSAGES:
                    token_count(asked)
            except (InvalidRequestError, ServerError):
                refused += 1
    assert refused > 50
