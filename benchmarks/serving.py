"""What the proxy costs and bears: `python benchmarks/serving.py [--json FILE] [--quick]`.

`--litellm DIR/bin/litellm` measures LiteLLM's proxy with its content filter in the same run.

The upstream and the proxy are processes of their own; the upstream gives a fixed reply, at once or
word by word at a fixed pace. Added time is the proxy's less the upstream's own at the same load.
Memory is told twice: `memory` adds up the most that each process had resident, so that what they
share counts in each; `shared_out` is what they take of the machine together.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kbench import DATA
from kbench import measure as measure_kbench
from real_data import exchanges, targets
from serving_client import Caller, Took, Where
from serving_litellm import KEY, litellm
from serving_processes import cpu_seconds, highest, memory_mb, process, shared_out_mb
from serving_upstream import SENTENCES

REPLY = "".join(SENTENCES)
ADMIN = "bench-admin-token"
GAP = 0.01
SLOW_GAP = 0.4
OFFERED = 100
REAL_OFFERED = 20
_WHO = "Who is it?"

_ASK = (
    "How do I {} {}?", "What is the best way to {} {}?", "Is it hard to {} {}?",
    "Give me three tips to {} {}.", "Why would anyone {} {}?",
)  # fmt: skip
_DO = "clean repair paint cook grow fold sort measure compare ship carry cut dry store test".split()
_WHAT = (
    "a wooden chair", "an old bicycle", "tomatoes", "a paper boat", "wet shoes", "a long table",
    "copper pipes", "wool socks", "a kitchen knife", "glass jars", "a tent", "maps", "apples",
)  # fmt: skip


def questions(count: int, seed: int) -> list[str]:
    """Questions that are far from every target, no two alike."""
    chance = random.Random(seed)
    return [
        chance.choice(_ASK).format(chance.choice(_DO), chance.choice(_WHAT)) + f" ({seed}/{i})"
        for i in range(count)
    ]


# ── Measurements ─────────────────────────────────────────────────────────────────────────────────


async def load(where: Where, callers: int, asked: list[str]) -> tuple[list[Took], float]:
    """All of `asked`, by so many callers at once; the replies and the seconds in all."""
    waiting = iter(asked)
    took: list[Took] = []

    async def call() -> None:
        caller = Caller(where)
        for question in waiting:
            took.append(await caller.ask(question))
        caller.close()

    begun = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(callers)))
    return took, time.perf_counter() - begun


async def paced(where: Where, callers: int, rate: float, asked: list[str]) -> list[Took]:
    """`asked` at so many requests a second, by so many callers taking turns; a request whose
    caller is still waiting for the one before counts from when it was due."""
    took: list[Took] = []
    begun = time.perf_counter()

    async def call(first: int) -> None:
        caller = Caller(where)
        for i in range(first, len(asked), callers):
            due = begun + i / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            late = max(0.0, time.perf_counter() - due) * 1000
            reply = await caller.ask(asked[i])
            took.append(Took(reply.status, reply.text, reply.ms + late))
        caller.close()

    await asyncio.gather(*(call(i) for i in range(callers)))
    return took


async def at_load(proxy: Where, upstream: Where, pid: int, count: int) -> dict[str, float]:
    """64 callers, replies at once, no target near: as fast as it goes, then at 100 a second."""
    await load(proxy, 8, questions(64, 1))
    spent = cpu_seconds(pid)
    took, seconds = await load(proxy, 64, questions(count, 3))
    spent = cpu_seconds(pid) - spent
    direct = await paced(upstream, 64, OFFERED, questions(count // 4, 2))
    offered = await paced(proxy, 64, OFFERED, questions(count // 4, 8))
    for reply in (*took, *offered):
        assert reply.status == 200, f"HTTP {reply.status}"
        assert reply.text == REPLY, "a reply was not right"
    return {
        "requests_per_second": len(took) / seconds,
        "added_p95_ms": _percentile(offered, 95) - _percentile(direct, 95),
        "proxy_cpu_ms_per_request": spent * 1000 / len(took),
    }


async def at_real_load(
    proxy: Where, upstream: Where, pid: int, replies: dict[str, str]
) -> dict[str, float]:
    """64 callers with real questions, no two alike, and their own replies: as fast as it goes,
    then, with others, at a pace that the slower of two machines bears."""
    asked = list(replies)
    third = len(asked) // 3
    spent = cpu_seconds(pid)
    took, seconds = await load(proxy, 64, asked[:third])
    spent = cpu_seconds(pid) - spent
    direct = await paced(upstream, 64, REAL_OFFERED, asked[:third])
    offered = await paced(proxy, 64, REAL_OFFERED, asked[third : 2 * third])
    own = {reply.strip() for reply in replies.values()}
    altered = sum(reply.text.strip() not in own for reply in (*took, *offered))
    return {
        "real_requests": len(took),
        "real_requests_per_second": len(took) / seconds,
        "real_proxy_cpu_ms_per_request": spent * 1000 / len(took),
        "real_added_p50_ms": _percentile(offered, 50) - _percentile(direct, 50),
        "real_added_p95_ms": _percentile(offered, 95) - _percentile(direct, 95),
        "real_altered": altered,
    }


async def alone(proxy: Where, upstream: Where, count: int) -> dict[str, float]:
    """One caller, replies at once."""
    direct, _ = await load(upstream, 1, questions(count, 4))
    took, _ = await load(proxy, 1, questions(count, 5))
    return {"added_p50_ms": _percentile(took, 50) - _percentile(direct, 50)}


async def first_sentence(proxy: Where, upstream: Where, count: int) -> dict[str, float]:
    """When the first sentence is there, less when the upstream itself had said it whole: a
    sentence is known to be whole when the word behind it begins."""
    later = []
    for question in questions(count, 6):
        own = await Caller(upstream).stream(question)
        ours = await Caller(proxy).stream(question)
        assert ours.text == own.text == REPLY
        begins = own.sentence_ms(SENTENCES[0] + SENTENCES[1][:2])
        later.append(ours.sentence_ms(SENTENCES[0]) - begins)
    return {"first_sentence_ms": statistics.median(later)}


async def open_streams(proxy: Where, pid: int, count: int) -> dict[str, float]:
    """So many streams open at once."""
    idle = shared_out_mb(pid)
    with highest(lambda: shared_out_mb(pid)) as most:
        found = await asyncio.gather(*(Caller(proxy).stream(q) for q in questions(count, 7)))
    complete = sum(s.ended and s.text == REPLY for s in found)
    return {
        "streams_complete": complete,
        "streams_memory_mb": memory_mb(pid, "VmHWM"),
        "streams_shared_out_mb": most[0],
        "idle_shared_out_mb": idle,
    }


async def soak(proxy: Where, pid: int, requests: int, changes: int) -> dict[str, float]:
    """Requests mixed with forgets and revokes: while a name is forgotten no reply may hold it, and
    every far request gets its reply."""
    admin = Where(proxy.port, ADMIN)
    leaks = lost = 0
    before = 0.0
    each = max(1, requests // max(1, changes))
    for turn in range(changes):
        name = f"Orvella Quint{_letters(turn)}"
        asked = {"text": f"Please forget {name}. {name} is a bridge painter from Hask."}
        status, body, _ = await once(admin, "POST", "/v1/targets", asked)
        lost += status != 201
        target = json.loads(body).get("id")
        took, _ = await load(proxy, 16, [*questions(each - 1, 100 + turn), f"Who is {name}?"])
        leaks += sum(name.split()[1] in t.text for t in took)
        far = [t for t in took if t.text == REPLY]
        lost += each - 1 - len(far) if len(far) < each - 1 else 0
        status, _, _ = await once(admin, "DELETE", f"/v1/targets/{target}")
        lost += status != 200
        if turn == changes // 5:
            before = memory_mb(pid)
    growth = (memory_mb(pid) - before) / before if before else 0.0
    return {"soak_leaks": leaks, "soak_lost": lost, "soak_memory_growth": growth}


async def once(where: Where, method: str, path: str, body: Any = None) -> tuple[int, bytes, float]:
    """One request on a connection of its own: an idle one would have been closed meanwhile."""
    caller = Caller(where)
    found = await caller.send(method, path, body)
    caller.close()
    return found


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in str(number))


def _percentile(took: list[Took], percent: int) -> float:
    times = sorted(t.ms for t in took)
    return times[min(len(times) - 1, len(times) * percent // 100)]


# ── The whole ────────────────────────────────────────────────────────────────────────────────────


def measure(
    *, quick: bool, only: list[str], workers: int | None, data: Path, beside: Path | None
) -> dict[str, Any]:
    """Every number that `only` names, or all; `beside` is LiteLLM's program, if it is compared."""
    found: dict[str, Any] = {"workers": workers or "default"}
    scale = 10 if quick else 1
    with tempfile.TemporaryDirectory() as folder:
        with _both(folder, 0.0, "fast", workers) as (proxy, upstream, pid):
            if "load" in only:
                found |= asyncio.run(at_load(proxy, upstream, pid, 4_000 // scale))
            if "alone" in only:
                found |= asyncio.run(alone(proxy, upstream, 400 // scale))
            if "soak" in only:
                found |= asyncio.run(soak(proxy, pid, 20_000 // scale, 500 // scale))
        if "first" in only:
            with _both(folder, GAP, "paced", workers) as (proxy, upstream, _):
                found |= asyncio.run(first_sentence(proxy, upstream, 40 // min(scale, 4)))
        if "streams" in only:
            with _both(folder, SLOW_GAP, "slow", workers) as (proxy, _, pid):
                found |= asyncio.run(open_streams(proxy, pid, 1_000))
    if "real" in only:
        found |= _real(workers, data, 2_000 // scale)
        if beside:
            found |= _beside(beside, workers, data, 2_000 // scale)
    if "kbench" in only:
        found |= measure_kbench(data)
    return found


def _real(workers: int | None, data: Path, count: int) -> dict[str, float]:
    """The load of real exchanges, with a hundred real people forgotten."""
    replies = dict(next(iter(exchanges(data, count).values())))
    with tempfile.TemporaryDirectory() as folder:
        known = Path(folder) / "replies.json"
        known.write_text(json.dumps(replies), "utf-8")
        more = (("--replies", str(known)), ("--real", str(data)))
        with _both(folder, 0.0, "real", workers, *more) as (proxy, upstream, pid):
            found = asyncio.run(at_real_load(proxy, upstream, pid, replies))
            return {
                **found,
                "real_memory_mb": memory_mb(pid, "VmHWM"),
                "real_shared_out_mb": shared_out_mb(pid),
            }


def _beside(program: Path, workers: int | None, data: Path, count: int) -> dict[str, float]:
    """What LiteLLM's proxy does with the same names and the same real load."""
    replies = dict(next(iter(exchanges(data, count).values())))
    names = [target.subject for target in targets(data, 100)]
    with tempfile.TemporaryDirectory() as name:
        known = Path(name) / "replies.json"
        known.write_text(json.dumps({**replies, _WHO: f"It is {names[0]}."}), "utf-8")
        with (
            process("serving_upstream.py", "--gap", "0.0", "--replies", str(known)) as (own, _),
            litellm(program, Path(name), own, names, workers or 2) as (port, pid),
        ):
            there = Where(port, KEY)
            asyncio.run(warmed(there, names[0]))
            found = asyncio.run(at_real_load(there, Where(own), pid, replies))
            found["memory_mb"] = memory_mb(pid, "VmHWM")
            found["shared_out_mb"] = shared_out_mb(pid)
    return {f"litellm_{name}": value for name, value in found.items()}


async def warmed(there: Where, masked: str) -> None:
    """Some requests before the first that counts. `_WHO` shows that the filter is on."""
    took, _ = await load(there, 8, [*questions(64, 1), _WHO])
    for reply in took:
        assert reply.status == 200, f"HTTP {reply.status}"
        assert reply.text, "LiteLLM's proxy answers nothing"
        assert masked not in reply.text, "LiteLLM's filter is off"


@contextmanager
def _both(
    folder: str,
    gap: float,
    name: str,
    workers: int | None,
    upstreams: tuple[str, ...] = (),
    proxys: tuple[str, ...] = (),
) -> Iterator[tuple[Where, Where, int]]:
    with process("serving_upstream.py", "--gap", str(gap), *upstreams) as (upstream, _):
        arguments = ("--upstream", f"http://127.0.0.1:{upstream}/v1", "--admin", ADMIN,
                     "--db", f"{folder}/{name}.db",
                     *(("--workers", str(workers)) if workers else ()), *proxys)  # fmt: skip
        with process("serving_proxy.py", *arguments) as (proxy, pid):
            yield Where(proxy), Where(upstream), pid


def main() -> None:
    """Measure and print."""
    parts = ["load", "alone", "first", "streams", "soak", "real", "kbench"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    parser.add_argument("--quick", action="store_true", help="a tenth of the requests")
    parser.add_argument("--workers", type=int, help="of the proxy (default: the server's own)")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of data sets")
    parser.add_argument("--litellm", type=Path, help="LiteLLM's program: the real load beside it")
    parser.add_argument("--only", nargs="*", choices=parts, default=parts)
    chosen = parser.parse_args()
    found = measure(
        quick=chosen.quick,
        only=chosen.only,
        workers=chosen.workers,
        data=chosen.data,
        beside=chosen.litellm,
    )
    for name, value in found.items():
        print(f"{name:28} {value:,.3f}" if isinstance(value, float) else f"{name:28} {value}")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
