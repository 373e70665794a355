"""Streaming is a way to emit what the review path has passed, never a second path.

A stream runs the same graph as a plain request (`emitting` says what is released on the way); here
is what the callers of a stream hold in their hands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any

from amnestic.graphs.emitting import Emit, looked_at
from amnestic.graphs.outcome import Outcome
from amnestic.models.deltas import deltas_of_generation
from amnestic.models.protocol import Delta
from amnestic.types import Generation, Receipt

__all__ = ["BlockingStream", "ReviewedStream"]


class ReviewedStream:
    """A verified answer, piece by piece: iterate over it, and read `outcome` at the end.

    Leaving early, by `aclose` or the end of an `async with` block, ends the run and closes the
    wrapped model's stream.
    """

    def __init__(self, run: Callable[[Emit], Coroutine[None, None, Outcome]]) -> None:
        self._run = run
        self._queue: asyncio.Queue[Delta | None] = asyncio.Queue()
        self._task: asyncio.Task[Outcome] | None = None
        self._released: dict[tuple[int, str], list[str]] = {}
        self._tells_beside = False

    def with_beside(self) -> ReviewedStream:
        """This stream, which then tells of what stands beside the answer as well, once it has
        passed (the channel `beside`): for who holds what came and passes it on as it is."""
        self._tells_beside = True
        return self

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
            looked_at(self._task)

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
        if delta.channel == "beside" and not self._tells_beside:
            return
        self._released.setdefault((delta.choice, delta.channel), []).append(delta.text)
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


def _rest(generation: Generation, released: Mapping[tuple[int, str], list[str]]) -> Iterator[Delta]:
    """The verified answer, less what is out already.

    Where an answer no longer begins with what is out (a target came into force, or an agent failed,
    in the middle), the stream ends there and nothing is added.
    """
    for delta in deltas_of_generation(generation):
        out = "".join(released.get((delta.choice, delta.channel), ()))
        if not delta.text or not out:
            yield delta
        elif delta.text.startswith(out) and len(delta.text) > len(out):
            yield Delta(delta.choice, delta.channel, delta.text[len(out) :])
