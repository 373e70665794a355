"""Saying a chat completion: its head, its usage, and the chunks in which it is streamed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence

from amnestic.graphs.usage import tokens_of
from amnestic.integrations.openai.chunks import logprobs_in, place_in
from amnestic.integrations.openai.dialect import Counted, Head, Json, head_told
from amnestic.integrations.openai.stream_manners import StreamManner
from amnestic.integrations.openai.wire import DONE, Event, event_bytes, like_id
from amnestic.models.protocol import Delta
from amnestic.models.values import strings_in
from amnestic.types import Draft

__all__ = [
    "CHAT_HEAD",
    "THOUGHTS",
    "ChatSpeaker",
    "called",
    "chat_manner",
    "custom_tools",
    "usage_of",
]

THOUGHTS = ("reasoning_content", "reasoning", "thinking", "thinking_blocks", "reasoning_details")
"""Where chat models tell what they thought."""

CHAT_HEAD = ("id", "created", "model", "system_fingerprint", "service_tier", "provider")


class ChatSpeaker:
    """Says a verified answer in chunks."""

    said = "say"

    def __init__(self, body: Json, head: Json) -> None:
        self._head = head
        self._begun: set[int] = set()
        self._answering: set[int] = set()
        self._calls: dict[int, list[str]] = {}
        self._body = body
        self._said: list[str] = []
        self._custom = custom_tools(body)
        self._is_legacy = bool(body.get("functions")) and not body.get("tools")
        self._manner = StreamManner()

    def kind(self, event: Json) -> str:
        """What a chunk does: begins a choice, says a piece of it, ends it, or tells the usage."""
        choice = next(iter(event.get("choices") or ()), None)
        if not isinstance(choice, Mapping):
            return "usage" if event.get("usage") else ""
        delta = choice.get("delta") or {}
        told = [key for key in ("content", "tool_calls", *THOUGHTS) if delta.get(key)]
        if choice.get("finish_reason"):
            return "end"
        if not told:
            return "begin" if delta.get("role") else ""
        first = "first " if delta.get("role") else ""
        return f"{first}{'say' if told[0] == 'content' else told[0]}"

    def begin(self, head: Head, manner: StreamManner) -> Iterator[bytes]:
        """Nothing: a choice begins with the first delta of its own or of one behind it."""
        self._manner = manner
        self._head |= {k: head[k] for k in CHAT_HEAD if k in head}
        yield from ()

    def take_up(self, passed: Sequence[Event], manner: StreamManner) -> None:
        """Go on from the upstream's own chunks: whoever began in them does not begin again."""
        list(self.begin(head_told(passed), manner))
        for event in passed:
            for choice in event.value().get("choices") or ():
                self._begun.add(place_in(choice))
                self._said += strings_in(choice.get("delta"), but=("role",))

    def say(self, delta: Delta) -> Iterator[bytes]:
        """The chunks of one delta."""
        self._said.append(delta.text)
        yield from self._beginnings(delta.choice)
        if delta.channel.startswith("tool_call:") and self._is_legacy:
            called_for = {"name": delta.tool_name or "", "arguments": delta.text}
            yield self._chunk(delta.choice, {"function_call": called_for}, "function_call")
        elif delta.channel.startswith("tool_call:"):
            yield self._chunk(delta.choice, {"tool_calls": [self._call(delta)]}, "tool_calls")
        elif delta.text:
            name = {"answer": "content", "reasoning": "reasoning_content"}.get(delta.channel)
            kind = "say" if name == "content" else name or delta.channel
            for piece in self._manner.pieces(delta.text):
                yield self._chunk(delta.choice, {name or delta.channel: piece}, kind)

    def likelihoods(self, own: Head) -> Iterator[bytes]:
        """One chunk for each choice that has logprobs."""
        for index, logprobs in logprobs_in(own):
            if index in self._begun:
                yield self._chunk(index, {}, "", logprobs=logprobs)

    def end(self, endings: Sequence[Delta], own: Head | None, counted: Counted) -> Iterator[bytes]:
        """The endings, the usage, where it was asked for or is always told, and the mark."""
        usage = (own or {}).get("usage") or self._manner.counted(
            usage_of((Draft(text="".join(self._said)),), self._body, counted),
            "completion_tokens",
            self._said,
        )
        known = self._manner.examples
        for delta in endings:
            yield from self._beginnings(delta.choice)
            inside = {"usage": usage} if (known.get("end") or {}).get("usage") else {}
            yield self._chunk(delta.choice, {}, "end", delta.finish_reason, beside=inside)
        options = self._body.get("stream_options")
        asked = isinstance(options, Mapping) and bool(options.get("include_usage"))
        if "usage" in known or (asked and "end" not in known):
            told = {**self._head, "choices": [], "usage": usage}
            yield self._manner.write("usage", told)
        yield event_bytes(DONE)

    def _beginnings(self, last: int) -> Iterator[bytes]:
        for choice in range(last + 1):  # the SDK's helper wants the choices in order
            if choice in self._begun:
                continue
            self._begun.add(choice)
            if self._manner.examples and "begin" not in self._manner.examples:
                self._answering.add(choice)  # this upstream begins with the first piece
            else:
                yield self._chunk(choice, {"role": "assistant", "content": ""}, "begin")

    def _call(self, delta: Delta) -> Json:
        calls = self._calls.setdefault(delta.choice, [])
        if delta.channel not in calls:
            calls.append(delta.channel)
        call = called(delta.tool_name or "", delta.text, self._custom)
        return {"index": calls.index(delta.channel), "id": delta.tool_call_id, **call}

    def _chunk(
        self,
        index: int,
        delta: Json,
        kind: str,
        finish: str | None = None,
        *,
        logprobs: Json | None = None,
        beside: Head | None = None,
    ) -> bytes:
        if index in self._answering and f"first {kind}" in self._manner.examples:
            self._answering.remove(index)
            delta, kind = {"role": "assistant", **delta}, f"first {kind}"
        choice = {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish}
        return self._manner.write(kind, {**self._head, "choices": [choice], **(beside or {})})


