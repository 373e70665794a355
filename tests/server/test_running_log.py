"""The log of a real server of two workers as a program reads it: each line is a JSON object."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from amnestic.testing import ScriptedBackend, serve_scripted
from tests.patience import PATIENCE, until
from tests.server.crew import workers_of
from tests.server.test_command import command

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")
Lines = Callable[[], list[dict[str, Any]]]


def one(lines: Lines, event: str, **fields: Any) -> dict[str, Any]:
    """The line of an event with such fields, once it is there."""
    return until(
        lambda: next(
            (
                line
                for line in lines()
                if line["event"].startswith(event) and fields.items() <= line.items()
            ),
            None,
        ),
        f"no line tells of {event!r}",
    )


def test_start_up_changes_and_the_death_of_a_worker_are_lines_of_json(tmp_path: Path) -> None:
    log = tmp_path / "log"
    env = {
        **os.environ,
        "AMNESTIC_SERVER_LOG": "json",
        "AMNESTIC_SERVER_ADMIN_TOKEN": "adm",
        "AMNESTIC_SERVER_CALLER_KEYS": '["caller"]',
    }

    def lines() -> list[dict[str, Any]]:
        whole = log.read_text("utf-8").rpartition("\n")[0]  # the last may be half written
        return [json.loads(line) for line in whole.splitlines()]

    with serve_scripted(ScriptedBackend("Mirela Osk wrote it.")) as upstream, log.open("wb") as err:
        told = ["--port", "0", "--upstream", upstream.base_url, "--db", str(tmp_path / "r.db")]
        running = subprocess.Popen(command(*told, "--workers", "2"), stderr=err, env=env)
        try:
            address = one(lines, "serving")["address"]
            first = {one(lines, "ready", pid=pid)["pid"] for pid in workers_of(running.pid)}
            assert len(first) == 2
            head = {"authorization": "Bearer adm"}
            text = {"text": "Please forget Mirela Osk, a poet from Tavel."}
            made = httpx.post(f"{address}/targets", json=text, headers=head, timeout=PATIENCE)
            assert one(lines, "change", action="add")["ids"] == [made.json()["id"]]
            body = {"model": "m", "messages": [{"role": "user", "content": "Who is Mirela Osk?"}]}
            caller = {"authorization": "Bearer caller"}
            reply = httpx.post(
                f"{address}/chat/completions", json=body, headers=caller, timeout=PATIENCE
            )
            asked = one(lines, "request", id=reply.headers["x-request-id"])
            assert asked["targets"] == [made.json()["id"]]
            killed = min(first)
            os.kill(killed, signal.SIGKILL)
            died = one(lines, "worker ", worker_pid=killed)
            assert (died["level"], died["died_by"]) == ("warning", "SIGKILL")
            assert died["worker"] in (1, 2)
            until(lambda: len(workers_of(running.pid) - {killed}) == 2, "no other comes")
            (new,) = workers_of(running.pid) - first
            assert one(lines, "ready", pid=new)["registry"] == str(tmp_path / "r.db")
            running.send_signal(signal.SIGTERM)
            assert running.wait(PATIENCE) in (0, -signal.SIGTERM)
        finally:
            running.kill()
            running.wait()
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines())
    whole = log.read_text("utf-8")
    assert not any(word in whole for word in ("Mirela", "Osk", "Tavel", "adm", "caller"))
