"""A look at a text that hides nothing: whether any of what stands in it has to do with a target.

Most texts have not, and that is found out from what is kept of each word, without reading them.
"""

from __future__ import annotations

from amnestic.tools.detection.skills import is_asked
from amnestic.tools.index import Roster
from amnestic.tools.reading import PlainReader, answer_spans, read

__all__ = ["Glance"]


class Glance:
    """Looks at whole texts beside the targets of a roster. Safe to share between threads."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._plain = PlainReader()

    def is_far(self, text: str) -> bool:
        """Whether a text hides nothing, and no piece of it, and no two neighbours, have to do with
        a target: that is known without reading it, of most texts."""
        plain = self._plain.read(text)
        if plain is None or not self._roster.matcher.is_far(plain.parts) or self._does(text):
            return False
        if self._roster.tells_one(plain.pieces):
            return False
        return not self._roster.identifiers or not self._roster.identifiers.find(read(text))

    def is_far_answer(self, text: str) -> bool:
        """Whether none of the windows of an answer is worth a look where its question is far from
        every target, as `Worth.seldom` says: the same of each, without reading any. Where targets
        have identifiers, which windows may part, nothing is said."""
        if self._roster.identifiers or self._plain.read(text) is None or self._does(text):
            return False
        told = []
        for span in answer_spans(text):
            window = self._plain.read(text[span.start : span.end])
            if window is None or not self._roster.matcher.is_far(window.parts):
                return False
            told.append({w: v for piece in window.pieces for w, v in piece.items()})
        return not self._roster.tells_one(told)

    def _does(self, text: str) -> bool:
        """Whether a text speaks of doing what a skill is, which no name of it says."""
        return any(is_asked(skill, text) for skill in self._roster.skills)
