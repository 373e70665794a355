"""Requests and tokens a minute, for each key: counted alike in one process and in several."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from amnestic import Amnesia
from amnestic.exceptions import InvalidRequestError
from amnestic.integrations.openai import Answer
from amnestic.server.access import Allowance, Keys
from amnestic.server.errors import ServerError
from amnestic.server.metering import Meter
from amnestic.testing import ScriptedBackend
from amnestic.tools.registry import AccessKey, AccessRates, KeyGrant, Registry, Used
from amnestic.types.roles import Role
from tests.patience import PATIENCE
from tests.server.asking import FORMS
from tests.server.running import running_proxy

ASKED = {"model": "m", "messages": [{"role": "user", "content": "How is it?"}]}
CHAT = "/v1/chat/completions"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry.open(tmp_path / "registry.db") as opened:
        yield opened


@pytest.fixture(params=["in one process", "in several"])
def allowance(request: pytest.FixtureRequest, registry: Registry) -> Allowance:
    return Allowance(registry.rates if request.param == "in several" else None)


def made(registry: Registry, **limits: Any) -> tuple[AccessKey, str]:
    return registry.keys.create(KeyGrant(name="Ada", role=Role.CALLER, **limits), actor="me")


def refusal(taking: Any) -> ServerError:
    with pytest.raises(ServerError) as told:
        asyncio.run(taking)
    return told.value


def passes(registry: Registry, seconds: float) -> None:
    """Let time pass by the database's clock."""
    with registry._database.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE access_rates SET requests_until = requests_until - {seconds}, "
            f"tokens_until = tokens_until - {seconds}"
        )


def test_one_vast_reply_blocks_a_key_for_an_hour_at_most(
    registry: Registry, allowance: Allowance
) -> None:
    key, _ = made(registry, tokens=10)
    asyncio.run(allowance.spend(key, 10**9))
    told = refusal(allowance.take(key))
    assert 3_000 < int(told.headers["retry-after"]) <= 3_600
    both, _ = made(registry, requests=1, tokens=10)
    asyncio.run(allowance.take(both))
    asyncio.run(allowance.spend(both, 10**9))
    assert 3_000 < int(refusal(allowance.take(both)).headers["retry-after"]) <= 3_600


def test_so_many_requests_and_then_one_is_told_to_wait(
    registry: Registry, allowance: Allowance
) -> None:
    key, _ = made(registry, requests=3)
    left = [dict(asyncio.run(allowance.take(key))) for _ in range(3)]
    assert [told["x-ratelimit-remaining-requests"] for told in left] == ["2", "1", "0"]
    assert {told["x-ratelimit-limit-requests"] for told in left} == {"3"}
    for _ in range(2):
        error = refusal(allowance.take(key))
        assert (error.status, error.kind) == (429, "requests")
        assert 15 <= int(error.headers["retry-after"]) <= 20
        assert error.headers["x-ratelimit-remaining-requests"] == "0"
    other, _ = made(registry, requests=3)
    asyncio.run(allowance.take(other))


def test_a_key_over_its_tokens_waits(registry: Registry, allowance: Allowance) -> None:
    key, _ = made(registry, tokens=600)
    asyncio.run(allowance.take(key))
    asyncio.run(allowance.spend(key, 1_200))
    error = refusal(allowance.take(key))
    assert (error.status, error.kind) == (429, "tokens")
    assert 55 <= int(error.headers["retry-after"]) <= 60
    assert str(error).startswith("600 tokens a minute may be used with this key; come again in")


def test_a_key_without_limits_is_told_of_none(registry: Registry, allowance: Allowance) -> None:
    key, _ = made(registry)
    assert asyncio.run(allowance.take(key)) == ()
    asyncio.run(allowance.spend(key, 10**9))
    assert asyncio.run(allowance.take(key)) == ()


