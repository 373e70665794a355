"""The processes of the serving benchmarks: started, ended, and what they take."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["cpu_seconds", "highest", "memory_mb", "process", "served", "shared_out_mb"]

HERE = Path(__file__).parent
_EVERY = 1.0  # seconds between two looks at what processes take


@contextmanager
def process(script: str, *arguments: str) -> Iterator[tuple[int, int]]:
    """A server of these benchmarks' in a process of its own, as its port and its process id."""
    with served([sys.executable, str(HERE / script), *arguments]) as running:
        yield running


@contextmanager
def served(command: list[str]) -> Iterator[tuple[int, int]]:
    """What a command serves, as its port and its process id."""
    talks = subprocess.PIPE
    with subprocess.Popen(command, stdout=talks, stderr=subprocess.STDOUT, text=True) as running:
        try:
            port = _port(running)
            # A server writes a line for each request: other servers than ours are stopped by a pipe
            # that nobody empties.
            threading.Thread(target=_read_on, args=(running,), daemon=True).start()
            yield port, running.pid
        finally:
            running.terminate()


def _read_on(running: subprocess.Popen[str]) -> None:
    with suppress(ValueError):  # it was closed
        for _ in running.stdout or ():
            pass


def _port(running: subprocess.Popen[str]) -> int:
    assert running.stdout is not None
    said = []
    for line in running.stdout:
        said.append(line)
        if line.strip().isdigit():
            return int(line)
        if "serving on http" in line:
            return int(line.split("127.0.0.1:")[1].split("/")[0])
    raise SystemExit("a server did not start:\n" + "".join(said))


def _family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def memory_mb(pid: int, field: str = "VmRSS") -> float:
    """Resident memory of a process and its children. What they share counts in each of them."""
    lines = [
        line
        for member in _family(pid)
        for line in Path(f"/proc/{member}/status").read_text().splitlines()
        if line.startswith(field + ":")
    ]
    return sum(int(line.split()[1]) for line in lines) / 1024


def shared_out_mb(pid: int) -> float:
    """What a process and its children take of the machine's memory: of a page that several have,
    each has its share (Linux's PSS)."""
    maps = [Path(f"/proc/{member}/smaps_rollup").read_text() for member in _family(pid)]
    return sum(int(found) for text in maps for found in _PSS.findall(text)) / 1024


_PSS = re.compile(r"^Pss: *(\d+) kB$", re.MULTILINE)


@contextmanager
def highest(look: Callable[[], float]) -> Iterator[list[float]]:
    """Within the block, `look` is asked every second; the highest that it said so far."""
    most, over = [look()], threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY):
            most[0] = max(most[0], look())

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield most
    finally:
        over.set()
        watching.join()


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and its children, also of those that have ended."""
    ticks = 0
    for member in _family(pid):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ends just now
            fields = Path(f"/proc/{member}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / 100
