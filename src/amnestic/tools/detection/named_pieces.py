"""A text cut into pieces that are judged one by one, each with the names that stand in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from amnestic.tools.detection.attribution import Mention
from amnestic.tools.detection.pieces import Piece, piece_of, pieces_of, reading_of
from amnestic.tools.detection.window import Hits, Window
from amnestic.tools.index import Roster
from amnestic.tools.names import NameHit, Strength
from amnestic.tools.protocols import Context
from amnestic.tools.reading import MAX_WINDOWS, Reading, answer_windows, sentences_of
from amnestic.types import Span, holds_in

__all__ = ["Cut", "Named", "NamedPieces", "Names", "company_of", "source_of"]

Names = tuple[Hits, dict[str, list[Span]]]
"""The name hits of a piece by target, and where each stands in the source."""

Cut = Callable[[Reading], list[Span]]
"""Cuts a reading into the ranges of its pieces."""


class Named(NamedTuple):
    """The pieces of a text, where it names which target, and whether something in it was hidden."""

    pieces: list[Span]
    mentions: dict[str, list[Mention]]
    hidden: bool


class NamedPieces:
    """Cuts texts into pieces, and finds the names of targets and their identifiers in them."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def named(self, text: str, context: Context) -> Named:
        """The pieces of a text as an answer is cut, and where it names which target."""
        reading = reading_of(text, self._roster, context)
        spans, _, named = self.of(reading, answer_windows, context, None)
        found: dict[str, list[Mention]] = {}
        for hits, names in named:
            for target_id, own in hits.items():
                for hit, place in zip(own, names[target_id], strict=True):
                    is_full = hit.strength >= Strength.TOLD
                    found.setdefault(target_id, []).append(Mention(place, is_full))
        pieces = [piece for span in spans for piece in sentences_of(reading.text, span)]
        return Named([source_of(reading, piece) for piece in pieces], found, bool(reading.hidden))

    def of(
        self, reading: Reading, cut: Cut, context: Context, asked: Window | None
    ) -> tuple[list[Span], list[Piece], list[Names]]:
        """The ranges of the pieces of a text, the pieces, and the names in each. With `asked`, the
        text answers that question."""
        spans = cut(reading)
        if len(spans) > MAX_WINDOWS:
            spans = self._telling(reading, spans)
        if len(spans) == 1:
            pieces = [piece_of(reading, self._roster, context)]
        else:
            texts = [reading.text[s.start : s.end] for s in spans]
            pieces = pieces_of(texts, self._roster, context)
        named = [self.names(reading, s, p, context) for s, p in zip(spans, pieces, strict=True)]
        self._add_spaced(reading, spans, named, context)
        self._add_identifiers(reading, spans, named, context, asked)
        return spans, pieces, named

    def names(self, outer: Reading | None, span: Span, part: Piece, context: Context) -> Names:
        """The names in a piece and where they stand in the text, which is read as it stands where
        no reading of it is given."""
        hits: Hits = {}
        names: dict[str, list[Span]] = {}
        for hit in part.hits:
            if not self._is_in(context, hit.target_id):
                continue
            hits.setdefault(hit.target_id, []).append(hit)
            place = hit.span
            if outer is None:
                place = Span(span.start + place.start, span.start + place.end)
            elif part.reading is not outer:
                place = outer.plain.span(span.start + place.start, span.start + place.end)
            names.setdefault(hit.target_id, []).append(place)
        return hits, names

    def _add_spaced(
        self, reading: Reading, spans: Sequence[Span], named: Sequence[Names], context: Context
    ) -> None:
        """Note the names whose letters stand apart in the windows in which they stand: a window is
        read as they were put together, where nothing shows any more that they were."""
        if "spaced" not in reading.hidden or len(spans) < 2:
            return
        places = [source_of(reading, span) for span in spans]
        for hit in self._roster.matcher.find(reading):
            if hit.view != "condensed" or not self._is_in(context, hit.target_id):
                continue
            for place, (hits, names) in zip(places, named, strict=True):
                if place.start < hit.span.end and hit.span.start < place.end:
                    hits.setdefault(hit.target_id, []).append(hit._replace(first=0, last=0))
                    names.setdefault(hit.target_id, []).append(hit.span)

    def _is_in(self, context: Context, target_id: str) -> bool:
        target = self._roster.target(target_id)
        return target is not None and holds_in(target.namespace, context.namespace)

    def _add_identifiers(
        self,
        reading: Reading,
        spans: Sequence[Span],
        named: Sequence[Names],
        context: Context,
        asked: Window | None,
    ) -> None:
        """Note the identifiers in the windows in which they stand. They are looked for in the whole
        text, since lines and sentences may part them. Weak ones count in the windows that name
        their target, and beside those."""
        if not self._roster.identifiers:
            return
        own = [
            {t for t, found in hits.items() if any(map(_tells_whose, found))} for hits, _ in named
        ]
        asked_for = set(() if asked is None else asked.hits)
        around = {*company_of(context), *asked_for}
        found = self._roster.identifiers.find(reading, around.union(*own))
        places = [source_of(reading, span) for span in spans] if found else []
        starts, ends = np.array([p.start for p in places]), np.array([p.end for p in places])
        for hit in found:
            if not self._is_in(context, hit.target_id):
                continue
            for i in np.flatnonzero((starts < hit.span.end) & (hit.span.start < ends)).tolist():
                beside = around.union(*own[max(0, i - 1) : i + 2])
                if hit.exact or hit.target_id in beside:
                    hits, names = named[i]
                    hits.setdefault(hit.target_id, []).append(hit)
                    names.setdefault(hit.target_id, []).append(hit.span)

    def _telling(self, reading: Reading, spans: Sequence[Span]) -> list[Span]:
        """Of too many windows, those with a name form, and the first of the rest."""
        found = (self._roster.matcher.find(reading), self._roster.identifiers.find(reading))
        named = [hit.span for hits in found for hit in hits]
        starts = np.array([source_of(reading, s).start for s in spans])
        marked = {int(np.searchsorted(starts, n.start, "right")) - 1 for n in named}
        first = sorted(marked)[:MAX_WINDOWS]
        rest = [i for i in range(len(spans)) if i not in marked][: MAX_WINDOWS - len(first)]
        return [spans[max(i, 0)] for i in sorted({*first, *rest})]


def company_of(context: Context) -> frozenset[str]:
    """The targets that a text stands in the company of, whatever it says itself."""
    return frozenset((*context.sticky, *context.named, *context.company))


def source_of(reading: Reading, span: Span) -> Span:
    """The place in the source of a range of the decoded text."""
    if span.end <= span.start:
        return Span(0, 0)
    return reading.plain.span(span.start, span.end)


def _tells_whose(hit: NameHit) -> bool:
    return hit.strength >= Strength.SURNAME
