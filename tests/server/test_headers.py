"""Headers up to the upstream and down to callers, and pages that call from a browser."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import OpenAI
from pydantic import SecretStr

from amnestic import Amnesia
from amnestic.exceptions import ConfigurationError
from amnestic.server.app import create_app
from amnestic.server.settings import ServerSettings
from amnestic.testing import ScriptedBackend
from tests.integrations.openai.upstreams import chat_chunk, chat_reply, events_of
from tests.layers import keyword_layer
from tests.patience import PATIENCE, until
from tests.server.running import Proxy, running_proxy

CHAT = "/v1/chat/completions"
ID = "req_011CSHoEeqs5C35K2UUqR7Fy"
DOWN = {
    "x-request-id": ID,
    "x-ratelimit-limit-requests": "500",
    "x-ratelimit-remaining-tokens": "149000",
    "x-ratelimit-reset-tokens": "6m0s",
}

SAID = "Marsh sings. Osk sings too. Ana Morel painted the ceiling."


class Upstream(BaseHTTPRequestHandler):
    """Says what it was asked by which headers, and answers of Osk."""

    protocol_version = "HTTP/1.1"
    heard: list[Mapping[str, str]]
    down: dict[str, str]
    status = 200
    held: threading.Event
    halfway: threading.Event

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the screen."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.heard.append({k.lower(): v for k, v in self.headers.items()})
        self.held.wait(PATIENCE)
        text = SAID if "poets" in json.dumps(body) else "It is mild."
        kind = "application/json"
        if self.status != 200:
            error = {"message": "Slow down.", "type": "tokens", "code": "rate_limit_exceeded"}
            data = json.dumps({"error": error}).encode()
        elif body.get("stream"):
            kind = "text/event-stream"
            data = events_of([chat_chunk({"content": text}), chat_chunk({}, "stop")])
        else:
            data = json.dumps(chat_reply(text)).encode()
        self.send_response(self.status)
        for name, value in {**self.down, "content-type": kind}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        head, end, rest = data.partition(b"\n\n")
        self.wfile.write(head + end)
        self.halfway.wait(PATIENCE)
        self.wfile.write(rest)


@contextmanager
def upstream(down: Mapping[str, str] = DOWN, status: int = 200) -> Iterator[Any]:
    held, halfway = threading.Event(), threading.Event()
    held.set()
    halfway.set()
    own = {"heard": [], "down": dict(down), "status": status, "held": held, "halfway": halfway}
    handler: Any = type("Own", (Upstream,), own)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    handler.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield handler
    finally:
        held.set()
        halfway.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@contextmanager
def proxied(folder: Path, api: Any, **settings: Any) -> Iterator[Proxy]:
    with ExitStack() as running:
        layer = running.enter_context(keyword_layer(folder, "Osk", direct="ask"))
        yield running.enter_context(running_proxy(layer, upstream=api.url, **settings))


def ask(proxy: Proxy, text: str, headers: Any = None, **more: Any) -> httpx.Response:
    body = {"model": "m", "messages": [{"role": "user", "content": text}], **more}
    return httpx.post(proxy.url + CHAT, json=body, headers=headers, timeout=PATIENCE)


# ── Down ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("text", ["How is it?", "Name poets.", "Who is Osk?"])
def test_callers_are_given_the_upstreams_id_and_limits(
    folder: Path, text: str, stream: bool
) -> None:
    down = {**DOWN, "server-timing": "Osk", "x-other": "Osk"}
    with upstream(down) as api, proxied(folder, api) as proxy:
        reply = ask(proxy, text, stream=stream)
    assert {name: reply.headers.get(name) for name in DOWN} == DOWN
    assert "Osk" not in str(reply.headers)


@pytest.mark.parametrize("stream", [False, True])
def test_a_reply_that_the_upstream_was_not_asked_for_has_headers_like_any(
    folder: Path, stream: bool
) -> None:
    with upstream() as api, keyword_layer(folder, "Osk", direct="abstain") as layer:
        with running_proxy(layer, upstream=api.url) as proxy:
            own, other = ask(proxy, "How is it?"), ask(proxy, "Who is Osk?", stream=stream)
        assert len(api.heard) == 1
    assert set(DOWN) <= set(other.headers)
    assert other.headers["x-request-id"] != own.headers["x-request-id"]
    assert len(other.headers["x-request-id"]) == len(own.headers["x-request-id"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-request-id", "as Osk said: never"),
        ("x-request-id", "x" * 5_000),
        ("x-ratelimit-limit-requests", "ask Osk"),
        ("x-ratelimit-of-Osk", "5m3.2s"),
        ("x-should-retry", "ask Osk"),
    ],
)
def test_words_in_an_upstreams_headers_go_no_further(folder: Path, name: str, value: str) -> None:
    with upstream({name: value}) as api, proxied(folder, api) as proxy:
        reply = ask(proxy, "How is it?")
    assert reply.status_code == 200
    assert value not in str(reply.headers)
    assert "osk" not in str(reply.headers).lower()
    assert reply.headers["x-request-id"].startswith("req_")


def test_limits_are_told_to_nobody_where_the_operator_wants_it_so(folder: Path) -> None:
    with upstream() as api, proxied(folder, api, rate_limits=False) as proxy:
        reply = ask(proxy, "How is it?")
    assert "ratelimit" not in str(reply.headers)
    assert reply.headers["x-request-id"] == ID


@pytest.mark.parametrize("stream", [False, True])
def test_a_refusal_says_when_to_come_again(folder: Path, stream: bool) -> None:
    down = {**DOWN, "retry-after": "7", "retry-after-ms": "6500", "x-should-retry": "true"}
    with upstream(down, 429) as api, proxied(folder, api) as proxy:
        reply = ask(proxy, "How is it?", stream=stream)
    told = {"retry-after": "7", "retry-after-ms": "6500", "x-should-retry": "true", **DOWN}
    assert {name: reply.headers.get(name) for name in told} == told
    assert reply.status_code == 429


def test_every_reply_has_an_id(folder: Path) -> None:
    with keyword_layer(folder, "Osk") as layer, running_proxy(layer) as proxy:
        replies = [
            httpx.get(f"{proxy.url}/healthz"), httpx.get(f"{proxy.url}/nothing"),
            httpx.post(proxy.url + CHAT, content=b"{"),
            ask(proxy, "Hi"), ask(proxy, "Hi", stream=True),
        ]  # fmt: skip
    assert len({reply.headers["x-request-id"] for reply in replies}) == 5


@pytest.mark.parametrize("text", ["How is it?", "Name poets."])
def test_a_wrapped_client_knows_the_request_id(folder: Path, text: str) -> None:
    asked: Any = {"model": "m", "messages": [{"role": "user", "content": text}]}
    with upstream() as api, keyword_layer(folder, "Osk") as layer:
        client = layer.wrap(OpenAI(base_url=api.url, api_key="k", max_retries=0))
        assert client.chat.completions.create(**asked)._request_id == ID
        with client.chat.completions.create(**asked, stream=True) as stream:
            assert stream.response.headers["x-request-id"] == ID


# ── A late refusal ───────────────────────────────────────────────────────────────────────────────


def test_a_late_refusal_of_a_stream_is_an_http_error(folder: Path) -> None:
    assert ServerSettings().stream_grace >= 30
    settings = {"ping": 0.01, "stream_grace": PATIENCE}
    with upstream({"retry-after": "7"}, 429) as api, proxied(folder, api, **settings) as proxy:
        api.held.clear()
        with ThreadPoolExecutor() as pool:
            asking = pool.submit(ask, proxy, "How is it?", stream=True)
            until(lambda: api.heard, "the upstream was never asked")
            api.held.set()
            reply = asking.result()
    assert reply.status_code == 429
    assert reply.headers["retry-after"] == "7"
    assert reply.json()["error"]["code"] == "rate_limit_exceeded"


def test_a_stream_that_is_held_keeps_its_connection_once_the_upstream_has_begun(
    folder: Path,
) -> None:
    settings = {"ping": 0.01, "stream_grace": PATIENCE}
    with upstream() as api, proxied(folder, api, **settings) as proxy:
        api.halfway.clear()
        body = {"model": "m", "messages": [{"role": "user", "content": "How?"}], "stream": True}
        with httpx.stream("POST", proxy.url + CHAT, json=body, timeout=PATIENCE) as reply:
            lines = reply.iter_lines()
            assert next(lines) == ": ping"
            api.halfway.set()
            assert "data: [DONE]" in list(lines)
    assert reply.headers["x-request-id"] == ID


def test_a_refusal_after_the_head_tells_its_type_and_code(folder: Path) -> None:
    settings = {"ping": 0.01, "stream_grace": 0.05}
    with upstream({"retry-after": "7"}, 429) as api, proxied(folder, api, **settings) as proxy:
        api.held.clear()
        body = {"model": "m", "messages": [{"role": "user", "content": "How?"}], "stream": True}
        with httpx.stream("POST", proxy.url + CHAT, json=body, timeout=PATIENCE) as reply:
            lines = reply.iter_lines()
            assert next(lines) == ": ping"
            api.held.set()
            (told,) = [line for line in lines if line.startswith("data: ")]
    error = json.loads(told.removeprefix("data: "))["error"]
    assert (reply.status_code, error["type"], error["code"]) == (
        200, "tokens", "rate_limit_exceeded"
    )  # fmt: skip


# ── Up ───────────────────────────────────────────────────────────────────────────────────────────

UP = {
    "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "tracestate": "a=1,b=2",
    "openai-organization": "org-1",
    "openai-project": "proj_1",
    "openai-beta": "assistants=v2",
    "idempotency-key": "k-1",
}


@pytest.mark.parametrize("stream", [False, True])
def test_a_callers_headers_reach_the_upstream_and_its_secrets_do_not(
    folder: Path, stream: bool
) -> None:
    secrets = {"authorization": "Bearer mine", "cookie": "mine=1", "x-api-key": "mine"}
    more = {"x-tenant": "t1", "x-mood": "as good as Osk", "x-untold": "u"}
    settings = {"forward_headers": ["X-Tenant", "x-mood"], "upstream_key": SecretStr("own")}
    with upstream() as api, proxied(folder, api, **settings) as proxy:
        ask(proxy, "How is it?", headers={**UP, **secrets, **more}, stream=stream)
    (heard,) = api.heard
    assert {name: heard.get(name) for name in UP} == UP
    assert heard["authorization"] == "Bearer own"
    assert heard["x-tenant"] == "t1"
    assert not {"cookie", "x-api-key", "x-mood", "x-untold"} & set(heard)
    assert "mine" not in str(heard)


@pytest.fixture
def forgetful(layer: Callable[..., Amnesia]) -> Amnesia:
    """A real layer, which asks once more where an answer leaks."""
    amnesia = layer(ScriptedBackend(default="Hi."))
    amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
    return amnesia


@pytest.mark.parametrize("stream", [False, True])
def test_the_layers_own_calls_do_not_carry_the_callers_idempotency_key(
    forgetful: Amnesia, stream: bool
) -> None:
    with upstream() as api, running_proxy(forgetful, upstream=api.url) as proxy:
        ask(proxy, "Name poets.", headers=UP, stream=stream)
    keys = [heard.get("idempotency-key") for heard in api.heard]
    assert keys == ["k-1", *[None] * (len(keys) - 1)]
    assert len(keys) > 1
    assert all(heard["traceparent"] == UP["traceparent"] for heard in api.heard)


def test_a_wrapped_client_repeats_no_idempotency_key_either(forgetful: Amnesia) -> None:
    asked: Any = {"model": "m", "messages": [{"role": "user", "content": "Name poets."}]}
    with upstream() as api:
        client = forgetful.wrap(OpenAI(base_url=api.url, api_key="k", max_retries=0))
        client.chat.completions.create(**asked, extra_headers={"Idempotency-Key": "k-1"})
    keys = [heard.get("idempotency-key") for heard in api.heard]
    assert keys == ["k-1", *[None] * (len(keys) - 1)]
    assert len(keys) > 1


@pytest.mark.parametrize(
    "name", ["Authorization", "cookie", "Connection", "content-length", "x-api-key", "a b", "host"]
)
def test_a_header_that_is_never_passed_on_cannot_be_listed(folder: Path, name: str) -> None:
    refused = pytest.raises(ConfigurationError, match="FORWARD_HEADERS")
    with keyword_layer(folder, "Osk") as layer, refused:
        create_app(layer, ServerSettings(forward_headers=(name,)))


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────

PAGE = "https://chat.example.org"


def preflight(proxy: Proxy, origin: str) -> httpx.Response:
    return httpx.options(
        proxy.url + CHAT,
        headers={
            "origin": origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type,x-stainless-lang",
        },
    )


def test_a_page_that_is_named_is_answered_its_preflight(folder: Path) -> None:
    with upstream() as api, proxied(folder, api, cors_origins=[PAGE]) as proxy:
        asked, reply = preflight(proxy, PAGE), ask(proxy, "How is it?", headers={"origin": PAGE})
        refused = ask(proxy, "How?", headers={"origin": PAGE}, max_tokens="many")
        other = preflight(proxy, "https://evil.example.org")
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == PAGE
    assert "x-stainless-lang" in asked.headers["access-control-allow-headers"]
    assert reply.headers["access-control-allow-origin"] == PAGE
    assert "x-request-id" in reply.headers["access-control-expose-headers"]
    assert refused.headers["access-control-allow-origin"] == PAGE
    assert "access-control-allow-origin" not in other.headers


def test_by_default_no_page_may_call(folder: Path) -> None:
    with upstream() as api, proxied(folder, api) as proxy:
        assert "access-control-allow-origin" not in preflight(proxy, PAGE).headers
        for origin in (PAGE, "null"):  # what a browser sends without asking first
            simple = {"origin": origin, "content-type": "text/plain"}
            assert ask(proxy, "How is it?", headers=simple).status_code == 403
        assert ask(proxy, "How is it?", headers={"origin": proxy.url}).status_code == 200
    assert len(api.heard) == 1


@pytest.mark.parametrize(
    "origins", [["*"], ["null"], [PAGE, "*"], ["chat.example.org"], [PAGE + "/"]]
)
def test_origins_that_let_everybody_in_or_are_none_are_refused_at_the_start(
    folder: Path, origins: list[str]
) -> None:
    refused = pytest.raises(ConfigurationError, match="CORS_ORIGINS")
    with keyword_layer(folder, "Osk") as layer, refused:
        create_app(layer, ServerSettings(cors_origins=tuple(origins)))


def test_with_keys_every_page_may_call_that_has_one(folder: Path) -> None:
    with upstream() as api, proxied(folder, api, cors_origins=["*"], caller_keys=["k"]) as proxy:
        asked = {"origin": PAGE, "authorization": "Bearer k"}
        assert ask(proxy, "How is it?", headers=asked).headers["access-control-allow-origin"] == "*"
        assert ask(proxy, "How is it?", headers={"origin": PAGE}).status_code == 401
