"""Letters that spell something apart from the words in which they stand: initials, lists, codes.

Each run holds the letters of one way to hide them, in order, with their places in the text. Whoever
looks for a name in a run looks for all its letters, without its spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from amnestic.tools.reading.codes import SPELLING, VOWELS
from amnestic.tools.reading.confusables import uncased
from amnestic.tools.reading.numbered import numbered_letters

__all__ = [
    "MARK",
    "LetterRun",
    "Signs",
    "bare_word",
    "letter_runs",
    "signs_of",
    "spells",
    "spelt_in",
    "windows",
]

_LEAST = 6  # letters of a run
_WINDOW, _SHARED = 80_000, 8_000  # characters that are read at once, and twice
_FAR = 24  # characters between two letters of a row

_WORD = re.compile(r"(?<![\w'’])([^\W\d_])")
_RUN = re.compile(r"[\w'’]+")  # a letter that begins a word is the first of one
_NO_LETTER = re.compile(r"[\W\d_]+")
_FIRST = re.compile(r"[^\w\n]{0,8}([^\W\d_])")
_SENTENCE = re.compile(r"[.!?…][\"'”)\]]{0,3}\s{1,8}[^\w\n]{0,8}([^\W\d_])")
_OF_LINES = (
    (re.compile(r"^[^\w\n]*(?:\d+[.)][^\w\n]*)?([^\W\d_])", re.MULTILINE), 7),
    # behind a label: "Line 1: ", "IV. ", "3,", "- text: "
    (
        re.compile(
            r"^[^\w\n]{0,8}\w{1,12}(?:[ \t]\w{1,6})?[.):=,;][^\w\n]{0,8}([^\W\d_])", re.MULTILINE
        ),
        8,
    ),
    (re.compile(r"([^\W\d_])[^\w\n]{0,8}$", re.MULTILINE), 8),
    # alone at the end: "The third is M."
    (re.compile(r"(?<![\w'’])([^\W\d_])[^\w\n]{0,8}$", re.MULTILINE), 7),
)
_OF_MARKUP = {
    # texts and keys of JSON
    '"': (
        re.compile(r"\"[^\w\"\n]{0,4}([^\W\d_])[^\"\n]{0,2000}\"(?!\s{0,8}:)"),
        re.compile(r"\"[^\w\"\n]{0,4}([^\W\d_])[^\"\n]{0,200}\"\s{0,8}:"),
    ),
    # behind a tag
    ">": (re.compile(r">[^\w<\n]{0,8}([^\W\d_])"),),
}
_MARKS = "\"'`*_([{|<>«“‘„"
# alone between marks, also within a word: "**A**pples", "[[A]]", "'a'"
_MARKED = re.compile(
    r"(?<![^\W_])[\"'`*_(\[{|<>«“‘„]([^\W\d_])[\"'`*_)\]}|<>»”’“](?![^\W_])|"
    r"(?:\*{1,3}|_{1,3}|\[{1,2}|<\w{1,6}>)([^\W\d_])(?:\*{1,3}|_{1,3}|\]{1,2}|</\w{1,6}>)"
)
# in each of those
_BETWEEN = re.compile(r"[\"'`*_(\[{|<>«“‘„][^\W\d_][\"'`*_)\]}|<>»”’“]")
_DIGITS = re.compile(r"\d+")
_FLAG = re.compile(r"[\U0001F1E6-\U0001F1FF]")
_SINGLE = re.compile(r"(?<![\w'’])(?:[^\W\d_](?!\w)|×)")  # the sign, too, that stands in À-Þ
_ALONE = re.compile(r"(?<![\w'’])([A-ZÀ-Þ])(?![\w'’])")
# a letter and a word that begins with it: "A as in Alfa", "n wie Nordpol", "O for orange"
_AS_IN = re.compile(
    r"(?<![\w'’])([^\W\d_])[^\w\n]{1,4}(?:\w{1,5}[^\w\n]{1,4}){1,2}(?=\1[^\W\d_])", re.IGNORECASE
)
_TITLED = re.compile(r"(?<!\w)[^\W\d_a-z][^\W\d_]+(?:[^\w.!?]{1,4}[^\W\d_a-z][^\W\d_]+){5,}")
# what stands in the initials of a text that may hold those
_CAPITALS = re.compile(r"[^a-z]{6}")
_SPELT = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(SPELLING, key=len, reverse=True))})(?!\w)", re.I)


MARK = re.compile(r"[\"`|\[\]{}<>+\n&;«»“”„]|(?<!\w)'|'(?!\w)")
"""What parts pieces that may be of one word."""


class Signs(NamedTuple):
    """What there is in a text of which letters are read apart from their words: the letters with
    which words begin, how many letters stand alone, numbers, words of the spelling alphabet, and
    whether a mark parts pieces."""

    initials: str
    single: int
    numbers: int
    spelling: int
    marked: bool


class LetterRun(NamedTuple):
    """Letters, small and without marks, how many of them a name must have that is looked for among
    them (in some runs any short word comes about by itself), and what gives their places."""

    letters: str
    shortest: int
    places: Callable[[], list[int]]


def letter_runs(text: str, signs: Signs | None = None) -> Iterator[LetterRun]:
    """The letters that a text, or a window of a long one, may spell something with; `signs` are
    those of the text, where they are known.

    >>> lines = "1. Ada", "2. Venn", "3. Elk", "4. Rye", "5. Ivy", "6. Let"
    >>> "averil" in {run.letters for run in letter_runs(chr(10).join(lines))}
    True
    """
    signs = signs or signs_of(text)
    yield from _of_sentences(text)
    yield from _initials(_WORD, text, 9, signs.initials)
    if text.count("\n") + 1 >= _LEAST:
        for pattern, shortest in _OF_LINES:
            for run in _initials(pattern, text, shortest):
                yield run
                yield from _every_other(run)
    for mark, patterns in _OF_MARKUP.items():
        for pattern in patterns if text.count(mark) >= _LEAST else ():
            yield from _initials(pattern, text, 7)
    if any(text.count(m) >= _LEAST for m in _MARKS) and len(_BETWEEN.findall(text)) >= _LEAST:
        yield from _run((m[1] or m[2], m.start()) for m in _MARKED.finditer(text))
    single = [m.start() for m in _SINGLE.finditer(text)] if signs.single >= _LEAST else []
    for row in _rows(((m[1], m.start()) for m in _at(single, _ALONE, text)), _FAR):
        yield from _run(row)
    for letters in numbered_letters(text) if signs.numbers >= _LEAST else ():
        yield from _run(letters)
    if signs.spelling >= _LEAST:
        yield from _run((SPELLING[uncased(m.group())], m.start()) for m in _SPELT.finditer(text))
    yield from _run((m[1], m.start(1)) for m in _at(single, _AS_IN, text))
    for titled in _TITLED.finditer(text) if _CAPITALS.search(signs.initials) else ():
        yield from _run((m[1], m.start(1)) for m in _WORD.finditer(text, *titled.span()))
    if not text.isascii():
        flags = ((chr(ord(m[0]) - 0x1F1E6 + 97), m.start()) for m in _FLAG.finditer(text))
        yield from _run(flags)


def windows(text: str) -> Iterator[tuple[int, str]]:
    """A text in pieces that share more than what is looked for is long, and where each begins."""
    for begin in range(0, max(len(text) - _SHARED, 1), _WINDOW - _SHARED):
        yield begin, text[begin : begin + _WINDOW]


def _of_sentences(text: str) -> Iterator[LetterRun]:
    """The letters with which a text and its sentences begin."""
    first = _FIRST.match(text)
    start = first.end() if first else 0
    letters = (first[1] if first else "") + "".join(_SENTENCE.findall(text, start))
    if len(letters) >= _LEAST:
        begins = [first.start(1)] if first else []
        yield LetterRun(
            bare_word(letters),
            7,
            lambda: [*begins, *(m.start(1) for m in _SENTENCE.finditer(text, start))],
        )


def signs_of(text: str) -> Signs:
    """The signs of a text. Those of parts between spaces are, together, those of the text, but for
    the ends of lines, which are marks.

    >>> signs_of("A bakery's 3 rooms, Osk")
    Signs(initials='AbrO', single=2, numbers=1, spelling=0, marked=False)
    """
    words = _RUN.findall(text)
    return Signs(
        _NO_LETTER.sub("", "".join([word[0] for word in words])),
        # a word of one letter, or with an apostrophe behind it; what `_SINGLE` finds is never more
        len([word for word in words if word[1:2] in "'’"]) + text.count("×"),
        len(_DIGITS.findall(text)),
        spelt_in(text) if spells(text) else 0,
        MARK.search(text) is not None,
    )


def spells(text: str) -> bool:
    """Whether a word of the spelling alphabet that stands for a vowel may be in a text: without any
    nothing is spelt."""
    small = text.lower()
    return any(word in small for word in VOWELS)


def spelt_in(text: str) -> int:
    """How many words of the spelling alphabet a text holds."""
    return len(_SPELT.findall(text))


def _initials(
    pattern: re.Pattern[str], text: str, shortest: int, found: str | None = None
) -> Iterator[LetterRun]:
    letters = "".join(pattern.findall(text)) if found is None else found
    if len(letters) >= _LEAST:
        yield LetterRun(
            bare_word(letters), shortest, lambda: [m.start(1) for m in pattern.finditer(text)]
        )


def _at(places: Sequence[int], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What `finditer` finds of a pattern that begins at some places alone."""
    end = 0
    for place in places if len(places) >= _LEAST else ():
        match = pattern.match(text, place) if place >= end else None
        if match is not None:
            end = match.end()
            yield match


def _every_other(run: LetterRun) -> Iterator[LetterRun]:
    """The letters of every second line: something else may stand between two of them."""
    for first in (0, 1) if len(run.letters) >= 2 * _LEAST else ():
        yield LetterRun(run.letters[first::2], 8, partial(_second_places, run, first))


def _second_places(run: LetterRun, first: int) -> list[int]:
    return run.places()[first::2]


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
    row = [(_bare(letter), place) for letter, place in letters if letter.isalpha()]
    if len(row) >= _LEAST:
        places = [place for _, place in row]
        yield LetterRun("".join(letter for letter, _ in row), 7, lambda: places)


def bare_word(word: str) -> str:
    """Letters without their marks, as many as there are.

    >>> bare_word("Été"), bare_word("Osk")
    ('ete', 'osk')
    """
    return word.lower() if word.isascii() else "".join(map(_bare, word))


@lru_cache(maxsize=4_096)
def _bare(letter: str) -> str:
    """A letter without its marks; always one.

    >>> _bare("É"), _bare("ß")
    ('e', 'ß')
    """
    return unicodedata.normalize("NFKD", letter)[0].lower()[:1]
