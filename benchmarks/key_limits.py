"""What callers over their limit cost the others.

    python benchmarks/key_limits.py [--db PLACE] [--workers 2] [--rounds 12] [--seconds 10]
                                    [--json FILE]

Twenty callers ask evenly, within their limits. They are alone at first; then a hundred others ask
with them, each as often as its limit allows; then each twice as often, without ever waiting as they
are told to. Every caller has a key of its own, with a limit of requests and one of tokens. The
hundred have used up their bucket before they are measured, and then have asked in the same way for
as long as it takes to be given one request back: at their limit all that they ask is served, at
twice their limit every other request, so that both phases serve as many. Times are those of the
twenty, in milliseconds. Rounds are short and take turns, each in an order of its own, so that what
else the machine does falls on all alike. How far two p95 differ is told by the ratio of each round,
in which the phases come within a minute: the median of these, and between which of them the true
one lies with 95 % certainty or more, whatever they are distributed like. Against the hundred at
their limit that is what refusing costs; against the twenty alone, what serving them costs, too. The
processor time of the server and of the callers does not depend on what else runs. Upstream, server
and callers are processes on this machine. Without `--db` the registry is a SQLite file.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
from machine import describe
from rounds import apart_by
from serving import questions
from serving_client import Where
from serving_processes import cpu_seconds, process, served

from amnestic.config import Settings
from amnestic.places import opening
from amnestic.tools.registry import KeyGrant, Registry
from amnestic.types.roles import Role

GOOD, EAGER = 20, 100
GOOD_A_MINUTE, EAGER_A_MINUTE = 30, 6
TOKENS = 1_000_000
_LEAD = 60.0 / EAGER_A_MINUTE  # seconds in which one request comes back
_KEPT = 4.0  # seconds: the hundred pause for longer, and open a connection each time in both phases
_STATUS = re.compile(rb"HTTP/1.1 (\d+)")
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


@dataclass
class Phase:
    """A way of asking: how the twenty fared in each round, and what the hundred were told."""

    name: str
    eager_a_minute: float
    rounds: list[list[float]] = field(default_factory=list)
    good: Counter[int] = field(default_factory=Counter)
    eager: Counter[int] = field(default_factory=Counter)
    without_retry_after: int = 0
    cpu_s: float = 0.0
    callers_cpu_s: float = 0.0


@dataclass(frozen=True)
class Found:
    """What was measured of a phase, all of its rounds together."""

    name: str
    good_asked: int
    good_refused: int
    p50_ms: float
    p95_ms: float
    eager_served: int
    eager_429: int
    eager_other: int
    without_retry_after: int
    server_cpu_s: float
    callers_cpu_s: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--db", help="URL or path of the registry")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each round of a phase")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    os.environ["AMNESTIC_SERVER_LOG"] = "off"  # nobody reads it here
    with tempfile.TemporaryDirectory() as folder:
        db = chosen.db or f"{folder}/registry.db"
        good, eager = keys(db, GOOD, GOOD_A_MINUTE * 2), keys(db, EAGER, EAGER_A_MINUTE)
        with (
            process("serving_upstream.py", "--port", "0", "--gap", "0") as (upstream, _),
            proxy(upstream, db, chosen.workers) as (port, pid),
        ):
            told = asyncio.run(measured(port, pid, good, eager, chosen.seconds, chosen.rounds))
    found = [summary(phase) for phase in told]
    print(f"{describe()}; {chosen.workers} workers; {chosen.rounds} rounds of {chosen.seconds:g} s")
    show(found)
    alone, limit, twice = (phase.rounds for phase in told)
    apart = {"at their limit": apart_by(twice, limit), "alone": apart_by(twice, alone)}
    for name, one in apart.items():
        print(f"p95 of the twenty beside the hundred at twice their limit, against {name}: "
              f"{one.median:+.1%} (median of {len(one.rounds)} rounds; {one.low:+.1%} to "
              f"{one.high:+.1%} at {one.certainty:.1%})")  # fmt: skip
    cost = refusal_ms(*told[1:])
    print(f"a request that is refused takes {cost:.2f} ms of the server's processors")
    if chosen.json:
        told_in = {"phases": [asdict(one) for one in found], "refusal_ms": cost}
        rows = {
            "machine": describe(),
            **told_in,
            "apart": {name: asdict(a) for name, a in apart.items()},
        }
        chosen.json.write_text(json.dumps(rows, indent=2), "utf-8")


def keys(db: str, count: int, a_minute: int) -> list[str]:
    """Keys of so many callers."""
    with Registry.open(opening(Settings(db=db).db)) as registry:
        grant = KeyGrant(name="caller", role=Role.CALLER, requests=a_minute, tokens=TOKENS)
        return [registry.keys.create(grant, actor="benchmark")[1] for _ in range(count)]


@contextmanager
def proxy(upstream: int, db: str, workers: int) -> Iterator[tuple[int, int]]:
    """A server in front of the upstream; its port and its process id."""
    url = f"http://127.0.0.1:{upstream}/v1"
    more = ["--db", db, "--workers", str(workers), "--port", "0"]
    with served([sys.executable, "-m", "amnestic", "serve", "--upstream", url, *more]) as running:
        yield running


async def measured(
    port: int, pid: int, good: list[str], eager: list[str], seconds: float, rounds: int
) -> list[Phase]:
    """All phases, round by round."""
    phases = [
        Phase("alone", 0.0),
        Phase("100 callers at their limit", EAGER_A_MINUTE),
        Phase("100 callers at twice their limit", EAGER_A_MINUTE * 2),
    ]
    warming = Phase("warming up", 0.0, [[]])
    await asyncio.gather(*(even(port, key, 60.0, 5.0, warming, warming.good) for key in good))
    turns = random.Random(0)
    for _ in range(rounds):
        for phase in turns.sample(phases, len(phases)):
            phase.rounds.append([])
            if phase.eager_a_minute:
                await asyncio.gather(*(use_up(port, key) for key in eager))
            await one_round(port, pid, good, eager, seconds, phase)
    return phases


async def use_up(port: int, key: str) -> None:
    """Ask until the limit is reached, for what costs the server next to nothing."""
    caller = Asking(port, key)
    while (await caller.ask("GET", "/v1/models"))[0] == 200:
        pass
    caller.close()


async def one_round(
    port: int, pid: int, good: list[str], eager: list[str], seconds: float, phase: Phase
) -> None:
    """The twenty, and the hundred beside them, who have begun before."""
    beside = [
        asyncio.create_task(
            even(port, key, phase.eager_a_minute, seconds, phase, phase.eager, lead=_LEAD)
        )
        for key in eager
        if phase.eager_a_minute
    ]
    if beside:
        await asyncio.sleep(_LEAD)
    before, own = cpu_seconds(pid), time.process_time()
    asking = (even(port, key, GOOD_A_MINUTE, seconds, phase, phase.good) for key in good)
    await asyncio.gather(*asking, *beside)
    phase.cpu_s += cpu_seconds(pid) - before
    phase.callers_cpu_s += time.process_time() - own


async def even(
    port: int,
    key: str,
    a_minute: float,
    seconds: float,
    phase: Phase,
    told: Counter[int],
    lead: float = 0.0,
) -> None:
    """One caller, who asks evenly; each begins at a moment of its own. What is asked in the first
    `lead` seconds does not count."""
    caller, pause = Asking(port, key), 60.0 / a_minute
    first = int(key.split("_")[1], 16) % 1_000 / 1_000 * pause
    begun = time.perf_counter()
    asked = questions(int((lead + seconds) / pause) + 1, int(first * 1_000))
    for i, question in enumerate(asked):
        due = begun + first + i * pause
        if due > begun + lead + seconds:
            break
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        status, head = await caller.ask("POST", "/v1/chat/completions", question)
        if due < begun + lead:
            continue
        told[status] += 1
        if told is phase.good:
            phase.rounds[-1].append((time.perf_counter() - due) * 1_000)
        phase.without_retry_after += status == 429 and b"\r\nretry-after: " not in head.lower()
    caller.close()


class Asking:
    """One caller with one connection."""

    def __init__(self, port: int, key: str) -> None:
        self._where = Where(port, key)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0

    async def ask(self, method: str, path: str, question: str = "") -> tuple[int, bytes]:
        """One request: the status, and the head of the reply."""
        if time.perf_counter() - self._used > _KEPT:
            self.close()
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._where.port)
        reader, writer = self._streams
        said = [{"role": "user", "content": question}]
        body = json.dumps({"model": "m", "messages": said}).encode() if question else b""
        head = (
            f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"authorization: Bearer {self._where.key}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        told = await reader.readuntil(b"\r\n\r\n")
        length, status = _LENGTH.search(told), _STATUS.match(told)
        await reader.readexactly(int(length.group(1)) if length else 0)
        self._used = time.perf_counter()
        return int(status.group(1)) if status else 0, told

    def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


def summary(phase: Phase) -> Found:
    """A phase in numbers."""
    ms = list(chain.from_iterable(phase.rounds))
    served_, late = phase.eager[200], phase.eager[429]
    return Found(
        name=phase.name,
        good_asked=phase.good.total(),
        good_refused=phase.good.total() - phase.good[200],
        p50_ms=round(float(np.percentile(ms, 50)), 1),
        p95_ms=round(float(np.percentile(ms, 95)), 1),
        eager_served=served_,
        eager_429=late,
        eager_other=phase.eager.total() - served_ - late,
        without_retry_after=phase.without_retry_after,
        server_cpu_s=round(phase.cpu_s, 1),
        callers_cpu_s=round(phase.callers_cpu_s, 1),
    )


def refusal_ms(limit: Phase, twice: Phase) -> float:
    """What each refused request took of the server's processors: what the phase at twice the limit
    took more than the one at the limit, in which as many are served, with its noise."""
    more = twice.eager[429] - limit.eager[429]
    return round((twice.cpu_s - limit.cpu_s) * 1_000 / max(1, more), 2)


def show(found: list[Found]) -> None:
    """The phases as a table."""
    names = list(asdict(found[0]))
    print("| " + " | ".join(name.replace("_", " ") for name in names) + " |")
    print("|" + "---|" * len(names))
    for one in found:
        print("| " + " | ".join(str(value) for value in asdict(one).values()) + " |")


if __name__ == "__main__":
    main()
