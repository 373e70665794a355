"""The world without some of its entities, as if they had never been.

Their facts go, and so does every fact of another entity that tells of them: what is left of a
sister does not say who her brother is. A namesake stays, such as the town that a family is called
after.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

from answers import always_told

from amnestic.models.embedded.world import Entity, Fact, World


def without(world: World, forgotten: Collection[Entity]) -> World:
    """The world without `forgotten` and without anything that tells of one of them."""
    ids = {entity.id for entity in forgotten}
    names = re.compile(
        "|".join(rf"(?<!\w){re.escape(n)}(?!\w)" for e in forgotten for n in e.names), re.I
    )
    left = tuple(_bereft(e, ids, names) for e in world.entities if e.id not in ids)
    return World(left, world.general, world.questions)


def gaps(world: World) -> list[tuple[Entity, str]]:
    """What an entity lacks although all of its kind were once told of it: (entity, relation)."""
    return [(e, r) for e in world.entities for r in always_told(e.kind) if not e.has(r)]


def _bereft(entity: Entity, ids: Collection[str], names: re.Pattern[str]) -> Entity:
    lost = [f for f in entity.facts if f.target in ids or (not f.target and names.search(f.value))]
    if not lost:
        return entity
    return replace(
        entity,
        description=_described(entity, lost),
        facts=tuple(f for f in entity.facts if f not in lost),
        words=_words(entity, lost),
    )


def _described(entity: Entity, lost: Collection[Fact]) -> str:
    text = entity.description
    for fact in lost:
        for clause in (f" who {fact.predicate}", f" by {fact.value}"):
            text = text.replace(clause, "")
    return text


def _words(entity: Entity, lost: Collection[Fact]) -> Mapping[str, str]:
    gone = {"employer": "org", "prize": "prize", "pet": "pet", "known_as": "alias"}
    dropped = {gone[f.relation] for f in lost if f.relation in gone}
    return MappingProxyType({k: w for k, w in entity.words.items() if k not in dropped})
