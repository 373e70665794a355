"""A messages request as the body of a chat completion. What holds words is translated, so that the
chat door reads it, or refused by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amnestic.exceptions import InvalidRequestError, UnsupportedContentError
from amnestic.integrations.anthropic.blocks import assistant_messages, text_parts, user_messages
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

__all__ = ["chat_body", "counted_body"]

_KNOWN = (
    "max_tokens messages metadata model output_config output_format stop_sequences stream system "
    "temperature tool_choice tools top_k top_p"
).split()
_DROPPED = (
    "cache_control context_management diagnostics inference_geo service_tier speed thinking "
    "user_profile_id workspace_id"
).split()
"""Fields that tell Anthropic's own service how to serve; none goes any further."""
_NUMBERS = ("temperature", "top_p", "top_k")
_TOOL = "type name description input_schema input_examples strict".split()
_TOOL_DROPPED = "cache_control eager_input_streaming defer_loading allowed_callers".split()
_CHOICES = {"auto": "auto", "any": "required", "none": "none"}


def chat_body(body: Json) -> Json:
    """The chat completion that a messages request asks for.

    Raises `InvalidRequestError` and `UnsupportedContentError`.

    >>> asked = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi."}]}
    >>> chat_body(asked)
    {'model': 'm', 'messages': [{'role': 'user', 'content': 'Hi.'}], 'max_completion_tokens': 9}
    """
    if "max_tokens" not in body:
        raise InvalidRequestError("'max_tokens' must be given")
    asked = fields(body, "the request", _KNOWN, _DROPPED)
    chat = counted_body(body)
    # The name that models which think first ask for; an upstream that knows it not has no limit.
    chat["max_completion_tokens"] = whole_number(asked.get("max_tokens"), "'max_tokens'", 1)
    chat |= {name: number(asked[name], repr(name)) for name in _NUMBERS if name in asked}
    if stops := items(asked.get("stop_sequences", []), "'stop_sequences'"):
        chat["stop"] = [text(stop, "each of 'stop_sequences'") for stop in stops]
    if "metadata" in asked:
        told = fields(asked["metadata"], "'metadata'", ("user_id",))
        if "user_id" in told:
            chat["user"] = text(told["user_id"], "'metadata.user_id'")
    if switch(asked.get("stream", False), "'stream'"):
        chat |= {"stream": True, "stream_options": {"include_usage": True}}
    return chat


def counted_body(body: Json) -> Json:
    """What a model reads of a request: all of it that takes tokens."""
    asked = fields(body, "the request", _KNOWN, _DROPPED)
    if not isinstance(body.get("thinking"), Mapping | None):
        raise InvalidRequestError("'thinking' must be an object")
    chat: Json = {"model": text(asked.get("model"), "'model'"), "messages": _messages(asked)}
    if tools := items(asked.get("tools", []), "'tools'"):
        chat["tools"] = [_tool(tool, f"tools[{i}]") for i, tool in enumerate(tools)]
    if "tool_choice" in asked:
        chat |= _choice(asked["tool_choice"])
    output = fields(asked.get("output_config", {}), "'output_config'", ("effort", "format"))
    if "effort" in output:
        chat["reasoning_effort"] = text(output["effort"], "'output_config.effort'")
    form = output.get("format", asked.get("output_format"))
    return chat if form is None else {**chat, "response_format": _form(form)}


def _messages(asked: Mapping[str, Any]) -> list[Json]:
    told = items(asked.get("messages"), "'messages'")
    if not told:
        raise InvalidRequestError("'messages' must hold at least one message")
    system = _system(asked["system"], "system") if asked.get("system") else []
    return system + [m for i, raw in enumerate(told) for m in _message(raw, f"messages[{i}]")]


def _message(raw: Any, place: str) -> list[Json]:
    said = fields(raw, place, ("role", "content"))
    content = said.get("content")
    if not isinstance(content, str | list):
        raise InvalidRequestError(f"{place}.content must be a string or a list of blocks")
    match said.get("role"):
        case "user":
            return user_messages(content, place)
        case "assistant":
            return assistant_messages(content, place)
        case "system":
            return _system(content, place)
        case _:
            raise UnsupportedContentError(f"{place} has an unknown role; use user or assistant")


def _system(content: Any, place: str) -> list[Json]:
    if not isinstance(content, str | list):
        raise InvalidRequestError(f"{place!r} must be a string or a list of text blocks")
    return [{"role": "system", "content": text_parts(content, place)}]


def _tool(raw: Any, place: str) -> Json:
    kind = raw.get("type") if isinstance(raw, Mapping) else None
    if kind not in (None, "custom"):
        raise no_type(kind, place)
    tool = fields(raw, place, _TOOL, _TOOL_DROPPED)
    schema = tool.get("input_schema")
    if not isinstance(schema, Mapping):
        raise InvalidRequestError(f"{place}.input_schema must be an object")
    if "input_examples" in tool:
        schema = {**schema, "examples": items(tool["input_examples"], f"{place}.input_examples")}
    function: Json = {"name": text(tool.get("name"), f"{place}.name")}
    if "description" in tool:
        function["description"] = text(tool["description"], f"{place}.description")
    function["parameters"] = dict(schema)
    if "strict" in tool:
        function["strict"] = switch(tool["strict"], f"{place}.strict")
    return {"type": "function", "function": function}


def _choice(raw: Any) -> Json:
    choice = fields(raw, "'tool_choice'", ("type", "name", "disable_parallel_tool_use"))
    alone = switch(choice.get("disable_parallel_tool_use", False), "'disable_parallel_tool_use'")
    more = {"parallel_tool_calls": False} if alone else {}
    if choice.get("type") == "tool":
        name = text(choice.get("name"), "'tool_choice.name'")
        return {"tool_choice": {"type": "function", "function": {"name": name}}, **more}
    kind = choice.get("type")
    if not isinstance(kind, str) or kind not in _CHOICES:
        raise InvalidRequestError("'tool_choice.type' must be auto, any, tool or none")
    return {"tool_choice": _CHOICES[kind], **more}


def _form(raw: Any) -> Json:
    form = fields(raw, "the output's format", ("type", "schema"))
    if form.get("type") != "json_schema" or not isinstance(form.get("schema"), Mapping):
        raise InvalidRequestError("the output's format must be of type json_schema with a 'schema'")
    schema = {"name": "answer", "schema": dict(form["schema"])}
    return {"type": "json_schema", "json_schema": schema}
