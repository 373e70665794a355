"""The fields of a chat message that are not read as its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from amnestic.integrations.openai.dialect import Json
from amnestic.integrations.openai.part_fields import beside_parts, plain_parts

__all__ = ["beside_message", "plain_message"]

_READ = (
    "role content name refusal tool_calls tool_call_id function_call audio reasoning_content "
    "reasoning"
).split()
_CALL = ("id", "type", "index", "function", "custom")
_NAMELESS = "tool"
_RESULTS = ("tool", "function")


def beside_message(message: Any) -> Json | None:
    """What a message holds beside what is read of it; `None` where that is nothing.

    >>> call = {"id": "c", "type": "function", "function": {"name": "find", "arguments": "{}"}}
    >>> beside_message({"role": "assistant", "tool_calls": [call], "mood": "good"})
    {'mood': 'good', 'tool_calls': [{'name': 'find'}]}
    """
    if not isinstance(message, Mapping):
        return None
    beside = {key: value for key, value in message.items() if key not in _READ}
    calls = message.get("tool_calls")
    found = [_beside_call(call) for call in calls] if isinstance(calls, list) else []
    if isinstance(message.get("function_call"), Mapping):
        found.append(_beside_call({"function": message["function_call"]}))
    if _names_its_tool(message):
        found.append({"name": message["name"]})
    if any(found):
        beside["tool_calls"] = found
    if parts := beside_parts(message.get("content")):
        beside["content"] = parts
    return beside or None


def _names_its_tool(message: Mapping[str, Any]) -> bool:
    """Whether a message is what a tool gave back, and says which."""
    return message.get("role") in _RESULTS and isinstance(message.get("name"), str)


def _beside_call(call: Any) -> Json:
    if not isinstance(call, Mapping):
        return {}
    rest = {key: value for key, value in call.items() if key not in _CALL}
    inner = [call[k] for k in ("function", "custom") if isinstance(call.get(k), Mapping)]
    for held in inner:
        rest |= {key: value for key, value in held.items() if key not in ("arguments", "input")}
    return rest


def plain_message(message: Mapping[str, Any], parts: Sequence[Any] = ()) -> Json:
    """A message without the fields beside what is read of it, its calls and results without the
    names of their tools; of its parts those stay whole whose other fields are among `parts`."""
    kept = {key: value for key, value in message.items() if key in _READ}
    if _names_its_tool(message):
        kept["name"] = _NAMELESS
    if "content" in kept:
        kept["content"] = plain_parts(kept["content"], parts, "text")
    if isinstance(kept.get("tool_calls"), list):
        kept["tool_calls"] = [_plain_call(call) for call in kept["tool_calls"]]
    if isinstance(kept.get("function_call"), Mapping):
        kept["function_call"] = _plain_call({"function": kept["function_call"]})["function"]
    return kept


def _plain_call(call: Mapping[str, Any]) -> Json:
    kept = {key: value for key, value in call.items() if key in _CALL}
    for kind in ("function", "custom"):
        if isinstance(kept.get(kind), Mapping):
            said = {k: v for k, v in kept[kind].items() if k in ("arguments", "input")}
            kept[kind] = {"name": _NAMELESS, **said}
    return kept
