"""Running an encoder over texts of unlike length: little padding, and every core at work.

A run on one thread takes as long for each token however many texts it has, but padding costs like
text, and a second thread inside a run mostly waits for the first. So texts of like length share a
run, runs are short, and each has a thread to itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Generic, TypeVar

from amnestic.forks import in_child

__all__ = ["Begun", "like_lengths", "spread"]

RUN_TOKENS = 256
"""The most tokens of a run of several texts, padding included."""

_PADDING = 1.1
_FEW = 8
_MOST_THREADS = 4

Job = TypeVar("Job")
Done = TypeVar("Done")


class Begun(Generic[Done]):
    """Jobs that run side by side while whoever began them does something else; for the same kind of
    work as `spread`. On a machine with one core they run when they are asked for.

    >>> begun = Begun(len, ["one", "three"])
    >>> begun.results()
    [3, 5]
    """

    def __init__(self, work: Callable[[Job], Done], jobs: Sequence[Job]) -> None:
        self._waiting: list[Future[Done]] = []
        self._results: Callable[[], list[Done]]
        if _threads() < 2:
            self._results = lambda: [work(job) for job in jobs]
            return
        self._waiting = [_pool().submit(work, job) for job in jobs]
        self._results = lambda: [one.result() for one in self._waiting]

    def results(self) -> list[Done]:
        """What came of each job, in order. Raises what the first failing one raises."""
        return self._results()

    def drop(self) -> None:
        """Have no job begin that has not begun: nobody will ask for its result."""
        for one in self._waiting:
            one.cancel()


def spread(work: Callable[[Job], Done], jobs: Sequence[Job]) -> list[Done]:
    """What `work` gives for each job, in order; the jobs run side by side. For work that leaves
    the interpreter to others, as a run of a model does. Raises what the first failing job raises.

    >>> spread(len, ["one", "three"])
    [3, 5]
    """
    if len(jobs) < 2 or _threads() < 2:
        return [work(job) for job in jobs]
    return list(_pool().map(work, jobs))


def like_lengths(lengths: Sequence[int]) -> list[list[int]]:
    """Indices of texts in groups of like length, those of the longest texts first.

    >>> like_lengths([9, 60, 10, 31])
    [[1], [3], [0, 2]]
    """
    return list(_groups(lengths))[::-1]


def _groups(lengths: Sequence[int]) -> Iterator[list[int]]:
    group: list[int] = []
    tokens = 0
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        padded = lengths[i] * (len(group) + 1)
        real = tokens + lengths[i]
        wasteful = padded > max(_PADDING * real, real + _FEW)
        if group and (wasteful or padded > RUN_TOKENS):
            yield group
            group, real = [], lengths[i]
        group.append(i)
        tokens = real
    if group:
        yield group


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_threads(), thread_name_prefix="amnestic-encoder")


@cache
def _threads() -> int:
    return min(_MOST_THREADS, os.cpu_count() or 1)


in_child(_pool.cache_clear)
