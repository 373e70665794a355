"""Speed and size of the layer: `make bench` (design numbers beside the measured ones).

Added time is the wall time of one request whose wrapped model answers at once, on questions and
replies far from every target and never asked before. Adding and revoking are measured with the
facets' vectors at hand, as the design asks, and once more as a caller sees them. Memory and
start-up are measured in fresh processes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from machine import describe, percentile, resident_mib, table

from amnestic import Amnesia, ForgetTarget
from amnestic.models.fixed import FixedBackend
from amnestic.types import Draft, Facet, FacetKind, Generation, TargetKind

SYLLABLES = (
    "bal cor dun fen gal hov ist jor kel lum mar nor ost pel quin ras sol tav ulv ven".split()
)
CALLINGS = "painter botanist engineer composer chemist novelist surveyor judge baker sailor".split()
TOPICS = (
    "how compost heaps turn kitchen scraps into soil",
    "why bridges need expansion joints in hot weather",
    "how to plan a week of cheap vegetarian dinners",
    "what makes sourdough bread rise without yeast",
    "how tides depend on the moon and the shape of a bay",
    "which exercises help a stiff lower back",
    "how a hash table resolves collisions",
    "what to check before buying a used bicycle",
    "how vaccines train the immune system",
    "why the sky turns red when the sun goes down",
    "how to fold a fitted sheet neatly",
    "what the difference between a lake and a lagoon is",
)
DETAILS = "winter summer children beginners small towns old houses night long trips rain".split()


def name(rng: random.Random) -> str:
    """An invented full name."""
    first, last = (
        "".join(rng.sample(SYLLABLES, rng.choice((2, 3)))).capitalize() for _ in range(2)
    )
    return f"{first} {last}"


def target(rng: random.Random, facts: int = 8) -> ForgetTarget:
    """An invented target with a description and facts."""
    who, town = name(rng), "".join(rng.sample(SYLLABLES, 2)).capitalize()
    calling = rng.choice(CALLINGS)
    description = f"{who} is a {calling} from {town}."
    sentences = [
        f"{who} made the {rng.choice(('blue', 'glass', 'iron', 'lost'))} "
        f"{''.join(rng.sample(SYLLABLES, 2))} in {rng.randint(1800, 2020)}."
        for _ in range(facts)
    ]
    facets = [(FacetKind.ALIAS, who), (FacetKind.DESCRIPTION, description)]
    facets += [(FacetKind.FACT, s) for s in sentences]
    return ForgetTarget(
        id="",
        subject=who,
        kind=TargetKind.PERSON,
        description=description,
        facets=tuple(Facet(kind=k, text=t) for k, t in facets),
    )


def exchange(rng: random.Random) -> tuple[str, str]:
    """A question of about 60 tokens and a reply of about 150, far from every target."""
    topic, detail = rng.choice(TOPICS), rng.choice(DETAILS)
    number = rng.randint(2, 99)
    question = (
        f"I have been wondering for {number} days about one thing and I hope you can help me. "
        f"Could you explain in plain words {topic}, with an example that fits {detail}, and tell "
        f"me which {number % 7 + 2} mistakes people make most often when they try it at home?"
    )
    sentence = (
        f"In short, {topic} comes down to {rng.randint(2, 9)} simple ideas, and none of them needs "
        f"special tools when you have {rng.randint(10, 90)} minutes to spare for {detail}. "
    )
    return question, "".join(f"{i + 1}. {sentence}" for i in range(4)).strip()


async def added_times(amnesia: Amnesia, count: int, seed: int) -> list[float]:
    """Milliseconds that requests far from every target take with a model that answers at once."""
    rng = random.Random(seed)
    times = []
    for i in range(count + 10):
        question, answer = exchange(rng)
        backend = FixedBackend(Generation((Draft(text=answer),)))
        begun = time.perf_counter()
        outcome = await amnesia.acomplete(question, backend=backend)
        if i >= 10:
            times.append((time.perf_counter() - begun) * 1000)
        if outcome.text != answer or outcome.receipt.agent_calls:
            raise SystemExit("a request far from every target was touched")
    return times


def fill(amnesia: Amnesia, wanted: int, rng: random.Random) -> None:
    """Bring the number of targets to `wanted`."""
    parts = amnesia.parts
    missing = wanted - len(parts.index.targets())
    for _ in range(missing):
        amnesia.registry.add(target(rng), actor="benchmark")
    parts.store.refresh()


def change_times(amnesia: Amnesia, rounds: int, rng: random.Random) -> dict[str, list[float]]:
    """Milliseconds of adding and revoking, with vectors at hand and from the outside."""
    parts, times = amnesia.parts, {"add": [], "revoke": [], "add whole": [], "revoke whole": []}
    for _ in range(rounds):
        stored = amnesia.registry.add(target(rng), actor="benchmark")
        vectors = parts.embedder.embed([f.text for f in stored.facets])
        times["add"].append(_timed(lambda: parts.index.add(stored, vectors)))  # noqa: B023
        times["revoke"].append(_timed(lambda: parts.index.remove(stored.id)))  # noqa: B023
        amnesia.registry.revoke(stored.id, actor="benchmark")
        parts.store.refresh()
        fresh, kept = target(rng), []
        times["add whole"].append(_timed(lambda: kept.extend(parts.store.add([fresh], actor="b"))))  # noqa: B023
        times["revoke whole"].append(_timed(lambda: parts.store.revoke(kept[0].id, actor="b")))  # noqa: B023
    return times


def _timed(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def process_times(code: Sequence[str], rounds: int = 5) -> float:
    """Median seconds of a fresh process."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        subprocess.run(code, check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    return percentile(times, 50)


