"""Rows of a table that leave their first cell empty, which is that of a row above them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from amnestic.tools.prose import tells_total

__all__ = ["groups_of", "headless", "with_groups"]

_SAYS = re.compile(r"\w")


def groups_of(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """Of each row the place of the one whose first cell heads it, and that cell. A row heads itself
    where it has a first cell, tells a total, or has nothing else.

    >>> groups_of([["Sund", "Hill"], ["", "Osk"], ["", "**Total** 3"]])
    [(0, 'Sund'), (0, 'Sund'), (2, '')]
    """
    found: list[tuple[int, str]] = []
    for i, row in enumerate(rows):
        first, rest = row[0] if row else "", " ".join(row[1:])
        goes_on = bool(found) and not first.strip() and _SAYS.search(rest) is not None
        found.append(
            found[-1] if goes_on and found[-1][1] and not tells_total(rest) else (i, first)
        )
    return found


def with_groups(
    rows: Sequence[Sequence[str]], groups: Sequence[tuple[int, str]]
) -> Iterator[Sequence[str]]:
    """The rows, each with the first cell that heads it."""
    for i, (row, (head, label)) in enumerate(zip(rows, groups, strict=True)):
        yield row if head == i else [label, *row[1:]]


def headless(groups: Sequence[tuple[int, str]], stays: Sequence[bool]) -> Iterator[tuple[int, str]]:
    """The rows that stay whose head went, the first of each group, and what that was.

    >>> [*headless([(0, "Sund"), (0, "Sund"), (0, "Sund")], [False, True, True])]
    [(1, 'Sund')]
    """
    done: set[int] = set()
    for i, ((head, label), stay) in enumerate(zip(groups, stays, strict=True)):
        if stay and head != i and not stays[head] and head not in done:
            done.add(head)
            yield i, label
