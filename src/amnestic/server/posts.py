"""A supervisor's side of one worker: its process, what it said, and how often it died."""

from __future__ import annotations

import os
import time
from contextlib import suppress

from amnestic.server.seats import CANNOT, SERVES

__all__ = ["Post"]

_YOUNG = 10.0  # seconds that a worker must have served for its death to be no failed start


class Post:
    """The post of a worker, on which one follows another.

    Args:
        number: which of the posts it is, from 0.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.pid = 0
        """Its process; 0 where there is none."""
        self.heard: int | None = None
        """The pipe to hear it by."""
        self.serves = False
        """Whether it accepts connections."""
        self.why = ""
        """Why it could not serve, in its own words."""
        self.deaths = 0
        """How many died here in a row, all but the first of them soon after their start."""
        self.due = 0.0
        """When one is to be started."""
        self._orders: int | None = None
        self._since: float | None = None  # when it began to serve

    def open(self) -> tuple[int, int]:
        """Lay the pipes for a new worker; its ends of them."""
        self.heard, says = os.pipe()
        hears, self._orders = os.pipe()
        os.set_blocking(self.heard, False)
        os.set_blocking(self._orders, False)
        return says, hears

    def start(self, pid: int) -> None:
        """A worker was started."""
        self.pid, self.why, self.serves, self._since = pid, "", False, None

    def hear(self) -> bool:
        """Take in what the worker said; whether it said anything."""
        if self.heard is None:
            return False
        try:
            said = os.read(self.heard, 65_536)
        except BlockingIOError:
            return False
        if not said:  # it has ended, or nearly
            os.close(self.heard)
            self.heard = None
        signs, broken, why = said.partition(CANNOT)
        for sign in signs:
            self.serves = sign == SERVES[0]
            self._since = time.monotonic() if self.serves else self._since
        self.why = why.decode(errors="replace") if broken else self.why
        return True

    def order(self, order: bytes) -> None:
        """Tell the worker something, unless it is gone or has not listened for very long."""
        if self._orders is not None:
            with suppress(BlockingIOError, BrokenPipeError):
                os.write(self._orders, order)

    def ended(self) -> int | None:
        """How the worker ended: an exit code, or a signal below 0; `None` where it lives."""
        if not self.pid:
            return None
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None

    def leave(self) -> None:
        """The worker is dead."""
        grown = self._since is not None and time.monotonic() - self._since >= _YOUNG
        self.deaths = 1 if grown else self.deaths + 1
        self.pid, self.serves = 0, False
        self.close()

    def close(self) -> None:
        """Close this side's ends of the pipes."""
        for end in (self.heard, self._orders):
            if end is not None:
                os.close(end)
        self.heard = self._orders = None
