"""The fields of a response, its items, and what it took."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

from amnestic.graphs.usage import tokens_of
from amnestic.integrations.openai.dialect import Counted, Head, Json
from amnestic.integrations.openai.wire import like_id
from amnestic.models.values import strings_in
from amnestic.types import Draft, ToolCall

__all__ = [
    "ECHOED",
    "RESPONSE_HEAD",
    "call_item",
    "custom_names",
    "message_item",
    "response_head",
    "responses_usage",
]

ECHOED = (
    "instructions max_output_tokens metadata parallel_tool_calls store temperature text "
    "tool_choice tools top_p truncation user"
).split()
_DEFAULTS: Json = {
    "parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "metadata": {},
    "temperature": 1.0, "top_p": 1.0, "instructions": None, "text": {"format": {"type": "text"}},
    "truncation": "disabled",
}  # fmt: skip
RESPONSE_HEAD = (
    *ECHOED,
    *"background billing frequency_penalty id max_tool_calls model object presence_penalty".split(),
    *"prompt_cache_key prompt_cache_retention provider safety_identifier service_tier".split(),
    "top_logprobs",
)
"""What is kept of an upstream's reply: what the server says of itself and of the request."""


def response_head(body: Json, like: Head, *, fresh: bool) -> Json:
    """The fields of a response around its output. `like` is this reply's own head, or an earlier
    reply's, whose manner a `fresh` id takes."""
    echoed = {key: body[key] for key in ECHOED if body.get(key) is not None}
    own = [key for key in RESPONSE_HEAD if not fresh or key not in ECHOED]
    known = {key: like[key] for key in own if key in like}
    return {
        **_DEFAULTS,
        **known,
        **echoed,
        "id": like_id(like.get("id"), "resp_") if fresh or "id" not in like else like["id"],
        "object": "response",
        "created_at": int(time.time()) if fresh else like.get("created_at") or int(time.time()),
        "model": like.get("model") or body.get("model") or "model",
        "error": None,
        "incomplete_details": None,
    }


def message_item(draft: Draft, item_id: str | None = None) -> Json:
    """The item that holds an answer."""
    content: Json = {"type": "output_text", "text": draft.text, "annotations": []}
    if draft.refusal and not draft.text:
        content = {"type": "refusal", "refusal": draft.refusal}
    return {
        "id": item_id or like_id(None, "msg_"),
        "type": "message",
        "status": "incomplete" if draft.finish_reason == "length" else "completed",
        "role": "assistant",
        "content": [content],
    }


def call_item(
    call: ToolCall, item_id: str | None = None, custom: Collection[str] = frozenset()
) -> Json:
    """The item that holds a tool call: of one that takes JSON, or of a `custom` one.

    >>> call_item(ToolCall("c", "run", "ls"), "i", {"run"})["type"]
    'custom_tool_call'
    """
    free = call.name in custom
    return {
        "id": item_id or like_id(f"{'ctc' if free else 'fc'}_{'0' * 48}", "fc_"),
        "type": "custom_tool_call" if free else "function_call",
        "status": "completed",
        "input" if free else "arguments": call.arguments,
        "call_id": call.id,
        "name": call.name,
    }


def custom_names(body: Json) -> frozenset[str]:
    """The names of a request's tools that take free text.

    >>> sorted(custom_names({"tools": [{"type": "custom", "name": "run"}, {"type": "web_search"}]}))
    ['run']
    """
    tools = body.get("tools")
    found = [t for t in tools if isinstance(t, Mapping)] if isinstance(tools, list) else []
    return frozenset(str(t.get("name")) for t in found if t.get("type") == "custom")


def responses_usage(choices: tuple[Draft, ...], body: Json, counted: Counted) -> Json:
    """What a reply took; tokens that are not counted are estimated from what is asked and said."""
    read = counted.read
    if read is None:
        texts = strings_in([body.get("instructions"), body.get("input")], but=("role", "type"))
        read = max(1, sum(len(text) for text in texts) // 4)
    written = tokens_of(*choices) if counted.written is None else counted.written
    return {
        "input_tokens": read,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": written,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": read + written,
    }
