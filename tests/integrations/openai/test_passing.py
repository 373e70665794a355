"""Far from every target a stream is the upstream's own events; near one nothing of it gets by."""

from __future__ import annotations

import asyncio
import copy
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai import OpenAI

from amnestic import Amnesia
from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.dialect import Json
from amnestic.integrations.openai.door import Door
from amnestic.integrations.openai.responses import ResponsesDialect
from amnestic.integrations.openai.upstream import Opened
from amnestic.testing import ScriptedBackend
from tests.integrations.openai.recorded import CHAT, RESPONSES, as_events
from tests.integrations.openai.replaying import replaying
from tests.layers import keyword_layer
from tests.server.running import running_proxy

TARGET = "Osk"
ASKED: dict[str, Json] = {
    "/chat/completions": {"model": "m", "messages": [{"role": "user", "content": "How is it?"}]},
    "/responses": {"model": "m", "input": "How is it?"},
}
STREAMS = [("/chat/completions", kind) for kind in CHAT] + [("/responses", k) for k in RESPONSES]
DIALECTS: dict[str, Any] = {"/chat/completions": ChatDialect(), "/responses": ResponsesDialect()}
each_stream = pytest.mark.parametrize(
    ("path", "kind"), STREAMS, ids=[f"{path[1:5]}-{kind}" for path, kind in STREAMS]
)


def recorded(path: str, kind: str) -> list[Json]:
    return (CHAT if path == "/chat/completions" else RESPONSES)[kind]


def events_in(stream: bytes) -> list[tuple[str, Any]]:
    """The events of a stream: their names and their data."""
    found = []
    for block in re.split(r"\n\n", stream.decode()):
        fields = [line.partition(": ")[::2] for line in block.split("\n") if line]
        data = "\n".join(value for key, value in fields if key == "data")
        name = next((value for key, value in fields if key == "event"), "")
        if data:
            found.append((name, data if data == "[DONE]" else json.loads(data)))
    return found


class Pieces:
    """An upstream whose stream arrives in given pieces."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    async def send(self, body: Json) -> Any:
        raise AssertionError("a stream was asked for")

    @asynccontextmanager
    async def open(self, body: Json) -> AsyncIterator[Opened]:
        async def pieces() -> AsyncIterator[bytes]:
            for piece in self._pieces:
                await asyncio.sleep(0)
                yield piece

        yield Opened(200, (("content-type", "text/event-stream"),), pieces())


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    model = ScriptedBackend(default="?")
    with keyword_layer(tmp_path_factory.mktemp("passing"), TARGET, model=model) as amnesia:
        yield amnesia


def told(layer: Amnesia, path: str, pieces: list[bytes], **asked: Any) -> bytes:
    body = {**ASKED[path], "stream": True, **asked}

    async def joined() -> bytes:
        events = Door(layer, DIALECTS[path]).stream(body, Pieces(pieces)).events()
        return b"".join([event async for event in events])

    return asyncio.run(joined())


@settings(max_examples=150, deadline=None)
@given(stream=st.sampled_from(STREAMS), data=st.data())
def test_however_it_is_cut_a_far_stream_is_the_upstreams_own(
    layer: Amnesia, stream: tuple[str, str], data: st.DataObject
) -> None:
    sent = as_events(recorded(*stream))
    cuts = data.draw(st.lists(st.integers(0, len(sent)), max_size=8))
    places = sorted({0, len(sent), *cuts})
    pieces = [sent[a:b] for a, b in pairwise(places)]
    assert events_in(told(layer, stream[0], pieces)) == events_in(sent)


@pytest.fixture(scope="module")
def doors(layer: Amnesia) -> Iterator[Any]:
    """Asks for a stream by a wrapped client, and by the proxy."""
    with (
        replaying() as upstream,
        OpenAI(base_url=upstream.url, api_key="k", max_retries=0) as own,
        running_proxy(layer, upstream=upstream.url) as proxy,
        httpx.Client(base_url=proxy.url, timeout=60) as http,
    ):
        wrapped: Any = layer.wrap(own)

        def ask(
            door: str, path: str, sent: bytes, kind: str = "text/event-stream", **asked: Any
        ) -> bytes:
            upstream.content, upstream.kind = sent, kind
            body = {**ASKED[path], "stream": True, **asked}
            if door == "proxy":
                return http.post(f"/v1{path}", json=body).content
            endpoint = wrapped.responses if path == "/responses" else wrapped.chat.completions
            with endpoint.with_streaming_response.create(**body) as reply:
                return b"".join(reply.iter_bytes())

        yield ask


@each_stream
@pytest.mark.parametrize("door", ["wrapped", "proxy"])
def test_both_doors_pass_a_far_stream_on_as_it_came(
    doors: Any, door: str, path: str, kind: str
) -> None:
    sent = as_events(recorded(path, kind))
    assert events_in(doors(door, path, sent)) == events_in(sent)


@pytest.mark.parametrize("door", ["wrapped", "proxy"])
def test_a_form_that_is_asked_for_is_streamed_as_it_came(doors: Any, door: str) -> None:
    pieces = ('{"rain"', ": true, ", '"wind": false}')
    sent = as_events([*({**c, "choices": [{**c["choices"][0], "delta": {"content": p}}]}
                        for c, p in zip(CHAT["plain"][1:], pieces, strict=False)),
                      CHAT["plain"][-1]])  # fmt: skip
    form = {"type": "json_schema", "json_schema": {"name": "w", "schema": {"type": "object"}}}
    told = doors(door, "/chat/completions", sent, response_format=form)
    assert events_in(told) == events_in(sent)


@pytest.mark.parametrize("door", ["wrapped", "proxy"])
def test_a_stream_under_another_content_type_is_a_stream(doors: Any, door: str) -> None:
    sent = as_events(CHAT["plain"])
    told = doors(door, "/chat/completions", sent, kind="text/plain")
    assert events_in(told) == events_in(sent)


def test_a_stream_is_passed_on_before_it_has_ended(layer: Amnesia) -> None:
    first, *rest = CHAT["plain"][1:]
    opened = [{**first, "choices": [{**first["choices"][0], "delta": {"content": "Fine. And "}}]}]
    arrived: list[bytes] = []
    begun = asyncio.Event()

    class Slow(Pieces):
        @asynccontextmanager
        async def open(self, body: Json) -> AsyncIterator[Opened]:
            async def pieces() -> AsyncIterator[bytes]:
                yield as_events([CHAT["plain"][0]]).removesuffix(b"data: [DONE]\n\n")
                await begun.wait()  # the rest is sent only once the beginning is out
                yield as_events([*opened, *rest])

            yield Opened(200, (("content-type", "text/event-stream"),), pieces())

    async def joined() -> bytes:
        body = {**ASKED["/chat/completions"], "stream": True}
        async for event in Door(layer, ChatDialect()).stream(body, Slow([])).events():
            arrived.append(event)
            begun.set()
        return b"".join(arrived)

    assert events_in(asyncio.run(joined()))[0][1] == CHAT["plain"][0]


# ── Near a target ────────────────────────────────────────────────────────────────────────────────

UNREAD = ("encrypted_content", "data", "type", "role", "url", "partial_image_b64", "result")
"""What holds no words: sealed thoughts, pictures, and what says how the rest is to be read."""


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all texts in a value."""
    if isinstance(value, str):
        yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if key not in UNREAD:
                yield from leaves(inner, (*path, key))


