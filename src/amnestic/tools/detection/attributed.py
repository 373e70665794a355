"""Words of a text with the log-odds that they are told of a target, and pieces of it looked up."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import inf

from amnestic.tools.detection.attribution import Word
from amnestic.types import Span

__all__ = ["AttributedWords"]

_WORD = re.compile(r"\w+")
_CLAUSE_END = re.compile(r"[,;:|()\n\u2013\u2014]|[.!?\u2026](?=\s)")
_CLAUSE = 4  # words of a clause that is weighed by itself
_LIKE = 0.8  # share of the words of a piece that must stand in a text for it to be cut from that
_RUN, _RUN_SHARE = 3, 0.4  # words of it that stand side by side there
_SHIFTED = 8  # words by which what stands between those may have become longer or shorter
_OFTEN = 32  # places of three words side by side from which on they show no place


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
        self._begins = [*accumulate((len(word) + 1 for word in self._said), initial=0)]
        self._sums = [*accumulate(self._odds, initial=0.0)]
        self._runs: dict[tuple[str, ...], list[int]] | None = None

    def at(self, span: Span) -> float | None:
        """The log-odds of the likeliest clause of the piece that stands at a place; `None` where
        nothing was said of too many of its words."""
        piece = self._text[span.start : span.end]
        odds = [self._places.get(span.start + word.start()) for word in _WORD.finditer(piece)]
        return _likeliest(piece, odds)

    def of(self, piece: str, least: float = -inf) -> float | None:
        """The same of a piece that was cut from the text, and may have lost or changed some words
        since; where it stands there twice, of the likelier. `None` where it was not, or where so
        few words stand at several places, as a key of JSON does. Of one with changed words, which
        may tell the same of another, at `least` so much."""
        said = [word.casefold() for word in _WORD.findall(piece)]
        if not said or not self._said:
            return None
        places = list(self._places_of(said))
        if len(said) < _RUN and len(places) > 1:
            return None
        if places:
            at = max(places, key=lambda at: self._sums[at + len(said)] - self._sums[at])
            return _likeliest(piece, self._odds[at : at + len(said)])
        nearly = self._nearly(said)
        odds = _likeliest(piece, nearly)
        return max(odds, least) if odds is not None and None in nearly else odds

    def _nearly(self, said: Sequence[str]) -> list[float | None]:
        """The log-odds of those words of a piece that stand about one place of the text."""
        found: list[float | None] = [None] * len(said)
        length, begin, shift = self._longest_run(said)
        if length < max(_RUN, _RUN_SHARE * len(said)):
            return found
        end, there = begin + length, begin + length + shift
        found[begin:end] = self._odds[begin + shift : there]
        most = len(said) + _SHIFTED
        for i, j in _in_step(said[end:], self._said[there : there + most]):
            found[end + i] = self._odds[there + j]
        before = self._said[max(0, begin + shift - most) : begin + shift]
        for i, j in _in_step(said[:begin][::-1], before[::-1]):
            found[begin - 1 - i] = self._odds[begin + shift - 1 - j]
        return found

    def _longest_run(self, said: Sequence[str]) -> tuple[int, int, int]:
        """The longest run of a piece's words that stands in the text: how many they are, where in
        the piece they begin, and how far behind that they stand in the text; of several the
        likeliest."""
        places = self._places_of_runs()
        best, best_odds = (0, 0, 0), 0.0
        open_: dict[int, int] = {}
        for i in range(len(said) - _RUN + 1):
            at = places.get(tuple(said[i : i + _RUN]), ())
            open_ = {j - i: open_.get(j - i, i) for j in at}
            for shift, begin in open_.items():
                odds = self._sums[i + _RUN + shift] - self._sums[begin + shift]
                if (i + _RUN - begin, odds) > (best[0], best_odds):
                    best, best_odds = (i + _RUN - begin, begin, shift), odds
        return best

    def _places_of_runs(self) -> dict[tuple[str, ...], list[int]]:
        """Where each three words that stand side by side do, but for those that do so all over."""
        if self._runs is None:
            found: dict[tuple[str, ...], list[int]] = {}
            for at in range(len(self._said) - _RUN + 1):
                found.setdefault(tuple(self._said[at : at + _RUN]), []).append(at)
            self._runs = {run: at for run, at in found.items() if len(at) <= _OFTEN}
        return self._runs

    def _places_of(self, said: Sequence[str]) -> Iterable[int]:
        wanted = f" {' '.join(said)} "
        at = self._joined.find(wanted)
        while at >= 0:
            yield bisect_left(self._begins, at)
            at = self._joined.find(wanted, at + 1)


def _in_step(some: Sequence[str], others: Sequence[str]) -> list[tuple[int, int]]:
    """Where most words of two texts that begin together are the same, in order and at about the
    same place: the longest common subsequence within a band (Wagner and Fischer)."""
    band = range(2 * _SHIFTED + 1)
    rows = [[0] * (len(band) + 1)]  # from the end: how many are the same behind each place
    for i in range(len(some) - 1, -1, -1):
        below, row = rows[-1], [0] * (len(band) + 1)
        for k in reversed(band):
            j = i + k - _SHIFTED
            is_same = 0 <= j < len(others) and others[j] == some[i]
            row[k] = below[k] + 1 if is_same else max(row[k + 1], below[k - 1] if k else 0)
        rows.append(row)
    rows.reverse()
    found = []
    i, k = 0, _SHIFTED
    while i < len(some) and k < len(band):
        j = i + k - _SHIFTED
        if 0 <= j < len(others) and others[j] == some[i]:
            found.append((i, j))
            i += 1
        elif rows[i][k + 1] >= (rows[i + 1][k - 1] if k else 0):
            k += 1
        else:
            i, k = i + 1, k - 1
            if k < 0:
                break
    return found


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
