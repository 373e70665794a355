"""A request in the words of the Responses API."""

from __future__ import annotations

from typing import Any

from .stand import Ask

__all__ = ["as_response"]


def as_response(asked: Ask) -> dict[str, Any]:
    """The request's conversation as items, its tools and its form."""
    found: dict[str, Any] = {"input": [item for m in asked.messages for item in _items(m)]}
    if asked.has_tool:
        found["tools"] = [{"type": "function", **asked.tool["function"], "strict": False}]
    if asked.form:
        found["text"] = {"format": {"type": "json_schema", **asked.form["json_schema"]}}
    return found


def _items(message: Any) -> list[dict[str, Any]]:
    calls = [
        {"type": "function_call", "call_id": call["id"], **call["function"]}
        for call in message.get("tool_calls", ())
    ]
    if message["role"] == "tool":
        output = {"call_id": message["tool_call_id"], "output": message["content"]}
        return [{"type": "function_call_output", **output}]
    if message["content"]:
        return [{"role": message["role"], "content": message["content"]}, *calls]
    return calls
