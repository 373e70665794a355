"""Sentences that mean a row that went: by its cells, by its place, or as "stop 1"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from amnestic.tools.documents.lost_rows import Lost
from amnestic.tools.documents.totals import is_rank
from amnestic.tools.prose import grammar_of
from amnestic.tools.reading import is_common

__all__ = ["GoneRows"]

_ROWS = 64  # rows that are remembered
_TELLING = 3  # characters of a cell by which a sentence can mean its row
_SHORT = re.compile(r"\w{1,4}")  # a cell by which one does together with the head of its column
_HEAD_WORDS = 2
_REACH = 60  # characters before a year in which stands what it says which one of
_FIGURE = re.compile(r"[^\w\s]?\d")  # "1,240", "€1,240"
_YEAR = re.compile(r"1\d{3}|20\d{2}")
_MARKS = " *_`"
_NUMBERED = r"(?:numbers?|no\.|nr\.?|nummer|numéro|n°|número|numero|#)"
_OTHERS = (  # "stops 2 and 1"
    r"(?:\w{1,4}(?:,[ \t]*|[ \t]*[–-][ \t]*"
    r"|[ \t]+(?:and|or|und|oder|et|ou|y|o|e|en|of)[ \t]+)){0,8}"
)
_ENDS = r"(?![\w%]|[.,]\d)"
_DIRECT = re.compile(r"(?P<the>[^\W\d_]+|l['’])(?:(?<=['’])|[ \t]+)$")
_OF = re.compile(
    r"(?P<the>[^\W\d_]+|l['’])(?:(?<=['’])|[ \t]+)(?:[^\W\d_]+[ \t]+){1,2}"
    r"(?:of|from|von|aus|de|del|di|du|do|van|uit)[ \t]+$"
)
_NOUN = re.compile(r"(?P<the>[^\W\d_]+)[ \t]+[^\W\d_]+[ \t]+$")  # "die Siegerin 1998"


@dataclass(frozen=True, slots=True)
class _Gone:
    """A row that went: its cells that no other row has, the one that names it, and how a sentence
    calls it by the head of its first column, which is its key together with the cell there."""

    own: frozenset[str]
    first: str = ""
    called: re.Pattern[str] | None = None
    key: tuple[str, str] = ("", "")


@dataclass(slots=True)
class GoneRows:
    """The rows that went so far, and the cells that those have that stay.

    >>> from amnestic.tools.documents.lost_rows import Row
    >>> rows = [Row(("Stop", "What"), cells) for cells in (("1", "the Osk mill"), ("2", "a pond"))]
    >>> gone = GoneRows()
    >>> gone.note(Lost(rows, (False, True), rows[1:]))
    >>> [*map(gone.are_meant, ("Stop 1 is shut.", "Is the Osk mill old?", "Stop 2 is far."))]
    [True, True, False]
    """

    _rows: list[_Gone] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)
    _keys: set[tuple[str, str]] = field(default_factory=set)  # of rows that stay

    def note(self, lost: Lost, *, numbered: bool = False) -> None:
        """Note the rows that went; `numbered` where those that stay have new numbers."""
        known = {cell.strip(_MARKS) for row in lost.left for cell in row.cells}
        firsts = {row.cells[0].strip(_MARKS) for row in lost.left if row.cells}
        self._known |= {cell for cell in known if _can_mean(cell)}
        for row in lost.gone[-_ROWS:]:
            cells = [cell.strip(_MARKS) for cell in row.cells]
            own = frozenset(cell for cell in cells if _can_mean(cell) and cell not in known)
            name = _name(cells)
            is_told = cells and cells[0] not in firsts and not numbered
            called = _called(row.keys[0], cells[0]) if is_told and row.keys else None
            key = _key(row.keys, cells)
            self._rows.append(_Gone(own, name if name in own else "", called, key))
        del self._rows[:-_ROWS]

    def note_kept(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Note rows of another table, which all stay."""
        for row in rows:
            cells = [cell.strip(_MARKS) for cell in row]
            self._known.update(filter(_can_mean, cells))
            self._keys.add(_key(head, cells))

    def are_meant(self, sentence: str) -> bool:
        """Whether a sentence means one of the rows: it calls it by the head of its column, or holds
        two of its cells, the first, or a figure that only it has. A year may be that of anything,
        unless it names a row, in a sentence without a cell of those that stay, says which one of
        something known ("the 1998 winner"), or two stand together."""
        years: set[str] = set()
        for row in self._rows:
            called = row.called if row.key not in self._keys else None
            if called is not None and called.search(sentence):
                return True
            told = [cell for cell in row.own if _holds(sentence, cell)]
            if len(told) > 1:
                return True
            if any(self._means(row, cell, sentence) for cell in told):
                return True
            years.update(filter(_YEAR.fullmatch, told))
        return len(years) > 1

    def _means(self, row: _Gone, cell: str, sentence: str) -> bool:
        """Whether a sentence means a row by one of its cells, which it holds."""
        if not _YEAR.fullmatch(cell):
            return cell == row.first or (len(cell) > _TELLING and bool(_FIGURE.match(cell)))
        told = cell == row.first and not self._tells_of_another(sentence)
        return told or _is_bound(sentence, cell)

    def _tells_of_another(self, sentence: str) -> bool:
        return any(_holds(sentence, cell) for cell in self._known)


