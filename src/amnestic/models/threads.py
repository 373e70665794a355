"""How many threads a local model works with."""

from __future__ import annotations

import os

__all__ = ["default_threads"]

_MOST = 8  # beyond, small models wait for each other longer than they work


def default_threads() -> int:
    """Threads for a model that runs in this process: one core fewer than it may use, 8 at most.

    The layer reads an answer while the model writes it, and the threads of an engine wait for each
    other at every layer of the model: one that has no core to itself holds up all of them.

    >>> 1 <= default_threads() <= 8
    True
    """
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    return max(1, min(cores - 1, _MOST))
