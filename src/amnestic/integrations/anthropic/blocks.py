"""Content blocks as messages and parts of a chat completion."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from amnestic.exceptions import InvalidRequestError
from amnestic.integrations.openai import Json
from amnestic.integrations.translation import fields, image_url, items, no_type, switch, text

__all__ = ["assistant_messages", "text_parts", "user_messages"]

_MARKS = ("cache_control", "citations")
"""Fields of a block that go no further: the chat door's answers have no citations."""
_PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")
_PAPERS = ("application/pdf",)
_NAME = "document.pdf"  # the caller's own is told beside it, where it is read


def user_messages(content: str | list[Any], place: str) -> list[Json]:
    """A user's message: the results of tools, each as a message of its own, then the rest. Media
    among the results stand in the rest, since the message of a tool holds text alone.

    >>> user_messages([{"type": "tool_result", "tool_use_id": "t", "content": "4"}], "it")
    [{'role': 'tool', 'tool_call_id': 't', 'content': '4'}]
    """
    if isinstance(content, str):
        return [{"role": "user", "content": content}]
    results, parts = list[Json](), list[Json]()
    for i, block in enumerate(content):
        where = f"{place}.content[{i}]"
        if _type(block, where) == "tool_result":
            result, media = _result(block, where)
            results.append(result)
            parts += media
        else:
            parts += _parts(block, where)
    if not (results or parts):
        raise InvalidRequestError(f"{place}.content must hold at least one block")
    return [*results, *([{"role": "user", "content": _plain(parts)}] if parts else [])]


def assistant_messages(content: str | list[Any], place: str) -> list[Json]:
    """An earlier message of the model's: what it said, thought and called."""
    if isinstance(content, str):
        return [{"role": "assistant", "content": content}]
    parts, calls, thoughts = list[Json](), list[Json](), list[str]()
    for i, block in enumerate(content):
        where = f"{place}.content[{i}]"
        match _type(block, where):
            case "tool_use":
                calls.append(_call(block, where))
            case "thinking":
                thought = fields(block, where, ("type", "thinking"), ("signature",))
                thoughts.append(text(thought.get("thinking"), f"{where}.thinking"))
            case "redacted_thinking":  # nobody can read it here, so it goes no further
                fields(block, where, ("type",), ("data",))
            case "text":
                parts += _parts(block, where)
            case kind:
                raise no_type(kind, where)
    message: Json = {"role": "assistant", "content": _plain(parts) if parts else None}
    if calls:
        message["tool_calls"] = calls
    if thoughts:
        message["reasoning_content"] = "\n".join(thoughts)
    return [message]


def text_parts(content: str | list[Any], place: str) -> str | list[Json]:
    """Content that holds text alone."""
    if isinstance(content, str):
        return content
    blocks = [(block, f"{place}[{i}]") for i, block in enumerate(content)]
    return _plain([_text(block, where) for block, where in blocks])


def _plain(parts: list[Json]) -> str | list[Json]:
    """One text as a string, which every upstream can read."""
    if len(parts) == 1 and parts[0]["type"] == "text":
        return str(parts[0]["text"])
    return parts


def _type(block: Any, place: str) -> Any:
    if not isinstance(block, Mapping):
        raise InvalidRequestError(f"{place} must be an object")
    return block.get("type")


def _parts(block: Any, place: str) -> list[Json]:
    match _type(block, place):
        case "text":
            return [_text(block, place)]
        case "image":
            return [_image(block, place)]
        case "document":
            return _document(block, place)
        case "search_result":
            return _found(block, place)
        case kind:
            raise no_type(kind, place)


def _text(block: Any, place: str) -> Json:
    if _type(block, place) != "text":
        raise no_type(block.get("type"), place)
    said = fields(block, place, ("type", "text"), _MARKS)
    return _words(said.get("text"), f"{place}.text")


def _words(value: Any, place: str) -> Json:
    return {"type": "text", "text": text(value, place)}


def _image(block: Any, place: str) -> Json:
    shown = fields(block, place, ("type", "source"), (*_MARKS, "transformations"))
    source = fields(shown.get("source"), f"{place}.source", ("type", "media_type", "data", "url"))
    if source.get("type") == "url":
        return image_url(text(source.get("url"), f"{place}.source.url"))
    if source.get("type") != "base64":
        raise no_type(source.get("type"), f"{place}.source")
    return image_url(_data_url(source, f"{place}.source", _PICTURES))


def _data_url(source: Mapping[str, Any], place: str, kinds: tuple[str, ...]) -> str:
    kind = source.get("media_type")
    if kind not in kinds:
        raise InvalidRequestError(f"{place}.media_type must be one of {', '.join(kinds)}")
    return f"data:{kind};base64,{text(source.get('data'), f'{place}.data')}"


def _document(block: Any, place: str) -> list[Json]:
    known = ("type", "source", "title", "context")
    held = fields(block, place, known, _MARKS)
    parts = [_words(held[k], f"{place}.{k}") for k in ("title", "context") if k in held]
    where = f"{place}.source"
    source = fields(held.get("source"), where, ("type", "media_type", "data", "content"))
    match source.get("type"):
        case "text":
            return [*parts, _words(source.get("data"), f"{where}.data")]
        case "base64":
            file = {"filename": _NAME, "file_data": _data_url(source, where, _PAPERS)}
            return [*parts, {"type": "file", "file": file}]
        case "content":
            content = source.get("content")
            if isinstance(content, str):
                return [*parts, _words(content, where)]
            inner = enumerate(items(content, f"{where}.content"))
            return parts + [p for i, b in inner for p in _parts(b, f"{where}.content[{i}]")]
        case kind:
            raise no_type(kind, where)


def _found(block: Any, place: str) -> list[Json]:
    found = fields(block, place, ("type", "source", "title", "content"), _MARKS)
    parts = [_words(found.get(key), f"{place}.{key}") for key in ("title", "source")]
    inner = enumerate(items(found.get("content"), f"{place}.content"))
    return parts + [_text(b, f"{place}.content[{i}]") for i, b in inner]


def _result(block: Any, place: str) -> tuple[Json, list[Json]]:
    known = ("type", "tool_use_id", "content", "is_error")
    result = fields(block, place, known, _MARKS)
    switch(result.get("is_error", False), f"{place}.is_error")  # a chat has no place for it
    content = result.get("content", "")
    parts = [_words(content, place)] if isinstance(content, str) else []
    for i, inner in enumerate([] if parts else items(content, f"{place}.content")):
        parts += _parts(inner, f"{place}.content[{i}]")
    said = "\n".join(part["text"] for part in parts if part["type"] == "text")
    call = text(result.get("tool_use_id"), f"{place}.tool_use_id")
    message = {"role": "tool", "tool_call_id": call, "content": said}
    return message, [part for part in parts if part["type"] != "text"]


def _call(block: Any, place: str) -> Json:
    known = ("type", "id", "name", "input")
    call = fields(block, place, known, ("cache_control", "caller"))
    if not isinstance(call.get("input"), Mapping):
        raise InvalidRequestError(f"{place}.input must be an object")
    function = {
        "name": text(call.get("name"), f"{place}.name"),
        "arguments": json.dumps(call["input"], ensure_ascii=False),
    }
    return {"id": text(call.get("id"), f"{place}.id"), "type": "function", "function": function}
