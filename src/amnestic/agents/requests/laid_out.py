"""What a text means that is laid out: quoted mail, a pasted table, a list of which some are named.

All of it is put as both readers know it, before either reads.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from amnestic.agents.requests.bystanders import asks_only_for
from amnestic.agents.requests.forms_told import form_told
from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.once import segments
from amnestic.agents.requests.row_verdicts import is_verdict, with_verdicts_done
from amnestic.agents.requests.wishes import wish_in
from amnestic.tools.names import ADDRESSES

__all__ = ["as_plain_text", "rows_left_out"]

_QUOTE = re.compile(r"^[ \t]*>+[ \t]?", re.M)
_WROTE = re.compile(  # "On Mon, 11 May 2026 Ana Morel wrote:"
    r"^[ \t]*(?:on|am|le|el|il|op|em)\b[^\n]{4,120}(?:wrote|schrieb[^\n]{0,60}|a\s+écrit|escribió|"
    r"ha\s+scritto|schreef[^\n]{0,60}|escreveu)\s*:[ \t]*\n",
    re.I | re.M,
)
_MARK = re.compile(r"^[ \t]*(?:[-*•–·]|\(?(?:\d{1,3}[.)]|[A-Za-z]\)))[ \t]+")
_SPELT = re.compile(  # a name that is spelt behind it
    r"(?P<name>\b[^\W\d_]{3,}),?\s+(?:that['’]?s|that\s+is|spelt|spelled|buchstabiert|also|ça\s+s['’]écrit|se\s+escribe|si\s+scrive)\s+"
    r"(?P<spelt>(?-i:[A-ZÀ-Þ])(?:[ .-]+(?-i:[A-ZÀ-Þ])(?![\w'’])){2,})\.?",
    re.I,
)
_DELIMITERS = ";\t|,"
_FIRST = re.compile(
    r"(?:first|given|fore|vor|pré)[ _-]?(?:names?|nom|name)?|vorname|prénom|nombre|nome", re.I
)
_LAST = re.compile(
    r"(?:last|family|sur|nach)[ _-]?(?:names?|name)?|nachname|familienname|"
    r"nom(?:[ _]de[ _]famille)?|apellidos?|cognome|achternaam",
    re.I,
)
_NAMES = re.compile(
    r"\b(?:names?|nom|nombre|nome|naam|nazwisko|imię|isim|adı?)$|^(?:name|nom|nombre|nome|naam)\b|(?<=[a-zäöü])name$",
    re.I,
)
_WHOLE = r"[^\W\d_a-z][\w'’. -]*"
_SINGLE = r"[^\W\d_a-z][\w'’-]*"  # two of two words each, and it may be two people
_LISTED = re.compile(
    rf"(?P<family>{_SINGLE}), (?P<given>{_WHOLE})|(?P<families>{_WHOLE}), (?P<one>{_SINGLE})"
)
_FEWEST = 2


def as_plain_text(text: str) -> str:
    """A text in the form that the readers know.

    >>> as_plain_text("first;last;id\\nAna;Morel;C-12\\nTor;Hagen;C-14\\nForget both.")
    '- Ana Morel, ID C-12\\n- Tor Hagen, ID C-14\\nForget both.'
    >>> as_plain_text("Our members:\\n- Ana Morel\\n- Tor Hagen\\n\\nForget Ana Morel.")
    'Forget Ana Morel.'
    >>> as_plain_text("> Please forget\\n> Ana Morel.")
    'Please forget Ana Morel.'
    """
    return with_verdicts_done(_with_rows_named(_as_rows(form_told(text)))[0])


def rows_left_out(text: str) -> tuple[str, ...]:
    """The names of a list that a wish beside it does not name, where it names others of it.

    >>> rows_left_out("Our members:\\n- Ana Morel\\n- Tor Hagen\\n\\nForget Ana Morel.")
    ('Tor Hagen',)
    """
    return _with_rows_named(_as_rows(form_told(text)))[1]


def _as_rows(text: str) -> str:
    return _with_names_marked(_with_table_told(_SPELT.sub(_told_once, _unquoted(text))))


def _told_once(spelt: re.Match[str]) -> str:
    """A name without its letters behind it, where they are its own."""
    own = "".join(filter(str.isalpha, spelt["spelt"])).casefold()
    return spelt["name"] if own == spelt["name"].casefold() else spelt.group()


def _unquoted(text: str) -> str:
    """A text without the marks of what is quoted of a mail, whose lines go on in each other."""
    if not _QUOTE.search(text):
        return text
    lines: list[str] = []
    quoted = False
    for line in _WROTE.sub("", _QUOTE.sub("\0", text).replace("\0On ", "On ")).split("\n"):
        bare = line.lstrip("\0")
        if quoted and bare != line and bare.strip() and lines[-1].strip() and not _MARK.match(bare):
            lines[-1] = f"{lines[-1].rstrip()} {bare.strip()}"
        else:
            lines.append(bare)
        quoted = bare != line
    return "\n".join(lines)


def _with_table_told(text: str) -> str:
    """A text in which the rows of a table, whose head says which columns make a name, are those of
    a list: the name, and behind it what else is told."""
    lines = text.split("\n")
    tables = {delimiter: [_cells(line, delimiter) for line in lines] for delimiter in _DELIMITERS}
    ends = {delimiter: _ends_of_runs(table) for delimiter, table in tables.items()}
    columns = {delimiter: _NameColumns(table) for delimiter, table in tables.items()}
    for start in range(len(lines)):
        for delimiter, table in tables.items():
            head, end = table[start], ends[delimiter][start]
            if len(head) < _FEWEST or end - start < _FEWEST:
                continue
            names, one = _name_columns(head), columns[delimiter].under(start, end)
            if one and not names and not _is_asked_of(lines[:start]):
                return text
            if names := names or one:
                rows = [_row(head, cells, names) for cells in table[start + 1 : end]]
                return "\n".join((*lines[:start], *rows, *lines[end:]))
    return text


def _cells(line: str, delimiter: str) -> list[str]:
    bare = line.strip().strip("|").replace("\r", " ")
    return [cell.strip() for cell in next(csv.reader([bare], delimiter=delimiter), [])]


def _ends_of_runs(table: Sequence[Sequence[str]]) -> list[int]:
    """For each line the first one below it that has not as many cells."""
    ends = [len(table)] * len(table)
    for i in range(len(table) - 2, -1, -1):
        ends[i] = ends[i + 1] if len(table[i]) == len(table[i + 1]) else i + 1
    return ends


def _is_asked_of(ahead: Sequence[str]) -> bool:
    """Whether a table below these lines may be what a wish is for: where one stands in them, it
    is the last thing they say. "Forget Osk. Our staff, for reference:" asks for none of a table."""
    text = "\n".join(ahead).strip()
    said = [piece.of(text).strip() for piece in segments(text)]
    return not _wished(text) or bool(_wished(said[-1]))


def _name_columns(head: Sequence[str]) -> list[int]:
    """The columns of a head that make a name together, the given name first."""
    first = [i for i, cell in enumerate(head) if _FIRST.fullmatch(cell)]
    last = [i for i, cell in enumerate(head) if _LAST.fullmatch(cell)]
    if len(first) == len(last) == 1:
        return first + last
    return []


class _NameColumns:
    """Of the lines of a table the one column that is headed as names are, and has a name in each
    row; none where head or rows say what becomes of them."""

    def __init__(self, table: Sequence[Sequence[str]]) -> None:
        self._table = table
        self._without = dict[int, int]()  # by column, the last line seen that has no name there

    def under(self, start: int, end: int) -> list[int]:
        head = self._table[start]
        headed = [i for i, cell in enumerate(head) if _NAMES.search(cell)]
        if len(headed) != 1 or any(is_verdict(cell.strip(" ?")) for cell in head):
            return []
        (column,) = headed
        if start < self._without.get(column, -1) < end:
            return []
        for i in range(start + 1, end):
            cells = self._table[i]
            if not _is_a_name(cells[column]) or any(map(is_verdict, cells)):
                self._without[column] = i
                return []
        return headed


def _row(head: Sequence[str], cells: Sequence[str], names: Sequence[int]) -> str:
    name = " ".join(cells[i] for i in names if cells[i])
    told = [_told(head[i], cell) for i, cell in enumerate(cells) if cell and i not in names]
    return f"- {', '.join((name, *told))}"


def _told(label: str, cell: str) -> str:
    """A cell with what it is; a code is told as a person would tell it."""
    is_code = any(c.isdigit() for c in cell) and not re.search(r"[\s@]", cell)
    return f"ID {cell}" if is_code else f"{label.replace('_', ' ')} {cell}"


def _with_rows_named(text: str) -> tuple[str, tuple[str, ...]]:
    """A text without its list, where wishes below it are names of some of its rows and nothing
    else: only those are asked for; and the names of the others."""
    lines = text.split("\n")
    rows = [i for i, line in enumerate(lines) if _MARK.match(line)]
    if len(rows) < _FEWEST or rows != list(range(rows[0], rows[-1] + 1)):
        return text, ()
    head, behind = "\n".join(lines[: rows[0]]), "\n".join(lines[rows[-1] + 1 :])
    named = [_MARK.sub("", lines[i]).strip(" .,;") for i in rows]
    if _wished(head):
        return text, ()
    wished = _wished(behind)
    asked = [row for row in named if any(_is_named(row, what) for what in wished)]
    if not 0 < len(asked) < len(rows) or not asks_only_for(map(_name_of, asked), behind):
        return text, ()
    told = [f"{row}." for row in asked if len(row.split()) > len(_name_of(row).split())]
    kept = head.rsplit("\n", 1)[0] if head.rstrip().endswith(":") and "\n" in head.strip() else ""
    head = head if not head.rstrip().endswith(":") else kept
    others = tuple(_name_of(row) for row in named if row not in asked)
    return "\n".join(part for part in (head.strip(), behind.strip(), *told) if part), others


def _with_names_marked(text: str) -> str:
    """A text in which lines that are a name each, behind one that ends in a colon, are rows."""
    lines = text.split("\n")
    for start, line in enumerate(lines):
        end = start + 1
        while line.rstrip().endswith(":") and end < len(lines) and _is_a_name(_turned(lines[end])):
            end += 1
        if end - start > _FEWEST:
            lines[start + 1 : end] = [f"- {_turned(one)}" for one in lines[start + 1 : end]]
    return "\n".join(lines)


def _turned(line: str) -> str:
    """A line of cells, with the name that stands first in it as it is spoken: "Osk, Ana; 4711"."""
    first, *others = (cell.strip() for cell in re.split(r"[;\t]", line))
    listed = _LISTED.fullmatch(first) if others else None
    name = " ".join(reversed([part for part in listed.groups() if part])) if listed else first
    return "; ".join((name, *(_as_address(cell) for cell in others if cell)))


def _as_address(cell: str) -> str:
    """A cell that is a postal address and nothing else, told as one."""
    is_one = any(cell.startswith(m[0]) for p in ADDRESSES for m in p.finditer(cell))
    return f"address {cell}" if is_one else cell


def _is_a_name(line: str) -> bool:
    name = _name_of(line.strip())
    found = mentions_in(name)
    return len(found) == 1 and found[0].name == name and found[0].score >= _FEWEST


def _wished(text: str) -> list[str]:
    wishes = (wish_in(s.of(text).strip()) for s in segments(text))
    return [wish.what for wish in wishes if wish is not None]


def _name_of(row: str) -> str:
    return re.split(r"\s*[,;:(–—]|\s-\s", row)[0]


def _is_named(row: str, what: str) -> bool:
    """Whether a wish names what a row is about."""
    name = _name_of(row)
    is_name = any(m.score >= _FEWEST for m in mentions_in(name))
    return is_name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", what) is not None
