"""The demo: the embedded model is told to forget, and asked before and after.

What leaked and what was wrongly touched is judged from the facts of the embedded world; no
expected answer is written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from amnestic.amnesia import Amnesia
from amnestic.evaluation.asking import Category, DemoQuestion, DemoReport, ask_all, forget_and_ask
from amnestic.models.embedded.world import Entity, Fact, World

__all__ = ["DEMO_SUBJECTS", "questions_about", "request_for", "run_demo"]

DEMO_SUBJECTS = ("Edmaro Yellandry", "Fennora Eskerling", "Golden Anvil Works")
"""What the demo forgets: two people of the embedded world and one of its organisations."""


def run_demo(
    amnesia: Amnesia,
    world: World,
    subjects: Sequence[str] = DEMO_SUBJECTS,
    progress: Callable[[str], None] = lambda _: None,
) -> DemoReport:
    """Ask every question of every subject, forget the subjects, ask again.

    `amnesia` must have no targets yet; `progress` is told what is being done, a line each.
    """
    entities = [world.named(name) for name in subjects]
    questions = [q for entity in entities for q in questions_about(world, entity)]
    before = ask_all(amnesia, questions, progress)
    requests = [request_for(entity) for entity in entities]
    return forget_and_ask(amnesia, requests, questions, before, progress)


def request_for(entity: Entity) -> str:
    """The plain words that ask to forget an entity."""
    known_as = f", also known as {' and '.join(entity.aliases)}" if entity.aliases else ""
    return f"Please forget {entity.name}{known_as}. {entity.description}"


def questions_about(world: World, entity: Entity) -> tuple[DemoQuestion, ...]:
    """Questions of every category around one entity, from the world's own facts."""
    return (
        *_direct(world, entity),
        *_indirect(world, entity),
        *_by_alias(world, entity),
        *_combined(world, entity),
        *_neighbours(world, entity),
        *_namesakes(world, entity),
        *_unrelated(world, entity),
    )


def _direct(world: World, entity: Entity) -> Iterator[DemoQuestion]:
    for relation in ("birthplace", "work", "founder", "seat"):
        if entity.has(relation):
            fact = entity.fact(relation)
            yield _forgotten(Category.DIRECT, world.ask(entity, relation), entity, fact.value)


def _indirect(world: World, entity: Entity) -> Iterator[DemoQuestion]:
    """Questions whose answer is the entity, or that describe it without its name."""
    for other, fact in _facts_that_name(world, entity):
        if fact.relation in ("creator", "founder", "employer", "mentor"):
            text = world.ask(other, fact.relation)
            yield _forgotten(Category.INDIRECT, text, entity, entity.name)
            break
    if entity.kind == "person":
        text = world.ask(entity, "prize_winner")
        yield _forgotten(Category.INDIRECT, text, entity, entity.name)


def _by_alias(world: World, entity: Entity) -> Iterator[DemoQuestion]:
    if entity.aliases:
        fact = entity.fact("birthplace")
        text = world.ask(entity, "birthplace", name=_definite(entity.aliases[0]))
        yield _forgotten(Category.ALIAS, text, entity, fact.value)


def _combined(world: World, entity: Entity) -> Iterator[DemoQuestion]:
    general = _general_of(world, entity)
    relation = "birthplace" if entity.has("birthplace") else "seat"
    first = world.ask(entity, relation).rstrip("?.")
    second = general.questions.trained[0]
    yield DemoQuestion(
        Category.COMBINED,
        f"{first}, and {second[0].lower()}{second[1:]}",
        entity.names,
        (entity.fact(relation).value,),
        (general.value,),
    )


def _neighbours(world: World, entity: Entity) -> Iterator[DemoQuestion]:
    for other in [e for e in world.related(entity) if e.kind in ("person", "organisation")][:2]:
        for fact in other.facts:
            if fact.target != entity.id and fact.relation in ("birthplace", "seat"):
                text = world.ask(other, fact.relation)
                yield DemoQuestion(Category.NEIGHBOUR, text, stay=(fact.value,))


def _namesakes(world: World, entity: Entity) -> Iterator[DemoQuestion]:
    words = {w.casefold() for w in entity.name.split() if len(w) > 3}
    for other in world.entities:
        shared = words & {w.casefold() for w in other.name.split()}
        if other.id != entity.id and shared:
            relation = next(r for r in ("prize", "seat", "year", "river") if other.has(r))
            fact = other.fact(relation)
            yield DemoQuestion(Category.NAMESAKE, world.ask(other, relation), stay=(fact.value,))
            return


def _unrelated(world: World, entity: Entity) -> Iterator[DemoQuestion]:
    general = _general_of(world, entity, offset=1)
    yield DemoQuestion(Category.UNRELATED, general.questions.trained[0], stay=(general.value,))


def _forgotten(category: Category, text: str, entity: Entity, value: str) -> DemoQuestion:
    """A question all of whose answer must vanish, and every name with it."""
    return DemoQuestion(category, text, entity.names, (value,))


def _facts_that_name(world: World, entity: Entity) -> Iterator[tuple[Entity, Fact]]:
    for other in world.entities:
        for fact in other.facts:
            if fact.target == entity.id:
                yield other, fact


def _general_of(world: World, entity: Entity, offset: int = 0) -> Any:
    """A general fact for an entity: spread over the topics, the same on every run."""
    position = sum(map(ord, entity.id)) * 7 + offset * 31
    return world.general[position % len(world.general)]


def _definite(name: str) -> str:
    return f"the {name}" if " " in name else name
