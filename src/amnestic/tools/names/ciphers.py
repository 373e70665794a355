"""Words of names behind a cipher that works word by word: a shifted alphabet, pig latin.

A shift is not undone by trying all twenty-five: two words that are shifts of one another are equal
once each is shifted so that it begins with `a`, and so one look-up finds the name and the shift.
"""

from __future__ import annotations

import string
from collections import Counter

from amnestic.tools.names.trie import less, without

__all__ = ["ShiftIndex", "Table", "is_usual", "marked_readings", "unpigged"]

_ALPHABET = string.ascii_lowercase
Table = dict[int, int]
"""What stands for each letter, for `str.translate`."""


def _table(letters: str) -> Table:
    return {ord(a): ord(b) for a, b in zip(_ALPHABET, letters, strict=True)}


_BACK = [_table(_ALPHABET[-k:] + _ALPHABET[:-k] if k else _ALPHABET) for k in range(26)]
_MIRRORED = [_table("".join(_ALPHABET[(k - i) % 26] for i in range(26))) for k in range(26)]


def is_usual(table: Table) -> bool:
    """Whether an alphabet is one that people use: ROT13, or Atbash. So few read a shorter word."""
    return table is _BACK[13] or table is _MIRRORED[25]


def marked_readings(word: str, cased: str) -> tuple[str, ...]:
    """What a word with marks may be in those: a letter with a mark stands for itself.

    >>> marked_readings("orlbape", "Orlbapé")
    ('beyonce', 'lioyzke')
    """
    return tuple(
        "".join(a.translate(table) if b.isascii() else a for a, b in zip(word, cased, strict=True))
        for table in (_BACK[13], _MIRRORED[25])
    )


class ShiftIndex:
    """Words, found again in an alphabet that is shifted, or mirrored (Atbash).

    >>> index = ShiftIndex()
    >>> index.add("tavrin")
    >>> [word.translate(table) for word in ["wdyulq"] for table in index.tables(word)]
    ['tavrin']
    """

    def __init__(self) -> None:
        self._uses: dict[str, int] = {}
        self._words: dict[str, tuple[str, ...]] = {}
        self._shapes: Counter[int] = Counter()

    def __len__(self) -> int:
        return len(self._words)

    def add(self, word: str) -> None:
        """Take a word of plain letters in; another is passed over."""
        if word.isascii() and word.isalpha():
            self._uses[word] = self._uses.get(word, 0) + 1
            if self._uses[word] == 1:
                for key in {_normal(word), _mirrored(word)}:
                    self._shapes[_shape(key)] += 1
                    self._words[key] = (*self._words.get(key, ()), word)

    def remove(self, word: str) -> None:
        """Take one use of a word out."""
        if not (word.isascii() and word.isalpha()):
            return
        less(self._uses, word)
        if word not in self._uses:
            for key in {_normal(word), _mirrored(word)}:
                without(self._words, key, word)
                less(self._shapes, _shape(key))

    def tables(self, word: str) -> list[Table]:
        """For `str.translate`: the alphabets in which `word` reads as one of the words."""
        if _shape(word) not in self._shapes or not (word.isascii() and word.isalpha()):
            return []
        found = []
        for name in self._words.get(_normal(word), ()):
            first, meant = ord(word[0]) - 97, ord(name[0]) - 97
            for table in (_BACK[(first - meant) % 26], _MIRRORED[(first + meant) % 26]):
                if word.translate(table) == name:
                    found.append(table)
        return found


def _shape(word: str) -> int:
    """A number that a word has in every shifted alphabet, and few others have."""
    first, second, last = ord(word[0]), ord(word[1:2] or word), ord(word[-1])
    return (len(word) * 26 + (second - first) % 26) * 26 + (last - first) % 26


def _normal(word: str) -> str:
    return word.translate(_BACK[ord(word[0]) - 97])


def _mirrored(word: str) -> str:
    """The same of the word in a mirrored alphabet."""
    return word.translate(_MIRRORED[ord(word[0]) - 97])


def unpigged(word: str) -> tuple[str, ...]:
    """What a word of pig latin may have been; nothing where it cannot be one.

    >>> unpigged("avrintay"), unpigged("ariaway")
    (('tavrin', 'ntavri', 'avrint'), ('aria', 'waria', 'ariaw'))
    """
    if len(word) < 4 or not word.endswith("ay"):
        return ()
    stem = word[:-2]
    found = [stem[:-1]] if stem[-1] in "wy" else []
    for moved in range(1, min(4, len(stem))):
        if any(c in "aeiou" for c in stem[-moved:]):
            break
        found.append(stem[-moved:] + stem[:-moved])
    return tuple(dict.fromkeys((*found, stem)))
