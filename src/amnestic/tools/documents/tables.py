"""Tables in text (CSV, TSV, Markdown): rows of a forgotten record go, the others stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from amnestic.tools.detection import prime
from amnestic.tools.documents.grouped_rows import groups_of, headless, with_groups
from amnestic.tools.documents.json_tree import edited
from amnestic.tools.documents.records import (
    Field,
    Leaks,
    RecordVerdict,
    judge_record,
    keys_of_row,
    says_relation,
    says_what,
    says_whose,
    views,
)
from amnestic.tools.documents.separated import DELIMITERS, Row, quoted_values, separated_rows
from amnestic.tools.documents.totals import ranked, summing_rows, totalled
from amnestic.types import Span

__all__ = [
    "markdown_table_span",
    "narrows",
    "redact_markdown_table",
    "redact_separated",
    "redact_table_rows",
    "rows_of",
]

_ValuesOf = Callable[[str, Sequence[Span]], list[str]]


def redact_separated(text: str, leaks: Leaks) -> str | None:
    """CSV or TSV without the rows that leak; `None` when `text` is neither.

    A row about something else that mentions a target loses the one cell.

    >>> leaks = lambda s: "Osk" in s
    >>> redact_separated("name,born\\nOsk,1961\\nTarn,1970\\n", leaks)
    'name,born\\nTarn,1970\\n'
    """
    for delimiter in DELIMITERS:
        rows = separated_rows(text, delimiter)
        if rows is not None:
            if _is_data(text, rows[0], leaks):
                return _redact_rows(text, Row(0, 0, ()), rows, leaks, quoted_values)
            narrower = _without_columns(text, rows, leaks, quoted_values)
            if narrower is not None:
                return redact_separated(narrower, leaks) or narrower
            return _redact_rows(text, rows[0], rows[1:], leaks, quoted_values)
    return None


def _is_data(text: str, first: Row, leaks: Leaks) -> bool:
    """Whether the first row is a record rather than a head: it begins with a target's name, or
    holds one beside a number."""
    cells = quoted_values(text, first.cells)
    if not any(cell and leaks(cell) for cell in cells):
        return False
    return leaks(cells[0]) if cells[0] else any(c.strip(" .-").isdigit() for c in cells)


def markdown_table_span(text: str, at: int = 0) -> Span | None:
    """Where the next Markdown table of `text` stands, from its head to its last row."""
    match = _MARKDOWN.search(text, at)
    return Span(match.start(), match.end()) if match else None


_LINE = r"[^\n|]*\|[^\n]*"
_RULE = r"[ \t]*(?:\|[ \t]*)?:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?"
_MARKDOWN = re.compile(rf"^{_LINE}\n{_RULE}(?:\n{_LINE})*(?:\n|\Z)", re.MULTILINE)


def redact_markdown_table(table: str, leaks: Leaks) -> str:
    """A Markdown table without the rows that leak.

    >>> table = "| name | born |\\n|---|---|\\n| Osk | 1961 |\\n| Tarn | 1970 |\\n"
    >>> redact_markdown_table(table, lambda s: "Osk" in s)
    '| name | born |\\n|---|---|\\n| Tarn | 1970 |\\n'
    """
    rows = _bar_rows(table)
    narrower = _without_columns(table, rows, leaks, _bare_values)
    if narrower is not None:
        return redact_markdown_table(narrower, leaks) if narrower else ""
    clean = _redact_rows(table, rows[0], rows[2:], leaks, _bare_values)
    return clean if len(_bar_rows(clean)) > 2 or clean == table else ""


def narrows(table: str, redact: Callable[[str], str]) -> bool:
    """Whether a Markdown table loses columns, and others are left."""
    kept = redact(table)
    before, after = (_bar_cells(t.partition("\n")[0], 0) for t in (table, kept))
    return bool(kept.strip()) and len(after) < len(before)


def rows_of(table: str) -> list[list[str]]:
    """The cells of a Markdown table, row by row."""
    return [_bare_values(table, row.cells) for row in _bar_rows(table)]


def redact_table_rows(rows: str, leaks: Leaks) -> str:
    """Rows of a Markdown table whose head stands in a text before this one.

    >>> redact_table_rows("| Osk | 1961 |\\n| Tarn | 1970 |\\n", lambda s: "Osk" in s)
    '| Tarn | 1970 |\\n'
    """
    found = _bar_rows(rows)
    return _redact_rows(rows, Row(0, 0, ()), found, leaks, _bare_values)


def _bar_rows(table: str) -> list[Row]:
    rows: list[Row] = []
    for match in re.finditer(r"[^\n]*\n|[^\n]+", table):
        rows.append(Row(match.start(), match.end(), _bar_cells(match.group(), match.start())))
    return rows


def _redact_rows(
    text: str, head: Row, rows: Sequence[Row], leaks: Leaks, values_of: _ValuesOf
) -> str:
    keys = values_of(text, head.cells)
    values = [values_of(text, row.cells) for row in rows]
    if _is_one_record(keys, values, leaks):
        return ""
    in_prose = values_of is _bare_values
    groups = groups_of(values) if in_prose else [(i, "") for i in range(len(rows))]
    records = [
        [Field(_key(keys or keys_of_row(told), i), v) for i, v in enumerate(told)]
        for told in with_groups(values, groups)
    ]
    prime(leaks, [text for fields in records for text in views([f for f in fields if f.text])])
    edits: list[tuple[Span, str]] = []
    stays: list[bool] = []
    for row, told, fields in zip(rows, values, records, strict=True):
        verdict = judge_record(fields, leaks)
        goes = verdict.about or (in_prose and _is_hollow(told, verdict, keys))
        stays.append(not goes)
        if goes:
            edits.append((Span(row.start, row.end), ""))
            continue
        edits += [
            (row.cells[i], _cell(text, row.cells[i], kept))
            for i, kept in verdict.cleaned
            if told[i]
        ]
    heads = ((i, label) for i, label in headless(groups, stays) if not leaks(label))
    edits += [(rows[i].cells[0], f" {label} ") for i, label in heads]
    edits += _totals(rows, values, stays, text)
    if in_prose and keys:
        new = ranked(keys[0], [told[0] for told in values], stays)
        edits += [(rows[i].cells[0], f" {number} ") for i, number in new.items()]
    clean = edited(text, edits)
    return clean.rstrip("\r\n") if not text.endswith("\n") and edits else clean


def _is_hollow(cells: Sequence[str], verdict: RecordVerdict, keys: Sequence[str]) -> bool:
    """Whether a row would lose what it is there for: its head, which says of what it is and stands
    in no relation to that, the longest of its cells, its only one, or who made the thing that it
    tells of, which is the target's then."""
    lost = [i for i, kept in verdict.cleaned if not kept]
    if 0 in lost and not says_relation(_key(keys, 0)) and not any(map(says_what, keys[1:])):
        return True
    if any(says_whose(_key(keys, i)) for i in lost):
        return True
    lengths = [len(cell) for cell in cells[1:]]
    return any(i and len(cells[i]) == max(lengths) for i in lost)


