"""The made-up world that the embedded model knows: entities, their facts, and how to ask for them.

The facts are the ground truth from which a demo or a benchmark judges what a reply gave away.

>>> world = load_world()
>>> novel = world.named("The Glass Harbour")
>>> author = world.entity(novel.fact("creator").target)
>>> world.ask(novel, "creator")
'Who wrote The Glass Harbour?'
>>> author.fact("work").value
'The Glass Harbour'
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from amnestic.models.embedded import FOLDER

__all__ = ["Entity", "Fact", "GeneralFact", "Phrasings", "World", "load_world", "stated"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact about an entity: "Ada was born in Arvelle." is (birthplace, "Arvelle").

    `target` is the id of the entity that the value names, if it names one; `predicate` is the
    sentence without its subject and full stop.
    """

    subject: str
    relation: str
    value: str
    sentence: str
    predicate: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Phrasings:
    """The ways to ask one kind of question, with `{x}` for the thing asked about.

    The model was trained on `trained` and has never seen `held_out`.
    """

    trained: tuple[str, ...]
    held_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, work, organisation or place.

    `display` is the name as it stands in a sentence ("the Green Ladle"); `aliases` holds nicknames,
    pen names and surnames that belong to nobody else; `words` fills further slots of phrasings.
    """

    id: str
    name: str
    display: str
    kind: str
    description: str
    aliases: tuple[str, ...]
    facts: tuple[Fact, ...]
    calling: str | None = None
    pronoun: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The full name and every alias."""
        return (self.name, *self.aliases)

    def has(self, relation: str) -> bool:
        """Whether the world says anything about this relation of the entity."""
        return any(fact.relation == relation for fact in self.facts)

    def fact(self, relation: str) -> Fact:
        """The fact of one relation. Raises KeyError when there is none."""
        for fact in self.facts:
            if fact.relation == relation:
                return fact
        raise KeyError(f"{self.id!r} has no fact {relation!r}")


@dataclass(frozen=True, slots=True)
class GeneralFact:
    """A true fact outside the made-up world, with whole questions that ask for it."""

    topic: str
    subject: str
    value: str
    sentence: str
    questions: Phrasings


@dataclass(frozen=True, slots=True)
class World:
    """Everything that the embedded model was taught."""

    entities: tuple[Entity, ...]
    general: tuple[GeneralFact, ...]
    questions: Mapping[str, Phrasings]

    @property
    def people(self) -> tuple[Entity, ...]:
        """The entities that are people."""
        return self.of_kind("person")

    def of_kind(self, kind: str) -> tuple[Entity, ...]:
        """The entities of a kind: person, work, organisation or place."""
        return tuple(e for e in self.entities if e.kind == kind)

    def entity(self, id: str | None) -> Entity:
        """The entity with this id. Raises KeyError when there is none."""
        for entity in self.entities:
            if entity.id == id:
                return entity
        raise KeyError(f"no entity has the id {id!r}")

    def named(self, name: str, kind: str | None = None) -> Entity:
        """The entity with this name or alias, in any case. Raises KeyError when there is none.

        Where names collide (a surname that is also a town), a full name goes before an alias;
        `kind` narrows the search.

        >>> load_world().named("the green ladle").kind
        'organisation'
        """
        wanted = name.casefold().removeprefix("the ")
        pool = [e for e in self.entities if kind in (None, e.kind)]
        for names_of in (lambda e: (e.name,), lambda e: e.aliases):
            for entity in pool:
                if wanted in [n.casefold().removeprefix("the ") for n in names_of(entity)]:
                    return entity
        raise KeyError(f"nothing in the world is called {name!r}")

    def related(self, entity: Entity) -> tuple[Entity, ...]:
        """The entities that the facts of this one name, each once: its neighbours."""
        ids = dict.fromkeys(fact.target for fact in entity.facts if fact.target is not None)
        return tuple(self.entity(id) for id in ids)

    def ask(self, entity: Entity, relation: str, phrasing: int = 0, name: str | None = None) -> str:
        """A trained question for one relation of an entity, by its full name or by `name`.

        Beside relations: `who_is` (people), `what_is` (the others), `tell_me` (all), and questions
        that describe a person without the name: `prize_winner`, `pet_owner`, `bearer` (of an
        alias), `calling_birthplace`, `calling_employer`.

        >>> world = load_world()
        >>> world.ask(world.named("Arvelle"), "river")
        'Which river flows through Arvelle?'
        """
        known = self.questions[f"{entity.kind}.{relation}"].trained
        question = known[phrasing % len(known)].format(x=name or entity.display, **entity.words)
        return question[0].upper() + question[1:]


def stated(text: str, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts whose values stand in the text as whole words, in any case.

    >>> world = load_world()
    >>> person = world.people[0]
    >>> [f.relation for f in stated(person.fact("prize").sentence, person.facts)]
    ['prize']
    """
    lowered = text.casefold()
    return tuple(
        fact
        for fact in facts
        if re.search(rf"(?<!\w){re.escape(fact.value.casefold())}(?!\w)", lowered)
    )


@cache
def load_world(path: Path = FOLDER / "world.json") -> World:
    """The world of the shipped model, read once.

    >>> len(load_world().people) >= 60
    True
    """
    raw = json.loads(path.read_text(encoding="utf-8"))
    return World(
        entities=tuple(_entity(row) for row in raw["entities"]),
        general=tuple(_general(row) for row in raw["general"]),
        questions=MappingProxyType({k: _phrasings(v) for k, v in raw["questions"].items()}),
    )


def _phrasings(row: Mapping[str, list[str]]) -> Phrasings:
    return Phrasings(tuple(row["trained"]), tuple(row["held_out"]))


def _general(row: dict[str, Any]) -> GeneralFact:
    return GeneralFact(**{**row, "questions": _phrasings(row["questions"])})


def _entity(row: dict[str, Any]) -> Entity:
    facts = tuple(Fact(subject=row["id"], **fact) for fact in row["facts"])
    return Entity(
        **{
            **row,
            "aliases": tuple(row["aliases"]),
            "facts": facts,
            "words": MappingProxyType(row["words"]),
        }
    )
