"""Threads that wait for work, so that handing some to one of them costs little.

A request far from every target hands work over half a dozen times, and each time takes as long as
what is done: what `anyio.to_thread` does beside that (two turns of the event loop, a queue) is
three quarters of it.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable
from weakref import WeakSet

from amnestic.forks import renewed

__all__ = ["Job", "Workers"]

Job = Callable[[], Callable[[], None]]
"""Work that raises nothing, and what tells that it is done."""

_IDLE = 10.0  # seconds that a thread waits for work
_LAST = 5.0  # seconds that the end of a process waits for work
_PAUSE = 0.01


class Workers:
    """As many threads as have been at work at once; each ends when it has had none for a while.

    What is being done as the process ends is waited for, as nobody may have waited any more; but
    only for a while, since it may hang.

    Args:
        name: what the threads are called by.
        idle: seconds that one waits for work.

    >>> done = threading.Event()
    >>> Workers("example").give(lambda: done.set)
    >>> done.wait(10)
    True
    """

    def __init__(self, name: str, idle: float = _IDLE) -> None:
        self.name, self.patience = name, idle
        self.renew()
        renewed(self)
        atexit.register(self.finish)

    def renew(self) -> None:
        """In a forked child, which has none of the parent's threads."""
        self._turn = threading.Lock()
        self._idle = list[_Worker]()
        self._all = WeakSet[_Worker]()

    def finish(self, seconds: float = _LAST) -> None:
        """Wait until nothing is being done any more, for so long at most."""
        ends = time.monotonic() + seconds
        while self._busy() and time.monotonic() < ends:
            time.sleep(_PAUSE)

    def _busy(self) -> bool:
        with self._turn:
            return any(worker.is_alive() and worker not in self._idle for worker in self._all)

    def give(self, job: Job) -> None:
        """Have a job done, by the thread that was at work last or else by a new one. Raises
        `RuntimeError` where no thread can be had."""
        with self._turn:
            if self._idle:
                self._idle.pop().take(job)
                return
            worker = _Worker(self, job)
            self._all.add(worker)
        worker.start()

    def put_back(self, worker: _Worker) -> None:
        """Say that a thread has nothing to do."""
        with self._turn:
            self._idle.append(worker)

    def let_go(self, worker: _Worker) -> bool:
        """Whether a thread that has waited long enough may end: it has not just been given work."""
        with self._turn:
            if worker not in self._idle:
                return False
            self._idle.remove(worker)
            return True


class _Worker(threading.Thread):
    def __init__(self, workers: Workers, job: Job) -> None:
        super().__init__(name=f"amnestic-{workers.name}", daemon=True)
        self._workers = workers
        self._job: Job | None = job
        self._told = threading.Lock()
        self._told.acquire()

    def take(self, job: Job) -> None:
        """Give this thread, which waits, work."""
        self._job = job
        self._told.release()

    def run(self) -> None:
        """Work, and wait for more."""
        while (job := self._job) is not None:
            self._job = None
            tell = job()
            self._workers.put_back(self)  # who is told may have more to do
            tell()
            del job, tell  # nothing of what was done stays while nothing is to be done
            self._await_work()

    def _await_work(self) -> None:
        if not self._told.acquire(timeout=self._workers.patience) and not self._workers.let_go(
            self
        ):
            self._told.acquire()  # given just now
