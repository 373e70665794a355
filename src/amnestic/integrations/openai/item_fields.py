"""The fields of the items of a response's input that are not read as their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from amnestic.integrations.openai.dialect import Json
from amnestic.integrations.openai.part_fields import beside_parts, plain_parts
from amnestic.integrations.openai.responses_replies import CALLS

__all__ = ["OUTPUTS", "beside_item", "plain_item"]

OUTPUTS = ("function_call_output", "custom_tool_call_output")
"""The items that hold what a tool gave back."""

_SIGNS = ("type", "id", "role", "call_id")
_MESSAGE = ("content",)
_NAMELESS = "tool"


def beside_item(item: Any) -> Json | None:
    """What an item holds beside what is read of it; `None` where that is nothing, and of kinds
    that are read whole.

    >>> called = {"type": "function_call", "call_id": "c", "name": "find", "arguments": "{}"}
    >>> beside_item(called), beside_item({"role": "user", "content": "Hi.", "mood": "good"})
    ({'name': 'find'}, {'mood': 'good'})
    """
    if not isinstance(item, Mapping) or (read := _read(item)) is None:
        return None
    beside = {key: value for key, value in item.items() if key not in (*_SIGNS, *read)}
    for key in ("content", "output"):
        if key in read and (parts := beside_parts(item.get(key))):
            beside["content"] = parts
    return beside or None


def plain_item(item: Mapping[str, Any], parts: Sequence[Any] = ()) -> Json:
    """An item without the fields beside what is read of it, a call without the name of its tool;
    of its parts those stay whole whose other fields are among `parts`."""
    read = _read(item) or ()
    kept = {key: value for key, value in item.items() if key in (*_SIGNS, *read)}
    kind = "output_text" if item.get("role") == "assistant" else "input_text"
    for key in ("content", "output"):
        if key in kept:
            kept[key] = plain_parts(kept[key], parts, kind)
    return {**kept, "name": _NAMELESS} if item.get("type") in CALLS else kept


def _read(item: Mapping[str, Any]) -> Sequence[str] | None:
    """The fields that are read as an item's words; `None` where all are."""
    kind = item.get("type") or "message"
    if kind == "message":
        return _MESSAGE
    if kind in CALLS:
        return (CALLS[kind],)
    return ("output",) if kind in OUTPUTS else None
