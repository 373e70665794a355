"""Far from every target a stream is the upstream's own events; near one nothing of it gets by."""

from __future__ import annotations

import asyncio
import base64
import copy
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai import APIStatusError, OpenAI

from amnestic import Amnesia
from amnestic.exceptions import ModelError
from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.dialect import Json
from amnestic.integrations.openai.door import Door
from amnestic.integrations.openai.responses import ResponsesDialect
from amnestic.integrations.openai.upstream import Opened
from amnestic.testing import ScriptedBackend
from tests.integrations.openai.recorded import CHAT, RESPONSES, USAGE, as_events
from tests.integrations.openai.replaying import replaying
from tests.integrations.openai.upstreams import answered, chat_chunk, chat_reply
from tests.integrations.placing import changed, places
from tests.layers import keyword_layer
from tests.server.running import running_proxy
from tests.thoroughness import examples

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


@settings(max_examples=examples(150), deadline=None)
@given(stream=st.sampled_from(STREAMS), data=st.data())
def test_however_it_is_cut_a_far_stream_is_the_upstreams_own(
    layer: Amnesia, stream: tuple[str, str], data: st.DataObject
) -> None:
    sent = as_events(recorded(*stream))
    cuts = data.draw(st.lists(st.integers(0, len(sent)), max_size=8))
    ends = sorted({0, len(sent), *cuts})
    pieces = [sent[a:b] for a, b in pairwise(ends)]
    assert events_in(told(layer, stream[0], pieces)) == events_in(sent)


def is_whole(path: str, events: list[tuple[str, Any]]) -> bool:
    """Whether an answer has said why it ends, or that it does."""
    if path == "/responses":
        ends = {"response.completed", "response.incomplete", "response.failed"}
        return any(data == "[DONE]" or data["type"] in ends for _, data in events)
    if any(data == "[DONE]" for _, data in events):
        return True
    choices = [c for _, d in events for c in d["choices"]]
    ended = {c.get("index", 0) for c in choices if c.get("finish_reason")}
    return bool(ended) and ended == {c.get("index", 0) for c in choices}


def assert_a_cut_stream_is_no_whole_one(layer: Amnesia, path: str, sent: bytes, end: int) -> None:
    arrived = events_in(sent[: sent.rfind(b"\n\n", 0, end) + 2]) if end else []
    if is_whole(path, arrived):
        told(layer, path, [sent[:end]])
        return
    try:
        assert is_whole(path, events_in(told(layer, path, [sent[:end]])))
    except ModelError as error:
        told_of = (error.retryable, str(error))
    else:
        return
    assert told_of == (True, "the upstream broke off its answer")


def test_a_stream_that_stops_at_any_byte_has_broken_off(layer: Amnesia) -> None:
    sent = as_events(CHAT["plain"])
    for end in range(len(sent)):
        assert_a_cut_stream_is_no_whole_one(layer, "/chat/completions", sent, end)


@pytest.mark.parametrize("stream", STREAMS, ids=" ".join)
def test_a_stream_that_stops_in_its_last_event_has_broken_off(
    layer: Amnesia, stream: tuple[str, str]
) -> None:
    sent = as_events(recorded(*stream))
    last = sent.rfind(b"\n\n", 0, -20)
    for end in (last, last + 1, len(sent) - 18, len(sent) - 2, len(sent) - 1):
        assert_a_cut_stream_is_no_whole_one(layer, stream[0], sent, end)


@settings(max_examples=examples(150), deadline=None)
@given(stream=st.sampled_from(STREAMS), data=st.data())
def test_a_stream_of_any_kind_that_stops_has_broken_off(
    layer: Amnesia, stream: tuple[str, str], data: st.DataObject
) -> None:
    sent = as_events(recorded(*stream))
    end = data.draw(st.integers(0, len(sent) - 1))
    assert_a_cut_stream_is_no_whole_one(layer, stream[0], sent, end)


