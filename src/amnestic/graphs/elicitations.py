"""Eliciting in the background: what the wrapped model knows of targets already in force."""

from __future__ import annotations

import asyncio
import logging
import os
import queue
import threading
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from amnestic.types import ForgetTarget

__all__ = ["Elicitations"]

_log = logging.getLogger(__name__)
_END = None
_PATIENCE = 2.0  # seconds


def _key(target: ForgetTarget) -> tuple[str, int]:
    return target.id, target.version


class Elicitations:
    """A queue of targets, worked off one at a time in a thread of its own.

    What is left when the process ends stays pending in the registry, and is gone on with by the
    next one that opens it. An error is logged without its words and ends one elicitation. A process
    that was forked has a queue of its own, and leaves to its parent what waited there.

    >>> done = []
    >>> async def elicit(target: ForgetTarget) -> None:
    ...     done.append(target.subject)
    >>> elicitations = Elicitations(elicit)
    >>> elicitations.add([ForgetTarget(id="t", subject="Ada Example")])
    >>> elicitations.wait(), done
    (True, ['Ada Example'])
    >>> elicitations.close()
    """

    def __init__(self, elicit: Callable[[ForgetTarget], Awaitable[None]]) -> None:
        self._elicit = elicit
        self._closed = False
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._queue: queue.SimpleQueue[ForgetTarget | None] = queue.SimpleQueue()
        self._waiting: set[tuple[str, int]] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._now: tuple[asyncio.AbstractEventLoop, asyncio.Task[None]] | None = None

    def add(self, targets: Iterable[ForgetTarget]) -> None:
        """Have targets elicited; a version of one that waits already waits on."""
        if self._process != os.getpid():
            self._begin()
        with self._changed:
            if self._closed:
                return
            new = [target for target in targets if _key(target) not in self._waiting]
            self._waiting.update(map(_key, new))
            for target in new:
                self._queue.put(target)
            if new and self._thread is None:
                self._thread = threading.Thread(
                    target=self._work, name="amnestic-elicit", daemon=True
                )
                self._thread.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until a model has been asked about all targets; whether it has."""
        if self._process != os.getpid():
            self._begin()
        with self._changed:
            self._changed.wait_for(lambda: self._closed or not self._waiting, timeout)
            return not self._waiting

    def close(self) -> None:
        """Give up what is under way and what waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            self._queue.put(_END)
            if self._now is not None:
                loop, task = self._now
                with suppress(RuntimeError):  # it has just ended
                    loop.call_soon_threadsafe(task.cancel)
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_PATIENCE)  # a model that cannot be broken off is left to end by itself

    def _work(self) -> None:
        while (target := self._queue.get()) is not _END and not self._closed:
            try:
                asyncio.run(self._one(target))
            except asyncio.CancelledError:
                return
            except Exception as error:  # noqa: BLE001 - whatever fails, the others are gone on with
                _log.warning("eliciting for %s failed: %s", target.id, type(error).__name__)
            finally:
                with self._changed:
                    self._now = None
                    self._waiting.discard(_key(target))
                    self._changed.notify_all()

    async def _one(self, target: ForgetTarget) -> None:
        task = asyncio.current_task()
        with self._changed:
            if self._closed or task is None:
                return
            self._now = (asyncio.get_running_loop(), task)
        await self._elicit(target)
