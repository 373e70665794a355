"""Releasing an answer while it arrives: each piece once the text so far has passed its audit.

Where the vetter found the conversation clear, the generating node reads the wrapped model's stream,
and releases the answer, and what the model thinks before it, sentence by sentence (lists, tables
and code by line). Of the first sentence, what consists of words that the caller has said (`said`)
is released before the sentence is whole, where what is out can be gone on with in the middle of it.
Everything else waits for the end of the run: refusals, tool calls, and the
whole answer of a conversation that is near a target. The rewriter keeps the longest clean beginning
of an answer (`clean_beginning`) where words go out as they come. A sentence that only a later one
shows to tell of a target may be out by then: a whole answer leaves it out, a streamed one cannot.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from amnestic.agents.contracts import VetVerdict
from amnestic.agents.roles import Crew
from amnestic.agents.said_already import said_end
from amnestic.closing import closing
from amnestic.exceptions import ModelError
from amnestic.graphs import checks
from amnestic.graphs.joining import joined_findings, thoughts
from amnestic.graphs.state import Deps
from amnestic.models.deltas import collect
from amnestic.models.protocol import Delta, StreamingBackend
from amnestic.models.telemetry import observed
from amnestic.tools.detection import is_by_place
from amnestic.tools.offload import offload
from amnestic.tools.reading import SettledEnds, settled_ends
from amnestic.types import Conversation, Draft, Finding, Generation

__all__ = ["Emit", "clean_beginning", "generate_emitting", "looked_at"]

Emit: TypeAlias = Callable[[Delta], None]
"""Is told each piece of an answer once it has passed."""


async def clean_beginning(
    text: str, crew: Crew, verdict: VetVerdict, findings: Sequence[Finding] = ()
) -> str:
    """The longest run of whole sentences and lines, from the start of `text`, that may leave by
    itself.

    `findings` are those of the whole text: the run ends before the first of them begins. What shows
    only by what comes behind it, whose it is, may be out already: it counts where nothing else was
    found.
    """
    certain = [f for f in findings if not is_by_place(f)] or findings
    first = min((s.start for finding in certain for s in finding.spans), default=len(text))
    for end in reversed([e for e in settled_ends(text) if e <= first]):
        if await _may_leave(text[:end], crew, verdict):
            return text[:end]
    return ""


async def _may_leave(text: str, crew: Crew, verdict: VetVerdict) -> bool:
    """Whether the beginning of an answer audits clean, and is near nothing that a model would have
    to be asked about first."""
    if checks.findings(await crew.screen.audit((Draft(text=text),), verdict)):
        return False
    if await joined_findings(crew.screen, (Draft(text=text),), verdict):
        return False
    identification = crew.identification
    return identification is None or not await offload(identification.is_near, text, verdict)


async def generate_emitting(
    backend: StreamingBackend,
    conversation: Conversation,
    verdict: VetVerdict,
    deps: Deps,
    said: frozenset[str] = frozenset(),
) -> tuple[Generation, str]:
    """The wrapped model's whole answer, and what is out of a sentence of which the rest is not.
    What the auditor passes on the way is emitted, and so is what a first sentence begins with that
    consists of words that were `said`.

    Raises what the model raises. When the auditor fails or hangs, nothing more is emitted and the
    audit of the whole answer, which follows, decides.
    """
    releasing = _Releasing(deps.crew, verdict, deps.emit or _nowhere, said)
    work = asyncio.ensure_future(releasing.run())
    try:
        begun = await deps.ahead.taken(conversation)
        deltas = begun or backend.stream(conversation, deps.options)
        told = collect(releasing.watch(deltas, deps.settings.max_chars))
        generation = await observed(backend.name, told)
        releasing.end()
        await asyncio.wait((work,), timeout=deps.settings.agent_timeout)
    finally:
        work.cancel()
        work.add_done_callback(looked_at)
    return generation, releasing.broken_in()


@dataclass(slots=True)
class _Channel:
    """A channel of one choice while it arrives: `text[:released]` is out, `text[:settled]` could
    be, and so could `text[:echoed]`, which repeats words that were `said`."""

    text: str = ""
    settled: int = 0
    released: int = 0
    held: bool = False
    ends: SettledEnds = field(default_factory=SettledEnds)
    said: frozenset[str] = frozenset()
    echoed: int = 0
    is_open: bool = False  # what is out ends in the middle of a sentence

    @property
    def due(self) -> int:
        """How far it is to be looked at, where that is farther than it is out."""
        return self.settled or self.echoed

    @property
    def is_due(self) -> bool:
        """Whether something is to be looked at."""
        return self.due > self.released and not self.held

    def take(self, piece: str) -> None:
        self.text += piece
        if ends := self.ends.feed(piece):
            self.settled = max(self.settled, ends[-1])
        elif self.said and not self.settled and len(self.text) <= _ECHO:
            self.echoed = said_end(self.text, self.said)


@dataclass(slots=True)
class _Beside(_Channel):
    """What stands beside an answer, which comes in whole texts."""

    def take(self, piece: str) -> None:
        self.text += piece
        self.settled = len(self.text)


_KINDS = {"beside": _Beside, "reasoning": _Channel, "answer": _Channel}
"""The channels that are released on the way, in the order in which they are read."""
_ECHO = (
    200  # characters of an answer of which the beginning may be out before its sentence is whole
)
_BEFORE = 200  # characters of what stands beside an answer, read again with what comes behind them


class _Releasing:
    """Reads along while an answer arrives, and emits each piece after its audit."""

    def __init__(
        self, crew: Crew, verdict: VetVerdict, emit: Emit, said: frozenset[str] = frozenset()
    ) -> None:
        self._said = said
        self._crew = crew
        self._verdict = replace(verdict, context=replace(verdict.context, arrived={}))
        self._emit = emit
        self._channels: dict[tuple[int, str], _Channel] = {}
        self._news = asyncio.Event()
        self._ended = False

    async def watch(self, deltas: AsyncIterable[Delta], limit: int) -> AsyncIterator[Delta]:
        """The deltas as they are; an answer that passes `limit` characters is broken off."""
        seen = 0
        async with closing(deltas):
            async for delta in deltas:
                seen += len(delta.text)
                if seen > limit:
                    raise ModelError(f"the wrapped model's answer passed {limit:,} characters")
                if delta.channel in _KINDS and delta.text:
                    self._arrived(delta.choice, delta.channel).take(delta.text)
                if delta.channel != "reasoning" and (delta.text or delta.finish_reason):
                    self._thought_out(delta)
                if any(channel.is_due for channel in self._channels.values()):
                    self._news.set()  # most tokens end nothing
                yield delta

    def _arrived(self, choice: int, channel: str) -> _Channel:
        """The channel, which is there from its first piece on. Behind thoughts no sentence is begun
        before it is whole."""
        place = (choice, channel)
        if place not in self._channels:
            self._channels[place] = _KINDS[channel]()
            if place == (0, "answer") and (0, "reasoning") not in self._channels:
                self._channels[place].said = self._said
        return self._channels[place]

    def broken_in(self) -> str:
        """What is out of a sentence of which the rest is not; there once nothing more is
        released."""
        answer = self._channels.get((0, "answer"))
        return answer.text[: answer.released] if answer is not None and answer.is_open else ""

    def _thought_out(self, said: Delta) -> None:
        """What a model thought before it begins to answer has come whole."""
        thought = self._channels.get((said.choice, "reasoning"))
        if thought is not None and said.channel != "beside":
            thought.settled = len(thought.text)

    def end(self) -> None:
        """Say that the answer has arrived whole."""
        self._ended = True
        self._news.set()

    async def run(self) -> None:
        """Release what can be, until the answer has arrived and been looked at."""
        ended = False
        while not ended:
            await self._news.wait()
            self._news.clear()
            ended = self._ended
            for kind in _KINDS:
                for place in [place for place in self._channels if place[1] == kind]:
                    await self._release(*place, self._channels[place])

    async def _release(self, choice: int, channel: str, arrived: _Channel) -> None:
        end, is_echo = arrived.due, not arrived.settled
        if not arrived.is_due:
            return
        if not await self._passes(choice, channel, end):
            arrived.held, arrived.said = not is_echo, frozenset()
            arrived.echoed = 0
            return
        self._emit(Delta(choice, channel, arrived.text[arrived.released : end]))
        arrived.released, arrived.is_open = end, is_echo

    async def _passes(self, choice: int, channel: str, end: int) -> bool:
        arrived = self._channels[choice, channel]
        if channel == "answer":
            verdict, thought = self._verdict, self._channels.get((choice, "reasoning"))
            if thought is not None:
                verdict = replace(verdict, begun=(*verdict.begun, *thoughts(thought.text)))
            return await _may_leave(arrived.text[:end], self._crew, verdict)
        start = max(0, arrived.released - _BEFORE) if channel == "beside" else 0
        draft = Draft().with_channel(channel, arrived.text[start:end])
        if channel == "reasoning" and await joined_findings(
            self._crew.screen, (draft,), self._verdict
        ):
            return False
        return not checks.findings(await self._crew.screen.audit((draft,), self._verdict))


def _nowhere(delta: Delta) -> None:
    """For a run that nobody listens to."""


def looked_at(work: asyncio.Future[Any]) -> None:
    """Take note of how work ended that nobody waits for: what it raised may quote a draft."""
    if not work.cancelled():
        work.exception()  # seen: nobody is told of it by a log line
