"""llama-index: `OpenAILike` at the proxy; behind a wrapped client, too."""

from __future__ import annotations

from typing import Any

from asking import KEY, MODEL, Answer, Door, look_up, main
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.llms import ChatMessage
from llama_index.core.prompts import PromptTemplate
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai_like import OpenAILike

TOOL = FunctionTool.from_defaults(look_up)
ASK = PromptTemplate("{question}")


def _model(door: Door) -> Any:
    own: Any = {}
    if door.layer is not None:
        own = {"openai_client": door.openai(), "async_openai_client": door.async_openai()}
    return OpenAILike(
        model=MODEL,
        api_base=door.url,
        api_key=KEY,
        max_retries=0,
        is_chat_model=True,
        is_function_calling_model=True,
        **own,
    )


def plain(door: Door, question: str) -> Any:
    made = _model(door).chat([ChatMessage(question)])
    return made.message.content, made


def streamed(door: Door, question: str) -> Any:
    pieces = list(_model(door).stream_chat([ChatMessage(question)]))
    return "".join(piece.delta or "" for piece in pieces), pieces


def tools(door: Door, question: str) -> Any:
    model = _model(door)
    made = model.chat_with_tools([TOOL], question)
    calls = model.get_tool_calls_from_response(made, error_on_no_tool_call=False)
    return [[(c.tool_name, c.tool_kwargs) for c in calls], made.message.content], made


def tools_streamed(door: Door, question: str) -> Any:
    model = _model(door)
    pieces = list(model.stream_chat_with_tools([TOOL], question))
    calls = model.get_tool_calls_from_response(pieces[-1], error_on_no_tool_call=False)
    return [[(c.tool_name, c.tool_kwargs) for c in calls], pieces[-1].message.content], pieces


async def asynchronous_streamed(door: Door, question: str) -> Any:
    stream = await _model(door).astream_chat([ChatMessage(question)])
    pieces = [piece async for piece in stream]
    return "".join(piece.delta or "" for piece in pieces), pieces


async def agent(door: Door, question: str) -> Any:
    made = await FunctionAgent(tools=[TOOL], llm=_model(door), streaming=False).run(question)
    calls = [(c.tool_name, c.tool_kwargs) for c in made.tool_calls]
    return [calls, made.response.content], made


async def agent_streamed(door: Door, question: str) -> Any:
    run = FunctionAgent(tools=[TOOL], llm=_model(door)).run(question)
    events = [event async for event in run.stream_events()]
    made = await run
    calls = [(c.tool_name, c.tool_kwargs) for c in made.tool_calls]
    return [calls, made.response.content], [events, made]


def structured(door: Door, question: str) -> Any:
    found = _model(door).structured_predict(Answer, ASK, question=question)
    assert isinstance(found, Answer), f"nothing was parsed: {found}"
    return found, found


def structured_streamed(door: Door, question: str) -> Any:
    found = list(_model(door).stream_structured_predict(Answer, ASK, question=question))
    assert isinstance(found[-1], Answer), f"nothing was parsed: {found}"
    return found[-1], found


def structured_chat(door: Door, question: str) -> Any:
    made = _model(door).as_structured_llm(Answer).chat([ChatMessage(question)])
    assert isinstance(made.raw, Answer), f"nothing was parsed: {made}"
    return made.raw, made


main(
    {
        "plain": plain,
        "streamed": streamed,
        "asynchronous streamed": asynchronous_streamed,
        "tools": tools,
        "tools streamed": tools_streamed,
        "agent": agent,
        "agent streamed": agent_streamed,
        "structured": structured,
        "structured streamed": structured_streamed,
        "structured chat": structured_chat,
    }
)
