"""The pieces of a text, read: once, where the text is judged again with each piece that comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from amnestic.tools.detection.window import Window
from amnestic.tools.index import Roster
from amnestic.tools.names import NameHit
from amnestic.tools.protocols import Context
from amnestic.tools.reading import (
    Reading,
    Words,
    blank_filled,
    is_abstention,
    novel,
    read,
    words_in,
)
from amnestic.types import Span

__all__ = ["Piece", "Sentences", "embedded_as", "piece_of", "pieces_of"]

_SELF_CONTAINED = 8  # words


class Piece(NamedTuple):
    """A piece of a text as it is read by itself: its telling words, and the forms of names in it of
    one `generation` of the targets."""

    reading: Reading
    words: Words
    hits: Sequence[NameHit]
    generation: int


class Sentences(NamedTuple):
    """Some of the sentences of a text that is read as it stands, and of how many they are some."""

    spans: Sequence[Span]
    of: int


def piece_of(reading: Reading, roster: Roster) -> Piece:
    """A piece that has been read."""
    generation = roster.generation
    return Piece(reading, words_in(reading), roster.matcher.find(reading), generation)


def pieces_of(texts: Sequence[str], roster: Roster, context: Context) -> list[Piece]:
    """Pieces of a text; of one that arrives, those that were read before are taken as they are."""
    kept = context.arrived
    if kept is None:
        return [piece_of(read(text), roster) for text in texts]
    found = []
    for text in texts:
        known = kept.get(text)
        if not isinstance(known, Piece) or known.generation != roster.generation:
            known = kept[text] = piece_of(read(text), roster)
        found.append(known)
    return found


def embedded_as(piece: Piece, count: int, asked: Window | None) -> str:
    """The text whose vector stands for a window: with the question where it needs it."""
    text = piece.reading.text
    if asked is None or (count > 1 and len(piece.reading.tokens) >= _SELF_CONTAINED):
        return text
    if is_abstention(text, novel(piece.words, asked.passage.words)):
        return text
    return blank_filled(asked.text, text)
