"""Errors in Anthropic's shape, and what keeps a stream of its events alive."""

from __future__ import annotations

from amnestic.integrations.openai import Json, event_bytes

__all__ = ["PING", "error_body", "error_event"]

PING = event_bytes({"type": "ping"}, "ping")

_KINDS = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def error_body(status: int, message: str) -> Json:
    """An error, by its HTTP status.

    >>> error_body(404, "there is no such model")["error"]["type"]
    'not_found_error'
    """
    kind = _KINDS.get(status, "invalid_request_error" if status < 500 else "api_error")
    return {"type": "error", "error": {"type": kind, "message": message}}


def error_event(status: int, message: str) -> bytes:
    """An error in the middle of a stream."""
    return event_bytes(error_body(status, message), "error")
