"""How long tests wait for what must come, on the slowest machine that they shall pass on.

Nothing in the tests is measured by the clock. What is waited for ends the wait when it comes, so
that a long limit costs nothing: it is there to end a test whose subject hangs. The longest wait,
for a process that loads a model and answers, takes 20 seconds on a quiet machine with two cores.
Thirty times as much is enough for a machine that is five times slower and has other work to do.
The limit of a whole test (`timeout` in `pyproject.toml`) stands above several such waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

__all__ = ["PATIENCE", "tries", "until"]

T = TypeVar("T")

LONGEST_WAIT = 20.0
SLOWER = 30
PATIENCE = SLOWER * LONGEST_WAIT
"""Seconds to wait for an answer, a process, a thread or a lock before it counts as hanging."""


def until(found: Callable[[], T], complaint: str) -> T:
    """What `found` gives, once it gives something true; `AssertionError` where it never does.

    >>> until(lambda: "here", "it never came")
    'here'
    """
    for _ in tries(complaint):
        if value := found():
            return value
    raise AssertionError(complaint)


def tries(complaint: str) -> Iterator[int]:
    """Numbers of tries, with a short rest after each; an `AssertionError` where all fail."""
    ends = time.monotonic() + PATIENCE
    number = 0
    while time.monotonic() < ends:
        yield number
        number += 1
        time.sleep(0.01)
    raise AssertionError(complaint)
