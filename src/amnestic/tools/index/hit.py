"""What a search of the facet index gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from amnestic.tools.index.shelf import Found
from amnestic.tools.index.snapshot import KINDS
from amnestic.tools.protocols import Vectors
from amnestic.types import FacetKind

__all__ = ["Hit", "TargetVectors", "hits_of"]


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


def hits_of(found: Found, names: Sequence[str]) -> list[list[Hit]]:
    """The hits of each query; `names` are the targets' ids by ordinal."""
    rows = zip(
        found.facet_ids.tolist(),
        found.owners.tolist(),
        found.kinds.tolist(),
        found.scores.tolist(),
        strict=True,
    )
    return [
        [
            Hit(facet_id, names[owner], KINDS[kind], score)
            for facet_id, owner, kind, score in zip(*row, strict=True)
            if owner >= 0
        ]
        for row in rows
    ]
