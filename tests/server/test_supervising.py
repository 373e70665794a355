"""The workers of a server live and die, and callers do not wait for the dead."""

from __future__ import annotations

import os
import re
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.patience import PATIENCE, until
from tests.server.crew import Crew, crew, lives

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")

TRIES = 40  # connections, of which the system gives each of two sockets some


def answering(running: Crew) -> set[int]:
    """Who answers, each time on a new connection."""
    return {int(httpx.get(running.url, timeout=PATIENCE).text) for _ in range(TRIES)}


def test_both_workers_are_asked(tmp_path: Path) -> None:
    with crew(tmp_path) as running:
        until(lambda: answering(running) == running.workers, "one of them is never asked")


def test_nobody_waits_for_a_killed_worker_and_another_comes(tmp_path: Path) -> None:
    with crew(tmp_path) as running:
        killed, other = running.workers
        running.hold()
        os.kill(killed, signal.SIGKILL)
        until(lambda: f"process {killed}" in running.said, "nobody notices")
        assert answering(running) == {other}  # the new one cannot serve yet
        running.release()
        until(lambda: answering(running) == running.workers, "the new one is never asked")
        assert killed not in running.workers
        assert re.search(rf"^worker [12] \(process {killed}\) died by SIGKILL; another takes "
                         "its place$", running.said, re.M)  # fmt: skip


def test_requests_that_run_in_other_workers_go_on(tmp_path: Path) -> None:
    with crew(tmp_path) as running, ThreadPoolExecutor(TRIES) as threads:
        running.hold()
        begun = list[int]()
        held = [threads.submit(_hold, running, begun) for _ in range(TRIES)]
        until(lambda: len(begun) == TRIES, "they never begin")
        killed, other = set(begun)
        os.kill(killed, signal.SIGKILL)
        until(lambda: f"process {killed}" in running.said, "nobody notices")
        running.release()
        ended = {request.result(PATIENCE) for request in held}  # none of them hangs
        assert ended == {(killed, False), (other, True)}


def _hold(running: Crew, begun: list[int]) -> tuple[int, bool]:
    """Who began to answer a request, and whether it was answered to the end."""
    with httpx.stream("GET", f"{running.url}/held", timeout=PATIENCE) as reply:
        pieces = reply.iter_bytes()
        begun.append(worker := int(next(pieces)))
        try:
            return worker, list(pieces) == [b"\n"]
        except httpx.TransportError:
            return worker, False


def test_a_worker_that_is_told_to_stop_finishes_and_others_take_its_callers(tmp_path: Path) -> None:
    with crew(tmp_path) as running, ThreadPoolExecutor(1) as threads:
        running.hold()
        begun = list[int]()
        held = threads.submit(_hold, running, begun)
        until(lambda: begun, "it never begins")
        os.kill(begun[0], signal.SIGTERM)
        until(lambda: _is_left_to_others(running, begun[0]), "it goes on accepting")
        running.release()
        assert held.result(PATIENCE) == (begun[0], True)
        until(lambda: f"process {begun[0]}) died by exit code 0" in running.said, "it stays")


def _is_left_to_others(running: Crew, stopped: int) -> bool:
    try:
        return answering(running) == running.workers - {stopped}
    except httpx.TransportError:  # accepted before it stopped, and hung up on before it was read
        return False


def test_a_supervisor_that_is_killed_takes_its_workers_along(tmp_path: Path) -> None:
    with crew(tmp_path) as running:
        served = running.workers
        running.hold()
        os.kill(min(served), signal.SIGKILL)
        new = until(lambda: running.workers - served, "no new one comes")  # it does not serve yet
        running.process.kill()
        until(lambda: not any(map(lives, served | new)), "a worker stays")
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", urlsplit(running.url).port))


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_requests_that_run_are_finished_before_it_stops(tmp_path: Path, asked: int) -> None:
    with crew(tmp_path) as running, ThreadPoolExecutor(1) as threads:
        workers = running.workers
        running.hold()
        begun = list[int]()
        held = threads.submit(_hold, running, begun)
        until(lambda: begun, "it never begins")
        running.process.send_signal(asked)
        until(lambda: all(_is_refused(running) for _ in range(TRIES)), "it goes on accepting")
        running.release()
        assert held.result(PATIENCE) == (begun[0], True)
        assert running.process.wait() == 0
        assert not any(map(lives, workers))
        assert "died" not in running.said


def _is_refused(running: Crew) -> bool:
    try:
        httpx.get(running.url, timeout=PATIENCE)
    except (httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError):
        return True
    return False


def test_a_second_interruption_ends_what_does_not_finish(tmp_path: Path) -> None:
    with crew(tmp_path, "stay") as running:
        until(lambda: running.said.count("stays\n") == 2, "they never begin")
        workers = running.workers
        running.process.send_signal(signal.SIGTERM)
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait() == 0
        assert not any(map(lives, workers))


def test_workers_that_die_at_once_again_and_again_end_the_server(tmp_path: Path) -> None:
    with crew(tmp_path, "die") as running:
        assert running.process.wait() == 1
        until(lambda: "ended: " in running.said, "it says nothing")
        last = running.said.splitlines()[-1]
        assert re.match(r"ended: worker [12] died 5 times in a row soon after its start", last)
        assert "exit code 1" in last
        assert 5 <= running.said.count("failed: ValueError: ") <= 10
        assert "words of a request" not in running.said


def test_what_no_worker_can_serve_is_said_once(tmp_path: Path) -> None:
    with crew(tmp_path, "refuse") as running:
        assert running.process.wait() == 1
        until(lambda: "ended: " in running.said, "it says nothing")
        assert running.said == "ended: there is no such thing; give another\n"
