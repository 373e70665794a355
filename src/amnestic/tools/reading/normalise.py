"""Text as it takes part in detection, with the way back to the text as it was given.

`clean` takes away what cannot be seen and what only looks like a letter, but keeps case and
diacritics, since an embedder reads them. `fold` goes on to small letters without marks, for
matching. `tokenise` cuts a folded text into words. Everything is linear in the text's length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from amnestic.tools.reading.confusables import LOOKALIKES, fold_char, is_invisible
from amnestic.types import Span

__all__ = [
    "Mapped",
    "Token",
    "WordList",
    "clean",
    "fold",
    "fold_word",
    "folded_words",
    "tokenise",
]

_Offsets = npt.NDArray[np.int64]

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_PLAIN_WORD = re.compile(r"[0-9A-Za-z]+")
# Words of more than ASCII. From the beginning of a word only: tried from every letter of a word
# that is plain, it would take the square of the word's length.
_MIXED = re.compile(r"(?<!\S)(?:\S*+[^\x00-\x7f]|[^\s\x80-\U0010ffff]*+[^\x00-\x7f])\S*")
_LATIN = str.maketrans(LOOKALIKES)
_FEW = 64
_folded_char = lru_cache(maxsize=16_384)(fold_char)
_TAG_ROW = re.compile("[\U000e0020-\U000e007e]+")
_TAGS = {code: chr(code - 0xE0000) for code in range(0xE0020, 0xE007F)}


@dataclass(frozen=True, slots=True)
class Mapped:
    """A text made from a source text; each character knows the source range that it stands for.

    `starts` and `ends` are `None` while the text is character for character the source.

    >>> Mapped("abc").span(1, 2)
    Span(start=1, end=2)
    """

    text: str
    starts: _Offsets | None = field(default=None, repr=False)
    ends: _Offsets | None = field(default=None, repr=False)

    def span(self, start: int, end: int) -> Span:
        """The source range of `text[start:end]`; the range must not be empty."""
        if self.starts is None or self.ends is None:
            return Span(start, end)
        if end - start > _FEW:
            return Span(int(self.starts[start:end].min()), int(self.ends[start:end].max()))
        return Span(min(self.starts[start:end].tolist()), max(self.ends[start:end].tolist()))

    def offsets(self) -> tuple[_Offsets, _Offsets]:
        """Start and end in the source of every character."""
        if self.starts is None or self.ends is None:
            here = np.arange(len(self.text), dtype=np.int64)
            return here, here + 1
        return self.starts, self.ends

    def translated(self, table: dict[str, str]) -> Mapped:
        """The text with single characters replaced by strings of any length, also none."""
        if not table:
            return self
        text = self.text.translate({ord(old): new for old, new in table.items()})
        if all(len(new) == 1 for new in table.values()):
            return Mapped(text, self.starts, self.ends)
        lengths = _lengths(self.text, {ord(c): len(new) for c, new in table.items()})
        starts, ends = self.offsets()
        return Mapped(text, np.repeat(starts, lengths), np.repeat(ends, lengths))

    def replaced(self, pieces: Sequence[tuple[int, int, str]]) -> Mapped:
        """The text with ranges `(start, end, new)` replaced; ranges ascend and do not overlap.

        A new piece of the same length keeps its offsets; any other stands for its whole range.
        """
        if not pieces:
            return self
        texts: list[str] = []
        at = 0
        for start, end, new in pieces:
            texts += (self.text[at:start], new)
            at = end
        texts.append(self.text[at:])
        return Mapped("".join(texts), *self._moved(pieces))

    def _moved(self, pieces: Sequence[tuple[int, int, str]]) -> tuple[_Offsets, _Offsets]:
        starts, ends = self.offsets()
        sizes = np.array([(s, e, len(new)) for s, e, new in pieces], dtype=np.int64)
        sizes = sizes[sizes[:, 2] != sizes[:, 1] - sizes[:, 0]]
        first, last, lengths = sizes[:, 0], sizes[:, 1], sizes[:, 2]
        steps = np.zeros(len(self.text) + 1, dtype=np.int64)
        np.add.at(steps, first, 1)
        np.add.at(steps, last, -1)
        kept = np.cumsum(steps[:-1]) == 0
        places = np.repeat(np.concatenate(([0], np.cumsum(kept)))[first], lengths)
        lows = np.repeat(np.minimum(starts[first], starts[last - 1]), lengths)
        highs = np.repeat(np.maximum(ends[first], ends[last - 1]), lengths)
        return np.insert(starts[kept], places, lows), np.insert(ends[kept], places, highs)


def _lengths(text: str, changed: dict[int, int]) -> _Offsets:
    """How long each character of a text becomes: 1, but for those that are changed."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    olds = np.array(sorted(changed), dtype=np.uint32)
    sizes = np.array([changed[old] for old in olds.tolist()], dtype=np.int64)
    places = np.minimum(np.searchsorted(olds, codes), len(olds) - 1)
    return np.where(olds[places] == codes, sizes[places], 1)


class Token(NamedTuple):
    """A word of a mapped text: folded, with its place and whether it began with a capital."""

    word: str
    start: int
    end: int
    capital: bool = False


