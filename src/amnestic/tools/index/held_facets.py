"""The facets of the targets in force, searchable by vector.

Readers work on an immutable snapshot, which a writer replaces in one step, so that nobody sees half
a change. Every namespace has segments of its own: a search in one never touches another's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import numpy as np

from amnestic.exceptions import InvalidRequestError, RetrievalError
from amnestic.tools.index.hit import Hit, TargetVectors, hits_of
from amnestic.tools.index.shelf import compress, search_shelves
from amnestic.tools.index.snapshot import Entry, Snapshot
from amnestic.tools.protocols import Embedder, Vectors
from amnestic.types import GLOBAL, Facet, ForgetTarget, TargetStatus

__all__ = ["HeldFacets"]

_WORTH_COMPRESSING = 500_000
"""Rows that searches have looked at, since the last change, before they are compressed. It takes
as long as some fifty searches over them: a process that asks little is spared that, and the first
request of one that stays."""


class HeldFacets:
    """The part of `FacetIndex` that holds facets and finds them."""

    def __init__(self, embedder: Embedder, clock: Callable[[], datetime]) -> None:
        self._embedder = embedder
        self._clock = clock
        self._snapshot = Snapshot()
        self._names: list[str] = []  # target ids by ordinal; grows only, so any snapshot may read
        self._facet_ids: set[int] = set()
        self._resting: dict[str, datetime] = {}
        """When the time was over of those whose time is: a clock that was ahead may go back."""
        self._last_end: datetime | None = None
        self._turn = threading.RLock()
        self._unsaved = 0
        self._background: threading.Thread | None = None
        self._looked_at = 0

    # ── Changes ──────────────────────────────────────────────────────────────────────────────

    def add(self, target: ForgetTarget, vectors: Vectors | None = None) -> None:
        """Index a target's facets; a target that is not in force is passed over.

        `vectors` has shape `(len(target.facets), dimension)`; the facets are embedded when it is
        not given. Raises `InvalidRequestError` when the target or a facet's id is there already.
        """
        given = self._vectors_for(target, vectors)
        with self._turn:
            if target.id in self._snapshot.entries:
                raise InvalidRequestError(f"the target `{target.id}` is in the index already")
            self._apply([(target, given)])

    def replace(self, target: ForgetTarget, vectors: Vectors | None = None) -> None:
        """Put a target in the place of the one with its id, in one step for readers.

        A target that is not in force is only taken out; one that is new is added.
        """
        self._apply([(target, self._vectors_for(target, vectors))])

    def remove(self, target_id: str) -> None:
        """Take a target's facets out. Raises `TargetNotFoundError`."""
        with self._turn:
            self._snapshot.entry(target_id)
            self._apply([], [target_id])

    # ── Questions ────────────────────────────────────────────────────────────────────────────

    def search(self, vectors: Vectors, k: int, namespace: str | None = None) -> list[list[Hit]]:
        """The `k` nearest facets of each row of `vectors` (shape `(n, dimension)`), best first.

        `namespace` limits whose targets count, beside the global ones; `None` looks at all. Raises
        `RetrievalError` when the vectors do not fit the index.
        """
        queries = self._checked(vectors, len(vectors))
        snapshot = self._current()
        if namespace is None:
            shelves = list(snapshot.shelves.values())
        else:
            spaces = dict.fromkeys((namespace, GLOBAL))
            shelves = [snapshot.shelves[s] for s in spaces if s in snapshot.shelves]
        found = hits_of(search_shelves(shelves, queries, k), self._names)
        self._looked_at += snapshot.facets * len(queries)  # a few that are not counted do no harm
        if self._looked_at >= _WORTH_COMPRESSING:
            self._looked_at = 0
            self._compress_in_background()
        return found

    def vectors_of(self, target_id: str) -> TargetVectors:
        """The stored vectors of one target. Raises `TargetNotFoundError`."""
        snapshot = self._current()
        entry = snapshot.entry(target_id)
        vectors = snapshot.vectors_of(entry)
        if vectors is None:
            vectors = np.empty((0, self._embedder.dimension), dtype=np.float32)
        facets = entry.target.facets
        return TargetVectors(tuple(f.id for f in facets), tuple(f.kind for f in facets), vectors)

    def facets_of(self, target_id: str) -> tuple[Facet, ...]:
        """One target's facets, in the order of `vectors_of`. Raises `TargetNotFoundError`."""
        return self.target(target_id).facets

    def target(self, target_id: str) -> ForgetTarget:
        """The target in force with this id. Raises `TargetNotFoundError`."""
        return self._current().entry(target_id).target

    def targets(self, namespace: str | None = None) -> tuple[ForgetTarget, ...]:
        """All targets in force, of one namespace where it is given."""
        entries = self._current().entries.values()
        return tuple(
            e.target for e in entries if namespace is None or e.target.namespace == namespace
        )

    @property
    def count(self) -> int:
        """How many targets are in force."""
        return len(self._current().entries)

    def __len__(self) -> int:
        return self._current().facets

    @property
    def generation(self) -> int:
        """A number that changes whenever the targets in force do."""
        return self._current().generation

    def settle(self) -> None:
        """Compress what is worth it, and wait until nothing is left to compress."""
        while self._compress_in_background():
            before = self._snapshot
            self._await_background()
            if self._snapshot is before:  # it failed: the rows stay as they are, and serve
                return

    def _await_background(self) -> None:
        thread = self._background
        if thread is not None:
            thread.join()

    # ── Inside ───────────────────────────────────────────────────────────────────────────────

    def _vectors_for(self, target: ForgetTarget, vectors: Vectors | None) -> Vectors:
        if vectors is None:
            self._unsaved += len(target.facets)
            return self._embedder.embed([facet.text for facet in target.facets])
        return self._checked(vectors, len(target.facets))

    def _checked(self, vectors: Vectors, rows: int) -> Vectors:
        wanted = (rows, self._embedder.dimension)
        if vectors.shape != wanted:
            raise RetrievalError(f"vectors of shape {vectors.shape} given, {wanted} expected")
        checked = np.ascontiguousarray(vectors, dtype=np.float32)
        if not np.isfinite(checked).all():
            raise RetrievalError("the vectors hold values that are no numbers")
        return checked

    def _apply(
        self,
        put: Sequence[tuple[ForgetTarget, Vectors]],
        dropped: Iterable[str] = (),
        now: datetime | None = None,
    ) -> None:
        """Make one change of any size, in one step for readers."""
        now, dropped = now or self._clock(), set(dropped)
        with self._turn:
            before = self._snapshot
            active = [(t, v) for t, v in put if t.is_active(now)]
            gone = {*dropped, *(t.id for t, _ in put)} & before.entries.keys()
            freed = {f.id for i in gone for f in before.entries[i].target.facets}
            added = [facet.id for target, _ in active for facet in target.facets]
            self._refuse_doubles(added, freed)
            entries = [
                (Entry(target, len(self._names) + i), vectors)
                for i, (target, vectors) in enumerate(active)
            ]
            after = before.changed(entries, gone)
            self._names.extend(target.id for target, _ in active)
            self._facet_ids.difference_update(freed)
            self._facet_ids.update(added)
            self._snapshot = after
            for target_id in {*dropped, *(t.id for t, _ in put)}:
                self._resting.pop(target_id, None)
            self._rest(t for t, _ in put if not t.is_active(now))

    def _refuse_doubles(self, added: Sequence[int], freed: set[int]) -> None:
        if 0 in added:
            raise InvalidRequestError("a facet has no id; store its target in the registry first")
        taken = self._facet_ids.intersection(added) - freed
        if taken or len(set(added)) != len(added):
            raise InvalidRequestError("a facet id is in the index already, or is given twice")

    def _current(self) -> Snapshot:
        """The snapshot in force now: what has expired is dropped the moment it is looked at."""
        snapshot = self._snapshot
        if snapshot.next_expiry is None or snapshot.next_expiry > self._clock():
            return snapshot
        with self._turn:
            after = self._snapshot.without_expired(self._clock())
            gone = self._snapshot.entries.keys() - after.entries.keys()
            expired = [self._snapshot.entries[target_id].target for target_id in gone]
            self._facet_ids.difference_update(f.id for target in expired for f in target.facets)
            self._rest(expired)
            self._snapshot = after
            return after

    def _rest(self, targets: Iterable[ForgetTarget]) -> None:
        """Remember those whose time is over, should the clock go back before their end."""
        ends = {t.id: t.expires for t in targets if t.status is TargetStatus.ACTIVE and t.expires}
        self._resting |= ends
        self._last_end = max(self._resting.values(), default=None)

    def _woken(self) -> list[str]:
        """The ids of those whose time was over, and is no longer by the clock as it is now."""
        last, now = self._last_end, self._clock()
        if last is None or last <= now:
            return []
        with self._turn:
            return [target_id for target_id, end in self._resting.items() if end > now]

    def _compress_in_background(self) -> bool:
        """Start to compress what is worth it; whether there is anything that is not done yet."""
        with self._turn:
            if self._background is not None and self._background.is_alive():
                return True
            if not any(shelf.to_compress() for shelf in self._snapshot.shelves.values()):
                return False
            self._background = threading.Thread(target=self._compress, name="amnestic-index")
            self._background.start()
            return True

    def _compress(self) -> None:
        for namespace, shelf in self._snapshot.shelves.items():
            if parts := shelf.to_compress():
                made = compress(parts)
                with self._turn:
                    self._snapshot = self._snapshot.with_compressed(
                        namespace, made, len(self._names)
                    )
