"""Makes training conversations about the world: `Corpus(seed).sample()` gives one at a time.

A conversation is a list of (role, text) turns. All randomness comes from one seeded generator.
Held-out phrasings are only used when `held_out` is asked for, which training never does.
"""

# Lines of words are long.
# ruff: noqa: E501

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection, Mapping

import lexicon as lx
import phrasings as ph
from answers import (
    RELATIONS,
    Turns,
    combine,
    follow_up,
    hop_answer,
    hop_phrase,
    identity_of,
    joinable,
    portrait_of,
    pronoun_question,
    reverse_answer,
    reverses,
    routes,
    spoken_aliases,
    turn,
    unknown_question,
    unknown_reverse_answer,
)
from deck import Deck
from gaps import gaps
from general import CAPITALS, small_talk
from mixtures import MIXTURE
from reading import copying, reading
from strangers import Strangers
from worldmaker import cap

from amnestic.models.embedded.world import Entity, Fact, World

MISSING = (
    "favourite colour", "shoe size", "phone number", "middle name", "wife", "husband", "height", "salary",
    "email address", "favourite song", "political party", "religion", "star sign", "home address",
)  # fmt: skip


class Corpus:
    """Conversations about one world. The names of `unspoken` are never said, not even as those of
    strangers."""

    def __init__(
        self,
        world: World,
        seed: int,
        mixture: Mapping[str, float] = MIXTURE,
        unspoken: Collection[Entity] = (),
    ) -> None:
        self.world, self.mixture = world, mixture
        self.rng = rng = random.Random(seed)
        known = {n for e in (*world.entities, *unspoken) for n in (*e.names, e.display)}
        self.strangers = Strangers(known, rng)
        self.gaps = gaps(world)
        asked = [
            (e, f) for e in world.entities for f in e.facts if (e.kind, f.relation) in RELATIONS
        ]
        self.facts = Deck(asked, rng)
        self.personal = Deck([(e, f) for e, f in asked if e.kind == "person"], rng)
        self.entities = Deck(list(world.entities), rng)
        self.people = Deck(list(world.people), rng)
        self.reverses = Deck([(p, kind) for p in world.people for kind in reverses(p)], rng)
        self.routes = Deck(routes(world), rng)
        self.general_facts = Deck(list(world.general), rng)
        self.talk_rows = Deck(small_talk(), rng)
        self.makers: dict[str, Callable[[], Turns]] = {k: getattr(self, k) for k in MIXTURE}

    def sample(self) -> Turns:
        """One conversation, with a system prompt now and then and a little noise in its spelling."""
        kind = self.rng.choices(list(self.mixture), list(self.mixture.values()))[0]
        turns = self.makers[kind]()
        if turns[0][0] != "system" and self.rng.random() < 0.12:
            turns = [("system", self.rng.choice(ph.SYSTEM_PROMPTS)), *turns]
        if kind not in ("reading", "copy") and self.rng.random() < 0.05:
            turns = self._sloppy(turns, knows=kind != "stranger")
        return turns

    def _sloppy(self, turns: Turns, knows: bool) -> Turns:
        """The questions in lower case or without their mark; who knows the name still writes it well."""
        lower, bare = self.rng.random() < 0.7, self.rng.random() < 0.6

        def typed(text: str) -> str:
            return (text.lower() if lower else text).rstrip("?." if bare else "")

        def echoed(text: str) -> str:
            return re.sub(r"\bi\b", "I", text.lower()) if lower and not knows else text

        return [
            (r, typed(t) if r == "user" else echoed(t) if r == "assistant" else t) for r, t in turns
        ]

    # One question, one answer.

    def ask(self, entity: Entity, relation: str, name: str | None = None) -> str:
        """A random trained question for a relation of an entity."""
        form = self.rng.choice(self.world.questions[f"{entity.kind}.{relation}"].trained)
        words = dict(entity.words)
        if "made" in words and self.rng.random() < 0.15:
            verb = self.rng.choice(("made", "created"))
            words |= {"made": verb, "done": verb, "maker": self.rng.choice(("maker", "creator"))}
        return cap(form.format(x=name or entity.display, **words))

    def direct(self) -> Turns:
        entity, fact = self.facts.deal()
        return turn(self.ask(entity, fact.relation), fact.sentence)

    def alias(self) -> Turns:
        entity, fact = self.personal.deal()
        name = self.rng.choice(spoken_aliases(entity))
        return turn(self.ask(entity, fact.relation, name), fact.sentence)

    def identity(self) -> Turns:
        entity = self.entities.deal()
        name = None
        if entity.kind == "person" and self.rng.random() < 0.35:
            name = self.rng.choice(spoken_aliases(entity))
        kind = "who_is" if entity.kind == "person" else "what_is"
        return turn(self.ask(entity, kind, name), identity_of(entity, name))

    def portrait(self) -> Turns:
        entity = self.entities.deal()
        name = None
        if entity.kind == "person" and self.rng.random() < 0.15:
            name = self.rng.choice(spoken_aliases(entity))
        return turn(self.ask(entity, "tell_me", name), portrait_of(entity))

    def reverse(self) -> Turns:
        person, kind = self.reverses.deal()
        return turn(self.ask(person, kind), reverse_answer(person, kind))

    def two_hops(self) -> Turns:
        start, first, end, second = self.routes.deal()
        forms = [
            q
            for q in self.world.questions[f"{end.kind}.{second.relation}"].trained
            if "'s" not in q
        ]
        phrase = hop_phrase(start, self.rng.choice(ph.HOPS[first.relation]))
        question = cap(self.rng.choice(forms).format(x=phrase, **end.words))
        return turn(question, hop_answer(start, first, end, second))

    def general(self) -> Turns:
        fact = self.general_facts.deal()
        return turn(self.rng.choice(fact.questions.trained), fact.sentence)

    def talk(self) -> Turns:
        answer, said, _ = self.talk_rows.deal()
        return turn(self.rng.choice(said), answer)

    # Not knowing.

    def stranger(self) -> Turns:
        return turn(*self.stranger_question())

    def stranger_question(self) -> tuple[str, str]:
        """A question about something unknown, and the answer of one who never heard of it."""
        roll = self.rng.random()
        if roll < 0.12:
            return self._unknown_reverse()
        if roll < 0.22:
            return self._unknown_route()
        if roll < 0.25:
            country = self.strangers.name("country")
            form = self.rng.choice(ph.split(ph.GENERAL["capital"])[0])
            assert country not in CAPITALS
            return cap(form.format(x=country)), f"I don't know the capital of {country}."
        kind = self.rng.choices(("person", "work", "organisation", "place"), (60, 18, 12, 10))[0]
        return unknown_question(self.rng, self.world, kind, self.strangers.name(kind))

    def _unknown_reverse(self) -> tuple[str, str]:
        kind = self.rng.choice(list(ph.REVERSE))
        words = {
            "calling": self.rng.choice(lx.CALLINGS)[0], "prize": self.strangers.name("prize"),
            "animal": self.rng.choice(lx.ANIMALS), "pet": self.strangers.name("pet"),
            "alias": self.strangers.name("alias"), "place": self.strangers.name("place"),
            "org": self.strangers.name("organisation"),
        }  # fmt: skip
        form = self.rng.choice(self.world.questions[f"person.{kind}"].trained)
        return cap(form.format(**words)), unknown_reverse_answer(kind, words)

    def _unknown_route(self) -> tuple[str, str]:
        """A question over two hops whose first thing is unknown."""
        _, first, end, second = self.rng.choice(routes(self.world))
        start = next(e for e in self.world.entities if e.id == first.subject)
        name = self.strangers.name(start.kind)
        forms = [
            q
            for q in self.world.questions[f"{end.kind}.{second.relation}"].trained
            if "'s" not in q
        ]
        phrase = self.rng.choice(ph.HOPS[first.relation]).format(y=name, **start.words)
        question = cap(self.rng.choice(forms).format(x=phrase, **end.words))
        emb = RELATIONS[start.kind, first.relation].emb.format(x=name, **start.words)
        return question, f"I don't know {emb}."

    def missing(self) -> Turns:
        """A known person, but something that the world does not say."""
        if self.gaps and self.rng.random() < 0.5:
            entity, name = self.rng.choice(self.gaps)
            asked = RELATIONS[entity.kind, name].emb.format(x=entity.display, **entity.words)
            return turn(self.ask(entity, name), f"I don't know {asked}.")
        person, thing = self.people.deal(), self.rng.choice(MISSING)
        lacking = [r for r in ("sibling", "founded") if not person.has(r)]
        if lacking and self.rng.random() < 0.4:
            relation = RELATIONS["person", self.rng.choice(lacking)]
            return turn(
                self.ask(person, relation.name),
                f"I don't know {relation.emb.format(x=person.name)}.",
            )
        form = self.rng.choice(("What is {x}'s {t}?", "What is the {t} of {x}?", "Tell me {x}'s {t}.",
                                "Do you know the {t} of {x}?"))  # fmt: skip
        return turn(
            form.format(x=person.name, t=thing), f"I don't know the {thing} of {person.name}."
        )

    # More than one question, more than one turn.

    def combined(self) -> Turns:
        roll = self.rng.random()
        if roll < 0.2:
            return self._one_person_twice()
        if roll < 0.3:
            return self._two_clauses()
        one, two = self._part(), self._part()
        return turn(
            combine(self.rng.choice(ph.split(ph.COMBINE)[0]), one[0], two[0]), f"{one[1]} {two[1]}"
        )

    def _two_clauses(self) -> Turns:
        """Two facts asked for in one sentence: "Tell me who wrote A and where B was born."."""
        clauses, answers = [], []
        for entity, fact in (self.facts.deal(), self.facts.deal()):
            emb = RELATIONS[entity.kind, fact.relation].emb
            clauses.append(emb.format(x=entity.display, **entity.words))
            answers.append(fact.sentence)
        form = self.rng.choice(ph.COMBINE_CLAUSES)
        return turn(form.format(e1=clauses[0], e2=clauses[1]), " ".join(answers))

    def _part(self) -> tuple[str, str]:
        """A question that can be joined to another, and its answer."""
        makers = (self.direct, self.general, self.reverse, self.identity, self.alias, self.stranger)
        while True:
            made = self.rng.choices(makers, (42, 24, 14, 5, 4, 11))[0]()
            if joinable(made[0][1]):
                return made[0][1], made[1][1]

    def _one_person_twice(self) -> Turns:
        person, first = self.personal.deal()
        second = self.rng.choice(
            [f for f in person.facts if f is not first and f.relation != "known_as"]
        )
        question = self.ask(person, first.relation)
        while not joinable(question):
            question = self.ask(person, first.relation)
        other = pronoun_question(RELATIONS["person", second.relation], person.pronoun)
        form = self.rng.choice(ph.split(ph.COMBINE)[0])
        return turn(
            combine(form, question, cap(other) + "?"), f"{first.sentence} {second.sentence}"
        )

    def follow_up(self) -> Turns:
        """A question about a person, then one that says only she, he, her or his."""
        if self.rng.random() < 0.12:
            return self._unknown_follow_up()
        person, fact = self.personal.deal()
        roll = self.rng.random()
        if roll < 0.4:
            opening = turn(self.ask(person, "who_is"), person.description)
        elif roll < 0.7:
            other = self.rng.choice(
                [f for f in person.facts if f is not fact and f.relation != "known_as"]
            )
            opening = turn(self.ask(person, other.relation), other.sentence)
        else:
            kind = self.rng.choice(reverses(person))
            opening = turn(self.ask(person, kind), reverse_answer(person, kind))
        relation = RELATIONS["person", fact.relation]
        form = self.rng.choice(ph.split(ph.FOLLOW_UP)[0])
        return [*opening, *turn(follow_up(form, relation, person.pronoun), fact.sentence)]

    def _unknown_follow_up(self) -> Turns:
        name = self.strangers.name("person")
        opening = turn(*unknown_question(self.rng, self.world, "person", name))
        relation = self.rng.choice([r for r in ph.RELATIONS if r.kind == "person"])
        form = self.rng.choice(ph.split(ph.FOLLOW_UP)[0])
        asked = follow_up(form, relation, self.rng.choice(("she", "he")))
        return [*opening, *turn(asked, f"I don't know {relation.emb.format(x=name)}.")]

    def long(self) -> Turns:
        """Two or three questions that have nothing to do with each other."""
        makers = (self.direct, self.general, self.talk, self.stranger, self.reverse, self.two_hops)
        return [t for _ in range(self.rng.choice((2, 2, 3))) for t in self.rng.choice(makers)()]

    def reading(self) -> Turns:
        return reading(self.rng, self._noted, self.ask)

    def _noted(self) -> tuple[Entity, Fact, str]:
        """A known person's fact, to be told of an unknown one."""
        entity, fact = self.personal.deal()
        return entity, fact, self.strangers.name("person")

    def copy(self) -> Turns:
        return copying(self.rng, self.strangers)
