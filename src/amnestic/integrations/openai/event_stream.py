"""A verified reply as it is streamed: its events, and where its deltas come from."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Protocol

from amnestic.closing import closing
from amnestic.integrations.openai.headers import Arrival
from amnestic.integrations.openai.telling import Telling
from amnestic.integrations.openai.upstream import WireBackend
from amnestic.models.deltas import deltas_of_generation
from amnestic.models.protocol import Delta
from amnestic.types import Generation, Receipt

if TYPE_CHECKING:
    from amnestic.graphs.streaming import ReviewedStream

__all__ = ["EventStream", "Reviewed", "Source", "Whole"]


class Source(Protocol):
    """Where the deltas of a streamed reply come from."""

    def deltas(self) -> AsyncIterator[Delta]:
        """The verified reply."""
        ...

    def is_own(self) -> bool:
        """Whether the reply, which has ended, is the model's own."""
        ...

    def is_far(self) -> bool:
        """Whether it has been far from every target."""
        ...


OpenSource = Callable[[], Awaitable[tuple[Source, WireBackend | None]]]
"""Opens the source of a streamed reply, and the upstream that it comes from."""


class Reviewed:
    """A reply that is told while it comes."""

    def __init__(self, stream: ReviewedStream, note: Callable[[Receipt], None]) -> None:
        self._stream = stream.with_beside()
        self._note = note

    async def deltas(self) -> AsyncIterator[Delta]:
        """The verified reply."""
        async with self._stream as stream:
            async for delta in stream:
                yield delta
        self._note(self._stream.receipt)

    def is_own(self) -> bool:
        """Whether the reply is the model's own."""
        return not self._stream.receipt.touched()

    def is_far(self) -> bool:
        """Whether it has been far from every target."""
        return self._stream.receipt.is_far()


class Whole:
    """A reply that is told at its end."""

    def __init__(self, complete: Coroutine[None, None, tuple[Generation, bool]]) -> None:
        self._complete = complete
        self._far = False
        self._own = False

    async def deltas(self) -> AsyncIterator[Delta]:
        """The verified reply."""
        generation, self._far = await self._complete
        self._own = generation.raw is not None
        for delta in deltas_of_generation(generation):
            yield delta

    def is_own(self) -> bool:
        """Whether the reply is the model's own."""
        return self._own

    def is_far(self) -> bool:
        """Whether it has been far from every target."""
        return self._far


class EventStream:
    """A streamed reply as bytes of server-sent events. Closing it ends the run; `arrival` tells
    when the upstream begins to answer."""

    def __init__(
        self,
        open_source: OpenSource,
        tell: Callable[[WireBackend | None], Telling],
        arrival: Arrival,
    ) -> None:
        self.arrival = arrival
        self._open_source = open_source
        self._tell = tell

    async def events(self) -> AsyncIterator[bytes]:
        """The events, one or several in a piece; raises where the model fails, at the start or in
        the middle."""
        source, backend = await self._open_source()
        telling = self._tell(backend)
        async with closing(source.deltas()) as deltas:
            async for delta in deltas:
                if told := b"".join([event async for event in telling.take(delta)]):
                    yield told  # all that has passed is sent at once
        async for event in telling.end(own=source.is_own(), far=source.is_far()):
            yield event
