"""ollama: its own API."""

from __future__ import annotations

from typing import Any

import ollama
from asking import MODEL, PARAMETERS, Answer, Door, main

TOOL: Any = {
    "type": "function",
    "function": {"name": "look_up", "description": "Look it up.", "parameters": PARAMETERS},
}


def _chat(door: Door, question: str, **options: Any) -> Any:
    messages = [{"role": "user", "content": question}]
    return ollama.Client(door.root).chat(MODEL, messages=messages, **options)


def plain(door: Door, question: str) -> Any:
    made = _chat(door, question)
    return made.message.content, made


def streamed(door: Door, question: str) -> Any:
    pieces = list(_chat(door, question, stream=True))
    return "".join(piece.message.content or "" for piece in pieces), pieces


def tools(door: Door, question: str) -> Any:
    made = _chat(door, question, tools=[TOOL])
    return _calls([made]), made


def tools_streamed(door: Door, question: str) -> Any:
    pieces = list(_chat(door, question, tools=[TOOL], stream=True))
    return _calls(pieces), pieces


def structured(door: Door, question: str) -> Any:
    made = _chat(door, question, format=Answer.model_json_schema())
    return Answer.model_validate_json(made.message.content), made


def generated(door: Door, question: str) -> Any:
    made = ollama.Client(door.root).generate(MODEL, question)
    return made.response, made


def generated_streamed(door: Door, question: str) -> Any:
    pieces = list(ollama.Client(door.root).generate(MODEL, question, stream=True))
    return "".join(piece.response for piece in pieces), pieces


def _calls(pieces: list[Any]) -> Any:
    calls = [call.function for piece in pieces for call in piece.message.tool_calls or ()]
    text = "".join(piece.message.content or "" for piece in pieces)
    return [[(call.name, call.arguments) for call in calls], text]


main(
    {
        "plain": plain,
        "streamed": streamed,
        "tools": tools,
        "tools streamed": tools_streamed,
        "structured": structured,
        "generated": generated,
        "generated streamed": generated_streamed,
    }
)
