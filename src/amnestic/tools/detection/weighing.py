"""From measures to raw scores: the fitted scorers, joined with the verifier's word."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from amnestic.tools.detection.calibration import Thresholds
from amnestic.tools.detection.cross_encoder import shipped_verifier
from amnestic.tools.detection.measures import NAMED, Measure
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
    return band is Band.UNCERTAIN and _may_be_of_asked(measure)


def _may_be_of_asked(measure: Measure) -> bool:
    """The same, as far as it can be said before it is known how likely it is."""
    return measure.kind is TextKind.ANSWER and measure.aside and not measure.names


def _counts(measure: Measure, raw: float, limits: Thresholds, told: Collection[str]) -> bool:
    """Whether a measure counts by itself, or may."""
    if measure.named or measure.beside or restates(measure.kind, measure.features):
        return True
    is_telling = measure.target_id in told and is_read_as_telling(measure)
    return is_telling or raw >= limits.split


class _Around(NamedTuple):
    """What a text stands in (`Weigher.weighed`), and the targets that it `named` itself."""

    wary: bool
    careful: bool
    told: Collection[str]
    named: Collection[str]
    wary_of: Callable[[str], bool]


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
        decides: whether nobody asks further about what hardly counts, so that the verifier need not
            either.

    """

    def __init__(
        self,
        weights: Weights,
        pair: Callable[[Measure], Pair | None],
        is_careful: Callable[[str], bool],
        verifier: Verifier | None = None,
        *,
        decides: bool = False,
    ) -> None:
        self._weights = weights
        self._pair = pair
        self._is_careful = is_careful
        self._verifier = verifier
        self._decides = decides

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
        uncertain of those that one is `wary_of`; else only what is likely, with what is uncertain
        of the same target beside it.
        """
        kinds = {kind: [m for m in measures if m.kind is kind] for kind in TextKind}
        kinds = {kind: rows for kind, rows in kinds.items() if rows}
        raws = {
            kind: self._weights.scorers[kind].margins(np.array([m.features for m in rows]))
            for kind, rows in kinds.items()
        }
        named = frozenset(m.target_id for m in measures if m.named and m.names)
        around = _Around(careful or bool(told), careful, told, named, wary_of)
        asked = {
            (kind, i): self._may_count(rows[i], float(raws[kind][i]), thresholds[kind], around)
            for kind, rows in kinds.items()
            for i in self._asked(rows, raws[kind], thresholds[kind], careful=around.wary)
            if self._has_a_say(rows[i], float(raws[kind][i]), thresholds[kind], around)
        }
        first = [place for place, may_count in asked.items() if may_count]
        logits = self._logits(kinds, first)
        found = self._all_joined(kinds, raws, logits)
        counting = {m.target_id for m, raw in found if _counts(m, raw, thresholds[m.kind], told)}
        rest = [
            p for p, now in asked.items() if not now and kinds[p[0]][p[1]].target_id in counting
        ]
        if not rest:
            return found
        more = self._logits(kinds, rest)
        logits = {kind: np.where(np.isnan(more[kind]), logits[kind], more[kind]) for kind in kinds}
        return self._all_joined(kinds, raws, logits)

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

    def _has_a_say(self, measure: Measure, raw: float, limits: Thresholds, around: _Around) -> bool:
        """Whether the verifier's word can change what is found in a text. Where the text names the
        target for certain, it is found by its names, and what names it nowhere adds nothing."""
        if measure.kind is TextKind.QUESTION or not self._decides:
            return True
        most = self._weights.verification[measure.kind].at_most(raw)
        if measure.target_id in around.named and not measure.names:
            return limits.scaled(most) > NAMED
        if measure.target_id in around.told and _may_be_of_asked(measure):
            return most > limits.leak
        return True

    def _may_count(self, measure: Measure, raw: float, limits: Thresholds, around: _Around) -> bool:
        """Whether a measure may count by itself. Beside what was told of targets only what is
        likely does: the rest shows where more is told of one that something counts of."""
        if measure.kind is TextKind.QUESTION or not (self._decides and around.told):
            return True
        if around.careful or self._is_careful(measure.target_id):
            return True
        if measure.target_id in around.told and (measure.beside or _may_be_telling(measure)):
            return True
        most = self._weights.verification[measure.kind].at_most(raw)
        return most >= limits.split or around.wary_of(measure.target_id)

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

    def _all_joined(
        self,
        kinds: Mapping[TextKind, Sequence[Measure]],
        raws: Mapping[TextKind, _Scores],
        logits: Mapping[TextKind, _Scores],
    ) -> list[tuple[Measure, float]]:
        return [
            row for kind in kinds for row in self._joined(kinds[kind], raws[kind], logits[kind])
        ]

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
