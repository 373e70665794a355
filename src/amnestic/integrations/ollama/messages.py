"""Ollama's messages as those of a chat completion."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from amnestic.exceptions import InvalidRequestError, UnsupportedContentError
from amnestic.integrations.openai import Json
from amnestic.integrations.translation import fields, image_url, items, text

__all__ = ["chat_messages", "pictures"]

_KNOWN = "role content thinking images tool_calls tool_name tool_call_id".split()
_ROLES = ("system", "user", "assistant", "tool")
_KINDS = {b"\x89PNG": "png", b"GIF8": "gif", b"RIFF": "webp"}
_HEAD = 8  # characters of base64 that hold the bytes which tell a picture's kind


def chat_messages(raw: Any) -> list[Json]:
    """The messages of a chat.

    >>> chat_messages([{"role": "user", "content": "Hi."}])
    [{'role': 'user', 'content': 'Hi.'}]
    """
    if not (told := items(raw, "'messages'")):
        raise InvalidRequestError("'messages' must hold at least one message")
    calls, messages = _Calls(), list[Json]()
    for i, message in enumerate(told):
        messages += _message(message, f"messages[{i}]", calls)
    return messages


def pictures(raw: Any, place: str) -> list[Json]:
    """Pictures in base64 as parts of a message."""
    return [image_url(_data_url(picture, place)) for picture in items(raw, place)]


class _Calls:
    """Which call a result belongs to: Ollama's calls need no ids, and its results none of them."""

    def __init__(self) -> None:
        self._made = 0
        self._waiting: list[tuple[str, str]] = []

    def make(self, given: str, name: str) -> str:
        """The id of a call."""
        self._made += 1
        call = given or f"call_{self._made}"
        self._waiting.append((call, name))
        return call

    def answer(self, given: str, name: str, place: str) -> str:
        """The call that a result is of: the one that it names, else the first without one."""
        fitting = [
            waiting
            for waiting in self._waiting
            if given in ("", waiting[0]) and (given or name in ("", waiting[1]))
        ]
        if not fitting:
            raise InvalidRequestError(f"{place} is the result of a tool that nobody called")
        self._waiting.remove(fitting[0])
        return fitting[0][0]


def _message(raw: Any, place: str, calls: _Calls) -> list[Json]:
    said = fields(raw, place, _KNOWN)
    role, content = said.get("role"), text(said.get("content", ""), f"{place}.content")
    if role not in _ROLES:
        raise UnsupportedContentError(
            f"{place} has an unknown role; use one of {', '.join(_ROLES)}"
        )
    shown = pictures(said.get("images", []), f"{place}.images")
    if role == "tool":
        given = text(said.get("tool_call_id", ""), f"{place}.tool_call_id")
        name = text(said.get("tool_name", ""), f"{place}.tool_name")
        call = calls.answer(given, name, place)
        result: Json = {"role": "tool", "tool_call_id": call, "content": content}
        return [result, *([{"role": "user", "content": shown}] if shown else [])]
    message: Json = {"role": role, "content": content}
    if shown:
        message["content"] = [*([{"type": "text", "text": content}] if content else []), *shown]
    if thought := text(said.get("thinking", ""), f"{place}.thinking"):
        message["reasoning_content"] = thought
    if called := items(said.get("tool_calls", []), f"{place}.tool_calls"):
        message["tool_calls"] = [
            _call(call, f"{place}.tool_calls[{i}]", calls) for i, call in enumerate(called)
        ]
    return [message]


def _call(raw: Any, place: str, calls: _Calls) -> Json:
    call = fields(raw, place, ("id", "type", "function"))
    if call.get("type", "function") != "function":
        raise UnsupportedContentError(f"{place}.type must be 'function'")
    function = fields(
        call.get("function"), f"{place}.function", ("name", "arguments"), ("index", "description")
    )
    arguments = function.get("arguments", {})
    if not isinstance(arguments, Mapping):
        raise InvalidRequestError(f"{place}.function.arguments must be an object")
    name = text(function.get("name"), f"{place}.function.name")
    return {
        "id": calls.make(text(call.get("id", ""), f"{place}.id"), name),
        "type": "function",
        "function": {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)},
    }


def _data_url(picture: Any, place: str) -> str:
    data = text(picture, f"each of {place}")
    try:
        head = base64.b64decode(data[:_HEAD], validate=True)
    except ValueError:
        raise InvalidRequestError(f"each of {place} must be a picture in base64") from None
    kind = next((kind for sign, kind in _KINDS.items() if head.startswith(sign)), "jpeg")
    return f"data:image/{kind};base64,{data}"
