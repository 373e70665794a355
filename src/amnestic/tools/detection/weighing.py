"""From measures to raw scores: the fitted scorers, joined with the verifier's word."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from amnestic.tools.detection.calibration import Thresholds
from amnestic.tools.detection.cross_encoder import shipped_verifier
from amnestic.tools.detection.measures import Measure
from amnestic.tools.detection.weights import FEATURES, TextKind, Weights, restates
from amnestic.tools.protocols import Pair, Verifier
from amnestic.types import Band

__all__ = ["Weigher", "is_of_asked", "is_read_as_telling"]

_Scores = npt.NDArray[np.float64]


_LEAST_WORDS = 0.1
_WORDS_BEST = FEATURES[TextKind.STATEMENT].index("words_best")


def is_read_as_telling(measure: Measure) -> bool:
    """Whether a sentence, which names no target, shares words with what is known of one, and a
    reader of both says that it rather tells of it than not: by itself that may be of others. In an
    answer on somebody else it is of them."""
    return measure.logit is not None and measure.logit > 0.0 and _may_be_telling(measure)


def _may_be_telling(measure: Measure) -> bool:
    """The same, as far as it can be said before anybody has read both."""
    if measure.kind is not TextKind.STATEMENT or measure.aside:
        return False
    return bool(measure.features[_WORDS_BEST] >= _LEAST_WORDS)


def is_of_asked(measure: Measure, band: Band) -> bool:
    """Whether what is left of an answer on somebody else, and is uncertain and names no target, is
    about them: a question on Lee is near to what Lee and the target did."""
    is_answer = measure.kind is TextKind.ANSWER and measure.aside
    return is_answer and band is Band.UNCERTAIN and not measure.names


def _has_a_say(measure: Measure, named: Collection[str]) -> bool:
    """Whether it matters what a reader says of a piece of a text. Where the text names the target
    for certain, it is found by its names, and what names it nowhere adds nothing."""
    return bool(measure.names) or measure.target_id not in named


def _may_be_told(measure: Measure, told: Collection[str]) -> bool:
    """Whether a sentence may count because its target is told of around it."""
    return measure.target_id in told and (measure.beside or _may_be_telling(measure))


class Weigher:
    """Scores the measures of a text. The verifier reads all pairs of the text in one call.

    Args:
        weights: the fitted scorers, and how the verifier's word joins them.
        pair: what the verifier reads of a measure; `None` where there is nothing to read.
        is_careful: whether even the least uncertain word of a target, by its id, may count.
        verifier: that of the package unless given.

    """

    def __init__(
        self,
        weights: Weights,
        pair: Callable[[Measure], Pair | None],
        is_careful: Callable[[str], bool],
        verifier: Verifier | None = None,
    ) -> None:
        self._weights = weights
        self._pair = pair
        self._is_careful = is_careful
        self._verifier = verifier

    def weighed(
        self,
        measures: Sequence[Measure],
        thresholds: Mapping[TextKind, Thresholds],
        *,
        careful: bool,
        told: Collection[str] = (),
        wary_of: Callable[[str], bool] = lambda target_id: False,
    ) -> list[tuple[Measure, float]]:
        """The measures by kind, with their raw scores and what the verifier said of them.

        `careful` says that whatever is uncertain may count, whosever it is. Where some targets were
        `told` of around the text (`Context.told`), what shares words with them may, and whatever is
        uncertain of those that one is `wary_of`.
        """
        kinds = {kind: [m for m in measures if m.kind is kind] for kind in TextKind}
        kinds = {kind: rows for kind, rows in kinds.items() if rows}
        raws = {
            kind: self._weights.scorers[kind].margins(np.array([m.features for m in rows]))
            for kind, rows in kinds.items()
        }
        wary = careful or bool(told)
        named = frozenset(m.target_id for m in measures if m.named and m.names)
        asked = [
            (kind, i)
            for kind, rows in kinds.items()
            for i in self._asked(rows, raws[kind], thresholds[kind], careful=wary)
            if kind is TextKind.QUESTION
            or (
                _has_a_say(rows[i], named)
                and (
                    careful
                    or _may_be_told(rows[i], told)
                    or self._may_count(rows[i], float(raws[kind][i]), thresholds[kind])
                    or wary_of(rows[i].target_id)
                )
            )
        ]
        logits = self._logits(kinds, asked)
        return [
            row for kind in kinds for row in self._joined(kinds[kind], raws[kind], logits[kind])
        ]

    def _asked(
        self, rows: Sequence[Measure], raws: _Scores, limits: Thresholds, *, careful: bool
    ) -> list[int]:
        """The measures that the verifier is asked about."""
        rule = self._weights.verification.get(rows[0].kind)
        if rule is None:
            return []
        wary = np.array([careful or self._is_careful(m.target_id) for m in rows])
        asked = rule.asked(raws, [(m.question, m.window) for m in rows], limits, wary)
        told = (rows[i].named or restates(rows[i].kind, rows[i].features) for i in range(len(rows)))
        return [i for i, known in enumerate(told) if asked[i] and not known]

    def _may_count(self, measure: Measure, raw: float, limits: Thresholds) -> bool:
        """Whether the verifier's word may make a measure count, where only what is likely does."""
        if self._is_careful(measure.target_id):
            return True
        return self._weights.verification[measure.kind].lifts_half_way(raw, limits)

    def _logits(
        self, kinds: Mapping[TextKind, Sequence[Measure]], asked: Sequence[tuple[TextKind, int]]
    ) -> dict[TextKind, _Scores]:
        """What the verifier says of the measures it is asked about; of others, not a number."""
        found = {kind: np.full(len(rows), np.nan) for kind, rows in kinds.items()}
        pairs = {
            place: pair
            for place in asked
            if (pair := self._pair(kinds[place[0]][place[1]])) is not None
        }
        if pairs:
            verifier = self._verifier or shipped_verifier()
            logits = verifier.logits(list(pairs.values())).tolist()
            for (kind, i), logit in zip(pairs, logits, strict=True):
                found[kind][i] = logit
        return found

    def _joined(
        self, rows: Sequence[Measure], raws: _Scores, logits: _Scores
    ) -> list[tuple[Measure, float]]:
        rule = self._weights.verification.get(rows[0].kind)
        if rule is None:
            return list(zip(rows, raws.tolist(), strict=True))
        told = list(rows)
        for i in np.flatnonzero(~np.isnan(logits)).tolist():
            told[i] = replace(rows[i], logit=float(logits[i]))
        return list(zip(told, rule.joined(raws, logits).tolist(), strict=True))
