"""A streamed chat completion as the events of a message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amnestic.integrations.anthropic.replies import ending, head, tells_thoughts, usage
from amnestic.integrations.openai import Json, dumps, event_bytes
from amnestic.integrations.translation import Listener

__all__ = ["MessageTeller"]

_EMPTY: dict[str, Json] = {
    "text": {"type": "text", "text": ""},
    "thinking": {"type": "thinking", "thinking": "", "signature": ""},
}


class MessageTeller:
    """Tells one message: its words as they come, each block closed before the next, the tool calls
    at its end, when they are whole."""

    def __init__(self, body: Json) -> None:
        self._body = body
        self._listener = Listener()
        self._begun = False
        self._open: str | None = None
        self._index = -1
        self._tells_thoughts = tells_thoughts(body)

    def say(self, chunk: Json) -> Iterator[bytes]:
        """The events of a chunk."""
        pieces = self._listener.hear(chunk)
        yield from self._begin()
        for piece in pieces:
            kind = "thinking" if piece.kind == "thoughts" else "text"
            if kind == "text" or self._tells_thoughts:
                yield from self._within(kind)
                yield self._delta({"type": f"{kind}_delta", kind: piece.text})

    def end(self) -> Iterator[bytes]:
        """The tool calls, and why the message ended; raises `ModelError` for a call that cannot
        be told."""
        told = self._listener.told()
        yield from self._begin()
        yield from self._close()
        for call in told.calls:
            block = {"type": "tool_use", "id": call.id, "name": call.name, "input": {}}
            yield from self._start(block)
            arguments = dumps(call.arguments).decode()
            yield self._delta({"type": "input_json_delta", "partial_json": arguments})
            yield from self._close()
        tokens = usage(told.read, told.written)
        yield _event("message_delta", delta=ending(told, self._body), usage=tokens)
        yield _event("message_stop")

    def _begin(self) -> Iterator[bytes]:
        if not self._begun:
            self._begun = True
            message = {**head(self._listener.head, self._body), "content": []}
            message |= {"stop_reason": None, "stop_sequence": None, "usage": usage(0, 0)}
            yield _event("message_start", message=message)

    def _within(self, kind: str) -> Iterator[bytes]:
        if self._open != kind:
            yield from self._close()
            yield from self._start(_EMPTY[kind])

    def _start(self, block: Json) -> Iterator[bytes]:
        self._open = block["type"]
        self._index += 1
        yield _event("content_block_start", index=self._index, content_block=block)

    def _delta(self, delta: Json) -> bytes:
        return _event("content_block_delta", index=self._index, delta=delta)

    def _close(self) -> Iterator[bytes]:
        if self._open is not None:
            self._open = None
            yield _event("content_block_stop", index=self._index)


def _event(kind: str, **held: Any) -> bytes:
    return event_bytes({"type": kind, **held}, kind)