def _can_mean(cell: str) -> bool:
    """Whether a sentence can mean a row by a cell: by "4B", but not by "4"."""
    mixed = any(map(str.isdigit, cell)) and any(map(str.isalpha, cell))
    return len(cell) >= _TELLING or mixed


def _name(cells: Sequence[str]) -> str:
    """The cell that names a row: the first, or the one behind its number; nothing where that is a
    common word in small letters, such as "open"."""
    numbered = len(cells) > 1 and cells[0].isdecimal() and not _can_mean(cells[0])
    cell = cells[1 if numbered else 0] if cells else ""
    return cell if _can_mean(cell) and not (cell.islower() and is_common(cell)) else ""


def _key(head: Sequence[str], cells: Sequence[str]) -> tuple[str, str]:
    return (head[0].strip(_MARKS).lower(), cells[0]) if head and cells else ("", "")


def _called(head: str, cell: str) -> re.Pattern[str] | None:
    """How a sentence calls a row by what its first column is called and its cell there: "stop 1",
    "stops 1 and 2"; `None` where it cannot."""
    words = re.sub(r"[\W_]+", " ", head).split()
    if not _SHORT.fullmatch(cell):
        return None
    if is_rank(head):
        said = rf"{_NUMBERED}[ \t]*" if cell.isdecimal() else ""
    elif 0 < len(words) <= _HEAD_WORDS and all(word.isalpha() for word in words):
        name = r"[ \t_-]+".join(map(re.escape, words))
        said = rf"{name}(?:e?[sn])?(?:[ \t]+|[ \t]*(?=#))(?:{_NUMBERED}[ \t]*)?"
    else:
        said = ""
    return re.compile(rf"(?<!\w)(?i:{said}){_OTHERS}{re.escape(cell)}{_ENDS}") if said else None


def _is_bound(sentence: str, year: str) -> bool:
    """Whether a year says which one of something known: "the 1998 winner", "the runner of 1998"."""
    grammar = grammar_of(sentence)
    ways = (_DIRECT, _OF, *((_NOUN,) if grammar.nouns_are_capital else ()))
    for match in re.finditer(rf"(?<!\w){year}(?!\w)", sentence):
        near = sentence[max(0, match.start() - _REACH) : match.start()]
        found = (way.search(near) for way in ways)
        if any(before and before["the"].lower() in grammar.articles for before in found):
            return True
    return False


def _holds(sentence: str, cell: str) -> bool:
    if cell not in sentence:
        return False
    return re.search(rf"(?<!\w){re.escape(cell)}(?!\w)", sentence) is not None