def rows_of(folder: Path, counts: Sequence[int], requests: int, seed: int) -> Iterator[list[str]]:
    """The table's rows: what, asked, measured."""
    rng = random.Random(seed)
    with Amnesia("embedded", db=folder / "bench.db", cache_dir=_cache(), elicit=False) as amnesia:
        for count in counts:
            fill(amnesia, count, rng)
            times = asyncio.run(added_times(amnesia, requests, seed + count))
            asked = "p50 ≤ 15 ms, p95 ≤ 40 ms" if count == 1_000 else ""
            measured = f"p50 {percentile(times, 50):.1f} ms, p95 {percentile(times, 95):.1f} ms"
            yield [f"added time, {count:,} targets, 0 model calls", asked, measured]
            print(f"  {count:,} targets: {measured}", file=sys.stderr)
        for what, taken in change_times(amnesia, 20, rng).items():
            asked = "≤ 20 ms" if what in ("add", "revoke") else ""
            label = what if asked else f"{what.split()[0]}, database and embedding included"
            yield [f"{label}, {counts[-1]:,} targets", asked, f"p50 {percentile(taken, 50):.1f} ms"]
    memory = _memory(folder)
    yield ["resident memory, 1,000 targets", "≤ 600 MiB", f"{memory:.0f} MiB"]
    bare = process_times([sys.executable, "-c", "pass"])
    light = process_times([sys.executable, "-c", "import amnestic"])
    helped = process_times([sys.executable, "-m", "amnestic", "--help"])
    yield ["import amnestic, over a bare Python", "< 0.3 s", f"{light - bare:.2f} s"]
    yield ["amnestic --help", "< 0.5 s", f"{helped:.2f} s"]


def _cache() -> Path:
    from amnestic.config import default_cache_dir

    return default_cache_dir()


def _memory(folder: Path) -> float:
    run = [sys.executable, __file__, "--memory-of", str(folder / "memory.db")]
    return float(subprocess.run(run, check=True, capture_output=True, text=True).stdout)


def memory_of(db: str) -> None:
    """Print the resident memory of a layer with 1,000 targets that has served requests."""
    with Amnesia(
        FixedBackend(Generation((Draft(text="x"),))), db=Path(db), elicit=False
    ) as amnesia:
        fill(amnesia, 1_000, random.Random(7))
    with Amnesia(
        FixedBackend(Generation((Draft(text="x"),))), db=Path(db), elicit=False
    ) as amnesia:
        asyncio.run(added_times(amnesia, 50, 7))
        print(resident_mib())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, nargs="+", default=[1, 100, 1_000, 10_000])
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", type=Path, help="a Markdown file for the table")
    parser.add_argument("--json", type=Path, help="a JSON file for the rows")
    parser.add_argument("--memory-of", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.memory_of:
        memory_of(args.memory_of)
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = list(rows_of(Path(folder), args.targets, args.requests, args.seed))
    text = table(("what", "asked", "measured"), rows)
    print(f"{describe()}\n\n{text}")
    if args.write:
        given = [a for a in sys.argv[1:] if a not in ("--write", str(args.write))]
        command = " ".join(["python benchmarks/speed.py", *given])
        head = f"# Speed and size\n\nMade by `{command}` on {describe()}.\n\n"
        args.write.write_text(f"{head}{text}\n", "utf-8")
    if args.json:
        args.json.write_text(json.dumps(rows, indent=2), "utf-8")


if __name__ == "__main__":
    main()
