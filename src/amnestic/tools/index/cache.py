"""The facet index on disk: vectors by facet, so that a start need not embed everything again.

One safetensors file, written beside and renamed. A vector is used only for the text that it was
made from, by the text's digest, and only when the whole file is sound and of the same embedder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.tools.index.segment import Rows
from amnestic.types import Facet

__all__ = ["CachedVectors", "digest_of", "read_cache", "write_cache"]

FILE = "facets.safetensors"

Columns = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class CachedVectors:
    """Vectors by facet id, each with the digest of its text, and the revision they are of."""

    revision: int
    places: Mapping[int, int]
    digests: npt.NDArray[np.uint64]
    vectors: npt.NDArray[np.float16]

    def place_of(self, facet: Facet) -> int | None:
        """Where the vector of this facet, with this very text, stands."""
        place = self.places.get(facet.id)
        if place is None or int(self.digests[place]) != digest_of(facet.text):
            return None
        return place


def digest_of(text: str) -> int:
    """64 bits that tell a text from another.

    >>> digest_of("a") == digest_of("b")
    False
    """
    raw = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "little")


def write_cache(
    directory: Path, identity: str, revision: int, rows: Rows, texts: Mapping[int, str]
) -> None:
    """Write the vectors of `rows`, readable by the owner only; `texts` is by facet id.

    Raises `OSError` when the directory cannot be written.
    """
    from safetensors.numpy import save

    digests = [digest_of(texts[facet_id]) for facet_id in rows.facet_ids.tolist()]
    columns: Columns = {
        "ids": rows.facet_ids,
        "digests": np.asarray(digests, dtype=np.uint64),
        "vectors": rows.vectors,
    }
    stamp = {
        "identity": identity,
        "revision": str(revision),
        "checksum": _checksum(columns),
    }
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=FILE, suffix=".part", dir=directory)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(save(columns, metadata=stamp))
        os.replace(name, directory / FILE)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


def read_cache(directory: Path, identity: str) -> CachedVectors | None:
    """The cached vectors, or `None` when they are missing, damaged or of another embedder."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(directory / FILE, framework="numpy") as stored:
            stamp = stored.metadata() or {}
            columns: Columns = {
                name: stored.get_tensor(name) for name in ("ids", "digests", "vectors")
            }
        sound = stamp["identity"] == identity and stamp["checksum"] == _checksum(columns)
        revision = int(stamp["revision"])
    except (OSError, SafetensorError, KeyError, ValueError):
        return None
    if not sound:
        return None
    places = {int(facet_id): place for place, facet_id in enumerate(columns["ids"])}
    return CachedVectors(revision, places, columns["digests"], columns["vectors"])


def _checksum(columns: Columns) -> str:
    total = hashlib.sha256()
    for name in ("ids", "digests", "vectors"):
        total.update(np.ascontiguousarray(columns[name]).view(np.uint8).data)
    return total.hexdigest()
