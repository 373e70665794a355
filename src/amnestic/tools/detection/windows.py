"""Reading a text into windows: decoded, embedded, with the names and the targets near each."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from amnestic.tools.detection.evidence import Passage
from amnestic.tools.detection.named_pieces import Cut, NamedPieces, Names, company_of, source_of
from amnestic.tools.detection.pieces import (
    Piece,
    Sentences,
    embedded_as,
    pieces_of,
    reading_of,
)
from amnestic.tools.detection.trifles import can_tell
from amnestic.tools.detection.window import Hits, Window
from amnestic.tools.index import Roster
from amnestic.tools.protocols import Context, Embedder, Vectors
from amnestic.tools.reading import (
    Reading,
    Words,
    answer_spans,
    answer_windows,
    phrasing_of,
    question_windows,
)
from amnestic.types import Span

__all__ = ["BEFORE", "IsWorth", "WindowReader"]

_NEAREST = 32
_QUESTIONS_KEPT = 256  # as many as may be waiting for an answer at once
_LETTERS_KEPT = 200_000  # of the questions kept, which may be long
_ALL_KEPT = 2
_NO_VECTOR = np.zeros(0, np.float32)
BEFORE = 240  # characters of what stands before a window that a reader is shown

IsWorth = Callable[[Reading, Words, Hits], bool]
"""Whether a piece of text is worth embedding."""

_QuestionKey = tuple[int, str, frozenset[str], str]


class WindowReader:
    """Cuts texts into windows and looks up what is near each."""

    def __init__(self, roster: Roster, embedder: Embedder) -> None:
        self._roster = roster
        self.pieces = NamedPieces(roster)
        self._embedder = embedder
        self._questions: OrderedDict[_QuestionKey, list[Window]] = OrderedDict()
        self._letters = 0
        self._turn = threading.Lock()

    def of_question(self, text: str, context: Context) -> list[Window]:
        """The windows of a question. Those of the last few are kept: a question is read when it is
        asked, and again with its answer. The key holds all of the context that windows rest on: the
        same words in another conversation may be about somebody else."""
        key = (self._roster.generation, context.namespace, company_of(context), text)
        with self._turn:
            known = self._questions.get(key)
        if known is None:
            known = self.windows(text, question_windows, context)
            with self._turn:
                self._keep(key, known)
        return known

    def _keep(self, key: _QuestionKey, windows: list[Window]) -> None:
        """Keep a question's windows, and let go of the oldest where they are too many."""
        if key not in self._questions:
            self._letters += len(key[-1])
        self._questions[key] = windows
        while len(self._questions) > 1 and (
            len(self._questions) > _QUESTIONS_KEPT or self._letters > _LETTERS_KEPT
        ):
            self._letters -= len(self._questions.popitem(last=False)[0][-1])

    def windows(
        self,
        text: str,
        cut: Cut,
        context: Context,
        asked: Window | None = None,
        is_worth: IsWorth = lambda reading, words, hits: True,
    ) -> list[Window]:
        """The windows of a text that are worth a look, as `cut` makes them.

        With `asked`, the text answers that question. A piece of whose words and name hits
        `is_worth` says no is left out before it is embedded.
        """
        pieces, places, named, count = self._pieces(text, cut, context, asked, is_worth)
        if not pieces:
            return []
        embedded = [embedded_as(piece, count, asked) for piece in pieces]
        return self._embedded(text, pieces, places, named, embedded, context, partial=count > 1)

    def by_names(
        self,
        text: str,
        context: Context,
        asked: Window | None,
        is_worth: IsWorth,
    ) -> list[Window]:
        """The same windows of an answer as far as they are known without being embedded: near
        nothing, and with no vector."""
        pieces, places, named, count = self._pieces(text, answer_windows, context, asked, is_worth)
        return [
            Window(_passage(piece, _NO_VECTOR), place, *names, {}, count > 1)
            for piece, place, names in zip(pieces, places, named, strict=True)
        ]

    def _pieces(
        self, text: str, cut: Cut, context: Context, asked: Window | None, is_worth: IsWorth
    ) -> tuple[list[Piece], list[Span], list[Names], int]:
        """The pieces of a text that are worth a look, where they stand, the names in each; and how
        many pieces there are in all."""
        reading = reading_of(text, self._roster, context)
        spans, pieces, named = self.pieces.of(reading, cut, context, asked)
        parts, words = [p.reading for p in pieces], [p.words for p in pieces]
        kept = _kept(parts, words, named, is_worth)
        places = [source_of(reading, spans[i]) for i in kept]
        return [pieces[i] for i in kept], places, [named[i] for i in kept], len(spans)

    def of_sentences(
        self, text: str, some: Sentences, context: Context, is_worth: IsWorth
    ) -> list[Window]:
        """The same of a text of several sentences that is read as it stands, of which only some can
        be worth a look."""
        texts = [text[s.start : s.end] for s in some.spans]
        pieces = pieces_of(texts, self._roster, context)
        named = [
            self.pieces.names(None, s, p, context) for s, p in zip(some.spans, pieces, strict=True)
        ]
        looked = [
            i
            for i, (piece, (hits, _)) in enumerate(zip(pieces, named, strict=True))
            if some.of <= _ALL_KEPT or can_tell(piece.words, hits)
        ]
        if not looked and some.spans and not text[: some.spans[0].start].strip():
            # all are of everyday words: the first of a text is looked at where no other can tell
            others = (span for span in answer_spans(text) if span not in some.spans)
            if any(self._can_tell(text, span, context) for span in others):
                return []
            return self.windows(text, answer_windows, context, None, is_worth)
        kept = [i for i in looked if is_worth(pieces[i].reading, pieces[i].words, named[i][0])]
        if not kept:
            return []
        embedded = [pieces[i].reading.text for i in kept]
        chosen = [pieces[i] for i in kept], [some.spans[i] for i in kept], [named[i] for i in kept]
        return self._embedded(text, *chosen, embedded, context, partial=True)

    def _can_tell(self, text: str, span: Span, context: Context) -> bool:
        """Whether a sentence of a text that is read as it stands can tell something."""
        (piece,) = pieces_of([text[span.start : span.end]], self._roster, context)
        return can_tell(piece.words, self.pieces.names(None, span, piece, context)[0])

    def _embedded(
        self,
        text: str,
        pieces: Sequence[Piece],
        places: Sequence[Span],
        named: Sequence[Names],
        embedded: Sequence[str],
        context: Context,
        *,
        partial: bool,
    ) -> list[Window]:
        """The windows of pieces of a text, with what is near each of them as it is embedded."""
        vectors = self._embedder.embed(embedded)
        found = self._roster.index.search(vectors, _NEAREST, context.namespace)
        windows = []
        for piece, span, names, vector, near in zip(
            pieces, places, named, vectors, found, strict=True
        ):
            best: dict[str, float] = {}
            for hit in near:
                best.setdefault(hit.target_id, hit.score)
            passage = _passage(piece, vector)
            before = text[max(0, span.start - BEFORE) : span.start].strip()
            windows.append(Window(passage, span, *names, best, partial, before))
        return windows

    def worth(self, reading: Reading, cut: Cut, context: Context, is_worth: IsWorth) -> list[str]:
        """The texts that `windows` of the same would embed."""
        _, pieces, named = self.pieces.of(reading, cut, context, None)
        parts, words = [p.reading for p in pieces], [p.words for p in pieces]
        return [parts[i].text for i in _kept(parts, words, named, is_worth)]


def _passage(piece: Piece, vector: Vectors) -> Passage:
    reading = piece.reading
    phrasing = phrasing_of(reading.tokens, reading.views[0].folded.text)
    return Passage(reading, piece.words, phrasing, vector)


def _kept(
    parts: Sequence[Reading],
    words: Sequence[Words],
    named: Sequence[Names],
    is_worth: IsWorth,
) -> list[int]:
    kept = _worth_a_look(words, [bool(hits) for hits, _ in named])
    return [i for i in kept if is_worth(parts[i], words[i], named[i][0])]


def _worth_a_look(words: Sequence[Words], named: Sequence[bool]) -> list[int]:
    """Of many windows, those that can tell something: with a name form, a number, something that
    looks like a name, or a word that is not among the everyday ones. At least one is kept."""
    if len(words) <= _ALL_KEPT:
        return list(range(len(words)))
    return [i for i, told in enumerate(words) if can_tell(told, named[i])] or [0]
