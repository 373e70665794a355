"""What the attributor's word changes of what was found in a text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from amnestic.tools.detection.calibration import Thresholds
from amnestic.tools.detection.measures import Measure, Scored
from amnestic.tools.detection.weights import FEATURES
from amnestic.types import Assessment, Band, Evidence, Finding, LeakKind, Span

__all__ = ["Attributed", "decided", "is_by_place"]

_ATTRIBUTED = "attributed"
_COUNTS = 0.5  # score of a piece from which on it is shown

_SEVERAL = 2  # names that are known of a target, which by themselves make it likely
_FEW = 4  # words of a piece from which on it can be told that it is of somebody else
_MIXED = re.compile(r"[^\W\d_]\d|\d(?!(?:st|nd|rd|th|s)\b)[^\W\d_]")  # digits for letters


@dataclass(frozen=True, slots=True)
class Attributed:
    """What a reader of a whole text says of its pieces and one target.

    `pieces` are the log-odds with which those tell of it in which nothing names it for certain;
    pieces of which it can say nothing are not among them. `may_clear` says that its no counts,
    `may_find` that its yes does: it knows nothing of what may still be told of a target.
    """

    target_id: str
    pieces: Mapping[Span, float]
    may_clear: bool = False
    may_find: bool = True


def decided(
    scored: Sequence[Scored],
    read: Sequence[Attributed],
    limits: Thresholds,
    held: Collection[str] = (),
) -> tuple[list[Scored], tuple[Assessment, ...]]:
    """What is left of the measures, and what the reader finds of each target beside them.

    A reader that sees the whole text decides whose a piece is that names nobody for certain: what
    it is sure to be told of others is clean, and what is told of the target is found, whatever the
    piece shows by itself. It clears nothing that is certain: no piece over the leak threshold, none
    with a name, an alias or an identifier of the target, none with several names that are known of
    it where the verifier says that it tells of it, none that the reader did not read whole, that
    says too little or has digits among letters, and nothing at all of targets that are `held`, or
    where its no does not count.

    Args:
        scored: all measures of the text.
        read: what the reader says, once for each target that it was asked of.
        limits: of its log-odds.
        held: the targets of which even the least uncertain word counts.
    """
    clears = {
        one.target_id: _Pieces(one.pieces, limits)
        for one in read
        if one.may_clear and one.target_id not in held
    }
    left = [
        one._replace(band=Band.CLEAN)
        if one.measure.target_id in clears
        and _is_open(one)
        and clears[one.measure.target_id].are_of_others(one.measure.span)
        else one
        for one in scored
    ]
    told = (_assessment(one, limits) for one in read if one.may_find)
    return left, tuple(found for found in told if found is not None)


def is_by_place(found: Assessment | Finding) -> bool:
    """Whether what was found tells of a target by where it stands: alone it may show nothing."""
    return any(evidence.name == _ATTRIBUTED for evidence in found.evidence)


def _is_open(scored: Scored) -> bool:
    measure = scored.measure
    says_enough = len(measure.window.split()) >= _FEW and not _MIXED.search(measure.window)
    is_open = scored.band is Band.UNCERTAIN and not measure.named
    return is_open and says_enough and not _is_vouched_for(measure)


def _is_vouched_for(measure: Measure) -> bool:
    """Whether others agree that a piece tells of a target: it holds several names that are known of
    it, and the verifier says so too."""
    if not (measure.logit or 0.0) > 0:
        return False
    values = dict(zip(FEATURES[measure.kind], measure.features, strict=True))
    return bool(values.get("a_known_names", values.get("known_names", 0.0)) >= _SEVERAL)


class _Pieces:
    """The pieces of a text that were read, in order."""

    def __init__(self, pieces: Mapping[Span, float], limits: Thresholds) -> None:
        self._limits = limits
        self._read = sorted(((p.start, p.end, raw) for p, raw in pieces.items()))
        self._starts = [start for start, _, _ in self._read]

    def are_of_others(self, span: Span) -> bool:
        """Whether all of a span was read and is told of others; an empty one stands nowhere."""
        at = max(0, bisect_right(self._starts, span.start) - 1)
        reached = span.start
        while at < len(self._read) and self._read[at][0] < span.end:
            start, end, raw = self._read[at]
            if end > span.start:
                if start > reached or not raw < self._limits.clean:
                    return False
                reached = max(reached, end)
            at += 1
        return reached >= span.end > span.start


def _assessment(read: Attributed, limits: Thresholds) -> Assessment | None:
    """What it says of a target; `None` where it speaks for nothing."""
    raws = {piece: raw for piece, raw in read.pieces.items() if raw > limits.clean}
    if not raws:
        return None
    top = max(raws.values())
    counting = {piece for piece, raw in raws.items() if limits.scaled(raw) >= _COUNTS}
    return Assessment(
        read.target_id,
        limits.scaled(top),
        limits.band(top),
        LeakKind.INDIRECT,
        tuple(sorted(counting or raws, key=lambda s: (s.start, s.end))),
        (Evidence(_ATTRIBUTED, round(top, 4)),),
    )
