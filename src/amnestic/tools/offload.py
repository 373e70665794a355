"""Running detectors off the event loop, so that time limits hold even against one that hangs."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

__all__ = ["Crew", "offload"]

P = ParamSpec("P")
T = TypeVar("T")

_AT_ONCE = max(8, 2 * (os.cpu_count() or 1))


class Crew:
    """Threads that do one kind of work. What waits for something else than a processor, such as a
    lock or a server, has a crew of its own: it holds up none of the work that others do.

    Args:
        name: the crew's own.
        size: how many work at once, in each event loop.
    """

    def __init__(self, name: str, size: int) -> None:
        self._limiter: RunVar[anyio.CapacityLimiter] = RunVar(f"amnestic_{name}_limiter")
        self._size = size

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` in a thread of the crew and wait for it.

        When the waiting task is cancelled, as by a time limit, the thread is left behind, its place
        is free, and what it gives is thrown away.
        """
        return await anyio.to_thread.run_sync(
            lambda: work(*args, **kwargs), abandon_on_cancel=True, limiter=self._limit()
        )

    def _limit(self) -> anyio.CapacityLimiter:
        """The limiter of the event loop that is running."""
        try:
            return self._limiter.get()
        except LookupError:
            limiter = anyio.CapacityLimiter(self._size)
            self._limiter.set(limiter)
            return limiter


_detecting = Crew("offload", _AT_ONCE)


async def offload(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` in a worker thread and wait for it.

    Few run at once: more threads than processors only take the interpreter from one another and
    from the event loop. A task that is cancelled leaves its thread behind, as a `Crew` does.
    """
    return await _detecting.run(work, *args, **kwargs)
