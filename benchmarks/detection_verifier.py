"""The verifier for people whom it has not seen in training, so that its figures are held back.

Two verifiers were trained, each on one half of the development people (`verifier.py train`). The
package ships the first; the second stands beside this file, and reads what the first was trained
on. People of other data are read by the first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from verifier_data import digest_of

from amnestic.tools.detection.cross_encoder import CrossEncoder
from amnestic.tools.protocols import Pair, Vectors

__all__ = ["GRAPHS", "HeldBackVerifier"]

_ROOT = Path(__file__).parent
GRAPHS = (
    _ROOT.parent / "src/amnestic/tools/detection/data/verifier.onnx",
    _ROOT / "data/verifier.onnx",
)
"""The shipped graph, and the one trained on the other half; each has its JSON beside it."""

_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class _Half:
    encoder: CrossEncoder
    sha256: str
    seen: frozenset[str]


class HeldBackVerifier:
    """A `Verifier` that has each pair read by the graph that has not seen its person.

    Scores are kept, in memory and in a file between runs, by a digest of graph and pair.
    """

    def __init__(self, graphs: Sequence[Path] = GRAPHS, file: Path | None = None) -> None:
        self._halves = [_half(graph) for graph in graphs]
        self._file = file
        self._kept: dict[bytes, float] = {}
        if file is not None and file.is_file():
            with np.load(file, allow_pickle=False) as stored:
                keys = [bytes(row) for row in stored["keys"]]
                self._kept = dict(zip(keys, stored["logits"].tolist(), strict=True))

    def logits(self, pairs: Sequence[Pair]) -> Vectors:
        """The log-odds of each pair."""
        halves = [self._half_of(pair) for pair in pairs]
        keys = [_key(half, pair) for half, pair in zip(halves, pairs, strict=True)]
        for half in self._halves:
            wanted = zip(keys, halves, pairs, strict=True)
            todo = {k: p for k, h, p in wanted if h is half and k not in self._kept}
            self._read(half, todo)
        return np.array([self._kept[k] for k in keys], np.float32)

    def save(self) -> None:
        """Write the file."""
        if self._file is not None:
            keys = np.array([np.frombuffer(k, np.uint8) for k in self._kept])
            np.savez(self._file, keys=keys, logits=np.array(list(self._kept.values()), np.float32))

    def _half_of(self, pair: Pair) -> _Half:
        person = digest_of(pair.premise.partition(": ")[0])
        return next((h for h in self._halves if person not in h.seen), self._halves[0])

    def _read(self, half: _Half, todo: dict[bytes, Pair]) -> None:
        keys = list(todo)
        for start in range(0, len(keys), _AT_ONCE):
            batch = keys[start : start + _AT_ONCE]
            found = half.encoder.logits([todo[k] for k in batch])
            self._kept.update(zip(batch, found.tolist(), strict=True))


def _half(graph: Path) -> _Half:
    about = json.loads(graph.with_suffix(".json").read_text("utf-8"))
    encoder = CrossEncoder(graph, about["sha256"])
    return _Half(encoder, about["sha256"], frozenset(about["seen"]))


def _key(half: _Half, pair: Pair) -> bytes:
    told = "\x00".join((half.sha256, pair.premise, pair.text))
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).digest()
