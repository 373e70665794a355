"""Answers of a form that the caller asked for: JSON of a schema, or the call of a tool.

Where something was withheld, the form is filled all the same: a sentence in its place is an error
to every program that asked for it.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from amnestic.agents.abstainer import worded_abstention
from amnestic.integrations.openai.dialect import Json
from amnestic.integrations.openai.structured import fillings, is_fitting
from amnestic.types import Conversation, Draft, ToolCall

__all__ = ["Form", "filled", "forced_tool"]

Passes = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Form:
    """A schema; of the arguments of `tool`, where a call of it is asked for."""

    schema: Json
    tool: str | None = None


def forced_tool(options: Mapping[str, Any]) -> Form | None:
    """The tool that a request says must be called, in the words of chat completions: the one that
    it names, or where it names several, the last.

    Which of several a model would have called is not asked: that may be an answer by itself. The
    libraries that want some call put the tool that ends their loop behind the caller's.

    >>> tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    >>> forced_tool({"tools": [tool], "tool_choice": "required"})
    Form(schema={'type': 'object'}, tool='f')
    >>> forced_tool({"tools": [tool], "tool_choice": "auto"}) is None
    True
    """
    tools = {name: tool["function"] for tool in _tools_in(options) if (name := _name(tool))}
    names = [name for name in _forced(options.get("tool_choice"), list(tools)) if name in tools]
    if not names:
        return None
    schema = tools[names[-1]].get("parameters")
    return Form(dict(schema) if isinstance(schema, Mapping) else {"type": "object"}, names[-1])


def _forced(choice: Any, offered: Sequence[str]) -> Sequence[str]:
    """The names of the tools of which one must be called; none for what cannot be read."""
    if not isinstance(choice, Mapping):
        return offered if choice == "required" else ()
    if choice.get("type") != "allowed_tools":
        return (_name(choice),)
    inner = choice.get("allowed_tools", choice)
    if not isinstance(inner, Mapping) or inner.get("mode") != "required":
        return ()
    return [_name(tool) for tool in _listed(inner.get("tools"))]


def _name(tool: Any) -> str:
    held = tool["function"] if _is_function(tool) else tool
    name = held.get("name") if isinstance(held, Mapping) else None
    return name if isinstance(name, str) else ""


def _tools_in(options: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [tool for tool in _listed(options.get("tools")) if _is_function(tool)]


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _is_function(tool: Any) -> bool:
    return isinstance(tool, Mapping) and isinstance(tool.get("function"), Mapping)


async def filled(
    draft: Draft, form: Form, conversation: Conversation, passes: Passes, ending: str | None = None
) -> Draft:
    """A choice that has the form. What was filled in is reviewed like any text; when nothing
    passes, the model refuses, which callers of structured output look for. A call ends the answer
    with `ending`, where that is a way to end one."""
    if _has(draft, form):
        return draft
    abstention = worded_abstention(next((m.text for m in reversed(conversation)), ""))
    for text in dict.fromkeys(fillings(draft.text, form.schema, abstention)):
        if await passes(text):
            if form.tool is None:
                return replace(draft, text=text)
            return _calling(form.tool, text, "stop" if ending == "stop" else "tool_calls")
    return Draft(refusal=abstention)


def _has(draft: Draft, form: Form) -> bool:
    if form.tool is not None:
        return bool(draft.tool_calls)
    return not draft.text or is_fitting(draft.text, form.schema)


def _calling(tool: str, arguments: str, ending: str) -> Draft:
    call = ToolCall(f"call_{secrets.token_hex(12)}", tool, arguments)
    return Draft(tool_calls=(call,), finish_reason=ending)
