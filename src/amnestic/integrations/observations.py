"""Cleaning LangChain messages and values that an agent is about to see or to remember."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, ToolMessage
from langgraph.types import Command

from amnestic.amnesia import Amnesia
from amnestic.exceptions import InvalidRequestError
from amnestic.graphs.observing import WITHHELD
from amnestic.models.convert import from_langchain, to_langchain
from amnestic.types import Conversation, Message, Part

__all__ = ["clean_memory", "clean_value", "cleaned_result", "is_summary"]

_SUMMARY = "summarization"


def is_summary(message: BaseMessage) -> bool:
    """Whether a message of an agent's state is a summary that a middleware wrote."""
    return message.additional_kwargs.get("lc_source") == _SUMMARY


async def cleaned_result(amnesia: Amnesia, history: Sequence[AnyMessage], given: Any) -> Any:
    """What may stay of what a tool gave: a message, a command, a list of them, or any value."""
    if isinstance(given, ToolMessage):
        return await _clean_tool_message(amnesia, history, given)
    if isinstance(given, Command):
        update = await cleaned_result(amnesia, history, given.update)
        return replace(given, update=update)
    if isinstance(given, BaseMessage):
        return (await clean_memory(amnesia, [given], [0])).get(0, given)
    if isinstance(given, list | tuple) and any(_is_known(item) for item in given):
        return type(given)([await cleaned_result(amnesia, history, item) for item in given])
    if isinstance(given, Mapping) and any(_is_known(item) for item in _flat(given)):
        return {k: await cleaned_result(amnesia, history, v) for k, v in given.items()}
    return await clean_value(amnesia, history, given)


async def clean_memory(
    amnesia: Amnesia, messages: Sequence[BaseMessage], places: Sequence[int]
) -> dict[int, BaseMessage]:
    """The messages at `places` that had to be changed, by place, with their ids kept, so that they
    replace the old ones in an agent's state. What the user said is not changed."""
    if not places:
        return {}
    parsed = [_readable(m) for m in messages]
    clean = await amnesia.aclean(parsed)
    changed = [i for i in places if clean[i] != parsed[i]]
    return {i: _rebuilt(messages[i], clean[i]) for i in changed}


async def clean_value(amnesia: Amnesia, history: Sequence[AnyMessage], value: Any) -> Any:
    """What may stay of any value: a clean one is given back as it is, JSON keeps its shape, and of
    anything else nothing stays."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple) and not _as_json(value):
        kept = [(v, await clean_value(amnesia, history, v)) for v in value]
        return type(value)([clean for v, clean in kept if clean is not None or v is None])
    text = value if isinstance(value, str) else _as_json(value) or repr(value)
    clean = await _clean_text(amnesia, history, text)
    if clean == text:
        return value
    if isinstance(value, str):
        return clean
    try:
        return json.loads(clean)
    except ValueError:
        return None


async def _clean_tool_message(
    amnesia: Amnesia, history: Sequence[AnyMessage], message: ToolMessage
) -> ToolMessage:
    content: Any = message.content
    if isinstance(content, str):
        content = await _clean_text(amnesia, history, content)
    else:
        content = [await _clean_block(amnesia, history, block) for block in content]
    artifact = await clean_value(amnesia, history, message.artifact)
    if content == message.content and artifact is message.artifact:
        return message
    return message.model_copy(update={"content": content, "artifact": artifact})


async def _clean_block(amnesia: Amnesia, history: Sequence[AnyMessage], block: Any) -> Any:
    if isinstance(block, str):
        return await _clean_text(amnesia, history, block)
    if isinstance(block, Mapping) and isinstance(block.get("text"), str):
        text = await _clean_text(amnesia, history, block["text"])
        return block if text == block["text"] else {"type": "text", "text": text}
    clean = await clean_value(amnesia, history, block)
    return clean if clean == block else {"type": "text", "text": WITHHELD}


async def _clean_text(amnesia: Amnesia, history: Sequence[AnyMessage], text: str) -> str:
    if not text.strip():
        return text
    before = [_readable(m) for m in history]
    told = Message.of("tool", text)
    try:
        clean: Conversation = await amnesia.aclean([*before, told], since=len(before))
    except InvalidRequestError:
        clean = await _on_its_own(amnesia, told)
    return clean[-1].text


async def _on_its_own(amnesia: Amnesia, told: Message) -> Conversation:
    """For a history that cannot be read: the text is judged without it, or withheld."""
    try:
        return await amnesia.aclean([told])
    except InvalidRequestError:
        return (told.with_text(WITHHELD),)


def _readable(message: BaseMessage) -> Message:
    """A message as the review path reads it. A summary is no question, whoever is said to have
    asked it; parts of an unknown kind are read as text."""
    (parsed,) = from_langchain([message])
    parts = tuple(p if p.kind == "text" else _as_text(p) for p in parsed.parts)
    role = "system" if is_summary(message) else parsed.role
    return replace(parsed, role=role, parts=parts)


def _as_text(part: Part) -> Part:
    return Part("text", part.text or (_as_json(part.payload) or repr(part.payload))[:10_000])


def _rebuilt(old: BaseMessage, clean: Message) -> BaseMessage:
    if isinstance(old, ToolMessage):
        return old.model_copy(update={"content": clean.text, "artifact": None})
    if isinstance(old, AIMessage):
        (new,) = to_langchain((clean,))
        return new.model_copy(update={"id": old.id, "usage_metadata": old.usage_metadata})
    return old.model_copy(update={"content": clean.text})


def _as_json(value: Any) -> str | None:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return None


def _is_known(item: Any) -> bool:
    return isinstance(item, BaseMessage | Command) or (
        isinstance(item, list | tuple) and any(_is_known(inner) for inner in item)
    )


def _flat(given: Mapping[Any, Any]) -> Sequence[Any]:
    return list(given.values())
