"""Sentences that speak of what stood in a list or a table: "number 3", "the 1998 winner"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from amnestic.tools.documents.figures import (
    Changed,
    column_figures,
    shares_told,
    sums,
    with_figures,
    with_shares,
)
from amnestic.tools.documents.gone_rows import GoneRows
from amnestic.tools.documents.listed_rows import telling
from amnestic.tools.documents.lost_rows import Lost, Row
from amnestic.tools.documents.totals import is_counted
from amnestic.tools.prose import places_told

__all__ = ["References"]

_WORDS = (
    r"(?:numbers?|no\.|nr\.|nummern?|numéros?|n°|números?|numero|items?|options?|points?|punkte?"
    r"|platz|place|steps?|schritte?|étapes?|pasos?|tips?)[ \t]+|#"
)
_NUMBER = r"\d{1,3}(?![\d.,]*\d)"
_OR = r"(?:or|and|oder|und|ou|et|o|y|e|en|of)"
_JOINT = rf"(?:,[ \t]+(?:{_OR}[ \t]+)?|[ \t]+{_OR}[ \t]+)"
_REFERENCE = re.compile(
    rf"(?<!\w)(?P<word>{_WORDS})(?P<number>{_NUMBER})(?P<more>(?:{_JOINT}{_NUMBER})*)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"(?:s|nummern|schritte|punkte)\s*$", re.IGNORECASE)
_SINGLE = re.compile(_JOINT + f"(?P<number>{_NUMBER})")
_BESIDE = (
    re.compile(rf",?[ \t]+{_OR}[ \t]+(?:{_WORDS})({_NUMBER})", re.IGNORECASE),
    re.compile(rf"(?:{_WORDS})({_NUMBER})[ \t]+{_OR}[ \t]+(?=(?:{_WORDS})\d)", re.IGNORECASE),
)
_PART = re.compile(r"[;:]\s|\s[–—]\s")
_FIGURES = 256  # sums that are remembered
_SHARES = 2  # told before by which a sum may be more or less
_PAIR = 2
_FEWEST = 3  # entries of a row in which one is called by its place


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
    _rows: GoneRows = field(default_factory=GoneRows)
    _figures: list[Changed] = field(default_factory=list)
    _shares: list[Decimal] = field(default_factory=list)  # in percent, told behind such sums
    _unsaid: set[Decimal] = field(default_factory=set)  # sums of lists of which nothing stays

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

    def calls_entry(self, sentence: str) -> bool:
        """Whether a sentence calls an entry that went by its place, "the fifth", or by its number,
        and none beside it."""
        places = places_told(sentence, len(self._places))
        return any(not self._places[i - 1] for i in places) or self._needs_number(sentence)

    def fills(self, sentence: str) -> bool:
        """Whether all of a sentence is on such an entry: it calls it by its place, or by its number
        before the first mark behind which something else may stand ("Few sold: number 2 did")."""
        places = places_told(sentence, len(self._places))
        if any(not self._places[i - 1] for i in places):
            return True
        return self._needs_number(sentence) and self._needs_number(_PART.split(sentence)[0])

    def note_rows(self, lost: Lost) -> list[Changed]:
        """Note the rows that went of a table or of a list of records, and what the sums of its
        columns are now, which are given back."""
        self.note_places(lost.stays)
        firsts = [row.cells[0] if row.cells else "" for row in lost.before]
        head = next((row.keys[0] for row in lost.before if row.keys), "")
        numbered = lost.renumbers and is_counted(head, firsts)
        if numbered:
            stays = [stay for stay, cell in zip(lost.stays, firsts, strict=True) if cell.isdigit()]
            self.note([*range(1, len(stays) + 1)], stays)
        self._rows.note(lost, numbered=numbered)
        rows = slice(-lost.totals or None)
        figures = _sums(lost.before[rows], lost.left[rows])
        self.note_figures(figures)
        return figures

    def note_kept(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Note a table that is as it was: what calls its rows means these."""
        self._rows.note_kept(head, rows)

    def begin(self, rows: Sequence[Sequence[str]]) -> set[Decimal]:
        """Begin another table or list: its sums, which are given back, are not those of one
        before it, though they be as large."""
        told = sums(rows)
        self._figures = [figure for figure in self._figures if figure.old not in told]
        return told

    def note_items(self, lost: Lost) -> list[Changed]:
        """Note the items of a list that went, as rows of the amounts and the codes in them, and
        what their sums are now, which are given back."""
        self._rows.note(telling(lost))
        if not lost.left:
            self._unsaid |= sums(row.cells for row in lost.before)
        few = len(lost.before) < _FEWEST
        found = _sums(lost.before, lost.left)
        figures = [f._replace(if_money=True, if_said=few or f.if_said) for f in found]
        self.note_figures(figures)
        return figures

    def note_figures(self, changed: Iterable[Changed]) -> None:
        """Note the sums that a list, a table or a piece of data had and has now."""
        self._figures = [*self._figures, *changed][-_FIGURES:]

    def speaks_of_what_went(self, sentence: str, label: str = "") -> bool:
        """Whether a sentence behind a `label` needs what went: it means a row of it, or an entry,
        or tells the sum of a list that went."""
        others = [Changed(total, total + 1, if_money=True) for total in self._unsaid]
        return (
            self.calls_entry(sentence)
            or self._rows.are_meant(sentence)
            or with_figures(sentence, others, label) != sentence
        )

    def _needs_number(self, sentence: str) -> bool:
        return None in self._numbers.values() and self._renumbered(sentence) is None

    def mended(self, sentence: str, label: str = "") -> str:
        """A sentence behind a `label` with the numbers that items and the sums that lists have now;
        nothing where it needs one that went."""
        if self._figures:
            self._shares += shares_told(label + sentence)
        figures = with_shares(self._figures, self._shares[-_SHARES:])
        sentence = with_figures(sentence, figures, label)
        if not any(number != new for number, new in self._numbers.items()):
            return sentence
        return self._renumbered(sentence) or ""

    def _renumbered(self, sentence: str) -> str | None:
        """A sentence with the numbers that items have now; `None` where it needs one that went."""
        for beside in _BESIDE:
            sentence = beside.sub(self._without_gone, sentence)
        told, at = "", 0
        for match in _REFERENCE.finditer(sentence):
            new = self._told_anew(match)
            if new is None:
                return None
            told += sentence[at : match.start()] + new
            at = match.end()
        return told + sentence[at:]

    def _told_anew(self, match: re.Match[str]) -> str | None:
        """ "numbers 3 and 4" as they are now; what stands behind one number is none of theirs."""
        word, more = match["word"], match["more"]
        numbers = [self._new(match["number"])]
        if not _SEVERAL.search(word):
            return None if numbers[0] is None else f"{word}{numbers[0]}{more}"
        joints = [m.group()[: m.start("number") - m.start()] for m in _SINGLE.finditer(more)]
        numbers += [self._new(m["number"]) for m in _SINGLE.finditer(more)]
        left = [number for number in numbers if number is not None]
        if not left:
            return None
        if len(left) < len(numbers) > 1 == len(left):
            word = re.sub(r"s(?=\s*$)", "", word)
        joints = joints[len(joints) - len(left) + 1 :]
        if len(left) == _PAIR and joints[0].lstrip().startswith(","):
            joints[0] = joints[0].replace(",", "", 1)
        return (
            word + str(left[0]) + "".join(f"{j}{n}" for j, n in zip(joints, left[1:], strict=True))
        )

    def _new(self, number: str) -> int | None:
        return self._numbers.get(int(number), int(number))

    def _without_gone(self, match: re.Match[str]) -> str:
        return "" if self._new(match[1]) is None else match.group()


def _sums(before: Sequence[Row], left: Sequence[Row]) -> list[Changed]:
    heads = before[0].keys if before and len({row.keys for row in before}) == 1 else ()
    return column_figures([row.cells for row in before], [row.cells for row in left], heads)
