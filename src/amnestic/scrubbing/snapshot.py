"""The targets in force at one moment, to be taken along: a run holds to them, whatever happens to
the registry meanwhile, and every process of it judges by the same."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from amnestic.config import Settings
from amnestic.exceptions import CorpusError
from amnestic.private_files import writing_private
from amnestic.scrubbing.judging import Finder, Judge
from amnestic.tools.detection import FactDetector, LeakDetector
from amnestic.tools.embedding import load_embedder
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Vectors
from amnestic.types import ForgetTarget, TargetStatus

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["Snapshot"]

_DECIDE = {"namespace", "policy", "alpha", "embedder"}
_FORM = "amnestic snapshot 1"


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

    def save(self, file: Path) -> None:
        """Write it to a file that only its owner may read, for machines that do not reach the
        registry: the targets with their vectors, the revision, and the settings that decide. The
        file knows of no purge, so that it goes with the run. Raises `CorpusError` where a target is
        sealed, which is written to no file, and `InvalidRequestError` where it cannot be written.

        >>> import tempfile
        >>> snapshot = Snapshot(Settings(policy="strict"), 3, "3", (), ())
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     snapshot.save(Path(folder) / "targets.jsonl")
        ...     read = Snapshot.read(Path(folder) / "targets.jsonl")
        >>> read.revision, read.settings.policy.value
        (3, 'strict')
        """
        if any(target.sealed for target in self.targets):
            raise CorpusError("a sealed target is in force, which is written to no file")
        with writing_private(file) as stream:
            for row in (self._head(), *map(_row, self.targets, self.vectors)):
                stream.write(json.dumps(row) + "\n")

    @classmethod
    def read(cls, file: Path) -> Snapshot:
        """One that was saved. Raises `CorpusError` where the file is none."""
        Settings()  # what is wrong with those of this process is not held against the file
        try:
            with file.open(encoding="utf-8") as stream:
                head, *rows = map(json.loads, stream)
            if head["form"] != _FORM or head["targets"] != len(rows):
                raise ValueError
            targets = tuple(ForgetTarget.model_validate(row["target"]) for row in rows)
            vectors = tuple(map(_vectors_of, rows, targets))
            revision, position = head["revision"], head["position"]
            if not isinstance(revision, int) or not isinstance(position, str):
                raise TypeError
            if not _are_in_force(targets) or not _DECIDE.issuperset(head["settings"]):
                raise ValueError
            settings = Settings(**head["settings"])
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            why = getattr(error, "strerror", None) or "it is none, or not whole"
            raise CorpusError(f"no snapshot of targets can be read from `{file}`: {why}") from None
        return cls(settings, revision, position, targets, vectors)

    def _head(self) -> dict[str, Any]:
        return {
            "form": _FORM,
            "revision": self.revision,
            "position": self.position,
            "targets": len(self.targets),
            "settings": self.settings.model_dump(mode="json", include=_DECIDE),
        }

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


def _row(target: ForgetTarget, vectors: Vectors) -> dict[str, Any]:
    raw = base64.b64encode(np.ascontiguousarray(vectors, "<f4").tobytes()).decode()
    return {"target": target.model_dump(mode="json"), "shape": vectors.shape, "vectors": raw}


def _vectors_of(row: dict[str, Any], target: ForgetTarget) -> Vectors:
    """The vectors of the facets of a target; raises `ValueError` where they are others."""
    raw = np.frombuffer(base64.b64decode(row["vectors"]), "<f4").reshape(row["shape"])
    if raw.ndim != 2 or len(raw) != len(target.facets) or not np.isfinite(raw).all():
        raise ValueError
    return raw.astype(np.float32)


def _are_in_force(targets: Sequence[ForgetTarget]) -> bool:
    """Whether targets are those that a snapshot holds: each once, in force, and none sealed."""
    known = {target.id for target in targets if target.status is TargetStatus.ACTIVE}
    return len(known) == len(targets) and not any(target.sealed for target in targets)
