"""What a sweep asks of a store: its records, to rewrite one, to delete one, and to search it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

__all__ = ["Connector", "Embed", "Record", "Unread"]


@runtime_checkable
class Embed(Protocol):
    """What makes a vector of a text, as LangChain's embeddings do."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A vector for each text."""
        ...

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        ...


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a store.

    Attributes:
        id: what the store calls it; it is read as well.
        text: what it says: a string, or a tree of mappings, lists, strings and numbers.
        metadata: what stands beside that.
        key: what the connector knows it by, where that is more than its id.
    """

    id: str
    text: Any
    metadata: Mapping[Any, Any] = field(default_factory=dict)
    key: Any = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A record that cannot be read, and why, in words that hold nothing of it."""

    id: str
    reason: str


class Connector(Protocol):
    """One store. What it raises is the store's own, and ends the sweep; what was done before
    stands.

    Attributes:
        address: what names the store in reports and in the trail; no password stands in it.
        can_rewrite: whether a record may be changed; else it is removed.
        can_delete: whether a record may be removed alone; else it is rewritten.
        at_once: records that are changed in one transaction; 0 for all of them.
        keeps_ids: whether an id goes on meaning one record; a number of a line or a row, which
            another one may have later, does not.
        undone: the ids of records that the last transaction could not change.
        kept: a record that stays, which the sweep shows it once it has found one.
        is_scanned: whether `records` gives all of them; else it gives what `queries` find.
    """

    address: str
    can_rewrite: bool
    can_delete: bool
    at_once: int
    is_scanned: bool
    keeps_ids: bool
    undone: set[str]
    kept: Record | None

    def locked(self) -> AbstractContextManager[object]:
        """The store for this sweep alone. Raises `StoreError` where another one has it."""
        ...

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """Every record; where `is_scanned` is not set, those that are found by `queries`."""
        ...

    def changing(self) -> AbstractContextManager[object]:
        """A transaction where the store has them: done as a whole, or not at all."""
        ...

    def rewrite(self, record: Record, new: Record) -> bool:
        """Put what is `new` in a record's place, also in what the store made of its text (vectors,
        an index of words). `False` where that cannot be, so that the record is to be deleted."""
        ...

    def delete(self, record: Record) -> None:
        """Remove a record, and what the store made of it."""
        ...

    def search(self, query: str) -> Iterable[Record] | None:
        """What the store's own search finds; `None` where it has none that can be used here."""
        ...

    def settle(self) -> None:
        """Have what was removed gone from the disk as well, as far as the store can do that."""
        ...

    def close(self) -> None:
        """Let go of what was opened here."""
        ...
