"""An upstream that says what a test tells it to, request by request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from amnestic import Amnesia
from amnestic.integrations.openai.dialect import Dialect, Json
from amnestic.integrations.openai.door import Door
from amnestic.integrations.openai.upstream import Opened
from amnestic.integrations.openai.wire import Answer

__all__ = ["Saying", "answered", "chat_chunk", "chat_reply", "events_of", "response", "streamed"]

Says = Callable[[Json], Any]


class Saying:
    """Answers each request with what `says` makes of its body: an `Answer`, bytes, JSON, or, for a
    stream, a list of chunks. `bodies` is what it was asked."""

    def __init__(self, says: Says | Any) -> None:
        self._says = says if callable(says) else lambda body: says
        self.bodies: list[Json] = []

    async def send(self, body: Json) -> Answer:
        """A whole answer."""
        self.bodies.append(body)
        return _answer(self._says(body))

    @asynccontextmanager
    async def open(self, body: Json) -> AsyncIterator[Opened]:
        """An answer to be read piece by piece."""
        self.bodies.append(body)
        answer = _answer(self._says(body))

        async def pieces() -> AsyncIterator[bytes]:
            yield answer.content

        yield Opened(answer.status, answer.headers, pieces())


def _answer(said: Any) -> Answer:
    if isinstance(said, Answer):
        return said
    if isinstance(said, list):
        return Answer(200, (("content-type", "text/event-stream"),), events_of(said))
    content = said if isinstance(said, bytes) else json.dumps(said).encode()
    return Answer(200, (("content-type", "application/json"),), content)


def events_of(chunks: Sequence[Any]) -> bytes:
    """Chunks as server-sent events; those of the responses endpoint by their names."""
    pieces = [
        (f"event: {c['type']}\n" if "type" in c else "") + f"data: {json.dumps(c)}\n\n"
        for c in chunks
    ]
    end = "" if chunks and "type" in chunks[0] else "data: [DONE]\n\n"
    return ("".join(pieces) + end).encode()


def answered(layer: Amnesia, dialect: Dialect, body: Json, upstream: Any) -> bytes:
    """The bytes of a whole reply."""
    given = upstream if isinstance(upstream, Saying) else Saying(upstream)
    return asyncio.run(Door(layer, dialect).answer(body, given)).content


def streamed(layer: Amnesia, dialect: Dialect, body: Json, upstream: Any) -> bytes:
    """The bytes of a streamed reply."""
    given = upstream if isinstance(upstream, Saying) else Saying(upstream)

    async def joined() -> bytes:
        events = Door(layer, dialect).stream({**body, "stream": True}, given).events()
        return b"".join([event async for event in events])

    return asyncio.run(joined())


def chat_reply(text: str | None = "A mild day.", **fields: Any) -> Json:
    """A chat completion as OpenAI's API gives it; `choice` and `message` take further fields."""
    choice, message = fields.pop("choice", {}), fields.pop("message", {})
    said = {"role": "assistant", "content": text, "refusal": None, "annotations": [], **message}
    whole = {"index": 0, "message": said, "logprobs": None, "finish_reason": "stop", **choice}
    return {
        "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
        "object": "chat.completion",
        "created": 1_741_569_952,
        "model": "gpt-x",
        "choices": [whole],
        "usage": {
            "prompt_tokens": 19,
            "completion_tokens": 10,
            "total_tokens": 29,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        },
        "service_tier": "default",
        "system_fingerprint": "fp_44709d6fcb",
        **fields,
    }


def chat_chunk(delta: Json, finish: str | None = None, **fields: Any) -> Json:
    """A chunk of a streamed chat completion; `choice` takes further fields."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    choice |= fields.pop("choice", {})
    return {
        "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
        "object": "chat.completion.chunk",
        "created": 1_741_569_952,
        "model": "gpt-x",
        "system_fingerprint": "fp_44709d6fcb",
        "choices": [choice],
        **fields,
    }


def response(text: str = "A mild day.", **fields: Any) -> Json:
    """A response as OpenAI's API gives it; `part` takes further fields of its text."""
    part = {"type": "output_text", "annotations": [], "logprobs": [], "text": text}
    part |= fields.pop("part", {})
    item = {"id": "msg_67ccd2bf17f0819081ff3bb2cf6508e6", "type": "message", "status": "completed",
            "content": [part], "role": "assistant"}  # fmt: skip
    return {
        "id": "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b",
        "object": "response",
        "created_at": 1_741_476_542,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "max_output_tokens": None,
        "model": "gpt-x",
        "output": [item],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "store": True,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": {
            "input_tokens": 36,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 87,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 123,
        },
        "user": None,
        "metadata": {},
        **fields,
    }
