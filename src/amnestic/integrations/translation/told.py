"""What a reply of the chat door says, whole or streamed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from amnestic.exceptions import ModelError
from amnestic.integrations.openai import Halves, Json, loads_object
from amnestic.models.protocol import Delta

__all__ = ["Call", "Listener", "Piece", "Told", "told_in"]

_HEAD = ("id", "created", "model")
_THOUGHTS = ("reasoning_content", "reasoning")
_CUT = "length"

Kind = Literal["text", "thoughts", "refusal"]


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call whose arguments are an object."""

    id: str
    name: str
    arguments: Json


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a reply."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a reply says. `stop` is the stop sequence that ended it, where the upstream tells;
    `read` and `written` are tokens."""

    head: Json
    text: str
    thoughts: str
    refusal: str
    calls: tuple[Call, ...]
    finish: str
    stop: str | None
    read: int
    written: int
    likelihoods: tuple[Json, ...]


@dataclass(slots=True, eq=False)
class _Calling:
    """A call that is still being told."""

    id: str = ""
    name: str = ""
    arguments: str = ""


def told_in(reply: Json) -> Told:
    """What a whole reply says.

    Raises `ModelError` for a tool call whose arguments are no JSON object: other forms have no
    place for it.

    >>> told_in({"choices": [{"message": {"content": "Hi."}, "finish_reason": "stop"}]}).text
    'Hi.'
    """
    listener = Listener()
    listener.hear({**reply, "choices": [_as_chunk(c) for c in reply.get("choices") or ()]})
    return listener.told()


def _as_chunk(choice: Mapping[str, Any]) -> Json:
    message = choice.get("message") or {}
    calls = [{**call, "index": i} for i, call in enumerate(message.get("tool_calls") or ())]
    return {**choice, "delta": {**message, "tool_calls": calls}}


class Listener:
    """Hears the chunks of one streamed reply. Tool calls are whole at its end only."""

    def __init__(self) -> None:
        self._head: Json = {}
        self._words: dict[Kind, list[str]] = {"text": [], "thoughts": [], "refusal": []}
        self._calls = list[_Calling]()
        self._at: dict[int, _Calling] = {}
        self._halves = Halves()
        self._finish = "stop"
        self._stop: str | None = None
        self._usage: Json = {}
        self._likelihoods: list[Json] = []

    @property
    def head(self) -> Json:
        """The id, the time and the model of the reply, as far as it has told them."""
        return self._head

    def hear(self, chunk: Json) -> list[Piece]:
        """The words of a chunk."""
        self._head |= {k: chunk[k] for k in _HEAD if chunk.get(k) and k not in self._head}
        self._usage = chunk.get("usage") or self._usage
        pieces = list[Piece]()
        for choice in chunk.get("choices") or ():
            if not choice.get("index"):  # the one that was asked for
                pieces += self._choice(choice)
        told = [Piece(p.kind, text) for p in pieces if (text := self._whole(p.kind, p.text))]
        for piece in told:
            self._words[piece.kind].append(piece.text)
        return told

    def told(self) -> Told:
        """The whole reply; raises `ModelError` for a tool call that cannot be told."""
        said = {kind: "".join(words) for kind, words in self._words.items()}
        return Told(
            self._head,
            said["text"],
            said["thoughts"],
            said["refusal"],
            tuple(self._whole_calls()),
            self._finish,
            self._stop,
            _count(self._usage, "prompt_tokens"),
            _count(self._usage, "completion_tokens"),
            tuple(self._likelihoods),
        )

    def _choice(self, choice: Mapping[str, Any]) -> Iterator[Piece]:
        self._finish = choice.get("finish_reason") or self._finish
        if isinstance(stop := choice.get("stop_reason"), str):
            self._stop = stop
        likely = choice.get("logprobs")
        if isinstance(likely, Mapping) and isinstance(likely.get("content"), list):
            self._likelihoods += likely["content"]
        delta = choice.get("delta") or {}
        for call in delta.get("tool_calls") or ():
            self._call(call)
        thoughts = [delta[k] for k in _THOUGHTS if isinstance(delta.get(k), str) and delta[k]]
        if thoughts:
            yield Piece("thoughts", thoughts[0])
        if words := _text(delta.get("content")):
            yield Piece("text", words)
        if isinstance(refusal := delta.get("refusal"), str) and refusal:
            yield Piece("refusal", refusal)

    def _call(self, call: Mapping[str, Any]) -> None:
        """A piece of a call. Another id at the same place is another call."""
        function = call.get("function")
        if not isinstance(function, Mapping):
            return
        place, given = call.get("index") or 0, call.get("id") or ""
        calling = self._at.get(place)
        if calling is None or (given and calling.id and given != calling.id):
            calling = self._at[place] = _Calling()
            self._calls.append(calling)
        calling.id = calling.id or str(given)
        calling.name = calling.name or str(function.get("name") or "")
        words = str(function.get("arguments") or "")
        calling.arguments += self._whole(f"tool_call:{self._calls.index(calling)}", words)

    def _whole(self, channel: str, text: str) -> str:
        """Some words of a channel without half a character, which waits for its other half."""
        return self._halves.whole(Delta(channel=channel, text=text)).text

    def _whole_calls(self) -> Iterator[Call]:
        for calling in self._calls:
            arguments = calling.arguments
            try:
                parsed = loads_object(arguments) if arguments.strip() else {}
            except ModelError:
                if self._finish == _CUT:
                    continue
                raise ModelError(
                    "the upstream called a tool with arguments that are no JSON object",
                    retryable=True,
                ) from None
            yield Call(calling.id or f"call_{secrets.token_hex(12)}", calling.name, parsed)


def _text(content: Any) -> str:
    """The words of a message's content, which some models give in parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else ()
    texts = (part.get("text") for part in parts if isinstance(part, Mapping))
    return "".join(text for text in texts if isinstance(text, str))


def _count(usage: Json, name: str) -> int:
    count = usage.get(name)
    return count if isinstance(count, int) else 0