@pytest.mark.parametrize("shared", [False, True])
def test_who_waited_as_long_as_told_is_served(registry: Registry, *, shared: bool) -> None:
    now = [1_000.0]
    allowance = Allowance(registry.rates if shared else None, lambda: now[0])
    key, _ = made(registry, requests=2)
    for _ in range(2):
        asyncio.run(allowance.take(key))
    wait = int(refusal(allowance.take(key)).headers["retry-after"])
    if shared:
        passes(registry, wait)
    now[0] += wait
    asyncio.run(allowance.take(key))
    assert refusal(allowance.take(key)).status == 429


def test_a_refused_key_asks_nothing_of_what_is_shared_until_its_time(
    registry: Registry, tmp_path: Path
) -> None:
    now = [0.0]
    allowance = Allowance(registry.rates, lambda: now[0])
    key, _ = made(registry, requests=1)
    asyncio.run(allowance.take(key))
    assert refusal(allowance.take(key)).status == 429
    os.replace(tmp_path / "registry.db", tmp_path / "away.db")
    now[0] = 30.0
    assert int(refusal(allowance.take(key)).headers["retry-after"]) <= 30
    now[0] = 61.0
    error = refusal(allowance.take(key))  # what it has used cannot be told any more
    assert (error.status, error.code) == (503, "registry_unavailable")
    os.replace(tmp_path / "away.db", tmp_path / "registry.db")


def test_who_asks_too_early_never_reaches_what_is_shared(
    registry: Registry, tmp_path: Path
) -> None:
    now = [0.0]
    allowance = Allowance(registry.rates, lambda: now[0])
    key, _ = made(registry, requests=2)
    for _ in range(2):
        asyncio.run(allowance.take(key))
    os.replace(tmp_path / "registry.db", tmp_path / "away.db")
    error = refusal(allowance.take(key))  # the last request that was served has told of it
    assert (error.status, error.headers["x-ratelimit-remaining-requests"]) == (429, "0")
    assert 25 <= int(error.headers["retry-after"]) <= 30
    now[0] = 31.0
    assert refusal(allowance.take(key)).status == 503
    os.replace(tmp_path / "away.db", tmp_path / "registry.db")


def test_a_count_that_is_told_late_keeps_nobody_waiting_longer(registry: Registry) -> None:
    now = [0.0]

    class Late(AccessRates):
        """Is heard of four seconds after it has counted."""

        def take(self, key: AccessKey) -> Used:
            used = super().take(key)
            now[0] += 4.0
            return used

    allowance = Allowance(Late(registry._database), lambda: now[0])
    key, _ = made(registry, requests=2)
    for _ in range(2):
        asyncio.run(allowance.take(key))
    passes(registry, 31.0)
    now[0] += 27.0
    asyncio.run(allowance.take(key))


def test_tokens_of_the_last_request_are_told_to_the_one_that_comes_too_early(
    registry: Registry, allowance: Allowance
) -> None:
    key, _ = made(registry, requests=1, tokens=100)
    asyncio.run(allowance.take(key))
    asyncio.run(allowance.spend(key, 1_000))
    for _ in range(2):
        error = refusal(allowance.take(key))
        assert error.kind == "tokens"
        assert 500 < int(error.headers["retry-after"]) <= 540
        assert error.headers["x-ratelimit-remaining-tokens"] == "0"


def test_who_waited_for_requests_and_tokens_as_long_as_told_is_served(registry: Registry) -> None:
    now = [0.0]
    allowance = Allowance(registry.rates, lambda: now[0])
    key, _ = made(registry, requests=1, tokens=100)
    asyncio.run(allowance.take(key))
    for passed, tokens in ((5.0, 40), (10.0, 60), (15.0, 100)):
        now[0] += passed
        passes(registry, passed)
        asyncio.run(allowance.spend(key, tokens))
    wait = int(refusal(allowance.take(key)).headers["retry-after"])
    now[0] += wait
    passes(registry, wait)
    asyncio.run(allowance.take(key))


def test_a_key_with_a_request_left_is_not_kept_waiting(registry: Registry) -> None:
    allowance = Allowance(registry.rates, lambda: 0.0)  # no time passes here
    for many in (1, 3, 7, 11, 60):
        key, _ = made(registry, requests=many)
        for _ in range(many):
            asyncio.run(allowance.take(key))


