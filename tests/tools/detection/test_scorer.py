"""What the fused score promises."""

from __future__ import annotations

import numpy as np
import pytest

from amnestic.exceptions import ConfigurationError
from amnestic.tools.detection.scorer import TreeScorer
from amnestic.tools.detection.weights import FEATURES, TextKind, shipped_weights

_STUMP = {
    "features": ["a", "b"],
    "baseline": -1.0,
    "depth": 1,
    "feature": [[1, 0, 0]],
    "threshold": [[0.5, 0.0, 0.0]],
    "left": [[1, 1, 2]],
    "right": [[2, 1, 2]],
    "value": [[0.0, -2.0, 3.0]],
}


def test_a_tree_sends_each_row_to_its_leaf() -> None:
    scorer = TreeScorer.from_json(_STUMP, ["a", "b"])
    assert scorer.margins(np.array([[9.0, 0.0], [9.0, 1.0]])).tolist() == [-3.0, 2.0]


def test_probabilities_stay_inside_zero_and_one() -> None:
    scorer = TreeScorer.from_json(_STUMP, ["a", "b"])
    found = scorer.probabilities(np.array([[0.0, 0.0], [0.0, 1.0]]))
    assert 0 < found[0] < 0.5 < found[1] < 1


def test_weights_fitted_on_other_features_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="fit it again"):
        TreeScorer.from_json(_STUMP, ["a", "c"])


@pytest.mark.parametrize("kind", list(TextKind))
def test_shipped_weights_never_fall_when_a_name_comes_in(kind: TextKind) -> None:
    scorer = shipped_weights().scorers[kind]
    rows = np.random.default_rng(0).random((200, len(FEATURES[kind])))
    for i, name in enumerate(FEATURES[kind]):
        if name.removeprefix("q_").removeprefix("a_") in ("full", "told", "surname"):
            absent, present = rows.copy(), rows.copy()
            absent[:, i], present[:, i] = 0.0, 1.0
            assert (scorer.margins(present) >= scorer.margins(absent) - 1e-9).all()
