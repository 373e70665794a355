"""Numbered headings, of which some went: a text may count them, and speak of their numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from amnestic.tools.documents.references import References
from amnestic.tools.prose import Flow

__all__ = ["Chapters"]


@dataclass(slots=True)
class Chapters:
    """The numbered headings that were read so far, by their level, and which of them stay."""

    _read: dict[int, tuple[list[int], list[bool]]] = field(default_factory=dict)

    def note(
        self, level: int, number: int, references: References, flow: Flow, *, stays: bool
    ) -> None:
        """Note a heading, and tell what speaks of numbers and counts."""
        numbers, stay = self._read.setdefault(level, ([], []))
        if number == 1:
            numbers.clear()
            stay.clear()
        numbers.append(number)
        stay.append(stays)
        if not all(stay):
            references.note(numbers, stay)
            flow.shorter = True
            flow.counted.append((len(stay), sum(stay)))
