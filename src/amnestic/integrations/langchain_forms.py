"""Structured output of a LangChain model: what was withheld is filled so that it still parses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from amnestic.agents.abstainer import worded_abstention
from amnestic.amnesia import Amnesia
from amnestic.integrations.openai import fillings, is_fitting
from amnestic.types import Conversation, Draft, Generation, Route, ToolCall

__all__ = ["Form", "asked_form", "filled"]


@dataclass(frozen=True, slots=True)
class Form:
    """The shape that an answer must have: its JSON schema, and the tool that it is the arguments
    of, where the caller forces a tool to be called."""

    schema: dict[str, Any]
    tool: str | None = None


def asked_form(options: Mapping[str, Any]) -> Form | None:
    """The form that a call asks for, in the shapes of the usual providers.

    >>> tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    >>> asked_form({"tools": [tool], "tool_choice": "any"}).tool
    'f'
    """
    schema = _response_schema(options.get("response_format"))
    if schema is not None:
        return Form(dict(schema))
    tools = dict(_tool_schema(tool) for tool in options.get("tools") or () if _is_plain(tool))
    name = _forced(options.get("tool_choice"), tools)
    return Form(dict(tools[name]), name) if name in tools else None


async def filled(
    amnesia: Amnesia, generation: Generation, form: Form, conversation: Conversation
) -> Generation:
    """The generation, in which every choice has the form. What was filled in is reviewed like any
    text; a choice for which nothing passes stays as it was."""
    asked = next((m.text for m in reversed(conversation) if m.role == "user"), "")
    choices = [await _filled(amnesia, d, form, asked) for d in generation.choices]
    return Generation(tuple(choices), generation.usage)


async def _filled(amnesia: Amnesia, draft: Draft, form: Form, asked: str) -> Draft:
    if (form.tool and draft.tool_calls) or (not form.tool and is_fitting(draft.text, form.schema)):
        return draft
    for text in dict.fromkeys(fillings(draft.text, form.schema, worded_abstention(asked))):
        # Read without its question, or a question about a target would be answered for.
        reply = await amnesia.areview("Fill in the form.", text)
        if reply.receipt.route in (Route.CLEAR, Route.PASSED):
            if form.tool is None:
                return replace(draft, text=text)
            call = ToolCall(f"call_{reply.receipt.id[:24]}", form.tool, text)
            return Draft(tool_calls=(call,), finish_reason="tool_calls")
    return draft


def _response_schema(given: Any) -> Mapping[str, Any] | None:
    if isinstance(given, type) and hasattr(given, "model_json_schema"):
        schema: Mapping[str, Any] = given.model_json_schema()
        return schema
    if not isinstance(given, Mapping):
        return None
    if given.get("type") == "json_object":
        return {"type": "object"}
    found = (given.get("json_schema") or {}).get("schema")
    return found if isinstance(found, Mapping) else None


def _is_plain(tool: Any) -> bool:
    return isinstance(tool, Mapping) and ("function" in tool or "name" in tool)


def _tool_schema(tool: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    inner = tool.get("function", tool)
    schema = inner.get("parameters") or inner.get("input_schema") or {"type": "object"}
    return str(inner["name"]), schema


def _forced(choice: Any, tools: Mapping[str, Any]) -> str | None:
    """The tool that a `tool_choice` forces; with `any`, the only one there is."""
    if isinstance(choice, Mapping):
        inner = choice.get("function", choice)
        name = inner.get("name")
        return name if isinstance(name, str) else _forced(choice.get("type"), tools)
    if choice in ("any", "required", True):
        return next(iter(tools)) if len(tools) == 1 else None
    return choice if isinstance(choice, str) else None
