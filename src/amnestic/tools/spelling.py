"""Which words of names a misspelt word may stand for.

Deletion neighbourhoods, as in SymSpell: every word is kept under itself and under each form of it
with one letter left out, so that a letter too many, too few or wrong, and two letters swapped, are
found by a few look-ups instead of a search.
"""

from __future__ import annotations

from rapidfuzz.distance import OSA

__all__ = ["SpellingIndex"]

_LONGEST = 24
_LONG = 8
_MOST_EDITS = 2


class SpellingIndex:
    """Words, each with a count of its uses, found again when misspelt. Readers need no lock.

    >>> index = SpellingIndex()
    >>> index.add("oskelly")
    >>> index.near("oskely"), index.near("osklely"), index.near("oakley")
    ([('oskelly', 1)], [('oskelly', 1)], [])
    """

    def __init__(self) -> None:
        self._uses: dict[str, int] = {}
        self._under: dict[str, frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self._uses)

    def add(self, word: str) -> None:
        """Count one more use of a word."""
        self._uses[word] = self._uses.get(word, 0) + 1
        if self._uses[word] == 1:
            for key in _deletes(word):
                self._under[key] = self._under.get(key, frozenset()) | {word}

    def remove(self, word: str) -> None:
        """Count one use less; with the last one the word is gone."""
        self._uses[word] -= 1
        if self._uses[word]:
            return
        del self._uses[word]
        for key in _deletes(word):
            rest = self._under.get(key, frozenset()) - {word}
            if rest:
                self._under[key] = rest
            else:
                self._under.pop(key, None)

    def near(self, word: str) -> list[tuple[str, int]]:
        """Other words that `word` may stand for, and how many edits away each is.

        A swap of neighbouring letters is one edit. Two edits are taken in long words only.
        """
        if len(word) > _LONGEST:
            return []
        under = self._under
        keys = [key for key in _deletes(word) if key in under]
        if not keys:
            return []
        found = {other for key in keys for other in under.get(key, ()) if other != word}
        most = _MOST_EDITS if len(word) >= _LONG else 1
        near = [(other, OSA.distance(word, other)) for other in sorted(found)]
        return [(other, edits) for other, edits in near if edits <= most]


def _deletes(word: str) -> list[str]:
    return [word, *(word[:i] + word[i + 1 :] for i in range(len(word)))]
