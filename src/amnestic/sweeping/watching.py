"""A connector whose failures are told from those of the sweep itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from amnestic.exceptions import AmnesticError
from amnestic.sweeping.protocol import Connector, Record, Unread

__all__ = ["StoreFailed", "Watched"]


class StoreFailed(Exception):
    """A store's library raised something; the message is its kind and none of its words, in which
    there may be a record or a password."""


class Watched:
    """Passes calls on to a connector, and raises `StoreFailed` where its library fails.

    Args:
        connector: the connector.
    """

    def __init__(self, connector: Connector) -> None:
        self._inner = connector

    def records(self, queries: Iterable[str]) -> Iterator[Record | Unread]:
        """Every record."""
        waiting: Iterator[Record | Unread] | None = None
        while True:
            with _watching():
                waiting = iter(self._inner.records(queries)) if waiting is None else waiting
                try:
                    told = next(waiting)
                except StopIteration:
                    return
            yield told

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A transaction."""
        with _watching(), self._inner.changing():
            yield

    def rewrite(self, record: Record, new: Record) -> bool:
        """Rewrite a record."""
        with _watching():
            return self._inner.rewrite(record, new)

    def delete(self, record: Record) -> None:
        """Delete a record."""
        with _watching():
            self._inner.delete(record)

    def search(self, query: str) -> list[Record] | None:
        """What the store's search finds."""
        with _watching():
            found = self._inner.search(query)
            return None if found is None else list(found)

    def settle(self) -> None:
        """Have what was removed gone from the disk."""
        with _watching():
            self._inner.settle()


@contextmanager
def _watching() -> Iterator[None]:
    try:
        yield
    except (AmnesticError, StoreFailed):
        raise
    except Exception as error:  # noqa: BLE001 - a library raises anything, and tells what it read
        raise StoreFailed(type(error).__name__) from None
