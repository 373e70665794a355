"""Taking targets in: how soon one holds, how fast many come in, and what the embedded model tells
of each of its people once they are forgotten.

    python benchmarks/intake.py                       # all but the last two, some minutes
    python benchmarks/intake.py --bring-in 100000     # a file of records, with and without vectors
    python benchmarks/intake.py --people 40           # forget every person of the embedded world

Timings are wall times on this machine as it is; the design's numbers stand beside them.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from machine import describe, percentile, resident_mib, table

from amnestic import Amnesia
from amnestic.evaluation.asking import Category, ask_all, forget_and_ask
from amnestic.evaluation.demo import questions_about, request_for
from amnestic.exchange import bring_in
from amnestic.models.embedded.world import load_world
from amnestic.models.fixed import FixedBackend
from amnestic.types import Draft, Generation
from amnestic.verifying import upper_bound, verify

SYLLABLES = "bal cor dun fen gal hov ist jor kel lum mar nor ost pel quin ras sol tav ulv".split()
FORGETS, SLOW, LONG, FACTS = 20, 100, 40, 5


def main() -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--bring-in", type=int, default=2_000, metavar="N")
    parser.add_argument("--people", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    print(f"{describe()}\n")
    rng = random.Random(asked.seed)
    rows = [
        ("`forget` returns, embedded model asked afterwards", _forget_times(rng), "≤ 100 ms"),
        (f"{SLOW} targets of {LONG} facts added", _seconds(lambda: _add_many(rng)), "≤ 10 s"),
        *_files(rng, asked.bring_in),
        ("one target verified, 60 probes × 3, embedded model", _verify(asked.seed), "≤ 90 s"),
    ]
    if asked.people:
        rows += _people(asked.people, asked.seed)
    print(table(("what", "measured", "asked"), rows))


def _name(rng: random.Random) -> str:
    first, last = ("".join(rng.sample(SYLLABLES, k)).capitalize() for k in (2, 3))
    return f"{first} {last}"


def _facts(rng: random.Random, who: str, count: int) -> Iterator[str]:
    forms = (
        "{who} was born in {place} in {year}.",
        "{who} owns a mill near {place}.",
        "In {year} {who} wrote a book about {place}.",
        "The sister of {who} moved to {place} in {year}.",
        "{who} won the {place} prize of {year}.",
    )
    for i in range(count):
        place = "".join(rng.sample(SYLLABLES, 2)).capitalize()
        yield forms[i % len(forms)].format(who=who, place=place, year=rng.randrange(1900, 2000))


def _nobody() -> FixedBackend:
    return FixedBackend(Generation((Draft(text=""),)))


def _forget_times(rng: random.Random) -> str:
    times = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Amnesia("embedded", db=Path(folder) / "r.db", cache_dir=Path(folder)) as amnesia,
    ):
        amnesia.targets()
        for _ in range(FORGETS):
            who = _name(rng)
            request = f"Please forget {who}. {' '.join(_facts(rng, who, 2))}"
            begun = time.perf_counter()
            amnesia.forget(request)
            times.append(1e3 * (time.perf_counter() - begun))
    first, rest = times[0], times[1:]
    return (
        f"{percentile(rest, 50):.0f} ms p50, {max(rest):.0f} ms at most; "
        f"the first of the process {first:.0f} ms"
    )


def _add_many(rng: random.Random) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Amnesia(_nobody(), db=Path(folder) / "r.db", cache_dir=Path(folder)) as amnesia,
    ):
        for _ in range(SLOW):
            who = _name(rng)
            facts = list(_facts(rng, who, LONG))
            amnesia.forget(f"Please forget {who}.", facts=facts, elicit=False)


def _files(rng: random.Random, count: int) -> list[tuple[str, str, str]]:
    rows = []
    for embed, asked in ((False, "100,000 in ≤ 60 s"), (True, "100,000 in ≤ 20 min, ≤ 3 GB")):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "records.jsonl"
            with file.open("w") as stream:
                for _ in range(count):
                    who = _name(rng)
                    facts = list(_facts(rng, who, FACTS))
                    record = {"subject": who, "kind": "person", "facts": facts}
                    stream.write(json.dumps(record) + "\n")
            with Amnesia(_nobody(), db=Path(folder) / "r.db", cache_dir=Path(folder)) as amnesia:
                begun = time.perf_counter()
                told = bring_in(amnesia, file, embed=embed)
                took = time.perf_counter() - begun
        vectors = "with vectors" if embed else "without vectors"
        rate = told.added / took
        rows.append(
            (
                f"{told.added:,} records of {FACTS} facts brought in {vectors}",
                f"{took:.1f} s, {rate:,.0f} a second, {resident_mib():.0f} MiB resident",
                asked,
            )
        )
    return rows


def _verify(seed: int) -> str:
    entity = load_world().people[0]
    with (
        tempfile.TemporaryDirectory() as folder,
        Amnesia("embedded", db=Path(folder) / "r.db", cache_dir=Path(folder)) as amnesia,
    ):
        target = amnesia.forget(request_for(entity))
        amnesia.wait_for_elicitation()
        target = amnesia.find(target.id)
        begun = time.perf_counter()
        found = verify(amnesia, target, seed=seed)
        took = time.perf_counter() - begun
    told = found.as_dict()["probes"]
    return (
        f"{took:.0f} s; {told['leaked']} of {told['asked']} leaked, "
        f"{told['known_before']} known before, {found.altered} of {found.neighbours} altered"
    )


def _people(count: int, seed: int) -> list[tuple[str, str, str]]:
    """Each person by itself: what still leaks, what is altered, by category."""
    world = load_world()
    people = list(world.people)
    random.Random(seed).shuffle(people)
    asked, wrong = Counter[Category](), Counter[Category]()
    for entity in people[:count]:
        questions = questions_about(world, entity)
        with (
            tempfile.TemporaryDirectory() as folder,
            Amnesia("embedded", db=Path(folder) / "r.db", cache_dir=Path(folder)) as amnesia,
        ):
            before = ask_all(amnesia, questions, lambda _: None)
            report = forget_and_ask(
                amnesia, [request_for(entity)], questions, before, lambda _: None
            )
        for row in report.rows:
            if row.known:
                asked[row.question.category] += 1
                wrong[row.question.category] += row.leaked or row.touched

    def share(kinds: tuple[Category, ...]) -> str:
        n, k = sum(asked[c] for c in kinds), sum(wrong[c] for c in kinds)
        bound = f", at most {upper_bound(k, n):.1%}" if n else ""
        return f"{k} of {n}{bound}"

    one_hop = (Category.DIRECT, Category.INDIRECT, Category.ALIAS)
    beside = (Category.NEIGHBOUR, Category.NAMESAKE, Category.UNRELATED)
    return [
        (f"{count} people forgotten in turn: leaks", share(one_hop), "≤ 1 %"),
        ("– neighbours, namesakes, other things altered", share(beside), "≤ 2 %"),
        ("– combined with others", share((Category.COMBINED,)), "≤ 5 %"),
    ]


def _seconds(work: Callable[[], Any]) -> str:
    begun = time.perf_counter()
    work()
    return f"{time.perf_counter() - begun:.1f} s"


if __name__ == "__main__":
    main()
