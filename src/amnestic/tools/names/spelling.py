"""Which words of names a misspelt word may stand for.

Deletion neighbourhoods, as in SymSpell: every word is kept under itself and under each form of it
with one letter left out, so that a letter too many, too few or wrong, and two letters swapped, are
found by a few look-ups instead of a search.
"""

from __future__ import annotations

from collections import Counter

from amnestic.tools.names.trie import less, without

__all__ = ["SpellingIndex", "is_mistyped"]

_LONGEST = 24
_LONG = 8
_MOST_EDITS = 2
_END = 3


class SpellingIndex:
    """Words, each with a count of its uses, found again when misspelt. Readers need no lock.

    >>> index = SpellingIndex()
    >>> index.add("oskelly")
    >>> index.near("oskely"), index.near("osklely"), index.near("oakley")
    ([('oskelly', 1)], [('oskelly', 1)], [])
    """

    def __init__(self) -> None:
        self._uses: dict[str, int] = {}
        self._under: dict[str, tuple[str, ...]] = {}
        self._heads: Counter[str] = Counter()
        self._tails: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._uses)

    def add(self, word: str) -> None:
        """Count one more use of a word."""
        self._uses[word] = self._uses.get(word, 0) + 1
        if self._uses[word] == 1:
            under = self._under
            for key in _deletes(word):
                under[key] = (*under[key], word) if key in under else (word,)
            self._heads.update(_heads(word))
            self._tails.update(_tails(word))

    def remove(self, word: str) -> None:
        """Count one use less; with the last one the word is gone."""
        self._uses[word] -= 1
        if self._uses[word]:
            return
        del self._uses[word]
        for key in _deletes(word):
            without(self._under, key, word)
        for counts, ends in ((self._heads, _heads(word)), (self._tails, _tails(word))):
            for end in ends:
                less(counts, end)

    def near(self, word: str) -> list[tuple[str, int]]:
        """Other words that `word` may stand for, and how many edits away each is.

        A swap of neighbouring letters is one edit. Two edits are taken in long words only.
        """
        if len(word) > _LONGEST or not self._shares_an_end(word):
            return []
        under = self._under
        keys = [key for key in _deletes(word) if key in under]
        if not keys:
            return []
        found = {other for key in keys for other in under.get(key, ()) if other != word}
        most = _MOST_EDITS if len(word) >= _LONG else 1
        near = [(other, _edits(word, other)) for other in sorted(found)]
        return [(other, edits) for other, edits in near if edits <= most]

    def _shares_an_end(self, word: str) -> bool:
        """Whether a long word begins or ends as some key does: one letter left out, at one end or
        the other, leaves the rest as it is. Most words are done with here."""
        if len(word) < 2 * _END:
            return True
        return bool(self._heads.get(word[:_END]) or self._tails.get(word[-_END:]))


def _edits(word: str, other: str) -> int:
    """How many edits two words are apart that share a key: one is the other with a letter more, or
    each has a letter that the other lacks, which is one edit where the two stand in one place or
    have changed places.

    >>> _edits("oskely", "oskelly"), _edits("oskelly", "osklely"), _edits("oskelly", "okellyn")
    (1, 1, 2)
    """
    if len(word) != len(other):
        return 1
    differing = [i for i in range(len(word)) if word[i] != other[i]]
    if len(differing) == 1:
        return 1
    first, last = differing[0], differing[-1]
    swapped = len(differing) == 2 and last == first + 1 and word[first] == other[last]
    return 1 if swapped and word[last] == other[first] else 2


def is_mistyped(word: str, name: str) -> bool:
    """Whether a word is a name with a letter left out within it, one doubled, or two neighbours
    swapped, and begins as it does. With another letter, or another end, it is mostly another name.

    >>> [is_mistyped(word, "novotny") for word in ("novtny", "novottny", "nvootny")]
    [True, True, True]
    >>> [is_mistyped(word, "novotny") for word in ("novotna", "novotn", "novotnyk", "nowotny")]
    [False, False, False, False]
    """
    if word[:1] != name[:1]:
        return False
    if len(word) < len(name):
        return word[-1:] == name[-1:] and word in _deletes(name)
    if len(word) > len(name):
        doubled = (name[:i] + name[i - 1 :] for i in range(1, len(name) + 1))
        return word in doubled
    pairs = [i for i in range(len(name) - 1) if word[i] != name[i]]
    at = pairs[0] if pairs else 0
    return word != name and word == name[:at] + name[at : at + 2][::-1] + name[at + 2 :]


def _deletes(word: str) -> set[str]:
    return {word, *[word[:i] + word[i + 1 :] for i in range(len(word))]}


def _heads(word: str) -> set[str]:
    """What the keys of a word begin with: a letter left out further on leaves it as it is."""
    return {key[:_END] for key in _deletes(word[: _END + 1])}


def _tails(word: str) -> set[str]:
    return {key[-_END:] for key in _deletes(word[-_END - 1 :])}
