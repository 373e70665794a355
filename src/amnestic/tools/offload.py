"""Running detectors off the event loop, so that time limits hold even against one that hangs."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

__all__ = ["offload"]

P = ParamSpec("P")
T = TypeVar("T")

_AT_ONCE = max(8, 2 * (os.cpu_count() or 1))

_limiter: RunVar[anyio.CapacityLimiter] = RunVar("amnestic_offload_limiter")


async def offload(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` in a worker thread and wait for it.

    Few run at once: more threads than processors only take the interpreter from one another and
    from the event loop. When the waiting task is cancelled, as by a time limit, the thread is left
    behind, its place is free, and what it gives is thrown away.
    """
    return await anyio.to_thread.run_sync(
        lambda: work(*args, **kwargs), abandon_on_cancel=True, limiter=_limit()
    )


def _limit() -> anyio.CapacityLimiter:
    """The limiter of the event loop that is running."""
    try:
        return _limiter.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(_AT_ONCE)
        _limiter.set(limiter)
        return limiter
