"""Work that takes longer than a page: done in the background, looked at from any replica."""

from __future__ import annotations

import json
import re
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from amnestic.exceptions import AmnesticError, ClosedError, RegistryError
from amnestic.server.errors import ServerError, note_failure
from amnestic.tools.registry import decrypted, derived, encrypted

if TYPE_CHECKING:
    from amnestic.tools.registry import Board

__all__ = ["DONE", "FAILED", "RUNNING", "Job", "Jobs", "Progress"]

RUNNING, DONE, FAILED = "running", "done", "failed"
_AT_ONCE = 2
_KEPT = 86_400.0  # seconds for which what came of a work can be looked at
_LOOKS = 1.0  # seconds between two looks at whether a work has come further
_BEATS = 10  # looks after which a work is told of in any case
_LOST = 60.0  # seconds without that after which whoever did it is taken for dead
_LAST = 60.0  # seconds for which it is tried to tell what came of a work
_NOTE = "console work"
_FILE, _ANY = "import", "*"  # a file may tell of any target
_ID = re.compile(r"[0-9a-f]{32}")

Progress = Callable[[int, int], None]
"""Is told how much of a work is done, of how much."""


@dataclass(slots=True)
class Job:
    """A work: whose it is, what it is about, how far it has come, what came of it. What it puts in
    `result` meanwhile stays there where it fails, and is a new mapping each time: another thread
    tells of it."""

    id: str
    kind: str
    owner: str
    space: str
    about: str = ""
    state: str = RUNNING
    done: int = 0
    of: int = 0
    error: str = ""
    result: dict[str, Any] = field(default_factory=dict)


class Jobs:
    """The works of a server, which all of its processes and replicas are told of. What is told is
    hidden from whoever has not the console's secret.

    Args:
        board: where they are told of.
        secret: the console's.
    """

    def __init__(self, board: Board, secret: bytes) -> None:
        self._board = board
        self._key = derived(secret, "console notes", "the console")
        self._free = threading.Semaphore(_AT_ONCE)
        self._closing = threading.Event()

    def start(self, job: Job, work: Callable[[Progress], dict[str, Any]]) -> Job:
        """Begin a work in a thread of its own; what it gives is what came of it. Raises
        `ServerError` (429) where others must end first."""
        if not self._free.acquire(blocking=False):
            raise ServerError(429, "other work is running: wait until it has ended")
        try:
            self._keep(job)
            threading.Thread(target=self._run, args=(job, work), daemon=True).start()
        except BaseException:  # raised again: it has not begun
            self._free.release()
            raise
        return job

    def new(self, kind: str, owner: str, space: str, about: str = "") -> Job:
        """A work that has not begun."""
        return Job(secrets.token_hex(16), kind, owner, space, about)

    def get(self, job_id: str) -> Job | None:
        """The work with an id; `None` where there is none, or not any more."""
        if not _ID.fullmatch(job_id) or (note := self._board.get(_NOTE, job_id)) is None:
            return None
        try:
            told = decrypted(self._key, note.told, job_id)
        except ValueError:  # of another secret
            return None
        job = Job(**json.loads(told))
        if job.state == RUNNING and note.age > _LOST:
            job.state, job.error = FAILED, "the server that did this has stopped; do it again"
            job.result = {name: told for name, told in job.result.items() if told}  # or some since
        return job

    def close(self) -> None:
        """Have all that is running end at its next step."""
        self._closing.set()

    def _run(self, job: Job, work: Callable[[Progress], dict[str, Any]]) -> None:
        def progress(done: int, of: int) -> None:
            if self._closing.is_set():
                raise ClosedError("the server stopped before this had ended; do it again")
            job.done, job.of = done, of

        ended = threading.Event()
        telling = threading.Thread(target=self._tell, args=(job, ended), daemon=True)
        telling.start()
        try:
            job.result = work(progress)
            state, error = DONE, ""
        except AmnesticError as failure:
            state, error = FAILED, str(failure)
        except Exception as failure:  # noqa: BLE001 - a thread's traceback would show texts
            note_failure(failure)
            state, error = FAILED, "it failed in an unforeseen way; see the server's log"
        try:
            ended.set()
            telling.join()
            job.state, job.error = state, error
            self._end(job)
        finally:
            self._free.release()

    def _tell(self, job: Job, ended: threading.Event) -> None:
        """Tell how far a work has come, until it has ended."""
        last, looks = (job.done, job.of), 0
        while not ended.wait(_LOOKS):
            looks += 1
            if (job.done, job.of) != last or looks >= _BEATS:
                last, looks = (job.done, job.of), 0
                with suppress(RegistryError):  # it is told again
                    self._keep(job)

    def _end(self, job: Job) -> None:
        """Tell what came of a work, also where the registry is away for a while."""
        until = time.monotonic() + _LAST
        while True:
            try:
                self._keep(job)
            except RegistryError as error:
                if self._closing.is_set() or time.monotonic() > until:
                    note_failure(error)
                    return
                self._closing.wait(_LOOKS)
            else:
                return

    def _keep(self, job: Job) -> None:
        told = encrypted(self._key, json.dumps(asdict(job)).encode(), job.id)
        about = _ANY if job.kind == _FILE else job.about
        self._board.put(_NOTE, job.id, told, lasting=_KEPT, about=about)
