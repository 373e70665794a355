"""What the OpenAPI description says of the other forms of the chat door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from amnestic.server.documents import ERRORS, EVENT

__all__ = ["FORMS", "OLLAMA_ERRORS", "SHOWN", "FormDocument"]

_STRING = {"type": "string"}
_ANTHROPIC = {
    "type": "object",
    "required": ["type", "error"],
    "properties": {
        "type": {"const": "error"},
        "error": {
            "type": "object",
            "required": ["type", "message"],
            "properties": {"type": _STRING, "message": _STRING},
        },
    },
}
_OLLAMA = {"type": "object", "required": ["error"], "properties": {"error": _STRING}}


def _errors(schema: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    told = {"application/json": {"schema": schema}}
    return {
        status: {**reply, "content": told} if status != 200 else reply
        for status, reply in ERRORS.items()
    }


ANTHROPIC_ERRORS = _errors(_ANTHROPIC)
OLLAMA_ERRORS = _errors(_OLLAMA)


def _replies(
    errors: dict[int | str, dict[str, Any]], stream: str, part: dict[str, Any]
) -> dict[int | str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}, stream: {"schema": part}}
    return {**errors, 200: {"description": "The reply, whole or streamed", "content": content}}


@dataclass(frozen=True, slots=True)
class FormDocument:
    """One endpoint: its summary, the schema of its request's body, what it replies."""

    tag: str
    summary: str
    body: dict[str, Any]
    replies: dict[int | str, Any]


def _body(required: list[str], **properties: Any) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": required,
        "properties": {"model": {"type": "string", "minLength": 1}, **properties},
        "additionalProperties": False,
    }
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


_TEXT = _object(["type", "text"], type={"const": "text"}, text=_STRING)
_SOURCE = {
    "anyOf": [
        _object(["type", "url"], type={"const": "url"}, url=_STRING),
        _object(
            ["type", "media_type", "data"],
            type={"const": "base64"},
            media_type={"enum": ["image/png", "image/jpeg"]},
            data=_STRING,
        ),
    ]
}
_PLAIN = _object(["type", "data"], type={"const": "text"}, media_type=_STRING, data=_STRING)
_IMAGE = _object(["type", "source"], type={"const": "image"}, source=_SOURCE)
_DOCUMENT = _object(
    ["type", "source"], type={"const": "document"}, source=_PLAIN, title=_STRING, context=_STRING
)
_RESULT = _object(
    ["type", "tool_use_id"],
    type={"const": "tool_result"},
    tool_use_id=_STRING,
    content={"anyOf": [_STRING, {"type": "array", "items": {"anyOf": [_TEXT, _IMAGE]}}]},
    is_error={"type": "boolean"},
)
_USE = _object(
    ["type", "id", "name", "input"],
    type={"const": "tool_use"},
    id=_STRING,
    name=_STRING,
    input={"type": "object"},
)
_THOUGHT = _object(
    ["type", "thinking", "signature"],
    type={"const": "thinking"},
    thinking=_STRING,
    signature=_STRING,
)


def _content(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [_STRING, {"type": "array", "minItems": 1, "items": {"anyOf": [*blocks]}}]}


_TALK = {
    "type": "array",
    "minItems": 1,
    "items": {
        "anyOf": [
            _object(
                ["role", "content"],
                role={"const": "user"},
                content=_content(_TEXT, _IMAGE, _DOCUMENT, _RESULT),
            ),
            _object(
                ["role", "content"],
                role={"const": "assistant"},
                content=_content(_TEXT, _USE, _THOUGHT),
            ),
        ]
    },
}
_READ = {
    "messages": _TALK,
    "system": _content(_TEXT),
    "tools": {
        "type": "array",
        "items": _object(
            ["name", "input_schema"],
            name=_STRING,
            description=_STRING,
            input_schema={"type": "object"},
        ),
    },
    "tool_choice": _object(
        ["type"],
        type={"enum": ["auto", "any", "none"]},
        disable_parallel_tool_use={"type": "boolean"},
    ),
    "thinking": {"type": "object"},
    "output_config": _object([], effort=_STRING),
}
_MESSAGES = _body(
    ["model", "max_tokens", "messages"],
    max_tokens={"type": "integer", "minimum": 1},
    stream={"type": "boolean"},
    temperature={"type": "number", "minimum": 0, "maximum": 1},
    top_p={"type": "number"},
    top_k={"type": "integer"},
    stop_sequences={"type": "array", "items": _STRING},
    metadata=_object([], user_id=_STRING),
    **_READ,
)
_SHARED = {
    "stream": {"type": "boolean"},
    "format": {"anyOf": [{"const": "json"}, {"type": "object"}]},
    "think": {"type": "boolean"},
    "keep_alive": {"type": ["string", "number"]},
    "options": {
        "type": "object",
        "properties": {
            "temperature": {"type": "number"},
            "top_p": {"type": "number"},
            "seed": {"type": "integer"},
            "num_predict": {"type": "integer"},
            "stop": {"type": "array", "items": _STRING},
        },
    },
}
_IMAGES = {"type": "array", "items": {"type": "string", "contentEncoding": "base64"}}
_FUNCTION = _object(["name"], name=_STRING, description=_STRING, parameters={"type": "object"})
_CALL = _object(
    ["function"],
    function=_object(["name", "arguments"], name=_STRING, arguments={"type": "object"}),
)
_SAID = _object(
    ["role"],
    role={"enum": ["system", "user", "assistant", "tool"]},
    content=_STRING,
    thinking=_STRING,
    images=_IMAGES,
    tool_calls={"type": "array", "items": _CALL},
    tool_name=_STRING,
)
_CHAT = _body(
    ["model", "messages"],
    messages={"type": "array", "minItems": 1, "items": _SAID},
    tools={
        "type": "array",
        "items": _object(["function"], type={"const": "function"}, function=_FUNCTION),
    },
    **_SHARED,
)
_GENERATE = _body(["model", "prompt"], prompt=_STRING, system=_STRING, images=_IMAGES, **_SHARED)
SHOWN = _body(["model"])

FORMS = {
    "/v1/messages": FormDocument(
        "Anthropic",
        "A message, reviewed",
        _MESSAGES,
        _replies(ANTHROPIC_ERRORS, "text/event-stream", EVENT),
    ),
    "/v1/messages/count_tokens": FormDocument(
        "Anthropic",
        "About how many tokens a request takes",
        _body(["model", "messages"], **_READ),
        ANTHROPIC_ERRORS,
    ),
    "/api/chat": FormDocument(
        "Ollama",
        "A chat, reviewed",
        _CHAT,
        _replies(OLLAMA_ERRORS, "application/x-ndjson", _STRING),
    ),
    "/api/generate": FormDocument(
        "Ollama",
        "An answer to a prompt, reviewed",
        _GENERATE,
        _replies(OLLAMA_ERRORS, "application/x-ndjson", _STRING),
    ),
}
