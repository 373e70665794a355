"""Taking targets in: how soon one holds, how fast many come in, and what the embedded model tells
of each of its people once they are forgotten.

    python benchmarks/intake.py                            # all but the last row, some minutes
    python benchmarks/intake.py --row forget --row add     # how soon one holds; many by one
    python benchmarks/intake.py --row bring --bring-in 100000   # a file of records, without vectors
    python benchmarks/intake.py --row vectors --bring-in 100000 # the same with them
    python benchmarks/intake.py --row whole --bring-in 100000   # as `bring`, all of it or nothing
    python benchmarks/intake.py --row bring --bring-in 1000000 --form csv    # the same of a table
    python benchmarks/intake.py --row rwku --data DIR      # the requests of DIR/rwku/targets.jsonl
    python benchmarks/intake.py --row verify               # one target, probed and proved
    python benchmarks/intake.py --row people --people 40   # each person of the embedded world

Timings are wall times on this machine as it is, and behind them those of its processors, which say
more where others use it too; the design's numbers stand beside them.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from machine import describe, peak_mib, percentile, resident_mib, table

from amnestic import Amnesia
from amnestic.agents.requests import LocalInterpreter
from amnestic.evaluation.asking import Category, ask_all, forget_and_ask
from amnestic.evaluation.demo import questions_about, request_for
from amnestic.exceptions import ForgetRequestError
from amnestic.exchange import bring_in
from amnestic.models.embedded.world import load_world
from amnestic.models.fixed import FixedBackend
from amnestic.types import Draft, Generation
from amnestic.verifying import upper_bound, verify

SYLLABLES = "bal cor dun fen gal hov ist jor kel lum mar nor ost pel quin ras sol tav ulv".split()
FORGETS, SLOW, LONG, FACTS = 20, 100, 40, 5
LARGE = 100_000  # records of a file that the design asks for
ROWS = ("forget", "add", "bring", "whole", "vectors", "rwku", "verify", "people")
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def main() -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "--bring-in", type=int, default=2_000, metavar="N", help="records of a file"
    )
    parser.add_argument("--form", choices=("jsonl", "csv"), default="jsonl", help="of that file")
    parser.add_argument("--people", type=int, default=40, metavar="N", help="of the embedded world")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder that holds rwku/")
    parser.add_argument("--row", choices=ROWS, action="append", help="measure this alone")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    print(f"{describe()}\n")
    rng = random.Random(asked.seed)
    rows = list[tuple[str, str, str]]()
    for name in asked.row or ROWS[:-1]:
        for row in _rows(name, rng, asked):
            rows.append(row)
            print(f"{row[0]}: {row[1]}", file=sys.stderr, flush=True)  # should the next one fail
    print(table(("what", "measured", "asked"), rows))


def _rows(name: str, rng: random.Random, asked: argparse.Namespace) -> list[tuple[str, str, str]]:
    match name:
        case "forget":
            what = "`forget` returns, embedded model asked afterwards"
            return [(what, _forget_times(rng), "≤ 100 ms")]
        case "add":
            what = f"{SLOW} targets of {LONG} facts added"
            return [(what, _seconds(lambda: _add_many(rng)), "≤ 10 s")]
        case "bring":
            return [_file(rng, asked, embed=False, wanted="100,000 in ≤ 60 s")]
        case "whole":
            return [_file(rng, asked, embed=False, atomic=True, wanted="not held whole")]
        case "vectors":
            return [_file(rng, asked, embed=True, wanted="100,000 in ≤ 20 min, ≤ 3 GB")]
        case "rwku":
            return _rwku(asked.data)
        case "verify":
            what = "one target verified, 60 probes × 3, embedded model"
            return [(what, _verify(asked.seed), "≤ 90 s")]
    return _people(asked.people, asked.seed)


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
    times, worked = [], []
    with (
        tempfile.TemporaryDirectory() as folder,
        Amnesia("embedded", db=Path(folder) / "r.db", cache_dir=Path(folder)) as amnesia,
    ):
        amnesia.targets()
        for elicit in (True, False):
            for _ in range(FORGETS):
                who = _name(rng)
                request = f"Please forget {who}. {' '.join(_facts(rng, who, 2))}"
                begun, busy = time.perf_counter(), time.process_time()
                amnesia.forget(request, elicit=elicit)
                if elicit:
                    times.append(1e3 * (time.perf_counter() - begun))
                else:
                    worked.append(1e3 * (time.process_time() - busy))
            amnesia.wait_for_elicitation()
    first, rest = times[0], times[1:]
    return (
        f"{percentile(rest, 50):.0f} ms p50, {max(rest):.0f} ms at most; the first of the process "
        f"{first:.0f} ms; {percentile(worked, 50):.0f} ms of processors where nothing is asked"
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


def _write(file: Path, rng: random.Random, count: int) -> None:
    """So many records into a file, as its ending says."""
    with file.open("w", newline="") as stream:
        table = csv.writer(stream) if file.suffix == ".csv" else None
        if table is not None:
            table.writerow(("subject", "kind", "facts"))
        for _ in range(count):
            who = _name(rng)
            facts = list(_facts(rng, who, FACTS))
            if table is not None:
                table.writerow((who, "person", ";".join(facts)))
                continue
            record = {"subject": who, "kind": "person", "facts": facts}
            stream.write(json.dumps(record) + "\n")


def _file(
    rng: random.Random, asked: argparse.Namespace, *, embed: bool, wanted: str, atomic: bool = False
) -> tuple[str, str, str]:
    """One file of records brought in, and how long 100,000 would take at that pace."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"records.{asked.form}"
        _write(file, rng, asked.bring_in)
        with Amnesia(_nobody(), db=Path(folder) / "r.db", cache_dir=Path(folder)) as amnesia:
            amnesia.targets()  # opened, as it is where it is in use
            begun, worked = time.perf_counter(), time.process_time()
            told = bring_in(amnesia, file, embed=embed, atomic=atomic)
            took, worked = time.perf_counter() - begun, time.process_time() - worked
    vectors = "with vectors" if embed else "without vectors"
    vectors += ", all or nothing" if atomic else ""
    all_of_it = LARGE / told.added
    return (
        f"{told.added:,} records of {FACTS} facts brought in from {asked.form}, {vectors}",
        f"{took:.1f} s, {worked:.1f} s of processors ({took * all_of_it:,.0f} s and "
        f"{worked * all_of_it:,.0f} s for {LARGE:,}), {resident_mib():.0f} MiB resident, "
        f"{peak_mib():.0f} MiB at most",
        wanted,
    )


