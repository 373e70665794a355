#!/usr/bin/env bash
# LangGraph: a Pydantic model in the state comes back from a checkpoint with other values.
#
# Seen with langgraph 1.2.22 (langgraph-checkpoint 4.3.2, pydantic 2.14.4), any checkpointer: a
# model is written as `model_dump()`, by the names of its fields, and made again as `cls(**those)`,
# which Pydantic reads by their aliases. A field with an alias and a default comes back as the
# default; what was said is lost without an error or a word. (Without a default the failed
# validation is passed over, and the value is kept; `extra="forbid"` keeps it too, so that a
# stricter model is safer.) In the same way a field that holds a subclass of its type comes back as
# the base class, without the subclass's fields, and a validator that changes a value changes the
# changed one again. While a run goes on its nodes see the right values: it shows after an
# interrupt, in the next turn of a thread, or after a restart.
#
# The documentation says of the serializer that it handles a wide variety of types, and of none of
# this. One would expect the model that was put in: `by_alias` and `serialize_as_any` where it is
# dumped, or `model_construct` where it is made.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  langgraph==1.2.22 langgraph-checkpoint==4.3.2 pydantic==2.14.4
"$folder/venv/bin/python" - 2>"$folder/said" <<'PY'
from importlib.metadata import version

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph
from pydantic import BaseModel, ConfigDict, Field, field_validator
from typing_extensions import TypedDict


class Aliased(BaseModel):
    allowed: bool = Field(True, alias="isAllowed")


class Forbidding(Aliased):
    model_config = ConfigDict(extra="forbid")


class Shape(BaseModel):
    name: str = "shape"


class Circle(Shape):
    radius: int = 0


class Holder(BaseModel):
    shape: Shape


class Centimetres(BaseModel):
    length: int

    @field_validator("length")
    @classmethod
    def of_metres(cls, value):
        return value * 100


State = TypedDict("State", {"value": BaseModel, "seen": str})
builder = StateGraph(State)
builder.add_node("look", lambda state: {"seen": str(state["value"])})
builder.add_node("go_on", lambda state: {})
builder.add_edge(START, "look")
builder.add_edge("look", "go_on")
graph = builder.compile(checkpointer=InMemorySaver(), interrupt_before=["go_on"])


def kept(value):
    """What a node sees of a value, and what is there after the interrupt."""
    thread = {"configurable": {"thread_id": type(value).__name__}}
    seen = graph.invoke({"value": value}, thread)["seen"]
    return seen, str(graph.invoke(None, thread)["value"])


print("langgraph", version("langgraph"), "pydantic", version("pydantic"))
found = {}
for value in (
    Aliased(isAllowed=False),
    Forbidding(isAllowed=False),
    Holder(shape=Circle(radius=3)),
    Centimetres(length=2),
):
    found[type(value).__name__] = kept(value)
    print(f"{type(value).__name__:12}", *found[type(value).__name__], sep=" | ")
assert found == {
    "Aliased": ("allowed=False", "allowed=True"),
    "Forbidding": ("allowed=False", "allowed=False"),
    "Holder": ("shape=Circle(name='shape', radius=3)", "shape=Shape(name='shape')"),
    "Centimetres": ("length=200", "length=20000"),
}, "the behaviour has changed"
PY
echo "as described"
