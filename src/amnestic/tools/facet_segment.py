"""Immutable pieces of the facet index: vectors in FAISS, and whose they are.

A segment never changes once made, so that readers need no lock; what was removed from it is said
by a mask beside it (`Shelf`). Vectors are kept in half precision: scores move by about 1e-4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.tools.protocols import Vectors

__all__ = ["Masked", "Rows", "Segment", "Shelf", "merge", "segment_of"]

FLAT_ROWS = 16_384
"""Rows over which flat segments are no longer merged with each other: an add stays quick."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Facets as columns: their ids, the ordinals of their targets, their kinds, their vectors."""

    facet_ids: Ints
    owners: Ints
    kinds: npt.NDArray[np.int8]
    vectors: Vectors

    def __len__(self) -> int:
        return len(self.facet_ids)

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """Several sets of rows, one after the other."""
        return cls(
            np.concatenate([p.facet_ids for p in parts]),
            np.concatenate([p.owners for p in parts]),
            np.concatenate([p.kinds for p in parts]),
            np.concatenate([p.vectors for p in parts]),
        )


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows in a FAISS index, whose own ids are the rows' places."""

    facet_ids: Ints
    owners: Ints
    kinds: npt.NDArray[np.int8]
    index: Any
    probes: int = 0
    """How many lists a search visits; 0 where the index is flat."""

    def __len__(self) -> int:
        return len(self.facet_ids)

    def vectors(self, places: Ints) -> Vectors:
        """The vectors at `places`, as float32 of shape `(len(places), dimension)`."""
        if not len(places):
            return np.empty((0, self.index.d), dtype=np.float32)
        found: Vectors = self.index.reconstruct_batch(places)
        return found

    def search(self, queries: Vectors, k: int, selector: Any) -> tuple[Vectors, Ints]:
        """The `k` nearest rows of each query: scores and places, −1 where there are fewer."""
        faiss = _faiss()
        params = None
        if self.probes:
            params = faiss.SearchParametersIVF(sel=selector, nprobe=self.probes)
        elif selector is not None:
            params = faiss.SearchParameters(sel=selector)
        scores, places = self.index.search(queries, min(k, len(self)), params=params)
        return scores, places


@dataclass(frozen=True, slots=True)
class Masked:
    """A segment and which of its rows are in force; `selector` is `None` where all are."""

    segment: Segment
    alive: npt.NDArray[np.bool_] | None = None
    selector: Any = None
    packed: npt.NDArray[np.uint8] | None = None

    def __len__(self) -> int:
        return len(self.segment) if self.alive is None else int(self.alive.sum())

    def without(self, owner: int) -> Masked:
        """The same with the rows of one target no longer in force."""
        theirs = self.segment.owners == owner
        if not theirs.any():
            return self
        alive = ~theirs if self.alive is None else self.alive & ~theirs
        return masked(self.segment, alive)

    def rows(self) -> Rows:
        """The rows in force."""
        places = np.arange(len(self.segment)) if self.alive is None else np.flatnonzero(self.alive)
        return self.rows_at(places)

    def rows_at(self, places: Ints) -> Rows:
        """The rows at `places`."""
        s = self.segment
        return Rows(s.facet_ids[places], s.owners[places], s.kinds[places], s.vectors(places))


@dataclass(frozen=True, slots=True)
class Shelf:
    """All segments of one namespace, the largest first."""

    parts: tuple[Masked, ...] = ()

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)

    def with_rows(self, rows: Rows) -> Shelf:
        """The same with more rows; the small segments at the end are merged as they double."""
        if not len(rows):
            return self
        parts = [*self.parts, Masked(segment_of(rows))]
        while len(parts) > 1 and _worth_merging(parts[-2], parts[-1]):
            parts[-2:] = [merge(parts[-2:])]
        return Shelf(tuple(parts))

    def without(self, owner: int) -> Shelf:
        """The same without one target's rows."""
        parts = tuple(part.without(owner) for part in self.parts)
        return Shelf(tuple(part for part in parts if len(part)))

    def rows_of(self, owner: int) -> list[Rows]:
        """One target's rows in force."""
        found = []
        for part in self.parts:
            places = np.flatnonzero(part.segment.owners == owner)
            if len(places) and (part.alive is None or part.alive[places[0]]):
                found.append(part.rows_at(places))
        return found


def masked(segment: Segment, alive: npt.NDArray[np.bool_]) -> Masked:
    """A segment with the rows in force marked, for FAISS too."""
    faiss = _faiss()

    if alive.all():
        return Masked(segment)
    packed = np.packbits(alive, bitorder="little")
    selector = faiss.IDSelectorBitmap(len(alive), faiss.swig_ptr(packed))
    return Masked(segment, alive, selector, packed)  # FAISS reads `packed`, so it must live on


def segment_of(rows: Rows) -> Segment:
    """A flat segment of `rows`."""
    faiss = _faiss()

    kind = faiss.ScalarQuantizer.QT_fp16
    index = faiss.IndexScalarQuantizer(rows.vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
    index.add(np.ascontiguousarray(rows.vectors, dtype=np.float32))
    return Segment(rows.facet_ids, rows.owners, rows.kinds, index)


def merge(parts: Sequence[Masked]) -> Masked:
    """One flat segment of what is in force in `parts`."""
    return Masked(segment_of(Rows.joined([part.rows() for part in parts])))


def _worth_merging(before: Masked, last: Masked) -> bool:
    if before.segment.probes or len(before) + len(last) > FLAT_ROWS:
        return False
    return len(before) < 2 * len(last)


def _faiss() -> Any:
    """FAISS, loaded when it is first used; its stubs do not know its keyword arguments."""
    import faiss

    return faiss
