"""No open connection gets over a fork: they are closed before it, and both sides open their own.

A connection to SQLite that a child inherits holds no locks in the child, though SQLite there
believes that it does: what the child writes can be lost, and the file damaged. One to a server is
shared, so that either side reads the other's answers.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any
from weakref import WeakSet

from sqlalchemy import Engine, event
from sqlalchemy.pool import QueuePool

__all__ = ["closed_for_forks"]

_PATIENCE = 1.0  # seconds that a fork waits for what other threads are reading and writing
_PAUSE = 0.001

_engines: WeakSet[Engine] = WeakSet()
_gate = threading.Lock()
"""Held from before a fork until after it: nobody connects meanwhile."""

_waiting = [0]  # threads at the gate; they count as connected in SQLAlchemy's books


def closed_for_forks(engine: Engine) -> Engine:
    """`engine`, without a connection at the moment when the process is forked."""
    event.listen(engine, "do_connect", _pass_the_gate)
    _engines.add(engine)
    return engine


def _pass_the_gate(*_: Any) -> None:
    if _gate.acquire(blocking=False):
        _gate.release()
        return
    _waiting[0] += 1
    try:
        _gate.acquire()
        _gate.release()
    finally:
        _waiting[0] -= 1


def _close_all() -> None:
    _gate.acquire()
    until = time.monotonic() + _PATIENCE
    while _in_use() > _waiting[0] and time.monotonic() < until:
        time.sleep(_PAUSE)
    for engine in list(_engines):
        engine.dispose()


def _in_use() -> int:
    pools = (engine.pool for engine in list(_engines))
    return sum(pool.checkedout() for pool in pools if isinstance(pool, QueuePool))


def _open_again() -> None:
    _gate.release()


def _renew() -> None:
    """The other threads, and whatever they waited for, are the parent's."""
    global _gate
    _gate = threading.Lock()
    _waiting[0] = 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_close_all, after_in_parent=_open_again, after_in_child=_renew)
