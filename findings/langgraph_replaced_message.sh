#!/usr/bin/env bash
# LangGraph: what a later node puts in a message's place is never streamed; what it replaced is.
#
# Seen with langgraph 1.2.22 (langchain-core 1.8.3): a node that checks answers replaces one by
# returning another message of its id, which is how the documentation has messages changed. The
# state holds the new one, and `stream_mode="updates"` and "values" give it;
# `stream_mode="messages"` gives the draft, remembers its id, and is silent about the message that
# took its place. Who shows that stream to a user shows what was taken out, and never learns of it.
# It makes no difference that the draft comes whole, from a node, and not in tokens.
#
# The documentation speaks of the tokens of models in this mode, the docstring of messages of nodes,
# too; that a message whose id was seen is left out stands in the code alone. One would expect the
# replacement in the stream, since it has an id to go by.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  langgraph==1.2.22 langchain-core==1.8.3
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from langchain_core.messages import AIMessage
from langgraph.graph import START, MessagesState, StateGraph

print("langgraph", version("langgraph"), "langchain-core", version("langchain-core"))


def draft(state):
    return {"messages": [AIMessage("The violet kettle is in Tarn.")]}


def check(state):
    return {"messages": [AIMessage("I do not know.", id=state["messages"][-1].id)]}


builder = StateGraph(MessagesState)
builder.add_node(draft)
builder.add_node(check)
builder.add_edge(START, "draft")
builder.add_edge("draft", "check")
graph = builder.compile()
asked = {"messages": "Where is it?"}
answer = graph.invoke(asked)["messages"][-1].content
updates = [
    (node, update["messages"][0].content)
    for part in graph.stream(asked, stream_mode="updates")
    for node, update in part.items()
]
messages = [
    (where["langgraph_node"], message.content)
    for message, where in graph.stream(asked, stream_mode="messages")
]
print("the answer:", answer)
print("streamed updates: ", updates)
print("streamed messages:", messages)
assert answer == "I do not know."
assert updates == [("draft", "The violet kettle is in Tarn."), ("check", "I do not know.")]
assert messages == [("draft", "The violet kettle is in Tarn.")], "the behaviour has changed"
PY
echo "as described"
