"""The targets in force at one moment, to be taken along: a run holds to them, whatever happens to
the registry meanwhile, and every process of it judges by the same."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amnestic.config import Settings
from amnestic.scrubbing.judging import Finder, Judge
from amnestic.tools.detection import FactDetector, LeakDetector
from amnestic.tools.embedding import load_embedder
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Vectors
from amnestic.types import ForgetTarget

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["Snapshot"]

_DECIDE = {"namespace", "policy", "alpha", "embedder"}


@dataclass(frozen=True, slots=True, repr=False)
class Snapshot:
    """The targets of a layer, with their vectors and its settings. It can be pickled; it holds what
    the targets hold, so it belongs where they may be.

    Attributes:
        revision: the number of the registry's last change.
        position: that, and of which registry in which history.
    """

    settings: Settings
    revision: int
    position: str
    targets: tuple[ForgetTarget, ...]
    vectors: tuple[Vectors, ...]

    @classmethod
    def of(cls, amnesia: Amnesia) -> Snapshot:
        """What is in force in a layer now. Raises as a request to it does."""
        parts = amnesia.parts
        while True:
            place = amnesia.registry.position()
            parts.store.refresh()
            targets = parts.index.targets()
            vectors = tuple(parts.index.vectors_of(t.id).vectors for t in targets)
            if str(amnesia.registry.position()) == str(place):
                break
        return cls(amnesia.settings, place.revision, str(place), targets, vectors)

    def mark(self, *told: str | None) -> str:
        """What another judgement of the same text would change: the registry's position, whose
        targets are in force and which, the settings that decide, this package's version, and what
        else is `told` of a run."""
        from amnestic import __version__

        decides = self.settings.model_dump(mode="json", include=_DECIDE)
        ids = sorted(target.id for target in self.targets)
        every = [self.position, ids, decides, __version__, told]
        return hashlib.sha256(json.dumps(every, sort_keys=True).encode()).hexdigest()

    def judge(self, *, only_find: bool = False) -> Judge:
        """A judge by these targets, or one that cuts nothing; it has an embedder of its own."""
        settings = self.settings
        embedder = load_embedder(settings.embedder, settings.cache_dir)
        index = FacetIndex(embedder)
        for target, vectors in zip(self.targets, self.vectors, strict=True):
            index.add(target, vectors)
        index.settle()
        detector = FactDetector(LeakDetector(index, embedder, settings), index)
        kind = Finder if only_find else Judge
        return kind(detector, settings.policy, settings.namespace)
