"""Finding the names of subjects in a text by their letters alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from amnestic.evaluation.contract import Subject

__all__ = ["names_of", "pattern_of"]

_NOTHING = re.compile(r"(?!)")


def names_of(subjects: Sequence[Subject]) -> tuple[str, ...]:
    """Every name and alias, the longest first.

    >>> names_of([Subject("s", "Ana Morel", "…", names=("Ana Morel", "Morel"))])
    ('Ana Morel', 'Morel')
    """
    found = {name for s in subjects for name in (s.name, *s.names) if name.strip()}
    return tuple(sorted(found, key=lambda name: (-len(name), name)))


def pattern_of(strings: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of the strings as whole words, whatever their case.

    >>> bool(pattern_of(["Ana Morel"]).search("by ANA  morel")), bool(pattern_of([]).search("by"))
    (True, False)
    """
    forms = [r"\s+".join(map(re.escape, string.split())) for string in strings if string.split()]
    if not forms:
        return _NOTHING
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)", re.IGNORECASE)
