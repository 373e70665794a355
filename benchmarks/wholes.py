"""The scorer of whole replies: fitting it, and what it finds on targets that it never saw.

    python benchmarks/wholes.py [--out FILE] [--share 0.005] [--draws 2]

It is fitted on the marked replies (`data/told`) that name their target nowhere, against those of
rivals, relatives and namesakes, on the same field and on anything else, and against other targets
than they were written for; each target with some of its facts, drawn by seed. The margin may only
go up with what is shared with a target and down with others' names. The limit is what a share of
the near misses exceeds, scored by trees that have not seen their targets. One tenth of the targets
is kept from the fit, and what is printed last is of them.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log1p
from pathlib import Path

import numpy as np
import numpy.typing as npt
from detection_fit import trees_to_json
from machine import table
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits
from told_data import Reply, Told, is_reported, told_targets

from amnestic.tools.detection.calibration import conformal_threshold
from amnestic.tools.detection.convergence import Converging
from amnestic.tools.detection.whole_features import DOWN, UP, WHOLE, Known, shared_with
from amnestic.tools.index.profile import words_of_target
from amnestic.tools.reading import read, words_in

SHIPPED = Path(__file__).resolve().parents[1] / "src/amnestic/tools/detection/data/wholes.json"
UNNAMED, NEAR_MISS, STRANGER = "unnamed", "near miss", "stranger"
KINDS = (UNNAMED, NEAR_MISS, "field", "far", "namesake", "fragment")
FACTS = (4, 10, 16)
STRANGERS = 4
WEIGHTS = {STRANGER: 0.5, NEAR_MISS: 2.0}
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A reply against a target: of what kind it is of that, whether it tells, and the features."""

    target: Told
    kind: str
    tells: bool
    features: npt.NDArray[np.float64]


def known_of(told: Told, facts: int, seed: int) -> Known:
    """What the detector keeps of a target with so many of its facts."""
    ready = words_of_target(told.target(facts, seed))
    return Known(ready.own_words, ready.postings, log1p(sum(ready.is_fact)))


def rows_of(targets: Sequence[Told], seed: int, draws: int) -> Iterator[Row]:
    """Every reply that names its target nowhere, against that and some strangers."""
    draw = random.Random(seed)
    known = [[known_of(t, draw.choice(FACTS), n) for t in targets] for n in range(draws)]
    for at, told in enumerate(targets):
        for reply in told.replies:
            if reply.kind in KINDS:
                yield from _of_reply(reply, at, targets, known, draw)


def _of_reply(
    reply: Reply,
    at: int,
    targets: Sequence[Told],
    known: Sequence[Sequence[Known]],
    draw: random.Random,
) -> Iterator[Row]:
    pieces = [words for _, words in Converging(reply.text).pieces]
    asked = words_in(read(reply.question))
    for some in known:
        features = shared_with(pieces, asked, some[at])
        yield Row(targets[at], reply.kind, bool(reply.marks), features)
        for other in draw.sample(range(len(targets)), STRANGERS):
            if other != at:
                features = shared_with(pieces, asked, some[other])
                yield Row(targets[other], STRANGER, False, features)


def fitted(rows: Sequence[Row], seed: int) -> HistGradientBoostingClassifier:
    """Trees that go up and down as they may."""
    signs = [1 if name in UP else -1 if name in DOWN else 0 for name in WHOLE]
    trees = HistGradientBoostingClassifier(
        max_iter=80,
        max_leaf_nodes=8,
        min_samples_leaf=30,
        l2_regularization=5.0,
        early_stopping=False,
        monotonic_cst=signs,
        random_state=seed,
    )
    weights = [WEIGHTS.get(row.kind, 1.0) for row in rows]
    return trees.fit(_features(rows), [row.tells for row in rows], sample_weight=weights)


def held_margins(rows: Sequence[Row], seed: int) -> npt.NDArray[np.float64]:
    """Each row's margin by trees that have not seen its target."""
    margins = np.zeros(len(rows))
    folds = GroupKFold(FOLDS).split(rows, groups=[row.target.id for row in rows])
    for seen, unseen in folds:
        trees = fitted([rows[i] for i in seen], seed)
        margins[unseen] = trees.decision_function(_features([rows[i] for i in unseen]))
    return margins


def _features(rows: Sequence[Row]) -> npt.NDArray[np.float64]:
    return np.array([row.features for row in rows])


def shares(rows: Sequence[Row], margins: npt.NDArray[np.float64], limit: float) -> str:
    """Of each kind, how many rows there are and the share over the limit."""
    kinds = dict.fromkeys((row.kind, row.tells) for row in rows)
    cells = []
    for kind, tells in sorted(kinds):
        mine = [m > limit for m, r in zip(margins, rows, strict=True)
                if (r.kind, r.tells) == (kind, tells)]  # fmt: skip
        name = f"{kind}, tells" if tells else kind
        cells.append([name, str(len(mine)), f"{np.mean(mine):.4f}"])
    return table(["kind", "rows", "over the limit"], cells)


def main() -> None:
    """Fit, write, and print what is found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--share", type=float, default=0.005, help="of near misses over the limit")
    parser.add_argument("--draws", type=int, default=2, help="of the facts that are known")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with threadpool_limits(1):
        targets = told_targets()
        rows = list(rows_of([t for t in targets if not is_reported(t)], given.seed, given.draws))
        margins = held_margins(rows, given.seed)
        near = [m for m, row in zip(margins, rows, strict=True) if row.kind == NEAR_MISS]
        limit = round(conformal_threshold(near, given.share), 4)
        trees = fitted(rows, given.seed)
    data = {"limit": limit, "share": given.share, "scorer": trees_to_json(trees, WHOLE)}
    given.out.write_text(json.dumps(data) + "\n", "utf-8")
    print(f"limit {limit}\n\nby folds, fitted on other targets:\n{shares(rows, margins, limit)}")
    kept = list(rows_of([t for t in targets if is_reported(t)], given.seed, given.draws))
    print(f"\nkept from the fit:\n{shares(kept, trees.decision_function(_features(kept)), limit)}")


if __name__ == "__main__":
    main()
