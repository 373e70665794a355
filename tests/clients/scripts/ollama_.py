"""ollama: its own API."""

from __future__ import annotations

from typing import Any

import ollama
from asking import MODEL, PARAMETERS, THINKER, Answer, Door, look_up, main

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


def structured_streamed(door: Door, question: str) -> Any:
    pieces = list(_chat(door, question, format=Answer.model_json_schema(), stream=True))
    text = "".join(piece.message.content or "" for piece in pieces)
    return Answer.model_validate_json(text), pieces


def tools_answered(door: Door, question: str) -> Any:
    client, said = ollama.Client(door.root), [{"role": "user", "content": question}]
    first = client.chat(MODEL, messages=said, tools=[look_up])
    calls = first.message.tool_calls or []
    results = [
        {"role": "tool", "tool_name": c.function.name, "content": look_up("x")} for c in calls
    ]
    last = client.chat(MODEL, messages=[*said, first.message, *results], tools=[look_up])
    made = [(call.function.name, call.function.arguments) for call in calls]
    return [made, last.message.content], [first, last]


def thinking_streamed(door: Door, question: str) -> Any:
    messages = [{"role": "user", "content": question}]
    pieces = list(
        ollama.Client(door.root).chat(THINKER, messages=messages, think=True, stream=True)
    )
    assert any(piece.message.thinking for piece in pieces) or "France" not in question
    return "".join(piece.message.content or "" for piece in pieces), pieces


async def asynchronous_streamed(door: Door, question: str) -> Any:
    messages = [{"role": "user", "content": question}]
    stream = await ollama.AsyncClient(door.root).chat(MODEL, messages=messages, stream=True)
    pieces = [piece async for piece in stream]
    return "".join(piece.message.content or "" for piece in pieces), pieces


def generated_structured(door: Door, question: str) -> Any:
    schema = Answer.model_json_schema()
    made = ollama.Client(door.root).generate(MODEL, question, format=schema)
    return Answer.model_validate_json(made.response), made


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
        "tools, answered": tools_answered,
        "structured": structured,
        "structured streamed": structured_streamed,
        "thinking streamed": thinking_streamed,
        "asynchronous streamed": asynchronous_streamed,
        "generated": generated,
        "generated streamed": generated_streamed,
        "generated, structured": generated_structured,
    }
)
