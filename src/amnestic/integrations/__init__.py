"""Doors into the layer for applications that exist already, each a change of one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amnestic.integrations.langchain_guard import AmnesticVectorStore
    from amnestic.integrations.langchain_middleware import AmnesticMiddleware
    from amnestic.integrations.langchain_model import AmnesticChatModel
    from amnestic.integrations.langchain_retrieval import AmnesticRetriever, AmnesticTransformer
    from amnestic.integrations.langgraph_node import amnestic_graph, amnestic_node, cache_key

__all__ = [
    "AmnesticChatModel",
    "AmnesticMiddleware",
    "AmnesticRetriever",
    "AmnesticTransformer",
    "AmnesticVectorStore",
    "amnestic_graph",
    "amnestic_node",
    "cache_key",
]

_HOMES = {
    "AmnesticChatModel": "langchain_model",
    "AmnesticMiddleware": "langchain_middleware",
    "AmnesticRetriever": "langchain_retrieval",
    "AmnesticTransformer": "langchain_retrieval",
    "AmnesticVectorStore": "langchain_guard",
    "amnestic_graph": "langgraph_node",
    "amnestic_node": "langgraph_node",
    "cache_key": "langgraph_node",
}


def __getattr__(name: str) -> Any:
    # Lazy, since an OpenAI client needs no LangChain agents and a chat model needs no graph.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
