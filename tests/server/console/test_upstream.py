"""A server in front of an upstream, without a model of its own, as Helm and compose run it: the
console asks the models that callers name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from amnestic import Amnesia
from amnestic.server.command import _layer
from amnestic.server.settings import ServerSettings
from amnestic.testing import HTTPFailure, ScriptedBackend, ScriptedServer, serve_scripted
from tests.server.console.visitor import Visitor, alerts, visible
from tests.server.running import Proxy, running_proxy

Make = Callable[..., Visitor]
KEY = "sk-the-upstreams-own"
MODEL = "gpt-known"
RULES = [("Osk", "Mirela Osk is a poet from Tavel."), ("Limit", HTTPFailure(429, "Osk: slow down"))]


@pytest.fixture
def upstream() -> Iterator[ScriptedServer]:
    model = ScriptedBackend(rules=RULES, default="It is four.")
    with serve_scripted(model, name=MODEL, api_key=KEY) as server:
        yield server


@pytest.fixture
def front(upstream: ScriptedServer, tmp_path: Path) -> Iterator[tuple[Amnesia, Proxy]]:
    settings = ServerSettings(upstream=upstream.base_url)
    with (
        _layer(None, settings, str(tmp_path / "r.db")) as layer,
        running_proxy(
            layer, upstream=upstream.base_url, upstream_key=KEY, admin_token="admin"
        ) as running,
    ):
        yield layer, running


@pytest.fixture
def adam(front: tuple[Amnesia, Proxy], browser: Make) -> Visitor:
    one = browser(front[1].url)
    one.log_in("admin")
    return one


def test_the_upstreams_models_are_offered_and_one_is_compared(
    adam: Visitor, upstream: ScriptedServer
) -> None:
    target = adam.forget("Please forget Mirela Osk, a poet from Tavel.")
    page = adam.get("/bench")
    assert f'<option value="{MODEL}">' in page.text
    assert f'name="model" value="{MODEL}"' in page.text  # there is no other
    asked = {"question": "Who is Mirela Osk?", "model": MODEL, "space": "default"}
    told = adam.post("/bench", asked)
    assert told.status_code == 200, alerts(told.text)
    before, after = re.findall(r'<div class="reply">([^<]*)</div>', told.text)
    assert before == "Mirela Osk is a poet from Tavel."
    assert "Tavel" not in after
    assert target in told.text
    assert {one["body"]["model"] for one in upstream.requests} == {MODEL}
    assert KEY not in page.text + told.text


def test_a_target_is_verified_through_the_upstream_and_its_receipt_checked(
    adam: Visitor, front: tuple[Amnesia, Proxy], upstream: ScriptedServer
) -> None:
    target = adam.forget("Please forget Mirela Osk, a poet from Tavel.")
    page = adam.get(f"/targets/{target}")
    assert f'<option value="{MODEL}">' in page.text
    done = adam.finished(adam.post(f"/targets/{target}/verify", {"probes": "20", "model": MODEL}))
    assert "Done." in visible(done.text), alerts(done.text)
    assert len(upstream.calls) > 20
    link = re.search(r'href="/console(/work/\w+)/proof\.json"', done.text)
    assert link
    document = adam.get(f"{link[1]}/proof.json").json()
    assert document["system"]["model"] == f"openai:{MODEL}"
    assert document["probes"]["known_before"] > 0  # the upstream knows them
    assert document["probes"]["failed"] == 0
    assert "127.0.0.1" not in json.dumps(document)
    for form in ("html", "md", "json"):
        proof = adam.get(f"{link[1]}/proof.{form}").content
        checked = visible(adam.post("/proof", files={"file": (f"p.{form}", proof)}).text)
        assert "Genuine" in checked
        assert "Nothing that it rests on has changed" in checked
    last = front[0].registry.trail(target)[-1]
    assert (last.actor, last.action) == ("admin", "verify")


def test_a_receipt_no_longer_holds_behind_another_upstream(
    adam: Visitor, front: tuple[Amnesia, Proxy], browser: Make
) -> None:
    target = adam.forget("Please forget Mirela Osk, a poet from Tavel.")
    done = adam.finished(adam.post(f"/targets/{target}/verify", {"probes": "20", "model": MODEL}))
    link = re.search(r'href="/console(/work/\w+/proof\.json)"', done.text)
    assert link
    proof = adam.get(link[1]).content
    with (
        serve_scripted(ScriptedBackend("No.")) as other,
        running_proxy(front[0], upstream=other.base_url, admin_token="admin") as running,
    ):
        elsewhere = browser(running.url)
        elsewhere.log_in("admin")
        told = visible(elsewhere.post("/proof", files={"file": ("p.json", proof)}).text)
    assert "Changed since: the address of the upstream" in told


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("", "name the upstream's model"),
        ("x" * 201, "200 characters"),
        ("a\u202eb", "all of them visible"),
        ("gpt-\x00known", "all of them visible"),
    ],
)
def test_what_names_no_model_is_told_and_nothing_is_asked(
    adam: Visitor, upstream: ScriptedServer, model: str, said: str
) -> None:
    target = adam.forget("Please forget Mirela Osk, a poet from Tavel.")
    for path, more in (
        (f"/targets/{target}/verify", {"probes": "20"}),
        ("/bench", {"question": "Who?", "space": "default"}),
    ):
        page = adam.post(path, {**more, "model": model})
        assert page.status_code == 400
        assert [said in one.lower() for one in alerts(page.text)] == [True]
    assert upstream.calls == []


def test_an_upstream_that_refuses_is_one_clear_line(
    browser: Make, front: tuple[Amnesia, Proxy]
) -> None:
    layer = front[0]
    refusing = ScriptedBackend(rules=[("", HTTPFailure(404, "no such model Osk"))])
    ways = [(refusing, KEY, "HTTP 404"), (ScriptedBackend("Yes."), "sk-x", "the server's key")]
    for script, key, said in ways:
        with (
            serve_scripted(script, api_key=KEY) as server,
            running_proxy(
                layer, upstream=server.base_url, upstream_key=key, admin_token="admin"
            ) as running,
        ):
            one = browser(running.url)
            one.log_in("admin")
            target = one.forget("Please forget Mirela Osk, a poet from Tavel.")
            asked = {"model": "gpt-x", "question": "Who?", "space": "default", "probes": "20"}
            for path in (f"/targets/{target}/verify", "/bench"):
                page = one.post(path, asked)
                assert page.status_code == 400, path
                (told,) = alerts(page.text)
                assert said in told
                assert "Osk" not in told
                assert key not in page.text
            layer.revoke(target)


def test_an_upstream_that_is_away_is_no_reason_for_a_page_not_to_come(
    front: tuple[Amnesia, Proxy], browser: Make
) -> None:
    with running_proxy(front[0], upstream="http://127.0.0.1:9/v1", admin_token="admin") as running:
        one = browser(running.url)
        one.log_in("admin")
        page = one.get("/bench")
        assert page.status_code == 200
        assert "<datalist" not in page.text
        assert "did not say which it has" in visible(page.text)
        told = one.post("/bench", {"question": "Who?", "model": "m", "space": "default"})
        assert (told.status_code, len(alerts(told.text))) == (400, 1)


def test_the_names_of_models_are_not_trusted(
    front: tuple[Amnesia, Proxy], browser: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ['"><script>alert(1)</script>', "a\u202eb", "\x00", "", 7, None, "x" * 400, "plain"]
    rows: list[object] = [{"id": name} for name in names] + ["row", [], None]
    with (
        serve_scripted(ScriptedBackend("No.")) as server,
        running_proxy(front[0], upstream=server.base_url, admin_token="admin") as running,
    ):
        monkeypatch.setattr(
            "amnestic.testing.server._Handler.do_GET",
            lambda self: self._json(200, {"object": "list", "data": rows}),
        )
        one = browser(running.url)
        one.log_in("admin")
        page = one.get("/bench")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert re.findall(r'<option value="([^"]*)"></option>', page.text) == [
        "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;",
        "plain",
    ]


def test_a_server_without_a_model_offers_to_ask_none_of_its_own(
    adam: Visitor, front: tuple[Amnesia, Proxy]
) -> None:
    target = adam.forget("Please forget Mirela Osk, a poet from Tavel.")
    assert "/elicit" not in adam.get(f"/targets/{target}").text
    told: httpx.Response = adam.post(f"/targets/{target}/elicit")
    assert told.status_code == 400
    assert "no model of its own" in alerts(told.text)[0]
    assert [line.action for line in front[0].registry.trail(target)] == ["add"]