def _totals(
    rows: Sequence[Row], values: Sequence[Sequence[str]], stays: Sequence[bool], text: str
) -> list[tuple[Span, str]]:
    """The edits of the last rows that sum up the others."""
    many = summing_rows(values) if not all(stays) else 0
    edits: list[tuple[Span, str]] = []
    for row, told, stay in list(zip(rows, values, stays, strict=True))[len(rows) - many :]:
        new = totalled(values[:-many], stays[:-many], told) if stay else list(told)
        edits += [
            (cell, text[cell.start : cell.end].replace(old, now))
            for cell, old, now in zip(row.cells, told, new, strict=True)
            if old != now
        ]
    return edits


def _key(keys: Sequence[str], column: int) -> str:
    return keys[column] if column < len(keys) else ""


def _is_one_record(keys: Sequence[str], rows: Sequence[Sequence[str]], leaks: Leaks) -> bool:
    """Whether a table has a field a row, and is about a target: its rows are one record."""
    if len(keys) not in (0, 2) or not all(len(row) == 2 for row in rows):
        return False
    names = [row[1] for row in rows if says_what(row[0])]
    return len(names) == 1 and leaks(names[0])


def _without_columns(
    text: str, rows: Sequence[Row], leaks: Leaks, values_of: _ValuesOf
) -> str | None:
    """The table without the columns whose heads name a target; `None` where no head does, and
    nothing where fewer than two columns are left."""
    heads = values_of(text, rows[0].cells)
    gone = [i for i, name in enumerate(heads) if name.strip() and leaks(name)]
    if not gone:
        return None
    left = len(heads) - len(gone)
    if not left or (left < 2 < len(heads)):
        return ""
    kept = [i for i in range(len(heads)) if i not in gone]
    return "".join(_narrowed(text, row, kept) for row in rows)


def _narrowed(text: str, row: Row, kept: Sequence[int]) -> str:
    if len(row.cells) < 2:
        return text[row.start : row.end]
    joint = text[row.cells[0].end : row.cells[1].start]
    cells = [text[row.cells[i].start : row.cells[i].end] for i in kept if i < len(row.cells)]
    before, behind = text[row.start : row.cells[0].start], text[row.cells[-1].end : row.end]
    return before + joint.join(cells) + behind


def _cell(text: str, span: Span, kept: str) -> str:
    cell = text[span.start : span.end]
    if cell.strip().startswith('"'):
        return '"' + kept.replace('"', '""') + '"'
    if cell[:1] == " " and cell.strip():
        return f" {kept} "
    return kept if not re.search(r'[,;\t\n"|]', kept) else '"' + kept.replace('"', '""') + '"'


# ── Markdown ─────────────────────────────────────────────────────────────────────────────────────


def _bar_cells(line: str, offset: int) -> tuple[Span, ...]:
    body = line.rstrip("\r\n")
    begin = len(body) - len(body.lstrip())
    begin += body[begin : begin + 1] == "|"
    end = len(body.rstrip())
    end -= body[begin:end].endswith("|")
    cells, at = [], begin
    for i in range(begin, end):
        if body[i] == "|" and body[i - 1] != "\\":
            cells.append(Span(offset + at, offset + i))
            at = i + 1
    cells.append(Span(offset + at, offset + max(at, end)))
    return tuple(cells)


def _bare_values(text: str, cells: Sequence[Span]) -> list[str]:
    return [text[s.start : s.end].strip() for s in cells]
