"""A supervisor with workers that load nothing, in a process of its own.

`main(FOLDER, WORK)` is its script: while `FOLDER/closed` is there, no new worker begins to
serve, and no answer to `/held` ends. Every other path is answered with the process's number.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from amnestic.exceptions import AmnesticError, ConfigurationError
from amnestic.server.seats import Seat
from amnestic.server.serving import serve_among
from amnestic.server.settings import ServerSettings
from amnestic.server.sockets import listening_sockets
from amnestic.server.supervising import Supervisor
from tests.patience import tries, until
from tests.prepared import Started, start

__all__ = ["Crew", "crew", "lives", "workers_of"]

_SCRIPT = "import sys; from tests.server.crew import main; main(*sys.argv[1:])"


class Crew:
    """A running crew in a folder: its supervisor, its address, and what it has said."""

    def __init__(self, process: Started) -> None:
        self.process = process
        self.url = ""
        self._closed = process.folder / "closed"
        self._errors = process.folder / "err"

    @property
    def said(self) -> str:
        """All lines on its standard error."""
        return self._errors.read_text()

    @property
    def workers(self) -> set[int]:
        """Its workers' processes."""
        return workers_of(self.process.pid)

    def hold(self) -> None:
        """Let no new worker serve, and no answer to `/held` end."""
        self._closed.touch()

    def release(self) -> None:
        """Undo `hold`."""
        self._closed.unlink()


@contextmanager
def crew(folder: Path, work: str = "serve") -> Iterator[Crew]:
    """A supervisor of two workers. Where they serve, both do so at the beginning."""
    running = Crew(start(folder, _SCRIPT, str(folder), work))
    try:
        if work == "serve":
            running.url = until(lambda: _address(running.said), "it never serves")
            until(lambda: running.said.count("serves\n") == 2, "a worker never serves")
        yield running
    finally:
        for worker in running.workers:
            os.kill(worker, signal.SIGKILL)
        running.process.kill()
        running.process.wait()


def _address(said: str) -> str:
    return next((line for line in said.splitlines() if line.startswith("http://")), "")


def workers_of(supervisor: int) -> set[int]:
    """The processes that a process has started."""
    found = subprocess.run(["pgrep", "-P", str(supervisor)], capture_output=True, text=True)
    return {int(line) for line in found.stdout.split()}


def lives(process: int) -> bool:
    """Whether a process is there and no corpse."""
    found = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True
    )
    return found.stdout.strip()[:1] not in ("", "Z")


def main(place: str, work: str) -> None:
    """Supervise."""
    folder = Path(place)
    sockets = listening_sockets(ServerSettings(port=0, workers=2))
    address = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    works = {"serve": _serving(folder / "closed"), "die": _die, "refuse": _refuse, "stay": _stay}
    try:
        Supervisor(sockets, works[work], grace=60).run(lambda: _say(address))
    except AmnesticError as error:
        raise SystemExit(f"ended: {error}") from None


def _say(text: str) -> None:
    os.write(2, f"{text}\n".encode())


def _serving(closed: Path) -> Callable[[Seat], None]:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        told = f"{os.getpid()}".encode()
        head = {"type": "http.response.start", "status": 200}
        await send(head | {"headers": [(b"content-length", b"%d" % (len(told) + 1))]})
        await send({"type": "http.response.body", "body": told, "more_body": True})
        if scope["path"] == "/held":
            await asyncio.to_thread(_await_opening, closed)
        await send({"type": "http.response.body", "body": b"\n"})

    def serve(seat: Seat) -> None:
        _await_opening(closed)
        _say("serves")
        serve_among(app, ServerSettings(port=0, workers=2), seat)  # type: ignore[arg-type]

    return serve


def _await_opening(closed: Path) -> None:
    for _ in tries("it stays closed"):
        if not closed.exists():
            return


def _die(seat: Seat) -> None:
    raise ValueError("words of a request")


def _refuse(seat: Seat) -> None:
    raise ConfigurationError("there is no such thing; give another")


def _stay(seat: Seat) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _say("stays")
    while True:
        signal.pause()
