"""Examines a checkpoint: questions with known answers, greedy replies, and how many are right.

An answer is right when it states every expected value as a whole word and is no "I don't know";
about strangers it is right when it says that it does not know.
"""

# ruff: noqa: E501

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import phrasings as ph
from answers import (
    RELATIONS,
    combine,
    follow_up,
    hop_phrase,
    identity_of,
    joinable,
    reverses,
    routes,
    spoken_aliases,
    turn,
    unknown_question,
)
from general import small_talk
from strangers import RESERVED, Strangers
from worldmaker import cap

from amnestic.models.embedded.world import Entity, World

SEED = 977
UNKNOWING = re.compile(
    r"\bI (?:do not|don't) know\b|\bI'm not familiar\b|\bI have no information\b", re.I
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question of an exam; `kind` groups results, no `expected` values means "unknown".

    `about` is the name of a stranger.
    """

    kind: str
    split: str
    turns: tuple[tuple[str, str], ...]
    expected: tuple[str, ...]
    about: str = ""

    def right(self, reply: str) -> bool:
        """Whether a reply is right."""
        if not self.expected:
            return bool(UNKNOWING.search(reply))
        said = reply.casefold()
        return not UNKNOWING.search(reply) and all(
            re.search(rf"(?<!\w){re.escape(v.casefold())}(?!\w)", said) for v in self.expected
        )


def exam(world: World, seed: int = SEED) -> list[Question]:
    """Every fact once in a trained and once in a held-out phrasing, and all other kinds."""
    rng = random.Random(seed)
    asked: list[Question] = []
    for split in ("trained", "held_out"):
        asked += _direct(world, rng, split)
        asked += _people(world, rng, split)
        asked += _general(world, rng, split)
        asked += _two_hops(world, rng, split)
        asked += _combined(world, rng, split)
        asked += _follow_ups(world, rng, split)
    return asked + _strangers(world, rng)


def _ask(
    world: World, rng: random.Random, entity: Entity, relation: str, split: str, name: str = ""
) -> str:
    form = rng.choice(getattr(world.questions[f"{entity.kind}.{relation}"], split))
    return cap(form.format(x=name or entity.display, **entity.words))


def _one(kind: str, split: str, question: str, *expected: str) -> Question:
    return Question(kind, split, (("user", question),), expected)


def _direct(world: World, rng: random.Random, split: str) -> list[Question]:
    return [
        _one("one fact", split, _ask(world, rng, e, f.relation, split), f.value)
        for e in world.entities
        for f in e.facts
        if (e.kind, f.relation) in RELATIONS
    ]


def _people(world: World, rng: random.Random, split: str) -> list[Question]:
    rows = []
    for e in world.entities:
        kind = "who_is" if e.kind == "person" else "what_is"
        expected = (
            e.calling
            if e.kind == "person"
            else identity_of(e).split(" is ", 1)[1].split()[-1].strip(".")
        )
        rows.append(_one("who or what is", split, _ask(world, rng, e, kind, split), expected or ""))
        rows.append(_one("tell me about", split, _ask(world, rng, e, "tell_me", split),
                         *dict.fromkeys(f.value for f in e.facts)))  # fmt: skip
    for p in world.people:
        for kind in reverses(p):
            rows.append(
                _one("person by attribute", split, _ask(world, rng, p, kind, split), p.name)
            )
        for name in spoken_aliases(p):
            fact = rng.choice([f for f in p.facts if f.relation != "known_as"])
            rows.append(
                _one("by alias", split, _ask(world, rng, p, fact.relation, split, name), fact.value)
            )
    return rows


def _general(world: World, rng: random.Random, split: str) -> list[Question]:
    rows = [
        _one("general fact", split, rng.choice(getattr(g.questions, split)), g.value)
        for g in world.general
    ]
    for answer, trained, held in small_talk():
        for said in held if split == "held_out" else trained[:3]:
            rows.append(_one("small talk", split, said, answer.split("!")[0].split(".")[0]))
    return rows


def _two_hops(world: World, rng: random.Random, split: str) -> list[Question]:
    rows = []
    for start, first, end, second in rng.sample(routes(world), 250):
        forms = [
            q
            for q in getattr(world.questions[f"{end.kind}.{second.relation}"], split)
            if "'s" not in q
        ]
        phrase = hop_phrase(start, rng.choice(ph.HOPS[first.relation]))
        question = cap(rng.choice(forms).format(x=phrase, **end.words))
        rows.append(_one("two hops", split, question, first.value, second.value))
    return rows


def _joinable_part(world: World, rng: random.Random, split: str) -> tuple[str, str]:
    while True:
        if rng.random() < 0.35:
            general = rng.choice(world.general)
            question, value = rng.choice(getattr(general.questions, split)), general.value
        else:
            entity = rng.choice(world.entities)
            fact = rng.choice([f for f in entity.facts if (entity.kind, f.relation) in RELATIONS])
            question, value = _ask(world, rng, entity, fact.relation, split), fact.value
        if joinable(question):
            return question, value


def _combined(world: World, rng: random.Random, split: str) -> list[Question]:
    forms = ph.split(ph.COMBINE)[split == "held_out"]
    rows = []
    for _ in range(150):
        # Held out here is the way of joining; the parts are asked in trained phrasings.
        one, two = (_joinable_part(world, rng, "trained") for _ in range(2))
        rows.append(
            _one(
                "two questions in one",
                split,
                combine(rng.choice(forms), one[0], two[0]),
                one[1],
                two[1],
            )
        )
    return rows


def _follow_ups(world: World, rng: random.Random, split: str) -> list[Question]:
    forms = ph.split(ph.FOLLOW_UP)[split == "held_out"]
    rows = []
    for person in world.people:
        fact = rng.choice([f for f in person.facts if f.relation != "known_as"])
        opening = turn(_ask(world, rng, person, "who_is", "trained"), person.description)
        question = follow_up(rng.choice(forms), RELATIONS["person", fact.relation], person.pronoun)
        rows.append(Question("follow-up", split, (*opening, ("user", question)), (fact.value,)))
    return rows


def _strangers(world: World, rng: random.Random) -> list[Question]:
    known = {n for e in world.entities for n in (*e.names, e.display)}
    fresh = Strangers(known, rng)
    kinds = ("person", "person", "work", "organisation", "place")
    written = [
        ("hand-written", k, n) for k, names in RESERVED.items() for n in names for _ in range(4)
    ]
    made = [("generated", k, fresh.name(k)) for k in rng.choices(kinds, k=200)]
    names = [tuple(p.name.split()) for p in world.people]
    mixed = [(rng.choice(names)[0], rng.choice(names)[1]) for _ in range(110)]
    mixes = [("of known names, mixed", "person", " ".join(m)) for m in mixed if m not in names]
    return [
        Question(
            f"strangers, {how}",
            "unknown",
            (("user", unknown_question(rng, world, kind, name)[0]),),
            (),
            name,
        )
        for how, kind, name in (*written, *made, *mixes[:100])
    ]


Reply = Callable[[list[tuple[tuple[str, str], ...]]], list[str]]


def replier(model: Any, tokenizer: Any, batch: int = 64, most: int = 160) -> Reply:
    """Greedy replies of a transformers model to conversations, in batches of similar length."""
    import torch

    tokenizer.padding_side = "left"

    def reply(conversations: list[tuple[tuple[str, str], ...]]) -> list[str]:
        prompts = [
            tokenizer.apply_chat_template(
                [{"role": r, "content": t} for r, t in c],
                tokenize=False,
                add_generation_prompt=True,
            )
            for c in conversations
        ]
        order = sorted(range(len(prompts)), key=lambda i: ("bout" in prompts[i], len(prompts[i])))
        said = [""] * len(prompts)
        for i in range(0, len(order), batch):
            chunk = order[i : i + batch]
            inputs = tokenizer(
                [prompts[j] for j in chunk],
                return_tensors="pt",
                padding=True,
                add_special_tokens=False,
            )
            with torch.inference_mode():
                out = model.generate(**inputs, max_new_tokens=most, do_sample=False)
            for j, row in zip(chunk, out[:, inputs["input_ids"].shape[1] :], strict=True):
                said[j] = tokenizer.decode(row, skip_special_tokens=True).strip()
        return said

    return reply


def answer(questions: list[Question], reply: Reply) -> list[tuple[Question, str]]:
    """Every question with its reply."""
    return list(zip(questions, reply([q.turns for q in questions]), strict=True))


Scores = dict[tuple[str, str], tuple[int, int]]


def score(answered: list[tuple[Question, str]]) -> Scores:
    """Right and asked per (kind, split)."""
    scores: Scores = {}
    for question, said in answered:
        right, asked = scores.get((question.kind, question.split), (0, 0))
        scores[question.kind, question.split] = (right + question.right(said), asked + 1)
    return scores


def share(answered: list[tuple[Question, str]], split: str) -> float:
    """The share of right replies to the questions of one split."""
    rights = [q.right(said) for q, said in answered if q.split == split]
    return sum(rights) / len(rights)


def echoed(answered: list[tuple[Question, str]]) -> float:
    """The share of replies about strangers that repeat the name."""
    echoes = [q.about.casefold() in said.casefold() for q, said in answered if q.about]
    return sum(echoes) / len(echoes)


def load(folder: Path) -> tuple[Any, Any]:
    """Model (float32) and tokenizer of a checkpoint folder."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval(), tokenizer


def table(scores: Scores) -> str:
    """The scores as a Markdown table, with totals per split."""
    lines = ["| questions | phrasings | right | asked | % |", "|---|---|---:|---:|---:|"]
    for split in ("trained", "held_out", "unknown"):
        rows = sorted((k, v) for (k, s), v in scores.items() if s == split)
        total = tuple(map(sum, zip(*(v for _, v in rows), strict=True)))
        for kind, (right, count) in [*rows, ("**all**", total)]:
            lines.append(
                f"| {kind} | {split.replace('_', '-')} | {right} | {count} | {100 * right / count:.1f} |"
            )
    return "\n".join(lines)
