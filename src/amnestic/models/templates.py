"""LangChain messages as the plain dictionaries that chat templates take."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from amnestic.exceptions import UnsupportedContentError
from amnestic.models.convert import from_langchain
from amnestic.types import Message

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

__all__ = ["template_message", "template_messages", "with_objects"]


def template_messages(messages: Sequence[BaseMessage]) -> list[dict[str, Any]]:
    """The messages for `apply_chat_template`; raises `UnsupportedContentError` for anything that
    is not text, which a language model cannot read.

    >>> from langchain_core.messages import HumanMessage
    >>> template_messages([HumanMessage("Hello")])
    [{'role': 'user', 'content': 'Hello'}]
    """
    return [template_message(message) for message in from_langchain(messages)]


def template_message(message: Message) -> dict[str, Any]:
    """One message of a conversation as a chat template takes it."""
    if message.opaque_kinds:
        kind = message.opaque_kinds[0]
        raise UnsupportedContentError(f"a local model reads text only, not a part of kind {kind!r}")
    role = "system" if message.role == "developer" else message.role
    out: dict[str, Any] = {"role": role, "content": message.text}
    if message.tool_calls:
        out["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in message.tool_calls
        ]
    if message.tool_call_id:
        out["tool_call_id"] = message.tool_call_id
    if message.name:
        out["name"] = message.name
    if message.reasoning:
        out["reasoning_content"] = message.reasoning
    return out


def with_objects(messages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Messages whose tool calls have their arguments as objects, which most templates expect: one
    that writes them as JSON would encode a string a second time. What is no object stays a string.

    >>> call = {"function": {"name": "f", "arguments": '{"a": 1}'}}
    >>> with_objects([{"role": "assistant", "tool_calls": [call]}])[0]["tool_calls"]
    [{'function': {'name': 'f', 'arguments': {'a': 1}}}]
    """
    return [
        {**message, "tool_calls": [_with_object(call) for call in message["tool_calls"]]}
        if "tool_calls" in message
        else message
        for message in messages
    ]


def _with_object(call: dict[str, Any]) -> dict[str, Any]:
    function = call["function"]
    try:
        given = json.loads(function["arguments"] or "{}")
    except (ValueError, RecursionError):
        return call
    if not isinstance(given, dict):
        return call
    return {**call, "function": {**function, "arguments": given}}
