"""How many threads a local model works with."""

from __future__ import annotations

from amnestic.cores import usable_cores

__all__ = ["default_threads"]

_MOST = 8  # beyond, small models wait for each other longer than they work


def default_threads() -> int:
    """Threads for a model that runs in this process: one core fewer than it may use, 8 at most.

    The layer reads an answer while the model writes it, and the threads of an engine wait for each
    other at every layer of the model: one that has no core to itself holds up all of them.

    >>> 1 <= default_threads() <= 8
    True
    """
    return max(1, min(usable_cores() - 1, _MOST))
