"""`amnestic serve` from the command line."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from amnestic.testing import ScriptedBackend, serve_scripted
from tests.cli.one_process import Said, one_after_another
from tests.patience import PATIENCE, until
from tests.server.crew import workers_of

HELD = 12  # requests that run at once, of which each of two workers has some


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "amnestic", "serve", *arguments]


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[tuple[str, Any]]:
    """A server in a process of its own, as its address and its process."""
    env = {**os.environ, "AMNESTIC_SERVER_LOG": "off", **environment}
    with subprocess.Popen(
        command("--port", "0", *arguments), stderr=subprocess.PIPE, text=True, env=env
    ) as running:
        try:
            assert running.stderr is not None
            line = running.stderr.readline()
            assert line.startswith("serving on http://127.0.0.1:"), line + running.stderr.read()
            yield line.split()[2], running
        finally:
            running.kill()


def _chats(url: str, token: str) -> float:
    return _counted(
        url, token, 'amnestic_requests_total{endpoint="/v1/chat/completions",status="200"}'
    )


def _counted(url: str, token: str, wanted: str) -> float:
    shown = {"authorization": f"Bearer {token}"}
    text = httpx.get(f"{url.removesuffix('/v1')}/metrics", headers=shown, timeout=PATIENCE).text
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(wanted))


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_it_serves_and_stops_when_told(tmp_path: Path, workers: str) -> None:
    files = list[str]()
    for option, key in (
        ("upstream-key", "up-key"),
        ("admin-token", "adm"),
        ("caller-key", "caller"),
    ):
        file = tmp_path / option
        file.touch(0o600)
        file.write_text(f"{key}\n")
        files += [f"--{option}-file", str(file)]
    with (
        serve_scripted(ScriptedBackend(default="Hello."), api_key="up-key") as upstream,
        serving("--upstream", upstream.base_url, "--db", str(tmp_path / "r.db"),
                "--workers", workers, *files) as (url, running),
    ):  # fmt: skip
        http = httpx.Client(
            base_url=url, headers={"authorization": "Bearer caller"}, timeout=PATIENCE
        )
        body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
        replies = [http.post("/chat/completions", json=body).json() for _ in range(4)]
        counted = [_chats(url, "adm") for _ in range(4)]  # whichever worker is asked
        assert counted == [4.0] * 4
        http.close()
        said = {reply["choices"][0]["message"]["content"] for reply in replies}
        assert said == {"Hello."}
        assert httpx.post(f"{url}/chat/completions", json=body).status_code == 401
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE) in (0, -signal.SIGTERM)
        assert "up-key" not in running.stderr.read()


def test_a_killed_worker_is_replaced_and_the_counters_go_on(tmp_path: Path) -> None:
    gate = threading.Event()
    answers = ScriptedBackend(default="Hello.", gate=gate)
    with (
        serve_scripted(answers) as upstream,
        serving("--upstream", upstream.base_url, "--db", str(tmp_path / "r.db"), "--workers", "2",
                AMNESTIC_SERVER_ADMIN_TOKEN="adm") as (url, running),
        ThreadPoolExecutor(HELD) as threads,
    ):  # fmt: skip
        held = [threads.submit(_asked, url) for _ in range(HELD)]
        until(lambda: len(answers.calls) == HELD, "the requests never run")
        assert _counted(url, "adm", "amnestic_requests_running ") == HELD + 1  # and this one
        os.kill(min(workers_of(running.pid)), signal.SIGKILL)
        assert " died by SIGKILL; another takes its place" in running.stderr.readline()
        left = _counted(url, "adm", "amnestic_requests_running ") - 1
        gate.set()
        ended = [request.result(PATIENCE) for request in held]  # none of them hangs
        assert ended.count(200) == left
        assert {_asked(url) for _ in range(20)} == {200}
        until(lambda: len(workers_of(running.pid)) == 2, "no other comes")
        assert _chats(url, "adm") == left + 20


def _asked(url: str) -> int:
    """The status of an answer; 0 where its worker died."""
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    try:
        return httpx.post(f"{url}/chat/completions", json=body, timeout=PATIENCE).status_code
    except httpx.TransportError:
        return 0


@pytest.mark.slow
def test_workers_share_what_callers_may_refer_to(tmp_path: Path) -> None:
    runtime = tmp_path / "run"
    runtime.mkdir()
    with (
        serve_scripted(ScriptedBackend(default="Hello.")) as upstream,
        serving("--upstream", upstream.base_url, "--db", str(tmp_path / "r.db"),
                "--workers", "3", XDG_RUNTIME_DIR=str(runtime)) as (url, running),
    ):  # fmt: skip
        said = {"type": "message", "id": "msg_mine", "role": "user", "content": "Hi"}
        again = {"input": [{"type": "item_reference", "id": "msg_mine"}]}
        asked = [{"input": [said]}, *[again] * 12]
        told = [httpx.post(f"{url}/responses", json={"model": "m", **body}) for body in asked]
        assert {reply.status_code for reply in told} == {200}
        assert len(list(runtime.iterdir())) == 1
        running.send_signal(signal.SIGTERM)
        running.wait(PATIENCE)
        assert list(runtime.iterdir()) == []


REFUSED = [  # the warning first: a server that has set its logs up writes elsewhere
    (["--host", "192.0.2.1", "--caller-key", "secret-1", "--caller-key", "secret-2"],
     "other users can read what --caller-key says"),
    (["--host", "0.0.0.0"], "without keys"),
    (["--model", "nothing:at-all"], "unknown model spec"),
    (["--port", "99999"], "server setting 'port'"),
    (["--host", "192.0.2.1", "--caller-key-file", "{keys}"], "cannot bind 192.0.2.1"),
    (["--caller-key-file", "{keys}.old"], "--caller-key-file: `"),
    (["--admin-token-file", "{keys}"], "holds 2 lines; one key is wanted"),
    (["--upstream", "http://127.0.0.1:9/v1", "--port", "{taken}"], "cannot bind"),
]  # fmt: skip


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> list[Said]:
    """What is said of each that cannot be served."""
    home = tmp_path_factory.mktemp("refused")
    keys = home / "keys"
    keys.touch(0o600)
    keys.write_text("one\ntwo\n")
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        told = [[a.format(keys=keys, taken=taken) for a in given] for given, _ in REFUSED]
        always = ("serve", "--db", str(home / "r.db"))
        return one_after_another(
            [[*always, *given] for given in told], {"AMNESTIC_SERVER_PORT": "0"}
        )


@pytest.mark.parametrize("number", range(len(REFUSED)), ids=lambda n: REFUSED[n][1])
def test_what_cannot_be_served_is_one_line_and_exit_code_2(
    refusals: list[Said], number: int
) -> None:
    done = refusals[number]
    assert done.code == 2
    assert REFUSED[number][1] in done.err
    warned = "--caller-key" in REFUSED[number][0]
    assert len(done.err.strip().splitlines()) == 1 + warned
    assert "secret" not in done.err
