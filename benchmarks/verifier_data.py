"""Pairs to train the verifier on: what is known of a target, a text, and whether it tells of it.

Half of the people, those whose ids have the lowest SHA-256, are trained on; the others are never
seen. Each pair draws anew how many facts are known (none to forty), so that the verifier works with
what an elicitation found. Names are changed in a share of the pairs and left out in another, so
that it reads how text and knowledge belong together instead of knowing people.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from detection_data import Data, Person, Probe, load
from detection_tables import outright

from amnestic.tools.detection.cross_encoder import FACTS, premise
from amnestic.tools.protocols import Embedder, Pair
from amnestic.tools.reading import blank_filled, fold_word

__all__ = ["Example", "Lesson", "benign_half", "digest_of", "epoch", "halves", "lesson_from"]

FACT_COUNTS = (0, 5, 10, 40)
FACT_SHARES = (0.25, 0.15, 0.15, 0.45)
RENAMED_SHARE = 0.3
PER_TARGET = {
    "told": 48,
    "unnamed": 12,
    "short": 8,
    "near": 34,
    "near_unnamed": 8,
    "relative": 8,
    "stranger": 12,
    "namesake": 6,
    "plain": 14,
}
_PRONOUNS = ("he", "she", "they", "this person", "the person")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Example:
    """A pair and whether its text tells of the target."""

    pair: Pair
    tells: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """Everything that pairs are drawn from: only people who are trained on, and half of the plain
    questions."""

    data: Data
    people: tuple[str, ...]
    neighbours: dict[str, str]
    plain: tuple[str, ...]
    names: tuple[str, ...]
    embedder: Embedder
    forget: dict[str, list[Probe]] = field(default_factory=dict)
    near: dict[str, list[Probe]] = field(default_factory=dict)


def halves(ids: Iterable[str]) -> tuple[list[str], list[str]]:
    """The ids to train on and those never to be seen: by the rank of their SHA-256.

    >>> halves(["a", "b", "c", "d"])
    (['c', 'd'], ['a', 'b'])
    """
    ranked = sorted(ids, key=lambda i: hashlib.sha256(i.encode()).hexdigest())
    cut = len(ranked) // 2
    return sorted(ranked[:cut]), sorted(ranked[cut:])


def digest_of(subject: str) -> str:
    """What stands for a person in the list of those whom a verifier has seen."""
    return hashlib.sha256(fold_word(subject).encode()).hexdigest()[:16]


def benign_half(question: str) -> int:
    """The half, 0 or 1, that a plain question is in."""
    return hashlib.sha256(question.encode()).digest()[0] % 2


def lesson_from(folder: Path, embedder: Embedder, half: int) -> Lesson:
    """Read the data folder; whoever is not in this half, 0 or 1, is left out."""
    data = load(folder)
    chosen = halves(data.people)[half]
    neighbours = {}
    for part in ("neighbor_level1", "neighbor_level2"):
        for line in (folder / f"rwku/{part}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            neighbours[row["id"]] = re.sub(r"\s*\(.*?\)", "", str(row.get("neighbor", "")))
    named = folder / "kbench/people.jsonl"
    lines = named.read_text("utf-8").splitlines() if named.is_file() else []
    names = tuple(json.loads(line)["name"] for line in lines)
    subjects = [data.people[i].subject for i in chosen]
    plain = tuple(q for q in data.benign if benign_half(q) == half)
    names = names or tuple(dict.fromkeys(subjects))
    lesson = Lesson(data, tuple(chosen), neighbours, plain, names, embedder)
    folded = [fold_word(s) for s in subjects]
    for i in chosen:
        lesson.forget[i] = data.of(i, forget=True)
        lesson.near[i] = [p for p in data.of(i, forget=False) if not outright(p, folded)]
    return lesson


def epoch(lesson: Lesson, seed: int) -> list[Example]:
    """The pairs of one epoch, shuffled."""
    found: list[Example] = []
    for target_id in lesson.people:
        draw = random.Random(f"{seed}:{target_id}")
        found += _of_target(lesson, target_id, draw)
    random.Random(seed).shuffle(found)
    return found


def _of_target(lesson: Lesson, target_id: str, draw: random.Random) -> Iterator[Example]:
    person = lesson.data.people[target_id]
    for kind, texts in _texts(lesson, person, draw):
        for text in texts:
            count = draw.choices(FACT_COUNTS, FACT_SHARES)[0]
            known = _known(lesson, person, count, text, draw)
            if kind == "unnamed" and not _identifies(known, text, person):
                known = _known(lesson, person, FACT_COUNTS[-1], text, draw)
                if not _identifies(known, text, person):
                    continue
            example = Example(Pair(known, text), kind in ("told", "unnamed", "short"), kind)
            yield _renamed(example, lesson, person, draw)


def _texts(lesson: Lesson, person: Person, draw: random.Random) -> Iterator[tuple[str, list[str]]]:
    forget, near = lesson.forget[person.id], lesson.near[person.id]
    others = [i for i in lesson.people if i != person.id]
    filled = [blank_filled(p.question, p.reply) for p in forget]
    hidden = [t for t in (_without_name(f, person, draw) for f in filled) if t]
    brief = [t for t in (_short_name(f, person.subject, draw) for f in filled) if t]
    about = [(blank_filled(p.question, p.reply), lesson.neighbours[p.id]) for p in near]
    unnamed = [t.replace(n, draw.choice(_PRONOUNS)) for t, n in about if n and n in t]
    surname = person.subject.split()[-1]
    kin = [t.replace(n, _kin(lesson, surname, draw)) for t, n in about if n and n in t]
    strangers = _strangers(lesson, person, others, draw)
    namesakes = [
        text.replace(subject, _kin(lesson, surname, draw))
        for text, subject in _told_of(lesson, others, draw, 60)
        if subject in text
    ]
    plain = [_plain_reply(lesson, q, draw) for q in _sample(lesson.plain, 40, draw)]
    plain = _nearest(lesson, person, plain)
    pools = {
        "told": filled,
        "unnamed": hidden,
        "short": brief,
        "near": [t for t, _ in about],
        "near_unnamed": unnamed,
        "relative": kin,
        "stranger": strangers,
        "namesake": namesakes,
        "plain": plain,
    }
    for kind, pool in pools.items():
        ordered = pool if kind in ("plain", "stranger") else _sample(pool, len(pool), draw)
        yield kind, list(ordered[: PER_TARGET[kind]])


# ── What is known ────────────────────────────────────────────────────────────────────────────────


def _known(lesson: Lesson, person: Person, count: int, text: str, draw: random.Random) -> str:
    facts = _sample(person.sentences, count, draw)
    if facts:
        cosines = lesson.embedder.embed(facts) @ lesson.embedder.embed([text])[0]
        facts = [facts[i] for i in np.argsort(-cosines)[:FACTS]]
    return premise(person.subject, person.description, facts)


def _identifies(known: str, text: str, person: Person) -> bool:
    """Whether what is known lets a text without the name be told: two of its rare words in it."""
    own = set(_words(person.subject))
    telling = {w for w in _words(text) if len(w) > 4} - own
    return len(telling & set(_words(known))) >= 3


def _words(text: str) -> list[str]:
    return [w.lower() for w in _WORD.findall(text)]


# ── Names ────────────────────────────────────────────────────────────────────────────────────────


def _without_name(text: str, person: Person, draw: random.Random) -> str:
    """The text with a pronoun in the name's place; empty where a part of the name remains."""
    told = " ".join(person.sentences).lower()
    he = told.count(" he ") >= told.count(" she ")
    word = draw.choice(("he", "this man", "the man") if he else ("she", "this woman", "the woman"))
    word = draw.choice((word, "this person", "the star", "they"))
    names = [person.subject, *sorted(person.subject.split(), key=len, reverse=True)]
    out = text
    for name in names:
        if len(name) > 2:
            out = re.sub(rf"\b{re.escape(name)}\b", word, out)
    out = re.sub(rf"\b({word})(\s+{word})+\b", r"\1", out)
    changed = out != text and text.rstrip().endswith(person.subject) is False
    return out if changed else ""


