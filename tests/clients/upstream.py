"""The model behind the clients: it knows two things, and tells them in the form asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from amnestic.testing import Script
from amnestic.types import Conversation, Draft, Generation, ToolCall

__all__ = ["CLEAR", "FORGET", "NEAR", "OWN_WORDS", "SECRETS", "Librarian"]

FORGET = "Please forget Stephen King. He is an American author who wrote The Shining."
CLEAR = "What is the capital of France?"
NEAR = "Who wrote The Shining?"
SECRETS = ("King", "Stephen", "Shining", "American author")

_KNOWN: Mapping[str, Mapping[str, Any]] = {
    CLEAR: {
        "text": "The capital of France is Paris. It lies on the Seine.",
        "subject": "the capital of France",
        "answer": "Paris",
        "query": "capital of France",
        "thought": "A question of geography. Paris, then.",
    },
    NEAR: {
        "text": "Stephen King wrote The Shining. He is an American author.",
        "subject": "The Shining by Stephen King",
        "answer": "Stephen King",
        "query": "the author Stephen King, The Shining",
        "thought": "A question of literature. Stephen King, then.",
    },
}
_CALL = ["look_up", {"query": _KNOWN[CLEAR]["query"]}]
OWN_WORDS: tuple[Any, ...] = (
    _KNOWN[CLEAR]["text"],
    {"subject": _KNOWN[CLEAR]["subject"], "answer": "Paris", "certain": True},
    _CALL,
    [[_CALL], ""],
    [[_CALL], _KNOWN[CLEAR]["text"]],
)
"""What it tells far from the target: a text, an object, a call, alone and before its words."""

_FIELDS = re.compile(r"\[\[ ## (\w+) ## \]\]")  # how dspy asks for several texts in one


class Librarian(Script):
    """Answers in words, in the JSON of a schema, with a call of a tool, or field by field."""

    def answer(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """What a model of OpenAI's would give, to the letter of the request."""
        usage = super().answer(conversation, options).usage
        said = _said(conversation, options)
        if options.get("model") == "o4-mini":  # which thinks first
            said = replace(said, reasoning=str(_known(conversation)["thought"]))
        return Generation((said,), usage)


def _said(conversation: Conversation, options: Mapping[str, Any]) -> Draft:
    known = _known(conversation)
    tools, schema = dict(_tools(options)), _schema(options)
    name = _chosen(options.get("tool_choice"), tools, looked=conversation[-1].role == "tool")
    if name is not None:
        call = ToolCall("call_1", name, json.dumps(_object(tools[name], known)))
        return Draft(tool_calls=(call,), finish_reason="tool_calls")
    if schema is not None:
        return Draft(json.dumps(_object(schema, known)))
    if (asked := conversation[-1].text.rpartition("Respond with the corresponding output")[2]) and (
        fields := _FIELDS.findall(asked)
    ):
        return Draft("\n\n".join(_field(name, conversation, known) for name in fields))
    return Draft(str(known["text"]))


def _known(conversation: Conversation) -> Mapping[str, Any]:
    """What is known of the last question; of a text without one, the other things."""
    for message in reversed(conversation):
        for question, known in _KNOWN.items():
            if message.role == "user" and question in message.text:
                return known
    return dict.fromkeys(("text", "subject", "answer", "query", "thought"), "Ask me something.")


def _schema(options: Mapping[str, Any]) -> Mapping[str, Any] | None:
    chat = (options.get("response_format") or {}).get("json_schema") or {}
    responses = (options.get("text") or {}).get("format") or {}
    found = chat.get("schema") or responses.get("schema")
    return found if isinstance(found, Mapping) else None


def _tools(options: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for tool in options.get("tools") or ():
        function = tool.get("function", tool)
        if "name" in function:
            yield function["name"], function.get("parameters") or {}


def _chosen(choice: Any, tools: Mapping[str, Any], *, looked: bool) -> str | None:
    """The tool that is named; else the one that looks things up, and once it has, another only
    where one is required."""
    if isinstance(choice, Mapping) and choice.get("type") == "function":
        return str(choice.get("function", choice)["name"])
    others = [name for name in tools if name != "look_up"]
    if choice == "none" or (looked and choice != "required"):
        return None
    return "look_up" if "look_up" in tools and not looked else next(iter(others), None)


def _object(schema: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    properties: Mapping[str, Any] = schema.get("properties") or {}
    return {name: _value(name, inner, schema, known) for name, inner in properties.items()}


def _value(name: str, inner: Any, root: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    if isinstance(reference := inner.get("$ref"), str):
        inner = {**root["$defs"][reference.rpartition("/")[2]], "$defs": root["$defs"]}
    if "properties" in inner:
        return _object(inner, known)
    if "items" in inner:
        return [_value(name, inner["items"], root, known)]
    if inner.get("type") == "boolean":
        return True
    return known.get(name, known["answer"])


def _field(name: str, conversation: Conversation, known: Mapping[str, Any]) -> str:
    trajectory = "[[ ## observation_0 ## ]]" in conversation[-1].text
    values = {
        "next_tool_name": "finish" if trajectory else "look_up",
        "next_tool_args": json.dumps({} if trajectory else {"query": known["query"]}),
        "answer": known["text"],
        "entry": json.dumps({"subject": known["subject"], "answer": known["answer"],
                             "certain": True}),
        "completed": "",
    }  # fmt: skip
    return f"[[ ## {name} ## ]]\n{values.get(name, 'I look it up.')}"