def planted(events: list[Json], place: tuple[Any, ...], text: str) -> list[Json]:
    found = copy.deepcopy(events)
    inner: Any = found
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = text
    return found


@settings(max_examples=400, deadline=None)
@given(stream=st.sampled_from(STREAMS), data=st.data())
def test_wherever_a_target_stands_in_a_stream_it_does_not_come_out(
    layer: Amnesia, stream: tuple[str, str], data: st.DataObject
) -> None:
    events = recorded(*stream)
    place = data.draw(st.sampled_from([*leaves(events)]))
    sent = as_events(planted(events, place, f"So {TARGET} said"))
    try:
        said = told(layer, stream[0], [sent])
    except Exception as error:  # noqa: BLE001 - told as the upstream's failure, without its words
        said = str(error).encode()
    assert TARGET.encode() not in said


NEAR: dict[str, Json] = {
    "/chat/completions": {
        "messages": [
            {"role": "system", "content": f"Our guest today is {TARGET}. Be kind."},
            *ASKED["/chat/completions"]["messages"],
        ]
    },
    "/responses": {"instructions": f"Our guest today is {TARGET}. Be kind."},
}
LOT = ("id", "created", "created_at", "item_id", "call_id", "obfuscation")


@each_stream
def test_near_a_target_a_clean_stream_is_the_upstreams_own(
    layer: Amnesia, path: str, kind: str
) -> None:
    sent = as_events(recorded(path, kind))
    said = told(layer, path, [sent], **NEAR[path])
    assert TARGET not in said.decode().replace(NEAR[path].get("instructions", "-"), "")
    without = [_no_likelihoods(value) for value in events_in(sent)]
    assert [_as_plain(event) for event in events_in(said)] == [_as_plain(e) for e in without]


def _as_plain(event: Any) -> Any:
    """An event without what it repeats of the request, and without what that took."""
    value = json.loads(json.dumps(event[1]))
    if isinstance(value, dict):
        for inner in (value, value.get("response") or {}):
            for key in ("instructions", "usage"):
                inner.pop(key, None)
    return event[0], value


def _no_likelihoods(event: Any) -> Any:
    def bare(value: Any) -> Any:
        if isinstance(value, list):
            return [bare(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        empty = {
            k: ([] if isinstance(v, list) else None) for k, v in value.items() if k == "logprobs"
        }
        return {k: bare(v) for k, v in value.items()} | empty

    return event[0], bare(event[1])


def _shape(value: Any) -> Any:
    """An event without its words, and without what is drawn by lot."""
    if isinstance(value, dict):
        return [(k, "lot" if k in LOT else _shape(v)) for k, v in value.items()]
    return [_shape(inner) for inner in value] if isinstance(value, list) else type(value).__name__


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/chat/completions", "plain"), ("/chat/completions", "padded"),
     ("/chat/completions", "asked usage"), ("/chat/completions", "unasked usage"),
     ("/responses", "plain"), ("/responses", "padded")],
)  # fmt: skip
def test_what_is_said_anew_has_the_shape_of_what_came(layer: Amnesia, path: str, kind: str) -> None:
    clean = recorded(path, kind)
    leaking = json.loads(json.dumps(clean).replace("day.", f"day. {TARGET} did. Yes."))
    more = {"stream_options": {"include_usage": True}} if kind == "asked usage" else {}
    said = events_in(told(layer, path, [as_events(leaking)], **NEAR[path], **more))
    assert TARGET not in json.dumps(list(said)).replace(NEAR[path].get("instructions", "-"), "")
    shapes = [[_shape(event) for event in events] for events in (said, events_in(as_events(clean)))]
    assert set(map(str, shapes[0])) == set(map(str, shapes[1]))
