"""A log that nobody reads holds nobody up, and whoever reads on is told what is missing."""

from __future__ import annotations

import fcntl
import io
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from amnestic.server.spool import Spool
from amnestic.testing import ScriptedBackend, serve_scripted
from tests.forked import told_by
from tests.patience import PATIENCE, until
from tests.server.crew import workers_of

pytestmark = pytest.mark.skipif(
    not hasattr(fcntl, "F_SETPIPE_SZ"), reason="the size of a pipe is set by Linux alone"
)

PIPE = 4_096  # bytes that the smallest pipe holds: some lines


@pytest.fixture
def pipe() -> Iterator[tuple[int, io.TextIOWrapper]]:
    """The end of a small pipe to read from, and the stream that writes to it."""
    reads, writes = os.pipe()
    fcntl.fcntl(writes, fcntl.F_SETPIPE_SZ, PIPE)
    with os.fdopen(writes, "w") as stream:
        yield reads, stream
    os.close(reads)


def logger_of(spool: Spool) -> logging.Logger:
    log = logging.Logger("spooled")
    log.addHandler(spool)
    return log


def read(descriptor: int, until_told: str) -> str:
    told = ""
    while until_told not in told:
        told += os.read(descriptor, PIPE).decode()
    return told


def test_lines_come_in_order(pipe: tuple[int, io.TextIOWrapper]) -> None:
    reads, stream = pipe
    spool = Spool(stream)
    for number in range(200):
        logger_of(spool).warning("line %d", number)
    told = read(reads, "line 199\n")
    spool.close()
    assert told.splitlines() == [f"line {number}" for number in range(200)]


def test_a_full_pipe_holds_nobody_up_and_what_is_lost_is_counted(
    pipe: tuple[int, io.TextIOWrapper],
) -> None:
    reads, stream = pipe
    spool, told = Spool(stream, most=100), PIPE  # so many lines do not go into the pipe
    log = logger_of(spool)
    for number in range(told):
        log.warning("line %d", number)
    log.warning("end")
    lines = read(reads, "end\n").splitlines()
    spool.close()
    kept = [line for line in lines if line.startswith("line ")]
    lost = [int(line.split()[0]) for line in lines if " lost, " in line]
    assert lines[-2:] == [f"line {told - 1}", "end"]  # the newest are kept
    assert lost
    assert sum(lost) == told - len(kept)


def test_the_end_waits_for_a_reader() -> None:
    stream = io.StringIO()
    spool = Spool(stream, patience=PATIENCE)
    logger_of(spool).warning("read")
    spool.flush()
    assert stream.getvalue() == "read\n"


def test_the_end_does_not_wait_for_ever(pipe: tuple[int, io.TextIOWrapper]) -> None:
    reads, stream = pipe
    spool = Spool(stream, patience=0.05)
    for number in range(PIPE):
        logger_of(spool).warning("line %d", number)
    spool.flush()  # nobody has read: it comes back
    assert read(reads, f"line {PIPE - 1}\n").startswith("line 0\n")
    spool.close()


def test_a_forked_child_writes_its_own_lines_once(tmp_path: Path) -> None:
    script = """
        import logging
        from amnestic.server.spool import Spool
        spool = Spool(sys.stdout)
        log = logging.Logger("forked")
        log.addHandler(spool)
        log.warning("the parent's")
        in_child(lambda: (log.warning("the child's"), spool.flush()))
        spool.flush()
    """
    assert sorted(told_by(script, tmp_path)) == ["the child's", "the parent's"]


def test_a_stream_that_is_gone_stops_nothing() -> None:
    broken = os.pipe()
    os.close(broken[0])
    with os.fdopen(broken[1], "w") as nobody:
        spool = Spool(nobody)
    logger_of(spool).warning("to nobody")
    spool.flush()
    spool.close()


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_a_server_whose_errors_nobody_reads_goes_on_and_stops(tmp_path: Path, workers: str) -> None:
    env = {**os.environ, "AMNESTIC_SERVER_LOG": "json"}
    with (
        serve_scripted(ScriptedBackend(default="Hello.")) as upstream,
        subprocess.Popen(
            [sys.executable, "-m", "amnestic", "serve", "--port", "0", "--upstream",
             upstream.base_url, "--db", str(tmp_path / "r.db"), "--workers", workers],
            stderr=subprocess.PIPE, env=env,
        ) as running,
    ):  # fmt: skip
        try:
            assert running.stderr is not None
            lines = map(json.loads, iter(running.stderr.readline, b""))
            url = next(line["address"] for line in lines if "address" in line)
            fcntl.fcntl(running.stderr, fcntl.F_SETPIPE_SZ, PIPE)
            body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
            with httpx.Client(base_url=url, timeout=PATIENCE) as client:
                for _ in range(60):
                    assert client.post("/chat/completions", json=body).status_code == 200
            for _ in range(60):  # a warning of uvicorn's own for each
                _talk_nonsense(url)
            for worker in workers_of(running.pid):
                os.kill(worker, signal.SIGKILL)  # a warning of the supervisor's for each
            until(lambda: len(workers_of(running.pid)) in (0, int(workers)), "no other comes")
            assert httpx.post(f"{url}/chat/completions", json=body, timeout=PATIENCE).is_success
            running.send_signal(signal.SIGTERM)
            assert running.wait(PATIENCE) in (0, -signal.SIGTERM)
            first = running.stderr.readline()
            assert json.loads(first)["event"] == "ready"
        finally:
            running.kill()


def _talk_nonsense(url: str) -> None:
    host, port = url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as talking:
        talking.sendall(b"\x00 nonsense\r\n\r\n")
        while talking.recv(1_024):
            pass
