"""A look at a text that hides nothing: whether any of what stands in it has to do with a target.

Most texts have not, and that is found out from what is kept of each word, without reading them.
"""

from __future__ import annotations

from collections.abc import Mapping

from amnestic.tools.detection.skills import is_asked
from amnestic.tools.index import Roster
from amnestic.tools.reading import MAX_WINDOWS, PlainReader, answer_spans, read

__all__ = ["Glance"]


class Glance:
    """Looks at whole texts beside the targets of a roster. Safe to share between threads."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._plain = PlainReader()

    def worth(self, text: str) -> list[str] | None:
        """The sentences of a text that may tell of a target by their words alone, told without
        reading it; `None` where the text hides something, or names a target, or may."""
        plain = self._plain.read(text)
        if plain is None or not self._roster.matcher.is_far(plain.parts) or self._does(text):
            return None
        if self._roster.identifiers and self._roster.identifiers.find(read(text)):
            return None
        return self._telling(text)

    def _telling(self, text: str) -> list[str] | None:
        spans = answer_spans(text)
        if len(spans) > MAX_WINDOWS:
            return None
        found = []
        for sentence in (text[span.start : span.end] for span in spans):
            words = self._words_of(sentence)
            if words is None:
                return None
            if self._roster.tells_one([words]):
                found.append(sentence)
        return found

    def _words_of(self, sentence: str) -> Mapping[str, float] | None:
        """The telling words of a sentence that hides and names nothing by itself either."""
        plain = self._plain.read(sentence)
        if plain is None or not self._roster.matcher.is_far(plain.parts):
            return None
        return {w: v for piece in plain.pieces for w, v in piece.items()}

    def is_far_answer(self, text: str) -> bool:
        """Whether none of the windows of an answer is worth a look where its question is far from
        every target, as `Worth.seldom` says: the same of each, without reading any. Where targets
        have identifiers, which windows may part, nothing is said."""
        if self._roster.identifiers or self._plain.read(text) is None or self._does(text):
            return False
        told = []
        for span in answer_spans(text):
            words = self._words_of(text[span.start : span.end])
            if words is None:
                return False
            told.append(words)
        return not self._roster.tells_one(told)

    def _does(self, text: str) -> bool:
        """Whether a text speaks of doing what a skill is, which no name of it says."""
        return any(is_asked(skill, text) for skill in self._roster.skills)
