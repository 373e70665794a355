"""Killing what replicas are made of, while changes are made and asked about."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from replicas_served import ADMIN, TOLD, Postgres, Replica, name_of

from amnestic.tools.registry import Registry
from amnestic.types import TargetStatus

REPLICAS, WORKERS, PROGRAMS = 3, 2, 3
_HEAD = {"authorization": f"Bearer {ADMIN}"}
_LONGEST = 60.0  # seconds in which somebody answers, or hangs up
_SLOW = 5.0  # seconds
_BETWEEN = 2.0  # seconds between two kills


@dataclass
class Killed:
    """What became of the changes; times in milliseconds."""

    kills: dict[str, int] = field(default_factory=dict)
    workers_replaced: int = 0
    acknowledged: int = 0
    lost: int = 0
    asked: int = 0
    told: int = 0
    unanswered: int = 0
    refused: int = 0
    withheld: int = 0
    asked_in_the_end: int = 0
    wrong_in_the_end: int = 0
    answered_ms: list[float] = field(default_factory=list)
    slow: dict[str, int] = field(default_factory=dict)
    """Answers that took over five seconds, by what was asked and what was killed last."""


@dataclass
class _World:
    """What all programs share."""

    replicas: list[Replica]
    found: Killed
    forgotten: dict[int, bool] = field(default_factory=dict)
    """By number, what was last acknowledged; those of whom that is not known are not here."""
    numbers: itertools.count[int] = field(default_factory=itertools.count)
    ending: bool = False
    last: str = "the start"


async def killed(folder: Path, db: str, port: int, postgres: Postgres | None, times: int) -> Killed:
    """Kill everything so many times."""
    found = Killed()
    replicas = [Replica(folder, 10 + n, db, port, WORKERS) for n in range(REPLICAS)]
    world = _World(replicas, found)
    try:
        for replica in replicas:
            await asyncio.to_thread(replica.wait)
        programs = [asyncio.create_task(_program(world, i)) for i in range(PROGRAMS)]
        await _kill_all(world, postgres, times)
        for replica in replicas:
            await asyncio.to_thread(replica.wait)
        world.ending = True
        await asyncio.gather(*programs)
        found.workers_replaced = sum(replica.restarts for replica in replicas)
        await _looked_at(world, db)
    finally:
        for replica in replicas:
            replica.stop()
    return found


async def _kill_all(world: _World, postgres: Postgres | None, times: int) -> None:
    draw, kinds = random.Random(0), ["worker", "server", *(["postgresql"] if postgres else [])]
    for kind in kinds * times:
        replica = draw.choice(world.replicas)
        await asyncio.sleep(_BETWEEN * (0.5 + draw.random()))
        world.last = kind
        if kind == "worker":
            replica.kill_worker()
        elif kind == "server":
            await asyncio.to_thread(replica.replace)
        elif postgres is not None:
            postgres.kill()
            await asyncio.sleep(draw.random())
            await asyncio.to_thread(postgres.start)
        world.found.kills[kind] = world.found.kills.get(kind, 0) + 1
        await asyncio.to_thread(replica.wait)


async def _program(world: _World, seed: int) -> None:
    """Forget somebody, ask, take it back, ask, and so on."""
    draw = random.Random(seed)
    async with httpx.AsyncClient(timeout=_LONGEST) as client:
        while not world.ending:
            number = next(world.numbers)
            for forgets in (True, False):
                if number % 3 == 0 and not forgets:
                    continue  # some stay forgotten
                await _until_acknowledged(world, client, draw, number, forgets)
                for _ in range(2):
                    await _asked(world, client, draw.choice(world.replicas), number)


async def _until_acknowledged(
    world: _World, client: httpx.AsyncClient, draw: random.Random, number: int, forgets: bool
) -> None:
    """Make a change, wherever somebody takes it. What is done already, though its answer never
    came, is told as a conflict."""
    world.forgotten.pop(number, None)
    while True:
        url = f"{draw.choice(world.replicas).url}/v1/targets"
        record = {"id": f"k-{number}", "subject": name_of(number), "kind": "person"}
        if forgets:
            asked = client.build_request(
                "POST", f"{url}:add", json={"data": [record]}, headers=_HEAD
            )
        else:
            asked = client.build_request("DELETE", f"{url}/k-{number}", headers=_HEAD)
        sent = await _sent(world, client, asked)
        if sent is not None and (sent.is_success or sent.status_code == 409):
            world.found.acknowledged += 1
            world.forgotten[number] = forgets
            return
        await asyncio.sleep(0.1)


async def _asked(
    world: _World, client: httpx.AsyncClient, replica: Replica, number: int, *, ended: bool = False
) -> None:
    forgotten = world.forgotten[number]
    body = {"model": "m", "messages": [{"role": "user", "content": f"Who is {name_of(number)}?"}]}
    asked = client.build_request("POST", f"{replica.url}/v1/chat/completions", json=body)
    sent = await _sent(world, client, asked)
    if sent is None or not sent.is_success:
        return
    tells = TOLD in sent.text
    if ended:
        world.found.asked_in_the_end += 1
        world.found.wrong_in_the_end += tells is forgotten
        return
    world.found.asked += 1
    world.found.told += tells and forgotten
    world.found.withheld += not tells and not forgotten  # as while the database is away


async def _sent(
    world: _World, client: httpx.AsyncClient, request: httpx.Request
) -> httpx.Response | None:
    """The answer; `None` where nobody gave one."""
    begun = time.monotonic()
    try:
        sent = await client.send(request)
    except httpx.TimeoutException:
        world.found.unanswered += 1
        return None
    except httpx.TransportError:
        world.found.refused += 1
        return None
    took = time.monotonic() - begun
    world.found.answered_ms.append(took * 1_000)
    if took > _SLOW:
        told = f"{request.method} {sent.status_code} after {world.last}"
        world.found.slow[told] = world.found.slow.get(told, 0) + 1
    world.found.refused += sent.status_code >= 500
    return sent


async def _looked_at(world: _World, db: str) -> None:
    """Whether all that was acknowledged is in the registry, and holds at every replica."""
    with Registry.open(db) as registry:
        held = {target.id: target.status for target in registry.targets()}
        registry.check_trail()
    for number, forgotten in world.forgotten.items():
        wanted = TargetStatus.ACTIVE if forgotten else TargetStatus.REVOKED
        world.found.lost += held.get(f"k-{number}") is not wanted
    async with httpx.AsyncClient(timeout=_LONGEST) as client:
        for replica in world.replicas:
            for number in list(world.forgotten)[-200:]:
                await _asked(world, client, replica, number, ended=True)


__all__ = ["Killed", "killed"]
