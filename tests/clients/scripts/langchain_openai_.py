"""langchain-openai: `ChatOpenAI` at the proxy, and behind `AmnesticChatModel`."""

from __future__ import annotations

from typing import Any

import openai
from asking import KEY, MODEL, Answer, Door, look_up, main
from langchain.agents import create_agent
from langchain.agents.structured_output import ToolStrategy
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

TOOL = tool(look_up)


def _model(door: Door, responses: bool) -> Any:
    # A client of its own: all models of one address share one, also with that behind another door,
    # whose connections belong to another event loop.
    model = ChatOpenAI(
        model=MODEL, base_url=door.url, api_key=KEY, max_retries=0, use_responses_api=responses,
        http_async_client=openai.DefaultAsyncHttpxClient(),
    )  # fmt: skip
    if door.layer is None:
        return model
    from amnestic.integrations import AmnesticChatModel

    return AmnesticChatModel(amnesia=door.layer, inner=model)


def plain(model: Any, question: str) -> Any:
    made = model.invoke(question)
    return made.text, made


def streamed(model: Any, question: str) -> Any:
    chunks = list(model.stream(question))
    return "".join(chunk.text for chunk in chunks), chunks


def tools(model: Any, question: str) -> Any:
    made = model.bind_tools([TOOL]).invoke(question)
    return [[(c["name"], c["args"]) for c in made.tool_calls], made.text], made


def tools_streamed(model: Any, question: str) -> Any:
    chunks = list(model.bind_tools([TOOL]).stream(question))
    whole = sum(chunks[1:], chunks[0])
    return [[(c["name"], c["args"]) for c in whole.tool_calls], whole.text], [chunks, whole]


def agent(model: Any, question: str) -> Any:
    state = create_agent(model, [TOOL]).invoke({"messages": [("user", question)]})
    calls = [c for m in state["messages"] for c in getattr(m, "tool_calls", ())]
    return [[(c["name"], c["args"]) for c in calls], state["messages"][-1].text], state


def agent_structured(model: Any, question: str) -> Any:
    state = create_agent(model, response_format=Answer).invoke({"messages": [("user", question)]})
    return _checked(state["structured_response"]), state


def agent_structured_tools(model: Any, question: str) -> Any:
    made = create_agent(model, [TOOL], response_format=ToolStrategy(Answer))
    state = made.invoke({"messages": [("user", question)]})
    return _checked(state["structured_response"]), state


def structured(model: Any, question: str) -> Any:
    found = _checked(model.with_structured_output(Answer).invoke(question))
    return found, found


def structured_streamed(model: Any, question: str) -> Any:
    found = list(model.with_structured_output(Answer).stream(question))
    return _checked(found[-1]), found


def structured_raw(model: Any, question: str) -> Any:
    found = model.with_structured_output(Answer, include_raw=True).invoke(question)
    return _checked(found["parsed"]), found


def function_calling(model: Any, question: str) -> Any:
    found = model.with_structured_output(Answer, method="function_calling").invoke(question)
    return _checked(found), found


async def asynchronous(model: Any, question: str) -> Any:
    made = await model.ainvoke(question)
    return made.text, made


async def asynchronous_streamed(model: Any, question: str) -> Any:
    chunks = [chunk async for chunk in model.astream(question)]
    return "".join(chunk.text for chunk in chunks), chunks


def tools_forced(model: Any, question: str) -> Any:
    made = model.bind_tools([TOOL], tool_choice="look_up").invoke(question)
    (call,) = made.tool_calls
    return [call["name"], call["args"]], made


def agent_streamed(model: Any, question: str) -> Any:
    given = {"messages": [("user", question)]}
    updates = list(create_agent(model, [TOOL]).stream(given, stream_mode=["messages", "values"]))
    state = [found for mode, found in updates if mode == "values"][-1]
    calls = [c for m in state["messages"] for c in getattr(m, "tool_calls", ())]
    return [[(c["name"], c["args"]) for c in calls], state["messages"][-1].text], updates


def _checked(parsed: Any) -> Answer:
    assert isinstance(parsed, Answer), f"nothing was parsed: {parsed}"
    return parsed


ASKED = {
    "plain": plain,
    "streamed": streamed,
    "asynchronous": asynchronous,
    "asynchronous streamed": asynchronous_streamed,
    "tools": tools,
    "tools forced": tools_forced,
    "tools streamed": tools_streamed,
    "agent": agent,
    "agent streamed": agent_streamed,
    "agent, structured": agent_structured,
    "agent, structured with tools": agent_structured_tools,
    "structured": structured,
    "structured streamed": structured_streamed,
    "structured, include_raw": structured_raw,
    "structured, function calling": function_calling,
}


def _cell(ask: Any, responses: bool) -> Any:
    return lambda door, question: ask(_model(door, responses), question)


main(
    {
        f"{'responses' if responses else 'chat'}, {name}": _cell(ask, responses)
        for responses in (False, True)
        for name, ask in ASKED.items()
    }
)
