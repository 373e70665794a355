"""What the benchmark of replicas runs: PostgreSQL, an upstream that tells everything, and servers.

Run as a program it is one of these servers: `python benchmarks/replicas_served.py NOTES serve …` is
`amnestic serve …`, which writes into the file NOTES when each change was taken in: its revision and
the time by the clock that all processes of a machine share. `… upstream` is the upstream.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
from serving_upstream import SENTENCES, Upstream

ADMIN = "admin-of-the-benchmark"
TOLD = "a painter from Tavel"
_ASKED = re.compile(r"Who is (.+)\?")
_PATIENCE = 600.0  # seconds for a server to start on a machine that does much else


class Postgres:
    """A PostgreSQL server of this benchmark's own, with all that makes its commits last."""

    def __init__(self, folder: Path) -> None:
        found = shutil.which("pg_ctl")
        if found is None:
            raise SystemExit("there is no PostgreSQL server here: install one, or give --db")
        self._home = Path(os.path.realpath(found)).parent
        self._folder, self._data = folder, folder / "data"
        self._user = {"user": "postgres"} if os.geteuid() == 0 else {}
        folder.mkdir()
        if self._user:
            folder.parent.chmod(0o755)
            shutil.chown(folder, "postgres")
        self._run("initdb", "-A", "trust", "-U", "me", "-D", str(self._data))
        self.start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"postgresql+psycopg://me@/postgres?host={self._folder}"

    @property
    def pid(self) -> int:
        """The process that owns the others."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        """Start it, also where it was killed: its last processes may still be going."""
        options = f"-c listen_addresses='' -k {self._folder} -c max_connections=300"
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self._run("pg_ctl", "-D", str(self._data), "-w", "-o", options,
                          "-l", str(self._folder / "log"), "start")  # fmt: skip
            except subprocess.CalledProcessError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
            else:
                return

    def kill(self) -> None:
        """End it as a power failure would end its processes."""
        pid = self.pid
        for one in (pid, *_children(pid)):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)

    def stop(self) -> None:
        """End it."""
        with suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._home / program, *arguments], check=True, capture_output=True, **self._user
        )


class Replica:
    """One server on a port that stays its own, which can be killed and replaced."""

    def __init__(self, folder: Path, number: int, db: str, upstream: int, workers: int) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.notes = folder / f"notes-{number}"
        self._log = folder / f"log-{number}"
        self._given = os.environ | {
            "AMNESTIC_SERVER_ADMIN_TOKEN": ADMIN,
            "AMNESTIC_CACHE_DIR": str(folder / f"cache-{number}"),
        }
        self._command = [
            sys.executable, str(Path(__file__)), str(self.notes), "serve", "--db", db,
            "--upstream", f"http://127.0.0.1:{upstream}/v1", "--port", str(self._port),
            "--workers", str(workers),
        ]  # fmt: skip
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(self._command, env=self._given, stdout=log, stderr=log)

    def wait(self) -> None:
        """Wait until it is ready."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/readyz", timeout=10).status_code == 200:
                    return
            time.sleep(0.1)
        raise SystemExit(f"a server is not ready:\n{self._log.read_text()[-2_000:]}")

    def kill_worker(self) -> None:
        """Kill one of its workers."""
        if workers := _children(self.process.pid):
            os.kill(workers[0], signal.SIGKILL)

    def replace(self) -> None:
        """Kill the process that owns its workers, and start it anew once its port is free."""
        self.process.kill()
        self.process.wait()
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            with suppress(OSError), socket.create_server(("127.0.0.1", self._port)):
                break
            time.sleep(0.05)
        self.process = self._started()

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        self.process.kill()

    def taken_in(self) -> list[tuple[int, float]]:
        """When each of its revisions was taken in, the earliest first."""
        lines = self.notes.read_text().splitlines() if self.notes.exists() else []
        found = sorted((float(when), int(revision)) for revision, when in map(str.split, lines))
        return [(revision, when) for when, revision in found]

    @property
    def restarts(self) -> int:
        """How many of its workers were replaced, as its log says."""
        return self._log.read_text().count("another takes its place")


@contextmanager
def upstream() -> Iterator[int]:
    """An upstream in a process of its own; its port."""
    command = [sys.executable, str(Path(__file__)), "-", "upstream"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            yield int(running.stdout.readline())
        finally:
            running.kill()


def name_of(number: int) -> str:
    """A name that is no misspelling of another, and shares no word with those made just before it:
    what is asked of one cannot be taken for another that is forgotten at that moment."""
    first, last = _FIRST[97 * number % len(_FIRST)], _LAST[7_919 * number % len(_LAST)]
    return f"{''.join(first).capitalize()} {''.join(last).capitalize()}"


_SYLLABLES = "bal cor dun fen gal hov ist jor kel lum mar nor ost pel quin ras sol tav ulv".split()
_FIRST, _LAST = (list(itertools.permutations(_SYLLABLES, k)) for k in (2, 4))  # 97, 7,919: coprime


def _children(pid: int) -> list[int]:
    with suppress(FileNotFoundError):
        return [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    return []


class _Telling(dict[str, str]):
    """What the upstream says: of everybody that they are a painter."""

    def get(self, asked: str, otherwise: str = "") -> str:  # type: ignore[override]
        """The reply to a question."""
        found = _ASKED.fullmatch(asked)
        return f"{found[1]} is {TOLD}." if found else otherwise


async def _serve_upstream() -> None:
    told = Upstream(0.0, _Telling())
    server = await asyncio.start_server(told.serve, "127.0.0.1", 0, backlog=2_048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _serve(notes: str, arguments: list[str]) -> None:
    from amnestic.cli import main
    from amnestic.tools.index import FacetIndex
    from amnestic.tools.registry import Registry

    out = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    real = FacetIndex.follow

    def noted(self: FacetIndex, registry: Registry) -> int:
        before = self.revision
        behind = real(self, registry)
        if self.revision != before:
            os.write(out, f"{self.revision} {time.monotonic()}\n".encode())
        return behind

    FacetIndex.follow = noted  # type: ignore[method-assign]
    sys.argv = ["amnestic", *arguments]
    main()


if __name__ == "__main__":
    if sys.argv[2] == "upstream":
        asyncio.run(_serve_upstream())
    else:
        _serve(sys.argv[1], sys.argv[2:])

__all__ = ["ADMIN", "SENTENCES", "TOLD", "Postgres", "Replica", "name_of", "upstream"]
