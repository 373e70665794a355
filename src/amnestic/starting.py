"""What a start shall not wait for."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import Generic, TypeVar

from amnestic.forks import in_child

__all__ = ["Ahead", "loading", "uncollected"]

T = TypeVar("T")

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


class Ahead(Generic[T]):
    """Something that is slow to make and made by a thread, before it is asked for, while this one
    does what it does not need. Lives as long as the process.

    >>> encoder = Ahead(lambda: "loaded")
    >>> encoder.begin()
    >>> encoder.take(), encoder.take()
    ('loaded', 'loaded')
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._begun = False
        self._made: Future[T] | None = None
        in_child(self._renew)  # which has no such thread

    def begin(self) -> None:
        """Have it made by a thread, the first time that this is called in a process."""
        with self._lock:
            if self._begun:
                return
            self._begun, made = True, Future[T]()
            # No daemon: a process that ends waits for it, and no library is left in the middle.
            thread = threading.Thread(target=self._run, args=(made,), name="amnestic-ahead")
            with suppress(RuntimeError):  # no thread can be had: who asks makes it
                thread.start()
                self._made = made

    def take(self) -> T:
        """What the thread makes, to whoever asks first, once it is there; a new one to all others.
        Raises what making it raises."""
        with self._lock:
            made, self._made = self._made, None
        return self._make() if made is None else made.result()

    def drop(self) -> None:
        """Wait for the thread, where nobody has taken what it makes, and let that go: it is made
        anew when it is next asked for."""
        with self._lock:
            made, self._made, self._begun = self._made, None, False
        if made is not None:
            made.exception()

    def _run(self, made: Future[T]) -> None:
        try:
            made.set_result(self._make())
        except BaseException as error:  # noqa: BLE001 - raised where it is taken
            made.set_exception(error)

    def _renew(self) -> None:
        self._lock = threading.Lock()
        self._begun, self._made = False, None
