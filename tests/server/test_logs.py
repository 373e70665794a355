"""The log of a running server tells what an operator needs, and no word of anybody's."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from amnestic import Amnesia
from amnestic.exceptions import RegistryUnavailableError
from amnestic.exchange import bringing_in
from amnestic.server.logs import set_up_logs
from amnestic.testing import ScriptedBackend, ScriptedServer
from tests.layers import keyword_layer
from tests.patience import PATIENCE, until
from tests.server.console.visitor import Visitor
from tests.server.running import Proxy, running_proxy

CHAT = "/v1/chat/completions"
Lines = Callable[[], list[dict[str, Any]]]


def user(text: str) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": text}]}


@pytest.fixture
def written() -> Iterator[StringIO]:
    """Where the log is written; the loggers are afterwards what they were."""
    ours = logging.getLogger("amnestic")
    kept = (ours.handlers[:], ours.propagate, ours.level)
    stream = StringIO()
    set_up_logs("json", stream)
    yield stream
    set_up_logs("off")
    ours.handlers[:], ours.propagate, ours.level = kept


@pytest.fixture
def log(written: StringIO) -> Lines:
    """Reads the log."""
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def line_of(reply: httpx.Response, log: Lines) -> dict[str, Any]:
    """The line of a reply's request: it is written when the reply has ended, which may be after it
    was read."""
    wanted = reply.headers["x-request-id"]
    return until(
        lambda: next((line for line in log() if line.get("id") == wanted), None),
        "the request never becomes a line",
    )


@pytest.fixture
def fresh(upstream: ScriptedServer, tmp_path: Path, log: Lines) -> Iterator[Proxy]:
    with (
        keyword_layer(tmp_path, "Osk") as layer,
        running_proxy(layer, upstream=upstream.base_url, admin_token="admin") as proxy,
    ):
        yield proxy


def test_each_request_is_a_line_with_its_id_and_what_became_of_it(fresh: Proxy, log: Lines) -> None:
    near = httpx.post(fresh.url + CHAT, json=user("Who is Osk?"))
    far = httpx.post(fresh.url + CHAT, json=user("Where is Paris?"))
    one, other = (line_of(reply, log) for reply in (near, far))
    assert (one["endpoint"], one["status"], one["route"]) == (CHAT, 200, "abstained")
    assert one["targets"] == ["Osk"]  # the id that these tests give it
    assert (other["route"], other["targets"]) == ("clear", [])
    assert {"ms", "added_ms", "base_calls", "agent_calls", "timestamp"} <= one.keys()


def test_a_stream_is_a_line_when_it_has_ended(fresh: Proxy, log: Lines) -> None:
    asked = {**user("Where is Paris?"), "stream": True}
    with httpx.stream("POST", fresh.url + CHAT, json=asked) as reply:
        list(reply.iter_lines())
    assert line_of(reply, log)["route"] == "clear"
    assert len([one for one in log() if one["event"] == "request"]) == 1


def test_no_word_of_a_request_a_reply_or_a_target_is_written(fresh: Proxy, log: Lines) -> None:
    canary = "Zebulon-4242"
    for asked in (
        user(f"Who is Osk, {canary}?"),
        user(f"Fault {canary}"),
        user(f"Broken {canary}"),
        {**user("hi"), "model": canary},
        {**user("hi"), canary: canary},
    ):
        httpx.post(fresh.url + CHAT, json=asked, headers={"x-api-key": canary})
    for told in ({}, {"content-type": "application/json"}, {"content-type": canary}):
        httpx.post(fresh.url + CHAT, content=canary, headers=told)
    shown = {"authorization": "Bearer admin"}
    for path in (f"/{canary}?q={canary}", f"/v1/targets?search={canary}"):
        line_of(httpx.get(fresh.url + path, headers=shown), log)
    told = json.dumps([{**line, "targets": []} for line in log()])
    assert '"status": 404' in told
    assert not any(word in told for word in (canary, "Zebulon", "Osk", "poet", "admin"))


def test_what_a_file_brought_in_before_it_broke_is_in_the_log(
    tmp_path: Path, log: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing_in, "_AT_ONCE", 2)
    with (
        Amnesia(ScriptedBackend(), db=tmp_path / "r.db", elicit=False) as layer,
        running_proxy(layer, admin_token="admin") as proxy,
    ):
        add = layer.registry.add_all

        def breaking(targets: Any, **why: Any) -> Any:
            if any(target.subject == "Cy Vale" for target in targets):
                raise RegistryUnavailableError("the registry is locked")
            return add(targets, **why)

        monkeypatch.setattr(layer.registry, "add_all", breaking)
        adam = Visitor(proxy.url, {})
        adam.log_in("admin")
        sent = {"file": ("t.csv", b"subject\nBo Reed\nIda Tarn\nCy Vale\nUna Lys\n")}
        page = adam.finished(adam.post("/import", {"space": "default"}, files=sent))
        adam.client.close()
        held = [target.id for target in layer.targets()]
    assert "registry is locked" in page.text
    (line,) = (line for line in log() if line["event"] == "change")
    assert (line["count"], line["ids"]) == (2, held)


def test_each_change_is_a_line_with_ids_and_the_request_that_made_it(
    upstream: ScriptedServer, tmp_path: Path, log: Lines
) -> None:
    with (
        Amnesia(ScriptedBackend(default="I see."), db=tmp_path / "r.db", elicit=False) as layer,
        running_proxy(layer, upstream=upstream.base_url, admin_token="admin") as proxy,
    ):
        head = {"authorization": "Bearer admin"}
        with httpx.Client(base_url=proxy.url, headers=head, timeout=PATIENCE) as api:
            made = api.post("/v1/targets", json={"text": "Please forget Mirela Osk, a poet."})
            one, named = made.json()["id"], {"subject": "Tor Hagen-Lys"}
            added = api.post(
                "/v1/targets:add", json={"data": [{"id": f"t-{i}", **named} for i in range(30)]}
            )
            api.patch(f"/v1/targets/{one}", json={"aliases": ["The Lark"]})
            api.delete(f"/v1/targets/{one}", params={"why": "withdrawn"})
            api.post(f"/v1/targets/{one}:restore", json={"why": "asked"})
            api.delete(f"/v1/targets/{one}", params={"purge": "true"})
            key = api.post("/v1/keys", json={"name": "Ada", "role": "viewer"}).json()["id"]
            api.post(f"/v1/keys/{key}:rotate")
            api.delete(f"/v1/keys/{key}")
        adam = Visitor(proxy.url, {})
        adam.log_in("admin")
        other = adam.forget("Please forget Ida Tarn, a painter.")
        adam.post(f"/targets/{other}/edit", {"part": "aliases", "value": "Wren", "version": "1"})
        adam.post(f"/targets/{other}/revoke", {"why": "withdrawn"})
        sent = {"file": ("t.csv", b"subject\nBo Reed\nCy Vale\n")}
        adam.finished(adam.post("/import", {"space": "default"}, files=sent))
        adam.post("/keys", {"name": "Vera", "role": "viewer"})
        adam.client.close()
    lines = [line for line in log() if line["event"] == "change"]
    told = [(line["what"], line["action"], line["count"]) for line in lines]
    assert told == [
        ("target", "add", 1),
        ("target", "add", 30),
        *(("target", action, 1) for action in ("edit", "revoke", "restore", "purge")),
        *(("key", action, 1) for action in ("create", "rotate", "revoke")),
        *(("target", action, 1) for action in ("add", "edit", "revoke")),
        ("target", "add", 2),
        ("key", "create", 1),
    ]
    assert lines[0]["ids"] == [one]
    assert lines[0]["id"] == made.headers["x-request-id"]
    assert (len(lines[1]["ids"]), lines[1]["id"]) == (20, added.headers["x-request-id"])
    assert lines[9]["ids"] == [other]
    whole = json.dumps(log())
    assert not any(
        word in whole for word in ("Mirela", "Hagen", "Lark", "Tarn", "Reed", "Ada", "withdrawn")
    )


def test_off_leaves_warnings_and_errors(written: StringIO) -> None:
    set_up_logs("off", written)
    logging.getLogger("amnestic.server").info("a request")
    logging.getLogger("amnestic.server").warning("worker %d has died", 7)
    logging.getLogger("amnestic").handlers[0].flush()
    assert "worker 7 has died" in written.getvalue()
    assert "a request" not in written.getvalue()