def test_one_callers_limit_is_no_other_callers(
    layer: Callable[..., Amnesia], registry: Registry
) -> None:
    _, small = made(registry, requests=2)
    _, large = made(registry, requests=1_000)
    with running_proxy(layer(ScriptedBackend(default="A mild day."))) as proxy:

        def ask(key: str) -> httpx.Response:
            shown = {"authorization": f"Bearer {key}"}
            return httpx.post(proxy.url + CHAT, json=ASKED, headers=shown, timeout=PATIENCE)

        replies = [ask(small) for _ in range(4)]
        assert [reply.status_code for reply in replies] == [200, 200, 429, 429]
        assert replies[0].headers["x-ratelimit-remaining-requests"] == "1"
        late = replies[-1]
        assert 1 <= int(late.headers["retry-after"]) <= 30
        assert late.headers["x-ratelimit-limit-requests"] == "2"
        assert late.json()["error"]["code"] == "rate_limit_exceeded"
        assert ask(large).status_code == 200
        anthropic = {"x-api-key": small}
        refused = httpx.post(f"{proxy.url}/v1/messages", json={}, headers=anthropic)
        assert (refused.status_code, refused.json()["type"]) == (429, "error")
        assert "retry-after" in refused.headers


def test_a_key_is_told_of_its_own_limits_and_not_of_the_upstreams(
    layer: Callable[..., Amnesia], registry: Registry
) -> None:
    _, key = made(registry, requests=5)
    settings: dict[str, Any] = {"rate_limits": False}
    with running_proxy(layer(ScriptedBackend(default="A mild day.")), **settings) as proxy:
        shown = {"authorization": f"Bearer {key}"}
        reply = httpx.post(proxy.url + CHAT, json=ASKED, headers=shown, timeout=PATIENCE)
        assert reply.headers["x-ratelimit-remaining-requests"] == "4"
        assert reply.headers.get("x-ratelimit-limit-tokens") is None


def test_servers_that_share_a_registry_count_together(
    layer: Callable[..., Amnesia], registry: Registry
) -> None:
    _, key = made(registry, requests=20)
    shown = {"authorization": f"Bearer {key}"}
    with ExitStack() as running:
        amnesia = layer(ScriptedBackend(default="A mild day."))
        several: dict[str, Any] = {"workers": 2}  # so that they count in the registry
        urls = [running.enter_context(running_proxy(amnesia, **several)).url for _ in range(2)]
        http = running.enter_context(httpx.Client(timeout=PATIENCE, headers=shown))
        asked = [f"{url}/v1/models" for url in urls] * 60
        statuses = [http.get(url).status_code for url in asked]
    assert set(statuses) == {200, 429}
    assert 20 <= statuses.count(200) < 60  # some came back meanwhile


def test_replicas_on_postgresql_count_together_and_know_a_revocation_at_once(
    url: str,
) -> None:
    with ExitStack() as running:
        registry = running.enter_context(Registry.open(url))
        key, shown = made(registry, requests=20)
        addresses = []
        for _ in range(2):
            model = ScriptedBackend(default="Yes.")
            amnesia = running.enter_context(Amnesia(model, db=url, elicit=False))
            addresses.append(running.enter_context(running_proxy(amnesia)).url)
        headers = {"authorization": f"Bearer {shown}"}
        http = running.enter_context(httpx.Client(timeout=PATIENCE, headers=headers))
        asked = [f"{address}/v1/models" for address in addresses] * 60
        statuses = [http.get(address).status_code for address in asked]
        assert set(statuses) == {200, 429}
        assert 20 <= statuses.count(200) < 60
        registry.keys.revoke(key.id, actor="me")
        assert [http.get(address).status_code for address in asked[:2]] == [401, 401]


