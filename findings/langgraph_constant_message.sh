#!/usr/bin/env bash
# LangGraph: a message that a node keeps as a constant is appended once, and answers nobody after.
#
# Seen with langgraph 1.2.22 (langchain-core 1.8.3): `add_messages` gives a message without an id
# one, and writes it into the very object that the node returned. A canned answer, such as a refusal
# that is made once and returned wherever it fits, has an id from its first use on; the second time
# it takes its own old place in the thread, so that the last question stays without an answer and
# the thread ends with the user's words, without an error. `MessagesState` and agents use the same
# reducer.
#
# The documentation says that a message replaces one of the same id; it does not say that a message
# that was made without one is changed. One would expect the id to be put into a copy.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  langgraph==1.2.22 langchain-core==1.8.3
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from langchain_core.messages import AIMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph

print("langgraph", version("langgraph"), "langchain-core", version("langchain-core"))
REFUSAL = AIMessage("I do not know.")


def asked_twice(node):
    builder = StateGraph(MessagesState)
    builder.add_node("answer", node)
    builder.add_edge(START, "answer")
    graph = builder.compile(checkpointer=InMemorySaver())
    thread = {"configurable": {"thread_id": "1"}}
    graph.invoke({"messages": "Who is it?"}, thread)
    said = graph.invoke({"messages": "And where?"}, thread)["messages"]
    return [f"{message.type}: {message.content}" for message in said]


assert REFUSAL.id is None
kept = asked_twice(lambda state: {"messages": [REFUSAL]})
made = asked_twice(lambda state: {"messages": [AIMessage("I do not know.")]})
print("a message made each time:", made)
print("the same message, kept:  ", kept)
assert made == ["human: Who is it?", "ai: I do not know.", "human: And where?", "ai: I do not know."]
assert kept == ["human: Who is it?", "ai: I do not know.", "human: And where?"], "it has changed"
assert REFUSAL.id is not None, "the behaviour has changed"
PY
echo "as described"
