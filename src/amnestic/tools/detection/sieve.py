"""A first look at one of very many texts: whether any of its words may concern a target at all."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from amnestic.tools.detection.glance import Glance, Seen
from amnestic.tools.detection.pieces import pieces_of
from amnestic.tools.detection.skills import is_asked
from amnestic.tools.detection.window import Hits, names_one
from amnestic.tools.detection.windows import WindowReader
from amnestic.tools.detection.worth import Worth
from amnestic.tools.index import Roster
from amnestic.tools.names import NameHit
from amnestic.tools.protocols import Context, Embedder
from amnestic.tools.reading import PlainText, Reading, Words, answer_windows, read, words_of
from amnestic.types import holds_in

__all__ = ["Sieve"]

_END = re.compile(r"[.!?。！？](?=\s|$)|\n")


class Sieve:
    """Looks for the names and identifiers of all targets in a whole text, for doing what a skill
    is, and for telling words of one fact in every two neighbouring pieces between full stops: a
    sentence that would be looked at for its words has them in one piece, or in two.

    No sentence is told from an abbreviation for that, and nothing is embedded: it costs a small
    part of an audit, and it is all that most texts of a corpus need.
    """

    def __init__(
        self, roster: Roster, reader: WindowReader, glance: Glance, embedder: Embedder
    ) -> None:
        self._roster = roster
        self._reader = reader
        self._embedder = embedder
        self._glance = glance

    def sift(self, texts: Sequence[str], context: Context) -> list[bool]:
        """Which of many texts may tell of a target. The sentences of all of them that are worth a
        look are embedded in one call, which the embedder remembers until they are audited."""
        plain = [self._glance.read(text) for text in texts]
        worth = [self._worth(*told, context) for told in zip(texts, plain, strict=True)]
        self._embedder.embed([sentence for sentences in worth for sentence in sentences])
        return [
            bool(w) or bool(self._roster.matcher.hidden(text, signs=told.signs if told else None))
            for w, text, told in zip(worth, texts, plain, strict=True)
        ]

    def _worth(self, text: str, plain: PlainText | None, context: Context) -> list[str]:
        """The sentences of a text that are worth a look; none where its words are far from every
        target, which is found out before it is cut into sentences."""
        seen = self._glance.look(text, plain) if text.strip() else Seen.FAR
        if seen is Seen.FAR:
            return []
        if seen is Seen.SHARES_WORDS:
            some = self._glance.unsettled(text, context)
            if some is not None:
                return self._worth_of([text[s.start : s.end] for s in some.spans], context)
        reading = read(text)
        if seen is Seen.UNREAD and not self._catches(reading, context):
            return []
        seldom = Worth(self._roster).seldom(context)
        return self._reader.worth(reading, answer_windows, context, seldom)

    def _worth_of(self, sentences: Sequence[str], context: Context) -> list[str]:
        """Those of the sentences of a text that are worth a look."""
        is_worth = Worth(self._roster).seldom(context)
        return [
            piece.reading.text
            for piece in pieces_of(sentences, self._roster, context)
            if is_worth(piece.reading, piece.words, self._own(piece.hits, context))
        ]

    def _catches(self, reading: Reading, context: Context) -> bool:
        """Whether a text may be worth an audit; its words are looked at before its names, since
        that is sooner done."""
        if self._roster.tells_one([words.weights for words in _pieces(reading)]):
            return True
        if any(is_asked(skill, reading.text) for skill in self._roster.skills):
            return True
        if self._roster.identifiers and self._roster.identifiers.find(reading):
            return True
        return names_one(reading, self._own(self._roster.matcher.find(reading), context))

    def _own(self, found: Sequence[NameHit], context: Context) -> Hits:
        """The names of targets that hold where the text is judged."""
        hits: Hits = {}
        for hit in found:
            target = self._roster.target(hit.target_id)
            if target is not None and holds_in(target.namespace, context.namespace):
                hits.setdefault(hit.target_id, []).append(hit)
        return hits


def _pieces(reading: Reading) -> Iterator[Words]:
    """The telling words of what stands between full stops and ends of lines."""
    view = reading.views[0]
    text, tokens = view.folded.text, view.tokens
    starts = [token.start for token in tokens]
    begin = 0
    for match in _END.finditer(text):
        end = bisect_right(starts, match.start(), begin)
        if end > begin:
            yield words_of(tokens[begin:end], text)
            begin = end
    if begin < len(tokens):
        yield words_of(tokens[begin:], text)
