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

__all__ = ["Piece", "Sentences", "embedded_as", "piece_of", "pieces_of", "reading_of"]

_SELF_CONTAINED = 8  # words
_SHORT = 1_000  # characters of a piece that was cut from a draft
_MOST_KEPT = 512  # pieces of a draft


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


def reading_of(text: str, roster: Roster, context: Context) -> Reading:
    """A text as it is read; one that may come again, since it was cut from a draft, once."""
    known = _kept_piece(text, roster, context)
    return read(text) if known is None else known.reading


def piece_of(reading: Reading, roster: Roster, context: Context) -> Piece:
    """A piece that has been read."""
    known = _kept_piece(reading.source, roster, context)
    return known if known is not None and known.reading is reading else _piece(reading, roster)


def _piece(reading: Reading, roster: Roster) -> Piece:
    generation = roster.generation
    return Piece(reading, words_in(reading), roster.matcher.find(reading), generation)


def _kept_piece(text: str, roster: Roster, context: Context) -> Piece | None:
    """A piece of a draft; those that were read before are taken as they are. `None` for one that is
    not kept: there is no draft, it is long, or as many as may be are."""
    kept = context.cut
    if kept is None or len(text) > _SHORT:
        return None
    known = kept.get(text)
    if isinstance(known, Piece) and known.generation == roster.generation:
        return known
    if len(kept) >= _MOST_KEPT:
        return None
    kept[text] = found = _piece(read(text), roster)
    return found


def pieces_of(texts: Sequence[str], roster: Roster, context: Context) -> list[Piece]:
    """Pieces of a text; of one that arrives, or was cut from a draft, those that were read before
    are taken as they are."""
    kept = context.arrived
    if kept is None:
        return [piece_of(reading_of(text, roster, context), roster, context) for text in texts]
    found = []
    for text in texts:
        known = kept.get(text)
        if not isinstance(known, Piece) or known.generation != roster.generation:
            known = kept[text] = _piece(read(text), roster)
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
