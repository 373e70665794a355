"""Errors in Ollama's shape, and what keeps a stream of its lines alive."""

from __future__ import annotations

from amnestic.integrations.openai import Json, dumps

__all__ = ["PING", "error_body", "error_line"]

PING = b" "
"""A blank before the next line: an empty line would be no JSON, which clients read."""


def error_body(status: int, message: str, param: str | None = None) -> Json:
    """An error.

    >>> error_body(404, "there is no such model")
    {'error': 'there is no such model'}
    """
    return {"error": message}


def error_line(status: int, message: str) -> bytes:
    """An error in the middle of a stream."""
    return dumps(error_body(status, message)) + b"\n"
