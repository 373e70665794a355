"""Streaming is a way to emit what the review path has passed, never a second path.

A stream runs the same graph as a plain request. Where the vetter found the conversation clear, the
generating node reads the wrapped model's stream, and releases the answer sentence by sentence
(lists, tables and code by line), each piece once the text so far, it included, has been audited.
Everything else waits for the end of the run: reasoning, refusals, tool calls, and the whole answer
of a conversation that is near a target. The rewriter keeps the longest clean beginning of an answer
(`clean_beginning`), whether it was streamed or not, so that both ways give the same text.
"""

from __future__ import annotations

import asyncio
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Callable,
    Coroutine,
    Iterator,
    Sequence,
)
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from amnestic.agents.contracts import Auditor, VetVerdict
from amnestic.exceptions import ModelError
from amnestic.graphs import checks
from amnestic.models.deltas import collect, deltas_of_generation
from amnestic.models.protocol import Delta, StreamingBackend
from amnestic.tools.segments import SettledEnds, settled_ends
from amnestic.types import Conversation, Draft, Finding, Generation

if TYPE_CHECKING:
    from amnestic.graphs.engine import Outcome
    from amnestic.graphs.state import Deps
    from amnestic.types import Receipt

__all__ = ["BlockingStream", "Emit", "ReviewedStream", "clean_beginning", "generate_emitting"]

Emit: TypeAlias = Callable[[Delta], None]


async def clean_beginning(
    text: str, auditor: Auditor, verdict: VetVerdict, findings: Sequence[Finding] = ()
) -> str:
    """The longest run of whole sentences and lines, from the start of `text`, that audits clean.

    A stream can have released no more than this. `findings` are those of the whole text: the run
    ends no later than the first of them.
    """
    spans = [span for finding in findings for span in finding.spans]
    last = min(spans, key=lambda s: s.start).end if spans else len(text)
    for end in reversed([e for e in settled_ends(text) if e <= last]):
        if not checks.findings(await auditor.audit((Draft(text=text[:end]),), verdict)):
            return text[:end]
    return ""


async def generate_emitting(
    backend: StreamingBackend, conversation: Conversation, verdict: VetVerdict, deps: Deps
) -> Generation:
    """The wrapped model's whole answer; what the auditor passes of it on the way is emitted.

    Raises what the model raises. When the auditor fails or hangs, nothing more is emitted and the
    audit of the whole answer, which follows, decides.
    """
    releasing = _Releasing(deps.crew.screen, verdict, deps.emit or _nowhere)
    work = asyncio.ensure_future(releasing.run())
    try:
        deltas = backend.stream(conversation, deps.options)
        generation = await collect(releasing.watch(deltas, deps.settings.max_chars))
        releasing.end()
        await asyncio.wait((work,), timeout=deps.settings.agent_timeout)
    finally:
        work.cancel()
        work.add_done_callback(_see)
    return generation


@dataclass(slots=True)
class _Answer:
    """One choice's answer while it arrives: `text[:released]` is out, `text[:settled]` could be."""

    text: str = ""
    settled: int = 0
    released: int = 0
    held: bool = False
    ends: SettledEnds = field(default_factory=SettledEnds)

    def take(self, piece: str) -> None:
        self.text += piece
        if ends := self.ends.feed(piece):
            self.settled = ends[-1]


class _Releasing:
    """Reads along while an answer arrives, and emits each piece after its audit."""

    def __init__(self, auditor: Auditor, verdict: VetVerdict, emit: Emit) -> None:
        self._auditor = auditor
        self._verdict = verdict
        self._emit = emit
        self._answers: dict[int, _Answer] = {}
        self._news = asyncio.Event()
        self._ended = False

    async def watch(self, deltas: AsyncIterable[Delta], limit: int) -> AsyncIterator[Delta]:
        """The deltas as they are; an answer that passes `limit` characters is broken off."""
        seen = 0
        async with aclosing(deltas):  # type: ignore[type-var]
            async for delta in deltas:
                seen += len(delta.text)
                if seen > limit:
                    raise ModelError(f"the wrapped model's answer passed {limit:,} characters")
                if delta.channel == "answer" and delta.text:
                    self._answers.setdefault(delta.choice, _Answer()).take(delta.text)
                    self._news.set()
                yield delta

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
            for choice, answer in list(self._answers.items()):
                await self._release(choice, answer)

    async def _release(self, choice: int, answer: _Answer) -> None:
        end = answer.settled
        if answer.held or end <= answer.released:
            return
        so_far = (Draft(text=answer.text[:end]),)
        if checks.findings(await self._auditor.audit(so_far, self._verdict)):
            answer.held = True
            return
        self._emit(Delta(choice, "answer", answer.text[answer.released : end]))
        answer.released = end


