"""From measures to raw scores: the fitted scorers, joined with the verifier's word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


def is_read_as_telling(measure: Measure) -> bool:
    """Whether a sentence, which names no target, shares words with what is known of one, and a
    reader of both says that it rather tells of it than not: by itself that may be of others. In an
    answer on somebody else it is of them."""
    if measure.kind is not TextKind.STATEMENT or measure.logit is None or measure.aside:
        return False
    words = measure.features[FEATURES[measure.kind].index("words_best")]
    return bool(words >= _LEAST_WORDS and measure.logit > 0.0)


def is_of_asked(measure: Measure, band: Band) -> bool:
    """Whether what is left of an answer on somebody else, and is uncertain and names no target, is
    about them: a question on Lee is near to what Lee and the target did."""
    is_answer = measure.kind is TextKind.ANSWER and measure.aside
    return is_answer and band is Band.UNCERTAIN and not measure.names


def _is_another_word(measure: Measure) -> bool:
    """Whether what a text has in common with a target is a word of its name that stands for
    something else, and no other."""
    values = dict(zip(FEATURES[measure.kind], measure.features, strict=True))
    return measure.homonym and not values.get("a_words_any", values.get("words_any", 0.0))


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
    ) -> list[tuple[Measure, float]]:
        """The measures by kind, with their raw scores and what the verifier said of them.

        `careful` says that whatever is uncertain may count, whosever it is.
        """
        kinds = {kind: [m for m in measures if m.kind is kind] for kind in TextKind}
        kinds = {kind: rows for kind, rows in kinds.items() if rows}
        raws = {
            kind: self._weights.scorers[kind].margins(np.array([m.features for m in rows]))
            for kind, rows in kinds.items()
        }
        asked = [
            (kind, i)
            for kind, rows in kinds.items()
            for i in self._asked(rows, raws[kind], thresholds[kind], careful=careful)
        ]
        logits = self._logits(kinds, asked)
        return [
            row for kind in kinds for row in self._joined(kinds[kind], raws[kind], logits[kind])
        ]

    def _asked(
        self, rows: Sequence[Measure], raws: _Scores, limits: Thresholds, *, careful: bool
    ) -> list[int]:
        """The measures that the verifier is asked about: none of which nothing speaks for a target
        but a word that is another one there, which it would take for the name."""
        rule = self._weights.verification.get(rows[0].kind)
        if rule is None:
            return []
        wary = np.array([careful or self._is_careful(m.target_id) for m in rows])
        asked = rule.asked(raws, [(m.question, m.window) for m in rows], limits, wary)
        told = (m.named or _is_another_word(m) or restates(m.kind, m.features) for m in rows)
        return [i for i, known in enumerate(told) if asked[i] and not known]

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
