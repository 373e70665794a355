"""Sums, means and numbers of rows of a table, where rows of it went."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

__all__ = [
    "Changed",
    "changed_figures",
    "column_figures",
    "ranked",
    "totalled",
    "with_figures",
]

Changed = tuple[Decimal, Decimal]
"""What a sum was, and what it is."""

_NUMBER = re.compile(r"(?<![\w.,])[-−]?\d+(?:[.,' \u00a0\u202f]\d{3})*(?:[.,]\d+)?(?!\w)")
_TELLING = 100
_RANK = re.compile(r"#|№|N[ro]?[.°º]?")
_GROUPS = re.compile(r"[-−]?\d{1,3}((?P<sign>[.,' \u00a0\u202f])\d{3})(?:(?P=sign)\d{3})*(?=\D|$)")


@dataclass(frozen=True, slots=True)
class _Number:
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


def totalled(
    rows: Sequence[Sequence[str]], stays: Sequence[bool], last: Sequence[str]
) -> list[str]:
    """The cells of `last`, a row under `rows`, of which those that are the sum or the mean of their
    column are those of the rows that stay.

    >>> totalled([["a", "1,200"], ["b", "300"]], [True, False], ["**Total**", "**1,500**"])
    ['**Total**', '**1,200**']
    """
    new = list(last)
    for column, cell in enumerate(last):
        total = _read(cell)
        cells = [_read(row[column]) if column < len(row) else None for row in rows]
        values = [number.value for number in cells if number is not None]
        left = [n.value for n, stay in zip(cells, stays, strict=True) if n is not None and stay]
        if total is None or len(values) < 2 or not left or len(left) == len(values):
            continue
        if total.value == sum(values, Decimal(0)):
            new[column] = total.written(sum(left, Decimal(0)))
        elif abs(total.value - sum(values, Decimal(0)) / len(values)) <= Decimal("0.5").scaleb(
            -total.places
        ):
            new[column] = total.written(sum(left, Decimal(0)) / len(left))
    return new


def ranked(head: str, first: Sequence[str], stays: Sequence[bool]) -> dict[int, int]:
    """The new numbers, by their rows, of a first column that does nothing but number the rows.

    >>> ranked("#", ["1", "2", "3"], [True, False, True])
    {2: 2}
    """
    numbers = [cell for cell in first if cell.isdigit()]
    counts = numbers == [str(i + 1) for i in range(len(numbers))]
    if not counts or not _RANK.fullmatch(head):
        return {}
    new: dict[int, int] = {}
    number = 0
    for i, (cell, stay) in enumerate(zip(first, stays, strict=True)):
        number += stay and cell.isdigit()
        if stay and cell.isdigit() and cell != str(number):
            new[i] = number
    return new


def changed_figures(given: str, kept: str) -> list[Changed]:
    """The numbers that stand otherwise in `kept` in lines that are else the same, and the only ones
    that look so.

    >>> changed_figures("a: 1\\nsum: 1,240", "sum: 990")
    [(Decimal('1240'), Decimal('990'))]
    """
    before, after = _lines_by_shape(given), _lines_by_shape(kept)
    alone = [s for s, lines in before.items() if len(lines) == 1 == len(after.get(s, ()))]
    pairs = [
        p for s in alone for p in zip(*map(_numbers, (before[s][0], after[s][0])), strict=True)
    ]
    return [(old.value, new.value) for old, new in pairs if old.value != new.value]


def column_figures(before: Sequence[Sequence[str]], left: Sequence[Sequence[str]]) -> list[Changed]:
    """The sums and the means of the columns of a table, as they were and as they are now: a text
    may tell them though no row of it does.

    >>> rows = [["Osk", "310.50"], ["Tarn", "90.25"], ["Hill", "120.00"]]
    >>> [(str(old), str(new)) for old, new in column_figures(rows, rows[1:])][0]
    ('520.75', '210.25')
    """
    found: list[Changed] = []
    for old, new in zip(_columns(before), _columns(left), strict=False):
        if len(old) < 2 or not new or len(old) == len(new):
            continue
        found.append((sum(old, Decimal(0)), sum(new, Decimal(0))))
        mean, now = found[-1][0] / len(old), found[-1][1] / len(new)
        found += [(mean.quantize(Decimal(1).scaleb(-n), ROUND_HALF_UP), now) for n in range(3)]
    return found


def _columns(rows: Sequence[Sequence[str]]) -> list[list[Decimal]]:
    """The numbers of each column."""
    width = max(map(len, rows), default=0)
    cells = ((_read(row[i]) for row in rows if i < len(row)) for i in range(width))
    return [[number.value for number in column if number is not None] for column in cells]


def _lines_by_shape(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        found.setdefault(_NUMBER.sub("\0", line).strip(" ,"), []).append(line)
    return found


def with_figures(sentence: str, changed: Sequence[Changed]) -> str:
    """A sentence that tells sums as they are now. What is below 100 may be any number.

    >>> with_figures("It adds up to €1,240.", [(Decimal(1240), Decimal(990))])
    'It adds up to €990.'
    """
    new = {old: now for old, now in changed if abs(old) >= _TELLING}
    return _NUMBER.sub(lambda m: _said_anew(m.group(), new), sentence) if new else sentence


def _said_anew(said: str, new: Mapping[Decimal, Decimal]) -> str:
    number = _number(said)
    return number.written(new[number.value]) if number.value in new else said


def _numbers(line: str) -> list[_Number]:
    return [_number(match.group()) for match in _NUMBER.finditer(line)]


def _read(cell: str) -> _Number | None:
    """The only number of a cell."""
    found = list(_NUMBER.finditer(cell))
    if len(found) != 1 or re.search(r"[^\W\d_]{4}", cell):
        return None
    number = _number(found[0].group())
    return replace(number, before=cell[: found[0].start()], behind=cell[found[0].end() :])


def _number(text: str) -> _Number:
    grouped = _GROUPS.match(text)
    groups = grouped["sign"] if grouped else ""
    whole = text.replace(groups, "") if groups else text
    point = "," if "," in whole else "."
    places = len(whole.partition(point)[2])
    value = Decimal(whole.replace(",", ".").replace("−", "-"))
    return _Number(value, places, point, groups)
