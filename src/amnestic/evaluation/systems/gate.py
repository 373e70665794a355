"""Gates: whether a question is about a forgotten subject, and which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.evaluation.contract import Subject
from amnestic.evaluation.systems.development import Texts, embedder

__all__ = ["CentroidGate", "PromptClassifier", "RequestGate", "best_threshold"]

Vectors = npt.NDArray[np.float32]

_ROUNDS, _RATE, _DECAY = 400, 20.0, 1e-3
_FOLDS = 5


def best_threshold(wanted: Sequence[float], others: Sequence[float]) -> float:
    """The score that parts two samples with the highest F1, both counted as if they were equally
    large; half-way between the scores beside it.

    >>> best_threshold([0.9, 0.8, 0.7], [0.1, 0.2, 0.3])
    0.5
    """
    scores = sorted({*wanted, *others})
    cuts = [scores[0] - 1e-6, *((a + b) / 2 for a, b in pairwise(scores))]

    def f1(cut: float) -> float:
        hit = sum(score >= cut for score in wanted) / len(wanted)
        false = sum(score >= cut for score in others) / len(others)
        return 2 * hit / (1 + hit + false)

    return float(max(cuts, key=f1))


@dataclass(frozen=True, slots=True)
class RequestGate:
    """The highest cosine of a question to any stored request, against a threshold.

    >>> told = [Subject("s", "Ana Morel", "Please forget Ana Morel. Ana Morel is a painter.")]
    >>> gate = RequestGate.of(told, threshold=0.6)
    >>> gate.opens("Is Ana Morel a painter?"), gate.opens("What is seven times eight?")
    (True, False)
    """

    stored: Vectors
    threshold: float

    @classmethod
    def of(cls, subjects: Sequence[Subject], threshold: float) -> RequestGate:
        """A gate that stores the requests of some subjects, each as it was worded."""
        return cls(embedder().embed([s.request for s in subjects]), threshold)

    def calibrated(self, texts: Texts) -> RequestGate:
        """The same gate with the threshold that parts development texts best."""
        asked, others = (self.scores(side) for side in (texts.forget, texts.retain))
        return RequestGate(self.stored, best_threshold(asked, others))

    def scores(self, texts: Sequence[str]) -> list[float]:
        """The highest cosine of each text to a stored request."""
        found = embedder().embed(list(texts)) @ self.stored.T
        return [float(score) for score in found.max(axis=1)]

    def opens(self, text: str) -> bool:
        """Whether a text is as near to a request as the threshold says."""
        return self.scores([text])[0] >= self.threshold


@dataclass(frozen=True, slots=True)
class CentroidGate:
    """The cosine of a question to the mean of each subject's development texts."""

    centroids: Vectors
    threshold: float

    @classmethod
    def of(cls, texts: Texts, threshold: float | None = None) -> CentroidGate:
        """A gate with one centroid a subject, and the threshold that parts the texts best unless
        one is given."""
        vectors, owners = embedder().embed(list(texts.forget)), np.array(texts.owners)
        means = np.stack([vectors[owners == i].mean(axis=0) for i in range(owners.max() + 1)])
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        others = embedder().embed(list(texts.retain))
        if threshold is None:
            asked = (vectors @ means.T).max(axis=1)
            threshold = best_threshold(
                [*map(float, asked)], [*map(float, (others @ means.T).max(1))]
            )
        return cls(means, threshold)

    def nearest(self, text: str) -> int | None:
        """The place of the subject whose centroid is nearest; None where none is near enough."""
        found = (embedder().embed([text]) @ self.centroids.T)[0]
        return int(found.argmax()) if found.max() >= self.threshold else None


class PromptClassifier:
    """Logistic regression on sentence vectors: whether a prompt asks for what must be forgotten.

    Fitted by gradient descent on all texts at once, both sides weighing the same; every fifth text
    is held out for the threshold. The same texts give the same weights.

    Args:
        texts: what speaks of the subjects, and of other things.
        threshold: of the probability from which a prompt counts; the one that parts the texts that
            were held out best unless given.
    """

    def __init__(self, texts: Texts, threshold: float | None = None) -> None:
        rows = embedder().embed([*texts.forget, *texts.retain])
        labels = np.r_[np.ones(len(texts.forget)), np.zeros(len(texts.retain))]
        places = np.r_[np.arange(len(texts.forget)), np.arange(len(texts.retain))]
        held = places % _FOLDS == _FOLDS - 1
        weights = np.where(labels == 1, 0.5 / len(texts.forget), 0.5 / len(texts.retain))
        weights[held] = 0.0
        self._weights: npt.NDArray[Any] = np.zeros(rows.shape[1])
        self._bias = 0.0
        for _ in range(_ROUNDS):
            error = weights * (self._probabilities(rows) - labels)
            self._weights -= _RATE * (rows.T @ error + _DECAY * self._weights)
            self._bias -= _RATE * error.sum()
        if threshold is None:
            found = self._probabilities(rows)
            asked, others = (map(float, found[held & (labels == side)]) for side in (1, 0))
            threshold = best_threshold([*asked], [*others])
        self.threshold = threshold

    def _probabilities(self, rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
        found: npt.NDArray[Any] = 1 / (1 + np.exp(-(rows @ self._weights + self._bias)))
        return found

    def probability(self, text: str) -> float:
        """How likely a prompt asks for one of the subjects."""
        return float(self._probabilities(embedder().embed([text]))[0])

    def opens(self, text: str) -> bool:
        """Whether a prompt counts as one that asks for a subject."""
        return self.probability(text) >= self.threshold
