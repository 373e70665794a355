"""Running the server: keys, limits, targets, checks, metrics, starting and stopping."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from amnestic import Amnesia
from amnestic.exceptions import ConfigurationError
from amnestic.server.settings import ServerSettings, check_binding, check_keys, check_workers
from amnestic.testing import LogCapture, ScriptedBackend, ScriptedServer, serve_scripted
from tests.layers import keyword_layer
from tests.patience import PATIENCE
from tests.server.running import Proxy, running_proxy

CHAT = "/v1/chat/completions"
ADMIN = {"authorization": "Bearer admin"}


def user(text: str, **more: Any) -> Any:
    return {"model": "m", "messages": [{"role": "user", "content": text}], **more}


# ── Binding and keys ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_it_refuses_to_bind_beyond_loopback_without_keys(host: str) -> None:
    with pytest.raises(ConfigurationError, match="without keys"):
        check_binding(ServerSettings(host=host))
    check_binding(ServerSettings(host=host, caller_keys=(SecretStr("k"),)))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.9.9.9"])
def test_loopback_needs_no_keys(host: str) -> None:
    check_binding(ServerSettings(host=host))


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
@pytest.mark.parametrize("whose", ["caller_keys", "check_keys", "gateway_keys", "namespace_keys"])
def test_an_empty_key_opens_nothing(whose: str, blank: str) -> None:
    keys = (SecretStr("k"), SecretStr(blank))
    given: Any = {whose: {"tenant": keys} if whose == "namespace_keys" else keys}
    with pytest.raises(ConfigurationError, match="is empty"):
        check_keys(ServerSettings(host="0.0.0.0", **given))


def test_an_admins_token_of_blanks_is_refused_and_an_empty_one_is_none() -> None:
    check_keys(ServerSettings(admin_token=SecretStr("")))
    with pytest.raises(ConfigurationError, match="the admin's token is blank"):
        check_keys(ServerSettings(admin_token=SecretStr("  ")))


def test_keys_are_secrets_in_every_print_of_the_settings() -> None:
    settings = ServerSettings(
        upstream_key=SecretStr("up-1"), caller_keys=(SecretStr("call-1"),),
        admin_token=SecretStr("adm-1"),
    )  # fmt: skip
    shown = f"{settings!r} {settings} {settings.model_dump()}"
    assert not any(key in shown for key in ("up-1", "call-1", "adm-1"))


def test_keys_appear_in_no_log(
    proxy: Proxy, debug_logs: LogCapture, upstream: ScriptedServer
) -> None:
    headers = {"authorization": "Bearer a-callers-key"}
    httpx.post(proxy.url + CHAT, json=user("Where is Paris?"), headers=headers)
    httpx.get(f"{proxy.url}/v1/targets", headers=headers)
    text = "\n".join(debug_logs.lines)
    assert "upstream-key" not in text
    assert "a-callers-key" not in text


# ── Targets and checks ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("token", [None, "wrong", "upstream-key", "Admin"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/targets"),
        ("POST", "/v1/targets"),
        ("POST", "/v1/targets:all"),
        ("GET", "/v1/targets/x"),
        ("DELETE", "/v1/targets/x"),
        ("GET", "/metrics"),
    ],
)
def test_the_admins_paths_are_closed_to_others(
    proxy: Proxy, method: str, path: str, token: str | None
) -> None:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    reply = httpx.request(method, proxy.url + path, headers=headers)
    assert reply.status_code == 401
    assert reply.json()["error"]["code"] == "invalid_api_key"


def test_without_an_admin_token_the_admins_paths_are_shut(tmp_path: Path) -> None:
    with keyword_layer(tmp_path, "Osk") as layer, running_proxy(layer) as proxy:
        for token in ("x", "None", "admin"):
            headers = {"authorization": f"Bearer {token}"}
            assert httpx.get(f"{proxy.url}/v1/targets", headers=headers).status_code == 403
        metrics = httpx.get(f"{proxy.url}/metrics").text
    assert "amnestic_requests_total" in metrics
    assert "amnestic_routes" not in metrics


def test_targets_are_made_listed_and_revoked(layer: Callable[..., Amnesia]) -> None:
    amnesia = layer(ScriptedBackend(default="Ana Morel painted it."))
    with running_proxy(amnesia, admin_token="admin") as proxy:
        http = httpx.Client(base_url=proxy.url, headers=ADMIN, timeout=PATIENCE)
        text = "Please forget Ana Morel. Ana Morel is a painter."
        made = http.post("/v1/targets", json={"text": text, "requester": "ana"})
        assert made.status_code == 201
        target = made.json()
        assert (target["subject"], target["requester"]) == ("Ana Morel", "ana")
        asked = http.post(CHAT, json=user("Who painted the ceiling?"))
        assert "Morel" not in asked.text
        assert [t["id"] for t in http.get("/v1/targets").json()["data"]] == [target["id"]]
        assert http.get(f"/v1/targets/{target['id']}").json() == target
        gone = http.delete(f"/v1/targets/{target['id']}")
        assert gone.json()["status"] == "revoked"
        again = http.delete(f"/v1/targets/{target['id']}")
        assert again.status_code == 409
        assert http.get("/v1/targets/nothing").status_code == 404
        assert http.get("/v1/targets").json()["data"] == []
        every = http.get("/v1/targets", params={"status": "all"}).json()["data"]
        assert [t["id"] for t in every] == [target["id"]]
        assert http.get("/v1/targets", params={"status": "odd"}).status_code == 400
        back = http.post(CHAT, json=user("Who painted the ceiling?"))
        assert "Morel" in back.text
        for bad in ({"text": "forget all"}, {"text": ""}, {}, {"text": 5}, {"text": "x", "y": 1}):
            refused = http.post("/v1/targets", json=bad)
            assert refused.status_code == 400
            assert refused.json()["error"]["message"]
        http.close()


def test_a_check_gives_a_verdict_and_a_clean_text(proxy: Proxy) -> None:
    def check(body: Any) -> httpx.Response:
        return httpx.post(f"{proxy.url}/v1/checks", json=body, headers=ADMIN)

    leak = check({"messages": "Who?", "text": "It was Marsh. Osk helped. Yes."})
    assert leak.json()["verdict"] == "changed"
    assert "Osk" not in leak.text
    messages = user("Where is it?")["messages"]
    clean = check({"messages": messages, "text": "It is here."})
    assert clean.json() == {"verdict": "passed", "text": "It is here."}
    for bad in ({}, {"messages": [], "text": "a"}, {"messages": "a"}, {"messages": 1, "text": "a"}):
        assert check(bad).status_code == 400


def test_metrics_count_requests_and_hold_no_text(proxy: Proxy) -> None:
    httpx.post(proxy.url + CHAT, json=user("Who is Osk?"))
    httpx.get(f"{proxy.url}/secret-path-Osk")
    text = httpx.get(f"{proxy.url}/metrics", headers=ADMIN).text
    assert 'amnestic_requests_total{endpoint="/v1/chat/completions",status="200"}' in text
    assert 'amnestic_routes_total{route="abstained"}' in text
    assert 'endpoint="other",status="404"' in text
    assert "Osk" not in text


def test_an_upstream_is_served_by_every_processor_and_an_own_model_by_one() -> None:
    assert ServerSettings().processes == 1
    assert 1 <= ServerSettings(upstream="http://127.0.0.1:1/v1").processes <= 4
    assert ServerSettings(workers=3).processes == 3


def test_a_system_that_does_not_fork_has_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    assert ServerSettings(upstream="http://127.0.0.1:1/v1").processes == 1
    with pytest.raises(ConfigurationError, match="set --workers 1"):
        check_workers(ServerSettings(workers=2))


def test_without_an_admin_token_the_metrics_do_not_tell_which_way_requests_went(
    tmp_path: Path,
) -> None:
    with keyword_layer(tmp_path, "Osk") as layer, running_proxy(layer) as proxy:
        httpx.post(proxy.url + CHAT, json=user("Who is Osk?"))
        text = httpx.get(f"{proxy.url}/metrics").text
    assert "amnestic_requests_total" in text
    assert not any(word in text for word in ("routes", "added_seconds", "agent_calls"))


def test_it_lives_and_is_ready(proxy: Proxy) -> None:
    assert httpx.get(f"{proxy.url}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{proxy.url}/readyz").json() == {"status": "ready"}


# ── Back-pressure, leaving, stopping ─────────────────────────────────────────────────────────────


class Held:
    """A model that waits at a gate, and counts who came and who left."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.model = ScriptedBackend(default="It is done. Yes.", gate=self.gate)


