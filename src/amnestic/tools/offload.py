"""Running detectors off the event loop, so that time limits hold even against one that hangs."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import anyio.to_thread

__all__ = ["offload"]

P = ParamSpec("P")
T = TypeVar("T")


async def offload(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` in a worker thread and wait for it.

    When the waiting task is cancelled, as by a time limit, the thread is left behind and what it
    gives is thrown away.
    """
    return await anyio.to_thread.run_sync(lambda: work(*args, **kwargs), abandon_on_cancel=True)
