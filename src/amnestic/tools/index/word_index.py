"""Which targets share telling words with a text: what is worth a closer look, without a model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from amnestic.tools.reading import rarity

__all__ = ["WordIndex"]

_NAME_OR_NUMBER = 1.0
_SHORT_NUMBER = 0.4
_RARE_WORD = 0.5
_PLAIN_WORD = 0.2
_RARE = 0.82
_TOO_MANY = 512


class WordIndex:
    """The words of every target's facets, from word to targets.

    A word that stands with more targets than `_TOO_MANY` tells nothing of any one of them, and is
    passed over, so that a look-up stays cheap on a long list.

    >>> index = WordIndex()
    >>> index.add("t1", ["glass", "harbour", "1874"])
    >>> index.shared(["1874"], names=(), numbers=["1874"])
    1.0
    >>> index.shared(["weather"], names=(), numbers=())
    0.0
    """

    def __init__(self) -> None:
        self._targets: dict[str, set[str]] = {}
        self._words: dict[str, frozenset[str]] = {}

    def add(self, target_id: str, words: Iterable[str]) -> None:
        """Take a target's words in, in the place of those it had. What stays is never missing: a
        reader in between sees the words of before, of after, or both."""
        before, kept = self._words.get(target_id, frozenset()), frozenset(words)
        for word in kept:
            self._targets.setdefault(word, set()).add(target_id)
        self._words[target_id] = kept
        self._forget(target_id, before - kept)

    def remove(self, target_id: str) -> None:
        """Take a target's words out; one that is not there is no error."""
        self._forget(target_id, self._words.pop(target_id, frozenset()))

    def _forget(self, target_id: str, words: Iterable[str]) -> None:
        for word in words:
            holders = self._targets[word]
            holders.discard(target_id)
            if not holders:
                del self._targets[word]

    def shared(self, words: Iterable[str], names: Iterable[str], numbers: Iterable[str]) -> float:
        """How much a text shares with the one target that it shares the most with.

        A word that looks like a name and a number of three digits or more count 1, a short number
        0.4, another rare word 0.5 and an everyday one 0.2.
        """
        named, counted = set(names), set(numbers)
        found: dict[str, float] = defaultdict(float)
        for word in words:
            holders = tuple(self._targets.get(word, ()))
            if holders and len(holders) <= _TOO_MANY:
                weight = _weight(word, word in named, word in counted)
                for target_id in holders:
                    found[target_id] += weight
        return max(found.values(), default=0.0)


def _weight(word: str, is_name: bool, is_number: bool) -> float:
    if is_number:
        return _NAME_OR_NUMBER if len(word) > 2 else _SHORT_NUMBER
    if is_name:
        return _NAME_OR_NUMBER
    return _RARE_WORD if rarity(word) > _RARE else _PLAIN_WORD
