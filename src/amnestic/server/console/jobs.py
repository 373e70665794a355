"""Work that takes longer than a page: done in the background, looked at from any worker."""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from amnestic.exceptions import AmnesticError, ClosedError
from amnestic.server.console.place import Place
from amnestic.server.errors import ServerError, note_failure

__all__ = ["DONE", "FAILED", "RUNNING", "Job", "Jobs", "Progress"]

RUNNING, DONE, FAILED = "running", "done", "failed"
_AT_ONCE = 2
_STEPS = 200
_ID = re.compile(r"[0-9a-f]{32}")

Progress = Callable[[int, int], None]
"""Is told how much of a work is done, of how much."""


@dataclass(slots=True)
class Job:
    """A work: whose it is, what it is about, how far it has come, what came of it."""

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
    """The works of a server, each a file in the folder that its workers share."""

    def __init__(self, place: Place) -> None:
        self._place = place
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
        """The work with an id; `None` where this server has none."""
        if not _ID.fullmatch(job_id):
            return None
        try:
            told = json.loads(self._file(job_id).read_bytes())
        except OSError:
            return None
        return Job(**told)

    def close(self) -> None:
        """Have all that is running end at its next step."""
        self._closing.set()

    def _run(self, job: Job, work: Callable[[Progress], dict[str, Any]]) -> None:
        def progress(done: int, of: int) -> None:
            if self._closing.is_set():
                raise ClosedError("the server stopped before this had ended; do it again")
            step = max(1, of // _STEPS)
            if done // step != job.done // step or of != job.of:
                job.done, job.of = done, of
                self._keep(job)

        try:
            job.result = work(progress)
            job.state = DONE
        except AmnesticError as error:
            job.state, job.error = FAILED, str(error)
        except Exception as error:  # noqa: BLE001 - a thread's traceback would show texts
            note_failure(error)
            job.state, job.error = FAILED, "it failed in an unforeseen way; see the server's log"
        finally:
            try:
                with suppress(FileNotFoundError):  # the server has stopped: its folder is gone
                    self._keep(job)
            finally:
                self._free.release()

    def _keep(self, job: Job) -> None:
        file = self._file(job.id)
        fresh = file.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(asdict(job), out)
        fresh.replace(file)

    def _file(self, job_id: str) -> Path:
        return self._place.path / f"job-{job_id}.json"