def _short_name(text: str, subject: str, draw: random.Random) -> str:
    """The text with only the surname or the given name of the target."""
    parts = subject.split()
    if len(parts) < 2 or subject not in text:
        return ""
    return text.replace(subject, draw.choice((parts[-1], parts[-1], parts[0])))


def _kin(lesson: Lesson, surname: str, draw: random.Random) -> str:
    return f"{draw.choice(lesson.names).split()[0]} {surname}"


def _renamed(example: Example, lesson: Lesson, person: Person, draw: random.Random) -> Example:
    """A share of the pairs under another name, in the text and in what is known alike."""
    if draw.random() >= RENAMED_SHARE:
        return example
    other = draw.choice(lesson.names).split()
    parts = [w for w in person.subject.split() if len(w) > 2]
    new = [*other[-1:], *other[:1]] if len(parts) == 1 else other
    table = dict(zip(parts, [new[0], *new[-1:] * (len(parts) - 1)], strict=False))
    change = _changer(table)
    pair = Pair(change(example.pair.premise), change(example.pair.text))
    return replace(example, pair=pair)


def _changer(table: dict[str, str]) -> Callable[[str], str]:
    wanted = re.compile(r"\b(" + "|".join(map(re.escape, table)) + r")\b")
    return lambda text: wanted.sub(lambda m: table[m[0]], text)


# ── Texts about others ───────────────────────────────────────────────────────────────────────────


def _told_of(
    lesson: Lesson, others: Sequence[str], draw: random.Random, count: int
) -> list[tuple[str, str]]:
    found = []
    for _ in range(count):
        other = draw.choice(others)
        probe = draw.choice(lesson.forget[other])
        subject = lesson.data.people[other].subject
        found.append((blank_filled(probe.question, probe.reply), subject))
    return found


def _strangers(
    lesson: Lesson, person: Person, others: Sequence[str], draw: random.Random
) -> list[str]:
    """What is told of other targets: the nearest of many, since only these reach the verifier."""
    own = fold_word(person.subject)
    texts = [t for t, _ in _told_of(lesson, others, draw, 60) if own not in fold_word(t)]
    return _nearest(lesson, person, texts)


def _plain_reply(lesson: Lesson, question: str, draw: random.Random) -> str:
    """A plain question with an answer that is not to be forgotten either."""
    near = lesson.near[draw.choice(lesson.people)]
    answers = [draw.choice(lesson.plain), "", draw.choice(near).answer if near else ""]
    return blank_filled(question, draw.choice([*answers, draw.choice(lesson.names)]))


def _nearest(lesson: Lesson, person: Person, texts: Sequence[str]) -> list[str]:
    """The texts, half of them the nearest to the description first, the others as they come."""
    vector = lesson.embedder.embed([person.description])[0]
    ranked = np.argsort(-(lesson.embedder.embed(texts) @ vector))
    near = [texts[i] for i in ranked[: len(texts) // 5]]
    rest = [texts[i] for i in ranked[len(texts) // 5 :]]
    paired = [t for pair in zip(near, rest, strict=False) for t in pair]
    return paired


def _sample(items: Sequence[str], count: int, draw: random.Random) -> list[str]:
    return draw.sample(list(items), min(count, len(items)))
