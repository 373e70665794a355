"""A streamed reply as it came: its events in their order, and what was read in each.

A reply that nothing is withheld from is passed on as its upstream sent it, event by event: an event
goes on once all that was read in it, and in those before it, has passed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from amnestic.integrations.openai.wire import Event
from amnestic.models.protocol import Delta

__all__ = ["Place", "Tape"]

Place = tuple[int, str]
"""A choice and one of its channels."""

_ON_THE_WAY = ("answer", "reasoning", "beside")
"""The channels that can pass while the rest of an answer arrives."""


@dataclass(slots=True)
class _Taped:
    event: Event
    ends: dict[Place, int] = field(default_factory=dict)
    held: bool = False


class Tape:
    """The events of one streamed reply.

    >>> tape = Tape()
    >>> tape.record(Event("", '{"a": 1}'))
    >>> tape.take(Delta(text="Paris."))
    >>> tape.release(Delta(text="Par"))
    >>> [event.data for event in tape.passing()]
    []
    >>> tape.release(Delta(text="is."))
    >>> [event.data for event in tape.passing()]
    ['{"a": 1}']
    >>> tape.told
    {(0, 'answer'): 6}
    """

    def __init__(self) -> None:
        self._passed: list[Event] = []
        self._waiting: deque[_Taped] = deque()
        self._texts: dict[Place, _Text] = {}
        self.told: dict[Place, int] = {}
        """How much of each channel stands in the events that were passed."""
        self.is_whole = False
        """Whether the reply came to its end."""

    def __bool__(self) -> bool:
        return bool(self._passed or self._waiting)

    def record(self, event: Event) -> None:
        """The next event as it came. What was read in the one before is not kept: a thousand
        streams that are open have many events."""
        if self._waiting:
            self._waiting[-1].event.forget()
        self._waiting.append(_Taped(event))

    def hold(self) -> None:
        """Say that the last event can pass at the end of the reply only."""
        if self._waiting:
            self._waiting[-1].held = True

    def take(self, delta: Delta) -> None:
        """What was read in the last event."""
        if not self:
            return
        place = (delta.choice, delta.channel)
        end = self._texts.setdefault(place, _Text()).take(delta.text) if delta.text else None
        if not self._waiting:
            return
        last = self._waiting[-1]
        if delta.channel not in _ON_THE_WAY or delta.finish_reason is not None:
            last.held = True
        if end is not None:
            last.ends[place] = end

    def release(self, delta: Delta) -> None:
        """What has passed of the reply, which need not be what came."""
        if text := self._texts.get((delta.choice, delta.channel)):
            text.release(delta.text)

    def passing(self) -> Iterator[Event]:
        """The events, each once, whose words have all been released and that nothing holds."""
        while self._waiting:
            taped = self._waiting[0]
            behind = any(self._texts[place].released < end for place, end in taped.ends.items())
            if taped.held or behind:
                return
            yield from self._pass()

    def rest(self) -> Iterator[Event]:
        """All events that were not passed yet."""
        while self._waiting:
            yield from self._pass()

    def passed(self) -> list[Event]:
        """The events that were passed."""
        return [*self._passed]

    def events(self) -> list[Event]:
        """All events."""
        return [*self._passed, *(taped.event for taped in self._waiting)]

    def _pass(self) -> Iterator[Event]:
        """The first event that waits; nor is what was read in it kept."""
        taped = self._waiting.popleft()
        self._passed.append(taped.event)
        self.told |= taped.ends
        yield taped.event
        taped.event.forget()


@dataclass(slots=True)
class _Text:
    """What came in one channel, and how far what was released is the same."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    released: int = 0
    differs: bool = False

    def take(self, piece: str) -> int:
        self.pieces.append(piece)
        self.length += len(piece)
        return self.length

    def release(self, text: str) -> None:
        came = "".join(self.pieces)
        self.pieces = [came]
        self.differs = self.differs or not came.startswith(text, self.released)
        if not self.differs:
            self.released += len(text)
