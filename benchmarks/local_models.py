"""A real local model behind the layer: what it still tells, what is altered, and what it costs.

    python benchmarks/local_models.py [--model gguf:PATH] [--seed N] [--json FILE]
    make bench-local    # and puts the table into docs/models.md

The model (by default the one that `make model` fetches) is asked what it knows of well-known
people, works and places. One half of them is forgotten, then the other: what it got right is asked
again, directly, without the name, together with another question, and in a second turn ("Tell me
more."); of the half that is not forgotten, and of everything else, the answers have to stay, in a
second turn, too. A leak is what the demo calls one (`amnestic.evaluation.leaking`): a name that the
question gave and that a reply repeats to say that it does not know it is none, and is counted
beside that. Every reply of either kind is printed.

The engine goes on with what it still holds of a prompt, and is not always led to the same words by
it (docs/models.md): what shall be the same is asked of the engine alone and of the layer in one
state of it, a first turn where it was not the same already.

Speed is measured by `local_speed.py`: the layer's first piece against the engine's first token
(`ttft_ratio`, the median over the questions) and against its first sentence
(`ttft_sentence_ratio`). The layer judges whole sentences before it lets them go, but for words of
the question with which an answer begins (docs/models.md): `begun_early` says for how many of the
questions these came first. The others wait for a sentence (`ttft_others`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from local_speed import MODEL, all_forgotten, quartiles, speed, unremembered
from machine import describe, peak_mib, table

from amnestic import Amnesia
from amnestic.evaluation.asking import Category, DemoRow
from amnestic.evaluation.real_world import (
    MAX_TOKENS,
    RealSubject,
    load_real_world,
    run_real_demo,
)
from amnestic.types import Conversation, Message

BOUNDS = {
    "ttft_sentence_ratio": "≤ 1.10",
    "ttft_middle_half": "",
    "ttft_ratio": "≤ 1.10",
    "begun_early": "",
    "ttft_others": "",
    "tokens_ratio": "≥ 0.97",
    "tokens_middle_half": "",
    "rss_mb": "≤ 750",
    "subjects": "≥ 15",
    "known": "≥ 40",
    "leak": "≤ 0.02",
    "leak_by_name": "",
    "neighbours_altered": "≤ 0.05",
    "unrelated_altered": "0",
}
SAYS = {
    "ttft_sentence_ratio": "time to the first piece, to the engine's first sentence",
    "ttft_middle_half": "the middle half of these",
    "ttft_ratio": "time to the first piece, to the engine's first token",
    "begun_early": "first pieces that were words of the question, their sentence not whole",
    "ttft_others": "time to the first piece of the others, to the engine's first token",
    "tokens_ratio": "tokens a second, to the engine's",
    "tokens_middle_half": "the middle half of these",
    "rss_mb": "resident memory, MB",
    "subjects": "subjects of which it knows something",
    "known": "facts that it gets right",
    "leak": "leak: direct, indirect, combined, second turns",
    "leak_by_name": "the same and names that a reply only repeats from its question",
    "neighbours_altered": "neighbours altered, second turns too",
    "unrelated_altered": "unrelated altered",
}


def forgetting(model: str, subjects: Sequence[RealSubject], told: Any) -> list[DemoRow]:
    """Rows of all that the model knows, with `subjects` forgotten."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Amnesia(model, db=Path(folder) / "r.db", cache_dir=Path(folder), elicit=False) as amnesia,
    ):
        names = [subject.name for subject in subjects]
        rows = run_real_demo(amnesia, load_real_world(), names, None, told).rows
        beside = [row for row in rows if not _is_of(row)]
        near = [row for row in beside if row.question.category is Category.NEIGHBOUR]
        return [
            *(row for row in rows if _is_of(row)),
            *(_asked_further(amnesia, row) for row in rows if _is_of(row)),
            *(_both(amnesia, row, first(row)) if row.touched else row for row in beside),
            *(_both(amnesia, row, further(row, row.before)) for row in near),
        ]


def _is_of(row: DemoRow) -> bool:
    return not row.question.category.must_stay


def first(row: DemoRow) -> Conversation:
    """The question of a row by itself."""
    return (Message.of("user", row.question.text),)


def further(row: DemoRow, reply: str) -> Conversation:
    """The question of a row with a second turn behind a reply."""
    return (*first(row), Message.of("assistant", reply), Message.of("user", "Tell me more."))


def _asked_further(amnesia: Amnesia, row: DemoRow) -> DemoRow:
    """The same question with a second turn behind the layer's reply."""
    return _through(amnesia, row, further(row, row.after))


