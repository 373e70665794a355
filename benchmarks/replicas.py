"""Replicas on one registry: is what was forgotten at one of them in force for the next request of
all others?

    python benchmarks/replicas.py [--db URL] [--replicas 2] [--changes 500] [--json FILE]

Each replica is a process with a layer of its own around a model that always tells everything. One
more process forgets people and takes them back; as soon as a change is acknowledged every replica
is asked about them. `missed` counts replies that do not go by the change. `first` is the time of
the first request after a change, `next` that of the same request once more, which has nothing new
to read: their difference is what news costs. Without `--db` the registry is a SQLite file.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import tempfile
import time
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from machine import describe

from amnestic import Amnesia
from amnestic.config import Settings
from amnestic.models.fixed import FixedBackend
from amnestic.places import opening
from amnestic.tools.registry import Registry
from amnestic.types import Draft, ForgetTarget, Generation, TargetKind

_GIVEN = "Ada Bram Cleo Dirk Edda Finn Gesa Hugo Iris Jost Kaja Lars Mona Nils Olga Piet".split()
_FAMILY = (
    "Brunvall Corvick Delmont Eskerby Farnholt Grelling Harvest Istwell Jorgel Kestrin".split()
)


@dataclass(frozen=True)
class Found:
    """What was measured; times in milliseconds."""

    replicas: int
    changes: int
    asked: int
    missed: int
    first_p50_ms: float
    first_p95_ms: float
    next_p50_ms: float
    next_p95_ms: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--db", default=os.environ.get("AMNESTIC_DB"), help="URL or path")
    parser.add_argument("--replicas", type=int, default=2)
    parser.add_argument("--changes", type=int, default=500)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = given.db or f"{folder}/registry.db"
        found = measured(place, Path(folder), given.replicas, given.changes)
    print(describe())
    for name, value in asdict(found).items():
        print(f"{name:14} {value:g}")
    if given.json:
        given.json.write_text(json.dumps(asdict(found), indent=1) + "\n", "utf-8")


def measured(place: str, folder: Path, replicas: int, changes: int) -> Found:
    """Make the replicas and the changes."""
    spawn = multiprocessing.get_context("spawn")
    ends = [spawn.Pipe() for _ in range(replicas)]
    working = [
        spawn.Process(target=replica, args=(place, str(folder / f"cache-{i}"), theirs), daemon=True)
        for i, (_, theirs) in enumerate(ends)
    ]
    for process in working:
        process.start()
    mine = [end for end, _ in ends]
    for end in mine:
        end.recv()
    missed, first, again = 0, list[float](), list[float]()
    draw = random.Random(0)
    with Registry.open(opening(Settings(db=place).db)) as registry:
        for change in range(changes):
            name = f"{draw.choice(_GIVEN)} {draw.choice(_FAMILY)}{change}"
            target = ForgetTarget(id=f"t-{change}", subject=name, kind=TargetKind.PERSON)
            registry.add(target, actor="benchmark")
            for forgotten in (True, False):
                if not forgotten:
                    registry.revoke(target.id, actor="benchmark")
                for times in (first, again):
                    told = asked(mine, name)
                    missed += sum(passed is forgotten for passed, _ in told)
                    times += [ms for _, ms in told]
    for end in mine:
        end.send(None)
    for process in working:
        process.join(60)
    return Found(
        replicas, 2 * changes, len(first) + len(again), missed,
        *np.percentile(first, (50, 95)).tolist(), *np.percentile(again, (50, 95)).tolist(),
    )  # fmt: skip


def asked(ends: list[Connection], name: str) -> list[tuple[bool, float]]:
    """Of each replica, asked at once: whether it told of a name, and how long it took."""
    for end in ends:
        end.send(name)
    return [end.recv() for end in ends]


def replica(place: str, cache: str, end: Connection) -> None:
    """One replica: answers about names until it is told to end."""
    with Amnesia("embedded", db=place, cache_dir=cache, elicit=False) as amnesia:
        amnesia.parts.detector  # noqa: B018 - loads the embedder
        end.send(True)
        while (name := end.recv()) is not None:
            draft = f"{name} is a painter from Tavel."
            backend = FixedBackend(Generation((Draft(text=draft),)))
            begun = time.perf_counter()
            text = amnesia.call(
                lambda: amnesia.acomplete(f"Who is {name}?", backend=backend)  # noqa: B023
            ).text
            end.send((name in text, (time.perf_counter() - begun) * 1_000))


if __name__ == "__main__":
    main()
