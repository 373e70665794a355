"""Immutable pieces of the facet index: vectors in FAISS, and whose they are.

A segment never changes once made, so that readers need no lock. Which of its rows are still in
force is said by a mask beside it (`Masked`). Vectors are kept in half precision, and what is added
is rounded to it first, so that a score does not change when a row moves to another segment.

A small segment is searched row by row. A large one is first scanned in 4-bit product-quantised
codes (André, Kermarrec, Le Scouarnec: "Cache locality is not enough", VLDB 2015, as built in
FAISS), and the best of that are ranked again by their true scores.

FAISS runs on the caller's thread alone: one query is too little work to share, and on a busy
machine waiting for a second thread takes longer than the search.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.tools.protocols import Vectors

__all__ = ["Masked", "Rows", "Segment", "compressed_segment", "flat_segment", "joined"]

RERANKED = 256
"""Rows that a scan of a compressed segment leaves for ranking by true scores."""

TRAINING_ROWS = 4_096
TRAINING_ROUNDS = 4
DIMENSIONS_PER_CODE = 2
ROWS_AT_A_TIME = 65_536

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Halves = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Rows:
    """Facets as columns: their ids, the ordinals of their targets, their kinds, their vectors
    (half precision, shape `(n, dimension)`)."""

    facet_ids: Ints
    owners: Ints
    kinds: npt.NDArray[np.int8]
    vectors: Halves

    def __len__(self) -> int:
        return len(self.facet_ids)


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows and a FAISS index over them, whose own ids are the rows' places.

    The index is flat, or, where `coded`, holds short codes. Owners stand in ascending order.
    """

    facet_ids: Ints
    owners: Ints
    kinds: npt.NDArray[np.int8]
    halves: Halves
    index: Any
    coded: bool = False

    def __len__(self) -> int:
        return len(self.facet_ids)

    def span_of(self, owner: int) -> tuple[int, int]:
        """Where one target's rows start and end; they stand together."""
        start, end = np.searchsorted(self.owners, (owner, owner + 1))
        return int(start), int(end)

    def vectors(self, places: Ints) -> Vectors:
        """The vectors at `places`, as float32 of shape `(len(places), dimension)`."""
        return self.halves[places].astype(np.float32)


@dataclass(frozen=True, slots=True)
class Masked:
    """A segment and which of its rows are in force: `alive` is `None` where all are."""

    segment: Segment
    alive: Flags | None = None
    count: int = -1
    packed: npt.NDArray[np.uint8] | None = None
    """`alive` as bits, for FAISS."""

    def __len__(self) -> int:
        return len(self.segment) if self.alive is None else self.count

    def keeping(self, kept: Flags) -> Masked:
        """The same with only the rows in force that `kept` marks."""
        alive = kept if self.alive is None else self.alive & kept
        if alive.all():
            return self
        return Masked(self.segment, alive, int(alive.sum()), np.packbits(alive, bitorder="little"))

    def without(self, owner: int) -> Masked:
        """The same with the rows of one target no longer in force."""
        start, end = self.segment.span_of(owner)
        if start == end:
            return self
        kept = np.ones(len(self.segment), dtype=np.bool_)
        kept[start:end] = False
        return self.keeping(kept)

    def places(self) -> Ints:
        """The places of the rows in force."""
        if self.alive is None:
            return np.arange(len(self.segment), dtype=np.int64)
        return np.flatnonzero(self.alive)

    def places_of(self, owner: int) -> Ints:
        """The places of one target's rows in force."""
        places = np.arange(*self.segment.span_of(owner))
        return places if self.alive is None else places[self.alive[places]]

    def rows(self) -> Rows:
        """The rows in force."""
        segment, places = self.segment, self.places()
        return Rows(
            segment.facet_ids[places],
            segment.owners[places],
            segment.kinds[places],
            segment.halves[places],
        )

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Ints]:
        """The `k` nearest rows in force of each query (`(n, dimension)`): scores and places, both
        `(n, k)`, best first; the place is −1 where there are fewer."""
        if self.segment.coded:
            return self._search_codes(queries, k)
        return self._search_flat(queries, k)

    def _search_flat(self, queries: Vectors, k: int) -> tuple[Vectors, Ints]:
        with _one_thread() as faiss:
            params = None
            if self.packed is not None:
                bits = faiss.swig_ptr(self.packed)
                params = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(len(self.packed), bits))
            scores, places = self.segment.index.search(queries, k, params=params)
        return scores, places

    def _search_codes(self, queries: Vectors, k: int) -> tuple[Vectors, Ints]:
        """Scan and rank, then drop what is not in force; wider where too little is left."""
        wanted, width = min(k, len(self)), max(RERANKED, 2 * k)
        while True:
            with _one_thread():
                scores, places = self.segment.index.search(queries, min(width, len(self.segment)))
            kept = places >= 0
            if self.alive is not None:
                kept &= self.alive[places]
            if width >= len(self.segment) or kept.sum(axis=1).min(initial=wanted) >= wanted:
                break
            width *= 4
        order = np.argsort(~kept, axis=1, kind="stable")[:, :k]  # those in force first, as ranked
        places = np.where(kept, places, -1)
        return np.take_along_axis(scores, order, axis=1), np.take_along_axis(places, order, axis=1)


