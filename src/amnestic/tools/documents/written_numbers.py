"""Numbers as they are written in a text or a cell: their marks, places and units."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["NUMBER", "WrittenNumber", "number_of_cell", "written_number"]

NUMBER = re.compile(
    r"(?<![\w.,])(?<![^\W\d_][-_/])[-−]?"
    r"(?:\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+(?!\d)|\d+)(?:[.,]\d+)?(?!\w)"
)
"""A number that is no part of a code such as "KD-12"; of "In 1984 150 sang" there are two."""

_SPACES = re.compile(r"['\s]")
_TOO_MUCH, _MOST_PLACES = Decimal(10) ** 15, 6
_GROUPS = re.compile(r"[-−]?\d{1,3}((?P<sign>[.,' \u00a0\u202f])\d{3})(?:(?P=sign)\d{3})*(?=\D|$)")


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number in a cell, and how it is written."""

    value: Decimal
    places: int
    point: str
    groups: str
    before: str = ""
    behind: str = ""

    @property
    def is_amount(self) -> bool:
        """Whether a number may be one of several that are added: no key of thirty digits."""
        return abs(self.value) < _TOO_MUCH and self.places <= _MOST_PLACES

    def written(self, value: Decimal) -> str:
        """Another number in the same cell."""
        rounded = value.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)
        digits = f"{rounded:,.{self.places}f}".replace(",", "\0").replace(".", self.point)
        return self.before + digits.replace("\0", self.groups) + self.behind


def number_of_cell(cell: str) -> WrittenNumber | None:
    """The only number of a cell; `None` where it has more, or words, or is no amount.

    >>> number_of_cell("€1,240.50").value, number_of_cell("12 of 30")
    (Decimal('1240.50'), None)
    """
    found = list(NUMBER.finditer(cell))
    if len(found) != 1 or re.search(r"[^\W\d_]{4}", cell):
        return None
    number = written_number(found[0].group())
    if not number.is_amount:
        return None
    return replace(number, before=cell[: found[0].start()], behind=cell[found[0].end() :])


def written_number(text: str) -> WrittenNumber:
    """A number as `NUMBER` finds it, however it is grouped.

    >>> written_number("1.240,50").value, written_number("12 345,678.9").value
    (Decimal('1240.50'), Decimal('12345678.9'))
    """
    grouped = _GROUPS.match(text)
    groups = grouped["sign"] if grouped else ""
    whole = _SPACES.sub("", text.replace(groups, "") if groups else text)
    point, other = (",", ".") if whole.rfind(",") > whole.rfind(".") else (".", ",")
    whole = whole.replace(other, "")
    whole = whole.replace(point, "") if whole.count(point) > 1 else whole
    places = len(whole.partition(point)[2])
    value = Decimal(whole.replace(point, ".").replace("−", "-"))
    return WrittenNumber(value, places, point, groups)
