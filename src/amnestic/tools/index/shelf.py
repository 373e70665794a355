"""One namespace's segments, and when they are merged. Shelves are immutable, like segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from amnestic.tools.index.segment import (
    Flags,
    Ints,
    Masked,
    Rows,
    compressed_segment,
    flat_segment,
    joined,
)
from amnestic.tools.protocols import Vectors

__all__ = ["COMPRESSED_AT", "Found", "Shelf", "compress", "search_shelves"]

COMPRESSED_AT = 4_096
"""Flat rows on one shelf that are worth compressing."""

MERGED_UP_TO = 4_096
"""Rows over which flat segments are left as they are, so that an add stays quick."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best rows of a search as columns, each `(n, k)`, best first; the owner is −1 where
    there are fewer."""

    scores: Vectors
    facet_ids: Ints
    owners: Ints
    kinds: Ints


@dataclass(frozen=True, slots=True)
class Shelf:
    """The segments of one namespace, oldest first. A target's rows all stand in one segment."""

    parts: tuple[Masked, ...] = ()

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)

    def with_rows(self, rows: Rows) -> Shelf:
        """The same with more rows. Small segments are merged as they double, so that there are
        few of them and a row is copied only a few times."""
        if not len(rows):
            return self
        parts = [*self.parts, Masked(flat_segment(rows))]
        while len(parts) > 1 and _worth_merging(parts[-2], parts[-1]):
            parts[-2:] = [Masked(flat_segment(joined(parts[-2:])))]
        return Shelf(tuple(parts))

    def without(self, owner: int) -> Shelf:
        """The same without one target's rows."""
        parts = (part.without(owner) for part in self.parts)
        return Shelf(tuple(part for part in parts if len(part)))

    def vectors_of(self, owner: int) -> Vectors | None:
        """One target's vectors, in its facets' order; `None` when there are none."""
        for part in self.parts:
            places = part.places_of(owner)
            if len(places):
                return part.segment.vectors(places)
        return None

    def to_compress(self) -> tuple[Masked, ...]:
        """The parts that are worth making into one compressed segment: nothing, or all flat ones
        with those compressed ones that are small, or half empty, beside them."""
        flat = tuple(part for part in self.parts if not part.segment.coded)
        rows = sum(len(part) for part in flat)
        wasted = [p for p in self.parts if p.segment.coded and len(p) < len(p.segment) // 2]
        if rows < COMPRESSED_AT and not wasted:
            return ()
        small = [p for p in self.parts if p.segment.coded and len(p) < 2 * rows]
        return (*{id(p): p for p in (*wasted, *small)}.values(), *flat)

    def with_compressed(self, made: Masked, live: Flags) -> Shelf:
        """The same with a compressed segment in the place of the rows it was made from.

        `live` says for each ordinal whether its target is in force now: targets may have come and
        gone, and segments have been merged, since the segment's making began.
        """
        moved = np.zeros(len(live), dtype=np.bool_)
        moved[made.segment.owners] = True
        rest = (part.keeping(~moved[part.segment.owners]) for part in self.parts)
        parts = (made.keeping(live[made.segment.owners]), *rest)
        return Shelf(tuple(part for part in parts if len(part)))


def compress(parts: Sequence[Masked]) -> Masked:
    """One segment of what is in force in `parts`, compressed where that is worth it."""
    rows = joined(parts)
    make = compressed_segment if len(rows) >= COMPRESSED_AT // 2 else flat_segment
    return Masked(make(rows))


def search_shelves(shelves: Sequence[Shelf], queries: Vectors, k: int) -> Found:
    """The `k` nearest rows of each query over all segments of `shelves`."""
    scores = [np.full((len(queries), k), -np.inf, dtype=np.float32)]
    ids, owners, kinds = ([np.full((len(queries), k), -1, dtype=np.int64)] for _ in range(3))
    for part in (part for shelf in shelves for part in shelf.parts):
        part_scores, places = part.search(queries, k)
        none = places < 0
        scores.append(np.where(none, -np.inf, part_scores).astype(np.float32))
        ids.append(part.segment.facet_ids[places])
        owners.append(np.where(none, -1, part.segment.owners[places]))
        kinds.append(part.segment.kinds[places].astype(np.int64))
    together = np.concatenate(scores, axis=1)
    order = np.argsort(-together, axis=1, kind="stable")[:, :k]

    def best(columns: Sequence[Ints]) -> Ints:
        chosen: Ints = np.take_along_axis(np.concatenate(columns, axis=1), order, axis=1)
        return chosen

    top: Vectors = np.take_along_axis(together, order, axis=1)
    return Found(top, best(ids), best(owners), best(kinds))


def _worth_merging(before: Masked, last: Masked) -> bool:
    if before.segment.coded or len(before) + len(last) > MERGED_UP_TO:
        return False
    return len(before) < 2 * len(last)
