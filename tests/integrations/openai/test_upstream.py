"""What an upstream may send: whatever it is, it is read, or it is the upstream's failure."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.exceptions import ModelError
from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.completions import CompletionsDialect
from amnestic.integrations.openai.dialect import Dialect, Json
from amnestic.integrations.openai.door import Door
from amnestic.integrations.openai.responses import ResponsesDialect
from amnestic.integrations.openai.upstream import Opened
from amnestic.integrations.openai.wire import Answer
from tests.layers import keyword_layer

ASKED: Json = {
    "model": "m",
    "messages": [{"role": "user", "content": "Hello"}],
    "input": "Hello",
}
SAID = {"role": "assistant", "content": "A mild day."}
PARTS = [{"type": "output_text", "text": "A mild day.", "annotations": []}]
ITEM = {"type": "message", "role": "assistant", "content": PARTS}


class Fixed:
    """An upstream that sends the same bytes whatever is asked."""

    def __init__(self, content: bytes, kind: str = "application/json") -> None:
        self._answer = Answer(200, (("content-type", kind),), content)

    async def send(self, body: Json) -> Answer:
        return self._answer

    @asynccontextmanager
    async def open(self, body: Json) -> AsyncIterator[Opened]:
        async def pieces() -> AsyncIterator[bytes]:
            yield self._answer.content

        yield Opened(200, self._answer.headers, pieces())


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    with keyword_layer(tmp_path_factory.mktemp("upstream"), "Osk") as amnesia:
        yield amnesia


def plain(layer: Amnesia, dialect: Dialect, reply: Any) -> str:
    content = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    asked = {**ASKED, "prompt": "Hello"} if dialect.path == "/completions" else ASKED
    return asyncio.run(Door(layer, dialect).answer(asked, Fixed(content))).content.decode()


def streamed(layer: Amnesia, *chunks: Any) -> str:
    content = b"".join(b"data: %b\n\n" % json.dumps(chunk).encode() for chunk in chunks)
    upstream = Fixed(content + b"data: [DONE]\n\n", "text/event-stream")

    async def joined() -> bytes:
        events = Door(layer, ChatDialect()).stream({**ASKED, "stream": True}, upstream).events()
        return b"".join([event async for event in events])

    return asyncio.run(joined()).decode()


@pytest.mark.parametrize(
    ("dialect", "reply"),
    [
        (ChatDialect(), {"choices": [{"message": SAID}], "citations": ["Osk, a life"]}),
        (ChatDialect(), {"choices": [{"message": SAID, "sources": [{"title": "Osk"}]}]}),
        (ResponsesDialect(), {"output": [ITEM], "citations": ["Osk, a life"]}),
        (CompletionsDialect(), {"choices": [{"text": "A mild day."}], "citations": ["Osk"]}),
        (CompletionsDialect(), {"choices": [{"text": "A mild day.", "sources": ["Osk"]}]}),
    ],
    ids=["chat", "chat choice", "response", "completion", "completion choice"],
)
def test_what_stands_beside_an_answer_is_reviewed_with_it(
    layer: Amnesia, dialect: Dialect, reply: Json
) -> None:
    given = plain(layer, dialect, reply)
    assert "A mild day." in given
    assert "Osk" not in given


def test_what_stands_beside_an_answer_comes_with_it_where_it_may_stay(layer: Amnesia) -> None:
    reply = {"choices": [{"message": SAID}], "citations": ["Tarn, a life"]}
    assert json.loads(plain(layer, ChatDialect(), reply)) == reply


@pytest.mark.parametrize(
    "reply",
    [
        {"choices": [{"message": {**SAID, "tool_calls": 5}}]},
        {"choices": [{"message": {**SAID, "content": {"text": "Osk"}}}]},
        {"choices": [{"message": {**SAID, "refusal": {"text": "Osk"}}}]},
        {"choices": [{"message": SAID, "finish_reason": {"why": "Osk"}}]},
        {"choices": [{"message": SAID, "finish_reason": ["Osk"]}]},
        {"choices": [{"message": SAID, "finish_reason": "Osk said so " * 9}]},
        {"choices": [{"message": SAID}], "usage": "Osk"},
        b'{"choices": [{"message": {"role": "assistant", "content": "\\ud800"}}]}',
        b'{"choices": [{"message": {"role": "assistant", "content": "\xed\xa0\x80"}}]}',
    ],
)
def test_a_reply_that_cannot_be_read_is_the_upstreams_failure(layer: Amnesia, reply: Any) -> None:
    with pytest.raises(ModelError, match="upstream"):
        plain(layer, ChatDialect(), reply)


def chunk(**choice: Any) -> Json:
    return {"choices": [{"index": 0, "delta": {}, **choice}]}


END = chunk(finish_reason="stop")
CALL = {"index": 0, "id": "c", "function": {"name": "find", "arguments": "{}"}}


@pytest.mark.parametrize(
    "piece",
    [
        {"choices": 5},
        chunk(index="one", delta={"content": "A."}),
        chunk(index=10**9, delta={"content": "A."}),
        chunk(delta={"tool_calls": 5}),
        chunk(delta={"tool_calls": [None]}),
        chunk(delta={"tool_calls": [{**CALL, "function": {"name": "f", "arguments": {"q": 1}}}]}),
        chunk(delta={"tool_calls": [{**CALL, "function": {"name": {}, "arguments": ""}}]}),
        chunk(finish_reason=["Osk"]),
        chunk(finish_reason="Osk said so " * 9),
    ],
)
def test_a_chunk_that_cannot_be_read_is_the_upstreams_failure(layer: Amnesia, piece: Any) -> None:
    with pytest.raises(ModelError, match="upstream"):
        streamed(layer, piece, END)


def custom_conversation(told: str) -> Json:
    call = {"id": "c1", "type": "custom", "custom": {"name": "run", "input": told}}
    return {
        "model": "m",
        "tools": [{"type": "custom", "custom": {"name": "run"}}],
        "messages": [
            {"role": "user", "content": "Run it."},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": "done"},
        ],
    }


def answer_to(layer: Amnesia, body: Json, told: str) -> Any:
    call = {"id": "c2", "type": "custom", "custom": {"name": "run", "input": told}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    reply = {"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]}
    answer = asyncio.run(Door(layer, ChatDialect()).answer(body, Fixed(json.dumps(reply).encode())))
    assert answer.status == 200
    return json.loads(answer.content)["choices"][0]["message"]


def test_a_conversation_with_custom_tools_goes_on(layer: Amnesia) -> None:
    message = answer_to(layer, custom_conversation("ls"), "pwd")
    assert message["tool_calls"][0]["custom"] == {"name": "run", "input": "pwd"}


@pytest.mark.parametrize("before", ["ls", "find Osk"])
def test_a_leak_in_the_call_of_a_custom_tool_is_removed(layer: Amnesia, before: str) -> None:
    message = answer_to(layer, custom_conversation(before), "echo Osk wrote Salt; ls")
    assert "Osk" not in json.dumps(message)
    assert {c["type"] for c in message.get("tool_calls", [])} <= {"custom"}
