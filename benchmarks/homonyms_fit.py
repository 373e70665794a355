"""Fit what tells a name from the word that it is: `python benchmarks/homonyms_fit.py`.

Fitted on `benchmarks/data/homonyms/fitted.jsonl` alone, with the targets as they are stored and
with their names alone; every use of a name in a question or a reply is a row, which tells of the
target where its case does; questions are read in small letters, too. A logistic regression with a
quadratic penalty, chosen by cross-validation over the targets, which is printed. Writes
`senses.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from homonyms import DATA, cases_of, targets_of
from sklearn.linear_model import LogisticRegression

from amnestic.config import default_cache_dir
from amnestic.tools.detection.gauge import Gauge
from amnestic.tools.detection.senses import SenseScorer
from amnestic.tools.detection.uses import FEATURES
from amnestic.tools.embedding import load_embedder
from amnestic.tools.index import FacetIndex, Roster
from amnestic.tools.protocols import Context

TARGET = Path(__file__).parents[1] / "src/amnestic/tools/detection/data/senses.json"
PENALTIES = (0.3, 1.0, 3.0, 10.0)
FOLDS = 6


class Recorder(SenseScorer):
    """A scorer that notes what it is asked, and takes every name for one."""

    seen: ClassVar[list[tuple[float, ...]]] = []

    def margin(self, features: Mapping[str, float]) -> float:
        self.seen.append(tuple(features[name] for name in FEATURES))
        return 1.0


def rows_of(rows: list[dict[str, Any]], *, bare: bool) -> Iterator[tuple[str, bool, list[float]]]:
    """For each use of a name: its target, whether it is meant, and its features."""
    embedder = load_embedder("minilm", default_cache_dir())
    index = FacetIndex(embedder)
    for target in targets_of(rows, bare=bare):
        index.add(target)
    roster = Roster(index, embedder)
    roster.refresh()
    recorder = Recorder({}, 0.0)
    gauge = Gauge(roster, embedder, recorder)
    for case in cases_of(rows):
        recorder.seen.clear()
        gauge.question(case.question, Context())
        gauge.question(case.question.lower(), Context())  # as people type
        gauge.answer(case.reply, case.question, Context())
        for features in dict.fromkeys(recorder.seen):
            yield case.id.split("-")[0], case.own, list(features)


def main() -> None:
    rows = [json.loads(line) for line in (DATA / "fitted.jsonl").read_text("utf-8").splitlines()]
    found = [r for bare in (False, True) for r in rows_of(rows, bare=bare)]
    ids = np.array([r[0] for r in found])
    y = np.array([r[1] for r in found], float)
    x = np.array([r[2] for r in found])
    print(f"{len(y)} uses, {int(y.sum())} of targets")
    names = sorted(set(ids.tolist()))
    best = (0.0, PENALTIES[0])
    for penalty in PENALTIES:
        right = []
        for fold in range(FOLDS):
            held = np.isin(ids, names[fold::FOLDS])
            model = LogisticRegression(C=1 / penalty, max_iter=5_000).fit(x[~held], y[~held])
            right += (model.predict(x[held]) == y[held]).tolist()
        print(f"penalty {penalty}: {np.mean(right):.3f} right of targets left out")
        best = max(best, (float(np.mean(right)), penalty))
    model = LogisticRegression(C=1 / best[1], max_iter=5_000).fit(x, y)
    weights = dict(zip(FEATURES, model.coef_[0].tolist(), strict=True))
    means = zip(x[y > 0].mean(0), x[y == 0].mean(0), strict=True)
    for (name, weight), (own, other) in zip(weights.items(), means, strict=True):
        print(f"{name:14} {weight:6.2f}   mean of targets {own:5.2f}, of others {other:5.2f}")
    scorer = {
        "weights": {name: round(weight, 4) for name, weight in weights.items()},
        "intercept": round(float(model.intercept_[0]), 4),
    }
    TARGET.write_text(json.dumps(scorer, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
