"""A door: one of OpenAI's endpoints over the one review path, for a wrapped client or a server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from amnestic.agents.abstainer import worded_abstention
from amnestic.closing import closing
from amnestic.exceptions import InvalidRequestError
from amnestic.integrations.openai.dialect import Dialect, Json, Speaker
from amnestic.integrations.openai.errors import comeback, said, word
from amnestic.integrations.openai.structured import fillings, is_fitting
from amnestic.integrations.openai.upstream import Answer, Upstream, UpstreamError, WireBackend
from amnestic.integrations.openai.wire import dumps, error_body
from amnestic.models.deltas import deltas_of_generation
from amnestic.models.protocol import Delta
from amnestic.types import Conversation, Draft, Generation, Receipt, Route

if TYPE_CHECKING:
    from amnestic.graphs.reviewer import Reviewer
    from amnestic.graphs.streaming import ReviewedStream

__all__ = ["Door", "EventStream", "Manners"]

_JSON = (("content-type", "application/json"),)
_MOST_MANNERS = 256
_HEAD = ("id", "model", "system_fingerprint", "service_tier", "provider")


class Manners:
    """How each upstream model's replies look, so that a reply of the layer's own looks alike."""

    def __init__(self) -> None:
        self._known: dict[str, Json] = {}

    def of(self, body: Json) -> Json:
        """What is known of the model that a request asks for."""
        return self._known.get(str(body.get("model")), {})

    def learn(self, body: Json, reply: Json) -> None:
        """Remember an upstream's own reply: its head, none of its text."""
        if len(self._known) < _MOST_MANNERS:
            head = {key: reply[key] for key in _HEAD if key in reply}
            self._known.setdefault(str(body.get("model")), head)


class Door:
    """One endpoint.

    Args:
        amnesia: the layer.
        dialect: the endpoint's words.
        note: is told the receipt of every request, for the operator.
    """

    def __init__(
        self, amnesia: Reviewer, dialect: Dialect, note: Callable[[Receipt], None] | None = None
    ) -> None:
        self._amnesia = amnesia
        self._dialect = dialect
        self._note = note or _unnoted
        self._manners = Manners()

    async def answer(self, body: Json, upstream: Upstream | None) -> Answer:
        """A whole reply. One that nothing was withheld from is the upstream's own, byte for byte;
        without an upstream, the layer's own model answers.

        Raises `InvalidRequestError` and its kin, and `ModelError` where the model fails.
        """
        conversation = self._read(body)
        backend = self._backend(body, upstream, conversation)
        generation = await self._complete(body, conversation, backend)
        if isinstance(generation.raw, Answer):
            self._manners.learn(body, (backend and backend.reply) or {})
            return generation.raw
        before = backend.reply if backend else None
        reply = self._dialect.reply(generation, body, self._manners.of(body), before)
        return Answer(200, _JSON, dumps(reply))

    def stream(self, body: Json, upstream: Upstream | None) -> EventStream:
        """A streamed reply; raises `InvalidRequestError` and its kin at once."""
        conversation = self._read(body)
        backend = self._backend(body, upstream, conversation)
        speaker = self._dialect.speaker(body, self._manners.of(body))
        if self._dialect.schema(body) is not None:  # JSON is whole or nothing
            source: Source = _Whole(self._complete(body, conversation, backend))
        else:
            options = self._dialect.options(body)
            reviewed = self._amnesia.astream(conversation, backend=backend, options=options)
            source = _Reviewed(reviewed, self._note)
        head = backend.head if backend else {}
        return EventStream(speaker, source, head, lambda: self._manners.learn(body, head))

    async def checked(self, error: UpstreamError) -> Answer:
        """An upstream's error as the caller may see it: in OpenAI's shape, its words reviewed."""
        told = said(error.answer)
        message = str(told.get("message") or "")[:2000]
        clean = bool(message) and await self._passes(message)
        body = error_body(message if clean else f"{error}", word(told, "type") or "upstream_error")
        body["error"] |= {"code": word(told, "code"), "param": word(told, "param")}
        return Answer(error.answer.status, (*_JSON, *comeback(error)), dumps(body))

    async def _passes(self, message: str) -> bool:
        """Whether an upstream's words tell nothing of a target. They are read without the question,
        or the same words would be told for every subject but the listed ones."""
        try:
            reply = await self._amnesia.areview("What went wrong?", message)
        except InvalidRequestError:
            return False
        return reply.receipt.route in (Route.CLEAR, Route.PASSED)

    def _read(self, body: Json) -> Conversation:
        return self._dialect.conversation(body, self._amnesia.settings.max_chars)

    def _backend(
        self, body: Json, upstream: Upstream | None, conversation: Conversation
    ) -> WireBackend | None:
        if upstream is None:
            return None
        return WireBackend(self._dialect, upstream, body, conversation)

    async def _complete(
        self, body: Json, conversation: Conversation, backend: WireBackend | None
    ) -> Generation:
        outcome = await self._amnesia.acomplete(
            conversation, backend=backend, options=self._dialect.options(body)
        )
        self._note(outcome.receipt)
        schema = self._dialect.schema(body)
        if schema is None or not outcome.receipt.touched():
            return outcome.generation
        choices = [await self._fitted(d, schema, conversation) for d in outcome.generation.choices]
        return Generation(tuple(choices), outcome.generation.usage)

    async def _fitted(self, draft: Draft, schema: Json, conversation: Conversation) -> Draft:
        """A choice whose text holds to the schema. What was filled in is reviewed like any text;
        when nothing passes, the model refuses, which callers of structured output look for."""
        if not draft.text or is_fitting(draft.text, schema):
            return draft
        abstention = worded_abstention(next((m.text for m in reversed(conversation)), ""))
        for text in dict.fromkeys(fillings(draft.text, schema, abstention)):
            # Read without its question, or a question about a target would be answered for.
            reply = await self._amnesia.areview("Fill in the form.", text)
            if reply.receipt.route in (Route.CLEAR, Route.PASSED):
                return replace(draft, text=text)
        return Draft(refusal=abstention)


