"""Tables whose columns are set apart by spaces: a column headed by a target goes from every row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from amnestic.tools.documents.json_tree import edited
from amnestic.tools.documents.records import Leaks
from amnestic.types import Span

__all__ = ["fixed_width_span", "without_named_columns"]

_CELL = re.compile(r"\S+(?: \S+)*")
_GAP = re.compile(r"\S {2,}\S")
_NUMBERS = re.compile(r"[\s\d.,%+$€£=-]*")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_FEWEST = 2


def fixed_width_span(text: str, at: int = 0) -> Span | None:
    """Where the next lines stand that have cells set apart by two spaces and more."""
    begin, end, count = at, at, 0
    for line in _LINES.finditer(text, at):
        if _GAP.search(line.group()):
            begin, end, count = (begin if count else line.start()), line.end(), count + 1
        elif count >= _FEWEST:
            break
        else:
            count = 0
    return Span(begin, end) if count >= _FEWEST else None


def without_named_columns(table: str, leaks: Leaks) -> str:
    """`table` without the columns that are headed by a target and hold numbers alone; the cells
    under a name stay where they are. Rows are not judged here.

    >>> table = "Month   Osk   Tarn\\nMay     41    39\\nJune    44    36\\n"
    >>> without_named_columns(table, lambda s: "Osk" in s)
    'Month   Tarn\\nMay     39\\nJune    36\\n'
    """
    lines = list(_LINES.finditer(table))
    heads = [(m.start(), m.group()) for m in _CELL.finditer(lines[0].group())]
    starts = [start for start, _ in heads]
    gone = [i for i, (_, name) in enumerate(heads) if i and leaks(name)]
    cuts: list[tuple[Span, str]] = []
    for i in gone:
        places = [_place(line.group().rstrip("\n"), starts, i) for line in lines]
        told = [line.group()[s.start : s.end] for line, s in zip(lines, places, strict=True)]
        if all(_NUMBERS.fullmatch(cell) for cell in told[1:]):
            cuts += _cuts(lines, places)
    return edited(table, cuts)


def _place(line: str, starts: Sequence[int], column: int) -> Span:
    """Where a column stands in a line, with the spaces behind it; of the last, those before it."""
    last = column + 1 == len(starts)
    begin = min(starts[column], len(line))
    end = len(line) if last else min(starts[column + 1], len(line))
    return Span(len(line[:begin].rstrip()) if last else begin, end)


def _cuts(lines: Sequence[re.Match[str]], places: Sequence[Span]) -> Iterator[tuple[Span, str]]:
    for line, place in zip(lines, places, strict=True):
        yield Span(line.start() + place.start, line.start() + place.end), ""
