"""Running an encoder over texts of unlike length: little padding, and every core at work.

A run on one thread takes as long for each token however many texts it has, but padding costs like
text, and a second thread inside a run mostly waits for the first. So texts of like length share a
run, runs are short, and each has a thread to itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from amnestic.forks import in_child

__all__ = ["like_lengths", "spread"]

RUN_TOKENS = 256
"""The most tokens of a run of several texts, padding included."""

_PADDING = 1.1
_FEW = 8
_MOST_THREADS = 4

Job = TypeVar("Job")
Done = TypeVar("Done")


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
