"""Gates: whether a question is about a forgotten subject, and which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from amnestic.evaluation.contract import Subject
from amnestic.evaluation.systems.development import Texts, embedder

__all__ = ["CentroidGate", "PromptClassifier", "RequestGate", "best_threshold"]

Vectors = npt.NDArray[np.float32]

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
    """Whether a prompt asks for what must be forgotten: by its nearest neighbours on both sides.

    The score of a prompt is its highest cosine to a text that speaks of a subject, less its highest
    cosine to one of another thing. Every fifth text is held out for the threshold. (A linear
    classifier on the same vectors does not tell one invented name from another.)

    Args:
        texts: what speaks of the subjects, and of other things.
        threshold: of the score from which a prompt counts; the one that parts the texts that were
            held out best unless given.
    """

    def __init__(self, texts: Texts, threshold: float | None = None) -> None:
        self._forget, asked = _parted(texts.forget)
        self._retain, others = _parted(texts.retain)
        if threshold is None:
            threshold = best_threshold(self._scores(asked), self._scores(others))
        self.threshold = threshold

    def _scores(self, rows: Vectors) -> list[float]:
        found = (rows @ self._forget.T).max(axis=1) - (rows @ self._retain.T).max(axis=1)
        return [float(score) for score in found]

    def score(self, text: str) -> float:
        """How much nearer a prompt is to the subjects than to other things."""
        return self._scores(embedder().embed([text]))[0]

    def opens(self, text: str) -> bool:
        """Whether a prompt counts as one that asks for a subject."""
        return self.score(text) >= self.threshold


def _parted(texts: Sequence[str]) -> tuple[Vectors, Vectors]:
    """The vectors of some texts, and of those that are held out."""
    rows = embedder().embed(list(texts))
    held = np.arange(len(rows)) % _FOLDS == _FOLDS - 1
    return rows[~held], rows[held]
