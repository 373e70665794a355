"""What may stay of a heading that names a target."""

from __future__ import annotations

from collections.abc import Callable

from amnestic.tools.documents.contrast import without_contrast
from amnestic.tools.documents.outcomes import HEADS_ONE
from amnestic.tools.documents.records import Leaks
from amnestic.tools.prose import trim_rows, trimmed

__all__ = ["shortened_heading"]


def shortened_heading(heading: str, level: int, leaks: Leaks) -> str:
    """A heading without a name of a row or a contrast; of a line by itself that heads a list
    (`HEADS_ONE`) an aside goes too, as it does from a sentence. Nothing where the rest leaks.

    >>> shortened_heading("Osk, Hill and Tarn", 2, lambda s: "Osk" in s)
    'Hill and Tarn'
    >>> shortened_heading("Hill (taught by Osk)", HEADS_ONE, lambda s: "Osk" in s)
    'Hill'
    >>> shortened_heading("Osk (1899-1954)", HEADS_ONE, lambda s: "Osk" in s)
    ''
    """
    ways: tuple[Callable[[str, Leaks], str], ...]
    ways = (trim_rows, without_contrast, *((trimmed,) if level == HEADS_ONE else ()))
    for way in ways:
        short = way(heading, leaks)
        if short.strip() and not leaks(short):
            return short
    return ""
