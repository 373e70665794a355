"""The layer as a node, or as a subgraph, of a user's LangGraph graph."""

from __future__ import annotations

from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AnyMessage
from langchain_core.runnables import Runnable, RunnableLambda
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.state import CompiledStateGraph

from amnestic.amnesia import Amnesia
from amnestic.integrations.langchain_model import AmnesticChatModel

__all__ = ["amnestic_graph", "amnestic_node"]


def amnestic_node(
    amnesia: Amnesia, model: BaseChatModel | None = None, *, messages_key: str = "messages"
) -> Runnable[Any, dict[str, list[AnyMessage]]]:
    """A node that answers the conversation in the state, through the layer.

    The state, the streams, the callbacks and the checkpointer of the graph see the approved answer
    only. The node works in graphs that are run synchronously and asynchronously, and streams the
    answer under `stream_mode="messages"`.

    Args:
        amnesia: the layer.
        model: the model that answers; `None` for the layer's own.
        messages_key: where the state keeps its messages.

    >>> from amnestic.testing import ScriptedChatModel
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Amnesia(db=Path(folder.name) / "r.db", elicit=False) as amnesia:
    ...     builder = StateGraph(MessagesState)
    ...     node = amnestic_node(amnesia, ScriptedChatModel.of("Paris."))
    ...     _ = builder.add_node("answer", node)
    ...     _ = builder.add_edge(START, "answer")
    ...     graph = builder.compile()
    ...     graph.invoke({"messages": "The capital of France?"})["messages"][-1].text
    'Paris.'
    >>> folder.cleanup()
    """
    chat = AmnesticChatModel(amnesia=amnesia, inner=model)

    def answer(state: Any) -> dict[str, list[AnyMessage]]:
        return {messages_key: [chat.invoke(_messages(state, messages_key))]}

    async def aanswer(state: Any) -> dict[str, list[AnyMessage]]:
        return {messages_key: [await chat.ainvoke(_messages(state, messages_key))]}

    return RunnableLambda(answer, aanswer, name="amnestic")


def amnestic_graph(
    amnesia: Amnesia, model: BaseChatModel | None = None
) -> CompiledStateGraph[MessagesState, Any, MessagesState, MessagesState]:
    """A graph of one such node, to be put into another graph as a subgraph, or served by itself."""
    builder = StateGraph(MessagesState)
    builder.add_node("answer", amnestic_node(amnesia, model))
    builder.add_edge(START, "answer")
    builder.add_edge("answer", END)
    return builder.compile(name="amnestic")


def _messages(state: Any, key: str) -> list[AnyMessage]:
    found: list[AnyMessage] = state[key] if isinstance(state, dict) else getattr(state, key)
    return found
