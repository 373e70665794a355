"""The cores that this process may use, and how many of them are at work on a local model.

The layer reads an answer while a local model still writes it. The threads of an engine wait for
each other at every layer of the model: what takes a core from one of them holds up all of them, so
whoever would spread work over the cores asks first how many are free.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from amnestic.forks import in_child

__all__ = ["free_cores", "taking_cores", "usable_cores"]


class _Taken:
    """Who is at work that must not be held up, on how many cores, how often at once."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """In a forked child: what was at work in the parent is not at work here."""
        self.lock = threading.Lock()
        self.works: Counter[tuple[Hashable, int]] = Counter()

    def add(self, work: tuple[Hashable, int], times: int) -> None:
        with self.lock:
            self.works[work] += times
            if not self.works[work]:
                del self.works[work]

    def cores(self) -> int:
        with self.lock:
            return sum(cores for _, cores in self.works)


_taken = _Taken()


def usable_cores() -> int:
    """The cores that this process may run on, 1 at least.

    >>> usable_cores() >= 1
    True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def free_cores() -> int:
    """The cores that nothing has taken (`taking_cores`), 1 at least.

    >>> with taking_cores(usable_cores(), by="an engine"):
    ...     free_cores()
    1
    """
    return max(1, usable_cores() - _taken.cores())


@contextmanager
def taking_cores(cores: int, by: Hashable) -> Iterator[None]:
    """Within this, `cores` of them are not free to others; the same cores, where `by` (which
    works on one thing after the other) has them already."""
    _taken.add((by, cores), 1)
    try:
        yield
    finally:
        _taken.add((by, cores), -1)


in_child(_taken.renew)
