"""Sentences that speak of what stood in a list or a table: "number 3", "the 1998 winner"."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from amnestic.tools.documents.totals import (
    Changed,
    changed_figures,
    column_figures,
    with_figures,
)
from amnestic.tools.prose import places_told

__all__ = ["References"]

_NUMBERED = (
    r"(?:(?:numbers?|no\.|nr\.|nummer|numéro|n°|número|numero|items?|options?|points?|punkt|platz"
    r"|place|steps?|schritt|étape|paso|tips?)[ \t]+|#)(?P<number>\d{1,3})(?![\d.,]*\d)"
)
_REFERENCE = re.compile(rf"(?<!\w){_NUMBERED}", re.IGNORECASE)
_OR = r"(?:or|and|oder|und|ou|et|o|y|e|en|of)"
_BARE = _NUMBERED.replace("?P<number>", "")
_BESIDE = (
    re.compile(rf",?[ \t]+{_OR}[ \t]+{_BARE}", re.IGNORECASE),
    re.compile(rf"{_BARE}[ \t]+{_OR}[ \t]+", re.IGNORECASE),
)
_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE)
_FEWEST = 3  # entries of a row in which one is called by its place
_ROWS = 64  # rows that are remembered
_TELLING = 3  # characters of a cell by which a sentence can mean its row


@dataclass(slots=True)
class References:
    """What numbers of a list became, and which rows of tables went.

    >>> references = References()
    >>> references.note([1, 2, 3], [True, False, True])
    >>> references.mended("Begin with number 3 or number 2."), references.mended("Read #2.")
    ('Begin with number 2.', '')
    >>> references.note_places([True, False, True])
    >>> [*map(references.speaks_of_what_went, ("The second is best.", "The second world war."))]
    [True, False]
    """

    _numbers: dict[int, int | None] = field(default_factory=dict)
    _places: Sequence[bool] = ()
    _rows: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    _figures: list[Changed] = field(default_factory=list)

    def note(self, numbers: Sequence[int], stays: Sequence[bool]) -> None:
        """Note which of a list's items stay, and their numbers, where each has one."""
        self.note_places(stays)
        if len(numbers) < len(stays) or all(stays):
            return
        self._numbers = {}
        gone = 0
        for number, stay in zip(numbers, stays, strict=True):
            gone += not stay
            self._numbers[number] = number - gone if stay else None

    def note_places(self, stays: Sequence[bool]) -> None:
        """Note which entries of a list or rows of a table stay, in order."""
        is_told = len(stays) >= _FEWEST and not all(stays)
        self._places = tuple(stays) if is_told else ()  # a place is meant in the nearest row

    def tells_place(self, sentence: str) -> bool:
        """Whether a sentence calls an entry that went by its place: "the fifth"."""
        return any(not self._places[i - 1] for i in places_told(sentence, len(self._places)))

    def note_rows(
        self, gone: Sequence[Sequence[str]], left: Sequence[Sequence[str]]
    ) -> list[Changed]:
        """Note the rows of a table that went, by the cells that no other row has, and what the sums
        of its columns are now, which are given back."""
        known = {cell.strip(" *_") for row in left for cell in row}
        for row in gone:
            cells = [cell.strip(" *_") for cell in row]
            own = frozenset(c for c in cells if _can_mean(c) and c not in known)
            self._rows.append((cells[0] if cells and cells[0] in own else "", own))
        del self._rows[:-_ROWS]
        figures = column_figures([*left, *gone], left)
        self._figures += figures
        return figures

    def note_figures(self, given: str, kept: str) -> None:
        """Note the sums that a table or a piece of data had and has now, and the records of JSON
        that went."""
        self._figures += changed_figures(given, kept)
        left = list(_records(kept))
        self.note_rows([row for row in _records(given) if row not in left], left)

    def speaks_of_what_went(self, sentence: str) -> bool:
        """Whether a sentence means a row that went: it holds two of its cells, the
        first, or a figure that only it has; or an entry that went, by its place: "the fifth"."""
        if self.tells_place(sentence):
            return True
        for first, own in self._rows:
            told = [cell for cell in own if _holds(sentence, cell)]
            figures = any(len(cell) > _TELLING and cell[0].isdigit() for cell in told)
            if len(told) > 1 or figures or (first and first in told):
                return True
        return False

    def mended(self, sentence: str) -> str:
        """A sentence with the numbers that items and the sums that lists have now; nothing where it
        needs one that went."""
        sentence = with_figures(sentence, self._figures)
        if not any(number != new for number, new in self._numbers.items()):
            return sentence
        for beside in _BESIDE:
            sentence = beside.sub(self._without_gone, sentence)
        if any(self._new(m) is None for m in _REFERENCE.finditer(sentence)):
            return ""
        return _REFERENCE.sub(self._renumbered, sentence)

    def _new(self, match: re.Match[str]) -> int | None:
        number = int(next(n for n in match.groups() if n))
        return self._numbers.get(number, number)

    def _without_gone(self, match: re.Match[str]) -> str:
        return "" if self._new(match) is None else match.group()

    def _renumbered(self, match: re.Match[str]) -> str:
        return match.group()[: -len(match["number"])] + str(self._new(match))


def _can_mean(cell: str) -> bool:
    """Whether a sentence can mean a row by a cell: by "4B", but not by "4"."""
    mixed = any(map(str.isdigit, cell)) and any(map(str.isalpha, cell))
    return len(cell) >= _TELLING or mixed


def _records(text: str) -> Iterator[list[str]]:
    """The values of each record in a list of JSON, which may stand in a fence."""
    body = _FENCE.sub("", text).strip()
    if body[:1] not in ("{", "["):
        return
    try:
        told = [json.loads(body)]
    except (ValueError, RecursionError):
        return
    while told:
        value = told.pop()
        if isinstance(value, dict):
            told += value.values()
        elif isinstance(value, list):
            told += value
            rows = (list(row.values()) for row in value if isinstance(row, dict))
            yield from ([str(v) for v in row if isinstance(v, str | int | float)] for row in rows)


def _holds(sentence: str, cell: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(cell)}(?!\w)", sentence) is not None
