"""Pairs to train the verifier on, from replies that are marked where they tell of a target."""

from __future__ import annotations

import random
from collections.abc import Sequence

from detection_rows import Row
from told_data import Told, told_rows
from verifier_data import Example

from amnestic.tools.protocols import Embedder

__all__ = ["told_examples"]

PER_TARGET = {"tells": 30, "own": 26, "stranger": 18}
_ALONE_SHARE = 0.35


def told_examples(targets: Sequence[Told], embedder: Embedder, seed: int) -> list[Example]:
    """The pairs of one epoch, shuffled: of each target windows that tell of it, windows of the same
    replies that do not, and windows against other targets of the list.

    A share of them has nothing before it, as pieces of a text that are judged by themselves.
    """
    draw = random.Random(seed)
    by_target: dict[tuple[str, str], list[Row]] = {}
    for row in told_rows(targets, embedder, seed):
        if row.pair is not None:
            by_target.setdefault((row.owner, _kind(row)), []).append(row)
    found = []
    for (_, kind), rows in by_target.items():
        for row in draw.sample(rows, min(PER_TARGET[kind], len(rows))):
            found.append(_example(row, kind, draw))
    draw.shuffle(found)
    return found


def _kind(row: Row) -> str:
    if row.target != row.owner:
        return "stranger"
    return "tells" if row.forget else "own"


def _example(row: Row, kind: str, draw: random.Random) -> Example:
    if row.pair is None:
        raise ValueError(f"the row of `{row.probe}` holds no pair")
    pair = row.pair._replace(before="") if draw.random() < _ALONE_SHARE else row.pair
    return Example(pair, kind == "tells", kind)
