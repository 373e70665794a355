"""What does not get over a fork: threads, locks that one of them held, connections.

A forked child has one thread and a copy of all else, so that whoever waits for another thread, or
for a lock that one held, waits for ever, and whoever uses a connection shares it with the parent.
What has such things is told, and makes its own in the child.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Protocol, TypeVar
from weakref import WeakSet

__all__ = ["in_child", "renewed"]


class Renewable(Protocol):
    """Something that can begin anew in a forked child."""

    def renew(self) -> None:
        """Let go of what is the parent's, without closing it."""


R = TypeVar("R", bound=Renewable)

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