def test_too_many_requests_are_told_to_come_again(tmp_path: Path) -> None:
    held = Held()

    async def go(url: str) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as http:
            running = [asyncio.create_task(http.post(CHAT, json=user(f"{i}"))) for i in range(2)]
            while len(held.model.calls) < 2:  # noqa: ASYNC110 - the model is in another thread
                await asyncio.sleep(0.005)
            refused = await http.post(CHAT, json=user("one more"))
            assert refused.status_code == 429
            assert refused.headers["retry-after"] == "3"
            assert refused.json()["error"]["type"] == "rate_limit_error"
            assert (await http.get("/healthz")).status_code == 200
            held.gate.set()
            assert [(await r).status_code for r in running] == [200, 200]
            assert (await http.post(CHAT, json=user("now"))).status_code == 200

    with (
        keyword_layer(tmp_path, "Osk", model=held.model) as layer,
        running_proxy(layer, max_concurrent=2, retry_after=3) as proxy,
    ):
        asyncio.run(go(proxy.url))


@pytest.mark.parametrize("stream", [False, True])
def test_a_caller_that_leaves_cancels_the_model(tmp_path: Path, stream: bool) -> None:
    cancelled, entered = threading.Event(), threading.Event()

    class Waiting:
        name = "waiting"

        async def generate(self, conversation: Any, options: Any) -> Any:
            entered.set()
            try:
                await asyncio.Event().wait()
            finally:
                cancelled.set()

        async def stream(self, conversation: Any, options: Any) -> Any:
            yield await self.generate(conversation, options)

    async def go(url: str) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as http:
            asking = asyncio.create_task(http.post(CHAT, json=user("Where?", stream=stream)))
            await asyncio.to_thread(entered.wait, PATIENCE)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            assert await asyncio.to_thread(cancelled.wait, PATIENCE)

    with (
        keyword_layer(tmp_path, "Osk", model=Waiting()) as layer,
        running_proxy(layer, stream_grace=0.05) as proxy,
    ):
        asyncio.run(go(proxy.url))


