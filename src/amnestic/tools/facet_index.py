"""The facet index: which facets of which targets are nearest to a text.

A cache of the registry, never the truth. Readers work on an immutable snapshot, which a writer
replaces in one step, so that nobody sees half a change. Every namespace has segments of its own:
a search in one never touches another's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from amnestic.exceptions import InvalidRequestError, RetrievalError, TargetNotFoundError
from amnestic.tools.facet_segment import Rows, Shelf
from amnestic.tools.protocols import Embedder, Vectors
from amnestic.tools.registry import Registry
from amnestic.types import Facet, FacetKind, ForgetTarget

__all__ = ["FacetIndex", "Hit", "TargetVectors"]

KINDS = tuple(FacetKind)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Hit:
    """A facet near a query; `score` is the cosine."""

    facet_id: int
    target_id: str
    kind: FacetKind
    score: float


@dataclass(frozen=True, slots=True)
class TargetVectors:
    """The stored vectors of one target's facets, in the facets' order: `vectors` is `(m, d)`."""

    facet_ids: tuple[int, ...]
    kinds: tuple[FacetKind, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class _Entry:
    target: ForgetTarget
    ordinal: int


@dataclass(frozen=True, slots=True)
class _Snapshot:
    shelves: Mapping[str, Shelf] = field(default_factory=dict)
    entries: Mapping[str, _Entry] = field(default_factory=dict)
    next_expiry: datetime | None = None
    generation: int = 0
    facets: int = 0


class FacetIndex:
    """All facets of the targets in force, searchable by vector. Safe to share between threads.

    Args:
        embedder: turns facets into vectors; its identity stamps the cache.
        directory: where the cache is kept; `None` keeps nothing.
        clock: tells the time, for expiry.

    """

    def __init__(
        self,
        embedder: Embedder,
        directory: Path | None = None,
        *,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._embedder = embedder
        self._directory = directory
        self._clock = clock
        self._snapshot = _Snapshot()
        self._names: list[str] = []  # target ids by ordinal; grows only, so any snapshot may read
        self._facet_ids: set[int] = set()
        self._turn = threading.RLock()
        self._revision = 0

    # ── Changes ──────────────────────────────────────────────────────────────────────────────

    def add(self, target: ForgetTarget, vectors: Vectors | None = None) -> None:
        """Index a target's facets; a target that is not in force is passed over.

        `vectors` has shape `(len(target.facets), dimension)`; the facets are embedded when it is
        not given. Raises `InvalidRequestError` when the target or a facet's id is there already.
        """
        vectors = self._vectors_for(target, vectors)
        with self._turn:
            if target.id in self._snapshot.entries:
                raise InvalidRequestError(f"the target `{target.id}` is in the index already")
            self._put(target, vectors)

    def replace(self, target: ForgetTarget, vectors: Vectors | None = None) -> None:
        """Put a target in the place of the one with its id, in one step for readers.

        A target that is not in force is only taken out; one that is new is added.
        """
        vectors = self._vectors_for(target, vectors)
        with self._turn:
            self._put(target, vectors)

    def remove(self, target_id: str) -> None:
        """Take a target's facets out. Raises `TargetNotFoundError`."""
        with self._turn:
            if target_id not in self._snapshot.entries:
                raise TargetNotFoundError(f"no target in the index has the id `{target_id}`")
            self._drop(target_id)

    # ── Questions ────────────────────────────────────────────────────────────────────────────

    def search(self, vectors: Vectors, k: int, namespace: str | None = None) -> list[list[Hit]]:
        """The `k` nearest facets of each row of `vectors` (shape `(n, dimension)`), best first.

        `namespace` limits whose targets count; `None` looks at all. Raises `RetrievalError` when
        the vectors do not fit the index.
        """
        queries = self._checked(np.atleast_2d(vectors))
        snapshot = self._current()
        if namespace is None:
            shelves = list(snapshot.shelves.values())
        else:
            shelves = [s for s in (snapshot.shelves.get(namespace),) if s is not None]
        found: list[list[Hit]] = [[] for _ in range(len(queries))]
        for part in (part for shelf in shelves for part in shelf.parts):
            scores, places = part.segment.search(queries, k, part.selector)
            for hits, row_scores, row_places in zip(found, scores, places, strict=True):
                kept = row_places >= 0
                columns = part.segment
                for place, score in zip(row_places[kept], row_scores[kept], strict=True):
                    hits.append(
                        Hit(
                            int(columns.facet_ids[place]),
                            self._names[columns.owners[place]],
                            KINDS[columns.kinds[place]],
                            float(score),
                        )
                    )
        return [sorted(hits, key=lambda hit: -hit.score)[:k] for hits in found]

    def vectors_of(self, target_id: str) -> TargetVectors:
        """The stored vectors of one target. Raises `TargetNotFoundError`."""
        snapshot = self._current()
        entry = self._entry(snapshot, target_id)
        found = snapshot.shelves.get(entry.target.namespace, Shelf()).rows_of(entry.ordinal)
        if not found:
            return TargetVectors((), (), np.empty((0, self._embedder.dimension), np.float32))
        rows = Rows.joined(found)
        return TargetVectors(
            tuple(int(i) for i in rows.facet_ids),
            tuple(KINDS[i] for i in rows.kinds),
            rows.vectors,
        )

    def facets_of(self, target_id: str) -> tuple[Facet, ...]:
        """One target's facets, in the order of `vectors_of`. Raises `TargetNotFoundError`."""
        return self.target(target_id).facets

    def target(self, target_id: str) -> ForgetTarget:
        """The target in force with this id. Raises `TargetNotFoundError`."""
        return self._entry(self._current(), target_id).target

    def targets(self, namespace: str | None = None) -> tuple[ForgetTarget, ...]:
        """All targets in force, of one namespace where it is given."""
        entries = self._current().entries.values()
        return tuple(
            e.target for e in entries if namespace is None or e.target.namespace == namespace
        )

    def __len__(self) -> int:
        return self._current().facets

    @property
    def generation(self) -> int:
        """A number that changes whenever the targets in force do."""
        return self._current().generation

    # ── Keeping up with the registry ─────────────────────────────────────────────────────────

    def sync(self, registry: Registry) -> None:
        """Bring the index to the registry's state; costs one SELECT when nothing has changed."""
        if registry.revision() == self._revision:
            return
        with self._turn:
            revision = registry.revision()
            if self._revision == 0:
                for target in registry.targets():
                    self.replace(target)
            else:
                for target_id in registry.changes_since(self._revision):
                    self.replace(registry.get(target_id))
            self._revision = revision

    def save(self) -> None:
        """Write the cache."""

    def close(self) -> None:
        """Write the cache and let go of everything."""
        self.save()

    # ── Inside ───────────────────────────────────────────────────────────────────────────────

    def _vectors_for(self, target: ForgetTarget, vectors: Vectors | None) -> Vectors:
        if not target.is_active(self._clock()):
            return np.empty((0, self._embedder.dimension), dtype=np.float32)
        ids = [facet.id for facet in target.facets]
        if 0 in ids or len(set(ids)) != len(ids):
            raise InvalidRequestError(
                f"the facets of the target `{target.id}` need ids, each its own; "
                "store the target in the registry first"
            )
        if vectors is None:
            return self._embedder.embed([facet.text for facet in target.facets])
        return self._checked(vectors, rows=len(ids))

    def _checked(self, vectors: Vectors, rows: int | None = None) -> Vectors:
        wanted = (len(vectors) if rows is None else rows, self._embedder.dimension)
        if vectors.shape != wanted:
            raise RetrievalError(f"vectors of shape {vectors.shape} given, {wanted} expected")
        checked = np.ascontiguousarray(vectors, dtype=np.float32)
        if not np.isfinite(checked).all():
            raise RetrievalError("the vectors hold values that are no numbers")
        return checked

    def _put(self, target: ForgetTarget, vectors: Vectors) -> None:
        before = self._snapshot
        old = before.entries.get(target.id)
        mine = {f.id for f in old.target.facets} if old else set()
        if not target.is_active(self._clock()):
            if old:
                self._drop(target.id)
            return
        ids = [facet.id for facet in target.facets]
        taken = self._facet_ids.intersection(ids) - mine
        if taken:
            raise InvalidRequestError(f"the facet id {min(taken)} is in the index already")
        ordinal = len(self._names)
        self._names.append(target.id)
        rows = Rows(
            np.asarray(ids, dtype=np.int64),
            np.full(len(ids), ordinal, dtype=np.int64),
            np.asarray([KINDS.index(f.kind) for f in target.facets], dtype=np.int8),
            vectors,
        )
        shelves = dict(before.shelves)
        if old:
            shelves[old.target.namespace] = shelves[old.target.namespace].without(old.ordinal)
        shelf = shelves.get(target.namespace, Shelf())
        shelves[target.namespace] = shelf.with_rows(rows)
        self._facet_ids.difference_update(mine)
        self._facet_ids.update(ids)
        self._publish(shelves, {**before.entries, target.id: _Entry(target, ordinal)})

    def _drop(self, target_id: str) -> None:
        before = self._snapshot
        entries = dict(before.entries)
        gone = entries.pop(target_id)
        namespace = gone.target.namespace
        shelves = dict(before.shelves)
        shelves[namespace] = shelves[namespace].without(gone.ordinal)
        self._facet_ids.difference_update(facet.id for facet in gone.target.facets)
        self._publish(shelves, entries)

    def _publish(self, shelves: Mapping[str, Shelf], entries: Mapping[str, _Entry]) -> None:
        ends = [e.target.expires for e in entries.values() if e.target.expires]
        self._snapshot = _Snapshot(
            shelves,
            entries,
            min(ends, default=None),
            self._snapshot.generation + 1,
            sum(len(e.target.facets) for e in entries.values()),
        )

    def _current(self) -> _Snapshot:
        """The snapshot in force now: what has expired is dropped the moment it is looked at."""
        snapshot = self._snapshot
        if snapshot.next_expiry is None or snapshot.next_expiry > self._clock():
            return snapshot
        with self._turn:
            now = self._clock()
            over = [i for i, e in self._snapshot.entries.items() if not e.target.is_active(now)]
            for target_id in over:
                self._drop(target_id)
            return self._snapshot

    def _entry(self, snapshot: _Snapshot, target_id: str) -> _Entry:
        try:
            return snapshot.entries[target_id]
        except KeyError:
            raise TargetNotFoundError(
                f"no target in force has the id `{target_id}`; `targets` lists them"
            ) from None