def clean(text: str) -> Mapped:
    """Take out what cannot be seen; give look-alikes and compatibility forms their plain letters.

    A word is read as Latin look-alikes only where every foreign letter in it has one, so that
    words of other scripts stay what they are.

    >>> clean("St\\u0435phen\\u200b").text, clean("Книга").text
    ('Stephen', 'Книга')
    """
    if text.isascii() and text.isprintable():
        return Mapped(text)
    mapped = _with_tags_apart(Mapped(text)).translated(_plain_table(text))
    if mapped.text.isascii() or LOOKALIKES.keys().isdisjoint(mapped.text):
        return mapped
    foreign = {c for c in set(mapped.text) if c.isalpha() and not _is_latin(c)}
    kept = foreign - LOOKALIKES.keys()
    pieces = [
        (m.start(), m.end(), word.translate(_LATIN))
        for m in _MIXED.finditer(mapped.text)
        if kept.isdisjoint(word := m.group()) and not foreign.isdisjoint(word)
    ]
    return mapped.replaced(pieces)


def _with_tags_apart(mapped: Mapped) -> Mapped:
    """With blanks around each row of tags, which nobody sees: what they spell is a text of its own
    and no part of the words that it stands in."""
    rows = [(m.start(), m.end(), f" {m.group()} ") for m in _TAG_ROW.finditer(mapped.text)]
    return mapped.replaced(rows)


def _plain_table(text: str) -> dict[str, str]:
    table = {}
    for char in set(text):
        if "\x20" <= char <= "\x7e":
            continue
        if (tag := _TAGS.get(ord(char))) is not None:
            table[char] = tag
        elif is_invisible(char):
            table[char] = ""
        elif (plain := unicodedata.normalize("NFKC", char)) != char:
            table[char] = plain
    return table


@lru_cache(maxsize=4096)
def _is_latin(char: str) -> bool:
    return char.isascii() or (
        unicodedata.name(char, "").startswith("LATIN") and char not in LOOKALIKES
    )


def fold(mapped: Mapped) -> Mapped:
    """Small letters without diacritics, offsets kept.

    >>> fold(clean("Beyoncé Straße")).text
    'beyonce strasse'
    """
    if mapped.text.isascii():
        return Mapped(mapped.text.lower(), mapped.starts, mapped.ends)
    table = {c: new for c in set(mapped.text) if (new := _folded_char(c)) != c}
    return mapped.translated(table)


def fold_word(text: str) -> str:
    """A short text cleaned and folded, without offsets.

    >>> fold_word("Ｊosé")
    'jose'
    """
    return fold(clean(text)).text


def folded_words(text: str) -> list[str]:
    """The folded words of a text, without their places: as `tokenise` finds them, at a fifth of the
    time for plain letters.

    >>> folded_words("Beyoncé's Straße")
    ['beyonce', 's', 'strasse']
    """
    if text.isascii() and text.isprintable():
        return _PLAIN_WORD.findall(text.lower())
    return WordList(fold(clean(text))).words


class WordList:
    """The words of a folded text, in columns: a `Token` for each costs more than to find them, and
    most words of a long text are never asked for again.

    >>> words = WordList(fold(clean("Ada Venn sang")), clean("Ada Venn sang"))
    >>> words.words, words.spans[1], words.capital(2)
    (['ada', 'venn', 'sang'], (4, 8), False)
    """

    __slots__ = ("_cased", "_folded", "_places", "_tokens", "spans", "words")

    def __init__(self, folded: Mapped, cased: Mapped | None = None) -> None:
        text = folded.text
        pattern = _PLAIN_WORD if text.isascii() else _WORD
        self.spans = [match.span() for match in pattern.finditer(text)]
        self.words = [text[start:end] for start, end in self.spans]
        self._folded, self._cased = folded, cased
        self._places: list[int] | None = None
        self._tokens: list[Token] | None = None

    @property
    def tokens(self) -> list[Token]:
        """Every word as a `Token`."""
        if self._tokens is None:
            found = zip(self.words, self.spans, strict=True)
            if self._cased is None:
                self._tokens = [Token(word, start, end) for word, (start, end) in found]
            else:
                text, places = self._cased.text, self._in_cased()
                self._tokens = [
                    Token(word, start, end, text[at].isupper())
                    for (word, (start, end)), at in zip(found, places, strict=True)
                ]
        return self._tokens

    def capital(self, at: int) -> bool:
        """Whether a word began with a capital letter. Where folding changed the length, it is
        looked up by source offset and may be missed, never invented."""
        if self._cased is None:
            return False
        places = self._in_cased() if self._places is None else self._places
        return self._cased.text[places[at]].isupper()

    @property
    def is_ascii(self) -> bool:
        """Whether no word had a mark before it was folded."""
        return self._cased is None or self._cased.text.isascii()

    def cased(self, at: int) -> str:
        """A word as it stood before it was folded; folded where that changed its length."""
        word = self.words[at]
        if self._cased is None:
            return word
        place = self._in_cased()[at]
        given = self._cased.text[place : place + len(word)]
        return given if len(given) == len(word) and fold(Mapped(given)).text == word else word

    def _in_cased(self) -> list[int]:
        """Where each word begins in the text with its capitals."""
        if self._places is None:
            assert self._cased is not None
            self._places = [start for start, _ in self.spans]
            if len(self._cased.text) != len(self._folded.text) and self._places:
                starts = self._folded.offsets()[0][self._places]
                found = np.searchsorted(self._cased.offsets()[0], starts)
                self._places = np.minimum(found, len(self._cased.text) - 1).tolist()
        return self._places


def tokenise(folded: Mapped, cased: Mapped | None = None) -> list[Token]:
    """The words of a folded text; with `cased`, whether each began with a capital letter.

    A letter of a script without spaces is a word of its own.

    >>> [t.word for t in tokenise(fold(clean("Jay-Z's 孔子")))]
    ['jay', 'z', 's', '孔', '子']
    """
    return WordList(folded, cased).tokens