def joined(parts: Sequence[Masked]) -> Rows:
    """The rows in force of several segments, in the order of their owners."""
    rows = [part.rows() for part in parts]
    together = Rows(
        np.concatenate([r.facet_ids for r in rows]),
        np.concatenate([r.owners for r in rows]),
        np.concatenate([r.kinds for r in rows]),
        np.concatenate([r.vectors for r in rows]),
    )
    if not np.any(np.diff(together.owners) < 0):
        return together
    order = np.argsort(together.owners, kind="stable")
    return Rows(
        together.facet_ids[order],
        together.owners[order],
        together.kinds[order],
        together.vectors[order],
    )


def flat_segment(rows: Rows) -> Segment:
    """A segment that is searched row by row."""
    with _one_thread() as faiss:
        flat = _flat_index(faiss, rows)
    return Segment(rows.facet_ids, rows.owners, rows.kinds, _halves_of(flat), flat)


def compressed_segment(rows: Rows) -> Segment:
    """A segment with codes to scan first; takes seconds where there are many rows."""
    with _one_thread() as faiss:
        dimension = rows.vectors.shape[1]
        codes = dimension // (1 if dimension % DIMENSIONS_PER_CODE else DIMENSIONS_PER_CODE)
        scan = faiss.IndexPQFastScan(dimension, codes, 4, faiss.METRIC_INNER_PRODUCT)
        scan.pq.cp.niter = TRAINING_ROUNDS
        chosen = np.random.default_rng(0).permutation(len(rows))[:TRAINING_ROWS]
        scan.train(rows.vectors[chosen].astype(np.float32))
        _add_all(scan, rows.vectors)
        flat = _flat_index(faiss, rows)
        index = faiss.IndexRefine(scan, flat)  # ranks all that a scan gives: its factor is 1
    return Segment(rows.facet_ids, rows.owners, rows.kinds, _halves_of(flat), index, coded=True)


def _flat_index(faiss: Any, rows: Rows) -> Any:
    index = faiss.IndexScalarQuantizer(
        rows.vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    _add_all(index, rows.vectors)
    return index


def _halves_of(flat: Any) -> Halves:
    """The vectors in a flat index: FAISS's own memory, which lives as long as the index."""
    import faiss

    codes = faiss.rev_swig_ptr(flat.codes.data(), flat.codes.size())
    halves: Halves = codes.view(np.float16).reshape(flat.ntotal, flat.d)
    return halves


def _add_all(index: Any, vectors: Halves) -> None:
    for i in range(0, len(vectors), ROWS_AT_A_TIME):
        index.add(vectors[i : i + ROWS_AT_A_TIME].astype(np.float32))


@contextlib.contextmanager
def _one_thread() -> Iterator[Any]:
    """FAISS, kept to this thread. Untyped: its stubs do not know its keyword arguments."""
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield faiss
    finally:
        faiss.omp_set_num_threads(before)
