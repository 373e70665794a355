"""Anthropic's and Ollama's forms: bad input and bad upstreams are errors in each one's shape."""

from __future__ import annotations

import json
import threading
from typing import Any

import httpx
import pytest

from amnestic.testing import ScriptedBackend, ScriptedServer
from tests.layers import keyword_layer
from tests.server.asking import FORMS, Asked, in_shape, messages
from tests.server.running import Proxy, running_proxy


def test_a_conversation_that_shall_be_held_is_refused_so_that_its_client_sends_it_whole(
    proxy: Proxy,
) -> None:
    for thread in ({"type": "create"}, {"type": "continue", "previous_message_id": "msg_1"}):
        body = messages("How is it?", thread=thread)
        reply = httpx.post(f"{proxy.url}/v1/messages", json=body)
        assert reply.status_code == 400
        error = reply.json()["error"]
        assert "'thread'" in error["message"]
        assert error["details"] == {
            "error_code": "thread_unsupported_request",
            "unsupported": ["thread"],
        }
    other = httpx.post(f"{proxy.url}/v1/messages", json=messages("How is it?", container="c1"))
    assert "details" not in other.json()["error"]


each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


BAD: list[tuple[str, Any]] = [
    *((path, body) for path in ("/v1/messages", "/v1/messages/count_tokens", "/api/chat",
                                "/api/generate", "/api/show") for body in (b"", b"[]", b"{", {})),
    *(("/v1/messages", body) for body in (
        messages(5), messages([]), messages([5]), messages([{"type": {"a": 1}}]), messages(None),
        messages([{"type": "text"}]), messages([{"type": "text", "text": 5}]),
        messages("a", max_tokens=0), messages("a", max_tokens="9"), messages("a", max_tokens=True),
        messages("a", system=5), messages("a", system=[5]), messages("a", tools=[5]),
        messages("a", tools=[{"name": "f"}]), messages("a", tools=[{"input_schema": {}}]),
        messages("a", tool_choice="auto"), messages("a", tool_choice={"type": ["any"]}),
        messages("a", tool_choice={"type": "tool"}), messages("a", metadata={"user_id": 5}),
        messages("a", stop_sequences=[5]), messages("a", stop_sequences="x"),
        messages("a", temperature="hot"), messages("a", top_k="x"), messages("a", stream="yes"),
        messages("a", thinking=5), messages("a", output_config=5),
        messages("a", output_config={"format": {"type": "json_schema"}}),
        messages([{"type": "image"}]), messages([{"type": "image", "source": {"type": "base64"}}]),
        messages([{"type": "document", "source": {"type": "text"}}]),
        messages([{"type": "tool_result", "tool_use_id": 5}]),
        messages([{"type": "tool_result", "tool_use_id": "t", "content": [5]}]),
        messages("  "), messages("a\x00b"), messages("a", unknown="x"), messages("a", model=5),
        {**messages("a"), "messages": [{"role": "wizard", "content": "a"}]},
        {**messages("a"), "messages": ["a"]}, {**messages("a"), "messages": {"role": "user"}},
        {**messages("a"), "messages": messages("a")["messages"] * 60},
        {**messages("a"), "messages": [{"role": "assistant", "content": [
            {"type": "tool_use", "id": "t", "name": "f", "input": "x"}]}]},
    )),
    *(("/api/chat", {"model": "m", **body}) for body in (
        {"messages": []}, {"messages": 5}, {"messages": ["a"]}, {"messages": [{"role": "wizard"}]},
        {"messages": [{"role": {"a": 1}, "content": "a"}]},
        {"messages": [{"role": "user", "content": 5}]},
        {"messages": [{"role": "user", "content": "a", "images": "x"}]},
        {"messages": [{"role": "user", "content": "a", "images": ["?!"]}]},
        {"messages": [{"role": "assistant", "tool_calls": [5]}]},
        {"messages": [{"role": "assistant", "tool_calls": [{"function": {"name": "f",
                                                                         "arguments": "x"}}]}]},
        {"messages": [{"role": "tool", "content": "a"}]},
        {"messages": [{"role": "user", "content": "a"}], "options": 5},
        {"messages": [{"role": "user", "content": "a"}], "options": {"temperature": "hot"}},
        {"messages": [{"role": "user", "content": "a"}], "options": {"num_predict": 1.5}},
        {"messages": [{"role": "user", "content": "a"}], "options": {"stop": [5]}},
        {"messages": [{"role": "user", "content": "a"}], "format": 5},
        {"messages": [{"role": "user", "content": "a"}], "think": 5},
        {"messages": [{"role": "user", "content": "a"}], "stream": "yes"},
        {"messages": [{"role": "user", "content": "a"}], "logprobs": "yes"},
        {"messages": [{"role": "user", "content": "a"}], "tools": [{"function": {"name": 5}}]},
    )),
    *(("/api/generate", {"model": "m", **body}) for body in (
        {"prompt": ""}, {"prompt": 5}, {"prompt": "a", "system": 5}, {"prompt": "a", "images": 5},
        {"prompt": "a", "suffix": "b"}, {"prompt": "a", "context": [1, 2]},
        {"prompt": "a", "raw": True}, {"prompt": "a", "template": "{{ .Prompt }}"},
    )),
    ("/api/show", {"model": 5}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body"), BAD, ids=[f"{p[1:]}-{b!s:.60}" for p, b in BAD])
def test_a_bad_body_is_a_clear_error_in_the_forms_shape(proxy: Proxy, path: str, body: Any) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {"content-type": "application/json"}
    reply = httpx.post(proxy.url + path, content=content, headers=told)
    assert reply.status_code in (400, 413), reply.text
    assert in_shape(path, reply)
    assert reply.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/messages", 405),
        ("POST", "/v1/messages/batches", 404),
        ("GET", "/v1/messages/batches/b1/results", 404),
        ("GET", "/api/chat", 405),
        ("POST", "/api/embed", 404),
        ("POST", "/api/pull", 404),
        ("DELETE", "/api/delete", 404),
    ],
)
def test_other_paths_of_a_form_are_closed(
    proxy: Proxy, method: str, path: str, status: int
) -> None:
    reply = httpx.request(method, proxy.url + path)
    assert reply.status_code == status
    assert in_shape(path, reply)


