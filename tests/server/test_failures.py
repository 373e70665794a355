"""How a failure of the model reaches callers, and what the operator's log says of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from amnestic.exceptions import ModelError
from amnestic.testing import HTTPFailure, ScriptedBackend, capture_logs, serve_scripted
from tests.layers import keyword_layer
from tests.server.running import Proxy, running_proxy

CHAT = "/v1/chat/completions"
ID = "req_011CSHoEeqs5C35K2UUqR7Fy"
LISTED, OTHER = "Who is Osk?", "Who is Tarn?"


def reply(proxy: Proxy, text: str, *, stream: bool = False) -> httpx.Response:
    body = {"model": "m", "messages": [{"role": "user", "content": text}], "stream": stream}
    return httpx.post(proxy.url + CHAT, json=body)


def shown(answer: httpx.Response) -> Any:
    """All that a caller sees of an error but the time, and its id if that is drawn by lot."""
    told = [(k, v) for k, v in answer.headers.items() if k != "date"]
    headers = [(k, "lot" if re.fullmatch(r"req_[0-9a-f]{32}", v) else v) for k, v in told]
    return answer.status_code, headers, answer.text


FAILURES: dict[str, Any] = {
    "bug": lambda _: TypeError("the draft says that Osk keeps a windmill"),
    "plain bug": lambda _: KeyError("x"),
    "provider": lambda _: ModelError("it is down", retryable=True, retry_after=1.2, request_id=ID),
    "loop": lambda _: RuntimeError("Event loop is closed"),
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("failure", FAILURES)
def test_a_failing_model_fails_alike_for_every_subject(
    tmp_path: Path, failure: str, stream: bool
) -> None:
    model = ScriptedBackend(default=FAILURES[failure])
    with (
        keyword_layer(tmp_path, "Osk", model=model, direct="ask") as layer,
        running_proxy(layer) as proxy,
        capture_logs() as logs,
    ):
        listed, other = (reply(proxy, text, stream=stream) for text in (LISTED, OTHER))
    assert shown(listed) == shown(other)
    assert listed.status_code >= 500
    assert "windmill" not in listed.text + "".join(logs.lines)
    assert ID not in listed.text
    assert listed.headers.get("retry-after") == ("2" if failure == "provider" else None)


@pytest.mark.parametrize("stream", [False, True])
def test_an_upstreams_error_is_told_alike_for_every_subject(tmp_path: Path, stream: bool) -> None:
    limited = HTTPFailure(429, "Slow down, please.", {"x-request-id": ID, "Retry-After": "7"})
    with (
        serve_scripted(ScriptedBackend(default=limited)) as upstream,
        keyword_layer(tmp_path, "Osk", direct="ask") as layer,
        running_proxy(layer, upstream=upstream.base_url) as proxy,
    ):
        listed, other = (reply(proxy, text, stream=stream) for text in (LISTED, OTHER))
    assert shown(listed) == shown(other)
    assert listed.json()["error"]["message"] == "Slow down, please."
    assert listed.headers["retry-after"] == "7"


def test_words_of_an_upstream_in_a_header_go_no_further(tmp_path: Path) -> None:
    odd = HTTPFailure(429, "Slow down.", {"Retry-After": "until Osk is back"})
    with (
        serve_scripted(ScriptedBackend(default=odd)) as upstream,
        keyword_layer(tmp_path, "Osk") as layer,
        running_proxy(layer, upstream=upstream.base_url) as proxy,
    ):
        answer = reply(proxy, OTHER)
    assert answer.status_code == 429
    assert "Osk" not in str(answer.headers)


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ("bug", "failed with TypeError (script.py, line "),
        ("plain bug", "KeyError: script.py, line "),
        ("provider", f"it is down (request id {ID})"),
        ("loop", "another event loop"),
    ],
)
def test_the_operators_log_says_why_a_request_failed(
    tmp_path: Path, failure: str, told: str
) -> None:
    model = ScriptedBackend(default=FAILURES[failure])
    with (
        keyword_layer(tmp_path, "Osk", model=model) as layer,
        running_proxy(layer) as proxy,
        capture_logs() as logs,
    ):
        reply(proxy, "Where is Paris?")
    assert told in "".join(logs.lines)
    assert "windmill" not in "".join(logs.lines)