def test_stopping_finishes_what_is_running(tmp_path: Path) -> None:
    held = Held()

    async def go(proxy: Proxy) -> None:
        async with httpx.AsyncClient(base_url=proxy.url, timeout=PATIENCE) as http:
            plain = asyncio.create_task(http.post(CHAT, json=user("a")))
            streamed = asyncio.create_task(http.post(CHAT, json=user("b", stream=True)))
            while len(held.model.calls) < 2:  # noqa: ASYNC110 - the model is in another thread
                await asyncio.sleep(0.005)
            proxy.stop()
            held.gate.set()
            assert "It is done." in (await plain).text
            assert (await streamed).text.endswith("data: [DONE]\n\n")

    with (
        keyword_layer(tmp_path, "Osk", model=held.model) as layer,
        running_proxy(layer, stream_grace=0.01) as proxy,
    ):
        asyncio.run(go(proxy))
        proxy.thread.join(PATIENCE)
        assert not proxy.thread.is_alive()


def test_a_held_stream_is_kept_alive_by_comments(tmp_path: Path) -> None:
    held = Held()
    with (
        keyword_layer(tmp_path, "Osk", model=held.model) as layer,
        running_proxy(layer, stream_grace=0.01, ping=0.02) as proxy,
        httpx.stream("POST", proxy.url + CHAT, json=user("a", stream=True)) as reply,
    ):
        lines = reply.iter_lines()
        assert next(lines) == ": ping"
        held.gate.set()
        rest = [line for line in lines if line.startswith("data: ")]
    said = "".join(
        choice["delta"].get("content") or ""
        for line in rest[:-1]
        for choice in json.loads(line[6:])["choices"]
    )
    assert said == "It is done. Yes."
    assert rest[-1] == "data: [DONE]"


def test_a_request_that_takes_too_long_is_told_so(tmp_path: Path) -> None:
    held = Held()
    with (
        keyword_layer(tmp_path, "Osk", model=held.model) as layer,
        running_proxy(layer, request_timeout=0.1, stream_grace=0.01) as proxy,
    ):
        plain = httpx.post(proxy.url + CHAT, json=user("a"))
        streamed = httpx.post(proxy.url + CHAT, json=user("a", stream=True))
        held.gate.set()
    assert plain.status_code == 504
    assert "took too long" in streamed.text


def test_an_agent_that_fails_ends_in_an_abstention(tmp_path: Path) -> None:
    class Broken:
        def vet(self, *args: Any) -> Any:
            raise RuntimeError("Osk is the secret")

        audit = vet

    model = ScriptedBackend(default="Osk is a poet.")
    with (
        serve_scripted(model) as api,
        keyword_layer(tmp_path, detector=Broken()) as layer,
        running_proxy(layer, upstream=api.base_url) as proxy,
    ):
        for stream in (False, True):
            reply = httpx.post(proxy.url + CHAT, json=user("Where?", stream=stream))
            assert reply.status_code == 200
            assert "Osk" not in reply.text
    assert not model.calls


def test_callers_are_given_no_logprobs_where_the_operator_says_so(tmp_path: Path) -> None:
    asked = {**user("Where is it?"), "logprobs": True, "top_logprobs": 3}
    for kept, sent in ((True, {"logprobs", "top_logprobs"}), (False, set[str]())):
        model = ScriptedBackend(default="It is here.")
        with (
            serve_scripted(model) as api,
            keyword_layer(tmp_path, "Osk") as layer,
            running_proxy(layer, upstream=api.base_url, logprobs=kept) as proxy,
        ):
            assert httpx.post(proxy.url + CHAT, json=asked).status_code == 200
            assert {*api.requests[0]["body"]} & {"logprobs", "top_logprobs"} == sent
