"""The facet index on disk: vectors by facet, so that a start need not embed everything again.

One safetensors file, and a sealed one for sealed targets; each is written beside and renamed. A
vector is used only for the text that it was made from, by the text's digest, and only when the
whole file is sound and of the same embedder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.tools.index.segment import Rows
from amnestic.tools.registry import Seals
from amnestic.types import Facet, ForgetTarget

__all__ = ["CachedVectors", "VectorCache", "digest_of", "kept_vectors_removed"]

FILE = "facets.safetensors"
SEALED_FILE = "facets.sealed"

Columns = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class CachedVectors:
    """Vectors by facet id, each with the digest of its text, and the revision they are of."""

    revision: int
    places: Mapping[int, int]
    digests: npt.NDArray[np.uint64]
    vectors: npt.NDArray[np.float16]

    def joined(self, other: CachedVectors) -> CachedVectors:
        """These vectors and others."""
        shifted = {facet_id: place + len(self.digests) for facet_id, place in other.places.items()}
        return CachedVectors(
            min(self.revision, other.revision),
            {**self.places, **shifted},
            np.concatenate([self.digests, other.digests]),
            np.concatenate([self.vectors, other.vectors]),
        )

    def place_of(self, facet: Facet) -> int | None:
        """Where the vector of this facet, with this very text, stands."""
        place = self.places.get(facet.id)
        if place is None or int(self.digests[place]) != digest_of(facet.text):
            return None
        return place

    def has(self, target: ForgetTarget) -> bool:
        """Whether the vectors of all of a target's facets are here."""
        return all(self.place_of(facet) is not None for facet in target.facets)


def digest_of(text: str) -> int:
    """64 bits that tell a text from another.

    >>> digest_of("a") == digest_of("b")
    False
    """
    raw = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "little")


def kept_vectors_removed(directory: Path) -> None:
    """Take the vectors away that are kept in a directory; raises `OSError` where that fails."""
    for name in (FILE, SEALED_FILE):
        (directory / name).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class VectorCache:
    """The cache of one registry's vectors.

    Those of sealed targets are in a file of their own, sealed; where there is no key for it they
    are kept nowhere, and made anew.

    Args:
        directory: where the files are.
        identity: the embedder's stamp.
        seals: the keys.
    """

    directory: Path
    identity: str
    seals: Seals

    def write(self, revision: int, rows: Rows, targets: Iterable[ForgetTarget]) -> None:
        """Write the vectors of `rows`, which are those of `targets`, readable by the owner only.
        Raises `OSError` when the directory cannot be written."""
        texts: dict[bool, dict[int, str]] = {True: {}, False: {}}
        for target in targets:
            texts[target.sealed].update((facet.id, facet.text) for facet in target.facets)
        clear = self._packed(revision, rows, texts[False])
        _put(self.directory, FILE, clear)
        if texts[True] and self.seals.keys:
            packed = self._packed(revision, rows, texts[True])
            _put(self.directory, SEALED_FILE, self.seals.seal_vectors(packed, self.identity))
        elif not texts[True]:
            (self.directory / SEALED_FILE).unlink(missing_ok=True)

    def clear(self) -> None:
        """Take the files away. Raises `OSError` when the directory cannot be written."""
        kept_vectors_removed(self.directory)

    def read(self) -> CachedVectors | None:
        """The cached vectors, or `None` when they are missing, damaged or of another embedder."""
        clear = self._unpacked(_bytes_of(self.directory / FILE))
        sealed = _bytes_of(self.directory / SEALED_FILE) if self.seals.keys else None
        private = self._unpacked(sealed and self.seals.opened_vectors(sealed, self.identity))
        return clear.joined(private) if clear and private else clear or private

    def _packed(self, revision: int, rows: Rows, texts: Mapping[int, str]) -> bytes:
        """The rows whose texts are given, by facet id."""
        from safetensors.numpy import save

        own = np.asarray(
            [facet_id in texts for facet_id in rows.facet_ids.tolist()], dtype=np.bool_
        )
        ids = rows.facet_ids[own]
        digests = [digest_of(texts[facet_id]) for facet_id in ids.tolist()]
        columns: Columns = {
            "ids": ids,
            "digests": np.asarray(digests, dtype=np.uint64),
            "vectors": rows.vectors[own],
        }
        stamp = {
            "identity": self.identity,
            "revision": str(revision),
            "checksum": _checksum(columns),
        }
        return save(columns, metadata=stamp)

    def _unpacked(self, packed: bytes | None) -> CachedVectors | None:
        from safetensors import SafetensorError
        from safetensors.numpy import load

        if not packed:
            return None
        try:
            stamp = _metadata(packed)
            columns: Columns = load(packed)
            sound = stamp["identity"] == self.identity and stamp["checksum"] == _checksum(columns)
            revision = int(stamp["revision"])
        except (SafetensorError, KeyError, ValueError, TypeError):
            return None
        if not sound:
            return None
        places = {int(facet_id): place for place, facet_id in enumerate(columns["ids"])}
        return CachedVectors(revision, places, columns["digests"], columns["vectors"])


def _put(directory: Path, name: str, packed: bytes) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=name, suffix=".part", dir=directory)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(packed)
        os.replace(beside, directory / name)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)


def _bytes_of(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _metadata(packed: bytes) -> dict[str, str]:
    """The stamp in the head of a safetensors file: the length of the head, and that as JSON."""
    length = int.from_bytes(packed[:8], "little")
    found: dict[str, str] = json.loads(packed[8 : 8 + length])["__metadata__"]
    return found


def _checksum(columns: Columns) -> str:
    total = hashlib.sha256()
    for name in ("ids", "digests", "vectors"):
        total.update(np.ascontiguousarray(columns[name]).view(np.uint8).data)
    return total.hexdigest()
