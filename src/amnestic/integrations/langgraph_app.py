"""What `langgraph.json` names: the layer as a chat graph, for LangGraph's own server and studio.

The model and the database come from the `AMNESTIC_…` environment variables, as everywhere.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from langgraph.graph import MessagesState
from langgraph.graph.state import CompiledStateGraph

from amnestic.amnesia import Amnesia
from amnestic.integrations.langgraph_node import amnestic_graph

__all__ = ["make_graph"]


def make_graph() -> CompiledStateGraph[MessagesState, Any, MessagesState, MessagesState]:
    """The chat graph around the configured model; messages in, approved messages out."""
    return amnestic_graph(_layer())


@cache
def _layer() -> Amnesia:
    """One layer for the process; the server makes a graph for each run."""
    return Amnesia()
