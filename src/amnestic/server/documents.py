"""What the OpenAPI description says of endpoints whose bodies are passed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["DOORS", "ERRORS", "EVENT", "REPLIES", "Document", "asked_with"]

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": ["string", "null"]},
            },
        }
    },
}


_QUERY: dict[str, tuple[str, dict[str, Any]]] = {
    "namespace": (
        "The namespace; the key's first unless given",
        {"type": "string", "pattern": r"\S"},
    ),
    "status": (
        "Which of them, by their state",
        {"enum": ["active", "revoked", "purged", "expired", "all"], "default": "active"},
    ),
    "search": ("What stands in a name or an identifier", {"type": "string"}),
    "offset": (
        "How many are left out before",
        {"type": "integer", "minimum": 0, "maximum": 99_999_999, "default": 0},
    ),
    "limit": (
        "How many at most",
        {"type": "integer", "minimum": 0, "maximum": 99_999_999, "default": 1_000},
    ),
    "purge": ("Whether it is deleted for good", {"type": "boolean", "default": False}),
    "why": ("What stands in the trail", {"type": "string"}),
}


def asked_with(*names: str) -> dict[str, Any]:
    """The OpenAPI description of what a route reads from the query itself."""
    told = ((name, *_QUERY[name]) for name in names)
    return {
        "parameters": [
            {"name": name, "in": "query", "description": what, "schema": schema}
            for name, what, schema in told
        ]
    }


def _error(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": _ERROR}}}


ERRORS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The reply"},
    400: _error("The request cannot be served as it stands"),
    401: _error("The key is missing or wrong"),
    403: _error("The endpoint is closed"),
    404: _error("There is no such thing"),
    408: _error("The body did not arrive in time"),
    409: _error("The state does not allow it"),
    413: _error("The body or the conversation is too large"),
    415: _error("The body is packed otherwise than with gzip, or not called JSON"),
    422: _error("The request cannot be served as it stands"),
    429: _error("Too many requests at once; see Retry-After"),
    501: _error("This server has no upstream for it"),
    502: _error("The upstream failed"),
    503: _error("The upstream cannot be reached"),
    504: _error("The answer took too long"),
}


EVENT: dict[str, Any] = {
    "type": "object",
    "description": "Each event as its fields",
    "required": ["data"],
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
}
"""Of a stream of events, which a description tells one by one."""

REPLIES: dict[int | str, dict[str, Any]] = {
    **ERRORS,
    200: {
        "description": "The reply, or its events where `stream` is true",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "text/event-stream": {"schema": EVENT},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Document:
    """One endpoint's summary and the schema of its request body."""

    summary: str
    body: dict[str, Any]


def _body(required: list[str], **properties: Any) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": required,
        "properties": {"model": {"type": "string"}, "stream": {"type": "boolean"}, **properties},
        "additionalProperties": True,
    }
    return {"required": True, "content": {"application/json": {"schema": schema}}}


_PART = {"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}}}
_CONTENT = {"anyOf": [{"type": "string"}, {"type": "array", "items": _PART}]}
_ROLES = ["system", "developer", "user", "assistant", "tool"]
_MESSAGE = {
    "type": "object",
    "required": ["role", "content"],
    "properties": {"role": {"enum": _ROLES}, "content": _CONTENT},
}
_COUNT = {"type": "integer", "minimum": 1, "maximum": 128}
_TEMPERATURE = {"type": "number", "minimum": 0, "maximum": 2}

DOORS = {
    "/chat/completions": Document(
        "A chat completion, reviewed",
        _body(
            ["messages"],
            messages={"type": "array", "minItems": 1, "items": _MESSAGE},
            n=_COUNT,
            temperature=_TEMPERATURE,
        ),
    ),
    "/responses": Document(
        "A response, reviewed",
        _body(
            ["input"],
            input={"anyOf": [{"type": "string"}, {"type": "array", "items": _MESSAGE}]},
            instructions={"type": "string"},
            temperature=_TEMPERATURE,
        ),
    ),
    "/completions": Document(
        "A completion, reviewed",
        _body(["prompt"], prompt={"type": "string"}, n=_COUNT, temperature=_TEMPERATURE),
    ),
}
