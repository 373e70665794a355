"""A key that is revoked, or expires, while its request runs: nobody is told the reply."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from amnestic import Amnesia
from amnestic.integrations.openai import Answer
from amnestic.server import metering
from amnestic.server.access import Allowance, Keys
from amnestic.server.errors import KeyEndedError
from amnestic.server.metering import Meter
from amnestic.testing import ScriptedBackend, serve_scripted
from amnestic.tools.registry import AccessKey, KeyGrant, Registry
from amnestic.types.roles import Role
from tests.patience import PATIENCE, until
from tests.server.asking import in_shape
from tests.server.running import running_proxy
from tests.server.test_command import serving
from tests.server.test_key_limits import BODIES

SECRET = "The larks are gone."
ANSWER = Answer(200, (), b'{"usage": {"total_tokens": 90}}')
OVER = "2001-01-01T00:00:00+00:00"
HELD = 8  # requests at once, of which each of two workers has some


def made(registry: Registry, **limits: Any) -> tuple[AccessKey, str]:
    return registry.keys.create(KeyGrant(name="Ada", role=Role.CALLER, **limits), actor="me")


def ask(url: str, path: str, body: Any, shown: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {shown}"}
    return httpx.post(url + path, json=body, headers=headers, timeout=PATIENCE)


def test_a_whole_reply_is_looked_after_as_a_stream_is(tmp_path: Path) -> None:
    now = [0.0]
    with Registry.open(tmp_path / "r.db") as registry:
        key, shown = made(registry, tokens=6_000)
        keys = Keys((), None, registry=registry.keys)
        meters = [
            Meter(key, shown, keys, Allowance(registry.rates), {}, lambda: now[0]) for _ in range(2)
        ]
        registry.keys.revoke(key.id, actor="me")
        asyncio.run(meters[0].answered(ANSWER))  # it was looked at a moment ago
        now[0] = 1.0
        with pytest.raises(KeyEndedError):
            asyncio.run(meters[1].answered(ANSWER))
        with registry.database.connect() as connection:
            found = connection.exec_driver_sql("SELECT tokens_until FROM access_rates").all()
        assert len(found) == 1  # what the upstream has taken for it is counted all the same


@pytest.mark.parametrize("end", ["revoked", "rotated", "expired"])
@pytest.mark.parametrize("form", BODIES)
def test_the_reply_of_a_key_that_ends_meanwhile_is_withheld(
    layer: Callable[..., Amnesia],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
    end: str,
) -> None:
    monkeypatch.setattr(metering, "_PAUSE", 0.0)
    path, body = BODIES[form]
    gate = threading.Event()
    model = ScriptedBackend(default=SECRET, gate=gate)
    with (
        Registry.open(tmp_path / "registry.db") as elsewhere,
        running_proxy(layer(model)) as proxy,
        ThreadPoolExecutor(1) as threads,
    ):
        key, shown = made(elsewhere)
        running = threads.submit(ask, proxy.url, path, body, shown)
        until(lambda: model.calls, "it is never asked")
        if end == "expired":
            with elsewhere.database.connect(writing=True) as connection, connection.begin():
                connection.exec_driver_sql(f"UPDATE access_keys SET expires = '{OVER}'")
        else:
            {"revoked": elsewhere.keys.revoke, "rotated": elsewhere.keys.rotate}[end](
                key.id, actor="me"
            )
        gate.set()
        reply = running.result(PATIENCE)
    assert reply.status_code == 401
    assert SECRET not in reply.text
    assert "does not hold any more" in reply.text
    assert form not in ("messages", "ollama") or in_shape(path, reply)


def test_a_key_that_ends_while_its_request_still_comes_in_is_told_nothing(
    layer: Callable[..., Amnesia], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metering, "_PAUSE", 0.5)  # longer than the model takes
    path, body = BODIES["chat"]
    with (
        Registry.open(tmp_path / "registry.db") as elsewhere,
        running_proxy(layer(ScriptedBackend(default=SECRET))) as proxy,
    ):
        key, shown = made(elsewhere)

        def pieces() -> Iterator[bytes]:
            told = json.dumps(body).encode()
            yield told[:5]
            time.sleep(metering._PAUSE)
            elsewhere.keys.revoke(key.id, actor="me")
            time.sleep(metering._PAUSE)
            yield told[5:]

        headers = {"authorization": f"Bearer {shown}", "content-type": "application/json"}
        reply = httpx.post(proxy.url + path, content=pieces(), headers=headers, timeout=PATIENCE)
    assert reply.status_code == 401
    assert SECRET not in reply.text


def test_what_was_withheld_cannot_be_had_later(
    layer: Callable[..., Amnesia], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metering, "_PAUSE", 0.0)
    gate = threading.Event()
    model = ScriptedBackend(default=SECRET, gate=gate)
    with (
        Registry.open(tmp_path / "registry.db") as elsewhere,
        running_proxy(layer(model)) as proxy,
        ThreadPoolExecutor(1) as threads,
    ):
        key, shown = made(elsewhere)
        sent = {**BODIES["responses"][1], "conversation": None}
        talk = ask(proxy.url, "/v1/conversations", {}, shown).json()["id"]
        running = threads.submit(
            ask, proxy.url, "/v1/responses", {**sent, "conversation": talk}, shown
        )
        until(lambda: model.calls, "it is never asked")
        _, fresh = elsewhere.keys.rotate(key.id, actor="me")
        gate.set()
        assert running.result(PATIENCE).status_code == 401
        items = httpx.get(
            f"{proxy.url}/v1/conversations/{talk}/items",
            headers={"authorization": f"Bearer {fresh}"},
            timeout=PATIENCE,
        )
    assert items.status_code == 200
    assert items.json()["data"] == []


@pytest.mark.slow
@pytest.mark.parametrize("stream", [False, True])
def test_it_holds_in_every_worker(tmp_path: Path, *, stream: bool) -> None:
    gate = threading.Event()
    model = ScriptedBackend(default=SECRET, gate=gate)
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": stream}
    with Registry.open(tmp_path / "r.db") as registry:
        key, shown = made(registry)
        with (
            serve_scripted(model) as upstream,
            serving("--upstream", upstream.base_url, "--db", str(tmp_path / "r.db"),
                    "--workers", "2") as (url, _),
            ThreadPoolExecutor(HELD) as threads,
        ):  # fmt: skip
            running = [
                threads.submit(ask, url, "/chat/completions", body, shown) for _ in range(HELD)
            ]
            until(lambda: len(model.calls) == HELD, "the requests never run")
            registry.keys.revoke(key.id, actor="me")
            gate.set()
            replies = [one.result(PATIENCE) for one in running]
    assert all(SECRET not in one.text for one in replies)
    assert all("does not hold any more" in one.text for one in replies)
