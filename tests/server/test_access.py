"""Who gets as far as what: by key, by host, by origin."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend, serve_scripted
from tests.integrations.openai.replaying import replaying
from tests.layers import keyword_layer
from tests.patience import PATIENCE
from tests.server.running import Proxy, running_proxy

ASKED = {"model": "m", "messages": [{"role": "user", "content": "How is it?"}]}


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    model = ScriptedBackend(default="A mild day.")
    with keyword_layer(tmp_path_factory.mktemp("access"), "Osk", model=model) as amnesia:
        yield amnesia


def half_sent(proxy: Proxy, key: str | None) -> socket.socket:
    """A request whose body never comes whole."""
    sent = socket.create_connection(("127.0.0.1", proxy.port), PATIENCE)
    shown = f"authorization: Bearer {key}\r\n" if key else ""
    head = f"host: 127.0.0.1\r\n{shown}content-length: 900\r\n\r\n"
    sent.sendall(b"POST /v1/chat/completions HTTP/1.1\r\n" + head.encode() + b'{"model"')
    return sent


@pytest.mark.parametrize("key", [None, "wrong"])
def test_who_shows_no_key_takes_nobodys_place(layer: Amnesia, key: str | None) -> None:
    settings: dict[str, Any] = {"caller_keys": ["right"], "max_concurrent": 2}
    with running_proxy(layer, **settings) as proxy:
        waiting = [half_sent(proxy, key) for _ in range(4)]
        reply = httpx.post(f"{proxy.url}/v1/chat/completions", json=ASKED, timeout=PATIENCE,
                           headers={"authorization": "Bearer right"})  # fmt: skip
        assert reply.status_code == 200
        for sent in waiting:  # refused by their heads alone
            assert sent.recv(12) == b"HTTP/1.1 401"
            sent.close()


def test_a_known_key_is_still_no_key_for_everything(layer: Amnesia) -> None:
    settings: dict[str, Any] = {"caller_keys": ["caller"], "admin_token": "admin"}
    with running_proxy(layer, **settings) as proxy:
        for key, path, status in (
            ("caller", "/v1/targets", 401),
            ("admin", "/v1/targets", 200),
            ("admin", "/v1/models", 401),
            ("caller", "/v1/models", 200),
        ):
            shown = {"authorization": f"Bearer {key}"}
            assert httpx.get(f"{proxy.url}{path}", headers=shown).status_code == status


@pytest.fixture(scope="module")
def keyless(layer: Amnesia) -> Iterator[Proxy]:
    with running_proxy(layer, allowed_hosts=["amnestic.internal"]) as proxy:
        yield proxy


def status_for(proxy: Proxy, host: str) -> int:
    sending = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=PATIENCE)
    with closing(sending):
        sending.putrequest("GET", "/v1/models", skip_host=True)
        sending.putheader("host", host)
        sending.endheaders()
        return sending.getresponse().status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:8080", 200),
        ("localhost:8080", 200),
        ("[::1]:8080", 200),
        ("amnestic.internal", 200),
        ("rebound.example", 403),
        ("rebound.example:8080", 403),
        ("127.0.0.1.rebound.example", 403),
        ("localhost@rebound.example", 403),
        ("", 403),
    ],
)
def test_a_name_that_was_made_to_point_here_reads_nothing(
    keyless: Proxy, host: str, status: int
) -> None:
    assert status_for(keyless, host) == status


def test_with_keys_any_name_will_do(layer: Amnesia) -> None:
    with running_proxy(layer, caller_keys=["key"]) as proxy:
        assert status_for(proxy, "amnestic.example") == 401


@pytest.mark.parametrize(
    ("site", "mode", "status"),
    [("cross-site", "no-cors", 403), ("cross-site", "navigate", 200), ("same-origin", "cors", 200)],
)
def test_what_a_foreign_page_has_fetched_is_refused(
    keyless: Proxy, site: str, mode: str, status: int
) -> None:
    sent = {"sec-fetch-site": site, "sec-fetch-mode": mode}
    assert httpx.get(f"{keyless.url}/v1/models", headers=sent).status_code == status


CHAT = "/v1/chat/completions"
SIMPLE = ("text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded",
          "text/plain; x=application/json", "application/jsonp", "", None)  # fmt: skip
"""What a page may send to anywhere without the browser asking first, and what is called nothing."""


def sent_as(proxy: Proxy, kind: str | None, path: str = CHAT, **more: str) -> httpx.Response:
    body = json.dumps(ASKED).encode()
    told = more if kind is None else {"content-type": kind, **more}
    return httpx.post(proxy.url + path, content=body, headers=told, timeout=PATIENCE)


@pytest.mark.parametrize("kind", SIMPLE)
@pytest.mark.parametrize("path", [CHAT, "/v1/responses", "/v1/messages", "/api/chat"])
def test_a_body_that_a_page_can_send_unasked_is_not_read_where_no_key_is_asked_for(
    keyless: Proxy, path: str, kind: str | None
) -> None:
    told = sent_as(keyless, kind, path)
    assert told.status_code == 415
    assert "content-type: application/json" in told.text


def test_a_body_that_comes_in_pieces_is_one_too(keyless: Proxy) -> None:
    told = {"content-type": "text/plain"}
    reply = httpx.post(keyless.url + CHAT, content=iter([b"{", b"}"]), headers=told)
    assert reply.status_code == 415


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json"]
)
def test_json_under_any_of_its_names_is_read(keyless: Proxy, kind: str) -> None:
    assert sent_as(keyless, kind).status_code == 200


def test_a_request_without_a_body_needs_no_kind(keyless: Proxy) -> None:
    assert httpx.post(keyless.url + CHAT).status_code == 400
    assert httpx.get(f"{keyless.url}/v1/models").status_code == 200


def test_who_shows_a_key_may_leave_the_kind_out(layer: Amnesia) -> None:
    with running_proxy(layer, caller_keys=["right"]) as proxy:
        shown = {"authorization": "Bearer right"}
        for kind in ("application/x-www-form-urlencoded", None):  # as curl -d sends it
            assert sent_as(proxy, kind, **shown).status_code == 200


@pytest.mark.parametrize("model", ["..", ".", "%2e%2e", "a/../..", "..%2f..", "a%5c..%5c.."])
def test_no_models_name_leads_out_of_the_models(layer: Amnesia, model: str) -> None:
    with replaying() as upstream, running_proxy(layer, upstream=upstream.url) as proxy:
        sending = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=PATIENCE)
        with closing(sending):
            sending.request("GET", f"/v1/models/{model}")
            assert sending.getresponse().status == 404


def test_who_asks_whether_it_is_ready_does_not_ask_the_upstream_each_time(
    layer: Amnesia, tmp_path: Path
) -> None:
    with serve_scripted(ScriptedBackend("?")) as upstream:
        asked: list[str] = []
        answer = upstream._http.RequestHandlerClass.do_GET

        def counted(handler: Any) -> None:
            asked.append(handler.path)
            answer(handler)

        upstream._http.RequestHandlerClass = type(
            "Counting", (upstream._http.RequestHandlerClass,), {"do_GET": counted}
        )
        with running_proxy(layer, upstream=upstream.base_url) as proxy:
            statuses = {httpx.get(f"{proxy.url}/readyz").status_code for _ in range(5)}
    assert (statuses, len(asked)) == ({200}, 1)
