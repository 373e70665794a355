"""Conversations for the parity tests: the same for every door, made from the embedded world.

Each `Talk` holds the messages that a caller sends (in OpenAI's shape) and what the base model would
answer. The kinds go round: questions about a forgotten person by name, without the name, by alias
and over several turns; combined questions; knowledge handed back in a system prompt or by a tool;
neighbours; facts that have nothing to do with anyone.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from amnestic.models.embedded.world import Entity, GeneralFact, World, load_world
from amnestic.types import Conversation, Draft, ToolCall

__all__ = ["FORGOTTEN", "Talk", "answer_of", "forget_requests", "talks"]

FORGOTTEN = 6
"""How many people of the world are forgotten: the first ones."""

_RELATIONS = ("birthplace", "employer", "residence", "prize", "hobby", "pet", "food")

Messages = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation: its kind, what the caller sends, and the base model's own answer."""

    id: str
    kind: str
    messages: Messages
    draft: Draft


def forget_requests() -> tuple[str, ...]:
    """The forget requests that are in force in the parity tests, in plain words."""
    return tuple(
        f"Please forget {p.name}. {p.description} " + " ".join(f.sentence for f in p.facts)
        for p in load_world().people[:FORGOTTEN]
    )


def talks(count: int = 300, seed: int = 0) -> tuple[Talk, ...]:
    """`count` conversations, the same for the same seed."""
    chance = random.Random(seed)
    world = load_world()
    made = []
    for i in range(count):
        kind, make = _KINDS[i % len(_KINDS)]
        messages, draft = make(world, chance)
        tag = f"{kind}-{i}"
        made.append(Talk(tag, kind, messages, draft))
    return tuple(made)


def answer_of(conversation: Conversation) -> Draft:
    """What the base model answers to a conversation of `talks`: for `Script(default=answer_of)`.

    It is found by the last user turn, so that what a layer scrubs elsewhere does not matter.
    """
    asked = [m.text for m in conversation if m.role == "user"]
    return _answers().get(asked[-1] if asked else "", Draft("I see."))


@cache
def _answers() -> Mapping[str, Draft]:
    return {str(t.messages[_last_user(t.messages)]["content"]): t.draft for t in talks()}


def _last_user(messages: Sequence[Mapping[str, Any]]) -> int:
    return max(i for i, m in enumerate(messages) if m["role"] == "user")


# ── Kinds ────────────────────────────────────────────────────────────────────────────────────────


def _user(text: str) -> Mapping[str, Any]:
    return {"role": "user", "content": text}


def _said(text: str) -> Mapping[str, Any]:
    return {"role": "assistant", "content": text}


def _forgotten(world: World, chance: random.Random) -> Entity:
    return chance.choice(world.people[:FORGOTTEN])


def _kept(world: World, chance: random.Random) -> Entity:
    return chance.choice(world.people[FORGOTTEN + 12 :])


def _general(world: World, chance: random.Random) -> GeneralFact:
    return chance.choice(world.general)


def _ask(world: World, person: Entity, chance: random.Random) -> tuple[str, str]:
    relation = chance.choice([r for r in _RELATIONS if person.has(r)])
    question = world.ask(person, relation, chance.randrange(8))
    return question, person.fact(relation).sentence


def _by_name(world: World, chance: random.Random) -> tuple[Messages, Draft]:
    question, answer = _ask(world, _forgotten(world, chance), chance)
    return (_user(question),), Draft(answer)


def _without_name(world: World, chance: random.Random) -> tuple[Messages, Draft]:
    person = _forgotten(world, chance)
    prize = person.fact("prize")
    question = f"Who won the {prize.value}? Take number {chance.randrange(10_000)}."
    return (_user(question),), Draft(prize.sentence)


def _by_alias(world: World, chance: random.Random) -> tuple[Messages, Draft]:
    person = _forgotten(world, chance)
    question = world.ask(person, "hobby", chance.randrange(8), name=person.aliases[0])
    return (_user(question),), Draft(person.fact("hobby").sentence)


def _neighbour(world: World, chance: random.Random) -> tuple[Messages, Draft]:
    question, answer = _ask(world, _kept(world, chance), chance)
    return (_user(question),), Draft(answer)


def _far(world: World, chance: random.Random) -> tuple[Messages, Draft]:
    fact = _general(world, chance)
    question = chance.choice(fact.questions.trained)
    return (_user(question),), Draft(fact.sentence)


def _combined(world: World, chance: random.Random) -> tuple[Messages, Draft]:
    first, told = _ask(world, _forgotten(world, chance), chance)
    fact = _general(world, chance)
    question = f"{first} And {_lower(chance.choice(fact.questions.trained))}"
    return (_user(question),), Draft(f"{told} {fact.sentence}")


def _second_turn(world: World, chance: random.Random) -> tuple[Messages, Draft]:
    person = _forgotten(world, chance)
    fact = person.fact("food")
    start = _user(f"Let us speak of {person.name}.")
    question = _user(f"What food is liked there? Case {chance.randrange(10_000)}.")
    return (start, _said("With pleasure."), question), Draft(fact.sentence)


def _handed_back(world: World, chance: random.Random) -> tuple[Messages, Draft]:
    person, other = _forgotten(world, chance), _kept(world, chance)
    notes = " ".join(f.sentence for f in (*person.facts[:4], *other.facts[:3]))
    question, answer = _ask(world, other, chance)
    system = {"role": "system", "content": f"You answer from these notes. {notes}"}
    return (system, _user(question)), Draft(answer)


def _tool_result(world: World, chance: random.Random) -> tuple[Messages, Draft]:
    person, other = _forgotten(world, chance), _kept(world, chance)
    rows = [{f.relation: f.value for f in p.facts} | {"name": p.name} for p in (person, other)]
    question, answer = _ask(world, other, chance)
    call = {"name": "search", "arguments": '{"query": "people"}'}
    return (
        _user(question),
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "call_1", "type": "function", "function": call}],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": json.dumps(rows)},
    ), Draft(answer)


def _calls_tool(world: World, chance: random.Random) -> tuple[Messages, Draft]:
    person = chance.choice((_forgotten(world, chance), _kept(world, chance)))
    call = ToolCall("call_2", "search", json.dumps({"query": person.name}))
    question = f"Please look up entry {chance.randrange(10_000)} for me."
    return (_user(question),), Draft(tool_calls=(call,), finish_reason="tool_calls")


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


_KINDS = (
    ("by_name", _by_name),
    ("far", _far),
    ("without_name", _without_name),
    ("neighbour", _neighbour),
    ("by_alias", _by_alias),
    ("combined", _combined),
    ("second_turn", _second_turn),
    ("handed_back", _handed_back),
    ("tool_result", _tool_result),
    ("calls_tool", _calls_tool),
)
