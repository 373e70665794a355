"""Vectors that replicas share over the registry's database, so that a new one need not embed again.

A target's vectors are one row, with the ids of its facets and digests of the texts that they were
made from: a vector is used only for its very text, and a row only as it was written, of the same
embedder and for the same target. Those of sealed targets are sealed.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from amnestic.exceptions import RegistryError
from amnestic.tools.index.cache import CachedVectors, digest_of
from amnestic.tools.protocols import Vectors
from amnestic.tools.registry import Packed, Seals, VectorRows
from amnestic.types import ForgetTarget

__all__ = ["SharedVectors"]

_log = logging.getLogger(__name__)

T = TypeVar("T")

_SUM = 32
_COUNT = 4
_PADDED = 16_384  # bytes; sealed rows are as long as a multiple of this


class SharedVectors:
    """The vectors that replicas share. None of it is needed: what fails is left, and said.

    Args:
        rows: where they are.
        identity: the embedder's stamp.
        dimension: the length of a vector.
        seals: the keys of sealed targets.
    """

    def __init__(self, rows: VectorRows, identity: str, dimension: int, seals: Seals) -> None:
        self._rows = rows
        self._identity = identity
        self._encoder = hashlib.sha256(identity.encode()).hexdigest()
        self._dimension = dimension
        self._seals = seals

    def known(self) -> set[str]:
        """The ids of the targets whose vectors are there."""
        return _left(set(), lambda: self._rows.known(self._encoder))

    def read(self, targets: Sequence[ForgetTarget]) -> tuple[CachedVectors | None, set[str]]:
        """The vectors of targets, and the ids of those that were there. What is damaged, or of
        other texts, is taken away."""
        nothing: tuple[CachedVectors | None, set[str]] = None, set()
        return _left(nothing, partial(self._read, targets)) if targets else nothing

    def write(self, put: Iterable[tuple[ForgetTarget, Vectors]]) -> None:
        """Keep the vectors of targets' facets, shape `(n, dimension)` each."""
        packed = self.packed(put)
        if packed.rows:
            _left(None, lambda: self._rows.put(packed))

    def packed(self, put: Iterable[tuple[ForgetTarget, Vectors]]) -> Packed:
        """The same as they are kept; of sealed targets none without a key."""
        rows = {
            target.id: self._packed(target, vectors)
            for target, vectors in put
            if len(vectors) and (self._seals.keys or not target.sealed)
        }
        return Packed(self._encoder, rows)

    def _read(self, targets: Sequence[ForgetTarget]) -> tuple[CachedVectors | None, set[str]]:
        by_id = {target.id: target for target in targets}
        places, found, useless = dict[int, int](), set[str](), set[str]()
        digests, vectors = list[npt.NDArray[np.uint64]](), list[npt.NDArray[np.float16]]()
        count = 0
        for target_id, packed in self._rows.read(self._encoder, list(by_id)):
            columns = self._unpacked(by_id[target_id], packed)
            if columns is None:
                useless.add(target_id)
                continue
            found.add(target_id)
            places.update((facet_id, count + i) for i, facet_id in enumerate(columns[0].tolist()))
            digests.append(columns[1])
            vectors.append(columns[2])
            count += len(columns[0])
        if useless:
            self._rows.drop(self._encoder, useless)
        if not count:
            return None, found
        return CachedVectors(0, places, np.concatenate(digests), np.concatenate(vectors)), found

    def _packed(self, target: ForgetTarget, vectors: Vectors) -> bytes:
        facets = target.facets
        body = len(facets).to_bytes(_COUNT, "little")
        body += np.asarray([facet.id for facet in facets], dtype="<i8").tobytes()
        body += np.asarray([digest_of(facet.text) for facet in facets], dtype="<u8").tobytes()
        body += np.ascontiguousarray(vectors, dtype="<f2").tobytes()
        if not target.sealed:
            return self._sum(target, body) + body
        padded = body.ljust(-(-len(body) // _PADDED) * _PADDED, b"\0")
        return self._seals.seal_vectors(padded, self._bound(target))

    def _unpacked(self, target: ForgetTarget, packed: bytes) -> tuple[Any, Any, Any] | None:
        if target.sealed:
            body = self._seals.opened_vectors(packed, self._bound(target))
        else:
            body = packed[_SUM:]
            if not hmac.compare_digest(packed[:_SUM], self._sum(target, body)):
                return None
        if body is None:
            return None
        count = int.from_bytes(body[:_COUNT], "little")
        ends = np.cumsum([_COUNT, 8 * count, 8 * count, 2 * count * self._dimension]).tolist()
        if count != len(target.facets) or ends[-1] > len(body):
            return None
        ids = np.frombuffer(body[ends[0] : ends[1]], dtype="<i8")
        digests = np.frombuffer(body[ends[1] : ends[2]], dtype="<u8")
        told = [(facet.id, digest_of(facet.text)) for facet in target.facets]
        vectors = np.frombuffer(body[ends[2] : ends[3]], dtype="<f2").reshape(count, -1)
        same = list(zip(ids.tolist(), digests.tolist(), strict=True)) == told
        return (ids, digests, vectors) if same and np.isfinite(vectors).all() else None

    def _sum(self, target: ForgetTarget, body: bytes) -> bytes:
        return hashlib.sha256(self._bound(target).encode() + b"\n" + body).digest()

    def _bound(self, target: ForgetTarget) -> str:
        return f"shared vectors\n{self._identity}\n{target.id}"


def _left(otherwise: T, work: Callable[[], T]) -> T:
    """What a work gives, or something else where the database does not let it be done."""
    try:
        return work()
    except RegistryError as error:
        _log.warning("vectors are not shared with other replicas: %s", error)
        return otherwise
