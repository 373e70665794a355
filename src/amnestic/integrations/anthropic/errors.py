"""Errors in Anthropic's shape, and what keeps a stream of its events alive."""

from __future__ import annotations

from amnestic.integrations.openai import Json, event_bytes

__all__ = ["PING", "error_body", "error_event"]

PING = event_bytes({"type": "ping"}, "ping")

_HELD = "thread"
_KINDS = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def error_body(status: int, message: str, param: str | None = None) -> Json:
    """An error, by its HTTP status. One that is about the `param` by which a client asks that its
    conversation be held says so in the words after which it sends all of it.

    >>> error_body(404, "there is no such model")["error"]["type"]
    'not_found_error'
    >>> error_body(400, "leave it out", "thread")["error"]["details"]["error_code"]
    'thread_unsupported_request'
    """
    kind = _KINDS.get(status, "invalid_request_error" if status < 500 else "api_error")
    error: Json = {"type": kind, "message": message}
    if param == _HELD:
        error["details"] = {"error_code": "thread_unsupported_request", "unsupported": [_HELD]}
    return {"type": "error", "error": error}


def error_event(status: int, message: str) -> bytes:
    """An error in the middle of a stream."""
    return event_bytes(error_body(status, message), "error")
