#!/usr/bin/env bash
# LangGraph: a deep copy of a compiled graph cannot be run.
#
# Seen with langgraph 1.2.22: `copy.deepcopy` of a compiled graph succeeds, and invoking the copy
# raises `InvalidUpdateError: Expected dict, got <object object>`, since the markers that the graph
# compares by identity are copied too. One would expect the copy to work, or `deepcopy` to refuse.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check langgraph==1.2.22
"$folder/venv/bin/python" - <<'PY'
import copy
from importlib.metadata import version

from langgraph.errors import InvalidUpdateError
from langgraph.graph import START, StateGraph
from typing_extensions import TypedDict

print("langgraph", version("langgraph"))
State = TypedDict("State", {"said": str})
builder = StateGraph(State)
builder.add_node("answer", lambda state: {"said": state["said"] + "!"})
builder.add_edge(START, "answer")
graph = builder.compile()
assert graph.invoke({"said": "hello"}) == {"said": "hello!"}
try:
    copy.deepcopy(graph).invoke({"said": "hello"})
except InvalidUpdateError as error:
    print("the copy:", str(error).partition("\n")[0])
else:
    raise SystemExit("a deep copy works now")
PY
echo "as described"
