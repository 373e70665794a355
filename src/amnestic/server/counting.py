"""Counters that several processes share, so that whichever is asked tells of all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["are_shared", "forget_process", "shared_counters"]

_PLACE = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus_client when it is imported


@contextmanager
def shared_counters() -> Iterator[None]:
    """Within the block, the counters of several processes are kept in files of their own and told
    together. A place that the environment names is used; else one is made and removed."""
    if are_shared():
        yield
        return
    with tempfile.TemporaryDirectory(prefix="amnestic-metrics-") as place:
        os.environ[_PLACE] = place
        try:
            yield
        finally:
            del os.environ[_PLACE]


def are_shared() -> bool:
    """Whether counters are shared between processes.

    >>> with shared_counters():
    ...     are_shared()
    True
    """
    return _PLACE in os.environ


def forget_process(pid: int) -> None:
    """A process is dead: what it was doing counts no more, and what it has done still does."""
    if are_shared():
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)  # type: ignore[no-untyped-call]
