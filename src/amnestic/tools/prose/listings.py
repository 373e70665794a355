"""Lists and tables as lines of a text, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from amnestic.tools.prose.grammar import grammar_of
from amnestic.tools.prose.numerals import number_in
from amnestic.tools.prose.totals import tells_total

__all__ = ["Listing", "bare", "listings"]

_ITEM = re.compile(r"[ \t]*(?:[-*+•]|(?:\d{1,3}|[A-Za-z]|[ivxIVX]{2,5})[.)])[ \t]+(?=\S)")
_RULE = re.compile(r"(?=[^-=\n]*[-=]{2})[-+=|: \t]+$")
_CELLS = re.compile(r"\S[ \t]*\|[ \t]*\S|\S\t\S|\S {2,}\S|^[^,;]+(?:[,;]\S[^,;]*)+$")
_SUMMING = frozenset("in total all insgesamt".split()) - {"in"}
_TALLY = re.compile(r"[ \t]*\(?(?P<number>\d+|[^\W\d_]+)\s[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Listing:
    """The items of a list or the rows of a table, and the lines before and behind it."""

    items: tuple[str, ...]
    around: tuple[str, ...]
    headed: bool = True

    @property
    def rows(self) -> tuple[str, ...]:
        """The items that are no totals of the others."""
        return tuple(item for item in self.items if not tells_total(item)) or self.items

    @property
    def totals(self) -> tuple[str, ...]:
        """The rows that tell totals of the others."""
        return tuple(item for item in self.items if item not in self.rows)

    @property
    def is_list(self) -> bool:
        """Whether it is a list of marked items, and no table."""
        return all(_ITEM.match(item) for item in self.items)

    @property
    def many(self) -> int:
        """How many items there were, those before this part of a longer list included."""
        number = re.match(r"[ \t]*(\d{1,3})[.)]", self.rows[-1])
        return max(len(self.rows), int(number[1]) if number else 0)


def bare(line: str) -> str:
    """A line without its mark of a list."""
    match = _ITEM.match(line)
    return line[match.end() if match else 0 :].strip()


def listings(lines: Sequence[str]) -> Iterator[Listing]:
    """The lists and tables in a text, by its lines."""
    at = 0
    while at < len(lines):
        end = _end_of_items(lines, at) or _end_of_table(lines, at)
        if not end:
            at += 1
            continue
        around = tuple(x for x in (_before(lines, at), _behind(lines, end)) if x)
        yield _items(lines[at:end], around)
        at = end


def _items(lines: Sequence[str], around: tuple[str, ...]) -> Listing:
    if _ITEM.match(lines[0]):
        top = (x for x in lines if _ITEM.match(x) and _indent(x) <= _indent(lines[0]))
        return Listing(tuple(top), around)
    rules = [i for i, line in enumerate(lines) if _RULE.match(line)]
    begin = next((i + 1 for i in rules if i), 0)
    return Listing(tuple(x for x in lines[begin:] if not _RULE.match(x)), around, bool(rules))


def _end_of_items(lines: Sequence[str], at: int) -> int:
    """Where a list ends that begins at a line, what is indented under its items included."""
    if not _ITEM.match(lines[at]):
        return 0
    end = at
    for i in range(at, len(lines)):
        inside = _ITEM.match(lines[i]) or _indent(lines[i]) > _indent(lines[at])
        if lines[i].strip() and not inside:
            break
        end = i + 1 if lines[i].strip() else end
    return end


def _end_of_table(lines: Sequence[str], at: int) -> int:
    end = at
    while end < len(lines) and (_CELLS.search(lines[end]) or _RULE.match(lines[end])):
        end += 1
    return end if end - at > 1 else 0


def _before(lines: Sequence[str], at: int) -> str:
    return next((x for x in reversed(lines[max(0, at - 3) : at]) if x.strip()), "")


def _behind(lines: Sequence[str], end: int) -> str:
    line = next((x for x in lines[end : end + 3] if x.strip()), "")
    tally, grammar = _TALLY.match(line), grammar_of(line)
    counts = tally is not None and number_in(tally["number"], grammar.code) is not None
    opening = re.match(r"\W*(?:\w+\s)?(\w+)", line.lower())
    summed = opening is not None and bool(set(opening.group().split()) & _SUMMING | (
        {opening[1]} & grammar.totals))  # fmt: skip
    return line if counts or summed or tells_total(line) else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
