"""Training rows of the embedded world, straight from its facts and its trained phrasings."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Sequence

from amnestic.evaluation.contract import Probe, Subject
from amnestic.evaluation.weights.rows import TrainingRow, TrainingRows
from amnestic.exceptions import ConfigurationError
from amnestic.models.embedded.world import Entity, Fact, GeneralFact, World, load_world, stated

__all__ = ["rows_from_world"]

_WHOLE = ("who_is", "what_is", "tell_me")
"""Questions for all of an entity; the model answers them with its description."""


def rows_from_world(
    subjects: Sequence[Subject],
    seed: int = 0,
    phrasings: int = 2,
    retained: int = 240,
    development: int = 40,
    test: Iterable[Probe] = (),
    world: World | None = None,
) -> TrainingRows:
    """Rows for some subjects of the embedded world, in phrasings that its model was trained with:
    the held-out phrasings stay for tests.

    To forget are the facts of each subject, what its description says, and the facts of others that
    name it ("Who wrote …?"). Each is asked in `phrasings` forms to train on and in one more to
    choose by. To retain are facts that do not name a subject, and general knowledge, in halves;
    development rows ask for facts that no training row asks for.

    Args:
        subjects: found in the world by their ids, else by their names.
        seed: of every draw.
        phrasings: forms in which each forgotten fact is trained.
        retained: retained rows to train on.
        development: rows of each kind to choose by, at most.
        test: probes of a test; no row asks in the words of one.
        world: the shipped one unless given.

    Raises:
        ConfigurationError: where there are no subjects, or one is not in the world.

    >>> rows = rows_from_world([Subject("person:fennora-eskerling", "Fennora Eskerling", "")])
    >>> sorted({row.subject for row in rows.forget}), len(rows.retain), len(rows.retain_development)
    (['person:fennora-eskerling'], 240, 40)
    """
    world = world or load_world()
    rng = random.Random(seed)
    forgotten = {_entity(world, subject).id: subject.id for subject in subjects}
    if not forgotten:
        raise ConfigurationError("there are no subjects to forget: give some of the embedded world")
    asked = {probe.messages[-1].text.casefold() for probe in test if probe.messages}
    forget: list[TrainingRow] = []
    forget_held: list[TrainingRow] = []
    for entity in world.entities:
        for name, answer, telling, about in _asked(world, entity, forgotten):
            forms = _forms(world, entity, name, rng, asked)[: phrasings + 1]
            rows = [TrainingRow.of(form, answer, about, telling) for form in forms]
            if len(rows) > 1:
                forget_held.append(rows.pop())
            forget += rows
    kept = _retained(world, set(forgotten), rng, asked)
    rng.shuffle(forget_held)
    return TrainingRows(
        forget=tuple(forget),
        retain=tuple(kept[development : development + retained]),
        forget_development=tuple(forget_held[:development]),
        retain_development=tuple(kept[:development]),
    )


def _entity(world: World, subject: Subject) -> Entity:
    for find, given in ((world.entity, subject.id), (world.named, subject.name)):
        try:
            return find(given)
        except KeyError:
            continue
    raise ConfigurationError(
        f"subject {subject.id!r} ({subject.name!r}) is not in the embedded world: "
        "give rows of your own for it"
    )


def _asked(
    world: World, entity: Entity, forgotten: dict[str, str]
) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """What asks an entity for something forgotten: the kind of question, the answer, the strings
    that tell it, and the subject."""
    own = forgotten.get(entity.id)
    for fact in entity.facts:
        about = own or forgotten.get(fact.target or "")
        if about is not None and f"{entity.kind}.{fact.relation}" in world.questions:
            yield fact.relation, fact.sentence, (fact.value,), about
    if own is not None:
        told = tuple(fact.value for fact in stated(entity.description, entity.facts))
        for name in _WHOLE:
            if told and f"{entity.kind}.{name}" in world.questions:
                yield name, entity.description, told, own


def _forms(
    world: World, entity: Entity, name: str, rng: random.Random, asked: Collection[str]
) -> list[str]:
    """The trained phrasings of a question, in a drawn order, without what a test asks."""
    count = len(world.questions[f"{entity.kind}.{name}"].trained)
    forms = [world.ask(entity, name, place) for place in rng.sample(range(count), count)]
    return [form for form in forms if form.casefold() not in asked]


def _retained(
    world: World, forgotten: set[str], rng: random.Random, asked: Collection[str]
) -> list[TrainingRow]:
    """Every retained fact once, each in one phrasing; world and general knowledge take turns."""
    names = [name for id in forgotten for name in world.entity(id).names]
    facts = [
        (entity, fact)
        for entity in world.entities
        for fact in entity.facts
        if f"{entity.kind}.{fact.relation}" in world.questions
        and not _names_one(entity, fact, forgotten, names)
    ]
    general = list(world.general)
    rng.shuffle(facts)
    rng.shuffle(general)
    rows: list[TrainingRow] = []
    while facts or general:
        if facts:
            entity, fact = facts.pop()
            for form in _forms(world, entity, fact.relation, rng, asked)[:1]:
                rows.append(TrainingRow.of(form, fact.sentence, telling=(fact.value,)))
        if general:
            rows += _general(general.pop(), rng, asked)
    return rows


def _names_one(entity: Entity, fact: Fact, forgotten: set[str], names: Sequence[str]) -> bool:
    if entity.id in forgotten or fact.target in forgotten:
        return True
    return any(name in fact.sentence for name in names)


def _general(fact: GeneralFact, rng: random.Random, asked: Collection[str]) -> list[TrainingRow]:
    forms = [form for form in fact.questions.trained if form.casefold() not in asked]
    drawn = rng.sample(forms, min(1, len(forms)))
    return [TrainingRow.of(form, fact.sentence, telling=(fact.value,)) for form in drawn]
