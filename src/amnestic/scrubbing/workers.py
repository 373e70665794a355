"""Pieces of files through several processes, each with a judge of its own, and back in order."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import groupby
from types import TracebackType
from typing import Self

from amnestic.exceptions import AmnesticError
from amnestic.scrubbing.formats import Format, Output, Piece
from amnestic.scrubbing.judging import Judge
from amnestic.scrubbing.snapshot import Snapshot

__all__ = ["DIED", "Batch", "Done", "Failure", "Job", "Workers", "batches_of", "work_on"]

DIED = "the process that read it died: it may need more memory"
"""Why a piece fails that no process survives."""

_PIECES, _BYTES = 64, 256 * 1024
_WAITING = 3  # batches for each process, of which one is worked on


@dataclass(frozen=True, slots=True)
class Job:
    """A piece that waits for its judge; `file` is a number of the caller's."""

    file: int
    format: Format
    piece: Piece


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a piece could not be judged, in words that hold none of it."""

    reason: str


Batch = list[Job]
Done = list[Output | Failure]


class Workers:
    """Processes that judge by one snapshot. A process that dies is replaced, and what it held is
    judged again in smaller parts, until the piece is found that no process survives: that one
    fails. Use it as a context manager.

    Args:
        snapshot: the targets.
        count: how many processes.
        only_find: whether it is enough to find, so that nothing is cut.
    """

    def __init__(self, snapshot: Snapshot, count: int, *, only_find: bool = False) -> None:
        self._snapshot = snapshot
        self._count = count
        self._only_find = only_find
        self._pool = self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def results(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Output | Failure]]:
        """What became of each job, in the order of the jobs, which are read as they are needed."""
        waiting: deque[tuple[Batch, Future[Done]]] = deque()
        for batch in batches_of(jobs):
            waiting.append((batch, self._submit(batch)))
            if len(waiting) >= _WAITING * self._count:
                yield from self._next(waiting)
        while waiting:
            yield from self._next(waiting)

    def pids(self) -> list[int]:
        """The processes, for whoever measures them; none before there was work."""
        return list(self._pool._processes)

    def _next(
        self, waiting: deque[tuple[Batch, Future[Done]]]
    ) -> Iterator[tuple[Job, Output | Failure]]:
        batch, future = waiting.popleft()
        try:
            done = future.result()
        except BrokenProcessPool:
            self._begin_again()
            done = self._carefully(batch)
            waiting.extend(
                [(b, self._submit(b)) for b, _ in (waiting.popleft() for _ in range(len(waiting)))]
            )
        yield from zip(batch, done, strict=True)

    def _carefully(self, batch: Batch) -> Done:
        """A batch in which something may kill a process."""
        try:
            return self._submit(batch).result()
        except BrokenProcessPool:
            self._begin_again()
        if len(batch) == 1:
            return [Failure(DIED)]
        middle = len(batch) // 2
        return self._carefully(batch[:middle]) + self._carefully(batch[middle:])

    def _submit(self, batch: Batch) -> Future[Done]:
        told = [(job.format, job.piece) for job in batch]
        try:
            return self._pool.submit(_work, told)
        except BrokenProcessPool:
            self._begin_again()
            return self._pool.submit(_work, told)

    def _begin(self) -> ProcessPoolExecutor:
        # Spawned, since a fork takes along the locks and connections of the layer's threads.
        return ProcessPoolExecutor(
            self._count,
            multiprocessing.get_context("spawn"),
            _start,
            (self._snapshot, self._only_find),
        )

    def _begin_again(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._begin()


def batches_of(jobs: Iterable[Job]) -> Iterator[Batch]:
    """Jobs in batches of so many pieces or bytes that a call costs little beside its work."""
    batch: Batch = []
    size = 0
    for job in jobs:
        batch.append(job)
        size += len(job.piece.raw)
        if len(batch) >= _PIECES or size >= _BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


# ── In the process of a worker ───────────────────────────────────────────────────────────────────

_judges: list[Judge] = []


def _start(snapshot: Snapshot, only_find: bool) -> None:
    _judges[:] = [snapshot.judge(only_find=only_find)]


def _work(told: Sequence[tuple[Format, Piece]]) -> Done:
    return work_on(told, _judges[0])


def work_on(told: Sequence[tuple[Format, Piece]], judge: Judge) -> Done:
    """What may stay of pieces of one format or several; a piece that fails fails alone."""
    done: Done = []
    for form, group in groupby(told, key=lambda pair: pair[0]):
        pieces = [piece for _, piece in group]
        many = _tried(form, pieces, judge)
        done += [_tried(form, [p], judge)[0] for p in pieces] if _failed(many) else many
    return done


def _failed(done: Done) -> bool:
    return len(done) > 1 and isinstance(done[0], Failure)


def _tried(form: Format, pieces: Sequence[Piece], judge: Judge) -> Done:
    try:
        return list(form.cleaned(pieces, judge))
    except AmnesticError as error:
        return [Failure(str(error))] * len(pieces)
    except Exception as error:  # noqa: BLE001 - fails closed: what could not be judged is not written
        return [Failure(f"could not be judged ({type(error).__name__})")] * len(pieces)
