"""Addresses and numbers that are spelt out: "bob [at] example [dot] com", "four eight two".

What comes out is for looking up what is known, not for reading: "at" and "dot" are words too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from amnestic.tools.reading.confusables import uncased
from amnestic.tools.reading.decode import Reading
from amnestic.tools.reading.encodings import perhaps_encoded, perhaps_unescaped, substituted
from amnestic.tools.reading.normalise import Mapped, clean, fold_word

__all__ = ["spellings"]

_AT = r"at|ät|arroba|chiocciola|arobase|klammeraffe|@"
_DOT = r"dot|punkt|punto|point|ponto|\."
_LETTER = "a"  # "(a)", for the letter in the mark
_MARKS = {
    _LETTER: "@",
    **dict.fromkeys(_AT.split("|"), "@"),
    **dict.fromkeys(_DOT.split("|"), "."),
    ".": ".",
}
_BRACKETED = re.compile(
    rf"[ \t]{{0,2}}[\[({{<][ \t]{{0,2}}(?P<mark>{_AT}|{_LETTER}|{_DOT})"
    r"[ \t]{0,2}[\])}>][ \t]{0,2}",
    re.I,
)
_LONE = re.compile(r"(?<=\w)(?:[ \t]{1,2}(?P<mark>@|\.)[ \t]{0,2}|(?P<only>@)[ \t]{1,2})(?=\w)")
_DOTTED = re.compile(rf"(?<=\w)[ \t]{{1,2}}(?:{_DOT})[ \t]{{1,2}}(?=\w)", re.I)
_WORDED = re.compile(
    rf"(?<=\w)[ \t]{{1,2}}(?:{_AT})[ \t]{{1,2}}(?=[\w-]{{1,63}}[ \t]{{1,2}}(?:{_DOT})[ \t])",
    re.I,
)
_UNDERSCORE = re.compile(
    r"(?<=\w)[ \t]{1,2}(?:underscore|unterstrich|underline|guion[ ]bajo|tiret[ ]bas|sottolineatura)"
    r"[ \t]{1,2}(?=\w)",
    re.I,
)
_HYPHEN = re.compile(
    r"(?<=\w)[ \t]{1,2}(?:minus|dash|hyphen|bindestrich|tiret|gui[oó]n|trattino|traço|streepje)"
    r"[ \t]{1,2}(?=\w)",
    re.I,
)
_OPENING = re.compile(r"[\[({<][ \t]{0,2}(?:at|ät|a|arroba|dot|punkt|punto)\b", re.I)
_DOT_WORDS = frozenset("dot punkt punto point ponto".split())

_DIGITS = (
    "zero oh null zéro cero nul",
    "one eins un uno um een",
    "two zwei zwo deux dos due dois twee",
    "three drei trois tres tre três drie",
    "four vier quatre cuatro quattro quatro",
    "five fünf fuenf cinq cinco cinque vijf",
    "six sechs seis sei zes",
    "seven sieben sept siete sette sete zeven",
    "eight acht huit ocho otto oito",
    "nine neun neuf nueve nove negen",
)
_DIGIT = {word: str(i) for i, words in enumerate(_DIGITS) for word in words.split()}
_DIGIT |= {fold_word(word): digit for word, digit in _DIGIT.items()}
_STROKES = "dash hyphen minus strich bindestrich tiret guion guión trattino traço streepje slash"
_STROKE = frozenset(_STROKES.split())
_NUMBER_WORD = "|".join(sorted(_DIGIT, key=len, reverse=True))
_SAID = re.compile(
    rf"(?<!\w)(?:{_NUMBER_WORD}|[A-Za-z])(?!\w)(?:[ \t,;./-]{{1,3}}"
    rf"(?:{_NUMBER_WORD}|{'|'.join(_STROKES.split())}|[A-Za-z0-9])(?!\w)){{2,}}+",
    re.IGNORECASE,
)
_PART = re.compile(r"[^\W_]+")
_LEAST_SAID = 3  # digits in words, one behind the other


def spellings(reading: Reading) -> Iterator[Mapped]:
    """The ways in which the letters of a text may be meant: as they stand, decoded, with what may
    be encoded decoded too, and with what is spelt out written.

    >>> from amnestic.tools.reading.decode import read
    >>> [m.text for m in spellings(read("bob [at] example [dot] com"))][-1]
    'bob@example.com'
    >>> [m.text for m in spellings(read("It is four eight two one three dash K."))][-1]
    'It is 48213-K.'
    """
    plain = reading.plain if not reading.hidden else clean(reading.source)
    given = [plain] if plain is reading.plain else [plain, reading.plain]
    words = reading.views[0].words.words
    steps = [perhaps_encoded, perhaps_unescaped]
    if "@" in reading.source or not _DOT_WORDS.isdisjoint(words) or _OPENING.search(plain.text):
        steps.append(_marked)
    if sum(word in _DIGIT for word in words) >= _LEAST_SAID:
        steps.append(_said)
    for text in given:
        yield text
        yield from (other for step in steps if (other := step(text)) is not text)


def _marked(plain: Mapped) -> Mapped:
    """With the marks of e-mail addresses for the words that stand for them."""
    bracketed = _replaced(plain, _BRACKETED)
    bracketed = substituted(bracketed, _UNDERSCORE, lambda _: "_")
    bracketed = substituted(bracketed, _HYPHEN, lambda _: "-")
    worded = substituted(bracketed, _WORDED, lambda _: "@")
    return _replaced(substituted(worded, _DOTTED, lambda _: "."), _LONE)


def _replaced(plain: Mapped, pattern: re.Pattern[str]) -> Mapped:
    pieces = [
        (m.start(), m.end(), _MARKS[uncased(m["mark"] or m["only"])])
        if "only" in pattern.groupindex
        else (m.start(), m.end(), _MARKS[uncased(m["mark"])])
        for m in pattern.finditer(plain.text)
    ]
    return plain.replaced(pieces)


def _said(plain: Mapped) -> Mapped:
    """With digits for their words, where several stand in a row."""
    return substituted(plain, _SAID, _in_digits)


def _in_digits(run: str) -> str:
    words = [m.group().lower() for m in _PART.finditer(run)]
    if sum(word in _DIGIT for word in words) < _LEAST_SAID:
        return run
    return "".join(_digit(m.group()) for m in _PART.finditer(run))


def _digit(word: str) -> str:
    small = word.lower()
    return "-" if small in _STROKE else _DIGIT.get(small, word)
