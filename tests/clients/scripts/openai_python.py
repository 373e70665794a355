"""openai-python: chat completions and responses."""

from __future__ import annotations

from typing import Any

from asking import MODEL, PARAMETERS, THINKER, Answer, Door, look_up, main

CHAT_TOOL: Any = {
    "type": "function",
    "function": {"name": "look_up", "parameters": PARAMETERS, "strict": True},
}
TOOL: Any = {"type": "function", "name": "look_up", "parameters": PARAMETERS, "strict": True}


def _user(question: str) -> list[Any]:
    return [{"role": "user", "content": question}]


def chat_plain(door: Door, question: str) -> Any:
    made = door.openai().chat.completions.create(model=MODEL, messages=_user(question))
    return made.choices[0].message.content, made


def chat_streamed(door: Door, question: str) -> Any:
    chunks = list(
        door.openai().chat.completions.create(
            model=MODEL,
            messages=_user(question),
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices), chunks


def chat_tools(door: Door, question: str) -> Any:
    client, messages = door.openai(), _user(question)
    asked: Any = {"model": MODEL, "tools": [CHAT_TOOL]}
    first = client.chat.completions.create(messages=messages, **asked)
    calls = first.choices[0].message.tool_calls or []
    if not calls:
        return first.choices[0].message.content, first
    results = [{"role": "tool", "tool_call_id": c.id, "content": look_up("x")} for c in calls]
    said = first.choices[0].message.model_dump(exclude_none=True)
    last = client.chat.completions.create(messages=[*messages, said, *results], **asked)
    made = [(c.function.name, c.function.arguments) for c in calls]
    return [made, last.choices[0].message.content], [first, last]


def chat_forced(door: Door, question: str) -> Any:
    made = door.openai().chat.completions.create(
        model=MODEL,
        messages=_user(question),
        tools=[CHAT_TOOL],
        tool_choice={"type": "function", "function": {"name": "look_up"}},
    )
    (call,) = made.choices[0].message.tool_calls
    return [call.function.name, call.function.arguments], made


def chat_tools_streamed(door: Door, question: str) -> Any:
    with door.openai().chat.completions.stream(
        model=MODEL, messages=_user(question), tools=[CHAT_TOOL]
    ) as stream:
        events = list(stream)
        whole = stream.get_final_completion()
    message = whole.choices[0].message
    made = [(c.function.name, c.function.arguments) for c in message.tool_calls or []]
    return [made, message.content], [events, whole]


def chat_structured(door: Door, question: str) -> Any:
    made = door.openai().chat.completions.parse(
        model=MODEL, messages=_user(question), response_format=Answer
    )
    return _checked(made.choices[0].message.parsed), made


def chat_structured_streamed(door: Door, question: str) -> Any:
    with door.openai().chat.completions.stream(
        model=MODEL, messages=_user(question), response_format=Answer
    ) as stream:
        events = list(stream)
        whole = stream.get_final_completion()
    return _checked(whole.choices[0].message.parsed), [events, whole]


def responses_plain(door: Door, question: str) -> Any:
    made = door.openai().responses.create(model=MODEL, input=question)
    return made.output_text, made


def responses_streamed(door: Door, question: str) -> Any:
    with door.openai().responses.stream(model=MODEL, input=question) as stream:
        events = list(stream)
        whole = stream.get_final_response()
    return whole.output_text, [events, whole]


def responses_tools(door: Door, question: str) -> Any:
    client, said = door.openai(), _user(question)
    asked: Any = {"model": MODEL, "tools": [TOOL]}
    first = client.responses.create(input=said, **asked)
    calls = [item for item in first.output if item.type == "function_call"]
    if not calls:
        return first.output_text, first
    results = [
        {"type": "function_call_output", "call_id": c.call_id, "output": look_up("x")}
        for c in calls
    ]
    last = client.responses.create(input=[*said, *first.output, *results], **asked)
    return [[(c.name, c.arguments) for c in calls], last.output_text], [first, last]


def responses_tools_streamed(door: Door, question: str) -> Any:
    with door.openai().responses.stream(model=MODEL, input=question, tools=[TOOL]) as stream:
        events = list(stream)
        whole = stream.get_final_response()
    calls = [item for item in whole.output if item.type == "function_call"]
    return [[(c.name, c.arguments) for c in calls], whole.output_text], [events, whole]


def responses_structured(door: Door, question: str) -> Any:
    made = door.openai().responses.parse(model=MODEL, input=question, text_format=Answer)
    return _checked(made.output_parsed), made


def responses_structured_streamed(door: Door, question: str) -> Any:
    with door.openai().responses.stream(model=MODEL, input=question, text_format=Answer) as stream:
        events = list(stream)
        whole = stream.get_final_response()
    return _checked(whole.output_parsed), [events, whole]


def chat_thinking_streamed(door: Door, question: str) -> Any:
    chunks = list(
        door.openai().chat.completions.create(model=THINKER, messages=_user(question), stream=True)
    )
    deltas = [c.choices[0].delta for c in chunks if c.choices]
    thoughts = "".join((d.model_extra or {}).get("reasoning_content") or "" for d in deltas)
    order = list(dict.fromkeys("said" if d.content else "thought" for d in deltas[1:-1]))
    return [order, thoughts, "".join(d.content or "" for d in deltas)], chunks


def responses_thinking(door: Door, question: str) -> Any:
    made = door.openai().responses.create(model=THINKER, input=question)
    return made.output, made


def responses_thinking_streamed(door: Door, question: str) -> Any:
    with door.openai().responses.stream(model=THINKER, input=question, tools=[TOOL]) as stream:
        events = list(stream)
        whole = stream.get_final_response()
    return whole.output, [events, whole]


def responses_forced(door: Door, question: str) -> Any:
    choice: Any = {"type": "function", "name": "look_up"}
    made = door.openai().responses.create(
        model=MODEL, input=question, tools=[TOOL], tool_choice=choice
    )
    (call,) = (item for item in made.output if item.type == "function_call")
    return [call.name, call.arguments], made


def chat_several(door: Door, question: str) -> Any:
    made = door.openai().chat.completions.create(model=MODEL, messages=_user(question), n=2)
    return [choice.message.content for choice in made.choices], made


async def chat_plain_asynchronously(door: Door, question: str) -> Any:
    made = await door.async_openai().chat.completions.create(model=MODEL, messages=_user(question))
    return made.choices[0].message.content, made


async def chat_streamed_asynchronously(door: Door, question: str) -> Any:
    stream = await door.async_openai().chat.completions.create(
        model=MODEL, messages=_user(question), stream=True
    )
    chunks = [chunk async for chunk in stream]
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices), chunks