def test_counts_that_have_to_wait_hold_up_nobody_else(
    layer: Callable[..., Amnesia], registry: Registry, tmp_path: Path
) -> None:
    limited, free = made(registry, requests=1_000)[1], made(registry)[1]
    amnesia = layer(ScriptedBackend(default="A mild day."))
    several: dict[str, Any] = {"workers": 2}
    with running_proxy(amnesia, **several) as proxy, ThreadPoolExecutor(24) as pool:

        def ask(key: str) -> int:
            shown = {"authorization": f"Bearer {key}"}
            reply = httpx.post(proxy.url + CHAT, json=ASKED, headers=shown, timeout=PATIENCE)
            return reply.status_code

        assert ask(limited) == 200
        with closing(sqlite3.connect(tmp_path / "registry.db", isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            waiting = [pool.submit(ask, limited) for _ in range(20)]
            assert [ask(free) for _ in range(3)] == [200, 200, 200]
            writer.execute("ROLLBACK")
        assert {one.result() for one in waiting} <= {200, 503}


BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "chat": (CHAT, ASKED),
    "responses": ("/v1/responses", {"model": "m", "input": "How is it?"}),
    "completions": ("/v1/completions", {"model": "m", "prompt": "How is it?"}),
    "messages": ("/v1/messages", FORMS["messages"].body("How is it?")),
    "ollama": ("/api/chat", FORMS["chat"].body("How is it?")),
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("form", BODIES)
def test_the_tokens_of_every_reply_are_counted(
    layer: Callable[..., Amnesia], registry: Registry, form: str, *, stream: bool
) -> None:
    _, key = made(registry, tokens=60)
    shown = {"authorization": f"Bearer {key}"}
    path, body = BODIES[form]
    with running_proxy(layer(ScriptedBackend(default="It is a mild day. " * 40))) as proxy:
        asked = {**body, "stream": stream}
        reply = httpx.post(proxy.url + path, json=asked, headers=shown, timeout=PATIENCE)
        assert reply.status_code == 200, reply.text
        late = httpx.get(f"{proxy.url}/v1/models", headers=shown, timeout=PATIENCE)
    assert (late.status_code, late.headers["x-ratelimit-remaining-tokens"]) == (429, "0")
    assert 60 < int(late.headers["retry-after"]) < 600  # more than all that there was


def test_the_tokens_of_what_is_passed_through_are_counted(
    layer: Callable[..., Amnesia], registry: Registry
) -> None:
    class Embedding(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = b'{"object": "list", "data": [], "usage": {"total_tokens": 90}}'
            self.send_response(200)
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    shown = {"authorization": f"Bearer {made(registry, tokens=60)[1]}"}
    with ExitStack() as running:
        upstream = running.enter_context(HTTPServer(("127.0.0.1", 0), Embedding))
        Thread(target=upstream.serve_forever, daemon=True).start()
        running.callback(upstream.shutdown)
        url = f"http://127.0.0.1:{upstream.server_port}/v1"
        proxy = running.enter_context(running_proxy(layer("?"), upstream=url))
        http = running.enter_context(httpx.Client(timeout=PATIENCE, headers=shown))
        asked = {"model": "m", "input": "It rains."}
        statuses = [http.post(f"{proxy.url}/v1/embeddings", json=asked).status_code for _ in "ab"]
    assert statuses == [200, 429]


def told_by(parts: list[Any], allowance: Allowance, keys: Keys, key: AccessKey, shown: str,
            clock: Callable[[], float] = lambda: 0.0) -> list[bytes]:  # fmt: skip
    async def events() -> AsyncIterator[bytes]:
        for part in parts:
            if callable(part):
                part()
            else:
                yield b"data: " + json.dumps(part).encode() + b"\n\n"

    async def all_of() -> list[bytes]:
        meter = Meter(key, shown, keys, allowance, ASKED, clock)
        async for event in meter.told(events()):
            found.append(event)
        return found

    found: list[bytes] = []
    try:
        asyncio.run(all_of())
    except InvalidRequestError:
        found.append(b"ended")
    return found


def spent(registry: Registry) -> int:
    """Tokens that count now, of a key of 60,000 a minute: so many thousands are a second."""
    with registry._database.connect() as connection:
        seconds = connection.exec_driver_sql(
            "SELECT tokens_until - (julianday('now') - 2440587.5) * 86400.0 FROM access_rates"
        ).scalar()
    return round(int(float(seconds or 0) * 1_000), -3)


@pytest.mark.parametrize(
    ("parts", "tokens"),
    [
        ([{"choices": [{"delta": {"content": "x"}}]}, {"usage": {"total_tokens": 9_000}}], 9_000),
        ([{"response": {"usage": {"input_tokens": 5_000, "output_tokens": 2_000}}}], 7_000),
        ([{"choices": [{"delta": {"content": "x" * 16_000}}]}] * 2, 8_000),
        ([{"type": "response.output_text.delta", "delta": "x" * 20_000}], 5_000),
        ([{"usage": {"total_tokens": -5}}, {"choices": [{"text": "x" * 12_000}]}], 3_000),
    ],
)
def test_tokens_are_those_of_the_usage_or_else_by_the_letters(
    registry: Registry, parts: list[Any], tokens: int
) -> None:
    key, shown = made(registry, tokens=60_000)
    keys = Keys((), None, registry=registry.keys)
    assert len(told_by(parts, Allowance(registry.rates), keys, key, shown)) == len(parts)
    assert spent(registry) == tokens


def test_a_whole_reply_is_counted_and_one_that_failed_is_not(registry: Registry) -> None:
    key, shown = made(registry, tokens=60_000)
    meter = Meter(key, shown, Keys((), None), Allowance(registry.rates), ASKED)
    asyncio.run(meter.answered(Answer(500, (), b'{"usage": {"total_tokens": 9000}}')))
    assert spent(registry) <= 0
    asyncio.run(meter.answered(Answer(200, (), b'{"usage": {"total_tokens": 9000}}')))
    assert spent(registry) == 9_000


def test_a_stream_ends_when_its_key_was_revoked(registry: Registry) -> None:
    key, shown = made(registry, tokens=60_000)
    now = [0.0]

    def later() -> None:
        now[0] += 1.0

    def revoked() -> None:
        registry.keys.revoke(key.id, actor="me")
        later()

    part = {"choices": [{"delta": {"content": "x" * 8_000}}]}
    keys, allowance = Keys((), None, registry=registry.keys), Allowance(registry.rates)
    told = told_by([part, later, part, revoked, part], allowance, keys, key, shown, lambda: now[0])
    assert [event == b"ended" for event in told] == [False, False, True]
    assert spent(registry) == 4_000  # what was told is counted


class Rain(BaseHTTPRequestHandler):
    """An upstream whose answer goes on for as long as somebody listens."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        choice = {"index": 0, "delta": {"content": "It rains. "}, "finish_reason": None}
        part = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m"}
        event = b"data: " + json.dumps({**part, "choices": [choice]}).encode() + b"\n\n"
        with suppress(OSError):
            while True:
                self.wfile.write(event)
                self.wfile.flush()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.mark.parametrize("form", ["chat", "messages"])
def test_a_stream_that_runs_is_ended_with_an_error_in_its_form(
    layer: Callable[..., Amnesia], registry: Registry, form: str
) -> None:
    key, shown = made(registry)
    path, body = BODIES[form]
    with ExitStack() as running:
        upstream = running.enter_context(HTTPServer(("127.0.0.1", 0), Rain))
        Thread(target=upstream.serve_forever, daemon=True).start()
        running.callback(upstream.shutdown)
        url = f"http://127.0.0.1:{upstream.server_port}/v1"
        proxy = running.enter_context(running_proxy(layer("?"), upstream=url))
        headers = {"authorization": f"Bearer {shown}"}
        http = running.enter_context(httpx.Client(timeout=PATIENCE, headers=headers))
        with http.stream("POST", proxy.url + path, json={**body, "stream": True}) as reply:
            lines = (line for line in reply.iter_lines() if line.startswith("data:"))
            assert "error" not in json.loads(next(lines)[5:])
            registry.keys.revoke(key.id, actor="me")
            last = json.loads(list(lines)[-1][5:])
    assert last["error"]["message"] == "this key does not hold any more: the reply ends here"