def _rwku(data: Path) -> list[tuple[str, str, str]]:
    """RWKU's requests: is each read as the one person that it names, and does no name come of what
    is told but those that it is told by."""
    file = data / "rwku" / "targets.jsonl"
    if not file.exists():
        return [("RWKU's requests", f"{file} is missing; give its folder with --data", "100 / 0")]
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    right, wrong = 0, []
    for row in rows:
        try:
            reading = LocalInterpreter().read(row["request"])
        except ForgetRequestError as error:
            print(f"{row['subject']}: {error}", file=sys.stderr)
            continue
        names = [target.subject.rstrip(".") for target in reading.targets]
        right += names == [row["subject"].rstrip(".")]
        wrong += [a for t in reading.targets for a in t.aliases if not _is_told_as_name(a, row)]
    told = f": {', '.join(wrong)}" if wrong else ""
    measured = f"{right} of {len(rows)}; {len(wrong)} told facts became names{told}"
    return [("RWKU's requests read as the person they name", measured, "100 of 100; 0")]


def _is_told_as_name(alias: str, row: Mapping[str, str]) -> bool:
    """Whether a request says that its subject is called so: in quotation marks, "born", "known"."""
    ahead = row["request"].partition(alias)[0]
    said = re.search(r"(?:[\"“]|\b(?:born|née|known as|called|alias|hailed as(?: the)?)\s)$", ahead)
    return said is not None and "whose" not in ahead


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
    begun, worked = time.perf_counter(), time.process_time()
    work()
    took, worked = time.perf_counter() - begun, time.process_time() - worked
    return f"{took:.1f} s, {worked:.1f} s of processors"


if __name__ == "__main__":
    main()
