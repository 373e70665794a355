"""The log's way out of a process that does not wait for whoever reads it."""

from __future__ import annotations

import io
import logging
import os
import select
import time
from collections import deque
from contextlib import suppress
from threading import Condition, Thread
from typing import Final, TextIO

from amnestic.forks import renewed

__all__ = ["Spool"]

_AT_ONCE: Final = 4_096  # bytes: what a pipe takes as one, so that processes can share it
_GATHERING: Final = 0.02  # seconds in which lines come together before they are written
_LINGERING: Final = 1.0  # seconds after which a writer that has nothing to write ends
_CLOSED: Final = -1
_LOST: Final = "%d lines of the log were lost, which came faster than they were read"


class Spool(logging.Handler):
    """Keeps the lines of a log until a thread of its own has written them, so that who logs never
    waits: a pipe that nobody empties, or a disk that hangs, would stop an event loop for good.

    Args:
        stream: where lines go; one with a file descriptor may be closed afterwards.
        most: how many lines are kept. Of more the oldest are lost, which a line tells later.
        patience: seconds that `flush`, and with it the end of the process, waits for a reader.

    >>> shown = io.StringIO()
    >>> spool = Spool(shown)
    >>> _ = spool.handle(logging.makeLogRecord({"msg": "ready"}))
    >>> spool.flush()
    >>> shown.getvalue()
    'ready\\n'
    """

    def __init__(self, stream: TextIO, most: int = 10_000, patience: float = 2.0) -> None:
        super().__init__()
        self._stream = stream
        self._descriptor = _own_descriptor(stream)
        self._most = most
        self._patience = patience
        self.renew()
        renewed(self)

    def renew(self) -> None:
        """In a forked child: what is not written yet is the parent's to write."""
        self._changed = Condition()
        self._lines = deque[str]()
        self._lost = 0
        self._writing = False
        self._writer: Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line of a record, to be written soon."""
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 - as in every handler: a bad record fails no request
            self.handleError(record)
            return
        with self._changed:
            self._lines.append(line)
            if len(self._lines) > self._most:
                self._lines.popleft()
                self._lost += 1
            if self._writer is None:
                self._start()
            elif len(self._lines) == 1:
                self._changed.notify_all()

    def flush(self) -> None:
        """Wait until all is written, or until it has not been read for too long."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._lines or self._writing), self._patience)

    def close(self) -> None:
        """Write what can be written, and let go of the stream."""
        self.flush()
        with self._changed:
            if self._descriptor is not None and not self._writing:  # else it is being written to
                os.close(self._descriptor)
                self._descriptor = _CLOSED
        super().close()

    def _start(self) -> None:
        writer = Thread(target=self._write, name="amnestic-log", daemon=True)
        with suppress(RuntimeError):  # the interpreter is ending
            writer.start()
            self._writer = writer

    def _write(self) -> None:
        while self._is_asked():
            time.sleep(_GATHERING)
            while lines := self._taken():
                written = self._put("".join(f"{line}\n" for line in lines))
                with self._changed:
                    self._lost += 0 if written else len(lines)
                    self._writing = False
                    self._changed.notify_all()

    def _is_asked(self) -> bool:
        with self._changed:
            if self._changed.wait_for(lambda: self._lines, _LINGERING):
                return True
            self._writer = None
            return False

    def _taken(self) -> list[str]:
        """The next lines to write, at least one where there is any."""
        with self._changed:
            taken = list[str]()
            if self._lines and self._lost:
                told = {"msg": _LOST, "args": (self._lost,), "levelno": logging.WARNING}
                taken.append(self.format(logging.makeLogRecord(told | {"levelname": "WARNING"})))
                self._lost = 0
            size = sum(map(len, taken))
            while self._lines and (not taken or size + len(self._lines[0]) < _AT_ONCE):
                size += len(self._lines[0]) + 1
                taken.append(self._lines.popleft())
            self._writing = bool(taken)
            return taken

    def _put(self, text: str) -> bool:
        """Write to the end, however long that takes; whether it could be written."""
        try:
            if self._descriptor is None:
                self._stream.write(text)
                self._stream.flush()
            else:
                encoding = getattr(self._stream, "encoding", None) or "utf-8"
                _write_all(self._descriptor, text.encode(encoding, "backslashreplace"))
        except (OSError, ValueError):  # nobody is there to read, the disk is full, it is closed
            return False
        return True


def _own_descriptor(stream: TextIO) -> int | None:
    """A descriptor of what a stream writes to. A stream's own lock, held by a thread that writes,
    would hold up whoever writes there too, and the end of the process."""
    try:
        stream.flush()
        return os.dup(stream.fileno())
    except (AttributeError, io.UnsupportedOperation):
        return None


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:  # another process has made it one that does not block
            waiting = select.poll()
            waiting.register(descriptor, select.POLLOUT)
            waiting.poll()