@each_form
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("text", "status"),
    [("Page", 502), ("Empty", 502), ("Nothing", 502), ("Limit", 429), ("Fault", 500), ("Key", 502)],
)
def test_a_bad_upstream_is_a_clear_error_in_the_forms_shape(
    proxy: Proxy, form: Asked, text: str, status: int, stream: bool
) -> None:
    reply = httpx.post(proxy.url + form.path, json={**form.body(text), "stream": stream})
    assert reply.status_code == status
    assert in_shape(form.path, reply)
    assert "Osk" not in reply.text
    assert "sk-secret" not in reply.text


@each_form
def test_an_upstream_that_never_ends_ends_in_the_forms_own_error(
    tmp_path: Any, upstream: ScriptedServer, form: Asked
) -> None:
    settings: Any = {"request_timeout": 1, "stream_grace": 0.01}  # it has begun long before
    with (
        keyword_layer(tmp_path, "Osk") as layer,
        running_proxy(layer, upstream=upstream.base_url, **settings) as impatient,
        httpx.stream(
            "POST", impatient.url + form.path, json={**form.body("Endless"), "stream": True}
        ) as reply,
    ):
        last = "".join(reply.iter_text()).strip().splitlines()
    if form.path == "/v1/messages":
        assert last[-2] == "event: error"
        assert json.loads(last[-1].removeprefix("data: "))["type"] == "error"
    else:
        assert "took too long" in json.loads(last[-1])["error"]


def test_a_body_that_is_too_large_is_refused_in_the_forms_shape(proxy: Proxy) -> None:
    for form in FORMS.values():
        reply = httpx.post(proxy.url + form.path, json=form.body("x" * 400_000))
        assert reply.status_code == 413
        assert in_shape(form.path, reply)


@each_form
def test_a_held_stream_is_kept_alive_by_what_its_clients_read(tmp_path: Any, form: Asked) -> None:
    gate = threading.Event()
    model = ScriptedBackend(default="It is done. Yes.", gate=gate)
    with (
        keyword_layer(tmp_path, "Osk", model=model) as layer,
        running_proxy(layer, stream_grace=0.01, ping=0.02) as proxy,
        httpx.stream(
            "POST", proxy.url + form.path, json={**form.body("a"), "stream": True}
        ) as told,
    ):
        pieces = told.iter_text()
        first = next(pieces)
        gate.set()
        said = first + "".join(pieces)
    assert first.startswith("event: ping\n" if form.path == "/v1/messages" else " ")
    assert form.streamed(said) == "It is done. Yes."
