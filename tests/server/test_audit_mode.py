"""Audit mode reports what the layer would do, and leaves every reply as it came."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import openai
import pytest

from amnestic import Amnesia
from amnestic.exceptions import ConfigurationError
from amnestic.testing import LogCapture, ScriptedBackend, ScriptedServer
from amnestic.types import Draft, ForgetTarget, Message, Route, ToolCall
from tests.layers import keyword_layer
from tests.server.running import Proxy, running_proxy

SAID = "Marsh sings well. Osk sings too."
CHAT = "/v1/chat/completions"
ADMIN = {"authorization": "Bearer admin"}


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Amnesia]:
    model = ScriptedBackend(rules=[("poets", SAID)], default="I don't know.")
    with keyword_layer(tmp_path, "Osk", model=model, audit="all") as layer:
        yield layer


@pytest.mark.parametrize(
    ("question", "said", "route"),
    [
        ("Which poets sing?", SAID, Route.REWRITTEN),
        ("Who is Osk?", "I don't know.", Route.ABSTAINED),
        ("What is new?", "I don't know.", Route.CLEAR),
    ],
)
def test_a_reply_is_the_models_own_and_its_receipt_says_what_would_become_of_it(
    watching: Amnesia, question: str, said: str, route: Route
) -> None:
    reply = watching.chat(question)
    assert (reply.text, reply.receipt.route, reply.receipt.audit) == (said, route, True)
    assert reply.receipt.targets == (("Osk",) if route is not Route.CLEAR else ())
    assert not reply.receipt.touched()
    assert reply.receipt.base_calls == 1


def test_the_model_is_called_once_and_reads_what_its_caller_wrote(watching: Amnesia) -> None:
    told = "Osk wrote a hymn."
    watching.chat([Message.of("user", "Which poets sing?"), Message.of("tool", told)])
    (call,) = watching.parts.backend.calls  # type: ignore[attr-defined]
    assert [message.text for message in call.conversation] == ["Which poets sing?", told]


def test_a_stream_is_the_models_own(watching: Amnesia) -> None:
    with watching.stream("Which poets sing?") as stream:
        text = "".join(delta.text for delta in stream)
    assert text == SAID
    assert (stream.receipt.route, stream.receipt.audit) == (Route.REWRITTEN, True)


def test_calls_of_tools_reach_who_listens_and_who_does_not(tmp_path: Path) -> None:
    said = Draft(tool_calls=(ToolCall("c1", "find", '{"q":"Osk"}'),), finish_reason="tool_calls")
    with keyword_layer(tmp_path, "Osk", model=ScriptedBackend(default=said), audit="all") as layer:
        assert layer.chat("Call it").drafts == (said,)
        with layer.stream("Call it") as stream:
            told = list(stream)
    assert [d.text for d in told if d.channel == "tool_call:0"] == ['{"q":"Osk"}']


def test_a_review_that_fails_takes_nothing_from_the_caller(tmp_path: Path) -> None:
    class Broken:
        def __getattr__(self, name: str) -> None:
            raise RuntimeError("broken")

    model = ScriptedBackend(default=SAID)
    with keyword_layer(tmp_path, model=model, detector=Broken(), audit="all") as layer:
        reply = layer.chat("Which poets sing?")
    assert (reply.text, reply.receipt.route) == (SAID, Route.FAILED)


def test_what_goes_into_a_model_stays_as_it_is_and_the_log_says_so(
    watching: Amnesia, debug_logs: LogCapture
) -> None:
    messages = (Message.of("user", "What is new?"), Message.of("tool", "Osk wrote a hymn."))
    assert watching.clean(messages, since=1) == messages
    fields = {"tools": [{"name": "ask_Osk", "description": "Asks Osk."}]}
    assert asyncio.run(watching.aclean_fields(fields)) == fields
    told = [line for line in debug_logs.lines if "audit mode" in line]
    assert told
    assert "Osk" not in "".join(told)


# ── Which namespaces ─────────────────────────────────────────────────────────────────────────────


def test_only_the_namespaces_that_are_named_are_watched(layer: Callable[..., Amnesia]) -> None:
    amnesia = layer("Ana Morel painted it.", audit=["tenant"])
    for space in (amnesia, amnesia.within("tenant")):
        space.add(ForgetTarget(id="", subject="Ana Morel"))
    assert "Morel" in amnesia.within("tenant").chat("Who painted the ceiling?").text
    assert "Morel" not in amnesia.chat("Who painted the ceiling?").text


@pytest.mark.parametrize("wrong", ["true", "1", "ALL", "*", '"tenant"', "[1]", '[""]', "tenant"])
def test_no_other_word_turns_it_on(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("AMNESTIC_AUDIT", wrong)
    with pytest.raises(ConfigurationError, match="AMNESTIC_AUDIT: give `all`"):
        Amnesia(ScriptedBackend())


@pytest.mark.parametrize("name", ["tennant", "*", "all"])
def test_a_namespace_that_is_none_is_refused(layer: Callable[..., Amnesia], name: str) -> None:
    amnesia = layer(audit=[name])
    amnesia.within("tenant")
    with pytest.raises(ConfigurationError, match="is no namespace here"):
        amnesia.chat("Hello")


def test_the_namespace_that_was_meant_is_told(layer: Callable[..., Amnesia]) -> None:
    amnesia = layer(audit=["tennant"])
    amnesia.within("tenant")
    with pytest.raises(ConfigurationError, match="did you mean 'tenant'"):
        amnesia.chat("Hello")


def test_a_start_in_audit_mode_is_a_warning(
    layer: Callable[..., Amnesia], debug_logs: LogCapture
) -> None:
    layer(audit="all").chat("Hello")
    assert any("AUDIT MODE" in line for line in debug_logs.lines)


# ── Doors ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def proxy(upstream: ScriptedServer, tmp_path: Path) -> Iterator[Proxy]:
    with (
        keyword_layer(tmp_path, "Osk", audit="all") as layer,
        running_proxy(layer, upstream=upstream.base_url, admin_token="admin") as proxy,
    ):
        yield proxy


@pytest.mark.parametrize("question", ["poets", "Who is Osk?", "Where is Paris?", "Fault", "Call"])
def test_a_server_gives_the_upstreams_own_bytes(
    proxy: Proxy, upstream: ScriptedServer, question: str
) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": question}]}
    told = httpx.post(proxy.url + CHAT, json=body)
    own = httpx.post(f"{upstream.base_url}/chat/completions", json=body)
    assert told.status_code == own.status_code
    assert _said(told) == _said(own)


def test_a_servers_stream_is_the_upstreams_own(proxy: Proxy, upstream: ScriptedServer) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "poets"}], "stream": True}
    told = httpx.post(proxy.url + CHAT, json=body).text
    own = httpx.post(f"{upstream.base_url}/chat/completions", json=body).text
    assert "Osk" in "".join(_pieces(told))
    assert _pieces(told) == _pieces(own)


def test_readiness_and_metrics_say_that_it_only_watches(proxy: Proxy) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "poets"}]}
    httpx.post(proxy.url + CHAT, json=body)
    assert httpx.get(f"{proxy.url}/readyz").json() == {"status": "ready", "audit": True}
    metrics = httpx.get(f"{proxy.url}/metrics", headers=ADMIN).text
    assert "amnestic_audit_mode 1.0" in metrics
    assert 'amnestic_audited_routes_total{route="rewritten"} 1.0' in metrics
    assert "amnestic_routes_total{" not in metrics


def test_a_wrapped_client_gets_the_models_own_reply(
    watching: Amnesia, upstream: ScriptedServer
) -> None:
    with openai.OpenAI(base_url=upstream.base_url, api_key="key") as client:
        asked = [{"role": "user", "content": "poets"}]
        reply = watching.wrap(client).chat.completions.create(model="m", messages=asked)
    assert "Osk sings too." in reply.choices[0].message.content


def _pieces(events: str) -> list[str]:
    data = [line[6:] for line in events.splitlines() if line.startswith("data: {")]
    choices = [json.loads(event)["choices"] for event in data]
    return [choice["delta"].get("content") or "" for found in choices for choice in found]


def _said(reply: httpx.Response) -> object:
    told = reply.json()
    return told["choices"] if "choices" in told else told["error"]["message"]
