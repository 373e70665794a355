"""Marked replies by the detector's verdicts alone: what is found unnamed, and what is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from detection_tables import share
from detection_verdicts import Scoring
from told_data import Told, told_rows

from amnestic.tools.detection.weights import TextKind, restates
from amnestic.tools.protocols import Embedder

__all__ = ["Replies", "told_figures"]


@dataclass(frozen=True, slots=True)
class Replies:
    """Shares: of the windows that tell of their target without its full name and are near it, those
    that are found; of the replies that tell of none, those in which something is."""

    found: float
    windows: int
    touched: float
    replies: int


def told_figures(
    targets: Sequence[Told], embedder: Embedder, scoring: Scoring, seed: int
) -> Replies:
    """The figures of marked replies on targets that nothing was fitted on; each list holds some
    twenty of them, with any number of facts from none to all."""
    rows = list(told_rows(targets, embedder, seed, share_of_strangers=1.0))
    rows = [r for r in rows if r.kind is not TextKind.QUESTION]
    hits: dict[str, bool] = {}
    touched = {f"told:{t.id}:{i}": False for t in targets for i, r in enumerate(t.replies)
               if not r.marks}  # fmt: skip
    for kind in (TextKind.STATEMENT, TextKind.ANSWER):
        mine = [r for r in rows if r.kind is kind]
        if not mine:
            continue
        for row, raw in zip(mine, scoring.raws(kind, mine).tolist(), strict=True):
            acts = (
                row.named
                or restates(kind, row.features.astype(np.float64))
                or scoring.acts_on(kind, raw)
            )
            if row.forget and row.owner == row.target and not row.named:
                hits[row.probe] = hits.get(row.probe, False) or acts
            elif not row.forget and row.probe in touched:
                touched[row.probe] |= acts
    return Replies(
        share(list(hits.values())), len(hits), share(list(touched.values())), len(touched)
    )
