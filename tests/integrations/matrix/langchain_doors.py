"""LangChain and LangGraph: a model, a batch, an agent and a node, with callbacks and threads."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain.agents import create_agent
from langchain.agents.structured_output import ToolStrategy
from langchain_core.messages import BaseMessage, convert_to_messages
from langchain_core.tools import StructuredTool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph

from amnestic.integrations.langchain_middleware import AmnesticMiddleware
from amnestic.integrations.langchain_model import AmnesticChatModel
from amnestic.integrations.langgraph_node import amnestic_node

from .channels import LEAK
from .seen import MARK
from .stand import Ask

__all__ = ["Agent", "Batch", "Model", "Node"]

_STREAMS: Any = ["messages", "updates", "values", "custom", "tasks", "checkpoints", "debug"]


def _given(asked: Ask) -> list[BaseMessage]:
    """The caller's messages, marked as its own."""
    messages = convert_to_messages(asked.messages)
    for i, message in enumerate(messages):
        message.id = f"{MARK}{i}"
    return messages


class Model:
    """`AmnesticChatModel`: `invoke`, `stream`, `ainvoke`, `astream`."""

    def ask(self, asked: Ask) -> Iterator[Any]:
        """Ask and give what comes, blocked."""
        model, config = self.model(asked), self.config(asked)
        if asked.mode.streams:
            yield from model.stream(_given(asked), config)
        else:
            yield model.invoke(_given(asked), config)

    async def aask(self, asked: Ask) -> AsyncIterator[Any]:
        """Ask and give what comes."""
        model, config = self.model(asked), self.config(asked)
        if asked.mode.streams:
            async for piece in model.astream(_given(asked), config):
                yield piece
        else:
            yield await model.ainvoke(_given(asked), config)

    def model(self, asked: Ask) -> Any:
        """The model with the request's parameters: tools bound, a form as structured output."""
        model = AmnesticChatModel(amnesia=asked.side.layer, inner=asked.stand.local)
        if asked.form:
            return model.with_structured_output(asked.form["json_schema"]["schema"])
        bound = model.bind_tools([asked.tool]) if asked.has_tool else model
        return bound.bind(n=2) if asked.mode.shape == "n=2" else bound

    def config(self, asked: Ask) -> Any:
        """The caller's callbacks."""
        return {"callbacks": [asked.recorder]}


class Batch(Model):
    """`batch` and `abatch`, with a question beside it that is far from everything."""

    def ask(self, asked: Ask) -> Iterator[Any]:
        """Ask and give what comes, blocked."""
        yield self.model(asked).batch([_given(asked), "Will it rain?"], self.config(asked))

    async def aask(self, asked: Ask) -> AsyncIterator[Any]:
        """Ask and give what comes."""
        both = [_given(asked), "Will it rain?"]
        yield await self.model(asked).abatch(both, self.config(asked))


class _Graph:
    """A graph with a thread, whose checkpoints are read at the end."""

    def ask(self, asked: Ask) -> Iterator[Any]:
        """Run the graph and give what comes, blocked."""
        graph, config = self.graph(asked), _thread(asked)
        try:
            if asked.mode.streams:
                yield from graph.stream(self.state(asked), config, stream_mode=_STREAMS)
            else:
                yield graph.invoke(self.state(asked), config)
        finally:
            self._keep(graph, config, asked)

    async def aask(self, asked: Ask) -> AsyncIterator[Any]:
        """Run the graph and give what comes."""
        graph, config = self.graph(asked), _thread(asked)
        try:
            if asked.mode.streams:
                async for piece in graph.astream(self.state(asked), config, stream_mode=_STREAMS):
                    yield piece
            else:
                yield await graph.ainvoke(self.state(asked), config)
        finally:
            self._keep(graph, config, asked)

    def state(self, asked: Ask) -> Any:
        """What the graph is given."""
        return {"messages": _given(asked)}

    def graph(self, asked: Ask) -> Any:
        """The caller's graph."""
        raise NotImplementedError

    def _keep(self, graph: Any, config: Any, asked: Ask) -> None:
        """Every checkpoint with its pending writes; as bytes where nothing in it is the caller's
        own words about the secret."""
        saver: Any = graph.checkpointer
        asked.seen.checkpoints += [list(saver.list(config)), list(graph.get_state_history(config))]
        if not asked.channel.inbound:
            asked.seen.checkpoints += [saver.storage, saver.blobs, saver.writes]


def _thread(asked: Ask) -> Any:
    thread = {"thread_id": uuid.uuid4().hex}
    return {"configurable": thread, "callbacks": [asked.recorder], "recursion_limit": 12}


class Agent(_Graph):
    """`create_agent` with `AmnesticMiddleware`; its tool's result holds the secret too."""

    def graph(self, asked: Ask) -> Any:
        """The agent."""
        form = asked.form and ToolStrategy(
            dict(asked.form["json_schema"]["schema"]), handle_errors=False
        )
        return create_agent(
            asked.stand.local,
            tools=[_find(asked)],
            middleware=[AmnesticMiddleware(asked.side.layer)],
            response_format=form,
            checkpointer=InMemorySaver(),
        )

    def _keep(self, graph: Any, config: Any, asked: Ask) -> None:
        """What a thread remembers of answers and tools is cleaned, the caller's own too, once the
        agent has run: the last state is read as it is."""
        super()._keep(graph, config, asked)
        messages = graph.get_state(config).values.get("messages", ())
        kept = [f"{m.content} {getattr(m, 'tool_calls', '')}" for m in messages if m.type in _OWNED]
        asked.seen.checkpoints.append(kept)


_OWNED = ("ai", "tool")


def _find(asked: Ask) -> StructuredTool:
    def find(q: str) -> str:
        return f"Found for {q}: {LEAK}"

    return StructuredTool.from_function(find, description=asked.channel.described)


class Node(_Graph):
    """`amnestic_node` in a graph."""

    def graph(self, asked: Ask) -> Any:
        """The graph."""
        builder = StateGraph(MessagesState)
        builder.add_node("answer", amnestic_node(asked.side.layer, asked.stand.local))
        builder.add_edge(START, "answer")
        return builder.compile(checkpointer=InMemorySaver())
