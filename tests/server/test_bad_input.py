"""Bad input and bad upstreams: a clear error in OpenAI's shape, and the server lives."""

from __future__ import annotations

import json
import socket
from contextlib import ExitStack, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from amnestic.testing import ScriptedServer
from tests.layers import keyword_layer
from tests.patience import PATIENCE
from tests.server.conftest import CLEAN
from tests.server.running import Proxy, running_proxy

CHAT = "/v1/chat/completions"
HEAD = f"POST {CHAT} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"


def user(text: Any) -> Any:
    return {"model": "m", "messages": [{"role": "user", "content": text}]}


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


BAD_BODIES: list[tuple[str, bytes, int]] = [
    ("nothing", b"", 400),
    ("malformed", b'{"messages": [', 400),
    ("not an object", b"[1, 2]", 400),
    ("invalid UTF-8", b'{"messages": "\xff\xfe"}', 400),
    ("deep brackets", b"[" * 200_000, 400),
    ("deep nesting", json.dumps({**user("a"), "extra": deep(150)}).encode(), 400),
    ("not a number", b'{"messages": [{"role": "user", "content": "a"}], "n": NaN}', 400),
    ("huge", json.dumps(user("x" * 400_000)).encode(), 413),
    ("no messages", b'{"model": "m"}', 400),
    ("empty messages", b'{"messages": []}', 400),
    ("messages of the wrong type", b'{"messages": {"role": "user"}}', 400),
    ("a message of the wrong type", b'{"messages": ["hello"]}', 400),
    ("too many messages", json.dumps({"messages": user("a")["messages"] * 60}).encode(), 400),
    ("an unknown role", b'{"messages": [{"role": "wizard", "content": "a"}]}', 400),
    ("an unknown part", json.dumps(user([{"type": "hologram"}])).encode(), 400),
    ("a part without type", json.dumps(user([{"text": "a"}])).encode(), 400),
    ("a part that is a string", json.dumps(user(["a"])).encode(), 400),
    ("a part of an odd type", json.dumps(user([{"type": {"a": 1}}])).encode(), 400),
    ("an odd role", b'{"messages": [{"role": {"a": 1}, "content": "a"}]}', 400),
    ("a blank message", json.dumps(user("  ")).encode(), 400),
    ("a NUL character", json.dumps(user("a\x00b")).encode(), 400),
    ("a lone surrogate", b'{"messages": [{"role": "user", "content": "\\ud800"}]}', 400),
    ("a lone surrogate elsewhere", json.dumps({**user("a"), "user": "\ud800"}).encode(), 400),
    ("a number without end", b'{"messages": [{"role": "user", "content": "a"}], "n": 1e999}', 400),
    ("a tool of the wrong type", json.dumps({**user("a"), "tools": [None]}).encode(), 400),
    ("stop of the wrong type", json.dumps({**user("a"), "stop": 5}).encode(), 400),
    ("a stop of the wrong type", json.dumps({**user("a"), "stop": [1]}).encode(), 400),
    ("stream of the wrong type", json.dumps({**user("a"), "stream": "yes"}).encode(), 400),
    ("n out of range", json.dumps({**user("a"), "n": 100_000}).encode(), 400),
    ("temperature of the wrong type", json.dumps({**user("a"), "top_p": "x"}).encode(), 400),
    ("tools of the wrong type", json.dumps({**user("a"), "tools": "all"}).encode(), 400),
    ("audio output", json.dumps({**user("a"), "modalities": ["text", "audio"]}).encode(), 400),
    ("tool calls of the wrong type",
     b'{"messages": [{"role": "assistant", "tool_calls": [1]}]}', 400),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body", "status"), BAD_BODIES, ids=[b[0] for b in BAD_BODIES])
def test_a_bad_body_is_a_clear_error(proxy: Proxy, name: str, body: bytes, status: int) -> None:
    reply = httpx.post(proxy.url + CHAT, content=body, headers={"content-type": "application/json"})
    assert reply.status_code == status
    error = reply.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"]
    assert "Traceback" not in reply.text
    assert alive(proxy)


@pytest.mark.parametrize(
    "body",
    [
        {"model": "m", "input": "a", "background": True},
        {"model": "m", "input": 5},
        {"model": "m", "input": [5]},
        {"model": "m", "input": [{"type": "function_call", "name": 5}]},
        {"model": "m", "instructions": 5, "input": "a"},
        {"model": "m", "input": [{"type": {"a": 1}}]},
    ],
)
def test_a_bad_response_request_is_a_clear_error(proxy: Proxy, body: Any) -> None:
    reply = httpx.post(f"{proxy.url}/v1/responses", json=body)
    assert reply.status_code == 400
    assert reply.json()["error"]["message"]


@pytest.mark.parametrize("body", [{"prompt": [1, 2]}, {"prompt": ["a", "b"]}, {"prompt": None},
                                  {"prompt": "a", "echo": True}, {"prompt": "a", "best_of": 3},
                                  {"prompt": "a", "suffix": 1}])  # fmt: skip
def test_a_bad_completion_request_is_a_clear_error(proxy: Proxy, body: Any) -> None:
    reply = httpx.post(f"{proxy.url}/v1/completions", json=body)
    assert reply.status_code == 400
    assert reply.json()["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("DELETE", CHAT, 405),
        ("GET", "/", 404),
        ("POST", "/v1/chat/completions/", 404),
        ("GET", "/v1/responses/resp_1", 404),
        ("POST", "/v1/audio/speech", 404),
        ("GET", "/v1/models/%00%3F%23", 404),
    ],
)
def test_other_paths_are_closed(proxy: Proxy, method: str, path: str, status: int) -> None:
    reply = httpx.request(method, proxy.url + path)
    assert reply.status_code == status
    assert reply.json()["error"]["message"]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Page", 502),
        ("Empty", 502),
        ("Nothing", 502),
        ("Broken", 503),
        ("Limit", 429),
        ("Fault", 500),
        ("Key", 502),
    ],
)
def test_a_bad_upstream_is_a_clear_error(
    proxy: Proxy, text: str, status: int, stream: bool
) -> None:
    reply = httpx.post(proxy.url + CHAT, json={**user(text), "stream": stream})
    if not (text == "Broken" and not stream):  # cut in the middle, a plain answer is no JSON
        assert reply.status_code == status or (stream and text == "Broken")
    assert reply.status_code >= 400 or '"error"' in reply.text
    assert "Osk" not in reply.text
    assert "sk-secret" not in reply.text
    assert "and" not in reply.text.replace("understand", "") or text != "Broken"
    assert alive(proxy)