@pytest.fixture(scope="module")
def doors(layer: Amnesia) -> Iterator[Any]:
    """Asks for a stream by a wrapped client, and by the proxy."""
    with (
        replaying() as upstream,
        OpenAI(base_url=upstream.url, api_key="k", max_retries=0) as own,
        running_proxy(layer, upstream=upstream.url) as proxy,
        httpx.Client(base_url=proxy.url) as http,
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


@pytest.mark.parametrize("path", ["/chat/completions", "/responses"])
@pytest.mark.parametrize("form", ["single lines", "byte order mark", "no error"])
def test_streams_in_odd_forms_are_read_as_they_are_meant(
    layer: Amnesia, path: str, form: str
) -> None:
    chunks = recorded(path, "plain")
    if form == "no error":
        chunks = [{**chunk, "error": None} for chunk in chunks]
    sent = as_events(chunks)
    odd = {
        "single lines": b"\n".join(n for n in sent.split(b"\n") if n[:4] == b"data") + b"\n",
        "byte order mark": b"\xef\xbb\xbf" + sent,
        "no error": sent,
    }[form]
    got, meant = (events_in(each) for each in (told(layer, path, [odd]), sent))
    assert [data for _, data in got] == [data for _, data in meant]


BROKEN: list[tuple[str, Json]] = [
    ("/chat/completions", {"error": {"message": "Overloaded.", "type": "busy", "code": 529}}),
    ("/chat/completions", {**chat_chunk({"content": ""}, "error"), "error": "Overloaded."}),
    ("/responses", {"type": "error", "code": "busy", "message": "Overloaded.", "param": None}),
    ("/responses", {"type": "response.failed",
                    "response": {"error": {"code": "busy", "message": "Overloaded."}}}),
]  # fmt: skip


def heard(doors: Any, door: str, path: str, sent: bytes) -> str:
    """What a caller is told, as a stream or as an HTTP error."""
    try:
        return str(doors(door, path, sent).decode())
    except APIStatusError as error:
        return error.response.text


@pytest.mark.parametrize(("path", "said"), BROKEN)
@pytest.mark.parametrize("before", [0, 3])
def test_an_error_in_a_stream_is_told_as_an_error_in_the_upstreams_words(
    doors: Any, path: str, said: Json, before: int
) -> None:
    sent = as_events([*recorded(path, "plain")[:before], said])
    for door in ("wrapped", "proxy"):
        assert '"message":"Overloaded."' in heard(doors, door, path, sent)


@pytest.mark.parametrize(("path", "said"), BROKEN)
def test_an_error_in_a_stream_tells_nothing_of_a_target(doors: Any, path: str, said: Json) -> None:
    naming = json.loads(json.dumps(said).replace("Overloaded", "Osk is overloaded"))
    sent = as_events([*recorded(path, "plain")[:3], naming])
    for door in ("wrapped", "proxy"):
        told = heard(doors, door, path, sent)
        assert '"error":' in told
        assert "Osk" not in told


class Slow(Pieces):
    """An upstream that sends the rest of its stream once so much of it has gone on."""

    def __init__(self, first: list[Json], rest: list[Json], passed: int) -> None:
        self._begun = as_events(first).removesuffix(b"data: [DONE]\n\n")
        self._rest, self._passed = as_events(rest), passed
        self._out = asyncio.Event()
        self._told = 0

    def told(self, piece: bytes) -> None:
        """Events have gone on: those that pass together are in one piece."""
        self._told += piece.count(b"\n\n")
        if self._told >= self._passed:
            self._out.set()

    @asynccontextmanager
    async def open(self, body: Json) -> AsyncIterator[Opened]:
        async def pieces() -> AsyncIterator[bytes]:
            yield self._begun
            await self._out.wait()
            yield self._rest

        yield Opened(200, (("content-type", "text/event-stream"),), pieces())


def told_slowly(layer: Amnesia, path: str, upstream: Slow) -> list[Any]:
    """The data of the events of a stream that has begun to go on before it ends."""

    async def joined() -> bytes:
        came = []
        body = {**ASKED[path], "stream": True}
        async for event in Door(layer, DIALECTS[path]).stream(body, upstream).events():
            came.append(event)
            upstream.told(event)
        return b"".join(came)

    return [value for _, value in events_in(asyncio.run(joined()))]


def test_a_stream_is_passed_on_before_it_has_ended(layer: Amnesia) -> None:
    role, *rest = CHAT["plain"]
    came = told_slowly(layer, "/chat/completions", Slow([role], rest, 1))
    assert came == [role, *rest, "[DONE]"]


def test_a_thought_is_passed_on_before_the_answer_has_ended(layer: Amnesia) -> None:
    begun = [*CHAT["thoughts"][:6], CHAT["plain"][1]]
    came = told_slowly(layer, "/chat/completions", Slow(begun, CHAT["plain"][2:], 6))
    assert came == [*begun, *CHAT["plain"][2:], "[DONE]"]


@pytest.mark.parametrize("field", ["id", "model", "system_fingerprint", "service_tier"])
@pytest.mark.parametrize("path", [*ASKED])
def test_a_head_that_turns_bad_behind_what_is_out_is_not_told(
    layer: Amnesia, path: str, field: str
) -> None:
    events = copy.deepcopy(recorded(path, "plain"))
    last = events[-1].get("response", events[-1])
    last[field] = f"gpt {TARGET}"
    came = told_slowly(layer, path, Slow(events[:1], events[1:], 1))
    assert came[0] == events[0]  # it was out, and stays
    assert TARGET not in json.dumps(came)


# ── Near a target ────────────────────────────────────────────────────────────────────────────────

UNREAD = ("encrypted_content", "data", "url", "partial_image_b64", "result")
"""What holds no words: sealed thoughts and pictures."""
HELD = (TARGET, f"So {TARGET} said", {"x": TARGET}, [TARGET], {TARGET: 1}, [{"text": TARGET}])
"""A target's name, in whatever shape."""


def said(work: Callable[[], bytes]) -> bytes:
    """What comes out: what cannot be read is the upstream's failure, told without its words."""
    try:
        return work()
    except ModelError as error:
        return str(error).encode()


in_a_stream = given(stream=st.sampled_from(STREAMS), data=st.data(), held=st.sampled_from(HELD))


@settings(max_examples=examples(150), deadline=None)
@in_a_stream
def test_wherever_a_target_stands_in_a_stream_it_does_not_come_out(
    layer: Amnesia, stream: tuple[str, str], data: st.DataObject, held: Any
) -> None:
    stays_in_a_stream(layer, stream, data, held)


@pytest.mark.slow
@settings(max_examples=2_000, deadline=None)
@in_a_stream
def test_at_very_many_places_of_a_stream_it_does_not_come_out(
    layer: Amnesia, stream: tuple[str, str], data: st.DataObject, held: Any
) -> None:
    stays_in_a_stream(layer, stream, data, held)


def stays_in_a_stream(
    layer: Amnesia, stream: tuple[str, str], data: st.DataObject, held: Any
) -> None:
    events = recorded(*stream)
    found = [place for place in places(events, but=UNREAD) if len(place) > 1]
    place = data.draw(st.sampled_from(found))
    sent = as_events(changed(events, place, held))
    assert TARGET.encode() not in said(lambda: told(layer, stream[0], [sent]))


REPLIES = {
    "/chat/completions": [
        chat_reply(),
        chat_reply(None, message={"tool_calls": [{"id": "c", "type": "function", "index": 0,
                   "function": {"name": "rain", "arguments": "{}"}}]}),
        chat_reply(message={"reasoning_content": "Hm.", "annotations": [{"title": "Rain"}],
                   "audio": None, "function_call": None}, choice={"logprobs": {"content": []}}),
    ],
    "/responses": [RESPONSES[kind][-1]["response"] for kind in RESPONSES],
}  # fmt: skip


@settings(max_examples=examples(400), deadline=None)
@given(path=st.sampled_from([*REPLIES]), data=st.data(), held=st.sampled_from(HELD))
def test_wherever_a_target_stands_in_a_reply_it_does_not_come_out(
    layer: Amnesia, path: str, data: st.DataObject, held: Any
) -> None:
    reply = data.draw(st.sampled_from(REPLIES[path]))
    place = data.draw(st.sampled_from([*places(reply, but=UNREAD)]))
    sent = changed(reply, place, held)
    assert TARGET.encode() not in said(lambda: answered(layer, DIALECTS[path], ASKED[path], sent))


@pytest.mark.parametrize("path", [*ASKED])
def test_a_name_in_slices_of_a_field_that_nobody_knows_does_not_come_out(
    layer: Amnesia, path: str
) -> None:
    events = copy.deepcopy(recorded(path, "plain"))
    pieces = [e for e in events if e.get("delta") or (e.get("choices") or [{}])[0].get("delta")]
    for event, text in zip(pieces, ("So O", "sk", " said", "."), strict=False):
        (event["choices"][0]["delta"] if path == "/chat/completions" else event)["note"] = text
    came = events_in(said(lambda: told(layer, path, [as_events(events)])))
    notes = re.findall(r'"note": "([^"]*)"', json.dumps(came))
    assert TARGET not in "".join(notes)


@pytest.mark.parametrize(
    "text",
    [
        f"{TARGET}_did_it_and_lives_in_a_house_by_the_river_with_two_dogs_and_a_cat_of_his_own",
        "data:text/plain;base64,"
        + base64.b64encode(f"It was {TARGET} who did it, in a house at night".encode()).decode(),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", [*ASKED])
def test_a_long_text_without_blanks_is_read(layer: Amnesia, path: str, text: str) -> None:
    events = copy.deepcopy(recorded(path, "plain"))
    events[1]["note"] = text
    assert text.encode() not in said(lambda: told(layer, path, [as_events(events)]))


def test_lines_that_end_in_a_carriage_return_alone_are_lines(layer: Amnesia) -> None:
    hidden = json.dumps(CHAT["plain"][1]).replace("A mild ", "\\u004fsk did")
    sent = b"event: x\rdata: " + hidden.encode() + b"\n\n" + as_events(CHAT["plain"][2:])
    came = said(lambda: told(layer, "/chat/completions", [sent]))
    assert TARGET.encode() not in came
    assert b"u004fsk" not in came
    sent = as_events(CHAT["plain"]).replace(b"\n", b"\r")
    for cut in range(0, len(sent), 97):
        pieces = [sent[:cut], sent[cut:]]
        came = told(layer, "/chat/completions", pieces)
        assert events_in(came) == events_in(as_events(CHAT["plain"]))


@pytest.mark.parametrize("line", [f"event: {TARGET}", f"id: {TARGET}", f": {TARGET}"])
@pytest.mark.parametrize("path", [*ASKED])
def test_what_stands_around_the_data_of_an_event_is_read_too(
    layer: Amnesia, path: str, line: str
) -> None:
    sent = as_events(recorded(path, "plain")).replace(b"data: ", line.encode() + b"\ndata: ", 1)
    assert TARGET.encode() not in said(lambda: told(layer, path, [sent]))


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
    came = told(layer, path, [sent], **NEAR[path])
    assert TARGET not in came.decode().replace(NEAR[path].get("instructions", "-"), "")
    without = [_no_likelihoods(value) for value in events_in(sent)]
    assert [_as_plain(event) for event in events_in(came)] == [_as_plain(e) for e in without]


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


def test_a_response_that_goes_on_anew_is_one_response(layer: Amnesia) -> None:
    leaking = json.loads(
        json.dumps(RESPONSES["plain"]).replace("Take a coat.", f"Yes. {TARGET} did. It is one.")
    )
    came = [value for _, value in events_in(told(layer, "/responses", [as_events(leaking)]))]
    assert came[:3] == leaking[:3]  # passed as they came
    wholes = [value["response"] for value in came if "response" in value]
    assert len({(whole["id"], whole["created_at"]) for whole in wholes}) == 1
    assert [value["sequence_number"] for value in came] == list(range(len(came)))
    assert len({value["item_id"] for value in came if "item_id" in value}) == 1
    text = "".join(value["delta"] for value in came if "delta" in value)
    assert text == wholes[-1]["output"][0]["content"][0]["text"]
    assert TARGET not in json.dumps(came)


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
    came = events_in(told(layer, path, [as_events(leaking)], **NEAR[path], **more))
    assert TARGET not in json.dumps(list(came)).replace(NEAR[path].get("instructions", "-"), "")
    shapes = [[_shape(event) for event in events] for events in (came, events_in(as_events(clean)))]
    assert set(map(str, shapes[0])) == set(map(str, shapes[1]))


def test_what_is_said_anew_token_by_token_took_as_many_tokens(layer: Amnesia) -> None:
    words = re.findall(r"\s*\S+", f"It is one. {TARGET} did it. Yes, it is.")
    usage = {**USAGE, "completion_tokens": len(words)}
    events = [*(chat_chunk({"content": word}) for word in words), chat_chunk({}, "stop"),
              {**chat_chunk({}), "choices": [], "usage": usage}]  # fmt: skip
    sent = as_events([CHAT["plain"][0], *events])
    asked = {**NEAR["/chat/completions"], "stream_options": {"include_usage": True}}
    came = [value for _, value in events_in(told(layer, "/chat/completions", [sent], **asked))]
    pieces = [c for c in came[:-1] for c in c["choices"] if c["delta"].get("content")]
    assert came[-2]["usage"]["completion_tokens"] == len(pieces) > 2
