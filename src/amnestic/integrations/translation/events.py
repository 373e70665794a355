"""The chat door's events, told in another form while they come."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping
from typing import Protocol

from amnestic.closing import closing
from amnestic.exceptions import ModelError
from amnestic.integrations.openai import DONE, Event, EventReader, Json

__all__ = ["Teller", "translated"]


class Teller(Protocol):
    """Tells one streamed reply in the words of a form."""

    def say(self, chunk: Json) -> Iterator[bytes]:
        """What a chunk of the chat completion is in this form."""
        ...

    def end(self) -> Iterator[bytes]:
        """What ends the reply; raises `ModelError` for what this form has no place for."""
        ...


async def translated(events: AsyncIterator[bytes], teller: Teller) -> AsyncIterator[bytes]:
    """The chat door's `events` as `teller` tells them. Raises what they raise, and `ModelError`
    where they break off: a stream that said why it ended is whole, with the mark of the end or
    without."""
    ended = False
    async with closing(events) as pieces:
        async for event in _events(pieces):
            if event.data == DONE:
                ended = True
                continue
            chunk = event.value()
            ended = ended or _is_last(chunk)
            for piece in teller.say(chunk):
                yield piece
    if not ended:
        raise ModelError("the upstream broke off its answer", retryable=True)
    for piece in teller.end():
        yield piece


def _is_last(chunk: Json) -> bool:
    """Whether a chunk says why a choice ended."""
    choices = [c for c in chunk.get("choices") or () if isinstance(c, Mapping)]
    return any(choice.get("finish_reason") for choice in choices)


async def _events(pieces: AsyncIterable[bytes]) -> AsyncIterator[Event]:
    reader = EventReader()
    async for piece in pieces:
        for event in reader.feed(piece):
            yield event
    for event in reader.end():
        yield event
