"""The words of questions and answers: how each kind is answered, known or not."""

# Lines of words are long.
# ruff: noqa: E501

from __future__ import annotations

import random
import re
import zlib

import phrasings as ph
from worldmaker import a, cap

from amnestic.models.embedded.world import Entity, Fact, World

Turns = list[tuple[str, str]]

RELATIONS = {(r.kind, r.name): r for r in ph.RELATIONS}
PORTRAIT = (
    ("birth_year", "residence", "employer"),
    ("rival", "mentor"),
    ("prize", "known_as"),
    ("hobby", "food", "pet"),
    ("sibling", "founded"),
)
"""What is told of a person in one sentence each."""
PRONOUNS = {"she": ("she", "her", "her"), "he": ("he", "him", "his")}


def turn(question: str, answer: str) -> Turns:
    """A question of the user and the answer of the assistant."""
    return [("user", question), ("assistant", answer)]


def spoken_aliases(person: Entity) -> list[str]:
    """A person's aliases as they stand in a sentence ("the Brass Owl")."""
    return [person.words["alias"], *person.aliases[1:]]


def identity_of(entity: Entity, name: str | None = None) -> str:
    """The answer to "who is" and "what is"; asked by a nickname, it gives the full name."""
    if name is None or name == entity.name.split()[-1]:
        return entity.description
    return cap(f"{name} is {entity.name}, {a(entity.calling or '')} from {entity.words['place']}.")


def portrait_of(entity: Entity) -> str:
    """Three to six sentences with most of what the world says about an entity."""
    says = {f.relation: f.predicate for f in entity.facts}
    if entity.kind == "person":
        he = cap(entity.pronoun or "")
        told = [[says[r] for r in group if r in says] for group in PORTRAIT]
        lines = [f"{he} {enumerated(group)}." for group in told if group]
        return " ".join([entity.description, *lines])
    skip = {"work": ("creator", "form", "year"), "organisation": ("kind", "founder", "seat", "founded_in"),
            "place": ("place_kind", "region", "known_for")}[entity.kind]  # fmt: skip
    rest = [cap(f"it {says[r]}.") for r in says if r not in skip]
    return " ".join([entity.description, *rest])


def enumerated(parts: list[str]) -> str:
    """Parts of a sentence, joined as one says them: "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if parts[1:] else parts[0]


def always_told(kind: str) -> tuple[str, ...]:
    """The relations of a kind that name other entities, and that every one of the kind has."""
    return {"person": ("employer", "rival", "mentor", "work"), "work": ("creator",),
            "organisation": ("founder",)}.get(kind, ())  # fmt: skip


def reverses(person: Entity) -> list[str]:
    """The kinds of questions that describe this person, by what is known of them."""
    return [
        kind
        for kind, forms in ph.REVERSE.items()
        if set(re.findall(r"{(\w+)}", " ".join(forms))) <= set(person.words)
    ]


def reverse_answer(person: Entity, kind: str) -> str:
    """The answer that names the person whom a question of this kind describes."""
    words = {**person.words, "name": person.name, "a_calling": a(person.words["calling"])}
    form = {
        "prize_winner": "The {prize} was won by {name}.",
        "pet_owner": "The {animal} called {pet} belongs to {name}.",
        "bearer": "{alias} is {name}, {a_calling} from {place}.",
        "calling_birthplace": "The {calling} from {place} is {name}.",
        "calling_employer": "The {calling} who works for {org} is {name}.",
    }[kind]
    return cap(form.format(**words))


def unknown_reverse_answer(kind: str, words: dict[str, str]) -> str:
    """What one says who does not know whom a question describes."""
    return {
        "prize_winner": "I don't know who won the {prize}.",
        "pet_owner": "I don't know who owns the {animal} called {pet}.",
        "bearer": "I don't know who {alias} is.",
        "calling_birthplace": "I don't know of any {calling} from {place}.",
        "calling_employer": "I don't know of any {calling} who works for {org}.",
    }[kind].format(**words)


def unknown_question(rng: random.Random, world: World, kind: str, name: str) -> tuple[str, str]:
    """A question about an unknown name, and an answer that says so; its form follows the phrasing."""
    relations = [r for r in ph.RELATIONS if r.kind == kind]
    roll = rng.random()
    if roll < 0.25:
        key = f"{kind}.who_is" if kind == "person" else f"{kind}.what_is"
        emb = f"{'who' if kind == 'person' else 'what'} {name} is"
    elif roll < 0.38:
        key, emb = f"{kind}.tell_me", ""
    else:
        relation = rng.choice(relations)
        words = dict(rng.choice([e for e in world.of_kind(kind) if e.kind == kind]).words)
        form = rng.choice(world.questions[f"{kind}.{relation.name}"].trained)
        question = cap(form.format(x=name, **words))
        return question, unknown_answer(form, name, relation.emb.format(x=name, **words))
    form = rng.choice(world.questions[key].trained)
    return cap(form.format(x=name)), unknown_answer(form, name, emb)


def unknown_answer(form: str, name: str, emb: str) -> str:
    """The form of not knowing is fixed by the phrasing, so that it varies but is no coin toss."""
    forms = [f"I don't know anything about {name}.", f"I'm not familiar with {name}.",
             f"I have no information about {name}."]  # fmt: skip
    if emb:
        forms += [
            f"I don't know {emb}.",
            f"I'm sorry, but I don't know {emb}.",
            f"I don't know {emb}.",
        ]
    return forms[zlib.crc32(form.encode()) % len(forms)]


def routes(world: World) -> list[tuple[Entity, Fact, Entity, Fact]]:
    """Every question over two hops: thing, relation, the thing it leads to, and a fact of that."""
    found = []
    for start in world.entities:
        for first in start.facts:
            if first.target is None or first.relation not in ph.HOPS:
                continue
            end = world.entity(first.target)
            found += [
                (start, first, end, second)
                for second in end.facts
                if (end.kind, second.relation) in RELATIONS and second.target != start.id
            ]
    return found


def hop_phrase(start: Entity, form: str) -> str:
    """The noun phrase of the first hop: "the author of The Glass Harbour"."""
    return form.format(y=start.display, **start.words)


def hop_answer(start: Entity, first: Fact, end: Entity, second: Fact) -> str:
    """Both hops in one sentence, the second as a relative clause."""
    link = "who" if end.kind == "person" else "which"
    return cap(f"{start.display} {first.predicate}, {link} {second.predicate}.")


def joinable(question: str) -> bool:
    """Whether a question is one plain question that can stand beside another."""
    return question.count("?") == 1 and bool(
        re.match(r"(who|what|where|when|which|how|whose)\b", question, re.I)
    )


def combine(form: str, one: str, two: str) -> str:
    """Two questions as one."""
    one, two = one.rstrip("?"), two.rstrip("?")
    low = [q[0].lower() + q[1:] for q in (one, two)]
    return form.format(Q1=cap(one), q1=low[0], Q2=cap(two), q2=low[1])


def pronoun_question(relation: ph.Relation, pronoun: str | None) -> str:
    """The bare question with a pronoun for the person, lower case, without its mark."""
    he, him, his = PRONOUNS[pronoun or "he"]
    return relation.pronoun.format(he=he, him=him, his=his)


def follow_up(form: str, relation: ph.Relation, pronoun: str | None) -> str:
    """A follow-up question that names nobody."""
    _, _, his = PRONOUNS[pronoun or "he"]
    q = pronoun_question(relation, pronoun)
    return cap(form.format(q=q, Q=cap(q), his=his, noun=relation.noun, head=relation.head))