class ReviewedStream:
    """A verified answer, piece by piece: iterate over it, and read `outcome` at the end.

    Leaving early, by `aclose` or the end of an `async with` block, ends the run and closes the
    wrapped model's stream.
    """

    def __init__(self, run: Callable[[Emit], Coroutine[None, None, Outcome]]) -> None:
        self._run = run
        self._queue: asyncio.Queue[Delta | None] = asyncio.Queue()
        self._task: asyncio.Task[Outcome] | None = None
        self._released: dict[int, list[str]] = {}

    @property
    def outcome(self) -> Outcome:
        """What the review path gave; there once the stream has ended."""
        if self._task is None or not self._task.done():
            raise RuntimeError("the stream has not ended yet; read it to its end first")
        return self._task.result()

    @property
    def receipt(self) -> Receipt:
        """What happened to the request; there once the stream has ended."""
        return self.outcome.receipt

    def __aiter__(self) -> ReviewedStream:
        return self

    async def __anext__(self) -> Delta:
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        delta = None if self._is_spent() else await self._queue.get()
        if delta is None:
            await self._task
            raise StopAsyncIteration
        return delta

    async def aclose(self) -> None:
        """End the run, whatever it is doing."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait((self._task,))
        if self._task is not None:
            _see(self._task)

    async def __aenter__(self) -> ReviewedStream:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def _is_spent(self) -> bool:
        return self._task is not None and self._task.done() and self._queue.empty()

    async def _work(self) -> Outcome:
        try:
            outcome = await self._run(self._emit)
            for delta in _rest(outcome.generation, self._released):
                self._queue.put_nowait(delta)
            return outcome
        finally:
            self._queue.put_nowait(None)

    def _emit(self, delta: Delta) -> None:
        self._released.setdefault(delta.choice, []).append(delta.text)
        self._queue.put_nowait(delta)


class BlockingStream:
    """A `ReviewedStream` for synchronous callers; `call` runs a coroutine function elsewhere."""

    def __init__(self, stream: ReviewedStream, call: Callable[..., Any]) -> None:
        self._stream = stream
        self._call = call

    @property
    def outcome(self) -> Outcome:
        """What the review path gave; there once the stream has ended."""
        return self._stream.outcome

    @property
    def receipt(self) -> Receipt:
        """What happened to the request; there once the stream has ended."""
        return self._stream.receipt

    def __iter__(self) -> BlockingStream:
        return self

    def __next__(self) -> Delta:
        delta: Delta | None = self._call(self._next)
        if delta is None:
            raise StopIteration
        return delta

    async def _next(self) -> Delta | None:
        return await anext(self._stream, None)

    def close(self) -> None:
        """End the run, whatever it is doing."""
        self._call(self._stream.aclose)

    def __enter__(self) -> BlockingStream:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _rest(generation: Generation, released: dict[int, list[str]]) -> Iterator[Delta]:
    """The verified answer, less what is out already.

    Where an answer no longer begins with what is out (a target came into force, or an agent failed,
    in the middle), the stream ends there and nothing is added.
    """
    for delta in deltas_of_generation(generation):
        out = "".join(released.get(delta.choice, ()))
        if delta.channel != "answer" or not delta.text or not out:
            yield delta
        elif delta.text.startswith(out) and len(delta.text) > len(out):
            yield Delta(delta.choice, "answer", delta.text[len(out) :])


def _nowhere(delta: Delta) -> None:
    """For a run that nobody listens to."""


def _see(work: asyncio.Future[Any]) -> None:
    if not work.cancelled():
        work.exception()  # seen: nobody is told of it by a log line
