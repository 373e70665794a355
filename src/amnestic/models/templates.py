"""LangChain messages as the plain dictionaries that chat templates take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from amnestic.exceptions import UnsupportedContentError
from amnestic.models.convert import from_langchain
from amnestic.types import Message

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

__all__ = ["template_message", "template_messages"]


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
