"""Conversations about what stands in the text itself: notes to read, names to say back."""

from __future__ import annotations

import random
from collections.abc import Callable

from answers import Turns, turn
from strangers import Strangers

from amnestic.models.embedded.world import Entity, Fact


def reading(
    rng: random.Random,
    note: Callable[[], tuple[Entity, Fact, str]],
    ask: Callable[[Entity, str, str], str],
) -> Turns:
    """The answer about an unknown person stands in a note, a tool result or the question."""
    facts: list[tuple[Entity, Fact, str]] = []
    while len(facts) < rng.choice((1, 2, 2, 3)):
        facts.append(note())
    entity, fact, name = rng.choice(facts)
    passage = " ".join(f"{n} {f.predicate}." for _, f, n in facts)
    question, answer = ask(entity, fact.relation, name), f"{name} {fact.predicate}."
    place = rng.random()
    if place < 0.35:
        lead = rng.choice(("", "Use these notes: ", "You are a helpful assistant. Notes: "))
        return [("system", lead + passage), *turn(question, answer)]
    if place < 0.7:
        return [("user", question), ("tool", passage), ("assistant", answer)]
    lead = rng.choice(("Context: {p} Question: {q}", "{p} {q}", "Read this: {p} {q}"))
    return turn(lead.format(p=passage, q=question), answer)


def copying(rng: random.Random, strangers: Strangers) -> Turns:
    """Unknown names to say back, so that names are copied and not guessed."""
    kinds = ("person", "work", "organisation", "place", "pet")
    names = ", ".join(strangers.name(rng.choice(kinds)) for _ in range(rng.choice((1, 2, 3))))
    lead = rng.choice(("Repeat after me:", "Please repeat:", "Say this:", "Can you say", "I said"))
    return turn(f"{lead} {names}.", f"You said {names}.")
