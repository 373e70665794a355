"""The embedded model's world as a data set: what is asked of it, and what must stay."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from amnestic.evaluation.contract import DataSet, Probe, Subject
from amnestic.evaluation.datasets.building import Draw, Tally, assembled
from amnestic.evaluation.datasets.embedded_questions import Questions
from amnestic.evaluation.datasets.strings import stands
from amnestic.evaluation.subjects import forgotten_subjects
from amnestic.models.embedded.world import Entity, World, load_world

__all__ = ["load_embedded"]

_SUBJECTS = 30
_SAID_OF_MANY = ("calling", "sibling", "kind", "form", "place_kind")


def load_embedded(path: Path | None, draw: Draw) -> DataSet:
    """Probes on people, works and organisations of the embedded world, drawn evenly; thirty of
    them where no number is asked for, so that there are neighbours.

    Families: "plain" asks as the model was trained, "paraphrase" in phrasings it has never seen;
    "portrait", "reverse" (the answer is the subject), "alias", "hops", "combined"; what must stay
    is "neighbour", "namesake" and "unrelated".

    >>> data = load_embedded(None, Draw(subjects=4, per_subject=3, beside=5))
    >>> sorted({subject.kind for subject in data.subjects})
    ['organisation', 'person', 'work']
    """
    world = load_world(path) if path else load_world()
    entities = _drawn(world, draw)
    world_of = Questions(world, frozenset(e.id for e in entities), draw.seed)
    subjects = tuple(_subject(world, entity) for entity in entities)
    probes = [
        probe
        for entity, subject in zip(entities, subjects, strict=True)
        for probe in world_of.around(entity, subject)
    ]
    tally = Tally()
    probes = [probe for probe in probes if _is_asked(probe, tally)]
    return assembled("embedded", subjects, [*probes, *world_of.unrelated()], tally, draw)


def _is_asked(probe: Probe, tally: Tally) -> bool:
    """Whether the question does not hold its answer, as "the seat of Dovrest College" does."""
    if any(stands(value, probe.question) for value in probe.forbidden):
        tally.leave_out("the answer stands in the question", probe.id)
        return False
    return True


def _drawn(world: World, draw: Draw) -> Sequence[Entity]:
    """The subjects without which the model that never knew was trained."""
    return forgotten_subjects(draw.seed, draw.subjects or _SUBJECTS, world)


def _subject(world: World, entity: Entity) -> Subject:
    others = [e for e in world.entities if e.id != entity.id]
    said = {fact.value.casefold() for e in others for fact in e.facts}
    said |= {n.casefold() for e in others if e.kind == "place" for n in e.names}
    own = tuple(
        fact.value
        for fact in entity.facts
        if fact.value.casefold() not in said
        and fact.relation not in _SAID_OF_MANY
        and not fact.value.isdigit()
    )
    known_as = f", also known as {' and '.join(entity.aliases)}" if entity.aliases else ""
    return Subject(
        entity.id,
        entity.name,
        f"Please forget {entity.display}{known_as}. {entity.description}",
        entity.names,
        tuple(fact.sentence for fact in entity.facts),
        tuple(dict.fromkeys(own)),
        entity.kind,
    )
