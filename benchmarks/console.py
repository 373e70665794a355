"""The console with many targets: what the server takes for each of its pages.

    python benchmarks/console.py                     # 100,000 targets, some minutes
    python benchmarks/console.py --targets 10000
    python benchmarks/console.py --postgresql        # on a PostgreSQL server of its own
    python benchmarks/console.py --write             # into benchmarks/console.json, for docs

A real server on loopback, asked by a client in the same process: what is measured is the time from
the request to the whole reply, on this machine as it is, and the processor time of both and of
PostgreSQL, which does not depend on what else runs. PostgreSQL has tidied up behind the import, as
it does by itself some minutes later. In a file searches are asked once more without their index.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import socket
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from console_report import shown
from machine import describe, percentile
from replicas_served import Postgres
from serving_processes import cpu_seconds
from sqlalchemy import create_engine

from amnestic import Amnesia, ForgetTarget
from amnestic.models.fixed import FixedBackend
from amnestic.server.app import create_app
from amnestic.server.settings import ServerSettings
from amnestic.tools.registry import Registry
from amnestic.types import Draft, Facet, FacetKind, Generation, TargetKind

SYLLABLES = "bal cor dun fen gal hov ist jor kel lum mar nor ost pel quin ras sol tav ulv".split()
SPACES = ("default",) * 8 + ("north", "south")
AT_ONCE, TIMES = 1_000, 21
KEPT = Path(__file__).parent / "console.json"
_RUNNING = "<progress"

Row = dict[str, Any]
"""The name of a page, and what it took in milliseconds."""


def main() -> None:
    """Make the registry, serve it, and print how long its pages take."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--targets", type=int, default=100_000, metavar="N")
    parser.add_argument("--postgresql", action="store_true", help="instead of a SQLite file")
    parser.add_argument("--write", action="store_true", help="keep what was measured")
    asked = parser.parse_args()
    machine, load = describe(), os.getloadavg()[0]
    print(f"{machine}\n")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="amnestic-console-")))
        server = _postgresql(stack, folder) if asked.postgresql else None
        db = server.url if server else str(folder / "registry.db")
        begun = time.perf_counter()
        some = _fill(db, asked.targets, random.Random(0))
        print(f"made in {time.perf_counter() - begun:.0f} s\n", flush=True)
        if server:
            _tidied_up(db)
        url = stack.enter_context(_served(db))
        client = stack.enter_context(httpx.Client(base_url=url, timeout=600))
        _log_in(client)
        rows = [_row(client, name, path, server) for name, path in _pages(asked.targets, some)]
        checked = _check(client)
        if not asked.postgresql:
            _without_index(db)
            rows += [_row(client, f"{n}, all read", p) for n, p in _searches(asked.targets, some)]
    where = "PostgreSQL" if asked.postgresql else "SQLite"
    run = {"targets": asked.targets, "machine": machine, "load": load, "rows": rows,
           "check": checked}  # fmt: skip
    print(shown({where: run}))
    if asked.write:
        kept = json.loads(KEPT.read_text("utf-8")) if KEPT.is_file() else {}
        told = json.dumps(kept | {where: run}, indent=1, sort_keys=True)
        KEPT.write_text(f"{told}\n", "utf-8")


def _postgresql(stack: ExitStack, folder: Path) -> Postgres:
    """A server that ends with the block."""
    server = Postgres(folder / "postgresql")
    stack.callback(server.stop)
    return server


