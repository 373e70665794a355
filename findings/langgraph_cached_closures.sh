#!/usr/bin/env bash
# LangGraph: two graphs that share a cache share answers, though other functions answer in them.
#
# Seen with langgraph 1.2.22: the key of a node's cached answer is the node's name, the module and
# qualified name of its function, and the input. Functions that a factory makes have one qualified
# name, whatever they close over; methods have that of their class, and a runnable has none at all.
# So a graph made by `made_with(one_model)` answers with what `made_with(another)` said, where both
# have the same cache: a file of `SqliteCache`, Redis, or one object in a program that makes a graph
# for each tenant, model or set of rules. A file keeps them over a restart with other code.
#
# The documentation says that a node's answers are kept by its input. That runnables and objects
# share a key is known (issue 8753, August 2026, open); of closures and methods nothing is said. One
# would expect such nodes to be told apart, or a cache to be the graph's own. A `key_func` that
# holds what the node was made with, or another name of the node, is how to do it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check langgraph==1.2.22
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from langchain_core.runnables import RunnableLambda
from langgraph.cache.memory import InMemoryCache
from langgraph.graph import START, StateGraph
from langgraph.types import CachePolicy
from typing_extensions import TypedDict

State = TypedDict("State", {"asked": str, "answer": str})


class Tenant:
    def __init__(self, name):
        self.name = name

    def reply(self, state):
        return {"answer": f"as {self.name} has it"}


def closure(name):
    def reply(state):
        return {"answer": f"as {name} has it"}

    return reply


WAYS = {
    "a closure": closure,
    "a method": lambda name: Tenant(name).reply,
    "a runnable": lambda name: RunnableLambda(closure(name)),
}


def answers(made_with, node="reply"):
    cache = InMemoryCache()
    given = []
    for name in ("Ann", "Bob"):
        builder = StateGraph(State)
        title = node.format(name)
        builder.add_node(title, made_with(name), cache_policy=CachePolicy())
        builder.add_edge(START, title)
        given.append(builder.compile(cache=cache).invoke({"asked": "Who?"})["answer"])
    return given


print("langgraph", version("langgraph"))
for way, made_with in WAYS.items():
    print(f"{way}:", answers(made_with), "named apart:", answers(made_with, "reply to {}"))
    assert answers(made_with) == ["as Ann has it", "as Ann has it"], "the behaviour has changed"
    assert answers(made_with, "reply to {}") == ["as Ann has it", "as Bob has it"]
PY
echo "as described"
