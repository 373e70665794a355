"""Where a facet's vector comes from: the index itself, its cache on disk, or the embedder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from amnestic.tools.index.cache import CachedVectors
from amnestic.tools.index.snapshot import Snapshot
from amnestic.tools.protocols import Embedder, Vectors
from amnestic.types import ForgetTarget

__all__ = ["Gathered", "gather"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Targets with their facets' vectors, and how many of these had to be embedded."""

    put: Sequence[tuple[ForgetTarget, Vectors]]
    embedded: int


def gather(
    targets: Sequence[ForgetTarget],
    snapshot: Snapshot,
    cache: CachedVectors | None,
    embedder: Embedder,
) -> Gathered:
    """The vectors of all facets of `targets`. A stored vector serves only for the text it was made
    from; what is nowhere is embedded in one call. Raises `RetrievalError`."""
    facets = [facet for target in targets for facet in target.facets]
    vectors = np.empty((len(facets), embedder.dimension), dtype=np.float32)
    here = _in_index(targets, snapshot)
    missing, cached, places = [], [], []
    for i, facet in enumerate(facets):
        if here and (facet.id, facet.text) in here:
            vectors[i] = here[facet.id, facet.text]
        elif cache and (place := cache.place_of(facet)) is not None:
            cached.append(i)
            places.append(place)
        else:
            missing.append(i)
    if cache and cached:
        vectors[cached] = cache.vectors[places]
    if missing:
        vectors[missing] = embedder.embed([facets[i].text for i in missing])
    starts = np.cumsum([0, *(len(target.facets) for target in targets)])
    put = [
        (target, vectors[start : start + len(target.facets)])
        for target, start in zip(targets, starts[:-1], strict=True)
    ]
    return Gathered(put, len(missing))


def _in_index(
    targets: Sequence[ForgetTarget], snapshot: Snapshot
) -> Mapping[tuple[int, str], Vectors]:
    found = {}
    for target in targets:
        entry = snapshot.entries.get(target.id)
        vectors = snapshot.vectors_of(entry) if entry else None
        if entry and vectors is not None:
            for facet, vector in zip(entry.target.facets, vectors, strict=True):
                found[facet.id, facet.text] = vector
    return found
