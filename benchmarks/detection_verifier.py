"""The shipped verifier, whose scores are kept between runs, and whom it has seen in training.

Whom it has seen is neither calibrated with nor reported on: only the trees may be fitted on them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from verifier_data import digest_of

from amnestic.tools.detection.cross_encoder import CrossEncoder
from amnestic.tools.protocols import Pair, Vectors

__all__ = ["GRAPH", "KeptVerifier"]

GRAPH = Path(__file__).parent.parent / "src/amnestic/tools/detection/data/verifier.onnx"
"""The graph that the package ships, with its JSON beside it."""

_AT_ONCE = 512


class KeptVerifier:
    """A `Verifier` that keeps its scores, in memory and in a file between runs, by a digest of the
    graph and the pair."""

    def __init__(self, graph: Path = GRAPH, file: Path | None = None) -> None:
        about = json.loads(graph.with_suffix(".json").read_text("utf-8"))
        self._encoder = CrossEncoder.stored(graph)
        self._sha256: str = about["sha256"]
        self._seen = frozenset(about["seen"])
        self._file = file
        self._kept: dict[bytes, float] = {}
        if file is not None and file.is_file():
            with np.load(file, allow_pickle=False) as stored:
                keys = [bytes(row) for row in stored["keys"]]
                self._kept = dict(zip(keys, stored["logits"].tolist(), strict=True))

    def has_seen(self, name: str) -> bool:
        """Whether somebody or something of this name was among what it was trained on."""
        return digest_of(name) in self._seen

    def logits(self, pairs: Sequence[Pair]) -> Vectors:
        """The log-odds of each pair."""
        keys = [self._key(pair) for pair in pairs]
        todo = {k: p for k, p in zip(keys, pairs, strict=True) if k not in self._kept}
        fresh = list(todo)
        for start in range(0, len(fresh), _AT_ONCE):
            batch = fresh[start : start + _AT_ONCE]
            found = self._encoder.logits([todo[k] for k in batch])
            self._kept.update(zip(batch, found.tolist(), strict=True))
        return np.array([self._kept[k] for k in keys], np.float32)

    def save(self) -> None:
        """Write the file."""
        if self._file is not None and self._kept:
            keys = np.array([np.frombuffer(k, np.uint8) for k in self._kept])
            np.savez(self._file, keys=keys, logits=np.array(list(self._kept.values()), np.float32))

    def _key(self, pair: Pair) -> bytes:
        told = "\x00".join((self._sha256, *pair))
        return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).digest()
