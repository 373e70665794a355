"""What most connectors share."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from filelock import FileLock, Timeout

from amnestic.exceptions import StoreError
from amnestic.sweeping.protocol import Record, Unread

__all__ = ["LOCK", "BaseConnector", "alone_at", "alone_with"]

LOCK = ".amnestic-sweep.lock"
"""What ends the name of a lock."""

_held: set[int] = set()
_turn = threading.Lock()


class BaseConnector:
    """A store without a search, a lock or transactions of its own."""

    address = ""
    can_rewrite = True
    can_delete = True
    at_once = 200
    is_scanned = True
    keeps_ids = True

    def __init__(self) -> None:
        self.undone: set[str] = set()
        self.kept: Record | None = None

    def locked(self) -> AbstractContextManager[object]:
        """Nothing is locked."""
        return nullcontext()

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """No record."""
        yield from ()

    def changing(self) -> AbstractContextManager[object]:
        """No transaction."""
        return nullcontext()

    def rewrite(self, record: Record, new: Record) -> bool:
        """Nothing can be rewritten."""
        return False

    def delete(self, record: Record) -> None:
        """Nothing can be removed."""
        raise NotImplementedError

    def search(self, query: str) -> Iterable[Record] | None:
        """No search."""
        return None

    def settle(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing was opened."""


@contextmanager
def alone_at(place: Path, address: str) -> Iterator[None]:
    """A store that is a file or a folder, for one sweep. The lock stands in the folder, or beside
    the file, as long as the sweep goes on. Raises `StoreError` where another sweep has it."""
    real = place.resolve()
    file = real / LOCK if real.is_dir() else real.with_name(f".{real.name}{LOCK}")
    lock = FileLock(file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise _taken(address) from None
    except OSError as error:
        raise StoreError(f"`{address}` cannot be locked: {error.strerror}") from None
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
        lock.release()


@contextmanager
def alone_with(thing: object, address: str) -> Iterator[None]:
    """A store that is an object of this process, for one sweep. Raises `StoreError` where another
    has it."""
    with _turn:
        if id(thing) in _held:
            raise _taken(address)
        _held.add(id(thing))
    try:
        yield
    finally:
        with _turn:
            _held.discard(id(thing))


def _taken(address: str) -> StoreError:
    return StoreError(f"another sweep has `{address}`: wait for it")
