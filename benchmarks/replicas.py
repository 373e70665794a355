"""Replicas on one PostgreSQL: does what was forgotten at one of them hold for the next request of
all others, and does it still when something is killed?

    python benchmarks/replicas.py [--changes 10000] [--programs 4] [--kills 20] [--db URL]
                                  [--json FILE]

Three servers (`amnestic serve`) in front of an upstream that tells everything of everybody, asked
by callers at an even pace all the while. Targets are added at one after the other and revoked at
the next, by several programs at once, each with names of its own; once a change is acknowledged,
its program asks the others about it: at once after half of the changes, so that a request has to
look for itself, and a little later after the others, so that a replica may have been told before.
`missed` counts replies that do not go by the change; `taken in` is how long after the
acknowledgement a replica had it in its index, and `never_taken_in` counts those that one never had.
Many changes are soon made by four programs; how soon one arrives is told by `--programs 1`. What a
change takes of the processors, with the requests about it and the even ones beside it, depends less
on what else the machine does than times do.

Then, with two workers each, a worker, a server and PostgreSQL are killed in turn (SIGKILL) while
three programs make changes and ask about them: `lost` are acknowledged changes that are not there
afterwards, `told` replies that tell of what had been forgotten, `unanswered` requests that nobody
answered or hung up on within a minute. Without `--db` a PostgreSQL server is started in a
temporary folder; with one nothing of it is killed.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import signal
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from machine import describe, percentile
from replicas_kills import Killed, killed
from replicas_served import ADMIN, TOLD, Postgres, Replica, name_of, upstream
from serving_processes import cpu_seconds

from amnestic.tools.registry import Registry

REPLICAS = 3
_LATER = 0.06  # seconds after which a replica is asked that may have been told before
_HEAD = {"authorization": f"Bearer {ADMIN}"}


@dataclass
class Found:
    """What was measured; times in milliseconds."""

    changes: int = 0
    programs: int = 0
    seconds: float = 0.0
    asked: int = 0
    missed: int = 0
    never_taken_in: int = 0
    servers_cpu_ms_a_change: float = 0.0
    database_cpu_ms_a_change: float = 0.0
    load: int = 0
    load_failed: int = 0
    change_ms: list[float] = field(default_factory=list)
    asked_at_once_ms: list[float] = field(default_factory=list)
    asked_later_ms: list[float] = field(default_factory=list)
    load_ms: list[float] = field(default_factory=list)
    taken_in_when_asked_ms: list[float] = field(default_factory=list)
    taken_in_when_told_ms: list[float] = field(default_factory=list)


class _Change(NamedTuple):
    """A change that was acknowledged: what was done to which target at which replica, when, and
    whether the others were asked about it at once."""

    target: str
    forgets: bool
    where: int
    at: float
    at_once: bool


@dataclass(frozen=True)
class _Run:
    """What the programs share."""

    client: httpx.AsyncClient
    replicas: Sequence[Replica]
    found: Found
    until: float
    acknowledged: list[_Change] = field(default_factory=list)


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--programs", type=int, default=4, help="that make changes at once")
    parser.add_argument("--kills", type=int, default=20, help="of each kind")
    parser.add_argument("--minutes", type=float, default=120.0, help="for changes, at most")
    parser.add_argument("--load", type=float, default=10.0, help="requests a second beside")
    parser.add_argument("--db", help="the URL of an empty database")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended then, too
    told: dict[str, Any] = {"machine": describe()}
    print(f"{told['machine']}\n", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="amnestic-replicas-")))
        postgres = None if given.db else Postgres(folder / "postgresql")
        if postgres is not None:
            stack.callback(postgres.stop)
        db = given.db or postgres.url
        port = stack.enter_context(upstream())
        if given.changes:
            found = asyncio.run(_propagation(folder, db, port, postgres, given))
            told["propagation"] = _shown(asdict(found))
        if given.kills:
            lost = asyncio.run(killed(folder, db, port, postgres, given.kills))
            told["kills"] = _shown(asdict(lost))
    if given.json:
        given.json.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    """Print what was found, times as p50, p95 and the longest."""
    told: dict[str, Any] = {}
    for name, value in found.items():
        if isinstance(value, list):
            told[name] = [round(percentile(value, p), 1) for p in (50, 95, 100)] if value else []
        else:
            told[name] = value
        print(f"{name:24} {told[name]}")
    print(flush=True)
    return told


async def _propagation(
    folder: Path, db: str, port: int, postgres: Postgres | None, given: argparse.Namespace
) -> Found:
    found = Found(programs=given.programs)
    replicas = [Replica(folder, number, db, port, 1) for number in range(REPLICAS)]
    try:
        for replica in replicas:
            replica.wait()
        async with httpx.AsyncClient(timeout=60) as client:
            beside = asyncio.create_task(_load(client, replicas, given.load, found))
            used, begun = _used(replicas, postgres), time.monotonic()
            run = _Run(client, replicas, found, begun + 60 * given.minutes)
            numbers = iter(range(given.changes // 2))
            await asyncio.gather(*(_program(run, numbers) for _ in range(given.programs)))
            found.seconds = round(time.monotonic() - begun, 1)
            taken = [now - then for now, then in zip(_used(replicas, postgres), used, strict=True)]
            shares = [round(s * 1_000 / max(1, found.changes), 1) for s in taken]
            found.servers_cpu_ms_a_change, found.database_cpu_ms_a_change = shares
            beside.cancel()
            with suppress(asyncio.CancelledError):
                await beside
    finally:
        for replica in replicas:
            replica.stop()
    with Registry.open(db) as registry:
        revisions = {(e.target_id, e.action == "add"): e.revision for e in registry.trail()}
    for number, replica in enumerate(replicas):
        _taken_in(replica, number, revisions, run.acknowledged, found)
    return found


def _used(replicas: Sequence[Replica], postgres: Postgres | None) -> tuple[float, float]:
    """Seconds of processors that the servers have used, and the database where it is our own."""
    servers = sum(cpu_seconds(replica.process.pid) for replica in replicas)
    return servers, cpu_seconds(postgres.pid) if postgres is not None else 0.0


async def _program(run: _Run, numbers: Iterator[int]) -> None:
    """Forget somebody, ask of them, take it back, ask again; then the next one."""
    for number in numbers:
        if time.monotonic() > run.until:
            return
        for forgets in (True, False):
            run.acknowledged.append(await _change(run, number, forgets=forgets))


async def _load(
    client: httpx.AsyncClient, replicas: list[Replica], pace: float, found: Found
) -> None:
    """Ask of other things, evenly, until cancelled."""
    due, running = time.monotonic(), set[asyncio.Task[None]]()
    while pace:
        due += 1 / pace
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        replica = replicas[found.load % len(replicas)]
        found.load += 1

        async def one(replica: Replica = replica) -> None:
            begun = time.monotonic()
            text = await _ask(client, replica, "How does the river run?")
            found.load_ms.append((time.monotonic() - begun) * 1_000)
            found.load_failed += "The river rises" not in text

        task = asyncio.create_task(one())
        running.add(task)
        task.add_done_callback(running.discard)


async def _change(run: _Run, number: int, *, forgets: bool) -> _Change:
    """Make a change at one replica and ask all others about it."""
    found, client = run.found, run.client
    where = (number + (0 if forgets else 1)) % len(run.replicas)
    url, target, name = f"{run.replicas[where].url}/v1/targets", f"t-{number}", name_of(number)
    begun = time.monotonic()
    if forgets:
        record = {"id": target, "subject": name, "kind": "person"}
        sent = await client.post(f"{url}:add", json={"data": [record]}, headers=_HEAD)
    else:
        sent = await client.delete(f"{url}/{target}", headers=_HEAD)
    acknowledged = time.monotonic()
    sent.raise_for_status()
    found.changes += 1
    found.change_ms.append((acknowledged - begun) * 1_000)
    at_once = number % 2 == 0
    if not at_once:
        await asyncio.sleep(_LATER)
    others = [replica for place, replica in enumerate(run.replicas) if place != where]
    asked = time.monotonic()
    for text in await asyncio.gather(*(_ask(client, one, f"Who is {name}?") for one in others)):
        found.asked += 1
        if (TOLD in text) is forgets:
            found.missed += 1
            done = "forgotten" if forgets else "taken back"
            print(f"missed: {name} ({target}) was {done}, and was answered with {text!r}")
    took = (time.monotonic() - asked) * 1_000
    (found.asked_at_once_ms if at_once else found.asked_later_ms).append(took)
    return _Change(target, forgets, where, acknowledged, at_once)


async def _ask(client: httpx.AsyncClient, replica: Replica, text: str) -> str:
    body = {"model": "m", "messages": [{"role": "user", "content": text}]}
    sent = await client.post(f"{replica.url}/v1/chat/completions", json=body)
    sent.raise_for_status()
    return str(sent.json()["choices"][0]["message"]["content"])


def _taken_in(
    replica: Replica,
    number: int,
    revisions: Mapping[tuple[str, bool], int],
    acknowledged: Sequence[_Change],
    found: Found,
) -> None:
    """How long after each acknowledgement of another the changes were in a replica's index: it was
    there with the first revision that is not older, whichever program made that one."""
    noted = replica.taken_in()
    newest = [*itertools.accumulate((revision for revision, _ in noted), max)]
    for change in acknowledged:
        if change.where == number:
            continue
        at = bisect_left(newest, revisions[change.target, change.forgets])
        if at == len(noted):
            found.never_taken_in += 1
            continue
        times = found.taken_in_when_asked_ms if change.at_once else found.taken_in_when_told_ms
        times.append(max(0.0, noted[at][1] - change.at) * 1_000)


__all__ = ["Found", "Killed"]

if __name__ == "__main__":
    main()
