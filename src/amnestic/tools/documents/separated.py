"""Text in rows whose values a sign separates (CSV, TSV): where each row and each value stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from amnestic.types import Span

__all__ = ["DELIMITERS", "Row", "quoted_values", "separated_rows"]

DELIMITERS = ("\t", ",", ";", "|")
"""The signs that separate values."""

_HEADER_CELL = re.compile(r"\s*[\w][\w .()/#%&'-]{0,39}\s*")
_MAX_COLUMNS = 400


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a text, `text[start:end]`, and its cells."""

    start: int
    end: int
    cells: tuple[Span, ...]


def separated_rows(text: str, delimiter: str) -> list[Row] | None:
    """The rows, where every row has as many cells as a head that looks like one."""
    head_line = text.lstrip("\r\n").partition("\n")[0]
    columns = head_line.count(delimiter) + 1
    if not 2 <= columns <= _MAX_COLUMNS or "\n" not in text.strip():
        return None
    rows = _split(text, delimiter)
    head = rows[0] if rows else None
    if head is None or len(rows) < 2 or any(len(r.cells) != len(head.cells) for r in rows):
        return None
    names = quoted_values(text, head.cells)
    looks_like_one = all(_HEADER_CELL.fullmatch(n) for n in names) and len(set(names)) == len(names)
    return rows if looks_like_one else None


def _split(text: str, delimiter: str) -> list[Row]:
    """Rows and cells; a quoted cell may hold delimiters and line ends."""
    rows: list[Row] = []
    cells: list[Span] = []
    start = cell = at = 0
    quoted = False
    for at, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char == delimiter and not quoted:
            cells.append(Span(cell, at))
            cell = at + 1
        elif char == "\n" and not quoted:
            _add_row(rows, text, start, at + 1, [*cells, Span(cell, _line_end(text, at))])
            cells, start, cell = [], at + 1, at + 1
    if start < len(text):
        _add_row(rows, text, start, len(text), [*cells, Span(cell, len(text))])
    return rows


def _line_end(text: str, at: int) -> int:
    return at - 1 if at and text[at - 1] == "\r" else at


def _add_row(rows: list[Row], text: str, start: int, end: int, cells: list[Span]) -> None:
    if text[start:end].strip():
        rows.append(Row(start, end, tuple(cells)))


def quoted_values(text: str, cells: Sequence[Span]) -> list[str]:
    """The values in cells, without the quotes around them."""
    values = []
    for span in cells:
        value = text[span.start : span.end].strip()
        if len(value) >= 2 and value[0] == value[-1] == '"':
            value = value[1:-1].replace('""', '"')
        values.append(value)
    return values
