"""An OpenAI-compatible API on the other side of a door, as the model of one request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

from amnestic.closing import closing
from amnestic.exceptions import ModelError
from amnestic.integrations.openai.dialect import Dialect, Json
from amnestic.integrations.openai.halves import Halves
from amnestic.integrations.openai.headers import Arrival, Heads
from amnestic.integrations.openai.likelihoods import without_likelihoods
from amnestic.integrations.openai.tape import Tape
from amnestic.integrations.openai.wire import (
    Answer,
    BrokenOffError,
    Event,
    EventReader,
    loads_object,
)
from amnestic.models.deltas import collect, deltas_of_generation
from amnestic.models.headers import request_id, retry_after, retry_helps
from amnestic.models.protocol import Delta
from amnestic.models.purpose import asks_of_nobody
from amnestic.types import Conversation, Generation

__all__ = ["Asked", "Opened", "Upstream", "UpstreamError", "WireBackend", "whole"]

_MOST_BYTES = 64_000_000
_FOR_CALLERS = frozenset(
    "function_call functions include logprobs parallel_tool_calls top_logprobs tool_choice tools "
    "web_search_options".split()
)
"""Fields of a request that are of no use where the layer asks something of its own."""
_EVENT_FIELDS = (b"data:", b"event:", b"id:", b"retry:", b":")
"""What a stream of server-sent events begins with."""
_ADDRESSED = ("model", "messages", "input", "prompt")
"""The model, and where an endpoint has the words, in whose place others are put."""
_SET = ("temperature",)
"""Options that the layer sets itself where it asks something of its own."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An HTTP answer whose body is still to be read."""

    status: int
    headers: tuple[tuple[str, str], ...]
    pieces: AsyncIterator[bytes]

    @property
    def is_events(self) -> bool:
        """Whether the body is a stream of server-sent events."""
        kinds = [value for name, value in self.headers if name.lower() == "content-type"]
        return any("text/event-stream" in kind.lower() for kind in kinds)


class Upstream(Protocol):
    """Sends one request, its body given, to where the caller wanted it to go."""

    async def send(self, body: Json) -> Answer:
        """The whole answer."""
        ...

    def open(self, body: Json) -> AbstractAsyncContextManager[Opened]:
        """The answer, to be read piece by piece; closed when the block is left."""
        ...


