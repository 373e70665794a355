"""A text as the tagger reads it: word pieces, the shape of the word that each is of, its place.

The encoder's vocabulary knows no capitals and no line ends, and a request is told by both: names
from words, and the rows of a list from each other. They go in as the token's type, of which the
encoder has one for each shape (lower case, first letter, all capitals, mixed, digits, signs, a
script without case), once more for the first word of a line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["SHAPES", "TOKENS", "Tokens", "tokens_of"]

TOKENS = 384
"""The most tokens of one reading."""

_GLUE = re.compile(  # signs within a word: they part it for the encoder, and for nobody else
    r"(?<=[^\W_])[-_.@+&](?=[^\W_])|(?<=\d)[/:](?=\d)|(?<=[^\W_])['’](?=[^\W_])(?!s\b)"
    r"|(?<=[^\W_])_+(?=[^\W_])"
)
_FORMS = 7
SHAPES = 2 * _FORMS
"""How many token types there are."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Ids and types, with the place of each token in the text, and the number of the unit that it
    is of: a word with all that is written into it, as an address or a hyphened name. The first and
    last are the encoder's own and stand nowhere."""

    ids: list[int]
    types: list[int]
    places: list[tuple[int, int]]
    units: list[int]


def tokens_of(tokenizer: Any, text: str) -> Tokens:
    """The tokens of a text, however many there are."""
    found = tokenizer.encode(text)
    places = [tuple(place) for place in found.offsets]
    words, shapes = found.word_ids, [0] * len(found.ids)
    spans: dict[int, tuple[int, int]] = {}
    for (start, end), word in zip(places, words, strict=True):
        if word is not None:
            first = spans.get(word, (start, end))[0]
            spans[word] = (first, end)
    for i, word in enumerate(words):
        if word is not None:
            start, end = spans[word]
            shapes[i] = _shape(text[start:end]) + _FORMS * _opens_line(text, start)
    return Tokens(list(found.ids), shapes, places, _units(text, places, words))


def _units(text: str, places: Sequence[tuple[int, int]], words: Sequence[int | None]) -> list[int]:
    glued = {i for m in _GLUE.finditer(text) for i in range(m.start(), m.end() + 1)}
    units, unit, last, end = [], -1, None, 0
    for (start, stop), word in zip(places, words, strict=True):
        joined = word is not None and start == end and start in glued
        if word is None or (word != last and not joined):
            unit += 1
        units.append(unit)
        last, end = word, stop
    return units


def _opens_line(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t")
    return not before or before[-1] == "\n"


def _shape(word: str) -> int:
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return 4 if any(c.isdigit() for c in word) else 5
    cased = [c for c in letters if c.isupper() or c.islower()]
    if not cased:
        return 6
    if all(c.islower() for c in cased):
        return 0
    if all(c.isupper() for c in cased):
        return 2 if len(cased) > 1 else 1
    return 1 if cased[0].isupper() and all(c.islower() for c in cased[1:]) else 3
