"""A tool that must be called, by a model whose answer is bound to a schema by a grammar.

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
from amnestic.models.template_calls import call_id, functions_in
from amnestic.types import ToolCall

__all__ = ["Demand", "Reader", "WholeCall", "arguments_schema", "demanded"]

_CALL_ID = "call_0"
_NO_ARGUMENTS = {"type": "object", "properties": {}, "additionalProperties": False}
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
        """What reads one answer as it comes."""
        ...

    def called_in(self, answer: str) -> tuple[str, str] | None:
        """The tool that a whole answer calls, and its arguments; `None` where it was cut short."""
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
    tools = functions_in(offered)
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
    return TheCall(chosen[0], tool.get("description") or "", arguments_schema(tool))


def arguments_schema(function: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of a function's arguments; of one that tells of none, that there are none.

    >>> arguments_schema({"name": "now"})["additionalProperties"]
    False
    """
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

    def called_in(self, answer: str) -> tuple[str, str] | None:
        """The tool, and the answer as its arguments."""
        return (self.name, answer.strip()) if _is_object(answer) else None

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
                "properties": {
                    "name": {"const": tool["name"]},
                    "arguments": arguments_schema(tool),
                },
                "required": ["name", "arguments"],
                "additionalProperties": False,
            }
            for tool in self.chosen
        ]
        schema = calls[0] if len(calls) == 1 else {"anyOf": calls}
        shown = {"tools": list(self.offered)}
        return {**_bare(body), "chat_template_kwargs": shown, "response_format": _form(schema)}

    def reader(self) -> Reader:
        """Reads the answer as a name and its arguments."""
        return _NameFirst()

    def called_in(self, answer: str) -> tuple[str, str] | None:
        """The name and the arguments."""
        begun = _BEGUN.match(answer)
        if begun is None or not _is_object(answer):
            return None
        return json.loads(begun[1]), _arguments_in(answer, begun)


def _arguments_in(answer: str, begun: re.Match[str]) -> str:
    """The arguments in an answer that ended: its last brace is not one of them."""
    return answer[begun.end() :].rstrip().removesuffix("}").rstrip()


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


class WholeCall:
    """Reads a call that must come from an answer that is held until it has ended. One that was cut
    short is none.

    Args:
        demand: that a tool must be called.
        number: of the call, as `CallForm.read` takes it.

    >>> reader = WholeCall(TheCall("count", "", {}), 3)
    >>> reader.feed('{"up_to":'), reader.end(" 5}")
    ('', ('', (ToolCall(id='call00003', name='count', arguments='{"up_to": 5}'),)))
    """

    def __init__(self, demand: Demand, number: int) -> None:
        self._demand, self._number = demand, number
        self._written = ""

    def feed(self, text: str) -> str:
        """The text that may be given after `text` has come: none."""
        self._written += text
        return ""

    def end(self, text: str) -> tuple[str, tuple[ToolCall, ...]]:
        """The call in what came, where `text` was the last of it."""
        called = self._demand.called_in(self._written + text)
        return "", (ToolCall(call_id(self._number), *called),) if called else ()


@dataclass(slots=True)
class _NameFirst:
    """Holds an answer until it has ended."""

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
        whole = delta.finish_reason == "stop"
        arguments = self._written[begun.end() :]
        arguments = _arguments_in(self._written, begun) if whole else arguments
        yield Delta(
            delta.choice,
            "tool_call:0",
            arguments,
            tool_call_id=_CALL_ID,
            tool_name=json.loads(begun[1]),
        )
