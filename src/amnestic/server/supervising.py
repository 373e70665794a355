"""The process that owns a server's sockets, starts its workers and replaces those that die."""

from __future__ import annotations

import logging
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NoReturn

from amnestic.exceptions import AmnesticError
from amnestic.server.counting import forget_process, note_restart
from amnestic.server.posts import Post
from amnestic.server.seats import Seat, unmanned

__all__ = ["Supervisor", "leave", "leaving"]

_log = logging.getLogger(__name__)

_RESTS = (0.0, 0.5, 1.0, 2.0)  # seconds before a worker is replaced that died young, each time
_CLOSING = 5.0  # seconds that a worker has to close what it opened, after its requests
_STOPPING = (signal.SIGTERM, signal.SIGINT)

Work = Callable[[Seat], None]


class Supervisor:
    """Keeps a worker on each of the sockets, until told to stop by SIGTERM or SIGINT.

    uvicorn's own supervisor has all workers accept on one socket, starts those anew for ever that
    die at once, and leaves them behind when it is killed.

    Args:
        sockets: one for each worker; they are closed at the end.
        work: what a worker does, in a process of its own: it serves until SIGTERM.
        grace: seconds that workers have to finish their requests.

    A worker that dies is replaced, and until the new one serves, the others accept on its socket.
    Before `run` nothing may have started a thread.
    """

    def __init__(self, sockets: Sequence[socket.socket], work: Work, grace: float) -> None:
        self._sockets = sockets
        self._work = work
        self._patience = grace + _CLOSING
        self._posts = [Post(number) for number in range(len(sockets))]
        self._asked = list[int]()  # signals that ask to stop
        self._served = False

    def run(self, begun: Callable[[], None]) -> None:
        """Serve; `begun` is called once the first worker does.

        Raises `AmnesticError` when no worker can serve, or one dies at once again and again.
        """
        with self._signalled():
            try:
                while not self._asked:
                    self._start()
                    self._wait(min((p.due for p in self._posts if not p.pid), default=None))
                    self._hear(begun)
                    self._reap()
            finally:
                self._stop()

    @contextmanager
    def _signalled(self) -> Iterator[None]:
        """Within the block signals end a wait, and those that ask to stop are noted."""
        self._alarm = os.pipe()
        for end in self._alarm:
            os.set_blocking(end, False)
        former = {number: signal.getsignal(number) for number in (*_STOPPING, signal.SIGCHLD)}
        signal.set_wakeup_fd(self._alarm[1], warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # else it would not end a wait
        for number in _STOPPING:
            signal.signal(number, lambda number, _: self._asked.append(number))
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(-1)
            for end in self._alarm:
                os.close(end)

    def _start(self) -> None:
        for post in self._posts:
            if not post.pid and post.due <= time.monotonic():
                self._fork(post)

    def _fork(self, post: Post) -> None:
        says, hears = post.open()
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)  # until the child has its own handlers
        try:
            pid = os.fork()
            if pid == 0:
                self._child(Seat(post.number, self._sockets, says, hears, self._patience))
            post.start(pid)
        except OSError as error:
            self._replace(post, f"want of a process ({error.strerror})")
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
            os.close(says)
            os.close(hears)

    def _child(self, seat: Seat) -> NoReturn:
        code = 1
        try:
            self._become_worker()
            seat.take()
            self._work(seat)
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        except AmnesticError as error:
            seat.cannot(str(error))
        except BaseException as error:  # noqa: BLE001 - its words may quote a request
            from amnestic.models.origins import place

            _log.error(
                "worker %d failed: %s: %s", seat.number + 1, type(error).__name__, place(error)
            )
        finally:
            logging.shutdown()  # what `os._exit` would leave out
            os._exit(code)

    def _become_worker(self) -> None:
        """Let go of what is the supervisor's: were a pipe of another worker's held here, that one
        would not see the supervisor's end."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; it's passed on
        signal.signal(signal.SIGTERM, leave)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        for end in self._alarm:
            os.close(end)
        for post in self._posts:
            post.close()

    def _wait(self, until: float | None) -> None:
        """Until a worker says something, a signal comes, or it is time to start one."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._alarm[0], selectors.EVENT_READ)
            for post in self._posts:
                if post.heard is not None:
                    waiting.register(post.heard, selectors.EVENT_READ)
            waiting.select(None if until is None else max(0.0, until - time.monotonic()))
        with suppress(BlockingIOError):
            os.read(self._alarm[0], 4_096)

    def _hear(self, begun: Callable[[], None]) -> None:
        heard = [post.hear() for post in self._posts]
        if not any(heard):
            return
        if not self._served and any(post.serves for post in self._posts):
            self._served = True
            begun()
        self._order()

    def _order(self) -> None:
        """Have those that serve accept for those that do not."""
        order = unmanned([post.number for post in self._posts if not post.serves])
        for post in self._posts:
            post.order(order)

    def _reap(self) -> None:
        for post in self._posts:
            if (status := post.ended()) is not None:
                post.hear()
                self._replace(post, _end(status))

    def _replace(self, post: Post, end: str) -> None:
        pid, why = post.pid, post.why
        post.leave()
        forget_process(pid)
        if why and not self._served:
            raise AmnesticError(why)
        told = f"{end}: {why}" if why else end
        if post.deaths > len(_RESTS):
            raise AmnesticError(
                f"worker {post.number + 1} died {post.deaths} times in a row soon after its start, "
                f"the last time by {told}; see the log above, and whether there is memory for "
                f"{len(self._posts)} --workers"
            )
        note_restart()
        post.due = time.monotonic() + _RESTS[post.deaths - 1]
        _log.warning(
            "worker %d (process %d) died by %s; another takes its place",
            post.number + 1, pid, told,
            extra={"worker": post.number + 1, "worker_pid": pid, "died_by": told},
        )  # fmt: skip
        self._order()

    def _stop(self) -> None:
        """End all workers; by force those that have not finished in time, and all of them when
        told to stop again and by SIGINT."""
        for listening in self._sockets:
            listening.close()
        self._signal(signal.SIGTERM)
        ends = time.monotonic() + self._patience
        while self._alive():  # looked at before each wait: what came earlier ends none
            again = len(self._asked) > 1 and signal.SIGINT in self._asked  # in whatever order
            if again or time.monotonic() >= ends:
                self._signal(signal.SIGKILL)
                ends, self._asked = time.monotonic() + _CLOSING, []
            self._wait(ends)

    def _alive(self) -> bool:
        for post in self._posts:
            post.hear()
            if post.ended() is not None:
                post.leave()
        return any(post.pid for post in self._posts)

    def _signal(self, number: int) -> None:
        for post in self._posts:
            if post.pid:
                os.kill(post.pid, number)


def leave(*signalled: object) -> NoReturn:
    """uvicorn tells on a signal that stopped it; what was opened is closed on the way out."""
    raise SystemExit(0)


@contextmanager
def leaving() -> Iterator[None]:
    """Within the block the program ends at once when it is told to stop, and cleans up behind it:
    for what comes before `Supervisor.run`.

    >>> with leaving():
    ...     signal.getsignal(signal.SIGTERM) is leave
    True
    """
    former = {number: signal.signal(number, leave) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _end(status: int) -> str:
    """How a process ended.

    >>> _end(-9), _end(3)
    ('SIGKILL', 'exit code 3')
    """
    if status >= 0:
        return f"exit code {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
