"""Who may ask for checks, and how often: they tell of any name whether it is on the list."""

from __future__ import annotations

from typing import Any

import httpx

from amnestic.server.checks import CheckRequest, json_body
from amnestic.testing import ScriptedBackend
from tests.layers import keyword_layer
from tests.server.running import Proxy, running_proxy

BODY = {"messages": "Who?", "text": "Osk did it."}


def ask(proxy: Proxy, key: str | None, body: Any = BODY) -> httpx.Response:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return httpx.post(f"{proxy.url}/v1/checks", json=body, headers=headers)


def test_checks_ask_for_a_permission_of_their_own(tmp_path: Any) -> None:
    keys = {"caller_keys": ["caller"], "check_keys": ["checker"], "admin_token": "admin"}
    with keyword_layer(tmp_path, "Osk") as layer, running_proxy(layer, **keys) as proxy:
        assert [ask(proxy, key).status_code for key in ("caller", "strange", None)] == [401] * 3
        told = [ask(proxy, key).json()["verdict"] for key in ("checker", "admin")]
        assert told == ["changed", "changed"]
        listed, unlisted = (ask(proxy, "caller", {**BODY, "text": t}) for t in ("Osk.", "Tarn."))
        assert listed.content == unlisted.content
        refused = httpx.post(
            f"{proxy.url}/v1/chat/completions",
            json={"model": "m", "messages": [{"role": "user", "content": "Hi"}]},
            headers={"authorization": "Bearer checker"},
        )
        assert refused.status_code == 401


def test_without_a_key_that_may_nobody_may(tmp_path: Any) -> None:
    with keyword_layer(tmp_path, "Osk") as layer, running_proxy(layer) as proxy:
        assert ask(proxy, None).status_code == 403


def test_a_key_that_is_a_tenants_checks_for_the_tenant(tmp_path: Any) -> None:
    from amnestic import Amnesia

    keys = {"namespace_keys": {"a": ["one"], "b": ["two"]}, "check_keys": ["one", "two"]}
    model = ScriptedBackend("?")
    with Amnesia(model, db=tmp_path / "r.db", elicit=False) as layer:
        layer.within("a").forget("Please forget Ana Morel.")
        with running_proxy(layer, **keys) as proxy:
            body = {"messages": "Who?", "text": "Ana Morel did it."}
            assert ask(proxy, "one", body).json()["verdict"] == "changed"
            assert ask(proxy, "two", body).json()["verdict"] == "passed"


def test_a_key_may_ask_so_often(tmp_path: Any) -> None:
    keys = {"check_keys": ["checker", "other"], "check_rate": 3}
    with keyword_layer(tmp_path, "Osk") as layer, running_proxy(layer, **keys) as proxy:
        statuses = [ask(proxy, "checker").status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        late = ask(proxy, "checker")
        assert 1 <= int(late.headers["retry-after"]) <= 20
        assert late.json()["error"]["code"] == "too_many_requests"
        assert ask(proxy, "other").status_code == 200


def test_several_texts_are_checked_at_once_and_each_counts(tmp_path: Any) -> None:
    keys = {"check_keys": ["checker"], "check_rate": 5}
    with keyword_layer(tmp_path, "Osk") as layer, running_proxy(layer, **keys) as proxy:
        said = ["Osk did it.", "Tarn did it.", "Nobody did."]
        body = {"checks": [{"messages": "Who?", "text": text} for text in said]}
        url, key = f"{proxy.url}/v1/checks:batch", {"authorization": "Bearer checker"}
        told = httpx.post(url, json=body, headers=key)
        verdicts = [result["verdict"] for result in told.json()["results"]]
        assert verdicts == ["changed", "passed", "passed"]
        late = httpx.post(url, json=body, headers=key)
        assert (late.status_code, int(late.headers["retry-after"])) == (429, 12)
        for wrong in ({"checks": []}, {"checks": [BODY] * 101}, {"checks": [{"text": "A"}]}):
            assert httpx.post(url, json=wrong, headers=key).status_code == 400


def test_a_described_body_is_nobody_elses() -> None:
    """Each application may change its own description."""
    told = json_body(CheckRequest)
    schema = told["content"].pop("application/json")
    assert schema["schema"]["required"] == ["messages", "text"]
    assert json_body(CheckRequest)["content"] == {"application/json": schema}