def test_an_upstream_that_never_ends_is_broken_off(
    tmp_path: Path, upstream: ScriptedServer
) -> None:
    asked = {**user("Endless"), "stream": True}
    with (
        keyword_layer(tmp_path, "Osk") as layer,
        running_proxy(layer, upstream=upstream.base_url, request_timeout=1) as impatient,
    ):
        with httpx.stream("POST", impatient.url + CHAT, json=asked) as reply:
            text = "".join(reply.iter_text())
        assert httpx.get(f"{impatient.url}/healthz").status_code == 200
    assert '"error"' in text
    assert "[DONE]" not in text


def test_an_upstream_that_cannot_be_reached_is_a_clear_error(tmp_path: Any) -> None:
    with (
        keyword_layer(tmp_path, "Osk") as layer,
        running_proxy(layer, upstream="http://127.0.0.1:9/v1") as proxy,
    ):
        for stream in (False, True):
            reply = httpx.post(proxy.url + CHAT, json={**user("Where?"), "stream": stream})
            assert reply.status_code == 503
            assert "could not be reached" in reply.json()["error"]["message"]
        ready = httpx.get(f"{proxy.url}/readyz")
    assert ready.status_code == 503
    assert ready.json()["reason"] == "the upstream cannot be reached"


def test_a_caller_that_sends_slowly_is_told_to_go(tmp_path: Path) -> None:
    with (
        keyword_layer(tmp_path) as layer,
        running_proxy(layer, body_timeout=1) as impatient,
        socket.create_connection(("127.0.0.1", impatient.port)) as slow,
    ):
        slow.sendall(f'{HEAD}content-length: 100\r\n\r\n{{"mess'.encode())
        assert httpx.get(f"{impatient.url}/healthz").status_code == 200
        slow.settimeout(PATIENCE)
        answer = b"".join(iter(partial(slow.recv, 65_536), b""))
    assert b" 408 " in answer.split(b"\r\n")[0]
    assert b'"error"' in answer


def test_callers_that_send_their_headers_slowly_hold_nobody_up(proxy: Proxy) -> None:
    with ExitStack() as slow:
        for _ in range(100):
            connection = socket.create_connection(("127.0.0.1", proxy.port))
            slow.enter_context(connection).sendall(b"POST /v1/chat/completions HTTP/1.1\r\nho")
        assert alive(proxy)


@pytest.mark.parametrize("said_before", [b"", HEALTH], ids=["at once", "after an answer"])
def test_a_caller_whose_headers_do_not_come_is_left(tmp_path: Path, said_before: bytes) -> None:
    with (
        keyword_layer(tmp_path) as amnesia,
        running_proxy(amnesia, header_timeout=2) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port)) as slow,
    ):
        slow.settimeout(PATIENCE)
        if said_before:
            slow.sendall(said_before)
            assert slow.recv(65_536).startswith(b"HTTP/1.1 200")
        slow.sendall(f"POST {CHAT} HTTP/1.1\r\nho".encode())
        assert not b"".join(iter(partial(slow.recv, 65_536), b"")).startswith(b"HTTP")
        assert httpx.get(f"{proxy.url}/healthz").status_code == 200


def test_a_caller_that_leaves_before_its_body_is_there_is_no_trouble(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port)) as gone:
        gone.sendall(f"{HEAD}content-length: 9\r\n\r\n{{".encode())
    assert alive(proxy)


