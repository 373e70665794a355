"""What readers of the facet index see: one immutable state, made from the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from amnestic.exceptions import TargetNotFoundError
from amnestic.tools.index.segment import Masked, Rows
from amnestic.tools.index.shelf import Shelf
from amnestic.tools.protocols import Vectors
from amnestic.types import FacetKind, ForgetTarget

__all__ = ["KINDS", "Entry", "Snapshot", "rows_of"]

KINDS = tuple(FacetKind)


@dataclass(frozen=True, slots=True)
class Entry:
    """A target in force; `ordinal` marks its rows, and is never used for another."""

    target: ForgetTarget
    ordinal: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All targets in force and their facets' vectors, by namespace.

    `next_expiry` is not after the first expiry of a target here; `generation` grows by one with
    every change of what is in force.
    """

    shelves: Mapping[str, Shelf] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)
    next_expiry: datetime | None = None
    generation: int = 0
    facets: int = 0

    def entry(self, target_id: str) -> Entry:
        """The entry of a target. Raises `TargetNotFoundError`."""
        try:
            return self.entries[target_id]
        except KeyError:
            raise TargetNotFoundError(
                f"no target in force has the id `{target_id}`; `targets` lists them"
            ) from None

    def vectors_of(self, entry: Entry) -> Vectors | None:
        """The vectors of a target's facets, in their order."""
        return self.shelves.get(entry.target.namespace, Shelf()).vectors_of(entry.ordinal)

    def changed(
        self, put: Sequence[tuple[Entry, Vectors]], dropped: Iterable[str] = ()
    ) -> Snapshot:
        """The next state: `dropped` targets out, those of `put` in, or in their elder's place."""
        entries, shelves, facets = dict(self.entries), dict(self.shelves), self.facets
        for target_id in {*dropped, *(e.target.id for e, _ in put)} & entries.keys():
            old = entries.pop(target_id)
            facets -= len(old.target.facets)
            namespace = old.target.namespace
            if namespace in shelves:
                shelves[namespace] = shelves[namespace].without(old.ordinal)
        for namespace in {e.target.namespace for e, _ in put}:
            here = [(e, v) for e, v in put if e.target.namespace == namespace]
            shelves[namespace] = shelves.get(namespace, Shelf()).with_rows(rows_of(here))
        entries.update((entry.target.id, entry) for entry, _ in put)
        ends = [e.target.expires for e, _ in put if e.target.expires]
        ends += [self.next_expiry] if self.next_expiry else []
        return Snapshot(
            {namespace: shelf for namespace, shelf in shelves.items() if shelf.parts},
            entries,
            min(ends, default=None),
            self.generation + 1,
            facets + sum(len(e.target.facets) for e, _ in put),
        )

    def without_expired(self, now: datetime) -> Snapshot:
        """The state at `now`, in which what has expired is no longer there."""
        over = [i for i, e in self.entries.items() if not e.target.is_active(now)]
        kept = self.changed((), over) if over else self
        ends = [e.target.expires for e in kept.entries.values() if e.target.expires]
        return replace(kept, next_expiry=min(ends, default=None))

    def with_compressed(self, namespace: str, made: Masked, ordinals: int) -> Snapshot:
        """The same targets, with a compressed segment in the place of the rows that it holds.
        `ordinals` is how many have been given out."""
        live = np.zeros(ordinals, dtype=np.bool_)
        live[[entry.ordinal for entry in self.entries.values()]] = True
        shelf = self.shelves.get(namespace, Shelf()).with_compressed(made, live)
        return replace(self, shelves={**self.shelves, namespace: shelf})


def rows_of(put: Sequence[tuple[Entry, Vectors]]) -> Rows:
    """Entries and their vectors as columns."""
    facets = [facet for entry, _ in put for facet in entry.target.facets]
    counts = [len(entry.target.facets) for entry, _ in put]
    return Rows(
        np.asarray([facet.id for facet in facets], dtype=np.int64),
        np.repeat(np.asarray([entry.ordinal for entry, _ in put], dtype=np.int64), counts),
        np.asarray([KINDS.index(facet.kind) for facet in facets], dtype=np.int8),
        np.concatenate([vectors for _, vectors in put]).astype(np.float16),
    )
