"""What is kept of a caller's talk looks alike for a listed subject and for one that nobody knows,
and is given back as it was released, but for what the targets of today withhold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend, serve_scripted
from tests.patience import PATIENCE
from tests.server.knowing_nobody import knowing_nobody
from tests.server.running import running_proxy
from tests.server.test_membership import instructed, items, pair, question

LISTED, UNLISTED = pair(0)
NAMES = (LISTED, UNLISTED)


@pytest.fixture(scope="module")
def layer_and_http(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Amnesia, httpx.Client]]:
    with ExitStack() as running:
        url = running.enter_context(knowing_nobody())
        db = tmp_path_factory.mktemp("kept") / "r.db"
        model = ScriptedBackend("?")
        layer = running.enter_context(Amnesia(model, db=db, elicit=False, direct="ask"))
        layer.forget(f"Please forget {LISTED}. {LISTED} is a painter.")
        proxy = running.enter_context(running_proxy(layer, upstream=url))
        http = running.enter_context(httpx.Client(base_url=f"{proxy.url}/v1", timeout=PATIENCE))
        http.post("/responses", json={"model": "m", **items("nobody")})  # as any has served before
        yield layer, http


@pytest.fixture
def http(layer_and_http: tuple[Amnesia, httpx.Client]) -> httpx.Client:
    return layer_and_http[1]


def alike(text: str, name: str) -> Any:
    """A reply without its ids, its times and the name that was asked for."""
    text = re.sub(r"(?<=_)[0-9a-zA-Z]{16,}(?=\")", "<id>", text.replace(name, "NAME"))
    return json.loads(re.sub(r'("created_at": ?)\d{10}\b', r"\1<now>", text).replace("<now>", "0"))


def talk(name: str) -> list[Any]:
    """All that a caller may say in a conversation."""
    call = {"type": "function_call", "call_id": "c", "name": "find",
            "arguments": json.dumps({"q": name})}  # fmt: skip
    return [
        {"role": "system", "content": f"Our guest is {name}."},
        {"role": "user", "content": question(name)},
        {"role": "assistant", "content": f"{name} is a painter."},
        call,
        {"type": "function_call_output", "call_id": "c", "output": f"{name} painted it."},
        {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": name}]},
        {"role": "user", "content": [{"type": "input_text", "text": question(name)}]},
    ]


def test_what_a_caller_puts_in_a_conversation_comes_back_as_it_was_sent(
    http: httpx.Client,
) -> None:
    seen = []
    for name in NAMES:
        made = http.post("/conversations", json={"items": talk(name)[:3]}).json()
        http.post(f"/conversations/{made['id']}/items", json={"items": talk(name)[3:]})
        path = f"/conversations/{made['id']}/items"
        listed = http.get(path, params={"order": "asc"})
        for item, sent in zip(listed.json()["data"], talk(name), strict=True):
            assert item == {"id": item["id"], **sent}
        assert http.get(path, params={"order": "asc"}).content == listed.content
        seen.append([alike(listed.text, name), alike(http.get(path).text, name)])
    assert seen[0] == seen[1]


@pytest.mark.parametrize("sent", [question, talk])
def test_what_a_response_was_asked_comes_back_as_it_was_sent(http: httpx.Client, sent: Any) -> None:
    seen = []
    for name in NAMES:
        first = http.post("/responses", json={"model": "m", "input": sent(name)}).json()
        listed = http.get(f"/responses/{first['id']}/input_items", params={"order": "asc"})
        seen.append(alike(listed.text, name))
        assert name in listed.text
    assert seen[0] == seen[1]


def test_a_conversation_that_was_answered_in_looks_alike(http: httpx.Client) -> None:
    seen = []
    for name in NAMES:
        made = http.post("/conversations", json={"items": talk(name)[:1]}).json()
        body = {"model": "m", **items(name), "conversation": made["id"]}
        said = http.post("/responses", json=body).json()["output"]
        path = f"/conversations/{made['id']}/items"
        listed = http.get(path, params={"order": "asc"}).json()["data"]
        assert listed[2:] == said
        listed[2]["content"][0]["text"] = "<words>"
        seen.append(alike(json.dumps(listed), name))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("make", [items, instructed])
@pytest.mark.parametrize("stream", [False, True])
def test_a_kept_response_is_what_was_released(http: httpx.Client, make: Any, stream: bool) -> None:
    for name in NAMES:
        asked = {"model": "m", **make(name), "stream": stream}
        given = http.post("/responses", json=asked)
        released = _whole(given.text) if stream else given.json()
        first, second = (http.get(f"/responses/{released['id']}") for _ in range(2))
        assert first.json() == released
        assert first.content == second.content


def _whole(events: str) -> Any:
    data = [json.loads(line[6:]) for line in events.splitlines() if line.startswith("data: {")]
    return data[-1]["response"]


@pytest.mark.parametrize("make", [items, instructed])
def test_what_a_kept_response_holds_can_be_referred_to(http: httpx.Client, make: Any) -> None:
    for name in NAMES:
        first = http.post("/responses", json={"model": "m", **make(name)}).json()
        kept = http.get(f"/responses/{first['id']}").json()
        refer = {"type": "item_reference", "id": kept["output"][0]["id"]}
        more = {"model": "m", "input": [refer, {"role": "user", "content": "And then?"}]}
        assert http.post("/responses", json=more).status_code == 200


def test_a_target_that_is_forgotten_later_changes_nothing_of_who_was_listed_before(
    layer_and_http: tuple[Amnesia, httpx.Client],
) -> None:
    layer, http = layer_and_http
    released = [http.post("/responses", json={"model": "m", **items(n)}).json() for n in NAMES]
    released += [
        http.post("/responses", json={"model": "m", **instructed(n)}).json() for n in NAMES
    ]
    layer.forget("Please forget Ana Morel. Ana Morel is a painter.")
    layer.forget(f"Please forget {LISTED}. {LISTED} lives in Oslo.")
    for reply in released:
        assert http.get(f"/responses/{reply['id']}").json() == reply


SAID = "Ana Morel painted the ceiling of Sarn. It is blue."


def test_only_the_words_change_that_a_target_of_today_withholds(
    layer: Callable[..., Amnesia],
) -> None:
    model = ScriptedBackend(default=SAID)
    with (
        serve_scripted(model) as upstream,
        layer(model) as amnesia,
        running_proxy(amnesia, upstream=upstream.base_url) as proxy,
        httpx.Client(base_url=f"{proxy.url}/v1", timeout=PATIENCE) as http,
    ):
        mine = {"role": "user", "content": "I like Ana Morel."}
        held = http.post("/conversations", json={"items": [mine]}).json()["id"]
        body = {"model": "m", "input": "Who painted the ceiling of Sarn?", "conversation": held}
        released = http.post("/responses", json=body).json()
        amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
        asked = len(upstream.requests)
        kept = http.get(f"/responses/{released['id']}").json()
        path = f"/conversations/{held}/items"
        own, _, said = http.get(path, params={"order": "asc"}).json()["data"]
        assert len(upstream.requests) == asked
    (before,), (now,) = released.pop("output"), kept.pop("output")
    assert "Morel" not in json.dumps(now)
    assert now.keys() == before.keys()
    assert {**now, "content": 0} == {**before, "content": 0}
    assert now["content"][0].keys() == before["content"][0].keys()
    assert kept == released
    assert own["content"] == mine["content"]
    assert "Morel" not in json.dumps(said)
    assert said.keys() == before.keys()
    assert said["id"] == before["id"]


def test_what_an_earlier_reply_said_is_withheld_wherever_it_is_listed(
    layer: Callable[..., Amnesia],
) -> None:
    model = ScriptedBackend(default=SAID)
    with (
        serve_scripted(model) as upstream,
        layer(model) as amnesia,
        running_proxy(amnesia, upstream=upstream.base_url) as proxy,
        httpx.Client(base_url=f"{proxy.url}/v1", timeout=PATIENCE) as http,
    ):
        body = {"model": "m", "input": "Who painted the ceiling of Sarn?"}
        first = http.post("/responses", json=body).json()
        refer = {"type": "item_reference", "id": first["output"][0]["id"]}
        goes_on = {"previous_response_id": first["id"], "input": "How blue is it?"}
        for more in (goes_on, {"input": [refer, {"role": "user", "content": "How blue?"}]}):
            second = http.post("/responses", json={"model": "m", **more}).json()
            assert "Morel" in http.get(f"/responses/{second['id']}/input_items").text
        amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
        for reply in (first, second):
            listed = http.get(f"/responses/{reply['id']}/input_items")
            assert listed.status_code == 200
            assert "Morel" not in listed.text


@pytest.mark.parametrize("field", ["conversation", "previous_response_id"])
@pytest.mark.parametrize("value", ["", 0, False, [], {}])
@pytest.mark.parametrize("keeps", [True, False])
def test_a_reference_to_nothing_is_refused(
    layer: Callable[..., Amnesia], field: str, value: Any, keeps: bool
) -> None:
    with (
        serve_scripted(ScriptedBackend("Hello.")) as upstream,
        running_proxy(
            layer(), upstream=upstream.base_url, stored_responses=100 if keeps else 0
        ) as proxy,
    ):
        body = {"model": "m", "input": "Hi", field: value}
        given = httpx.post(f"{proxy.url}/v1/responses", json=body, timeout=PATIENCE)
        assert given.status_code == 400
        assert upstream.requests == []
        assert httpx.post(f"{proxy.url}/v1/responses", json={**body, field: None},
                          timeout=PATIENCE).status_code == 200  # fmt: skip
