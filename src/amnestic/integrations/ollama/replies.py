"""A chat completion as Ollama's replies, whole or line by line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from amnestic.integrations.openai import Json, dumps
from amnestic.integrations.translation import Call, Listener, Told, told_in

__all__ = ["ChatTeller", "GenerateTeller", "chat_reply", "generate_reply", "written"]

_LATEST = 2**33  # seconds that a time may have: what is later is none
_ENDINGS = {"length": "length"}

Words = Callable[[str, str, Sequence[Call]], Json]


def chat_reply(reply: Json, body: Json) -> Json:
    """The reply of `/api/chat` that a chat completion is, for who asked for `body`.

    Raises `ModelError` for a reply that has no place in it.

    >>> chat_reply({"model": "m", "choices": [{"message": {"content": "Hi."}}]}, {})["message"]
    {'role': 'assistant', 'content': 'Hi.'}
    """
    return _whole(told_in(reply), body, _chat_words)


def generate_reply(reply: Json, body: Json) -> Json:
    """The reply of `/api/generate` that a chat completion is; raises as `chat_reply` does.

    >>> generate_reply({"choices": [{"message": {"content": "Hi."}}]}, {})["response"]
    'Hi.'
    """
    return _whole(told_in(reply), body, _generate_words)


class _LineTeller:
    """Tells one reply: its words as they come, what a tool is called with at its end."""

    def __init__(self, body: Json, words: Words) -> None:
        self._body = body
        self._words = words
        self._listener = Listener()

    def say(self, chunk: Json) -> Iterator[bytes]:
        """The lines of a chunk."""
        for piece in self._listener.hear(chunk):
            if piece.kind != "thoughts":
                yield self._line(piece.text)
            elif _tells_thoughts(self._body):
                yield self._line("", piece.text)

    def end(self) -> Iterator[bytes]:
        """The tool calls, and how the reply ended; raises `ModelError` for a call that cannot be
        told."""
        told = self._listener.told()
        if told.calls:
            yield self._line("", "", told.calls)
        last = {**_head(told.head, self._body), **self._words("", "", ()), **_ending(told)}
        yield dumps(last) + b"\n"

    def _line(self, said: str, thoughts: str = "", calls: Sequence[Call] = ()) -> bytes:
        head = _head(self._listener.head, self._body)
        return dumps({**head, **self._words(said, thoughts, calls), "done": False}) + b"\n"


class ChatTeller(_LineTeller):
    """Tells a reply of `/api/chat`."""

    def __init__(self, body: Json) -> None:
        super().__init__(body, _chat_words)


class GenerateTeller(_LineTeller):
    """Tells a reply of `/api/generate`."""

    def __init__(self, body: Json) -> None:
        super().__init__(body, _generate_words)


def _whole(told: Told, body: Json, words: Words) -> Json:
    thoughts = told.thoughts if _tells_thoughts(body) else ""
    said = words(told.text + told.refusal, thoughts, told.calls)
    return {**_head(told.head, body), **said, **_ending(told)}


def _chat_words(said: str, thoughts: str, calls: Sequence[Call]) -> Json:
    message: Json = {"role": "assistant", "content": said}
    if thoughts:
        message["thinking"] = thoughts
    if calls:
        message["tool_calls"] = [
            {"id": c.id, "function": {"index": i, "name": c.name, "arguments": c.arguments}}
            for i, c in enumerate(calls)
        ]
    return {"message": message}


def _generate_words(said: str, thoughts: str, calls: Sequence[Call]) -> Json:
    return {"response": said, **({"thinking": thoughts} if thoughts else {})}


def _head(told: Json, body: Json) -> Json:
    return {
        "model": str(told.get("model") or body.get("model")),
        "created_at": written(told.get("created")),
    }


def written(seconds: object) -> str:
    """A time as Ollama writes it; now, where `seconds` are no time.

    >>> written(1_741_569_952)
    '2025-03-10T01:25:52Z'
    """
    if not isinstance(seconds, int | float) or not 0 <= seconds < _LATEST:
        seconds = time.time()
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _ending(told: Told) -> Json:
    """How a reply ended, with the tokens that it took. Nobody tells how long a model took to load
    and to read, so no times are told."""
    ending: Json = {
        "done": True,
        "done_reason": _ENDINGS.get(told.finish, "stop"),
        "prompt_eval_count": told.read,
        "eval_count": told.written,
    }
    return {**ending, "logprobs": list(told.likelihoods)} if told.likelihoods else ending


def _tells_thoughts(body: Json) -> bool:
    return body.get("think") is not False
