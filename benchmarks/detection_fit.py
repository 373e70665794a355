"""Fitting the fused score and its calibration on measured rows.

The trees may only go up with evidence for a target and down with evidence for something else
(monotone constraints), which keeps them from learning what is particular to the people fitted on.
Scores for the calibration come from folds by target: no target's rows score themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from detection_rows import Row
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from amnestic.tools.detection.calibration import Calibration, conformal_threshold
from amnestic.tools.detection.scorer import TreeScorer
from amnestic.tools.detection.verification import MOST, Verification
from amnestic.tools.detection.weights import FEATURES, TextKind
from amnestic.tools.protocols import Pair, Verifier

__all__ = ["Fitted", "fit", "trees_to_json"]

_UP = frozenset(
    "full told surname part cos_max cos_top3 cos_description words_best words_any rare_best "
    "entities_known entities_best numbers_known joint_best in_nearest usual described "
    "opens_own".split()
)
_DOWN = frozenset(("behind_best", "entities_foreign", "other_names", "opens_other"))
_FOLDS = 4
_ASKED_SHARE = 0.4
_STRANGER_WEIGHT = 0.3
_LONELY_SHARE = 0.3

_PARAMETERS = {
    "max_iter": 180,
    "learning_rate": 0.07,
    "max_leaf_nodes": 12,
    "max_depth": 5,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
    "early_stopping": False,
}


@dataclass(frozen=True, slots=True)
class Held:
    """The rows of one kind of text, each scored by trees that have not seen its target."""

    rows: list[Row]
    scores: npt.NDArray[np.float64]

    def without(self, seen: Collection[str]) -> Held:
        """Those that are neither of nor against one of the targets `seen`."""
        kept = [i for i, r in enumerate(self.rows) if not {r.owner, r.target} & set(seen)]
        return Held([self.rows[i] for i in kept], self.scores[kept])


@dataclass(frozen=True, slots=True)
class Fitted:
    """Trees for each kind of text, and the scores that they are calibrated with.

    `named` holds the retained probes that name a target outright.
    """

    scorers: dict[str, Any]
    held: dict[TextKind, Held]
    named: frozenset[str]

    def weights(
        self, embedder: str, verifier: Verifier | None = None, seen: Collection[str] = ()
    ) -> dict[str, Any]:
        """What `Weights.from_json` reads: calibrated with the verifier's word, or without. What is
        of or against the targets `seen`, which the verifier was trained on, is left out."""
        retained: dict[str, list[float]] = {}
        forgotten: dict[str, list[float]] = {}
        rules: dict[str, Any] = {}
        for kind, all_held in self.held.items():
            held = all_held.without(seen)
            scores = held.scores
            if verifier is not None and kind is not TextKind.QUESTION:
                rule, scores = _verified(held, kind, self.named, verifier)
                rules[kind] = asdict(rule)
            found = _calibration_scores(held.rows, scores, kind, self.named)
            retained[kind], forgotten[kind] = found
        calibration = Calibration(embedder, retained, forgotten).to_json()
        return {"scorers": self.scorers, "calibration": calibration, "verification": rules}


def fit(rows: Sequence[Row], seed: int) -> Fitted:
    """Fit all scorers, and score each row by trees that have not seen its target."""
    with threadpool_limits(1):  # threads that wait for each other lose more than they win
        return _fit(rows, seed)


def _fit(rows: Sequence[Row], seed: int) -> Fitted:
    scorers: dict[str, Any] = {}
    held: dict[TextKind, Held] = {}
    for kind in TextKind:
        chosen = [r for r in rows if r.kind is kind and not r.named]
        features = np.array([r.features for r in chosen], dtype=np.float64)
        labels = np.array([_tells(r) for r in chosen])
        weights = np.array([_weight(r) for r in chosen])
        _make_lonely(features, FEATURES[kind], seed)
        scorers[kind] = trees_to_json(_trees(kind, features, labels, weights, seed), FEATURES[kind])
        scores = _held_scores(kind, chosen, features, labels, weights, seed)
        held[kind] = Held(chosen, scores)
    return Fitted(scorers, held, frozenset(r.probe for r in rows if r.named and not r.forget))


def _verified(
    held: Held, kind: TextKind, named: frozenset[str], verifier: Verifier
) -> tuple[Verification, npt.NDArray[np.float64]]:
    """How the verifier joins, and the joined scores.

    It is asked above the score that a share of the retained texts exceeds; its weight is that of a
    logistic regression on score and log-odds, over rows that neither has seen.
    """
    retained, _ = _calibration_scores(held.rows, held.scores, kind, named)
    floor = conformal_threshold(retained, _ASKED_SHARE)
    asked = [i for i, s in enumerate(held.scores) if s > floor]
    logits = np.full(len(held.rows), np.nan)
    logits[asked] = verifier.logits([_pair(held.rows[i]) for i in asked])
    evidence = np.stack([held.scores[asked], np.clip(logits[asked], -MOST, MOST)], axis=1)
    rows = [held.rows[i] for i in asked]
    model = LogisticRegression(C=1e3).fit(
        evidence, [_tells(r) for r in rows], sample_weight=[_weight(r) for r in rows]
    )
    own, told = model.coef_[0]
    rule = Verification(floor, round(float(max(told, 0.0) / max(own, 1e-6)), 4))
    return rule, rule.joined(held.scores, logits)


def _pair(row: Row) -> Pair:
    if row.pair is None:
        raise ValueError(f"the row of `{row.probe}` holds no pair to verify")
    return row.pair


def _tells(row: Row) -> bool:
    return row.forget and row.owner == row.target


def _weight(row: Row) -> float:
    """What a row counts: a forget probe measured against another target says little."""
    return _STRANGER_WEIGHT if row.forget and row.owner != row.target else 1.0


def _make_lonely(features: npt.NDArray[np.float64], names: Sequence[str], seed: int) -> None:
    """Give a share of the rows the features of a list with a single target on it."""
    alone = np.random.default_rng(seed).random(len(features)) < _LONELY_SHARE
    for i, name in enumerate(names):
        if name.endswith("behind_best"):
            features[alone, i] = 0.0


def _trees(
    kind: TextKind,
    features: npt.NDArray[np.float64],
    labels: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.float64],
    seed: int,
) -> HistGradientBoostingClassifier:
    signs = [_direction(name) for name in FEATURES[kind]]
    model = HistGradientBoostingClassifier(monotonic_cst=signs, random_state=seed, **_PARAMETERS)
    return model.fit(features, labels, sample_weight=weights)


def _direction(name: str) -> int:
    for prefix in ("qa_", "q_", "a_"):
        name = name.removeprefix(prefix)
    return 1 if name in _UP else -1 if name in _DOWN else 0


def _held_scores(
    kind: TextKind,
    rows: Sequence[Row],
    features: npt.NDArray[np.float64],
    labels: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.float64],
    seed: int,
) -> npt.NDArray[np.float64]:
    owners = sorted({r.owner or r.probe for r in rows})
    order = np.random.default_rng(seed).permutation(len(owners))
    fold_of = {owner: int(i) % _FOLDS for owner, i in zip(owners, order, strict=True)}
    folds = np.array([fold_of[r.owner or r.probe] for r in rows])
    scores = np.zeros(len(rows))
    for fold in range(_FOLDS):
        inside = folds == fold
        model = _trees(kind, features[~inside], labels[~inside], weights[~inside], seed)
        scores[inside] = model.decision_function(features[inside])
    return scores


_SOURCE = {
    TextKind.QUESTION: "question",
    TextKind.STATEMENT: "statement",
    TextKind.ANSWER: "answer",
}


def _calibration_scores(
    rows: Sequence[Row], scores: npt.NDArray[np.float64], kind: TextKind, named: frozenset[str]
) -> tuple[list[float], list[float]]:
    """The highest score of each retained text over all targets; each forgotten text's own.

    A neighbour's text that names a target outright is not to be retained, and does not count.
    """
    retained: dict[str, float] = {}
    forgotten: dict[str, float] = {}
    for row, score in zip(rows, scores, strict=True):
        if row.text != _SOURCE[kind]:
            continue
        if row.forget and row.owner == row.target:
            forgotten[row.probe] = max(forgotten.get(row.probe, -20.0), float(score))
        elif not row.forget and row.owner and row.probe not in named:
            retained[row.probe] = max(retained.get(row.probe, -20.0), float(score))
    return sorted(retained.values()), sorted(forgotten.values())


def trees_to_json(model: HistGradientBoostingClassifier, names: Sequence[str]) -> dict[str, Any]:
    """The trees as padded arrays; leaves point to themselves."""
    trees = [stage[0].nodes for stage in model._predictors]
    width = max(len(t) for t in trees)
    shape = (len(trees), width)
    out: Mapping[str, npt.NDArray[Any]] = {
        "feature": np.zeros(shape, np.int64),
        "threshold": np.zeros(shape),
        "left": np.zeros(shape, np.int64),
        "right": np.zeros(shape, np.int64),
        "value": np.zeros(shape),
    }
    for i, nodes in enumerate(trees):
        for j, node in enumerate(nodes):
            leaf = bool(node["is_leaf"])
            out["feature"][i, j] = 0 if leaf else node["feature_idx"]
            out["threshold"][i, j] = 0.0 if leaf else node["num_threshold"]
            out["left"][i, j] = j if leaf else node["left"]
            out["right"][i, j] = j if leaf else node["right"]
            out["value"][i, j] = node["value"] if leaf else 0.0
    data: dict[str, Any] = {k: _short(v) for k, v in out.items()}
    data["features"] = list(names)
    data["baseline"] = float(np.ravel(model._baseline_prediction)[0])
    data["depth"] = int(max(nodes["depth"].max() for nodes in trees))
    TreeScorer.from_json(data, names)
    return data


def _short(values: npt.NDArray[Any]) -> list[Any]:
    return np.round(values, 6).tolist() if values.dtype.kind == "f" else values.tolist()
