"""The number of a file or a customer without the words before it: "2022-F-0417", "4471 0932"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

__all__ = ["number_runs"]

_FEWEST_DIGITS = 7  # of which few others have the same; "2023/09" is a month


def number_runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The runs of two or more numbers among the folded words of a name, with single letters between
    them, as they stand and without zeros before them.

    >>> list(number_runs(("case", "file", "2022", "f", "0417")))
    [('2022', 'f', '0417'), ('2022', 'f', '417')]
    >>> list(number_runs(("grievance", "2023", "09")))
    []
    """
    for is_run, group in groupby(words, lambda word: word.isdigit() or len(word) == 1):
        run = tuple(group)
        numbers = [word for word in run if word.isdigit()]
        if is_run and len(numbers) > 1 and sum(map(len, numbers)) >= _FEWEST_DIGITS:
            yield from dict.fromkeys((run, tuple(word.lstrip("0") or word for word in run)))
