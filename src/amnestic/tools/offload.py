"""Running detectors off the event loop, so that time limits hold even against one that hangs."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from typing import Any, ParamSpec, TypeVar

from anyio.lowlevel import RunVar

from amnestic.workers import Workers

__all__ = ["Crew", "offload"]

P = ParamSpec("P")
T = TypeVar("T")

_AT_ONCE = max(8, 2 * (os.cpu_count() or 1))
_workers = Workers("worker")


class Crew:
    """Threads that do one kind of work. What waits for something else than a processor, such as a
    lock or a server, has a crew of its own: it holds up none of the work that others do.

    Args:
        name: the crew's own.
        size: how many work at once, in each event loop.
    """

    def __init__(self, name: str, size: int) -> None:
        self._places: RunVar[asyncio.Semaphore] = RunVar(f"amnestic_{name}_places")
        self._size = size

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` in a thread of the crew and wait for it.

        When the waiting task is cancelled, as by a time limit, the thread is left behind, its place
        is free, and what it gives is thrown away.
        """
        async with self._place():
            loop, context = asyncio.get_running_loop(), _context()
            done: asyncio.Future[T] = loop.create_future()

            def job() -> Callable[[], None]:
                try:
                    given, error = context.run(work, *args, **kwargs), None
                except BaseException as raised:  # noqa: BLE001 - raised again by who waits
                    given, error = None, raised
                return lambda: _tell(loop, done, given, error)

            _workers.give(job)
            return await done

    def _place(self) -> asyncio.Semaphore:
        """The places of the event loop that is running."""
        try:
            return self._places.get()
        except LookupError:
            places = asyncio.Semaphore(self._size)
            self._places.set(places)
            return places


def _context() -> Context:
    """What the caller has set, but for the event loop that runs there, which anyio notes so: the
    thread has none, and may run one of its own."""
    context = copy_context()
    if (sniffio := sys.modules.get("sniffio")) is not None:
        context.run(sniffio.current_async_library_cvar.set, None)
    return context


def _tell(
    loop: asyncio.AbstractEventLoop, done: asyncio.Future[Any], given: Any, error: Any
) -> None:
    with suppress(RuntimeError):  # the loop is closed: nobody waits
        loop.call_soon_threadsafe(_settle, done, given, error)


def _settle(done: asyncio.Future[Any], given: Any, error: BaseException | None) -> None:
    if done.done():  # nobody waits any more
        return
    if error is None:
        done.set_result(given)
    elif isinstance(error, StopIteration):  # which would say that the coroutine is at its end
        failure = RuntimeError("work in a thread raised StopIteration")
        failure.__cause__ = error
        done.set_exception(failure)
    else:
        done.set_exception(error)


_detecting = Crew("offload", _AT_ONCE)


async def offload(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` in a worker thread and wait for it.

    Few run at once: more threads than processors only take the interpreter from one another and
    from the event loop. A task that is cancelled leaves its thread behind, as a `Crew` does.
    """
    return await _detecting.run(work, *args, **kwargs)
