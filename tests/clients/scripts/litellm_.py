"""litellm: completion and responses."""

from __future__ import annotations

from typing import Any

import litellm
from asking import KEY, MODEL, PARAMETERS, Answer, Door, main

litellm.telemetry = False
CHAT_TOOL: Any = {"type": "function", "function": {"name": "look_up", "parameters": PARAMETERS}}
TOOL: Any = {"type": "function", "name": "look_up", "parameters": PARAMETERS}


def _completion(door: Door, question: str, **options: Any) -> Any:
    return litellm.completion(
        model=f"openai/{MODEL}", api_base=door.url, api_key=KEY, num_retries=0,
        messages=[{"role": "user", "content": question}], **options,
    )  # fmt: skip


def _responses(door: Door, question: str, **options: Any) -> Any:
    return litellm.responses(
        model=f"openai/{MODEL}", api_base=door.url, api_key=KEY, input=question, **options
    )


def chat_plain(door: Door, question: str) -> Any:
    made = _completion(door, question)
    return made.choices[0].message.content, made


def chat_streamed(door: Door, question: str) -> Any:
    chunks = list(_completion(door, question, stream=True))
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices), chunks


def chat_tools(door: Door, question: str) -> Any:
    message = (made := _completion(door, question, tools=[CHAT_TOOL])).choices[0].message
    calls = [(c.function.name, c.function.arguments) for c in message.tool_calls or ()]
    return [calls, message.content], made


def chat_tools_streamed(door: Door, question: str) -> Any:
    chunks = list(_completion(door, question, tools=[CHAT_TOOL], stream=True))
    message = (made := litellm.stream_chunk_builder(chunks)).choices[0].message
    calls = [(c.function.name, c.function.arguments) for c in message.tool_calls or ()]
    return [calls, message.content], [chunks, made]


def chat_forced(door: Door, question: str) -> Any:
    choice = {"type": "function", "function": {"name": "look_up"}}
    made = _completion(door, question, tools=[CHAT_TOOL], tool_choice=choice)
    (call,) = made.choices[0].message.tool_calls
    return [call.function.name, call.function.arguments], made


def chat_structured(door: Door, question: str) -> Any:
    made = _completion(door, question, response_format=Answer)
    return Answer.model_validate_json(made.choices[0].message.content), made


def chat_structured_streamed(door: Door, question: str) -> Any:
    chunks = list(_completion(door, question, response_format=Answer, stream=True))
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    return Answer.model_validate_json(text), chunks


async def chat_streamed_asynchronously(door: Door, question: str) -> Any:
    stream = await litellm.acompletion(
        model=f"openai/{MODEL}", api_base=door.url, api_key=KEY, num_retries=0, stream=True,
        messages=[{"role": "user", "content": question}],
    )  # fmt: skip
    chunks = [chunk async for chunk in stream]
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices), chunks


def responses_plain(door: Door, question: str) -> Any:
    made = _responses(door, question)
    return made.output_text, made


def responses_streamed(door: Door, question: str) -> Any:
    events = list(_responses(door, question, stream=True))
    return "".join(e.delta for e in events if e.type == "response.output_text.delta"), events


def responses_tools(door: Door, question: str) -> Any:
    made = _responses(door, question, tools=[TOOL])
    calls = [(i.name, i.arguments) for i in made.output if i.type == "function_call"]
    return [calls, made.output_text], made


def responses_tools_streamed(door: Door, question: str) -> Any:
    events = list(_responses(door, question, tools=[TOOL], stream=True))
    made = events[-1].response
    calls = [(i.name, i.arguments) for i in made.output if i.type == "function_call"]
    return [calls, made.output_text], events


def responses_structured_streamed(door: Door, question: str) -> Any:
    events = list(_responses(door, question, text_format=Answer, stream=True))
    text = "".join(e.delta for e in events if e.type == "response.output_text.delta")
    return Answer.model_validate_json(text), events


def responses_structured(door: Door, question: str) -> Any:
    made = _responses(door, question, text_format=Answer)
    return Answer.model_validate_json(made.output_text), made


main(
    {
        "chat, plain": chat_plain,
        "chat, streamed": chat_streamed,
        "chat, tools": chat_tools,
        "chat, tools streamed": chat_tools_streamed,
        "chat, forced tool": chat_forced,
        "chat, structured": chat_structured,
        "chat, structured streamed": chat_structured_streamed,
        "chat, asynchronous streamed": chat_streamed_asynchronously,
        "responses, plain": responses_plain,
        "responses, streamed": responses_streamed,
        "responses, tools": responses_tools,
        "responses, tools streamed": responses_tools_streamed,
        "responses, structured": responses_structured,
        "responses, structured streamed": responses_structured_streamed,
    }
)
