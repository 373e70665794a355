"""A first look at one of very many texts: whether any of its words may concern a target at all."""

from __future__ import annotations

from collections.abc import Sequence

from amnestic.tools.detection.glance import Glance
from amnestic.tools.detection.pieces import Sentences, pieces_of
from amnestic.tools.detection.window import Hits
from amnestic.tools.detection.windows import WindowReader
from amnestic.tools.detection.worth import Worth
from amnestic.tools.index import Roster
from amnestic.tools.names import NameHit
from amnestic.tools.protocols import Context, Embedder
from amnestic.tools.reading import PlainText, answer_windows, read
from amnestic.types import holds_in

__all__ = ["Sieve"]


class Sieve:
    """Tells which of very many texts may tell of a target: those with a sentence that would be
    looked at for a name, an identifier, telling words of one fact, or for doing what a skill is.

    Of most texts a glance says that none of their sentences would. Of the others only those
    sentences are read that are not far by themselves, as they stand or as they are decoded. Nothing
    is embedded for that: it costs a small part of an audit, and it is all that most texts of a
    corpus need.
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
        if not text.strip():
            return []
        if plain is not None:
            seen = self._glance.look(plain)
            if seen.is_far:
                return []
            if plain.signs is None:  # letters stood apart, so that its places are not the text's
                some = self._glance.left(plain, seen)
            else:
                some = self._glance.unsettled(plain, seen, context)
            if some is not None:
                return self._worth_of(plain.text, some, context)
        reading = read(text)
        if "spaced" not in reading.hidden:  # where letters stood apart, sentences may part a name
            some = self._glance.in_part(reading.text)
            if some is not None:
                return self._worth_of(reading.text, some, context)
        seldom = Worth(self._roster).seldom(context)
        return self._reader.worth(reading, answer_windows, context, seldom)

    def _worth_of(self, text: str, some: Sentences, context: Context) -> list[str]:
        """Those of some sentences of a text that are worth a look."""
        is_worth = Worth(self._roster).seldom(context)
        sentences = [text[span.start : span.end] for span in some.spans]
        return [
            piece.reading.text
            for piece in pieces_of(sentences, self._roster, context)
            if is_worth(piece.reading, piece.words, self._own(piece.hits, context))
        ]

    def _own(self, found: Sequence[NameHit], context: Context) -> Hits:
        """The names of targets that hold where the text is judged."""
        hits: Hits = {}
        for hit in found:
            target = self._roster.target(hit.target_id)
            if target is not None and holds_in(target.namespace, context.namespace):
                hits.setdefault(hit.target_id, []).append(hit)
        return hits
