"""Numbers as they are written in a text or a cell: their marks, places and units."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["NUMBER", "WrittenNumber", "number_of_cell", "written_number"]

NUMBER = re.compile(
    r"(?<![\w.,])(?<![^\W\d_][-_/])[-−]?\d+(?:[.,' \u00a0\u202f]\d{3})*(?:[.,]\d+)?(?!\w)"
)
"""A number that is no part of a code such as "KD-12"."""

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

    def written(self, value: Decimal) -> str:
        """Another number in the same cell."""
        rounded = value.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)
        digits = f"{rounded:,.{self.places}f}".replace(",", "\0").replace(".", self.point)
        return self.before + digits.replace("\0", self.groups) + self.behind


def number_of_cell(cell: str) -> WrittenNumber | None:
    """The only number of a cell; `None` where it has more, or words.

    >>> number_of_cell("€1,240.50").value, number_of_cell("12 of 30")
    (Decimal('1240.50'), None)
    """
    found = list(NUMBER.finditer(cell))
    if len(found) != 1 or re.search(r"[^\W\d_]{4}", cell):
        return None
    number = written_number(found[0].group())
    return replace(number, before=cell[: found[0].start()], behind=cell[found[0].end() :])


def written_number(text: str) -> WrittenNumber:
    """A number as `NUMBER` finds it.

    >>> written_number("1.240,50").value
    Decimal('1240.50')
    """
    grouped = _GROUPS.match(text)
    groups = grouped["sign"] if grouped else ""
    whole = text.replace(groups, "") if groups else text
    point = "," if "," in whole else "."
    places = len(whole.partition(point)[2])
    value = Decimal(whole.replace(",", ".").replace("−", "-"))
    return WrittenNumber(value, places, point, groups)
