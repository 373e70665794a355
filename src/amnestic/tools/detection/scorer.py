"""The fused score: boosted trees over the evidence, kept as plain arrays.

The trees are fitted by `benchmarks/detection.py fit` with scikit-learn, which is not needed to
use them: a tree is a row of split features, thresholds and values, and all trees are walked at
once, one level at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.exceptions import ConfigurationError

__all__ = ["TreeScorer"]


@dataclass(frozen=True, slots=True)
class TreeScorer:
    """Additive trees for one kind of text. Arrays have one row for each tree.

    A leaf points to itself, so that walking `depth` levels always ends in a leaf.
    """

    features: tuple[str, ...]
    baseline: float
    depth: int
    feature: npt.NDArray[np.int64]
    threshold: npt.NDArray[np.float64]
    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    value: npt.NDArray[np.float64]

    @classmethod
    def from_json(cls, data: Mapping[str, Any], features: Sequence[str]) -> TreeScorer:
        """Read a scorer; raises `ConfigurationError` unless it was fitted on these features.

        >>> leaf = {"baseline": 0.5, "depth": 1, "feature": [[0]], "threshold": [[0.0]],
        ...         "left": [[0]], "right": [[0]], "value": [[0.25]], "features": ["full"]}
        >>> scorer = TreeScorer.from_json(leaf, ["full"])
        >>> float(scorer.margins(np.zeros((1, 1)))[0])
        0.75
        """
        if tuple(data["features"]) != tuple(features):
            raise ConfigurationError(
                "the scorer's file was fitted on other features than this version computes: "
                "fit it again with `python benchmarks/detection.py fit`"
            )
        return cls(
            tuple(features),
            float(data["baseline"]),
            int(data["depth"]),
            np.array(data["feature"], dtype=np.int64),
            np.array(data["threshold"], dtype=np.float64),
            np.array(data["left"], dtype=np.int64),
            np.array(data["right"], dtype=np.int64),
            np.array(data["value"], dtype=np.float64),
        )

    def margins(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The log-odds of each row of features, shape `(n, features)` to `(n,)`."""
        trees = np.arange(len(self.feature))[None, :]
        at = np.zeros((len(rows), len(self.feature)), dtype=np.int64)
        picks = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            goes_left = rows[picks, self.feature[trees, at]] <= self.threshold[trees, at]
            at = np.where(goes_left, self.left[trees, at], self.right[trees, at])
        total: npt.NDArray[np.float64] = self.value[trees, at].sum(axis=1) + self.baseline
        return total

    def probabilities(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The margins as probabilities in (0, 1)."""
        out: npt.NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(self.margins(rows), -30, 30)))
        return out
