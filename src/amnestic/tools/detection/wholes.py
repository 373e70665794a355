"""A whole reply against a target that it names nowhere: what all of it shares with the facts.

A sentence that speaks of "her second novel" shows by itself too little to be anybody's; ten of them
that touch three facts of one target are about it, unless they are about somebody else, whose name
they say again and again. So what is counted are the words that a text shares with each fact, near
each other and in all, and the names that nothing known of the target holds. Boosted trees weigh
that; their margin goes up with what is shared and down with others' names, whatever they were
fitted on (`benchmarks/wholes.py`, on replies that were marked by hand).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from math import log1p
from typing import Any

from amnestic.tools.detection.company import excepts_something
from amnestic.tools.detection.convergence import TOGETHER, Converging
from amnestic.tools.detection.measures import Scored
from amnestic.tools.detection.scorer import TreeScorer
from amnestic.tools.detection.whole_features import WHOLE, Known, shared_with, telling_words
from amnestic.tools.index import TargetProfile
from amnestic.tools.protocols import Context
from amnestic.tools.reading import read, words_in
from amnestic.types import Assessment, Band, Evidence, LeakKind

__all__ = ["WholeScorer", "Wholes", "is_whole", "shipped_whole_scorer"]

_FILE = "wholes.json"
_SCORE = 0.9
_LEAST_KNOWN = log1p(4)  # facts of a target, as few as any had that the scorer was fitted on


@dataclass(frozen=True, slots=True)
class WholeScorer:
    """Trees over `WHOLE`, and the margin over which a text tells of a target."""

    trees: TreeScorer
    limit: float

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> WholeScorer:
        """Read what `benchmarks/wholes.py` wrote; raises `ConfigurationError` where it was fitted
        on other features."""
        return cls(TreeScorer.from_json(data["scorer"], WHOLE), float(data["limit"]))


@cache
def shipped_whole_scorer() -> WholeScorer:
    """The scorer that comes with the package."""
    file = resources.files("amnestic.tools.detection").joinpath("data", _FILE)
    return WholeScorer.from_json(json.loads(file.read_text("utf-8")))


class Wholes:
    """Weighs a reply as a whole against the targets that some piece of it was measured against.

    Args:
        text: the reply, in pieces.
        asked: the question that it answers, which may be empty.
        profile_of: what is known of a target, by its id.
        scorer: that of the package unless given.
    """

    def __init__(
        self,
        text: Converging,
        asked: str,
        profile_of: Callable[[str], TargetProfile | None],
        scorer: WholeScorer | None = None,
    ) -> None:
        self._text = text
        self._asked = asked
        self._profile_of = profile_of
        self._scorer = scorer or shipped_whole_scorer()
        self._margins: dict[str, float] = {}

    def told(self, found: Sequence[Assessment], scored: Iterable[Scored]) -> tuple[Assessment, ...]:
        """What was found in the reply, and beside it the targets that it tells of as a whole.
        What is certain of a target stands as it is, as does what is found of one with exceptions,
        of a record, of which numbers are known that are like those of others, of one with fewer
        facts than the scorer was fitted on, and of one that the reply names: of those single pieces
        decide."""
        rows = [one.measure for one in scored]
        named = {m.target_id for m in rows if m.named}
        by_id = {a.target_id: a for a in found}
        for target_id in dict.fromkeys(m.target_id for m in rows if m.target_id not in named):
            known = by_id.get(target_id)
            if known is None or known.band is not Band.LEAK:
                told = self._of(target_id, known)
                if told is not None:
                    by_id[target_id] = told
        return tuple(sorted(by_id.values(), key=lambda a: -a.score))

    def _of(self, target_id: str, known: Assessment | None) -> Assessment | None:
        profile = self._profile_of(target_id)
        if profile is None or profile.fact_count < _LEAST_KNOWN:
            return None
        if profile.target.identifiers or excepts_something(profile.target):
            return None
        of_target = Known(profile.own_words, profile.postings, profile.fact_count)
        margin = self._margins.get(target_id)
        if margin is None:
            margin = self._margins[target_id] = self._margin(of_target)
        if margin <= self._scorer.limit:
            return None
        evidence = Evidence(TOGETHER, round(margin, 4))
        spans = tuple(
            place for place, words in self._text.pieces if telling_words(words, of_target)
        )
        if known is None:
            return Assessment(target_id, _SCORE, Band.LEAK, LeakKind.INDIRECT, spans, (evidence,))
        every = tuple(sorted({*spans, *known.spans}, key=lambda s: (s.start, s.end)))
        reasons = (*known.evidence, evidence)
        return replace(known, score=_SCORE, band=Band.LEAK, spans=every, evidence=reasons)

    def _margin(self, known: Known) -> float:
        pieces = [words for _, words in self._text.pieces]
        row = shared_with(pieces, words_in(read(self._asked)), known)
        return float(self._scorer.trees.margins(row[None, :])[0])


def is_whole(context: Context) -> bool:
    """Whether a text is a reply as the model first gave it, and no piece or rest of one, nor what
    was written under a note that its writer knows nothing."""
    is_cut = context.told or context.drafts is not None
    return context.reply and not (is_cut or context.own or context.bulk)
