"""The facet index: which facets of which targets are nearest to a text.

A cache of the registry, never the truth: it goes with every change of it, and with the file that is
in its place now.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from amnestic.exceptions import RegistryError, RetrievalError
from amnestic.tools.embedding import refuse_sealed
from amnestic.tools.index.cache import CachedVectors, VectorCache
from amnestic.tools.index.held_facets import HeldFacets
from amnestic.tools.index.hit import Hit, TargetVectors
from amnestic.tools.index.segment import joined
from amnestic.tools.index.shared import SharedVectors
from amnestic.tools.index.vectors import gather
from amnestic.tools.protocols import Embedder, Vectors
from amnestic.tools.registry import Packed, Position, Registry, Seals
from amnestic.types import ForgetTarget, TargetStatus

__all__ = ["FacetIndex", "Hit", "TargetVectors"]

_log = logging.getLogger(__name__)

UNSAVED_FACETS = 500
"""Facets embedded since the last save that make the next `sync` save, or a tenth of all."""


def _now() -> datetime:
    return datetime.now(UTC)


class FacetIndex(HeldFacets):
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
        super().__init__(embedder, clock)
        self._cache = (
            VectorCache(directory, embedder.identity, seals or Seals()) if directory else None
        )
        self.spec = spec
        self._syncing = threading.Lock()
        self._begun = self._done = 0  # rounds of following, and the last that came to its end
        self._position: Position | None = None
        self._stale = False  # whether the cache may hold what is not in force any more

    @property
    def revision(self) -> int:
        """The number of the registry's last change that is in force here; 0 before the first."""
        return 0 if self._position is None else self._position.revision

    # ── Keeping up with the registry ─────────────────────────────────────────────────────────

    def sync(self, registry: Registry) -> None:
        """Bring the index to the registry's state; costs one SELECT when nothing has changed.

        The first call reads all targets, takes the vectors that the cache holds for their very
        texts, and embeds the rest; so does one that finds another registry in the place of the one
        it knows, or the same at an earlier point. What has expired is in force again where the
        clock has gone back. Raises `RegistryError` and `RetrievalError`; then nothing has changed.
        """
        if registry.position() != self._position or self._woken():
            self.follow(registry)

    def follow(self, registry: Registry) -> int:
        """The same for whoever has been told of a change: what has changed is asked for at once,
        without a look whether anything has. Gives by how many changes it was behind.

        One round serves all who wait for it: whoever finds that another has begun and ended since
        it came asks nothing.
        """
        came = self._begun
        with self._syncing:
            if self._done > came:
                return 0
            self._begun += 1
            before, this_one = self.revision, self._begun
            with registry.database.kept_open():
                while not self._caught_up(registry):
                    pass
            self._done = this_one
            if self._stale or self._unsaved > max(UNSAVED_FACETS, len(self) // 10):
                self.save()
            return self.revision - before

    def packed(self, registry: Registry, targets: Sequence[ForgetTarget]) -> Packed | None:
        """The vectors of targets that are about to be stored, so that they come with them to all
        who share the registry. `None` where nobody does, and where they cannot be made now: then
        each makes them as it takes the targets in."""
        now = self._clock()
        here = [target for target in targets if target.facets and target.is_active(now)]
        try:
            shared = self._shared(registry) if here else None
            put = gather(here, self._snapshot, None, self._embedder).put if shared else ()
            return shared.packed(put) if shared else None
        except Exception:  # noqa: BLE001 - what is stored holds, whatever an embedder raises
            return None

    def save(self) -> None:
        """Write the cache, where there is a directory for it. A cache that cannot be written is
        left: the next start takes longer."""
        with contextlib.suppress(OSError):
            self._write()

    def rewrite(self) -> None:
        """Write the cache, so that it holds nothing but what is in force. Raises `RetrievalError`
        where it cannot be written."""
        try:
            self._write()
        except OSError as error:
            raise RetrievalError(
                "the kept vectors cannot be written anew, and hold what is not to be kept any "
                f"more: {error.strerror}; make the cache's folder writable and do the same again"
            ) from None

    def close(self, registry: Registry | None = None) -> None:
        """Wait for what goes on in the background, and write the cache if it is behind. With a
        `registry` it is left where that has gone on since: what is in force here may have been
        purged there."""
        self._await_background()
        if self._unsaved and (registry is None or self._is_at_end_of(registry)):
            self.save()

    def _is_at_end_of(self, registry: Registry) -> bool:
        try:
            return registry.position() == self._position
        except RegistryError:
            return False

    def _write(self) -> None:
        if self._cache is None or self._position is None:
            return
        snapshot, self._unsaved, self._stale = self._snapshot, 0, False
        parts = [part for shelf in snapshot.shelves.values() for part in shelf.parts]
        if parts:
            self._cache.write(self._position.revision, joined(parts), self.targets())
        else:
            self._cache.clear()

    def _caught_up(self, registry: Registry) -> bool:
        """Read what is not known yet; whether what was read anew is all of one history. Where it
        stands is asked first: what changes meanwhile is read with the next look."""
        known = self._position
        position, same = registry.since(known) if known else (registry.position(), False)
        if not same:
            self._load(registry)
            if not registry.follows(position):
                return False
        elif known is not None and position != known:
            self._follow(registry, known.revision)
        if woken := self._woken():
            self._take_in(registry.some(woken))
        self._position = position
        if known is not None and not same:
            _log.warning(
                "the registry `%s` was restored, moved or replaced: it was read anew, and %d "
                "targets are in force",
                registry.place,
                len(self.targets()),
            )
        return True

    def _load(self, registry: Registry) -> None:
        targets = registry.targets(status=TargetStatus.ACTIVE)
        cache = self._cache.read() if self._cache else None
        shared = self._shared(registry)
        known = shared.known() if shared else set[str]()
        lacking = [t for t in targets if t.id in known and not (cache and cache.has(t))]
        others, found = shared.read(lacking) if shared else (None, set[str]())
        held = known - {target.id for target in lacking} | found
        both = cache.joined(others) if cache and others else cache or others
        put = self._take_in(targets, both, alone=True)
        if shared:
            shared.write((t, v) for t, v in put if t.id not in held)
        if cache is not None:
            self._stale = not cache.places.keys() <= self._facet_ids

    def _follow(self, registry: Registry, revision: int) -> None:
        changed = registry.changed_since(revision)
        self._stale |= any(t.status is TargetStatus.PURGED for t in changed)
        entries = self._snapshot.entries
        new = [t for t in changed if t.id not in entries or entries[t.id].target != t]
        if not new:
            return
        telling = [t for t in new if t.facets]
        shared = self._shared(registry)
        others, found = shared.read(telling) if shared else (None, set[str]())
        put = self._take_in(new, others)
        if shared:
            shared.write((t, v) for t, v in put if t.id not in found)

    def _shared(self, registry: Registry) -> SharedVectors | None:
        """What other replicas on the same registry have embedded."""
        if registry.vectors is None:
            return None
        identity, dimension = self._embedder.identity, self._embedder.dimension
        return SharedVectors(registry.vectors, identity, dimension, registry.seals)

    def _take_in(
        self,
        targets: Sequence[ForgetTarget],
        cache: CachedVectors | None = None,
        *,
        alone: bool = False,
    ) -> Sequence[tuple[ForgetTarget, Vectors]]:
        """Put targets in force, or out of it, as they are told; with `alone` no others stay. Gives
        those that are in force, with their vectors."""
        now = self._clock()
        put = self._gather(targets, cache, now)
        held = self._snapshot.entries.keys() | self._resting.keys() if alone else set[str]()
        self._apply(put, held - {target.id for target in targets}, now)
        return [(target, vectors) for target, vectors in put if target.is_active(now)]

    def _gather(
        self, targets: Sequence[ForgetTarget], cache: CachedVectors | None, now: datetime
    ) -> Sequence[tuple[ForgetTarget, Vectors]]:
        refuse_sealed(targets, self.spec)
        targets = [t if t.is_active(now) else t.model_copy(update={"facets": ()}) for t in targets]
        gathered = gather(targets, self._snapshot, cache, self._embedder)
        self._unsaved += gathered.embedded
        return gathered.put
