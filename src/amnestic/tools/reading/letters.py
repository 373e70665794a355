"""Letters that spell something apart from the words in which they stand: initials, lists, codes.

Each run holds the letters of one way to hide them, in order, with their places in the text. Whoever
looks for a name in a run looks for all its letters, without its spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from amnestic.tools.reading.codes import SPELLING, VOWELS
from amnestic.tools.reading.confusables import uncased

__all__ = ["LetterRun", "letter_runs"]

_LEAST = 6  # letters of a run
_MOST = 4_000
_FAR = 24  # characters between two letters of a row
_NEAR = 6  # the same of two numbers
_LINE = re.compile(r"^[^\w\n]*(?:\d+[.)][^\w\n]*)?([^\W\d_])", re.MULTILINE)
_SENTENCE = re.compile(r"(?:\A|[.!?…][\"'”)\]]{0,3}\s{1,8})[^\w\n]{0,8}([^\W\d_])")
_WORD = re.compile(r"(?<![\w'’])([^\W\d_])")
_ALONE = re.compile(r"(?<![\w'’])([A-ZÀ-Þ])(?![\w'’])")
_QUOTED = re.compile(r"\[\s*(?:\"[^\"\\\n]{0,40}\"\s*,\s*){1,400}\"[^\"\\\n]{0,40}\"\s*,?\s*\]")
_STRING = re.compile(r"\"([^\"\\\n]*)\"")
_NUMBER = re.compile(r"(?<![\w.])(\d{1,2})(?!\w|\.\d)")
_SPELT = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(SPELLING, key=len, reverse=True))})(?!\w)", re.I)


class LetterRun(NamedTuple):
    """Letters, small and without marks, how many of them a name must have that is looked for among
    them (in some runs any short word comes about by itself), and what gives their places."""

    letters: str
    shortest: int
    places: Callable[[], list[int]]


def letter_runs(text: str) -> Iterator[LetterRun]:
    """The letters that a text may spell something with.

    >>> lines = "1. Ada", "2. Venn", "3. Elk", "4. Rye", "5. Ivy", "6. Let"
    >>> [run.letters for run in letter_runs(chr(10).join(lines))]
    ['averil', 'averil', 'averil']
    """
    text = text[: 20 * _MOST]
    for pattern, shortest in ((_LINE, 7), (_SENTENCE, 7), (_WORD, 9)):
        yield from _initials(pattern, text, shortest)
    if len(_ALONE.findall(text)) >= _LEAST:
        for row in _rows(((m[1], m.start()) for m in _ALONE.finditer(text)), _FAR):
            yield from _run(row)
    if len(_NUMBER.findall(text)) >= _LEAST:
        for row in _rows(_numbered(text), _NEAR):
            yield from _run(row)
    small = text.lower()
    if any(word in small for word in VOWELS) and len(_SPELT.findall(text)) >= _LEAST:
        yield from _run((SPELLING[uncased(m.group())], m.start()) for m in _SPELT.finditer(text))
    for found in _QUOTED.finditer(text) if '",' in text or '" ,' in text else ():
        inner = _STRING.finditer(text, found.start(), found.end())
        yield from _run((c, i) for m in inner for i, c in enumerate(m[1], m.start(1)))


def _initials(pattern: re.Pattern[str], text: str, shortest: int) -> Iterator[LetterRun]:
    letters = "".join(pattern.findall(text))[:_MOST]
    if len(letters) >= _LEAST:
        small = letters.lower() if letters.isascii() else "".join(map(_bare, letters))
        yield LetterRun(small, shortest, lambda: [m.start(1) for m in pattern.finditer(text)])


def _numbered(text: str) -> Iterator[tuple[str, int]]:
    """Places in the alphabet."""
    for match in _NUMBER.finditer(text):
        if 1 <= int(match[1]) <= 26:
            yield chr(96 + int(match[1])), match.start()


def _rows(letters: Iterable[tuple[str, int]], gap: int) -> Iterator[list[tuple[str, int]]]:
    """Letters that stand close behind each other."""
    row: list[tuple[str, int]] = []
    for letter, place in letters:
        if row and place - row[-1][1] > gap:
            yield row
            row = []
        row.append((letter, place))
    yield row


def _run(letters: Iterable[tuple[str, int]]) -> Iterator[LetterRun]:
    row = [(_bare(letter), place) for letter, place in letters if letter.isalpha()][:_MOST]
    if len(row) >= _LEAST:
        places = [place for _, place in row]
        yield LetterRun("".join(letter for letter, _ in row), 7, lambda: places)


def _bare(letter: str) -> str:
    """A letter without its marks; always one."""
    return unicodedata.normalize("NFKD", letter)[0].lower()[:1]