class UpstreamError(ModelError):
    """The upstream answered with an HTTP error; `answer` is what it said, unverified text, and
    `asked` the request that it is about, which is not always its caller's."""

    def __init__(self, answer: Answer, asked: Json | None = None) -> None:
        super().__init__(
            f"the upstream answered HTTP {answer.status}",
            retryable=retry_helps(answer.status, answer.headers),
            retry_after=retry_after(answer.headers),
            status_code=answer.status,
            request_id=request_id(answer.headers),
        )
        self.answer = answer
        self.asked = asked or {}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an upstream was asked for a caller, and what it answered: the words of that are
    unverified. A streamed answer is kept on a tape."""

    body: Json
    answer: Answer | None = None
    reply: Json | None = None


class WireBackend:
    """The wrapped model of one request that came in over the wire.

    Args:
        dialect: the endpoint that was called.
        upstream: where the request goes.
        body: the request, as the caller sent it.
        before: its conversation, as the review path reads it.
        arrival: is told when the answer begins.
    """

    def __init__(
        self,
        dialect: Dialect,
        upstream: Upstream,
        body: Json,
        before: Conversation,
        arrival: Arrival | None = None,
    ) -> None:
        self._dialect = dialect
        self._upstream = upstream
        self._body = body
        self._before = before
        self._arrival = arrival or Arrival(Heads())
        self.first: Asked | None = None
        self.head: Json = {}
        self.tape = Tape()
        self.ending: str | None = None
        """How the upstream ends an answer that calls a tool, as its first one showed: unverified
        text."""

    @property
    def name(self) -> str:
        """What the model is called."""
        return "upstream"

    @property
    def asked_model(self) -> str:
        """Which of the upstream's models the caller asks."""
        return str(self._body.get("model", ""))

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """Ask the upstream for a whole answer; `raw` is the `Answer` that it gave. What a caller
        wants streamed is streamed to here as well; `raw` is its tape then. An answer about nobody
        is none that a caller is told anything of."""
        if self._body.get("stream") and self.first is None and not asks_of_nobody():
            generation = await collect(self.stream(conversation, options))
            self._note_ending(generation)
            return replace(generation, raw=self.tape if self.tape.is_whole else None)
        body = self._request(conversation, options)
        body.pop("stream", None)
        body.pop("stream_options", None)
        answer = await self._upstream.send(body)
        if answer.status >= 400:
            raise UpstreamError(answer, body)
        generation = self._read(answer, body)
        if not asks_of_nobody():
            self._arrival.note(answer.headers)
            self._arrival.begin()
        return replace(generation, raw=answer)

    async def stream(
        self, conversation: Conversation, options: Mapping[str, Any]
    ) -> AsyncIterator[Delta]:
        """Ask the upstream for a streamed answer; the first one is taped."""
        body = {**self._request(conversation, options), "stream": True}
        async with self._upstream.open(body) as opened:
            if opened.status >= 400:
                content = await whole(opened.pieces)
                raise UpstreamError(Answer(opened.status, opened.headers, content), body)
            self._arrival.note(opened.headers)
            if opened.is_events:
                deltas = self._taped(opened.pieces, body)
            else:
                content = await whole(opened.pieces)
                answer = Answer(opened.status, opened.headers, content)
                are_events = content.lstrip().startswith(_EVENT_FIELDS)  # under another name
                deltas = (
                    self._taped(_only(content), body)
                    if are_events
                    else _as_deltas(self._read(answer, body))
                )
            async with closing(deltas) as reading:
                with _readable():
                    async for delta in reading:
                        self._arrival.begin()
                        yield delta

    async def _taped(self, pieces: AsyncIterator[bytes], body: Json) -> AsyncIterator[Delta]:
        tape, halves = (self.tape if self.first is None else Tape()), Halves()
        self.first = self.first or Asked(body)
        deltas = self._dialect.deltas(_events(pieces, tape), self.head, body)
        try:
            async with closing(deltas) as reading:
                async for delta in reading:
                    whole = halves.whole(delta)
                    tape.take(whole)
                    yield whole
        except BrokenOffError as error:
            failure = UpstreamError(error.answer, body)
        else:
            tape.is_whole = True
            return
        raise failure

    def _request(self, conversation: Conversation, options: Mapping[str, Any]) -> Json:
        """The caller's request, with what the layer asks in the place of what was asked, and
        without the options that the layer took away. A question about nobody takes nothing of it
        along but whom to ask."""
        if asks_of_nobody():
            bare = {key: self._body[key] for key in _ADDRESSED if key in self._body}
            body = self._dialect.edited(bare, (*conversation, *conversation), conversation)
            return {**body, **{k: options[k] for k in _SET if k in options}}
        body = dict(self._body)
        if conversation != self._before:
            body = self._dialect.edited(body, self._before, conversation)
        own = self._dialect.options(self._body)
        if own.keys() - options.keys():
            gone = {*_FOR_CALLERS, *(own.keys() - options.keys())}
            body = {key: value for key, value in body.items() if key not in gone}
        return {**body, **{k: options[k] for k in _SET if options.get(k) != own.get(k)}}

    def _read(self, answer: Answer, asked: Json) -> Generation:
        reply = loads_object(answer.content)
        with _readable():
            generation = self._dialect.generation(reply, asked)
        if self.first is None and not asks_of_nobody():  # nor is what is asked again later
            self.first = Asked(asked, answer, reply)
            self.head |= reply
            self._note_ending(generation)
        return generation

    def _note_ending(self, generation: Generation) -> None:
        ends = [draft.finish_reason for draft in generation.choices if draft.tool_calls]
        self.ending = ends[0] if ends else None


@contextmanager
def _readable() -> Iterator[None]:
    """What cannot be taken apart, since its values are not of the kinds that they should be, is
    the upstream's failure."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError):
        failure = ModelError("the upstream's answer is not in the shape of this endpoint")
    else:
        return
    raise failure


async def _only(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _as_deltas(generation: Generation) -> AsyncIterator[Delta]:
    for n, draft in enumerate(generation.choices):
        yield Delta(n, "beside", draft.beside)
    for delta in deltas_of_generation(generation):
        yield delta


async def whole(pieces: AsyncIterator[bytes]) -> bytes:
    """What all pieces say; raises `ModelError` for more than any answer has."""
    found = bytearray()
    async for piece in pieces:
        found += piece
        if len(found) > _MOST_BYTES:
            raise ModelError("the upstream's answer does not end")
    return bytes(found)


async def _events(pieces: AsyncIterator[bytes], tape: Tape) -> AsyncIterator[Event]:
    reader = EventReader()
    async for piece in pieces:
        for event in reader.feed(piece):
            yield _recorded(event, tape)
    for event in reader.end():
        yield _recorded(event, tape)


def _recorded(event: Event, tape: Tape) -> Event:
    """The event, on the tape now. Logprobs are told at the end: what else was likely is read in
    rows, one over all places of an answer."""
    tape.record(event)
    if "logprobs" in event.data and without_likelihoods(event.value()) is not event.value():
        tape.hold()
    return event
