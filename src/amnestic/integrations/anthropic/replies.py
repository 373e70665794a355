"""A chat completion as a message."""

from __future__ import annotations

import secrets
from typing import Any

from amnestic.integrations.openai import Json
from amnestic.integrations.translation import Told, told_in

__all__ = ["ending", "head", "message", "tells_thoughts", "usage"]

_ENDINGS = {"length": "max_tokens", "content_filter": "refusal"}


def message(reply: Json, body: Json) -> Json:
    """The message that a chat completion is, for who asked for `body`.

    Raises `ModelError` for a reply that has no place in a message.

    >>> told = {"id": "chatcmpl-1", "model": "m", "choices": [{"message": {"content": "Hi."}}]}
    >>> message(told, {})["content"]
    [{'type': 'text', 'text': 'Hi.'}]
    """
    told, content = told_in(reply), list[Json]()
    if told.thoughts and tells_thoughts(body):
        content.append({"type": "thinking", "thinking": told.thoughts, "signature": ""})
    if told.text or told.refusal:
        content.append({"type": "text", "text": told.text + told.refusal})
    content += [
        {"type": "tool_use", "id": call.id, "name": call.name, "input": call.arguments}
        for call in told.calls
    ]
    return {
        **head(told.head, body),
        "content": content,
        **ending(told, body),
        "usage": usage(told.read, told.written),
    }


def head(told: Json, body: Json) -> Json:
    """How a message begins, from the `told` id and model of a chat completion."""
    chat_id = str(told.get("id") or secrets.token_hex(12)).removeprefix("chatcmpl-")
    model = str(told.get("model") or body.get("model"))
    return {"id": f"msg_{chat_id}", "type": "message", "role": "assistant", "model": model}


def ending(told: Told, body: Json) -> Json:
    """Why a message ended."""
    stops: Any = body.get("stop_sequences") or ()
    reason, stop = _ENDINGS.get(told.finish, "end_turn"), None
    if told.refusal:
        reason = "refusal"
    elif reason == "end_turn" and told.calls:
        reason = "tool_use"
    elif reason == "end_turn" and told.stop in stops:
        reason, stop = "stop_sequence", told.stop
    return {"stop_reason": reason, "stop_sequence": stop}


def usage(read: int, written: int) -> Json:
    """Tokens; what an upstream tells of its cache is not told."""
    cached = {"cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
    return {"input_tokens": read, **cached, "output_tokens": written}


def tells_thoughts(body: Json) -> bool:
    """Whether a caller asked to be told what the model thinks: many look for the answer in the
    first block.

    >>> tells_thoughts({"thinking": {"type": "adaptive"}}), tells_thoughts({})
    (True, False)
    """
    thinking: Any = body.get("thinking") or {}
    shown = thinking.get("display") != "omitted"
    return shown and thinking.get("type") in ("enabled", "adaptive")
