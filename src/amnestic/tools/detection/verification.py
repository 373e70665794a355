"""Joining the verifier's word to the fused score, where that leaves a text uncertain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.tools.detection.calibration import Thresholds
from amnestic.tools.detection.cross_encoder import FACTS, premise
from amnestic.tools.index import TargetProfile
from amnestic.tools.protocols import Pair, Vectors
from amnestic.tools.reading import blank_filled
from amnestic.types import FacetKind

__all__ = ["MOST", "Verification", "pair_of"]

MOST = 4.0
"""The log-odds beyond which the verifier's word counts no more."""

_TARGETS = 2
_Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Verification:
    """How the verifier's log-odds join the raw score of one kind of text: `raw + weight * logit`.

    It is asked where the raw score is over `floor` and its word can make the text count. Whatever
    it is not asked about counts as if it had said no, as firmly as it can.
    """

    floor: float
    weight: float

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verification:
        """Read what `dataclasses.asdict` wrote."""
        return cls(float(data["floor"]), float(data["weight"]))

    def asked(
        self,
        raws: _Scores,
        texts: Sequence[object],
        thresholds: Thresholds,
        careful: bool | npt.NDArray[np.bool_] = True,
    ) -> npt.NDArray[np.bool_]:
        """Where the verifier is asked: where its word can change the band, and of the targets of
        one text (those with equal `texts`) for the likeliest few.

        Not `careful` means that what is hardly uncertain counts for nothing: then its word has to
        lift a text half-way to the middle of the band.

        >>> rule = Verification(floor=-2.0, weight=1.0)
        >>> limits = Thresholds(-1.0, 5.0, 6.0)
        >>> rule.asked(np.array([-3.0, -1.9, 0.0, 11.0]), "abcd", limits).tolist()
        [False, True, True, False]
        >>> rule.asked(np.array([-3.0, -2.1, 0.0, 11.0]), "abcd", limits, False).tolist()
        [False, False, True, False]
        """
        reach = self.weight * MOST
        half_way = (thresholds.clean + thresholds.split) / 2
        sunk = raws + reach <= np.where(careful, thresholds.clean, half_way)
        settled = raws - reach > thresholds.leak
        mask = np.asarray((raws > self.floor) & ~sunk & ~settled)
        seen: Counter[object] = Counter()
        for i in sorted(np.flatnonzero(mask).tolist(), key=lambda i: -raws[i]):
            seen[texts[i]] += 1
            mask[i] = seen[texts[i]] <= _TARGETS
        return mask

    def at_most(self, raw: float) -> float:
        """What a raw score can become by the verifier's word.

        >>> Verification(-2.0, 0.5).at_most(1.0)
        3.0
        """
        return raw + self.weight * MOST

    def joined(self, raws: _Scores, logits: _Scores) -> _Scores:
        """The scores with the verifier's word; `logits` is not a number where it was not asked.

        >>> Verification(-2.0, 0.5).joined(np.array([1.0, 1.0]), np.array([2.0, np.nan])).tolist()
        [2.0, -1.0]
        """
        told = np.where(np.isnan(logits), -MOST, np.clip(logits, -MOST, MOST))
        return np.asarray(raws + self.weight * told, np.float64)


def pair_of(
    profile: TargetProfile, vector: Vectors, question: str, window: str, before: str = ""
) -> Pair:
    """What the verifier reads: the text, what is known of a target with the facts nearest to its
    vector, and what was said before."""
    target = profile.target
    known = [f for f in target.facets if f.kind not in (FacetKind.ALIAS, FacetKind.DESCRIPTION)]
    cosines = profile.vectors[profile.is_fact] @ vector
    nearest = [known[i].text for i in np.argsort(-cosines, kind="stable")[:FACTS]]
    known_of = premise(target.subject, target.description, nearest)
    return Pair(known_of, blank_filled(question, window), before)
