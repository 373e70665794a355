"""Ollama's requests as the bodies of chat completions. What holds words is translated, so that the
chat door reads it, or refused by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amnestic.exceptions import InvalidRequestError, UnsupportedContentError
from amnestic.integrations.ollama.messages import chat_messages, pictures
from amnestic.integrations.openai import Json
from amnestic.integrations.translation import (
    fields,
    items,
    no_type,
    number,
    switch,
    text,
    whole_number,
)

__all__ = ["chat_body", "generate_body"]

_SHARED = ("model", "format", "options", "stream", "think", "logprobs", "top_logprobs")
_CHAT = (*_SHARED, "messages", "tools")
_GENERATE = (*_SHARED, "prompt", "system", "images")
_DROPPED = ("keep_alive", "truncate", "shift")
"""Fields that tell Ollama how to keep its models; none goes any further."""
_NUMBERS = "temperature top_p top_k min_p frequency_penalty presence_penalty".split()


def chat_body(body: Json) -> Json:
    """The chat completion that a request to `/api/chat` asks for.

    Raises `InvalidRequestError` and `UnsupportedContentError`.

    >>> chat_body({"model": "m", "messages": [{"role": "user", "content": "Hi."}], "stream": False})
    {'model': 'm', 'messages': [{'role': 'user', 'content': 'Hi.'}]}
    """
    asked = fields(body, "the request", _CHAT, _DROPPED)
    chat = {**_shared(asked), "messages": chat_messages(asked.get("messages"))}
    if tools := items(asked.get("tools", []), "'tools'"):
        chat["tools"] = [_tool(tool, f"tools[{i}]") for i, tool in enumerate(tools)]
    return chat


def generate_body(body: Json) -> Json:
    """The chat completion that a request to `/api/generate` asks for: its prompt is what a user
    says. Raises as `chat_body` does.

    >>> generate_body({"model": "m", "prompt": "Hi.", "stream": False})["messages"]
    [{'role': 'user', 'content': 'Hi.'}]
    """
    asked = fields(body, "the request", _GENERATE, _DROPPED)
    prompt = text(asked.get("prompt", ""), "'prompt'")
    shown = pictures(asked.get("images", []), "'images'")
    if not (prompt or shown):
        raise InvalidRequestError("'prompt' must hold something")
    said = [{"type": "text", "text": prompt}, *shown] if shown else prompt
    messages: list[Json] = [{"role": "user", "content": said}]
    if system := text(asked.get("system", ""), "'system'"):
        messages.insert(0, {"role": "system", "content": system})
    return {**_shared(asked), "messages": messages}


def _shared(asked: Mapping[str, Any]) -> Json:
    chat: Json = {"model": text(asked.get("model"), "'model'")}
    chat |= _options(asked.get("options", {}))
    if (form := asked.get("format")) not in (None, ""):
        chat["response_format"] = _form(form)
    think = asked.get("think")
    if not isinstance(think, bool | str | None):
        raise InvalidRequestError("'think' must be true, false or a string")
    if isinstance(think, str) and think:
        chat["reasoning_effort"] = think
    if switch(asked.get("logprobs", False), "'logprobs'"):
        chat["logprobs"] = True
        if most := whole_number(asked.get("top_logprobs", 0), "'top_logprobs'", 0):
            chat["top_logprobs"] = most
    if switch(asked.get("stream", True), "'stream'"):
        chat |= {"stream": True, "stream_options": {"include_usage": True}}
    return chat


def _options(raw: Any) -> Json:
    """The options that a chat completion has, too; the others set how Ollama loads a model and how
    its own sampler works, and go no further."""
    if not isinstance(raw, Mapping):
        raise InvalidRequestError("'options' must be an object")
    given = {name: value for name, value in raw.items() if value is not None}
    chat: Json = {n: number(given[n], f"'options.{n}'") for n in _NUMBERS if n in given}
    if "seed" in given:
        chat["seed"] = whole_number(given["seed"], "'options.seed'")
    most = whole_number(given.get("num_predict", -1), "'options.num_predict'")
    if most > 0:  # others mean: as many as there is room for
        chat["max_tokens"] = most
    stop = given.get("stop", [])
    stops = [stop] if isinstance(stop, str) else items(stop, "'options.stop'")
    if stops:
        chat["stop"] = [text(one, "each of 'options.stop'") for one in stops]
    return chat


def _form(raw: Any) -> Json:
    if raw == "json":
        return {"type": "json_object"}
    if not isinstance(raw, Mapping):
        raise InvalidRequestError("'format' must be 'json' or a JSON schema")
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(raw)}}


def _tool(raw: Any, place: str) -> Json:
    tool = fields(raw, place, ("type", "function"))
    if tool.get("type", "function") != "function":
        raise no_type(tool["type"], place)
    function = fields(
        tool.get("function"), f"{place}.function", ("name", "description", "parameters")
    )
    named: Json = {"name": text(function.get("name"), f"{place}.function.name")}
    if "description" in function:
        named["description"] = text(function["description"], f"{place}.function.description")
    if not isinstance(parameters := function.get("parameters", {}), Mapping):
        raise UnsupportedContentError(f"{place}.function.parameters must be an object")
    return {"type": "function", "function": {**named, "parameters": dict(parameters)}}
