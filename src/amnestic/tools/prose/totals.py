"""Sums and averages that a text tells of a list, after something went out of the list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import fmean

from amnestic.tools.prose.grammar import grammar_of

__all__ = ["retotalled", "tells_total"]

_NUMBER = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[.,  ']\d{3})+(?:[.,]\d+)?(?!\d)|(?<![\w.,])\d+(?:[.,]\d+)?"
)
_THOUSANDS = re.compile(r"[.,  '](?=\d{3}(?:\D|$))")
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(("total", "average", "sum", "mean", "median"))  # heads of tables
_YEARS = range(1000, 2101)


def tells_total(piece: str) -> bool:
    """Whether a piece tells a sum or an average.

    >>> tells_total("The average is 12."), tells_total("| **Total** | 90 |"), tells_total("12 men.")
    (True, True, False)
    """
    words = grammar_of(piece).totals | _ENGLISH
    return any(w.lower() in words for w in _WORD.findall(piece)) and bool(_NUMBER.search(piece))


def retotalled(piece: str, before: Sequence[str], left: Sequence[str]) -> str:
    """`piece`, which tells a total, with the total of the rows that are `left`; nothing where it is
    no sum or mean of a column of the rows that there were `before`.

    >>> retotalled("| Average | 20 |", ["| A | 10 |", "| B | 30 |"], ["| B | 30 |"])
    '| Average | 30 |'
    >>> retotalled("The median is 21.", ["| A | 10 |", "| B | 30 |"], ["| B | 30 |"])
    ''
    """
    new, at = "", 0
    for match in _NUMBER.finditer(piece):
        told = _told_anew(match.group(), before, left)
        if told is None:
            return ""
        new += piece[at : match.start()] + told
        at = match.end()
    return new + piece[at:]


def _told_anew(number: str, before: Sequence[str], left: Sequence[str]) -> str | None:
    value = _value(number)
    if value == len(before):
        return str(len(left))
    for old, new in zip(_columns(before), _columns(left), strict=False):
        for total in (sum, fmean):
            if old and new and abs(total(old) - value) <= 0.5 * 10 ** -_decimals(number):
                return _like(number, total(new))
    return number if number.isdecimal() and int(number) in _YEARS else None


def _columns(rows: Sequence[str]) -> Iterator[list[float]]:
    numbers = [[_value(n) for n in _NUMBER.findall(row)] for row in rows]
    return (list(column) for column in zip(*numbers, strict=False))


def _value(number: str) -> float:
    return float(_THOUSANDS.sub("", number).replace(",", "."))


def _decimals(number: str) -> int:
    return len(re.split(r"[.,]", _THOUSANDS.sub("", number) + ".")[1])


def _like(number: str, value: float) -> str:
    """A value written as a number was: its marks and its places behind the point."""
    mark, places = _THOUSANDS.search(number), _decimals(number)
    point = "," if places and "," in _THOUSANDS.sub("", number) else "."
    whole, _, rest = f"{value:,.{places}f}".partition(".")
    return whole.replace(",", mark.group() if mark else "") + (point + rest if rest else "")
