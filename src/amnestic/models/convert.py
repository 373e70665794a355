"""Conversations and drafts to LangChain's messages and back, without loss.

Text, opaque content parts, tool calls with their raw JSON, tool results, names and reasoning all
survive `to_langchain` followed by `from_langchain`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from amnestic.exceptions import ModelError, UnsupportedContentError
from amnestic.models.cut_calls import as_said
from amnestic.types import Conversation, Draft, Message, Part, ToolCall

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage

__all__ = ["draft_of", "finish_reason_of", "from_langchain", "reasoning_in", "to_langchain"]

_DEVELOPER = "__openai_role__"  # how langchain-openai marks a system message as a developer's
_FINISH = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "STOP": "stop",
    "completed": "stop",
    "max_tokens": "length",
    "MAX_TOKENS": "length",
    "max_output_tokens": "length",
    "tool_use": "tool_calls",
}
_TEXT_BLOCKS = ("text", "output_text", "input_text")
_REASONING_BLOCKS = ("reasoning", "thinking", "reasoning_content", "redacted_thinking")
_CALL_BLOCKS = ("tool_use", "tool_call", "tool_call_chunk", "function_call", "input_json_delta")
_CALL_BLOCKS_BAD = ("invalid_tool_call",)


# ── To LangChain ─────────────────────────────────────────────────────────────────────────────────


def to_langchain(conversation: Conversation) -> list[BaseMessage]:
    """The conversation as LangChain messages.

    >>> [message.type for message in to_langchain((Message.of("user", "Hello"),))]
    ['human']
    """
    return [_message_to_langchain(message) for message in conversation]


def _message_to_langchain(message: Message) -> BaseMessage:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

    content: Any = _content_to_langchain(message.parts)
    if message.role == "user":
        return HumanMessage(content=content, name=message.name)
    if message.role == "system":
        return SystemMessage(content=content, name=message.name)
    if message.role == "developer":
        marked = {_DEVELOPER: "developer"}
        return SystemMessage(content=content, name=message.name, additional_kwargs=marked)
    if message.role == "tool":
        call_id = message.tool_call_id or ""
        return ToolMessage(content=content, tool_call_id=call_id, name=message.name)
    if message.role == "assistant":
        return AIMessage(content=content, name=message.name, **_assistant_extras(message))
    raise UnsupportedContentError(f"unknown role {message.role!r} in a message")


def _content_to_langchain(parts: tuple[Part, ...]) -> str | list[Any]:
    if not parts:
        return ""
    if len(parts) == 1 and parts[0].kind == "text" and parts[0].payload is None:
        return parts[0].text
    return [_block(part) for part in parts]


def _block(part: Part) -> Any:
    if part.kind == "text":
        extra = part.payload if isinstance(part.payload, Mapping) else {}
        return {**extra, "type": "text", "text": part.text}
    if part.payload is not None:
        return part.payload
    return {"type": part.kind, "text": part.text}


def _assistant_extras(message: Message) -> dict[str, Any]:
    calls = [_parsed(call) for call in message.tool_calls]
    extras: dict[str, Any] = {}
    if message.tool_calls:
        # LangChain holds arguments parsed; the raw text beside them keeps the round trip exact.
        extras["tool_calls"] = [_raw_call(call) for call in message.tool_calls]
    if message.reasoning:
        extras["reasoning_content"] = message.reasoning
    return {
        "tool_calls": [call for call in calls if "error" not in call],
        "invalid_tool_calls": [call for call in calls if "error" in call],
        "additional_kwargs": extras,
    }


def _parsed(call: ToolCall) -> dict[str, Any]:
    try:
        arguments = json.loads(call.arguments)
    except ValueError:
        arguments = None
    if isinstance(arguments, dict):
        return {"name": call.name, "args": arguments, "id": call.id, "type": "tool_call"}
    return {
        "name": call.name,
        "args": call.arguments,
        "id": call.id,
        "error": "arguments are not a JSON object",
        "type": "invalid_tool_call",
    }


def _raw_call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function}


# ── From LangChain ───────────────────────────────────────────────────────────────────────────────


def from_langchain(messages: Sequence[BaseMessage]) -> Conversation:
    """LangChain messages as a conversation. Raises `UnsupportedContentError` for a message of a
    role that the layer does not know.

    >>> from langchain_core.messages import HumanMessage
    >>> from_langchain([HumanMessage("Hello")])[0].text
    'Hello'
    """
    return tuple(_message_from_langchain(message) for message in messages)


def _message_from_langchain(message: BaseMessage) -> Message:
    from langchain_core.messages import AIMessage, ToolMessage

    parts = tuple(_parts(message.content))
    if isinstance(message, AIMessage):
        kept = tuple(p for p in parts if p.kind not in (*_REASONING_BLOCKS, *_CALL_BLOCKS))
        return Message(
            "assistant",
            kept,
            tool_calls=_tool_calls(message),
            name=message.name,
            reasoning=reasoning_in(message),
        )
    if isinstance(message, ToolMessage):
        return Message("tool", parts, tool_call_id=message.tool_call_id, name=message.name)
    if message.type == "human":
        return Message("user", parts, name=message.name)
    if message.type == "system":
        developer = message.additional_kwargs.get(_DEVELOPER) == "developer"
        return Message("developer" if developer else "system", parts, name=message.name)
    raise UnsupportedContentError(f"unknown role {message.type!r} in a message")


def _parts(content: str | Sequence[Any]) -> Iterable[Part]:
    if isinstance(content, str):
        if content:
            yield Part("text", content)
        return
    for block in content:
        if isinstance(block, str):
            yield Part("text", block)
        elif isinstance(block, Mapping) and block.get("type", "text") in _TEXT_BLOCKS:
            rest = {k: v for k, v in block.items() if k not in ("type", "text")}
            yield Part("text", str(block.get("text", "")), payload=rest or None)
        elif isinstance(block, Mapping):
            yield Part(str(block["type"]), str(block.get("text", "")), payload=dict(block))
        else:
            yield Part(type(block).__name__, payload=block)


def _tool_calls(message: AIMessage) -> tuple[ToolCall, ...]:
    raw = _raw_arguments(message)
    calls = [
        ToolCall(
            call["id"] or "",
            call["name"],
            raw.get(call["id"] or "", json.dumps(call["args"], ensure_ascii=False)),
        )
        for call in message.tool_calls
    ]
    bad = [
        ToolCall(call.get("id") or "", call.get("name") or "", as_said(call.get("args") or ""))
        for call in message.invalid_tool_calls
    ]
    order = list(raw)
    return tuple(
        sorted(calls + bad, key=lambda c: order.index(c.id) if c.id in raw else len(order))
    )


def _raw_arguments(message: AIMessage) -> dict[str, str]:
    calls = message.additional_kwargs.get("tool_calls") or []
    return {call.get("id") or "": call["function"]["arguments"] for call in calls}


def reasoning_in(message: BaseMessage) -> str:
    """The reasoning that a message carries, in whichever of the usual places it stands."""
    found = message.additional_kwargs.get("reasoning_content")
    texts = [found] if isinstance(found, str) and found else []
    blocks = message.content if isinstance(message.content, list) else []
    for block in blocks:
        if isinstance(block, Mapping) and block.get("type") in _REASONING_BLOCKS:
            texts.extend(_reasoning_texts(block))
    return "\n".join(text for text in texts if text)


def _reasoning_texts(block: Mapping[str, Any]) -> Iterable[str]:
    for key in ("reasoning", "thinking", "reasoning_content", "text"):
        if isinstance(block.get(key), str):
            yield block[key]
    for key in ("summary", "content"):
        for piece in block.get(key) or ():
            if isinstance(piece, Mapping):
                yield str(piece.get("text", ""))


# ── Drafts ───────────────────────────────────────────────────────────────────────────────────────


def draft_of(message: AIMessage, info: Mapping[str, Any]) -> Draft:
    """What a model answered, as a draft. `info` is LangChain's `generation_info`.

    Raises `ModelError` when the answer holds content of a kind that cannot be checked: what the
    layer does not understand is not passed.
    """
    texts: list[str] = []
    refusals: list[str] = []
    for part in _parts(message.content):
        if part.kind == "text":
            texts.append(part.text)
        elif part.kind == "refusal" and isinstance(part.payload, Mapping):
            refusals.append(str(part.payload.get("refusal", "")))
        elif part.kind not in (*_REASONING_BLOCKS, *_CALL_BLOCKS, *_CALL_BLOCKS_BAD):
            raise ModelError(f"the model answered with content of kind {part.kind!r}")
    if message.additional_kwargs.get("audio"):
        raise ModelError("the model answered with content of kind 'audio'")
    refusal = message.additional_kwargs.get("refusal")
    return Draft(
        text="".join(texts),
        reasoning=reasoning_in(message),
        refusal=refusal if isinstance(refusal, str) and refusal else "".join(refusals),
        tool_calls=_tool_calls(message),
        finish_reason=finish_reason_of(message, info) or "stop",
    )


def finish_reason_of(message: BaseMessage, info: Mapping[str, Any]) -> str | None:
    """Why the model stopped, in OpenAI's words, or `None` when it did not say.

    >>> from langchain_core.messages import AIMessage
    >>> finish_reason_of(AIMessage(""), {"stop_reason": "end_turn"})
    'stop'
    """
    for source in (info, message.response_metadata):
        for key in ("finish_reason", "stop_reason", "done_reason"):
            found = source.get(key)
            if isinstance(found, str):
                return _FINISH.get(found, found)
    return None