def _unnoted(receipt: Receipt) -> None:
    """For a door whose operator asks for no receipts."""


class Source(Protocol):
    """Where the deltas of a streamed reply come from."""

    def deltas(self) -> AsyncIterator[Delta]:
        """The verified reply."""
        ...

    def is_own(self) -> bool:
        """Whether the reply, which has ended, is the model's own."""
        ...


class _Reviewed:
    def __init__(self, stream: ReviewedStream, note: Callable[[Receipt], None]) -> None:
        self._stream = stream
        self._note = note

    async def deltas(self) -> AsyncIterator[Delta]:
        async with self._stream as stream:
            async for delta in stream:
                yield delta
        self._note(self._stream.receipt)

    def is_own(self) -> bool:
        return not self._stream.receipt.touched()


class _Whole:
    def __init__(self, complete: Coroutine[None, None, Generation]) -> None:
        self._complete = complete
        self._own = False

    async def deltas(self) -> AsyncIterator[Delta]:
        generation = await self._complete
        self._own = generation.raw is not None
        for delta in deltas_of_generation(generation):
            yield delta

    def is_own(self) -> bool:
        return self._own


class EventStream:
    """A streamed reply as bytes of server-sent events. Closing it ends the run."""

    def __init__(
        self, speaker: Speaker, source: Source, head: Json, learn: Callable[[], None]
    ) -> None:
        self._speaker = speaker
        self._source = source
        self._head = head
        self._learn = learn

    async def events(self) -> AsyncIterator[bytes]:
        """The events; raises where the model fails, at the start or in the middle."""
        begun = False
        endings: list[Delta] = []
        async with closing(self._source.deltas()) as deltas:
            async for delta in deltas:
                if not begun:
                    begun = True
                    for event in self._speaker.begin(self._head):
                        yield event
                if delta.finish_reason is not None:
                    endings.append(delta)
                    continue
                for event in self._speaker.say(delta):
                    yield event
        for event in self._ending(endings):
            yield event

    def _ending(self, endings: list[Delta]) -> Iterator[bytes]:
        """What ends the choices; before it the logprobs, once it is known that the whole answer is
        the model's own."""
        own = self._source.is_own()
        if own:
            self._learn()
            yield from self._speaker.likelihoods(self._head)
        for delta in endings:
            yield from self._speaker.say(delta)
        yield from self._speaker.end(self._head if own else None)
