"""What a start shall not wait for."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["loading", "uncollected"]

_YOUNG = 1  # the middle one of the collector's three generations
_COMMAND_OF_HTTPX = "httpx._main"


@contextmanager
def uncollected() -> Iterator[None]:
    """Within the block the garbage collector makes no rounds: a start makes hundreds of thousands
    of objects that stay, and walking over them again and again is a fifth of its time. Afterwards
    they are old without a round over them, and in the order in which they were made: a client is
    finalised before its sockets. What was old before is put aside until then, so that it comes
    first; where an application has put things aside itself, a round makes the new ones old.

    >>> with uncollected():
    ...     gc.isenabled()
    False
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    aside = not gc.get_freeze_count()  # what an application has frozen stays so
    if aside:
        gc.collect(_YOUNG)
        gc.freeze()
    try:
        yield
    finally:
        if aside:
            gc.freeze()
            gc.unfreeze()  # into the oldest generation
        else:
            gc.collect(_YOUNG)
        gc.enable()


@contextmanager
def loading() -> Iterator[None]:
    """`uncollected`, for large imports; within the block httpx comes without its command. That
    would bring a terminal's colours along, a twentieth of a start, and httpx can do without: it
    asks for the package of the command and goes on where there is none.

    >>> with loading():
    ...     import httpx
    >>> callable(httpx.main)
    True
    """
    if _COMMAND_OF_HTTPX in sys.modules:
        with uncollected():
            yield
        return
    sys.modules[_COMMAND_OF_HTTPX] = None  # type: ignore[assignment]  # Python's own way to say so
    try:
        with uncollected():
            yield
    finally:
        sys.modules.pop(_COMMAND_OF_HTTPX, None)
