"""What does not get over a fork: threads, locks that one of them held, connections.

A forked child has one thread and a copy of all else, so that whoever waits for another thread, or
for a lock that one held, waits for ever, and whoever uses a connection shares it with the parent.
What has such things is told, and makes its own in the child.

Python's own locks on modules are among them: a child whose parent's other thread was in the middle
of an import waits for that module without end. So a fork waits until no other thread imports; and
since one may begin in the very moment of the fork, its child forgets what others had begun.
"""

from __future__ import annotations

import _frozen_importlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Protocol, TypeVar
from weakref import WeakSet

__all__ = ["in_child", "renewed"]


class Renewable(Protocol):
    """Something that can begin anew in a forked child."""

    def renew(self) -> None:
        """Let go of what is the parent's, without closing it."""


R = TypeVar("R", bound=Renewable)

_PATIENCE = 20.0  # seconds that a fork waits for the imports of other threads
_PAUSE = 0.002

_renewables: WeakSet[Renewable] = WeakSet()


def in_child(renew: Callable[[], object]) -> None:
    """Have `renew` called in every forked child, before anything else runs there."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=renew)


def renewed(thing: R) -> R:
    """`thing`, whose `renew` is called in every forked child for as long as it is in use."""
    _renewables.add(thing)
    return thing


def _renew_all() -> None:
    for thing in list(_renewables):
        thing.renew()


in_child(_renew_all)


def _let_others_import() -> None:
    """Wait until no other thread is in the middle of an import; what this one imports is not
    waited for."""
    until = time.monotonic() + _PATIENCE
    while threading.active_count() > 1 and time.monotonic() < until:
        if not {*_being_imported()} - {*_imported_here()}:
            return
        time.sleep(_PAUSE)


def _being_imported() -> Iterator[str]:
    for name, module in list(sys.modules.items()):
        if getattr(getattr(module, "__spec__", None), "_initializing", False):
            yield name


def _imported_here() -> Iterator[str]:
    """The modules whose code this thread is running."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "<module>":
            yield frame.f_globals.get("__name__", "")
        frame = frame.f_back


def _import_anew() -> None:
    """Let go of the modules that other threads were in the middle of, with what they had imported
    below them, and of all locks that are not this thread's: whoever needs one imports it anew."""
    begun = tuple({*_being_imported()} - {*_imported_here()})
    below = tuple(f"{name}." for name in begun)
    for name in [n for n in sys.modules if n in begun or n.startswith(below)]:
        del sys.modules[name]
    locks = getattr(_frozen_importlib, "_module_locks", {})
    for name, lock in [(name, told()) for name, told in locks.items()]:
        if getattr(lock, "owner", None) != threading.get_ident():
            locks.pop(name, None)


in_child(_import_anew)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_let_others_import)
