"""The facet index: which facets of which targets are nearest to a text.

A cache of the registry, never the truth. Readers work on an immutable snapshot, which a writer
replaces in one step, so that nobody sees half a change. Every namespace has segments of its own:
a search in one never touches another's.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from amnestic.exceptions import InvalidRequestError, RetrievalError
from amnestic.tools.embedding import refuse_sealed
from amnestic.tools.index.cache import CachedVectors, VectorCache
from amnestic.tools.index.hit import Hit, TargetVectors, hits_of
from amnestic.tools.index.segment import joined
from amnestic.tools.index.shelf import compress, search_shelves
from amnestic.tools.index.snapshot import Entry, Snapshot
from amnestic.tools.index.vectors import gather
from amnestic.tools.protocols import Embedder, Vectors
from amnestic.tools.registry import Registry, Seals
from amnestic.types import GLOBAL, Facet, ForgetTarget, TargetStatus

__all__ = ["FacetIndex", "Hit", "TargetVectors"]

UNSAVED_FACETS = 500
"""Facets embedded since the last save that make the next `sync` save, or a tenth of all."""


def _now() -> datetime:
    return datetime.now(UTC)


class FacetIndex:
    """All facets of the targets in force, searchable by vector. Safe to share between threads.

    Args:
        embedder: turns facets into vectors; its identity stamps the cache.
        directory: where the cache of one registry is kept; `None` keeps nothing.
        clock: tells the time, for expiry.
        seals: the keys with which the vectors of sealed targets are kept.
        spec: the embedder as the settings name it; one elsewhere is sent no sealed target.
    """

    def __init__(
        self,
        embedder: Embedder,
        directory: Path | None = None,
        *,
        clock: Callable[[], datetime] = _now,
        seals: Seals | None = None,
        spec: str = "",
    ) -> None:
        self._embedder = embedder
        self._cache = (
            VectorCache(directory, embedder.identity, seals or Seals()) if directory else None
        )
        self.spec = spec
        self._clock = clock
        self._snapshot = Snapshot()
        self._names: list[str] = []  # target ids by ordinal; grows only, so any snapshot may read
        self._facet_ids: set[int] = set()
        self._turn = threading.RLock()
        self._syncing = threading.Lock()
        self._revision: int | None = None
        self._unsaved = 0
        self._background: threading.Thread | None = None

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
        return hits_of(search_shelves(shelves, queries, k), self._names)

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

    def __len__(self) -> int:
        return self._current().facets

    @property
    def generation(self) -> int:
        """A number that changes whenever the targets in force do."""
        return self._current().generation

    # ── Keeping up with the registry ─────────────────────────────────────────────────────────

    def sync(self, registry: Registry) -> None:
        """Bring the index to the registry's state; costs one SELECT when nothing has changed.

        The first call reads all targets, takes the vectors that the cache holds for their very
        texts, and embeds the rest. Raises `RegistryError` and `RetrievalError`; then nothing has
        changed.
        """
        if registry.revision() == self._revision:
            return
        with self._syncing:
            revision = registry.revision()  # read first: what changes later is read once more
            if self._revision is None or revision < self._revision:
                self._load(registry)
            elif revision > self._revision:
                self._follow(registry, self._revision)
            self._revision = revision
            if self._unsaved > max(UNSAVED_FACETS, len(self) // 10):
                self.save()

    def save(self) -> None:
        """Write the cache, where there is a directory for it. A cache that cannot be written is
        left: the next start takes longer."""
        if self._cache is None or self._revision is None or not len(self):
            return
        snapshot, self._unsaved = self._snapshot, 0
        parts = [part for shelf in snapshot.shelves.values() for part in shelf.parts]
        with contextlib.suppress(OSError):
            self._cache.write(self._revision, joined(parts), self.targets())

    def settle(self) -> None:
        """Wait until nothing is left to compress in the background."""
        while self._compress_in_background():
            before, thread = self._snapshot, self._background
            if thread is not None:
                thread.join()
            if self._snapshot is before:  # it failed: the rows stay as they are, and serve
                return

    def close(self) -> None:
        """Wait for the background, and write the cache if it is behind."""
        self.settle()
        if self._unsaved:
            self.save()

    def _load(self, registry: Registry) -> None:
        targets = registry.targets(status=TargetStatus.ACTIVE)
        put = self._gather(targets, self._cache.read() if self._cache else None)
        gone = self._snapshot.entries.keys() - {target.id for target in targets}
        self._apply(put, gone)

    def _follow(self, registry: Registry, revision: int) -> None:
        changed = registry.some(registry.changes_since(revision))
        entries = self._snapshot.entries
        new = [t for t in changed if t.id not in entries or entries[t.id].target != t]
        if new:
            self._apply(self._gather(new, None))

    def _gather(
        self, targets: Sequence[ForgetTarget], cache: CachedVectors | None
    ) -> Sequence[tuple[ForgetTarget, Vectors]]:
        refuse_sealed(targets, self.spec)
        now = self._clock()
        targets = [t if t.is_active(now) else t.model_copy(update={"facets": ()}) for t in targets]
        gathered = gather(targets, self._snapshot, cache, self._embedder)
        self._unsaved += gathered.embedded
        return gathered.put

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
        self, put: Sequence[tuple[ForgetTarget, Vectors]], dropped: Iterable[str] = ()
    ) -> None:
        """Make one change of any size, in one step for readers."""
        now = self._clock()
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
        self._compress_in_background()

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
            for target_id in gone:
                expired = self._snapshot.entries[target_id].target
                self._facet_ids.difference_update(facet.id for facet in expired.facets)
            self._snapshot = after
            return after

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
