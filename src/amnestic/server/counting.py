"""Counters that several processes share, so that whichever is asked tells of all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter

__all__ = ["are_shared", "forget_process", "note_restart", "restarts_in", "shared_counters"]

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


def note_restart() -> None:
    """A worker that died is replaced: told by the process that replaces it, which serves nothing
    itself."""
    if are_shared():
        _restarts().inc()


@cache
def _restarts() -> Counter:
    from prometheus_client import CollectorRegistry

    return restarts_in(CollectorRegistry())


def restarts_in(registry: CollectorRegistry) -> Counter:
    """The counter of replaced workers; of a server that is one process it stays at 0."""
    from prometheus_client import Counter

    return Counter(
        "amnestic_worker_restarts", "Workers that died and were replaced.", registry=registry
    )


def forget_process(pid: int) -> None:
    """A process is dead: what it was doing counts no more, and what it has done still does."""
    if are_shared():
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)  # type: ignore[no-untyped-call]
