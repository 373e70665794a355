"""Telling a verified reply in events: those of the upstream as they came, or the layer's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace

from amnestic.integrations.openai.counts import read_in, recounted, spoken_to
from amnestic.integrations.openai.dialect import Counted, Head, Json, Speaker
from amnestic.integrations.openai.known_manners import Manners
from amnestic.integrations.openai.likelihoods import without_likelihoods
from amnestic.integrations.openai.manners import Style
from amnestic.integrations.openai.stream_manners import StreamManner
from amnestic.integrations.openai.tape import Place, Tape
from amnestic.integrations.openai.upstream import Asked, WireBackend
from amnestic.integrations.openai.wire import DONE, Event
from amnestic.models.protocol import Delta
from amnestic.types import Usage

__all__ = ["Retell", "Telling"]

Retell = Callable[[Json, Asked], Json]
"""What an upstream said, as if what its caller sent had been the question."""


class Telling:
    """Tells one streamed reply.

    What has passed of a reply that was taped goes on as the upstream sent it; where something was
    withheld, the speaker goes on from there in its own events. Without a tape the speaker tells
    all.

    Args:
        speaker: says what is not the upstream's own.
        backend: the upstream, if there is one.
        body: the caller's request.
        retell: mends what the upstream says of the request that it was asked.
        manners: how this upstream's models write, and where that is learned.
        is_clean: whether what stands around an answer tells nothing of a target.
    """

    def __init__(
        self,
        speaker: Speaker,
        backend: WireBackend | None,
        body: Json,
        retell: Retell,
        manners: Manners,
        is_clean: Callable[[Json], Awaitable[bool]],
    ) -> None:
        self._speaker = speaker
        self._backend = backend
        self._body = body
        self._retell = retell
        self._manners = manners
        self._is_clean = is_clean
        self._head: Head = {}
        self._untold: list[Delta] = []
        self._endings: list[Delta] = []
        self._begun = False
        self._usage: Usage | None = None
        self._asked_as_sent: bool | None = None

    async def take(self, delta: Delta) -> AsyncIterator[bytes]:
        """The events that may go out once `delta` has passed."""
        self._usage = delta.usage or self._usage
        if self._tape:
            self._tape.release(delta)
            self._untold.append(delta)
            for event in self._tape.passing():
                yield self._own(event)
            return
        for said in await self._say(delta):
            yield said

    async def end(self, *, own: bool, far: bool) -> AsyncIterator[bytes]:
        """The events that end the reply. `own` says that it is the upstream's own, `far` that it
        has been far from every target."""
        tape = self._tape
        if own and tape.is_whole:
            self._manners.learn_stream(self._body, self._own_manner)
            for event in tape.rest():
                yield self._own(event, quiet=not far)
            return
        if passed := tape.passed():
            self._begun = True
            self._speaker.take_up(passed, await self._manner())
        for delta in self._behind(tape.told):
            for said in await self._say(delta):
                yield said
        for said in self._endings_said(own=own, far=far):
            yield said

    def _endings_said(self, *, own: bool, far: bool) -> Iterator[bytes]:
        if own and far:
            yield from self._speaker.likelihoods(self._upstreams_head)
        own_head, counted = self._counted(own=own)
        yield from filter(None, self._speaker.end(self._endings, own_head, counted))

    @property
    def _tape(self) -> Tape:
        return self._backend.tape if self._backend else Tape()

    @property
    def _upstreams_head(self) -> Head:
        return self._backend.head if self._backend else {}

    def _own_manner(self) -> StreamManner:
        """How this stream was written."""
        return StreamManner.of(self._tape.events(), self._speaker.kind, self._speaker.said)

    async def _manner(self) -> StreamManner:
        """How this upstream writes its streams: this one first, where nothing in its head and
        around its words tells of a target."""
        known, own = self._manners.of_stream(self._body), self._own_manner()
        if await self._is_clean({**self._upstreams_head, "examples": dict(own.examples)}):
            self._head = self._upstreams_head
            return own.over(known) if own.examples else known
        return known

    def _own(self, event: Event, *, quiet: bool = False) -> bytes:
        """An event of the upstream's, byte for byte where nothing is to be mended in it: near a
        target, `quiet`, it does not say what could have been said instead."""
        first = self._backend.first if self._backend else None
        if event.data == DONE or first is None or not (quiet or self._is_retold(first)):
            return event.bytes()
        value = event.value()
        told = self._retell(value, first)
        told = without_likelihoods(told) if quiet else told
        if told == value:
            return event.bytes()
        data = Style.of(event.data.encode(), value).dumps(told)
        return Event(event.name, data.decode(), event.id, event.retry).bytes()

    def _is_retold(self, first: Asked) -> bool:
        """Whether something else was asked than what the caller sent: most streams are passed on as
        they came, and none of their events is read again for that."""
        if self._asked_as_sent is None:
            self._asked_as_sent = spoken_to(first.body) == spoken_to(self._body)
        return not self._asked_as_sent

    def _behind(self, told: dict[Place, int]) -> Iterator[Delta]:
        """What has passed of the reply, less what the passed events told of it."""
        told = dict(told)
        for delta in self._untold:
            place = (delta.choice, delta.channel)
            out = min(told.get(place, 0), len(delta.text))
            if out:
                told[place] -= out
                delta = replace(delta, text=delta.text[out:])
                if not delta.text:
                    continue
            yield delta

    async def _say(self, delta: Delta) -> list[bytes]:
        if delta.channel == "beside":
            return []
        said: list[bytes] = []
        if not self._begun:
            self._begun = True
            manner = await self._manner()
            said += self._speaker.begin(self._head, manner)
        if delta.finish_reason is not None:
            self._endings.append(delta)
        else:
            said += self._speaker.say(delta)
        return [*filter(None, said)]

    def _counted(self, *, own: bool) -> tuple[Head | None, Counted]:
        """The upstream's reply where its usage may be told, and the tokens that were counted."""
        if self._backend is None:
            return None, Counted.of(self._usage)
        first = self._backend.first if self._backend else None
        asked = spoken_to(first.body if first else self._body)
        head = self._upstreams_head
        told = recounted(head.get("usage"), spoken_to(self._body), asked)
        return ({**head, "usage": told} if own else None), Counted(read_in(told))