def test_a_body_that_is_larger_than_it_said_is_refused(proxy: Proxy) -> None:
    def pieces() -> Any:
        for _ in range(40):
            yield b"x" * 10_000

    told = {"content-type": "application/json"}
    reply = httpx.post(proxy.url + CHAT, content=pieces(), headers=told)
    assert reply.status_code == 413


MANY = b"".join(b"x-%d: a\r\n" % i for i in range(100_000))
FLOODS = {
    "thousands of headers": b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n" + MANY + b"\r\n",
    "no end of headers": b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n" + MANY,
    "a huge header": b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: "
    + b"a" * 100_000
    + b"\r\n\r\n",
    "a header that does not end": b"GET /healthz HTTP/1.1\r\nx: " + b"a" * 3_000_000,
    "a huge name": b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n"
    + b"a" * 100_000
    + b": x\r\n\r\n",
    "a huge path": b"GET /v1/models/" + b"a" * 100_000 + b" HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "a path that does not end": b"GET /v1/models/" + b"a" * 3_000_000,
    "a flood behind a request": HEALTH + b"GET / HTTP/1.1\r\nx: " + b"a" * 3_000_000,
}


@pytest.mark.parametrize("flood", FLOODS)
@pytest.mark.parametrize("parser", ["httptools", "h11"])
def test_a_flood_of_headers_is_refused_and_the_server_lives(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, flood: str, parser: str
) -> None:
    with ExitStack() as running:
        if parser == "h11":
            from uvicorn.protocols.http import auto, h11_impl

            monkeypatch.setattr(auto, "AutoHTTPProtocol", h11_impl.H11Protocol)
            layer = running.enter_context(keyword_layer(tmp_path, "Osk"))
            proxy = running.enter_context(running_proxy(layer))
        caller = running.enter_context(
            socket.create_connection(("127.0.0.1", proxy.port), timeout=PATIENCE)
        )
        told, hung_up = b"", False
        try:
            caller.sendall(FLOODS[flood])
            while piece := caller.recv(65_536):
                told += piece
        except OSError:  # what the server has not read when it hangs up makes that a reset
            hung_up = True
        statuses = {int(line.split()[1]) for line in told.splitlines() if b"HTTP/1.1 " in line}
        assert statuses & {400, 431} or hung_up
        assert httpx.get(f"{proxy.url}/healthz").json() == {"status": "ok"}


def test_a_head_that_is_too_long_is_said_in_openais_shape(proxy: Proxy) -> None:
    reply = httpx.post(proxy.url + CHAT, json=user("Hi"), headers={"x-long": "a" * 70_000})
    assert reply.status_code == 431
    assert reply.json()["error"]["code"] == "head_too_large"
    long = httpx.post(proxy.url + CHAT, json=user("Where is Paris?"), headers={"x": "a" * 30_000})
    assert long.status_code == 200


def alive(proxy: Proxy) -> bool:
    reply = httpx.post(proxy.url + CHAT, json=user("Where is Paris?"))
    return bool(reply.json()["choices"][0]["message"]["content"] == CLEAN)


def test_a_page_in_place_of_what_is_passed_through_is_a_clear_error(tmp_path: Any) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>Welcome</html>")

        do_POST = do_GET

        def log_message(self, *args: Any) -> None:
            pass

    with ExitStack() as running:
        layer = running.enter_context(keyword_layer(tmp_path, "Osk"))
        pages = running.enter_context(HTTPServer(("127.0.0.1", 0), Page))
        Thread(target=pages.serve_forever, daemon=True).start()
        running.callback(pages.shutdown)
        upstream = f"http://127.0.0.1:{pages.server_port}/v1"
        proxy = running.enter_context(running_proxy(layer, upstream=upstream))
        models = httpx.get(f"{proxy.url}/v1/models")
        embedded = httpx.post(f"{proxy.url}/v1/embeddings", json={"input": "a"})
    for reply in (models, embedded):
        assert reply.status_code == 502
        assert "not a JSON object" in reply.json()["error"]["message"]


def test_a_plain_answer_that_does_not_end_is_broken_off(tmp_path: Any) -> None:
    class Endless(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while True:
                    self.wfile.write(b" " * 1_000_000)

        def log_message(self, *args: Any) -> None:
            pass

    with ExitStack() as running:
        layer = running.enter_context(keyword_layer(tmp_path, "Osk"))
        endless = running.enter_context(HTTPServer(("127.0.0.1", 0), Endless))
        Thread(target=endless.serve_forever, daemon=True).start()
        running.callback(endless.shutdown)
        upstream = f"http://127.0.0.1:{endless.server_port}/v1"
        proxy = running.enter_context(running_proxy(layer, upstream=upstream))
        reply = httpx.post(proxy.url + CHAT, json=user("Where?"))
    assert reply.status_code == 502
    assert reply.json()["error"]["message"] == "the upstream's answer does not end"
