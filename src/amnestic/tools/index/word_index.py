"""Which targets share telling words with a text: what is worth a closer look, without a model."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from amnestic.tools.index.word_signs import (
    BITS,
    YEAR,
    Sign,
    Signed,
    may_share,
    may_tell,
    sign_of,
    wanted_of,
)
from amnestic.tools.reading import rarity

__all__ = ["WordIndex"]

_NAME_OR_NUMBER = 1.0
_SHORT_NUMBER = 0.4
_RARE_WORD = 0.5
_PLAIN_WORD = 0.2
_RARE = 0.82
_TOO_MANY = 512

_FEW_DEAD = 4_096
_SIGNED = 1 << 28  # bits of all signs that are kept
_MOST_PIECES = 12  # of a stretch that is looked at piece by piece

_Ints = npt.NDArray[np.int32]


@dataclass(slots=True)
class _Rows:
    """The facets that each word stands in, by numbers that count facets through, and whose they
    are. The facets of a target have numbers in a row; those of one that is gone are `dead`. Each
    word's facets are copied once for reading, and again when more have come; so are their `signs`,
    of a bounded length, by which most texts are told to share too little with any: as many of them
    as are no more than `_SIGNED` bits."""

    facets: dict[str, array[int]] = field(default_factory=dict)
    copies: dict[str, _Ints] = field(default_factory=dict)
    signs: dict[str, Signed] = field(default_factory=dict)
    owners: array[int] = field(default_factory=lambda: array("i"))
    dead: _Ints = field(default_factory=lambda: np.zeros(0, np.int32))


class WordIndex:
    """The words of every target's facets, from word to facets.

    Readers need no lock: a facet's number is never used for another, and rows without what is gone
    are made anew beside the old ones.

    >>> index = WordIndex()
    >>> index.add("t1", {"glass": 0b01, "harbour": 0b11, "1874": 0b10}, facets=2)
    >>> index.shared(["1874"], names=(), numbers=["1874"])
    1.0
    >>> index.shared(["weather"], names=(), numbers=())
    0.0
    """

    def __init__(self) -> None:
        self._rows = _Rows()
        self._places: dict[str, tuple[int, int]] = {}
        self._turn = threading.Lock()

    def add(self, target_id: str, words: Mapping[str, int], facets: int) -> None:
        """Take a target's words in, in the place of those it had; each with a bit mask of the
        facets that it stands in, of so many. What stays is never missing: a reader in between sees
        the words of before, of after, or both."""
        with self._turn:
            rows, before = self._rows, self._places.get(target_id)
            start = len(rows.owners)
            rows.owners.extend([start] * facets)
            for word, mask in words.items():
                held = rows.facets.setdefault(word, array("i"))
                held.extend(start + i for i in _bits(mask))
            self._places[target_id] = (start, start + facets)
            self._bury(before)

    def remove(self, target_id: str) -> None:
        """Take a target's words out; one that is not there is no error."""
        with self._turn:
            self._bury(self._places.pop(target_id, None))

    def _bury(self, place: tuple[int, int] | None) -> None:
        if place is None:
            return
        rows = self._rows
        rows.dead = np.concatenate([rows.dead, np.arange(*place, dtype=np.int32)])
        if len(rows.dead) > max(_FEW_DEAD, len(rows.owners) // 2):
            self._compact()

    def _compact(self) -> None:
        """Make the rows anew without what is gone."""
        old, new = self._rows, _Rows()
        moved = np.full(len(old.owners), -1, np.int32)
        for target_id, (start, end) in self._places.items():
            begin = len(new.owners)
            moved[start:end] = np.arange(begin, begin + end - start)
            new.owners.extend([begin] * (end - start))
            self._places[target_id] = (begin, begin + end - start)
        for word, held in old.facets.items():
            kept = moved[_of(held)]
            kept = np.sort(kept[kept >= 0])
            if len(kept):
                new.facets[word] = array("i", kept.tobytes())
        self._rows = new

    def shared(self, words: Iterable[str], names: Iterable[str], numbers: Iterable[str]) -> float:
        """How much a text shares with the one target that it shares the most with.

        A word that looks like a name and a number of three digits or more count 1, a short number
        0.4, another rare word 0.5 and an everyday one 0.2. A word that stands with more targets
        than `_TOO_MANY` tells nothing of any one of them, and is passed over.
        """
        rows, named, counted = self._rows, set(names), set(numbers)
        owners, dead = _of(rows.owners), rows.dead
        found = np.zeros(len(owners))
        for word in words:
            holders = _whole(rows.facets.get(word), len(owners))
            if not len(holders):
                continue
            whose = owners[holders if not len(dead) else np.setdiff1d(holders, dead)]
            once = whose[np.flatnonzero(np.diff(whose, prepend=-1))]
            if len(once) <= _TOO_MANY:
                found[once] += _weight(word, word in named, word in counted)
        return float(found.max(initial=0.0))

    def tells(self, words: Mapping[str, float]) -> bool:
        """Whether so much of a text stands in one facet that it may tell it, without a name: two
        or three telling words, or fewer where they are most of what the text says, as "In 1874".
        `words` are those of the text with their rarity; short numbers count for little.

        >>> index = WordIndex()
        >>> index.add("t1", {"glass": 0b01, "harbour": 0b11, "1874": 0b10}, facets=2)
        >>> index.tells({"1874": 1.15, "harbour": 0.8}), index.tells({"glass": 0.7, "1874": 1.15})
        (True, False)
        """
        rows = self._rows
        held = _held(rows, words)
        wanted = wanted_of(words)
        if sum([weight for _, weight in held]) < wanted:
            return False
        facets = [ids for ids, _ in held]
        weights = np.repeat([weight for _, weight in held], [len(ids) for ids in facets])
        sums = np.bincount(np.concatenate(facets), weights)
        dead = rows.dead
        sums[dead[dead < len(sums)]] = 0.0
        return bool(sums.max(initial=0.0) >= wanted)

    def shares(self, words: Mapping[str, float]) -> tuple[float, float]:
        """How much of a text stands in the facet, and with the target, that hold the most of it: as
        shares of the rarity of its words, from 0 to 1.

        >>> index = WordIndex()
        >>> index.add("t1", {"glass": 0b01, "harbour": 0b11, "1874": 0b10}, facets=2)
        >>> index.shares({"glass": 1.0, "1874": 1.0, "weather": 2.0})
        (0.25, 0.5)
        >>> index.shares({})
        (0.0, 0.0)
        """
        rows = self._rows
        owners, held = _of(rows.owners), _held(rows, words)
        if not held:
            return 0.0, 0.0
        facets, whose = np.zeros(len(owners)), np.zeros(len(owners))
        for ids, weight in held:
            alive = ids if not len(rows.dead) else np.setdiff1d(ids, rows.dead)
            facets[alive] += weight
            whose[np.unique(owners[alive])] += weight
        total = sum(words.values())
        return float(facets.max()) / total, float(whose.max()) / total

    def tells_in(self, pieces: Sequence[Mapping[str, float]]) -> bool:
        """Whether pieces in a row, of these, `tells` a facet together. Of very many that hold
        enough of one that is not looked at: they may.

        >>> index = WordIndex()
        >>> index.add("t1", {"glass": 0b01, "harbour": 0b11, "1874": 0b10}, facets=2)
        >>> index.tells_in([{"glass": 0.8}, {"harbour": 0.8}])
        True
        >>> index.tells_in([{"glass": 0.8}, {"1874": 0.9}])
        False
        """
        if len(pieces) == 1:
            return self._may_tell(pieces[0]) and self.tells(pieces[0])
        signs = [self._signs_of(words) for words in pieces]
        if len(pieces) > _MOST_PIECES:
            lone = (words for words in pieces if len(words) == 1)
            return may_share([s for told in signs for s in told], 2) or any(map(self.tells, lone))
        for first in range(len(pieces)):
            words: dict[str, float] = {}
            held: list[Sign] = []
            for piece, told in zip(pieces[first:], signs[first:], strict=True):
                words, held = {**words, **piece}, held + told
                if may_tell(held, words) and self.tells(words):
                    return True
        return False

    def telling(self, pieces: Sequence[Mapping[str, float]]) -> list[bool]:
        """Which of many texts `tells`, each by itself."""
        return [self._may_tell(words) and self.tells(words) for words in pieces]

    def _may_tell(self, words: Mapping[str, float]) -> bool:
        """Whether a facet may hold enough of a text: never less than `tells`."""
        return may_tell(self._signs_of(words), words)

    def _signs_of(self, words: Mapping[str, float]) -> list[Sign]:
        """What each word counts that stands in a facet, and a sign of its facets."""
        rows = self._rows
        facets, signs = rows.facets, rows.signs
        found: list[Sign] = []
        for word, weight in words.items():
            known = signs.get(word)
            if known is None or len(known.facets) != known.held:
                if word not in facets:
                    continue
                if len(signs) * min(BITS, len(rows.owners)) > _SIGNED:
                    signs.clear()
                known = signs[word] = sign_of(word, facets[word])
            found.append((_SHORT_NUMBER if known.is_short else weight, known.sign))
        return found


def _held(rows: _Rows, words: Mapping[str, float]) -> list[tuple[_Ints, float]]:
    """The facets of each word that stands in any, and its weight."""
    facets, copies = rows.facets, rows.copies
    found: list[tuple[_Ints, float]] = []
    for word in [word for word in words if word in facets]:
        held, copy = facets[word], copies.get(word)
        if copy is None or len(copy) != len(held):
            copy = copies[word] = _of(held)
        is_short = len(word) < YEAR and word.isdigit()
        found.append((copy, _SHORT_NUMBER if is_short else words[word]))
    return found


def _bits(mask: int) -> Iterable[int]:
    while mask:
        bit = mask & -mask
        yield bit.bit_length() - 1
        mask ^= bit


def _of(numbers: array[int]) -> _Ints:
    """A copy that no thread can come between: while numpy reads an array it may not grow, and numpy
    lets other threads run as it reads."""
    return np.frombuffer(numbers.tobytes(), np.int32)


def _whole(held: array[int] | None, facets: int) -> _Ints:
    """The facets of a word, as far as they were there when the owners were read."""
    ids = _of(held) if held is not None else np.zeros(0, np.int32)
    return ids[ids < facets]


def _weight(word: str, is_name: bool, is_number: bool) -> float:
    if is_number:
        return _NAME_OR_NUMBER if len(word) > 2 else _SHORT_NUMBER
    if is_name:
        return _NAME_OR_NUMBER
    return _RARE_WORD if rarity(word) > _RARE else _PLAIN_WORD
