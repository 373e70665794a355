"""Letters written as numbers: their places in the alphabet, from its end too, or their codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["numbered_letters"]

_LEAST = 6  # numbers of a run
_NEAR = 12  # characters between two numbers of a row
_NUMBER = re.compile(r"(\d(?<![\w.]\d)\d{0,2})(?=(?:st|nd|rd|th)?(?!\w))(?!\.\d)", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){5,}(?![\w.])")
_SOME_DOTTED = re.compile(r"\d\.\d{1,3}\.\d")
_DIGITS = re.compile(r"\d+")
_VALUE = re.compile(r":\s{0,4}\"?(\d{1,3})(?![\w.])")
_CODE = re.compile(r"(?:U\+|0x|\\[xu]|&#x|%)0{0,2}([0-9A-F]{2})(?![0-9A-F])", re.IGNORECASE)

_CODED = ("U+", "u+", "0x", "\\x", "\\u", "&#x", "%")

_Numbers = list[tuple[int, int]]


def numbered_letters(text: str) -> Iterator[Sequence[tuple[str, int]]]:
    """The letters that numbers of a text may stand for, each with its place: of the numbers in a
    row, of the first and of the last ones of its lines, of the values of JSON.

    >>> ["".join(c for c, _ in run) for run in numbered_letters("20, 15, 18, 22, 5, 11")]
    ['torvek', 'upswfl', 'glievp']
    >>> list(numbered_letters("It has 3 rooms."))
    []
    """
    if len(_DIGITS.findall(text)) < _LEAST:
        return  # a code of a letter has a digit, too: those of hex begin with one
    for numbers in _runs(text):
        for letters in _meant(numbers):
            if len(letters) >= _LEAST:
                yield letters


def _runs(text: str) -> Iterator[_Numbers]:
    for match in _DOTTED.finditer(text) if _SOME_DOTTED.search(text) else ():
        yield [(int(m.group()), m.start()) for m in _DIGITS.finditer(text, *match.span())]
    found = [(int(m[1]), m.start()) for m in _NUMBER.finditer(text)]
    if len(found) >= _LEAST:
        yield from _rows(found)
        if text.count("\n") + 1 >= _LEAST:
            lines = _by_line(text, found)
            yield from ([line[at] for line in lines] for at in (0, -1))
    if text.count(":") >= _LEAST:
        yield [(int(m[1]), m.start(1)) for m in _VALUE.finditer(text)]
    if any(sign in text for sign in _CODED):
        yield [(int(m[1], 16), m.start()) for m in _CODE.finditer(text)]


def _rows(found: _Numbers) -> Iterator[_Numbers]:
    """Numbers that stand close behind each other."""
    row: _Numbers = []
    for number, place in found:
        if row and place - row[-1][1] > _NEAR:
            yield row
            row = []
        row.append((number, place))
    yield row


def _by_line(text: str, found: _Numbers) -> list[_Numbers]:
    """The numbers of each line that has any."""
    lines: list[_Numbers] = []
    end = -1
    for number, place in found:
        if place > end:
            lines.append([])
            end = text.find("\n", place)
            end = len(text) if end < 0 else end
        lines[-1].append((number, place))
    return lines


def _meant(numbers: Iterable[tuple[int, int]]) -> Iterator[list[tuple[str, int]]]:
    """What numbers may stand for: the alphabet counted from one, from nothing, and from its end, or
    codes of characters."""
    numbers = [*numbers]
    if len(numbers) < _LEAST:
        return
    yield [(chr(96 + n), at) for n, at in numbers if 1 <= n <= 26]
    yield [(chr(97 + n), at) for n, at in numbers if 0 <= n <= 25]
    yield [(chr(123 - n), at) for n, at in numbers if 1 <= n <= 26]
    yield [(chr(n).lower(), at) for n, at in numbers if 65 <= n <= 90 or 97 <= n <= 122]
