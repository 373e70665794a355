"""Requests of `/v1/responses` that refer to what this server answered before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import NotFoundError, OpenAI

from amnestic import Amnesia
from amnestic.server.history import History
from amnestic.server.history_place import private_place
from amnestic.server.settings import ServerSettings
from amnestic.testing import LogCapture, ScriptedBackend, ScriptedServer, serve_scripted
from amnestic.types import Draft, ToolCall
from tests.integrations.openai.upstreams import response
from tests.layers import keyword_layer
from tests.patience import PATIENCE
from tests.server.running import Proxy, running_proxy

PATH = "/v1/responses"
CALL = Draft(
    tool_calls=(ToolCall("c1", "weather", '{"city":"Paris"}'),), finish_reason="tool_calls"
)
RULES = [
    ("Look it up", CALL),
    ("poets", "Marsh sings well. Osk sings too. Tarn is silent."),
    ("Think", Draft("It is mild.", reasoning="A mild day, it seems.")),
]
KEYS = {
    "caller_keys": ["one", "two", "new"],
    "namespace_keys": {"tenant": ["three"], "other": ["three"]},
}


class Stand:
    """A proxy in front of a scripted API."""

    def __init__(self, proxy: Proxy, upstream: ScriptedServer) -> None:
        self.url = proxy.url
        self.upstream = upstream

    def post(self, body: Any, key: str = "one", **headers: str) -> httpx.Response:
        shown = {"authorization": f"Bearer {key}", **headers}
        return httpx.post(
            self.url + PATH, json={"model": "m", **body}, headers=shown, timeout=PATIENCE
        )

    def get(self, path: str, key: str = "one", **params: Any) -> httpx.Response:
        shown = {"authorization": f"Bearer {key}"}
        return httpx.get(f"{self.url}/v1{path}", headers=shown, params=params, timeout=PATIENCE)

    def asked(self) -> Any:
        """What the upstream was asked last."""
        return self.upstream.requests[-1]["body"]

    def client(self, key: str = "one") -> OpenAI:
        return OpenAI(base_url=f"{self.url}/v1", api_key=key, max_retries=0)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with ExitStack() as running:
        model = ScriptedBackend(rules=RULES, default="Paris is in France.")
        upstream = running.enter_context(serve_scripted(model))
        layer = running.enter_context(keyword_layer(tmp_path_factory.mktemp("refs"), "Osk"))
        layer.__dict__["within"] = lambda space: layer
        proxy = running.enter_context(running_proxy(layer, upstream=upstream.base_url, **KEYS))
        yield Stand(proxy, upstream)


def referred(*ids: str, question: str = "And then?") -> Any:
    given = [{"type": "item_reference", "id": item} for item in ids]
    return {"input": [*given, {"role": "user", "content": question}]}


# ── Served ───────────────────────────────────────────────────────────────────────────────────────


def test_a_second_step_that_refers_to_the_first_is_sent_in_full(stand: Stand) -> None:
    first = stand.client().responses.create(model="m", input="Look it up.")
    item: Any = first.output[0]
    given: Any = [
        {"role": "user", "content": "Look it up."},
        {"type": "item_reference", "id": item.id},
        {"type": "function_call_output", "call_id": item.call_id, "output": "mild"},
    ]
    second = stand.client().responses.create(model="m", input=given)
    assert second.output_text == "Paris is in France."
    sent = stand.asked()["input"]
    assert sent[1] == item.model_dump(exclude_none=True) | {"status": "completed"}
    assert "item_reference" not in json.dumps(sent)


@pytest.mark.parametrize("stream", [False, True])
def test_what_a_stream_said_can_be_referred_to_like_a_plain_reply(
    stand: Stand, stream: bool
) -> None:
    client = stand.client()
    if stream:
        with client.responses.stream(model="m", input="Where is Paris?") as events:
            events.until_done()
            first: Any = events.get_final_response()
    else:
        first = client.responses.create(model="m", input="Where is Paris?")
    assert stand.post(referred(first.output[0].id)).status_code == 200
    assert stand.asked()["input"][0]["content"][0]["text"] == "Paris is in France."


def test_an_earlier_response_is_put_in_front_without_its_instructions(stand: Stand) -> None:
    first = stand.post({"input": "Where is Paris?", "instructions": "Be brief."}).json()
    second = stand.post(
        {"input": "And Rome?", "instructions": "Be kind.", "previous_response_id": first["id"]}
    ).json()
    sent = stand.asked()
    assert "previous_response_id" not in sent
    assert sent["instructions"] == "Be kind."
    assert [item["role"] for item in sent["input"]] == ["user", "assistant", "user"]
    stand.post({"input": [], "previous_response_id": second["id"]})
    assert stand.asked().get("instructions") is None


def test_a_conversation_goes_on_with_all_that_was_said_in_it(stand: Stand) -> None:
    client: Any = stand.client()
    held = client.conversations.create(items=[{"role": "user", "content": "I live in Paris."}])
    for question in ("Where do I live?", "And where is that?"):
        client.responses.create(model="m", input=question, conversation=held.id)
    texts = [item["content"] for item in stand.asked()["input"] if item["role"] == "user"]
    assert texts == ["I live in Paris.", "Where do I live?", "And where is that?"]
    assert "conversation" not in stand.asked()
    assert len(client.conversations.items.list(held.id).data) == 5
    client.conversations.delete(held.id)
    with pytest.raises(NotFoundError, match=f"Conversation with id '{held.id}' not found"):
        client.responses.create(model="m", input="Still there?", conversation=held.id)


def test_encrypted_reasoning_is_sent_as_it_came(tmp_path: Path) -> None:
    thought = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAA=="}
    own = response("It is mild.")
    own["output"] = [thought, *own["output"]]
    with _saying(tmp_path, own) as (url, asked):
        first = httpx.post(url + PATH, json={"model": "m", "input": "How is it?"}).json()
        body = {"model": "m", **referred("rs_1", first["output"][1]["id"])}
        assert httpx.post(url + PATH, json=body).status_code == 200
    assert asked[-1]["input"][0] == thought


def test_what_the_caller_sent_in_full_can_be_referred_to(stand: Stand) -> None:
    said = {"type": "message", "id": "msg_mine", "role": "user", "content": "I live in Paris."}
    stand.post({"input": [said]})
    stand.post(referred("msg_mine"))
    assert stand.asked()["input"][0] == said


def test_a_kept_response_is_found_listed_and_removed(stand: Stand) -> None:
    client = stand.client()
    first = client.responses.create(model="m", input="Where is Paris?")
    assert client.responses.retrieve(first.id).output_text == "Paris is in France."
    listed: Any = client.responses.input_items.list(first.id).data
    assert [item.content for item in listed] == ["Where is Paris?"]
    client.responses.delete(first.id)
    for path in (f"/responses/{first.id}", f"/responses/{first.id}/input_items"):
        assert stand.get(path).status_code == 404


# ── What the targets of today say ────────────────────────────────────────────────────────────────


def test_only_what_was_released_can_be_referred_to(stand: Stand) -> None:
    first = stand.post({"input": "Name poets."}).json()
    assert "Osk" not in json.dumps(first)
    stand.post(referred(first["output"][0]["id"], question="Which of them is silent?"))
    assert "Osk" not in json.dumps(stand.asked())


def test_a_target_that_was_forgotten_later_is_in_force_for_what_was_kept(
    layer: Callable[..., Amnesia],
) -> None:
    model = ScriptedBackend(default="Ana Morel painted the ceiling of Sarn. It is blue.")
    with (
        serve_scripted(model) as upstream,
        layer(model) as amnesia,
        running_proxy(amnesia, upstream=upstream.base_url) as proxy,
    ):
        stand = Stand(proxy, upstream)
        first = stand.post({"input": "Who painted the ceiling of Sarn?"}).json()
        assert "Morel" in json.dumps(first)
        amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
        more = {"input": "How blue is the ceiling?", "previous_response_id": first["id"]}
        answer = stand.post(more)
        assert answer.status_code == 200
        assert "Morel" not in answer.text
        assert "Morel" not in json.dumps(upstream.requests[1]["body"])
        asked = len(upstream.requests)
        shown = stand.get(f"/responses/{first['id']}")
        assert (shown.status_code, shown.json()["id"]) == (200, first["id"])
        assert "Morel" not in shown.text
        again = stand.get(f"/responses/{answer.json()['id']}/input_items")
        assert "Morel" not in again.text
        assert len(upstream.requests) == asked


# ── Refused ──────────────────────────────────────────────────────────────────────────────────────


def test_nobody_reaches_what_another_key_or_namespace_was_told(stand: Stand) -> None:
    said = {"type": "message", "id": "msg_three", "role": "user", "content": "I am Marsh."}
    first = stand.post({"input": [said]}, key="three").json()
    item = "msg_three"
    never = stand.post(referred("msg_never"), key="three")
    for key, headers in (("new", {}), ("three", {"x-amnestic-namespace": "other"})):
        seen = stand.post(referred(item), key=key, **headers)
        assert seen.status_code == 404
        assert seen.text.replace(item, "msg_never") == never.text
        more = {"input": "And?", "previous_response_id": first["id"]}
        refused = stand.post(more, key=key, **headers)
        assert refused.json()["error"]["code"] == "previous_response_not_found"
    assert stand.get(f"/responses/{first['id']}", key="new").status_code == 404
    assert stand.post(referred(item), key="three").status_code == 200


def test_two_callers_with_the_same_id_each_have_their_own(stand: Stand) -> None:
    for key, text in (("one", "I am Marsh."), ("two", "I am Tarn.")):
        said = {"type": "message", "id": "msg_same", "role": "user", "content": text}
        stand.post({"input": [said]}, key=key)
    stand.post(referred("msg_same"), key="one")
    assert stand.asked()["input"][0]["content"] == "I am Marsh."


def test_what_shall_not_be_stored_is_not(stand: Stand) -> None:
    said = {"type": "message", "id": "msg_un", "role": "user", "content": "I am Marsh."}
    first = stand.post({"input": [said], "store": False}, key="new").json()
    more = {"input": "And?", "previous_response_id": first["id"]}
    assert stand.post(more, key="new").status_code == 404
    assert stand.post(referred("msg_un"), key="new").status_code == 404


@pytest.mark.parametrize("bad", [5, {"a": 1}, ["x"], "x" * 1_000_000, True, "a b"])
def test_an_id_that_is_none_is_refused(stand: Stand, bad: Any) -> None:
    for body in (
        {"input": [{"type": "item_reference", "id": bad}]},
        {"input": "Hi", "previous_response_id": bad},
        {"input": "Hi", "conversation": {"id": bad}},
    ):
        refused = stand.post(body)
        assert refused.status_code == 400
        assert "id" in refused.json()["error"]["message"]
        assert len(refused.content) < 500


def test_a_conversation_and_an_earlier_response_exclude_each_other(stand: Stand) -> None:
    refused = stand.post({"input": "Hi", "previous_response_id": "a", "conversation": "b"})
    assert refused.status_code == 400


def test_a_small_request_cannot_refer_to_more_than_may_be_sent(tmp_path: Path) -> None:
    large = {"type": "message", "id": "msg_large", "role": "user",
             "content": [{"type": "input_image", "image_url": "data:" + "x" * 50_000}]}  # fmt: skip
    with (
        serve_scripted(ScriptedBackend(default="Hello.")) as upstream,
        keyword_layer(tmp_path, "Osk") as layer,
        running_proxy(
            layer, upstream=upstream.base_url, max_body=100_000, max_messages=20
        ) as proxy,
    ):
        stand = Stand(proxy, upstream)
        stand.post({"input": [large, {"role": "user", "content": "Hi"}]})
        assert stand.post(referred("msg_large")).status_code == 200
        assert stand.post(referred(*["msg_large"] * 3)).status_code == 413
        first = stand.post({"input": [{"role": "user", "content": "Hi"}] * 15}).json()
        many = [{"role": "user", "content": "Hi"}] * 10
        assert stand.post({"input": many, "previous_response_id": first["id"]}).status_code == 400


def test_a_server_that_keeps_nothing_says_what_to_send(tmp_path: Path) -> None:
    with (
        serve_scripted(ScriptedBackend(default="Hello.")) as upstream,
        keyword_layer(tmp_path, "Osk") as layer,
        running_proxy(layer, upstream=upstream.base_url, stored_responses=0) as proxy,
    ):
        stand = Stand(proxy, upstream)
        for body in (referred("msg_1"), {"input": "Hi", "previous_response_id": "resp_1"}):
            refused = stand.post(body)
            assert refused.status_code == 400
            assert "send" in refused.json()["error"]["message"]
        assert stand.get("/responses/resp_1").status_code == 501


def test_texts_that_are_kept_stand_in_no_log_and_no_file_name(
    stand: Stand, debug_logs: LogCapture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    said = {"type": "message", "id": "msg_quiet", "role": "user", "content": "I am Marsh."}
    stand.post({"input": [said]})
    stand.post(referred("msg_quiet"))
    stand.post(referred("msg_gone_of_Marsh"))
    told = "\n".join(debug_logs.lines)
    assert "Marsh" not in told
    assert "msg_quiet" not in told


# ── Bounds ───────────────────────────────────────────────────────────────────────────────────────

OWNER, OTHER = b"one", b"two"


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def kept(place: Path, clock: Clock, most: int = 3, most_bytes: int = 100_000) -> History:
    return History(place, most, most_bytes, 60.0, clock)


def put(history: History, name: str, owner: bytes = OWNER, text: str = "Hi") -> None:
    said = {"id": name, "output": [{"id": f"msg_{name}", "text": text}]}
    history.keep(owner, "response", name, {"input": []}, said, said["output"])


def there(history: History, *names: str, owner: bytes = OWNER) -> list[bool]:
    return [history.find(owner, "response", name) is not None for name in names]


def test_a_full_store_drops_the_least_used_first(tmp_path: Path, clock: Clock) -> None:
    history = kept(tmp_path, clock)
    for name in "abc":
        clock.now += 1
        put(history, name)
    clock.now += 1
    assert history.find(OWNER, "response", "a") is not None
    clock.now += 1
    put(history, "d", OTHER)
    assert there(history, "a", "b", "c") == [True, False, True]
    assert history.holder(OWNER, "msg_b") is None
    history.close()


@pytest.mark.parametrize("bounds", [{"most": 6}, {"most": 100, "most_bytes": 5_800}])
def test_nobody_pushes_out_what_another_has_within_a_share(
    tmp_path: Path, clock: Clock, bounds: dict[str, int]
) -> None:
    history = kept(tmp_path, clock, **bounds)
    put(history, "mine", text="x" * 500)
    for kind in ("guarded", "conversation"):
        history.keep(OWNER, kind, "mine", {"input": "x" * 500}, {})
    for number in range(20):
        clock.now += 1
        put(history, f"many{number}", OTHER, "x" * 500)
        history.keep(OTHER, "conversation", f"many{number}", {"input": "x" * 500}, {})
    for kind in ("response", "guarded", "conversation"):
        assert history.find(OWNER, kind, "mine") is not None
    assert there(history, "many19", owner=OTHER) == [True]
    assert there(history, "many0", owner=OTHER) == [False]
    history.close()


def test_a_store_is_bounded_by_its_bytes(tmp_path: Path, clock: Clock) -> None:
    history = kept(tmp_path, clock, most=100, most_bytes=3_000)
    for name in "abcd":
        clock.now += 1
        put(history, name, text="x" * 700)
    assert there(history, "a", "b", "c", "d") == [False, False, True, True]
    put(history, "huge", text="x" * 5_000)
    assert there(history, "huge", "d") == [False, True]
    history.close()


def test_what_was_not_used_for_long_is_gone(tmp_path: Path, clock: Clock) -> None:
    history = kept(tmp_path, clock)
    put(history, "a")
    clock.now += 61
    assert there(history, "a") == [False]
    assert not history.forget(OWNER, "response", "a")
    put(history, "b")
    with sqlite3.connect(tmp_path / "history.db") as database:
        assert database.execute("SELECT count(*) FROM kept").fetchone() == (1,)
    database.close()
    history.close()


def test_processes_that_share_a_place_see_what_the_others_kept(
    tmp_path: Path, clock: Clock
) -> None:
    first, second = kept(tmp_path, clock), kept(tmp_path, clock)
    put(first, "a")
    assert there(second, "a") == [True]
    assert second.holder(OWNER, "msg_a") is not None
    first.close()
    second.close()


def test_the_file_is_its_owners_alone_and_gone_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    history = History.of(ServerSettings())
    assert history is not None
    put(history, "a")
    (place,) = tmp_path.iterdir()
    assert place.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in place.iterdir()} == {0o600}
    history.close()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_server_left_is_removed_and_what_a_living_one_has_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    left = tmp_path / "amnestic-history-left"
    left.mkdir()
    (left / "history.db").write_text("told")
    with private_place() as living:
        for folder in (left, living):
            os.utime(folder, (0, 0))
        with private_place():
            assert living.exists()
            assert not left.exists()


def _saying(tmp_path: Path, reply: Any) -> Any:
    """A proxy in front of an upstream that gives one reply; with what that is asked."""
    import threading
    from contextlib import contextmanager
    from http.server import BaseHTTPRequestHandler, HTTPServer

    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing on the screen."""

        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            data = json.dumps(reply).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    @contextmanager
    def running() -> Iterator[Any]:
        server = HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            base = f"http://127.0.0.1:{server.server_address[1]}/v1"
            with (
                keyword_layer(tmp_path, "Osk") as layer,
                running_proxy(layer, upstream=base) as proxy,
            ):
                yield proxy.url, asked
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    return running()
