"""Sums, means and numbers of rows of a table, where rows of it went."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from amnestic.tools.documents.figures import is_total
from amnestic.tools.documents.written_numbers import number_of_cell

__all__ = ["is_counted", "is_rank", "may_sum_up", "ranked", "summing_rows", "totalled"]

_RANK = re.compile(  # what names a column of numbers that say nothing of the rows but their order
    r"[#№]|n[ro]?[.°º]?|number|nummer|num[eé]ro|número|item|option|point|punkt|steps?|schritt|étape"
    r"|paso|tip",
    re.IGNORECASE,
)


_MOST_SUMMING = 3


def totalled(
    rows: Sequence[Sequence[str]], stays: Sequence[bool], last: Sequence[str]
) -> list[str]:
    """The cells of `last`, a row under `rows`, of which those that are the sum or the mean of their
    column are those of the rows that stay. What names a row ("1500 m") is no sum, unless the row
    says that it is one, or leaves a cell empty.

    >>> totalled([["a", "1,200"], ["b", "300"]], [True, False], ["**Total**", "**1,500**"])
    ['**Total**', '**1,200**']
    >>> totalled([["1 m", "a"], ["2 m", "b"], ["4 m", "c"]], [True, False, True], ["7 m", "d"])
    ['7 m', 'd']
    """
    new = list(last)
    may_name = len(last) > 1 and all(cell.strip(" *_") for cell in last) and not _stands_apart(last)
    for column, cell in enumerate(last):
        if may_name and not column:
            continue
        total = number_of_cell(cell)
        cells = [number_of_cell(row[column]) if column < len(row) else None for row in rows]
        values = [number.value for number in cells if number is not None]
        left = [n.value for n, stay in zip(cells, stays, strict=True) if n is not None and stay]
        if total is None or len(values) < 2 or not left or len(left) == len(values):
            continue
        if all(b - a == 1 for a, b in pairwise([*values, total.value])):  # 1, 2, 3
            continue
        if total.value == sum(values, Decimal(0)):
            new[column] = total.written(sum(left, Decimal(0)))
        elif abs(total.value - sum(values, Decimal(0)) / len(values)) <= Decimal("0.5").scaleb(
            -total.places
        ):
            new[column] = total.written(sum(left, Decimal(0)) / len(left))
    return new


def may_sum_up(rows: Sequence[Sequence[str]], last: Sequence[str]) -> bool:
    """Whether a row may be the sum of those before it: of two an equal number may be chance, unless
    it says that it is a total, or leaves a cell empty.

    >>> may_sum_up([["a", "1"], ["b", "2"]], ["c", "3"]), may_sum_up([["a"], ["b"]], [""])
    (False, True)
    """
    return len(rows) > 2 or is_total(" ".join(last)) or not all(cell.strip(" *_") for cell in last)


def summing_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the end may sum up those before them: the last one, or some of which the
    first says that it is a total, and the others that they are one or that they stand apart.

    >>> summing_rows([["a", "1"], ["b", "2"], ["Total", "3"], ["Average", "1.5"]])
    2
    >>> summing_rows([["a", "1"], ["b", "2"], ["c", "3"], ["d", "4"]])
    1
    """
    for many in range(min(_MOST_SUMMING, len(rows) - 2), 1, -1):
        first, *others = rows[-many:]
        if is_total(" ".join(first)) and all(map(_stands_apart, others)):
            return many
    return int(len(rows) > 2 and may_sum_up(rows[:-1], rows[-1]))


def _stands_apart(row: Sequence[str]) -> bool:
    """Whether a row is no row as the others: it says that it is a total, or is in another hand."""
    first = next((cell for cell in row if cell.strip()), "")
    return is_total(" ".join(row)) or first.strip().startswith(("*", "_"))


def is_rank(head: str) -> bool:
    """Whether a column of this name does nothing but number the rows: "#", but not "Place", which
    says how somebody came in, or "Season".

    >>> is_rank("#"), is_rank("Step"), is_rank("Place")
    (True, True, False)
    """
    return _RANK.fullmatch(head.strip(" *_")) is not None


def is_counted(head: str, first: Sequence[str]) -> bool:
    """Whether a first column does nothing but number the rows, from one on.

    >>> is_counted("#", ["1", "2"]), is_counted("#", ["4", "7"])
    (True, False)
    """
    numbers = [cell for cell in first if cell.isdigit()]
    counts = numbers == [str(i + 1) for i in range(len(numbers))]
    return bool(numbers) and counts and is_rank(head)


def ranked(head: str, first: Sequence[str], stays: Sequence[bool]) -> dict[int, int]:
    """The new numbers, by their rows, of a first column that does nothing but number the rows.

    >>> ranked("#", ["1", "2", "3"], [True, False, True])
    {2: 2}
    """
    new: dict[int, int] = {}
    number = 0
    for i, (cell, stay) in enumerate(zip(first, stays, strict=True)):
        number += stay and cell.isdigit()
        if stay and cell.isdigit() and cell != str(number):
            new[i] = number
    return new if is_counted(head, first) else {}
