"""What real clients send that is older, rounder or smaller than it might be, and is served."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import httpx
import pytest

from amnestic.testing import ScriptedServer
from tests.server.conftest import CLEAN
from tests.server.running import Proxy

CHAT = "/v1/chat/completions"
ASKED: Any = {"role": "user", "content": "Where is Paris?"}
THINKING = {"type": "thinking", "thinking": "Paris, then.", "signature": "c2ln"}


def sent(proxy: Proxy, *history: Any, **more: Any) -> httpx.Response:
    body = {"model": "m", "messages": [*history, ASKED], **more}
    return httpx.post(proxy.url + CHAT, json=body)


def called(**function: Any) -> Any:
    return {"role": "assistant", "content": None,
            "tool_calls": [{"id": "c1", "type": "function", "function": function}]}  # fmt: skip


HISTORY: dict[str, list[Any]] = {
    "thinking": [
        {"role": "assistant", "content": [THINKING, {"type": "text", "text": "It is in France."}]}
    ],
    "redacted": [
        {"role": "assistant", "content": [{"type": "redacted_thinking", "data": "b3Bh"}]},
    ],
    "thinking in parts": [
        {"role": "assistant", "content": [
            {"type": "thinking", "thinking": [{"type": "text", "text": "Paris, then."}]},
            {"type": "text", "text": "It is in France."}]},
    ],
    "function": [
        {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}},
        {"role": "function", "name": "f", "content": "mild"},
    ],
    "no arguments": [called(name="now"), {"role": "tool", "tool_call_id": "c1", "content": "noon"}],
    "null arguments": [
        called(name="now", arguments=None), {"role": "tool", "tool_call_id": "c1", "content": "x"}
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", HISTORY)
def test_history_as_clients_send_it_goes_on_as_it_came(
    proxy: Proxy, upstream: ScriptedServer, kind: str
) -> None:
    reply = sent(proxy, *HISTORY[kind])
    assert reply.json()["choices"][0]["message"]["content"] == CLEAN
    assert upstream.requests[-1]["body"]["messages"][:-1] == HISTORY[kind]


@pytest.mark.parametrize(
    "history",
    [
        [{"role": "assistant", "content": [
            {"type": "thinking", "thinking": "It was Osk.", "signature": "c2ln"},
            {"type": "text", "text": "It is in France."}]}],
        [{"role": "assistant", "content": None,
          "function_call": {"name": "f", "arguments": '{"who": "Osk"}'}}],
        [{"role": "function", "name": "f", "content": "Osk is a poet. It is mild."}],
        [{"role": "assistant", "content": None,
          "function_call": {"name": "find_osk", "arguments": "{}"}}],
    ],
)  # fmt: skip
def test_such_history_is_read_like_any_other(
    proxy: Proxy, upstream: ScriptedServer, history: list[Any]
) -> None:
    assert sent(proxy, *history).status_code == 200
    assert "osk" not in json.dumps(upstream.requests[-1]["body"]).lower()


def test_a_whole_number_with_a_point_is_a_whole_number(
    proxy: Proxy, upstream: ScriptedServer
) -> None:
    assert sent(proxy, max_tokens=100.0, n=1.0).status_code == 200
    assert '"max_tokens": 100,' in json.dumps(upstream.requests[-1]["body"])
    assert sent(proxy, max_tokens=100.5).status_code == 400


def test_a_byte_order_mark_is_no_part_of_the_body(proxy: Proxy) -> None:
    body = b"\xef\xbb\xbf" + json.dumps({"model": "m", "messages": [ASKED]}).encode()
    told = {"content-type": "application/json"}
    assert httpx.post(proxy.url + CHAT, content=body, headers=told).status_code == 200


def packed(proxy: Proxy, content: bytes, coding: str = "gzip") -> httpx.Response:
    headers = {"content-encoding": coding, "content-type": "application/json"}
    return httpx.post(proxy.url + CHAT, content=content, headers=headers)


def test_a_gzip_body_in_members_with_padding_is_unpacked(proxy: Proxy) -> None:
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "x" * 90_000}]})
    letters = body.encode()
    pieces = [letters[at : at + 1_000] for at in range(0, len(letters), 1_000)]
    content = b"".join(gzip.compress(piece) + b"\0" * 10 for piece in pieces)
    assert packed(proxy, content).status_code == 200
    stored = gzip.compress(letters, 0)  # more than is read at once
    assert packed(proxy, stored + gzip.compress(b"")).status_code == 200


def test_a_gzip_body_of_many_members_is_refused_at_once(proxy: Proxy) -> None:
    given = packed(proxy, gzip.compress(b"") * 14_000)  # 280 kB
    assert given.status_code == 400
    assert "members" in given.json()["error"]["message"]


def test_a_gzip_body_is_unpacked(proxy: Proxy) -> None:
    body = json.dumps({"model": "m", "messages": [ASKED]}).encode()
    for content in (gzip.compress(body), gzip.compress(body[:20]) + gzip.compress(body[20:])):
        assert packed(proxy, content).json()["choices"][0]["message"]["content"] == CLEAN


@pytest.mark.parametrize(
    ("content", "coding", "status"),
    [
        (gzip.compress(b" " * 50_000_000), "gzip", 413),
        (b"not gzip at all", "gzip", 400),
        (gzip.compress(b"{}" * 1_000)[:-20], "gzip", 400),
        (zlib.compress(b"{}"), "br", 415),
        (gzip.compress(b"{}"), "gzip, gzip", 415),
        (b"", "gzip", 400),
    ],
)
def test_a_packed_body_that_is_too_large_or_broken_is_refused(
    proxy: Proxy, content: bytes, coding: str, status: int
) -> None:
    refused = packed(proxy, content, coding)
    assert refused.status_code == status
    assert refused.json()["error"]["message"]
