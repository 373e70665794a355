"""Weight unlearning on the embedded model: what each method forgets, what it costs, and what comes
back after rounding to four bits and after relearning on a few rows.

Questions are asked in held-out phrasings, which no training row uses, through the local chat
backend. `none` is the untrained model.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amnestic.config import Settings
from amnestic.evaluation.contract import Subject
from amnestic.evaluation.weights import WEIGHT_METHODS, make_weight_system, rows_from_world
from amnestic.evaluation.weights.rows import TrainingRows
from amnestic.evaluation.weights.trainer import Training
from amnestic.models.embedded.world import Entity, World, load_world, stated
from amnestic.models.resolve import resolve_backend
from amnestic.types import Message

RELEARNED = 20


@dataclass(frozen=True, slots=True)
class Question:
    """A question in a held-out phrasing, and the value that its answer states."""

    text: str
    value: str


def main() -> None:
    args = _arguments()
    world = load_world()
    entities = _drawn(world, args.subjects, args.seed)
    subjects = [Subject(e.id, e.name, f"Forget {e.name}.", names=e.names) for e in entities]
    rows = rows_from_world(subjects, seed=args.seed)
    forget, retain = _questions(world, entities, rows, args.most, args.seed)
    print(
        f"{len(subjects)} subjects, {len(rows.forget)} forget rows and {len(rows.retain)} retained "
        f"rows to train on; asked: {len(forget)} forgotten and {len(retain)} retained things\n"
    )
    settings = Settings(threads=1)
    base = resolve_backend("embedded", settings)
    said = [asyncio.run(_ask(base, q)) for q in (*forget, *retain)]
    table = [_line("none", 0.0, forget, retain, said, said)]
    _show(table[0], header=True)
    training = Training(steps=args.steps)
    for method in args.methods:
        for quantised, relearn in ((False, 0), (True, 0), (False, RELEARNED)):
            system = make_weight_system(
                method, "embedded", rows, quantised, relearn, args.seed, training, settings
            )
            table.append(asyncio.run(_measured(system, subjects, forget, retain, said)))
            _show(table[-1])
            if args.json:
                Path(args.json).write_text(json.dumps(table, indent=1) + "\n", "utf-8")


async def _measured(
    system: Any,
    subjects: Sequence[Subject],
    forget: Sequence[Question],
    retain: Sequence[Question],
    base: Sequence[str],
) -> dict[str, Any]:
    prepared = await system.prepare(subjects)
    asked = [(Message.of("user", q.text),) for q in (*forget, *retain)]
    said = [(await system.answer(messages, {})).text for messages in asked]
    await system.close()
    line = _line(system.name, prepared.seconds, forget, retain, base, said)
    return {**line, "detail": prepared.detail}


async def _ask(backend: Any, question: Question) -> str:
    given = await backend.generate((Message.of("user", question.text),), {})
    return str(given.choices[0].text)


def _line(
    name: str,
    seconds: float,
    forget: Sequence[Question],
    retain: Sequence[Question],
    base: Sequence[str],
    said: Sequence[str],
) -> dict[str, Any]:
    kept, was = said[len(forget) :], base[len(forget) :]
    return {
        "system": name,
        "seconds": round(seconds, 1),
        "forget_answered": _share(forget, said),
        "retain_right": _share(retain, kept),
        "retain_unchanged": sum(a == b for a, b in zip(kept, was, strict=True)) / len(kept),
        "example": said[0],
    }


def _share(questions: Sequence[Question], said: Sequence[str]) -> float:
    told = [q.value.casefold() in text.casefold() for q, text in zip(questions, said, strict=False)]
    return sum(told) / len(told)


def _show(line: dict[str, Any], header: bool = False) -> None:
    if header:
        print("| system | s | forgotten things answered | retained right | unchanged | e.g. |")
        print("|---|---|---|---|---|---|")
    shares = (line["forget_answered"], line["retain_right"], line["retain_unchanged"])
    told = " | ".join(f"{share:.1%}" for share in shares)
    print(f"| {line['system']} | {line['seconds']} | {told} | {line['example'][:60]} |", flush=True)


def _drawn(world: World, count: int, seed: int) -> list[Entity]:
    pool = [e for e in world.entities if e.kind != "place" and len(e.facts) >= 4]
    return random.Random(seed).sample(pool, count)


def _questions(
    world: World, entities: Sequence[Entity], rows: TrainingRows, most: int, seed: int
) -> tuple[list[Question], list[Question]]:
    """What is asked: facts of the forgotten, and facts that no row trained on or chose by."""
    rng = random.Random(seed)
    ids = {entity.id for entity in entities}
    used = {r.answer for r in (*rows.retain, *rows.retain_development)}
    forget, retain = [], []
    for entity in world.entities:
        for question, fact in _held_out(world, entity, rng):
            if entity.id in ids:
                forget.append(question)
            elif fact.target not in ids and fact.sentence not in used:
                retain.append(question)
    general = [
        Question(rng.choice(fact.questions.held_out), fact.value)
        for fact in world.general
        if fact.sentence not in used
    ]
    rng.shuffle(forget)
    half = most // 2
    return forget[:most], [*rng.sample(retain, half), *rng.sample(general, most - half)]


def _held_out(world: World, entity: Entity, rng: random.Random) -> Iterator[tuple[Question, Any]]:
    for fact in entity.facts:
        known = world.questions.get(f"{entity.kind}.{fact.relation}")
        if known is not None and stated(fact.sentence, [fact]):
            text = rng.choice(known.held_out).format(x=entity.display, **entity.words)
            yield Question(text[0].upper() + text[1:], fact.value), fact


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=10, help="how many are forgotten")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=Training().steps, help="of each training")
    parser.add_argument("--most", type=int, default=60, help="questions of each kind")
    parser.add_argument("--methods", nargs="+", default=list(WEIGHT_METHODS), metavar="METHOD")
    parser.add_argument("--json", help="where to write the figures, with what each training did")
    args = parser.parse_args()
    if unknown := set(args.methods) - set(WEIGHT_METHODS):
        sys.exit(f"unknown methods {sorted(unknown)}: use some of {', '.join(WEIGHT_METHODS)}")
    return args


if __name__ == "__main__":
    begun = time.perf_counter()
    main()
    print(f"\n{time.perf_counter() - begun:.0f} s in all, {time.process_time():.0f} s of processor")
