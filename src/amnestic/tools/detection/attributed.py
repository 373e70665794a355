"""Words of a text with the log-odds that they are told of a target, and pieces of it looked up."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from amnestic.tools.detection.attribution import Word
from amnestic.types import Span

__all__ = ["AttributedWords"]

_WORD = re.compile(r"\w+")
_CLAUSE_END = re.compile(r"[,;:|()\n\u2013\u2014]|[.!?\u2026](?=\s)")
_CLAUSE = 4  # words of a clause that is weighed by itself
_LIKE = 0.8  # share of the words of a piece that must stand in a text for it to be cut from that
_RUN, _RUN_SHARE = 3, 0.4  # words of it that stand side by side there
_SHIFTED = 8  # words by which what stands between those may have become longer or shorter


class AttributedWords:
    """A text's words, each with its log-odds; words that nothing was said of are passed over.

    >>> told = [Word(0, 3, -4.0), Word(4, 8, -4.0), Word(10, 13, 2.0), Word(14, 18, 2.0)]
    >>> text = AttributedWords("Tor left; Osk sang.", told)
    >>> text.at(Span(0, 9)), text.of("osk sang"), text.of("Nobody was there.")
    (-4.0, 2.0, None)
    """

    def __init__(self, text: str, words: Iterable[Word]) -> None:
        ordered = sorted(words)
        starts = [word.start for word in ordered]
        self._text = text
        self._said: list[str] = []
        self._odds: list[float] = []
        self._places: dict[int, float] = {}
        for match in _WORD.finditer(text) if ordered else ():
            at = max(0, bisect_left(starts, match.start() + 1) - 1)
            parts = []
            while at < len(ordered) and ordered[at].start < match.end():
                if ordered[at].end > match.start():
                    parts.append(ordered[at].logit)
                at += 1
            if parts:
                odds = sum(parts) / len(parts)
                self._said.append(match.group().casefold())
                self._odds.append(odds)
                self._places |= dict.fromkeys(range(match.start(), match.end()), odds)
        self._joined = f" {' '.join(self._said)} "

    def at(self, span: Span) -> float | None:
        """The log-odds of the likeliest clause of the piece that stands at a place; `None` where
        nothing was said of too many of its words."""
        piece = self._text[span.start : span.end]
        odds = [self._places.get(span.start + word.start()) for word in _WORD.finditer(piece)]
        return _likeliest(piece, odds)

    def of(self, piece: str) -> float | None:
        """The same of a piece that was cut from the text, and may have lost or changed some words
        since; where it stands there twice, of the likelier. `None` where it was not."""
        said = [word.casefold() for word in _WORD.findall(piece)]
        if not said or not self._said:
            return None
        places = list(self._places_of(said))
        if places:
            odds = max((self._odds[at : at + len(said)] for at in places), key=sum)
            return _likeliest(piece, odds)
        return _likeliest(piece, self._nearly(said))

    def _nearly(self, said: Sequence[str]) -> list[float | None]:
        """The log-odds of those words of a piece that stand about one place of the text."""
        blocks = SequenceMatcher(None, said, self._said, False).get_matching_blocks()
        longest = max(blocks, key=lambda block: block.size)
        found: list[float | None] = [None] * len(said)
        if longest.size < max(_RUN, _RUN_SHARE * len(said)):
            return found
        for a, b, size in blocks:
            if abs((b - a) - (longest.b - longest.a)) <= _SHIFTED:
                found[a : a + size] = self._odds[b : b + size]
        return found

    def _places_of(self, said: Sequence[str]) -> Iterable[int]:
        wanted = f" {' '.join(said)} "
        at = self._joined.find(wanted)
        while at >= 0:
            yield self._joined.count(" ", 0, at + 1) - 1
            at = self._joined.find(wanted, at + 1)


def _likeliest(piece: str, odds: Sequence[float | None]) -> float | None:
    """The highest mean of a clause; what is shorter goes with the one before it."""
    known = sum(one is not None for one in odds)
    if not known or known < _LIKE * len(odds):
        return None
    ends = [match.start() for match in _CLAUSE_END.finditer(piece)]
    groups: list[list[float]] = [[]]
    counted, before = 0, 0
    for match, own in zip(_WORD.finditer(piece), odds, strict=True):
        behind = bisect_left(ends, match.start())
        if behind > before and counted >= _CLAUSE:
            groups.append([])
            counted = 0
        before = behind
        counted += 1
        if own is not None:
            groups[-1].append(own)
    if counted < _CLAUSE and len(groups) > 1:
        rest = groups.pop()
        groups[-1].extend(rest)
    return max(sum(group) / len(group) for group in groups if group)
