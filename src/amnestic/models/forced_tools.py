"""A tool that must be called, on an engine that binds an answer to a schema by a grammar.

A model whose chat template knows tools is shown all of them in its own way, and writes the name of
one and its arguments; another is told the schema of the one tool, and writes the arguments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from amnestic.exceptions import InvalidRequestError
from amnestic.models.protocol import Delta

__all__ = ["Demand", "Reader", "demanded"]

_CALL_ID = "call_0"
_NO_ARGUMENTS = {"type": "object", "properties": {}}
_MUST = ("required", "any")
_BEGUN = re.compile(r'\s*\{\s*"name"\s*:\s*("(?:[^"\\]|\\.)*")\s*,\s*"arguments"\s*:\s*')


class Reader(Protocol):
    """Reads one answer as it comes."""

    def take(self, delta: Delta) -> Iterator[Delta]:
        """What a piece of the answer tells of the call."""
        ...


class Demand(Protocol):
    """That a tool must be called."""

    def asked_for_in(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The request with a schema of the answer in place of the tools."""
        ...

    def reader(self) -> Reader:
        """What reads one answer."""
        ...


def demanded(options: Mapping[str, Any], template_reads_tools: bool) -> Demand | None:
    """What a request's options demand to be called, if they demand it.

    Raises `InvalidRequestError` where the tool that must be called is not among the tools, and
    where some tool must be called, several are offered, and the chat template knows none.

    >>> tool = {"type": "function", "function": {"name": "weather", "parameters": {}}}
    >>> type(demanded({"tools": [tool], "tool_choice": "required"}, False)).__name__
    'TheCall'
    >>> demanded({"tools": [tool], "tool_choice": "auto"}, True) is None
    True
    """
    choice, offered = options.get("tool_choice"), tuple(options.get("tools") or ())
    tools = {tool["function"]["name"]: tool["function"] for tool in offered}
    if isinstance(choice, Mapping):
        chosen = [str((choice.get("function") or {}).get("name"))]
    elif choice in _MUST:
        chosen = list(tools)
    else:
        return None
    if not chosen:
        raise InvalidRequestError("tool_choice demands a call, and there are no tools")
    if chosen[0] not in tools:
        raise InvalidRequestError("tool_choice names a tool that is not among the tools")
    if template_reads_tools:
        return OneOf(offered, tuple(tools[name] for name in chosen))
    if len(chosen) > 1:
        raise InvalidRequestError(
            "this model's chat template knows no tools: name the one that must be called"
        )
    tool = tools[chosen[0]]
    return TheCall(chosen[0], tool.get("description") or "", _schema(tool))


def _schema(function: Mapping[str, Any]) -> Mapping[str, Any]:
    return function.get("parameters") or _NO_ARGUMENTS


def _bare(body: Mapping[str, Any]) -> dict[str, Any]:
    left_out = ("tools", "tool_choice", "parallel_tool_calls")
    return {key: value for key, value in body.items() if key not in left_out}


def _form(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "call", "schema": dict(schema)}}


@dataclass(frozen=True, slots=True)
class TheCall:
    """The one tool that a model must call whose template knows none."""

    name: str
    description: str
    schema: Mapping[str, Any]

    def asked_for_in(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The request with the schema told and in place of the tools."""
        told = (
            f"Answer with the arguments of the function {self.name} as JSON. {self.description}\n"
            f"{json.dumps(self.schema, ensure_ascii=False)}"
        )
        messages = [{"role": "system", "content": told}, *body["messages"]]
        return {**_bare(body), "messages": messages, "response_format": _form(self.schema)}

    def reader(self) -> Reader:
        """Reads the answer as the arguments."""
        return self

    def take(self, delta: Delta) -> Iterator[Delta]:
        """A piece of the answer as a piece of the arguments."""
        if delta.finish_reason == "stop":
            yield replace(delta, finish_reason="tool_calls")
        elif delta.channel == "answer" and delta.text:
            channel = "tool_call:0"
            yield replace(delta, channel=channel, tool_call_id=_CALL_ID, tool_name=self.name)
        else:
            yield delta


@dataclass(frozen=True, slots=True)
class OneOf:
    """Tools of which one must be called, by a model whose template shows all that are offered."""

    offered: Sequence[Mapping[str, Any]]
    chosen: Sequence[Mapping[str, Any]]

    def asked_for_in(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The request with the tools shown by the template alone: the engine's own way with tools
        lets a model talk first, and one that does not come to an end never calls any."""
        calls = [
            {
                "type": "object",
                "properties": {"name": {"const": tool["name"]}, "arguments": _schema(tool)},
                "required": ["name", "arguments"],
            }
            for tool in self.chosen
        ]
        schema = calls[0] if len(calls) == 1 else {"anyOf": calls}
        shown = {"tools": list(self.offered)}
        return {**_bare(body), "chat_template_kwargs": shown, "response_format": _form(schema)}

    def reader(self) -> Reader:
        """Reads the answer as a name and its arguments."""
        return _NameFirst()


@dataclass(slots=True)
class _NameFirst:
    """Holds an answer until it has ended: its last brace is not one of the arguments."""

    _written: str = ""

    def take(self, delta: Delta) -> Iterator[Delta]:
        if delta.channel == "answer" and delta.text:
            self._written += delta.text
            return
        if delta.finish_reason:
            yield from self._call(delta)
            whole = delta.finish_reason == "stop"
            delta = replace(delta, finish_reason="tool_calls") if whole else delta
        yield delta

    def _call(self, delta: Delta) -> Iterator[Delta]:
        begun = _BEGUN.match(self._written)
        if begun is None:  # cut short before the arguments
            return
        arguments = self._written[begun.end() :]
        if delta.finish_reason == "stop":
            arguments = arguments.rstrip().removesuffix("}").rstrip()
        yield Delta(
            delta.choice,
            "tool_call:0",
            arguments,
            tool_call_id=_CALL_ID,
            tool_name=json.loads(begun[1]),
        )
