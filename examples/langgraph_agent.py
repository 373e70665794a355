"""A LangGraph ReAct agent with tools that return records, and the one line that makes it forget.

The agent looks people up in a guild's books: one tool gives JSON, the other a CSV table. One member
asks to be forgotten. `middleware=[AmnesticMiddleware(amnesia)]` is all that changes: the agent's
tools no longer show that member's records, to the model or to anyone who watches the agent.

    python examples/langgraph_agent.py
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.tools import tool

from amnestic import Amnesia
from amnestic.integrations import AmnesticMiddleware
from amnestic.testing import ScriptedChatModel
from amnestic.types import Conversation, Draft, ToolCall

MEMBERS = [
    {"id": "G-1041", "name": "Ysolde Hartwick", "born": "1958-04-19", "home": "7 Tallow Street"},
    {"id": "G-1042", "name": "Corwin Ashdell", "born": "1971-11-02", "home": "12 Bridge Row"},
    {"id": "G-1043", "name": "Maren Tolliver", "born": "1980-07-30", "home": "3 Elm Row"},
]
DUES = [("G-1041", "Ysolde Hartwick", 40), ("G-1042", "Corwin Ashdell", 55)]
REQUEST = (
    "Please forget Ysolde Hartwick. Ysolde Hartwick is a bell founder, born on 19 April 1958, who "
    "lives at 7 Tallow Street. Her record number is G-1041."
)
QUESTION = "Who is in the books of the guild, and what do they owe?"


@tool
def members(trade: str = "") -> str:
    """The members of the guild, as JSON records."""
    return json.dumps({"count": len(MEMBERS), "members": MEMBERS})


@tool
def dues() -> str:
    """What the members owe, as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("id", "name", "owes"), *DUES])
    return out.getvalue()


def acting_model() -> BaseChatModel:
    """Stands in for a large model: uses both tools, then tells all that they gave."""

    def act(conversation: Conversation) -> Draft:
        seen = [m.text for m in conversation if m.role == "tool"]
        if len(seen) < 2:
            call = ToolCall(f"call_{len(seen)}", ("members", "dues")[len(seen)], "{}")
            return Draft(tool_calls=(call,), finish_reason="tool_calls")
        return Draft(text="These are the books.\n\n" + "\n\n".join(seen))

    return ScriptedChatModel.of(default=act)


def run(*middleware: AgentMiddleware[Any, Any]) -> list[BaseMessage]:
    """Run the agent and give its messages."""
    agent = create_agent(acting_model(), tools=[members, dues], middleware=middleware)
    state: Any = agent.invoke({"messages": QUESTION})
    found: list[BaseMessage] = state["messages"]
    return found


def main() -> tuple[list[BaseMessage], list[BaseMessage]]:
    """Run the agent before and after; gives the messages of both runs."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Amnesia(acting_model(), db=Path(folder) / "registry.db", elicit=False) as amnesia,
    ):
        amnesia.forget(REQUEST)
        before = run()
        after = run(AmnesticMiddleware(amnesia))  # the one line
    for title, messages in (("Without the layer", before), ("With the layer", after)):
        print(f"{title}:")
        for message in messages[1:]:
            print(f"  {message.type}: {message.text or message.tool_calls}")  # type: ignore[attr-defined]
    return before, after


if __name__ == "__main__":
    main()
