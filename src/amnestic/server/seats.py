"""A worker's side of its supervisor: what it says, and what it hears."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

__all__ = ["CANNOT", "LEAVES", "SERVES", "Seat", "unmanned"]

SERVES, LEAVES, CANNOT = b"+", b"-", b"!"
"""What a worker says: that it serves, that it accepts nothing any more, and, with a reason behind
it, that it cannot serve."""

_ORDER = 8  # bytes: a bit for each of the sockets, of which there are 64 at most

Heard = Callable[[frozenset[int]], None]


@dataclass(slots=True)
class Seat:
    """The place of one worker among those of a server.

    Args:
        number: its place, from 0; the socket with this number is its own.
        sockets: those of all workers.
        says: the pipe to the supervisor.
        hears: the pipe from it, which ends when it does.
        patience: seconds that this worker has to finish once the supervisor is gone.
    """

    number: int
    sockets: Sequence[socket.socket]
    says: int
    hears: int
    patience: float
    _heard: Heard | None = field(default=None, init=False)

    @property
    def own(self) -> socket.socket:
        """The socket that nobody else accepts on while this worker does."""
        return self.sockets[self.number]

    def take(self) -> None:
        """Begin to hear the supervisor, and stop when it is gone, however it went."""
        threading.Thread(target=self._hear, daemon=True, name="amnestic-supervisor").start()

    def serve(self, heard: Heard) -> None:
        """Say that this worker serves. `heard` is called from another thread, now and at every
        change, with the numbers of the sockets on which no worker of their own accepts."""
        self._heard = heard
        self._tell(SERVES)

    def leave(self) -> None:
        """Say that this worker accepts nothing any more."""
        self._tell(LEAVES)

    def cannot(self, why: str) -> None:
        """Say why this worker cannot serve."""
        self._tell(CANNOT + why.encode())

    def _tell(self, what: bytes) -> None:
        with suppress(BrokenPipeError):  # nobody is there to be told
            os.write(self.says, what)

    def _hear(self) -> None:
        while order := os.read(self.hears, _ORDER):
            if self._heard is not None:
                mask = int.from_bytes(order)
                self._heard(frozenset(n for n in range(len(self.sockets)) if mask >> n & 1))
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(self.patience)
        os.kill(os.getpid(), signal.SIGKILL)


def unmanned(numbers: Sequence[int]) -> bytes:
    """An order: the sockets on which whoever serves shall accept, too.

    >>> unmanned([0, 2])
    b'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x05'
    """
    return sum(1 << number for number in numbers).to_bytes(_ORDER)
