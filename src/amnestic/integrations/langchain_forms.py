"""Structured output of a LangChain model: what was withheld is filled so that it still parses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.outputs import ChatResult
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import BaseModel, ValidationError

from amnestic.agents.abstainer import worded_abstention
from amnestic.amnesia import Amnesia
from amnestic.integrations.openai import fillings, is_fitting
from amnestic.types import Conversation, Draft, Generation, ToolCall

__all__ = ["Form", "asked_form", "filled", "with_parsed"]


@dataclass(frozen=True, slots=True)
class Form:
    """The shape that an answer must have: its JSON schema, the tool that it is the arguments of,
    where the caller forces a tool to be called, and the class that the provider's own library reads
    the answer into, where the caller gave it one."""

    schema: dict[str, Any]
    tool: str | None = None
    kind: type[BaseModel] | None = None

    def object_in(self, text: str) -> BaseModel | None:
        """The object that a text says; raises `ValidationError` where it says none."""
        return self.kind.model_validate_json(text) if self.kind else None

    def is_met(self, text: str) -> bool:
        """Whether a text has the form."""
        try:
            self.object_in(text)
        except ValidationError:
            return False
        return is_fitting(text, self.schema)


def asked_form(options: Mapping[str, Any], structure: Any = None) -> Form | None:
    """The form that a call asks for, in the shapes of the usual providers. `structure` is what a
    caller of `with_structured_output` wants: JSON mode names no schema in the call.

    >>> tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    >>> asked_form({"tools": [tool], "tool_choice": "any"}).tool
    'f'
    """
    tools = dict(_tool_schema(tool) for tool in options.get("tools") or () if _is_plain(tool))
    if (name := _forced(options.get("tool_choice"), tools)) in tools:
        return Form(dict(tools[name]), name)
    given = options.get("response_format")
    if isinstance(given, type) and issubclass(given, BaseModel):
        return Form(given.model_json_schema(), kind=given)
    schema = _response_schema(given, structure)
    return None if schema is None else Form(dict(schema))


async def filled(
    amnesia: Amnesia, generation: Generation, form: Form, conversation: Conversation
) -> Generation:
    """The generation, in which every choice has the form. What was filled in is reviewed like any
    text; a choice for which nothing passes is a refusal, or stays as it was where it should have
    called a tool."""
    asked = next((m.text for m in reversed(conversation) if m.role == "user"), "")
    choices = [await _filled(amnesia, d, form, asked) for d in generation.choices]
    return Generation(tuple(choices), generation.usage)


async def _filled(amnesia: Amnesia, draft: Draft, form: Form, asked: str) -> Draft:
    if draft.tool_calls if form.tool else form.is_met(draft.text):
        return draft
    abstention = worded_abstention(asked)
    for text in dict.fromkeys(fillings(draft.text, form.schema, abstention)):
        if not form.is_met(text):
            continue
        # Read without its question, or a question about a target would be answered for.
        reply = await amnesia.areview("Fill in the form.", text)
        if not reply.receipt.touched():
            if form.tool is None:
                return replace(draft, text=text)
            call = ToolCall(f"call_{reply.receipt.id[:24]}", form.tool, text)
            return Draft(tool_calls=(call,), finish_reason="tool_calls")
    return draft if form.tool else Draft(refusal=draft.refusal or abstention)


def with_parsed(result: ChatResult, form: Form) -> ChatResult:
    """A result that was built anew, with the objects that the provider's library would have read
    from it: LangChain looks for them beside the message."""
    for choice in result.generations if form.kind else ():
        if form.is_met(choice.text):
            choice.message.additional_kwargs["parsed"] = form.object_in(choice.text)
    return result


def _response_schema(given: Any, structure: Any) -> Mapping[str, Any] | None:
    if not isinstance(given, Mapping):
        return None
    if given.get("type") == "json_object":
        return {"type": "object"} if structure is None else _schema_of(structure)
    found = (given.get("json_schema") or {}).get("schema")
    return found if isinstance(found, Mapping) else None


def _schema_of(structure: Any) -> Mapping[str, Any]:
    """The schema of what `with_structured_output` takes: a class, or a schema under any head."""
    if not isinstance(structure, Mapping):
        found = convert_to_openai_tool(structure)["function"]["parameters"]
    else:
        inner = structure.get("json_schema") or structure.get("function") or structure
        found = inner.get("schema") or inner.get("parameters") or inner
    return found if isinstance(found, Mapping) else {"type": "object"}


def _is_plain(tool: Any) -> bool:
    return isinstance(tool, Mapping) and ("function" in tool or "name" in tool)


def _tool_schema(tool: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    inner = tool.get("function", tool)
    schema = inner.get("parameters") or inner.get("input_schema") or {"type": "object"}
    return str(inner["name"]), schema


def _forced(choice: Any, tools: Mapping[str, Any]) -> str:
    """The tool that a `tool_choice` forces; with `any`, the last, as at the other doors."""
    if isinstance(choice, Mapping):
        inner = choice.get("function", choice)
        name = inner.get("name")
        return name if isinstance(name, str) else _forced(choice.get("type"), tools)
    if choice in ("any", "required", True):
        return next(reversed([*tools]), "")
    return choice if isinstance(choice, str) else ""