def _tidied_up(db: str) -> None:
    engine = create_engine(db, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


def _name(rng: random.Random) -> str:
    return " ".join("".join(rng.sample(SYLLABLES, k)).capitalize() for k in (2, 3))


def _fill(db: str, count: int, rng: random.Random) -> ForgetTarget:
    """Write the targets; one of them."""
    kinds = list(TargetKind)
    with Registry.open(db) as registry:
        for start in range(0, count, AT_ONCE):
            made = []
            for i in range(start, min(count, start + AT_ONCE)):
                who = _name(rng)
                told = Facet(kind=FacetKind.FACT, text=f"{who} keeps a goat near {_name(rng)}.")
                made.append(
                    ForgetTarget(
                        id=f"t-{i:06}",
                        subject=who,
                        kind=rng.choice(kinds),
                        aliases=(_name(rng),),
                        namespace=rng.choice(SPACES),
                        facets=(Facet(kind=FacetKind.ALIAS, text=who), told),
                    )
                )
            added = registry.add_all(made, actor="benchmark")
    return added[len(added) // 2]


@contextmanager
def _served(db: str) -> Iterator[str]:
    """The server, whose layer knows nothing of the targets yet: the pages ask the registry."""
    nobody = FixedBackend(Generation((Draft(text="I don't know."),)))
    with Amnesia(nobody, db=db, elicit=False) as amnesia:
        listening = socket.create_server(("127.0.0.1", 0))
        app = create_app(amnesia, ServerSettings(admin_token="admin"))
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def _token(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def _log_in(client: httpx.Client) -> None:
    token = _token(client.get("/console/login").text)
    client.post("/console/login", data={"token": token, "key": "admin", "next": "/console"})


def _pages(count: int, some: ForgetTarget) -> list[tuple[str, str]]:
    last = _last(count)
    return [
        ("targets, first page", "/console"),
        ("targets, a page in the middle", f"/console?offset={last // 2}"),
        ("targets, last page", f"/console?offset={last}&state=all"),
        ("targets in force, last page", f"/console?offset={last}"),
        ("by name, a page in the middle", f"/console?order=name&offset={last // 2}"),
        *_searches(count, some),
        ("by kind and namespace", "/console?kind=work&space=north"),
        ("one target", f"/console/targets/{some.id}"),
        ("trail, first page", "/console/trail"),
        ("trail of a target", f"/console/trail?of={some.id}"),
        ("activity", "/console/activity"),
    ]


def _last(count: int) -> int:
    return max(0, (count - 1) // 50 * 50)


def _searches(count: int, some: ForgetTarget) -> list[tuple[str, str]]:
    word, last = some.subject.split()[1], _last(count)
    return [
        ("search, found", f"/console?q={word}"),
        ("search, not found", "/console?q=nobody&state=all"),
        ("search by three letters of many, last page", f"/console?q={word[:3]}&offset={last}"),
        ("search by one letter, last page", f"/console?q=a&offset={last}"),
    ]


def _without_index(file: str) -> None:
    """Take the index of targets away, so that a search reads all of them as it did without."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for name in ("put", "take", "change"):
            connection.execute(f"DROP TRIGGER target_search_{name}")
        connection.execute("DROP TABLE target_search")


def _row(client: httpx.Client, name: str, path: str, server: Postgres | None = None) -> Row:
    times, spent = [], []
    at_first = cpu_seconds(server.pid) if server else 0.0
    for _ in range(TIMES):
        begun, before = time.perf_counter(), time.process_time()
        answer = client.get(path)
        times.append((time.perf_counter() - begun) * 1_000)
        spent.append((time.process_time() - before) * 1_000)
        assert answer.status_code == 200, answer.text
    database = (cpu_seconds(server.pid) - at_first) * 1_000 / TIMES if server else 0.0
    told = (percentile(times, 50), percentile(times, 95), percentile(spent, 50) + database)
    print(name, *(f"{one:.0f} ms" for one in told), sep="  ", file=sys.stderr)
    return {"page": name} | dict(
        zip(("median", "p95", "processor"), map(_rounded, told), strict=True)
    )


def _rounded(told: float) -> float:
    return round(told, 1)


def _check(client: httpx.Client) -> tuple[float, float]:
    """The seconds that a check of the chain takes, by the clock and of the processor."""
    token = _token(client.get("/console/trail").text)
    begun, before = time.perf_counter(), time.process_time()
    begins = client.post("/console/trail/check", data={"token": token})
    while _RUNNING in client.get(begins.headers["location"]).text:
        time.sleep(0.1)
    took, spent = time.perf_counter() - begun, time.process_time() - before
    return round(took, 1), round(spent, 1)


if __name__ == "__main__":
    main()
