"""The chat door's streams in other forms: nothing unverified, wherever the upstream breaks off."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.exceptions import AmnesticError
from amnestic.integrations.anthropic import MESSAGES
from amnestic.integrations.ollama import CHAT, GENERATE
from amnestic.integrations.openai import Answer, ChatDialect, Door
from amnestic.integrations.translation import Form, translated
from tests.integrations.openai.upstreams import Saying, chat_chunk, events_of
from tests.layers import keyword_layer

FORMS = {"messages": MESSAGES, "chat": CHAT, "generate": GENERATE}
BODY = {"model": "m", "messages": [{"role": "user", "content": "What about poets?"}]}
PIECES = ["Marsh sings. ", "Os", "k sings too. ", "Tarn is silent."]
WHOLE = events_of(
    [
        chat_chunk({"role": "assistant", "content": ""}),
        *(chat_chunk({"content": piece}) for piece in PIECES),
        chat_chunk({}, "stop"),
    ]
)


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    with keyword_layer(tmp_path_factory.mktemp("forms"), "Osk") as layer:
        yield layer


def streamed(layer: Amnesia, form: Form, content: bytes) -> tuple[bytes, bool]:
    """What a caller was told, and whether it was told to the end."""

    async def told() -> tuple[bytes, bool]:
        said = b""
        upstream: Any = Saying(Answer(200, (("content-type", "text/event-stream"),), content))
        events = Door(layer, ChatDialect()).stream({**BODY, "stream": True}, upstream).events()
        try:
            async for piece in translated(events, form.teller({})):
                said += piece
        except AmnesticError:
            return said, False
        return said, True

    return asyncio.run(told())


def ends(form: Form, said: bytes) -> bool:
    mark = b"message_stop" if form is MESSAGES else b'"done":true'
    return mark in said


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_whole_stream_ends_and_tells_nothing_of_the_target(layer: Amnesia, form: Form) -> None:
    said, whole = streamed(layer, form, WHOLE)
    assert whole
    assert ends(form, said)
    assert b"Marsh" in said
    assert b"Osk" not in said


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_stream_that_stops_at_any_byte_is_an_error_or_whole(layer: Amnesia, form: Form) -> None:
    for cut in range(0, len(WHOLE), 7):
        said, whole = streamed(layer, form, WHOLE[:cut])
        assert whole == ends(form, said)
        assert b"Osk" not in said


@pytest.mark.parametrize("open_at_the_end", [b"", b"\n", b"\n\n"])
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_stream_that_said_why_it_ended_is_whole(
    layer: Amnesia, form: Form, open_at_the_end: bytes
) -> None:
    whole_stream = events_of([chat_chunk({"content": "Marsh sings."}), chat_chunk({}, "stop")])
    content = whole_stream.removesuffix(b"\n\ndata: [DONE]\n\n") + open_at_the_end
    said, whole = streamed(layer, form, content)
    assert whole
    assert ends(form, said)
    assert b"Marsh" in said


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_door_that_leaves_its_last_event_open_is_heard_to_the_end(form: Form) -> None:
    async def events() -> Any:
        yield events_of([chat_chunk({"content": "Hi."}, "stop")]).partition(b"\n\n")[0]

    async def told() -> bytes:
        return b"".join([piece async for piece in translated(events(), form.teller({}))])

    said = asyncio.run(told())
    assert b"Hi." in said
    assert ends(form, said)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_door_that_does_not_end_is_an_error(form: Form) -> None:
    async def events() -> Any:
        yield events_of([chat_chunk({"content": "Hi."})]).removesuffix(b"data: [DONE]\n\n")

    async def told() -> bytes:
        return b"".join([piece async for piece in translated(events(), form.teller({}))])

    with pytest.raises(AmnesticError, match="broke off"):
        asyncio.run(told())


def find(call_id: str, argument: str, **more: Any) -> dict[str, Any]:
    function = {"name": "find", "arguments": f'{{"q":"{argument}"}}'}
    return {"id": call_id, "type": "function", "function": function, **more}


def test_whole_calls_at_one_place_are_calls_of_their_own(layer: Amnesia) -> None:
    calls = [find("c1", "Marsh", index=0), find("c2", "Tarn", index=0)]
    chunks = [chat_chunk({"tool_calls": [call]}) for call in calls]
    content = events_of([*chunks, chat_chunk({}, "tool_calls")])
    for form, mark in ((MESSAGES, '"tool_use","id":"{}"'), (CHAT, '"id":"{}"')):
        said, whole = streamed(layer, form, content)
        assert whole
        assert all(mark.format(name).encode() in said for name in ("c1", "c2"))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_character_that_is_cut_in_two_is_told_whole(layer: Amnesia, form: Form) -> None:
    halves = [chat_chunk({"content": "Sun \ud83d"}), chat_chunk({"content": "\ude00 today."})]
    said, whole = streamed(layer, form, events_of([*halves, chat_chunk({}, "stop")]))
    assert whole
    assert "😀".encode() in said


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_odd_chunks_are_told_as_what_they_say(layer: Amnesia, form: Form) -> None:
    bare = {**chat_chunk({}), "choices": [{"index": 0, "finish_reason": None}]}
    parts = [{"type": "text", "text": "Rain today."}]
    chunks = [bare, chat_chunk({"content": parts}), {**chat_chunk({}), "choices": None}]
    said, whole = streamed(layer, form, events_of([*chunks, chat_chunk({}, "stop")]))
    assert whole
    assert b"Rain today." in said
