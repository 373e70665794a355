"""A look at a text that hides nothing: whether any of what stands in it has to do with a target.

Most texts have not, and that is found out from what is kept of each word, without reading them.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    question_spans,
    read,
)
from amnestic.types import Span

__all__ = ["Glance", "Seen"]


_OF_FACET, _OF_TARGET = 0.22, 0.25
"""Shares of a question from which on what it means is looked at. With 100 people of RWKU, 40 facts
each, 2 of the 424 questions that were found near one without its name lie below."""


class Seen(NamedTuple):
    """What a look at a text has told that is read as it stands: in which of its stretches, by
    number, a sentence may have to do with a target, or hide something by itself; and whether the
    text as a whole has to be read."""

    near: Sequence[int] = ()
    whole: bool = False

    @property
    def is_far(self) -> bool:
        """Whether the text and all of its sentences are far from every target."""
        return not self.near and not self.whole


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

    def look(self, plain: PlainText) -> Seen:
        """Which of a text that was `read` may have to do with a target: of most texts nothing."""
        matcher, roster = self._roster.matcher, self._roster
        if any(may_be_asked(skill, plain.text) for skill in roster.skills):
            return Seen(whole=True)
        if plain.signs is None and matcher.runs_together(plain.parts):
            return Seen(whole=True)
        if roster.identifiers and roster.identifiers.find(read(plain.text)):
            return Seen(whole=True)
        named = not matcher.is_far(plain.parts)
        near = [
            i
            for i, (parts, pieces, apart) in enumerate(plain.stretches)
            if apart
            or (pieces and roster.tells_in(pieces))
            or (named and not matcher.is_far([part for part in parts if part.has_words]))
        ]
        return Seen(near)

    def unsettled(self, plain: PlainText, seen: Seen, context: Context) -> Sentences | None:
        """The sentences of a text that have to be read, of which a look has told that some may:
        those that `in_part` tells. Of a text that is judged again it is noted."""
        if plain.signs is None or seen.whole:
            return None
        generation = self._roster.generation
        found = self.left(plain, seen)
        if found is not None and context.arrived is not None:
            context.arrived[_noted_as(plain.text)] = _Noted(found, generation)
        return found

    def left(self, plain: PlainText, seen: Seen) -> Sentences | None:
        """The sentences that have to be read of a text as it is read, with letters that stood apart
        together: where a look has told that no name stands in those, none is parted."""
        if seen.whole:
            return None
        spans = plain.spans()
        return self.in_part(plain.text, [spans[i] for i in seen.near])

    def in_part(self, text: str, near: Sequence[Span] | None = None) -> Sentences | None:
        """The sentences of a text that have to be read: those that hide something by themselves, or
        name somebody, or have the words of a fact; where it is known which stretches are `near` a
        target, of what lies in them. `None` where that is not told sentence by sentence: of a
        single one, of very many, where letters stand apart, and beside identifiers, which sentences
        may part."""
        spans = answer_spans(text)
        if self._roster.identifiers or not 1 < len(spans) <= MAX_WINDOWS:
            return None
        if letters_together(text) != text:
            return None
        looked = [s for s in spans if near is None or _lies_in(s, near)]
        sentences = [text[span.start : span.end] for span in looked]
        weights = [None if self._does(s) else self._weights_of(s) for s in sentences]
        telling = self._roster.telling([w or {} for w in weights])
        left = [
            s for s, w, tells in zip(looked, weights, telling, strict=True) if w is None or tells
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

    def is_far_question(self, text: str) -> bool:
        """Whether a question has so little to do with any target, by its words, that what it means
        need not be looked at: it hides nothing, has no part of a name and no identifier, tells no
        facet, and in none of its windows is much of what it says known of a target. Of targets of
        which little is known that is not told."""
        plain = self._plain.read(text) if self._roster.is_well_known else None
        if plain is None or plain.signs is None:
            return False
        matcher, roster = self._roster.matcher, self._roster
        if not matcher.is_far(plain.parts) or any(map(matcher.may_count, plain.parts)):
            return False
        if roster.identifiers and roster.identifiers.find(read(text)):
            return False
        spans = question_spans(text)[1:]
        pieces = [plain, *(self._plain.read(text[span.start : span.end]) for span in spans)]
        weights = [piece.weights for piece in pieces if piece is not None]
        if len(weights) < len(pieces) or any(roster.telling(weights)):
            return False
        shares = map(roster.shares, weights)
        return all(facet < _OF_FACET and target < _OF_TARGET for facet, target in shares)

    def _weights_of(self, sentence: str) -> dict[str, float] | None:
        """The telling words of a sentence that hides nothing and names nobody by itself."""
        plain = self._plain.read(sentence)
        if plain is None or plain.signs is None or not self._roster.matcher.is_far(plain.parts):
            return None
        return plain.weights

    def _does(self, text: str) -> bool:
        """Whether a text speaks of doing what a skill is, which no name of it says."""
        return any(is_asked(skill, text) for skill in self._roster.skills)


def _lies_in(span: Span, others: Sequence[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _noted_as(text: str) -> str:
    """Under what it is noted, beside the sentences: no sentence that was read ends so."""
    return f"{text}\0"
