"""anthropic: the messages API."""

from __future__ import annotations

from typing import Any

import anthropic
from asking import KEY, MODEL, PARAMETERS, THINKER, Answer, Door, look_up, main

TOOL: Any = {"name": "look_up", "description": "Look something up.", "input_schema": PARAMETERS}


def _client(door: Door) -> Any:
    return anthropic.Anthropic(base_url=door.root, api_key=KEY, max_retries=0)


def _asked(question: str) -> Any:
    return {"model": MODEL, "max_tokens": 500, "messages": [{"role": "user", "content": question}]}


def _text(made: Any) -> str:
    return "".join(block.text for block in made.content if block.type == "text")


def plain(door: Door, question: str) -> Any:
    made = _client(door).messages.create(**_asked(question))
    return _text(made), made


def streamed(door: Door, question: str) -> Any:
    with _client(door).messages.stream(**_asked(question)) as stream:
        events = list(stream)
        made = stream.get_final_message()
    return _text(made), [events, made]


def tools(door: Door, question: str) -> Any:
    client, asked = _client(door), _asked(question)
    first = client.messages.create(**asked, tools=[TOOL])
    calls = [block for block in first.content if block.type == "tool_use"]
    if not calls:
        return _text(first), first
    given = [{"type": "tool_result", "tool_use_id": c.id, "content": look_up("x")} for c in calls]
    asked["messages"] += [
        {"role": "assistant", "content": first.content},
        {"role": "user", "content": given},
    ]
    last = client.messages.create(**asked, tools=[TOOL])
    return [[(c.name, c.input) for c in calls], _text(last)], [first, last]


def tools_streamed(door: Door, question: str) -> Any:
    with _client(door).messages.stream(**_asked(question), tools=[TOOL]) as stream:
        events = list(stream)
        made = stream.get_final_message()
    calls = [(b.name, b.input) for b in made.content if b.type == "tool_use"]
    return [calls, _text(made)], [events, made]


def structured(door: Door, question: str) -> Any:
    made = _client(door).messages.parse(**_asked(question), output_format=Answer)
    assert isinstance(made.parsed_output, Answer), f"nothing was parsed: {made}"
    return made.parsed_output, made


def structured_streamed(door: Door, question: str) -> Any:
    asked = _asked(question)
    with _client(door).messages.stream(**asked, output_format=Answer) as stream:
        events = list(stream)
        made = stream.get_final_message()
    assert isinstance(made.parsed_output, Answer), f"nothing was parsed: {made}"
    return made.parsed_output, [events, made]


def thinking(door: Door, question: str) -> Any:
    asked = {**_asked(question), "model": THINKER, "max_tokens": 2000}
    made = _client(door).messages.create(
        **asked, thinking={"type": "enabled", "budget_tokens": 1024}
    )
    assert [block.type for block in made.content][:1] != ["text"] or "France" not in question
    return _text(made), made


async def asynchronously_streamed(door: Door, question: str) -> Any:
    client = anthropic.AsyncAnthropic(base_url=door.root, api_key=KEY, max_retries=0)
    async with client.messages.stream(**_asked(question)) as stream:
        events = [event async for event in stream]
        made = await stream.get_final_message()
    return _text(made), [events, made]


@anthropic.beta_tool(name="look_up")
def catalogue(query: str) -> str:
    """Look something up in the catalogue.

    Args:
        query: what is looked for.
    """
    return look_up(query)


def tools_run(door: Door, question: str) -> Any:
    runner = _client(door).beta.messages.tool_runner(**_asked(question), tools=[catalogue])
    made = list(runner)
    calls = [(b.name, b.input) for m in made for b in m.content if b.type == "tool_use"]
    return [calls, _text(made[-1])], made


def forced(door: Door, question: str) -> Any:
    choice = {"type": "tool", "name": "look_up"}
    made = _client(door).messages.create(**_asked(question), tools=[TOOL], tool_choice=choice)
    (call,) = (block for block in made.content if block.type == "tool_use")
    return [call.name, call.input], made


main(
    {
        "plain": plain,
        "streamed": streamed,
        "tools": tools,
        "tools streamed": tools_streamed,
        "forced tool": forced,
        "structured": structured,
        "structured streamed": structured_streamed,
        "thinking": thinking,
        "asynchronous streamed": asynchronously_streamed,
        "tools, by its runner": tools_run,
    }
)
