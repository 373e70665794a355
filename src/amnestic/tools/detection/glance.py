"""A look at a text that hides nothing: whether any of what stands in it has to do with a target.

Most texts have not, and that is found out from what is kept of each word, without reading them.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from amnestic.tools.detection.pieces import Sentences
from amnestic.tools.detection.skills import is_asked, may_be_asked
from amnestic.tools.index import Roster
from amnestic.tools.protocols import Context
from amnestic.tools.reading import (
    MAX_WINDOWS,
    PlainReader,
    PlainText,
    answer_spans,
    letters_together,
    read,
)

__all__ = ["Glance", "Seen"]


class Seen(Enum):
    """What a look at a whole text has told: that it and all of its sentences are far from every
    target; that it may name one, or has words of what is known of one, or sentences that may hide
    something by themselves; or that it has to be decoded."""

    FAR = auto()
    NEAR = auto()
    UNREAD = auto()


class _Noted(NamedTuple):
    """What of a text has to be read, as it was told of one `generation` of the targets."""

    sentences: Sentences
    generation: int


class Glance:
    """Looks at whole texts beside the targets of a roster. Safe to share between threads."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._plain = PlainReader()

    def read(self, text: str) -> PlainText | None:
        """A text in parts, where it is read as it stands."""
        return self._plain.read(text)

    def look(self, text: str, plain: PlainText | None) -> Seen:
        """Whether a text, as it was `read`, hides nothing, and no sentence of it has to do with a
        target: that is known without reading it, of most texts."""
        if plain is None:
            return Seen.UNREAD
        if plain.apart or not self._roster.matcher.is_far(plain.parts) or self._may_do(text):
            return Seen.NEAR
        if plain.signs is None and (
            self._roster.matcher.runs_together(plain.parts) or self._may_do(letters_together(text))
        ):
            return Seen.NEAR
        if self._roster.tells_one(plain.stretches):
            return Seen.NEAR
        if self._roster.identifiers and self._roster.identifiers.find(read(text)):
            return Seen.NEAR
        return Seen.FAR

    def unsettled(self, text: str, context: Context) -> Sentences | None:
        """What `in_part` tells of a text that is read as it stands. Of a text that is judged again
        it is noted."""
        generation = self._roster.generation
        found = self.in_part(text)
        if found is not None and context.arrived is not None:
            context.arrived[_noted_as(text)] = _Noted(found, generation)
        return found

    def in_part(self, text: str) -> Sentences | None:
        """The sentences of a text that have to be read: those that hide something by themselves, or
        name somebody, or have the words of a fact. `None` where that is not told sentence by
        sentence: of a single one, of very many, where letters stand apart, and beside identifiers,
        which sentences may part."""
        spans = answer_spans(text)
        if self._roster.identifiers or not 1 < len(spans) <= MAX_WINDOWS:
            return None
        if letters_together(text) != text:
            return None
        sentences = [text[span.start : span.end] for span in spans]
        weights = [None if self._does(s) else self._weights_of(s) for s in sentences]
        telling = self._roster.telling([w or {} for w in weights])
        left = [
            s for s, w, tells in zip(spans, weights, telling, strict=True) if w is None or tells
        ]
        return Sentences(left, len(spans))

    def noted(self, text: str, context: Context) -> Sentences | None:
        """What `unsettled` told of a text a moment ago; `None` where that is not known, or what the
        text stands in asks for more than it looks for."""
        if not context.bulk or context.arrived is None:
            return None
        if context.sticky or context.told or context.named:
            return None
        known = context.arrived.get(_noted_as(text))
        if not isinstance(known, _Noted) or known.generation != self._roster.generation:
            return None
        return known.sentences

    def is_far_answer(self, text: str) -> bool:
        """Whether none of the windows of an answer is worth a look where its question is far from
        every target, as `Worth.seldom` says: the same of each, without reading any. Where targets
        have identifiers, which windows may part, nothing is said."""
        if self._roster.identifiers or self._plain.read(text) is None:
            return False
        told = []
        for span in answer_spans(text):
            sentence = text[span.start : span.end]
            weights = None if self._does(sentence) else self._weights_of(sentence)
            if weights is None:
                return False
            told.append(weights)
        return not any(self._roster.telling(told))

    def _weights_of(self, sentence: str) -> dict[str, float] | None:
        """The telling words of a sentence that hides nothing and names nobody by itself."""
        plain = self._plain.read(sentence)
        if plain is None or plain.signs is None or not self._roster.matcher.is_far(plain.parts):
            return None
        return plain.weights

    def _may_do(self, text: str) -> bool:
        """Whether a sentence of a text may speak of doing what a skill is."""
        return any(may_be_asked(skill, text) for skill in self._roster.skills)

    def _does(self, text: str) -> bool:
        """Whether a text speaks of doing what a skill is, which no name of it says."""
        return any(is_asked(skill, text) for skill in self._roster.skills)


def _noted_as(text: str) -> str:
    """Under what it is noted, beside the sentences: no sentence that was read ends so."""
    return f"{text}\0"