def chat_manner(like: Json, body: Json, kind: str) -> Json:
    """The head of a reply as this upstream gives them: a reply of the layer's own looks alike."""
    head = {key: value for key, value in like.items() if key in CHAT_HEAD}
    return {
        **head,
        "id": like_id(like.get("id"), "chatcmpl-"),
        "object": kind,
        "created": int(time.time()),
        "model": like.get("model") or body.get("model") or "model",
    }


def custom_tools(body: Json) -> frozenset[str]:
    """The names of a request's tools that take free text.

    >>> sorted(custom_tools({"tools": [{"type": "custom", "custom": {"name": "run"}}]}))
    ['run']
    """
    tools = body.get("tools")
    found = [t for t in tools if isinstance(t, Mapping)] if isinstance(tools, list) else []
    names = [t["custom"].get("name") for t in found if isinstance(t.get("custom"), Mapping)]
    return frozenset(filter(None, map(str, names)))


def called(name: str, text: str, custom: frozenset[str]) -> Json:
    """A call of a tool, without its id: of one that takes JSON, or of a custom one.

    >>> called("run", "ls", frozenset({"run"}))
    {'type': 'custom', 'custom': {'name': 'run', 'input': 'ls'}}
    """
    if name in custom:
        return {"type": "custom", "custom": {"name": name, "input": text}}
    return {"type": "function", "function": {"name": name, "arguments": text}}


def usage_of(choices: tuple[Draft, ...], body: Json, counted: Counted) -> Json:
    """What a reply took. Of an answer that was touched the tokens are estimated from what is said:
    the true count would tell how much was withheld."""
    read = counted.read
    if read is None:
        texts = strings_in(body.get("messages") or body.get("prompt") or "", but=("role", "type"))
        read = max(1, sum(len(text) for text in texts) // 4)
    written = tokens_of(*choices) if counted.written is None else counted.written
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
