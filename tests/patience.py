"""How long tests wait for what must come, on the slowest machine that they shall pass on.

Nothing in the tests is measured by the clock. What is waited for ends the wait when it comes, so
that a long limit costs nothing; a limit is there to end a test whose subject hangs. What takes
longest on a quiet machine with two cores, the start of a process that loads a model, takes 15
seconds there. Ten times as much leaves room for a machine that is five times slower, or as busy.
The limit of a whole test (`timeout` in `pyproject.toml`) stands above several such waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

__all__ = ["PATIENCE", "tries", "until"]

SLOWEST_START = 15.0
SLOWER = 10
PATIENCE = SLOWER * SLOWEST_START
"""Seconds to wait for an answer, a process, a thread or a lock before it counts as hanging."""


def until(holds: Callable[[], object], pause: float = 0.01) -> None:
    """Wait until `holds()` is true.

    >>> until(lambda: True)
    """
    for _ in tries(pause):
        if holds():
            return


def tries(pause: float = 0.01) -> Iterator[int]:
    """Numbers of tries with a pause after each, until patience ends with an `AssertionError`."""
    ends = time.monotonic() + PATIENCE
    number = 0
    while time.monotonic() < ends:
        yield number
        number += 1
        time.sleep(pause)
    raise AssertionError(f"waited {PATIENCE:.0f} seconds in vain")
