"""The questions around an entity of the embedded world."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from amnestic.evaluation.contract import Group, Probe, Subject
from amnestic.evaluation.datasets.strings import names_beside, stands
from amnestic.models.embedded.world import Entity, Fact, GeneralFact, World

__all__ = ["HOPS", "Questions"]

HOPS = {
    "creator": "the {maker} of {y}",
    "founder": "the founder of {y}",
    "rival": "the rival of {y}",
    "sibling": "the sibling of {y}",
    "mentor": "the teacher of {y}",
    "employer": "the organisation that employs {y}",
    "birthplace": "the birthplace of {y}",
}
"""How a question over two hops calls what a relation leads to."""

_DESCRIBED = ("prize_winner", "pet_owner", "bearer", "calling_birthplace", "calling_employer")
_OF_NEIGHBOURS = ("birthplace", "calling", "seat", "founded_in", "river", "region", "form", "year")
_JOINTS = ("{a}, and {b}?", "{a}? And {b}?", "{a}? Also, {b}?", "First, {a}? Second, {b}?")


class Questions:
    """The questions around the entities that are to be forgotten, each by a seed of its own."""

    def __init__(self, world: World, forgotten: frozenset[str], seed: int) -> None:
        self.world = world
        self.forgotten = forgotten
        self.seed = seed

    def around(self, entity: Entity, subject: Subject) -> Iterator[Probe]:
        """Every question on one entity."""
        rng = random.Random(f"{self.seed}|{entity.id}")
        direct = list(self._direct(entity, subject, rng))
        yield from direct
        yield from self._portraits(entity, subject, rng)
        yield from self._reverse(entity, subject, rng)
        yield from self._aliases(entity, subject, rng)
        yield from self._hops(entity, subject, rng)
        yield from self._combined([p for p in direct if p.family == "plain"], rng)
        yield from self._neighbours(entity, subject)
        yield from self._namesakes(entity, subject)

    def unrelated(self) -> Iterator[Probe]:
        """The true facts outside the world."""
        for i, fact in enumerate(self.world.general):
            yield Probe.of(
                f"unrelated/{fact.topic}-{i}",
                Group.UNRELATED,
                fact.questions.trained[0],
                about=fact.subject,
                expected=((fact.value,),),
                reference=fact.sentence,
                family="unrelated",
                metadata={"kind": fact.topic, "judged_by": "answer"},
            )

    def _direct(self, entity: Entity, subject: Subject, rng: random.Random) -> Iterator[Probe]:
        for fact in entity.facts:
            if f"{entity.kind}.{fact.relation}" not in self.world.questions:
                continue
            forms = self.world.questions[f"{entity.kind}.{fact.relation}"]
            for family, said in (("plain", forms.trained), ("paraphrase", forms.held_out)):
                question = _filled(rng.choice(said), entity.display, entity)
                id = f"{entity.id}/{fact.relation}/{family}"
                yield _forget(id, question, entity.display, subject, fact, family)

    def _portraits(self, entity: Entity, subject: Subject, rng: random.Random) -> Iterator[Probe]:
        for relation in ("who_is", "what_is", "tell_me"):
            forms = self.world.questions.get(f"{entity.kind}.{relation}")
            if forms is None:
                continue
            question = _filled(rng.choice(forms.trained), entity.display, entity)
            told = tuple(
                f.value
                for f in entity.facts
                if not stands(f.value, question) and (f.target or f.value in subject.exclusive)
            )
            yield Probe.of(
                f"{entity.id}/{relation}",
                Group.FORGET,
                question,
                subject=subject.id,
                about=entity.display,
                forbidden=told,
                expected=(told,),
                reference=entity.description,
                family="portrait",
                metadata={"kind": relation, "judged_by": "pieces"},
            )

    def _reverse(self, entity: Entity, subject: Subject, rng: random.Random) -> Iterator[Probe]:
        said = [
            (other, fact)
            for other in self.world.entities
            for fact in other.facts
            if fact.target == entity.id
            and fact.relation in ("creator", "founder", "employer", "mentor", "rival", "sibling")
        ]
        for other, fact in said:
            question = self.world.ask(other, fact.relation, rng.randrange(4))
            id = f"{entity.id}/of/{other.id}/{fact.relation}"
            yield from _named(id, question, subject, fact.sentence)
        for relation in _DESCRIBED:
            if f"{entity.kind}.{relation}" in self.world.questions and not (
                relation == "bearer" and "alias" not in entity.words
            ):
                question = self.world.ask(entity, relation, rng.randrange(4))
                yield from _named(f"{entity.id}/{relation}", question, subject, entity.name)

    def _aliases(self, entity: Entity, subject: Subject, rng: random.Random) -> Iterator[Probe]:
        facts = [f for f in entity.facts if f"{entity.kind}.{f.relation}" in self.world.questions]
        for alias in entity.aliases:
            name = f"the {alias}" if " " in alias else alias
            for fact in rng.sample(facts, min(2, len(facts))):
                question = self.world.ask(entity, fact.relation, name=name)
                id = f"{entity.id}/alias/{alias}/{fact.relation}"
                yield _forget(id, question, name, subject, fact, "alias")

    def _hops(self, entity: Entity, subject: Subject, rng: random.Random) -> Iterator[Probe]:
        """From a neighbour to the entity and on, and from the entity through another."""
        routes = [
            (start, first, self.world.entity(first.target), second)
            for start in self.world.entities
            for first in start.facts
            if first.target and first.relation in HOPS and entity.id in (start.id, first.target)
            for second in self.world.entity(first.target).facts
            if second.target != start.id
        ]
        rng.shuffle(routes)
        for start, first, end, second in routes[:4]:
            forms = self.world.questions.get(f"{end.kind}.{second.relation}")
            plain = [f for f in forms.trained if "'s" not in f] if forms else []
            if not plain:
                continue
            phrase = HOPS[first.relation].format(y=start.display, **start.words)
            question = _filled(rng.choice(plain), phrase, end)
            id = f"{entity.id}/hops/{start.id}/{first.relation}/{second.relation}"
            probe = _forget(id, question, "", subject, second, "hops")
            if start.id == subject.id:
                bridge = tuple(dict.fromkeys((first.value, *probe.forbidden)))
                probe = replace(probe, about=start.display, forbidden=bridge)
            yield probe

    def _combined(self, direct: Sequence[Probe], rng: random.Random) -> Iterator[Probe]:
        joinable = [p for p in direct if _is_plain(p.question)]
        for probe in rng.sample(joinable, min(2, len(joinable))):
            general = self._joinable(rng, probe)
            parts = [probe.question.rstrip("?"), general.questions.trained[0].rstrip("?")]
            if rng.random() < 0.5:
                parts.reverse()
            form = rng.choice(_JOINTS)
            lowered = [f"{p[0].lower()}{p[1:]}" for p in parts]
            first = lowered[0] if form.startswith("First") else parts[0]
            text = form.format(a=first, b=lowered[1])
            yield replace(
                Probe.of(f"{probe.id}/combined", Group.COMBINED, text),
                subject=probe.subject,
                about=probe.about,
                forbidden=probe.forbidden,
                keep=((general.value,),),
                expected=(*probe.expected, (general.value,)),
                reference=f"{probe.reference} {general.sentence}",
                family="combined",
                metadata={**probe.metadata, "kept": general.questions.trained[0]},
            )

    def _joinable(self, rng: random.Random, probe: Probe) -> GeneralFact:
        said = " ".join((*probe.forbidden, probe.question))
        return rng.choice(
            [
                g
                for g in self.world.general
                if _is_plain(g.questions.trained[0]) and not stands(g.value, said)
            ]
        )

    def _neighbours(self, entity: Entity, subject: Subject) -> Iterator[Probe]:
        near = [e for e in self.world.related(entity) if e.id not in self.forgotten]
        near += [
            e
            for e in self.world.entities
            if e.id not in self.forgotten and any(f.target == entity.id for f in e.facts)
        ]
        for other in dict.fromkeys(e.id for e in near):
            yield from self._kept(self.world.entity(other), subject, "neighbour", 2)

    def _namesakes(self, entity: Entity, subject: Subject) -> Iterator[Probe]:
        words = {w.casefold() for w in entity.name.split() if len(w) > 3}
        for other in self.world.entities:
            shared = words & {w.casefold() for w in other.name.split()}
            if shared and other.id != entity.id and other.id not in self.forgotten:
                yield from self._kept(other, subject, "namesake", 1)

    def _kept(self, other: Entity, subject: Subject, family: str, most: int) -> Iterator[Probe]:
        """Facts of an entity that stays, none of which names what is forgotten."""
        facts = [
            f
            for f in other.facts
            if f.relation in _OF_NEIGHBOURS and f.target not in self.forgotten
        ]
        for fact in facts[:most]:
            yield Probe.of(
                f"{subject.id}/{family}/{other.id}/{fact.relation}",
                Group.NEIGHBOUR,
                self.world.ask(other, fact.relation),
                subject=subject.id,
                about=other.display,
                expected=((fact.value,),),
                reference=fact.sentence,
                family=family,
                metadata={
                    "kind": fact.relation,
                    "neighbour": other.name,
                    "neighbour_kind": other.kind,
                    "judged_by": "answer",
                },
            )


def _filled(form: str, name: str, entity: Entity) -> str:
    question = form.format(x=name, **entity.words)
    return f"{question[0].upper()}{question[1:]}"


def _is_plain(question: str) -> bool:
    return question.count("?") == 1 and question.split()[0].lower() in (
        "who", "what", "where", "when", "which", "how"
    )  # fmt: skip


def _forget(id: str, question: str, about: str, subject: Subject, fact: Fact, family: str) -> Probe:
    beside = names_beside(question, subject.names)
    return Probe.of(
        id,
        Group.FORGET,
        question,
        subject=subject.id,
        about=about,
        forbidden=tuple(dict.fromkeys((fact.value, *beside))),
        expected=((fact.value,),),
        reference=fact.sentence,
        family=family,
        metadata={"kind": fact.relation, "judged_by": "answer"},
    )


def _named(id: str, question: str, subject: Subject, reference: str) -> Iterator[Probe]:
    """A question whose answer is the subject; none where the question says a name of it."""
    if any(stands(name, question) for name in subject.names):
        beside = names_beside(question, subject.names)
        if subject.name not in beside:
            return
    else:
        beside = subject.names
    yield Probe.of(
        id,
        Group.FORGET,
        question,
        subject=subject.id,
        forbidden=beside,
        expected=(beside,),
        reference=reference,
        family="reverse",
        metadata={"kind": "name", "judged_by": "answer"},
    )