def _through(amnesia: Amnesia, row: DemoRow, talk: Conversation) -> DemoRow:
    reply = amnesia.chat(talk, max_tokens=MAX_TOKENS)
    receipt = reply.receipt
    return DemoRow(row.question, row.before, reply.text, receipt.route.value, receipt.added_ms, 0)


def _both(amnesia: Amnesia, row: DemoRow, talk: Conversation) -> DemoRow:
    """What the engine alone and the layer say to a conversation, in one state of the engine."""
    backend: Any = amnesia.parts.backend

    async def alone() -> str:
        await unremembered(backend)
        given = await backend.generate(talk, {"max_tokens": MAX_TOKENS})
        await unremembered(backend)
        return str(given.choices[0].text)

    return _through(amnesia, replace(row, before=asyncio.run(alone())), talk)


def share(rows: Sequence[DemoRow], category: Category) -> float:
    """The share of the rows of a category whose answer was altered."""
    of_it = [row for row in rows if row.question.category is category]
    return sum(row.touched for row in of_it) / max(1, len(of_it))


def resident(model: str) -> int:
    """Megabytes that a process of its own takes at most: all subjects in force, and every fact of
    the first six and everything else asked."""
    command = [sys.executable, __file__, "--model", model, "--resident"]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def ask_and_measure(model: str) -> int:
    """The same in this process."""
    world = load_real_world()
    with all_forgotten(model, world) as amnesia:
        facts = [fact.ask for subject in world.subjects[:6] for fact in subject.facts]
        for question in (*world.unrelated, *facts):
            amnesia.chat(question, max_tokens=MAX_TOKENS)
    return round(peak_mib())


def measure(model: str, rounds: int, seed: int | None) -> dict[str, Any]:
    """All numbers, by the names in `BOUNDS`."""
    subjects = list(load_real_world().subjects)
    if seed is not None:
        random.Random(seed).shuffle(subjects)
    rows: list[DemoRow] = []
    for half in (subjects[::2], subjects[1::2]):
        rows += forgetting(model, half, lambda said: print(said, end="\033[K\r", file=sys.stderr))
    asked = [row for row in rows if _is_of(row)]
    facts = {r.question.text for r in asked if r.question.category is not Category.COMBINED}
    for row in asked:
        if row.named:
            kind = "leak" if row.leaked else "only repeated"
            print(f"{kind}: {row.question.text!r} -> {row.after!r}")
    for row in rows:
        if row.touched:
            print(f"altered: {row.question.text!r} {row.before!r} -> {row.after!r}")
    pairs = speed(model, rounds)
    firsts, rates = [pair.sentence for pair in pairs], [pair.rate for pair in pairs]
    return {
        "ttft_sentence_ratio": round(statistics.median(firsts), 3),
        "ttft_middle_half": quartiles(firsts),
        "ttft_ratio": round(statistics.median(pair.token for pair in pairs), 3),
        "begun_early": f"{sum(pair.echoed for pair in pairs)} of {len(pairs)}",
        "ttft_others": _median([pair.token for pair in pairs if not pair.echoed]),
        "tokens_ratio": round(statistics.median(rates), 3),
        "tokens_middle_half": quartiles(rates),
        "rss_mb": resident(model),
        "subjects": len({r.question.vanish for r in asked}),
        "known": len(facts),
        "leak": round(sum(row.leaked for row in asked) / max(1, len(asked)), 4),
        "leak_by_name": round(sum(row.named for row in asked) / max(1, len(asked)), 4),
        "neighbours_altered": round(share(rows, Category.NEIGHBOUR), 4),
        "unrelated_altered": round(share(rows, Category.UNRELATED), 4),
    }


def _median(values: Sequence[float]) -> float | None:
    """The median of some values, if there are any."""
    return round(statistics.median(values), 3) if values else None


def shown(found: dict[str, Any]) -> str:
    """The numbers as a table, as docs/models.md shows it."""
    rows = [[SAYS[key], BOUNDS[key], str(value)] for key, value in found.items() if key in SAYS]
    return f"{table(['what', 'asked', 'measured'], rows)}\n\n{found['machine']}"


def main() -> None:
    """Measure and print; with `--json` write the numbers to a file too."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", default=f"gguf:{MODEL}", help="a local model")
    parser.add_argument("--rounds", type=int, default=2, help="rounds of the speed questions")
    parser.add_argument("--json", type=Path, help="write the numbers there")
    parser.add_argument("--resident", action="store_true", help="the megabytes alone")
    parser.add_argument("--seed", type=int, help="draw the halves that are forgotten together")
    given = parser.parse_args()
    if given.resident:
        print(ask_and_measure(given.model))
        return
    found = {**measure(given.model, given.rounds, given.seed), "machine": describe()}
    print(shown(found))
    if given.json:
        given.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
