"""The layer as a node, or as a subgraph, of a user's LangGraph graph."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AnyMessage
from langchain_core.runnables import Runnable, RunnableLambda
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import CachePolicy

from amnestic.amnesia import Amnesia
from amnestic.integrations.langchain_model import AmnesticChatModel

__all__ = ["amnestic_graph", "amnestic_node", "cache_key"]


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

    With a node cache, give its `CachePolicy` the `cache_key` of the layer and of the model.

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


def cache_key(amnesia: Amnesia, of: str = "") -> Callable[..., bytes]:
    """The `key_func` of a `CachePolicy` for nodes that answer through the layer.

    LangGraph's own key holds nothing but a node's name and input, so that an answer given before
    something was forgotten would be replayed after it. This one holds the layer's settings and its
    registry's position too, so that each change of what is forgotten puts an end to all cached
    answers. A node around another agent or subgraph that goes through the layer needs it as well.

    Args:
        amnesia: the layer.
        of: what else an answer hangs on that neither the layer nor the input tells, such as the
            name of the model that a node was given: graphs with one cache have one key for all
            nodes of a name.

    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Amnesia(db=Path(folder.name) / "r.db", elicit=False) as amnesia:
    ...     policy = CachePolicy(key_func=cache_key(amnesia))
    ...     before = policy.key_func({"messages": "Who painted it?"})
    ...     target = amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
    ...     before == policy.key_func({"messages": "Who painted it?"})
    False
    >>> folder.cleanup()
    """
    settings = blake2b(amnesia.settings.model_dump_json().encode(), digest_size=16)
    of_input: Callable[..., str | bytes] = CachePolicy().key_func

    def key(*args: Any, **kwargs: Any) -> bytes:
        given = of_input(*args, **kwargs)
        whole = settings.copy()
        whole.update(f"{amnesia.registry.position()}:{len(of)}:{of}:".encode())
        whole.update(given.encode() if isinstance(given, str) else given)
        return whole.digest()

    return key


def _messages(state: Any, key: str) -> list[AnyMessage]:
    found: list[AnyMessage] = state[key] if isinstance(state, dict) else getattr(state, key)
    return found
