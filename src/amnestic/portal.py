"""The thread in which synchronous callers run the asynchronous core, and the end of it all."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, TypeVar

from amnestic.exceptions import ClosedError
from amnestic.forks import renewed

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

__all__ = ["Portal", "is_portals"]

T = TypeVar("T")

_loops: weakref.WeakSet[asyncio.AbstractEventLoop] = weakref.WeakSet()


def is_portals(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether an event loop is a portal's own."""
    return loop in _loops


class Portal:
    """An event loop in a thread of its own, started by the first call; in a forked child by the
    first call there.

    `closers` holds what is closed together with it: by `close`, when `owner` is collected, or when
    the program ends while the thread still lives.

    >>> class Owner: ...
    >>> owner = Owner()
    >>> portal = Portal(owner)
    >>> async def work() -> str:
    ...     return "done"
    >>> portal.call(work)
    'done'
    >>> portal.close()
    """

    def __init__(self, owner: object) -> None:
        self._begin(owner)
        renewed(self)

    def _begin(self, owner: object) -> None:
        self.closers = ExitStack()
        self._lock = threading.Lock()
        self._finish = weakref.finalize(owner, _let_go, self.closers)
        self._inner: BlockingPortal | None = None

    def renew(self) -> None:
        """Leave to the parent what it opened, unless it was closed there."""
        self._lock = threading.Lock()
        if (left := self._finish.detach()) is not None:
            self._begin(left[0])

    def check(self) -> None:
        """Raise `ClosedError` when it has been closed."""
        if not self._finish.alive:
            raise ClosedError("this layer is closed; make a new `Amnesia`")

    def call(self, make: Callable[[], Awaitable[T]]) -> T:
        """Run the coroutine that `make` gives in the thread and wait for it."""
        self.check()
        with self._lock:
            if self._inner is None:
                self._inner, end = _started()
                self.closers.callback(end)
            inner = self._inner
        return inner.call(make)

    def close(self) -> None:
        """Stop the thread and close what was opened."""
        with self._lock:
            self._finish()
            self._inner = None


def _started() -> tuple[BlockingPortal, Callable[[], None]]:
    """A portal in a new thread, and what ends both.

    No context manager: a suspended one that is collected in a forked child would wait there for a
    thread that only the parent has.
    """
    from anyio import run
    from anyio.from_thread import BlockingPortal

    ready: Future[BlockingPortal] = Future()

    async def serve() -> None:
        _loops.add(asyncio.get_running_loop())
        async with BlockingPortal() as portal:
            ready.set_result(portal)
            await portal.sleep_until_stopped()

    def live() -> None:
        try:
            run(serve)
        except BaseException as error:  # noqa: BLE001 - whoever called has been told it
            if not ready.done():
                ready.set_exception(error)

    thread = threading.Thread(target=live, name="amnestic-portal", daemon=True)
    thread.start()
    portal = ready.result()

    def end() -> None:
        with suppress(RuntimeError):  # its loop has ended already
            portal.call(portal.stop)
        thread.join()

    return portal, end


def _let_go(closers: ExitStack) -> None:
    """Close the parts; where the garbage collector comes by in an event loop, which may be the
    portal's own, in a thread beside it, since a portal cannot stop itself."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        closers.close()
    else:
        threading.Thread(target=closers.close, daemon=True).start()
