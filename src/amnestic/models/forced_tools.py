"""A tool that must be called, for models whose chat template knows no tools.

The model is told the tool's schema and bound to it by a grammar; what it writes are the arguments.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from amnestic.exceptions import InvalidRequestError
from amnestic.models.protocol import Delta

__all__ = ["ForcedCall", "forced_call"]

_CALL_ID = "call_0"


@dataclass(frozen=True, slots=True)
class ForcedCall:
    """The one tool that an answer must call."""

    name: str
    description: str
    schema: Mapping[str, Any]

    def asked_for_in(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The request with the schema in place of the tools."""
        told = (
            f"Answer with the arguments of the function {self.name} as JSON. {self.description}\n"
            f"{json.dumps(self.schema, ensure_ascii=False)}"
        )
        form = {"name": self.name, "schema": dict(self.schema)}
        kept = {k: v for k, v in body.items() if k not in ("tools", "tool_choice")}
        return {
            **kept,
            "messages": [{"role": "system", "content": told}, *body["messages"]],
            "response_format": {"type": "json_schema", "json_schema": form},
        }

    def told_as(self, delta: Delta) -> Delta:
        """A piece of the answer as a piece of the call."""
        if delta.finish_reason == "stop":
            return replace(delta, finish_reason="tool_calls")
        if delta.channel != "answer" or not delta.text:
            return delta
        return replace(delta, channel="tool_call:0", tool_call_id=_CALL_ID, tool_name=self.name)


def forced_call(options: Mapping[str, Any]) -> ForcedCall | None:
    """The tool that a request's options force, if they force one.

    Raises `InvalidRequestError` where some tool must be called and several are offered.

    >>> tool = {"type": "function", "function": {"name": "weather", "parameters": {}}}
    >>> call = forced_call({"tools": [tool], "tool_choice": "required"})
    >>> call.name if call else None
    'weather'
    >>> forced_call({"tools": [tool], "tool_choice": "auto"}) is None
    True
    """
    choice = options.get("tool_choice")
    tools = {t["function"]["name"]: t["function"] for t in options.get("tools") or ()}
    if isinstance(choice, Mapping):
        name = str((choice.get("function") or {}).get("name"))
    elif choice in ("required", "any") and len(tools) == 1:
        (name,) = tools
    elif choice in ("required", "any"):
        raise InvalidRequestError(
            "this model's chat template knows no tools: name the one that must be called"
        )
    else:
        return None
    if name not in tools:
        raise InvalidRequestError("tool_choice names a tool that is not among the tools")
    schema = tools[name].get("parameters") or {"type": "object", "properties": {}}
    return ForcedCall(name, tools[name].get("description") or "", schema)
