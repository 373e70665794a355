"""The fitted part of the detector: one scorer for each kind of text, and their calibration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from amnestic.tools.detection.calibration import Calibration, Thresholds
from amnestic.tools.detection.evidence import ALONE, TOGETHER, Features
from amnestic.tools.detection.scorer import TreeScorer
from amnestic.tools.detection.verification import Verification

__all__ = ["FEATURES", "TextKind", "Weights", "restates", "shipped_weights"]

_FILE = "detector.json"


class TextKind(StrEnum):
    """What is judged: a question, a statement by itself, or an answer with its question."""

    QUESTION = "question"
    STATEMENT = "statement"
    ANSWER = "answer"


FEATURES: Mapping[TextKind, tuple[str, ...]] = {
    TextKind.QUESTION: ALONE,
    TextKind.STATEMENT: ALONE,
    TextKind.ANSWER: TOGETHER,
}
"""The features of each kind of text, in order."""


_RESTATED_WORDS = 0.9
_RESTATED_COSINE = 0.72


def restates(kind: TextKind, features: Features) -> bool:
    """Whether a text says again, nearly word for word, what one fact of the target says.

    An answer does when all telling words of it and of its question stand in one near fact, or when
    those of the question do and it says a part of the target's name; a statement when all of its
    own do. Such a text tells the fact, however a scorer fitted on other people weighs it.
    """
    values = dict(zip(FEATURES[kind], features, strict=True))
    if kind is TextKind.ANSWER and _names_whom_a_fact_is_about(values):
        return True
    if kind is TextKind.ANSWER:
        words, cosine = values["joint_best"], values["qa_cos_max"]
        telling = values["a_entities_known"] + values["a_numbers_known"] > 0
    elif kind is TextKind.STATEMENT:
        words, cosine = values["words_best"], values["cos_max"]
        telling = values["entities_known"] + values["numbers_known"] > 1
    else:
        return False
    return telling and bool(words >= _RESTATED_WORDS and cosine >= _RESTATED_COSINE)


def _names_whom_a_fact_is_about(values: Mapping[str, float]) -> bool:
    """Whether a question asks in the words of one fact and the answer is a part of the name."""
    named = values["a_told"] + values["a_surname"] + values["a_part"] > 0
    telling = values["q_entities_known"] + values["q_numbers_known"] > 0
    return named and telling and bool(values["q_words_best"] >= _RESTATED_WORDS)


@dataclass(frozen=True, slots=True)
class Weights:
    """Scorers by kind of text, with the calibration that belongs to them.

    `verification` says for which kinds of text, and how, the verifier's word joins the score; the
    calibration is then of joined scores.
    """

    scorers: Mapping[TextKind, TreeScorer]
    calibration: Calibration
    verification: Mapping[TextKind, Verification] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Weights:
        """Read what the fit wrote; raises `ConfigurationError` when it does not fit this code."""
        scorers = {k: TreeScorer.from_json(data["scorers"][k], FEATURES[k]) for k in TextKind}
        joined = data.get("verification", {})
        verification = {TextKind(k): Verification.from_json(v) for k, v in joined.items()}
        return cls(scorers, Calibration.from_json(data["calibration"]), verification)

    def thresholds(self, alpha: float) -> Mapping[TextKind, Thresholds]:
        """The thresholds of every kind of text at one alpha.

        A question is judged before anything is answered and its answer is judged again, so that
        the two must share the bound: a question gets a quarter of it.
        """
        shares = {TextKind.QUESTION: 0.25, TextKind.STATEMENT: 1.0, TextKind.ANSWER: 1.0}
        return {k: self.calibration.thresholds(k, alpha * shares[k]) for k in TextKind}


@cache
def shipped_weights() -> Weights:
    """The weights that come with the package, fitted by `benchmarks/detection_fit.py` on all
    people of the development data; figures about those people need a fit of their own."""
    file = resources.files("amnestic.tools.detection").joinpath("data", _FILE)
    return Weights.from_json(json.loads(file.read_text("utf-8")))
