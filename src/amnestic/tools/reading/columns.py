"""The tables in a text, as far as its line breaks and marks tell: which cell heads a column."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

__all__ = ["Columns"]

_MARKS = "|\t;,"
_NEAR = 40
_LONGEST_HEAD = 80


class Columns:
    """The columns of the tables in a folded text.

    A text of many rows is asked about each of them, so the places of line breaks and marks are
    kept, and each head is read once.

    >>> columns = Columns("first|last\\nada|venn\\n")
    >>> columns.head(11), columns.head(15), columns.head(0)
    ('first', 'last', None)
    """

    __slots__ = ("_heads", "_places", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[str, list[int]] = {}
        self._heads: dict[tuple[int, str], list[str]] = {}

    def head(self, at: int) -> str | None:
        """The cell that heads the column in which place `at` lies, cut where it is longer than any
        label; `None` where no row is above."""
        begin = self._last("\n", at) + 1
        if not begin:
            return None
        near = self._text[at : at + _NEAR]
        mark = next((m for m in _MARKS if self._last(m, at) >= begin or m in near), None)
        if mark is None:
            return None
        cells = self._head(begin, mark)
        marks = self._found(mark)
        place = bisect_left(marks, at) - bisect_left(marks, begin)
        return cells[place] if place < len(cells) else None

    def _head(self, begin: int, mark: str) -> list[str]:
        """The cells of the first row with this mark, in the block of lines above."""
        block = self._found("\n\n")
        above = bisect_right(block, begin - 2) - 1
        top = block[above] + 2 if above >= 0 else 0
        marks = self._found(mark)
        first = bisect_left(marks, top)
        if first == len(marks) or marks[first] >= begin:
            return []
        row = self._last("\n", marks[first]) + 1
        if (row, mark) not in self._heads:
            end = self._text.index("\n", row)
            cells = self._text[row:end].split(mark)
            self._heads[row, mark] = [cell[:_LONGEST_HEAD] for cell in cells]
        return self._heads[row, mark]

    def _last(self, mark: str, before: int) -> int:
        """Where the last of a mark before a place stands; -1 if there is none."""
        places = self._found(mark)
        found = bisect_left(places, before)
        return places[found - 1] if found else -1

    def _found(self, mark: str) -> list[int]:
        known = self._places.get(mark)
        if known is None:
            pattern = re.compile(f"(?={re.escape(mark)})" if len(mark) > 1 else re.escape(mark))
            known = [match.start() for match in pattern.finditer(self._text)]
            self._places[mark] = known
        return known