def responses_stored(door: Door, question: str) -> Any:
    client = door.openai()
    first = client.responses.create(model=MODEL, input="Hello.")
    last = client.responses.create(model=MODEL, input=question, previous_response_id=first.id)
    return [first.output_text, last.output_text], [first, last]


def _checked(parsed: Any) -> Answer:
    assert isinstance(parsed, Answer), f"nothing was parsed: {parsed}"
    return parsed


main(
    {
        "chat, plain": chat_plain,
        "chat, streamed": chat_streamed,
        "chat, tools": chat_tools,
        "chat, tools streamed": chat_tools_streamed,
        "chat, forced tool": chat_forced,
        "chat, structured": chat_structured,
        "chat, structured streamed": chat_structured_streamed,
        "responses, plain": responses_plain,
        "responses, streamed": responses_streamed,
        "responses, tools": responses_tools,
        "responses, tools streamed": responses_tools_streamed,
        "responses, structured": responses_structured,
        "responses, structured streamed": responses_structured_streamed,
        "responses, forced tool": responses_forced,
        "responses, stored": responses_stored,
        "chat, asynchronous": chat_plain_asynchronously,
        "chat, asynchronous streamed": chat_streamed_asynchronously,
        "chat, two choices": chat_several,
        "chat, thinking streamed": chat_thinking_streamed,
        "responses, thinking": responses_thinking,
        "responses, thinking streamed": responses_thinking_streamed,
    }
)
