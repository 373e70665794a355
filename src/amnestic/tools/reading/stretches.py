"""What a text says between its full stops and ends of lines, and what of that one sentence may hold.

Where a sentence ends is told at a glance or not at all. What stands between two places at which one
surely ends is a stretch: most are a sentence, and no sentence reaches over one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from amnestic.tools.reading.decode import may_stand_apart
from amnestic.tools.reading.leet import HEAVY
from amnestic.tools.reading.parts import Part
from amnestic.tools.reading.passages import SHORT, WINDOW_CHARS
from amnestic.tools.reading.sentences import End, ends_before

__all__ = ["Stretch", "stretches_of"]

_NO_PROSE = frozenset("-*+•#|>{}[]0123456789")  # that a line begins with, which is not cut
_FENCES = ("```", "~~~")
_TOLD, _SIZE = attrgetter("told"), attrgetter("size")


class Stretch(NamedTuple):
    """Some parts of a text that sentences do not reach over.

    Attributes:
        parts: what stands between its spaces.
        pieces: the telling words of what stands between its full stops and ends of lines, where
            there are any.
        apart: whether a sentence in it may be read otherwise than in the text.
    """

    parts: Sequence[Part]
    pieces: Sequence[Mapping[str, float]]
    apart: bool


class _Piece(NamedTuple):
    """What stands between two full stops or ends of lines."""

    parts: Sequence[Part]
    size: int
    begins: bool  # whether a sentence surely begins with it


def stretches_of(text: str, lines: Sequence[Sequence[Part]]) -> list[Stretch]:
    """The stretches of a text that is read as it stands, by the parts of its lines."""
    is_cut = not any([fence in text for fence in _FENCES]) and text.count("\t") < 2
    stretches: list[list[_Piece]] = []
    for line in lines:
        for piece in _pieces(line, is_cut):
            if piece.begins or not stretches:
                stretches.append([])
            stretches[-1].append(piece)
    size = sum([piece.size for pieces in stretches for piece in pieces])
    most = WINDOW_CHARS - max(0, len(text) - size)  # as many spaces as more than one may stand here
    return [_stretch(pieces, most) for pieces in stretches]


def _stretch(pieces: Sequence[_Piece], most: int) -> Stretch:
    if len(pieces) == 1:
        ((parts, size, _),) = pieces
    else:
        parts = [part for piece in pieces for part in piece.parts]
        size = sum([piece.size for piece in pieces])
    told = [words for piece in pieces if (words := dict(_all_told(piece)))]
    lures = [part for part in parts if part.is_lure]
    return Stretch(parts, told, size > most or (bool(lures) and _reads_otherwise(pieces, lures)))


def _all_told(piece: _Piece) -> Iterator[tuple[str, float]]:
    return chain.from_iterable(map(_TOLD, piece.parts))


def _pieces(line: Sequence[Part], is_cut: bool) -> Iterator[_Piece]:
    """The pieces of a line. Those of a list, of a table and of code are one sentence."""
    is_cut = is_cut and bool(line) and line[0].shown[0] not in _NO_PROSE
    begin, begins = 0, True
    for end in [i for i, part in enumerate(line, 1) if part.end] + [len(line)]:
        if end == begin:
            continue
        parts = line[begin:end]
        size = sum(map(_SIZE, parts))
        yield _Piece(parts, size, begins and size > SHORT)
        begins = is_cut and end < len(line) and ends_before(line[end - 1].end, line[end].first)
        begin = end


def _reads_otherwise(stretch: Sequence[_Piece], lures: Sequence[Part]) -> bool:
    """Whether a sentence that lies in a stretch may be turned, may be leetspeak, may have its
    letters apart or may end within a part, where the text is not, has not and does not. What is so
    of pieces together is so of one of them: it is told by sums, and each word that is plain and
    known counts against it."""
    is_mixed = any([part.mixed for part in lures])
    alone = False
    for piece in stretch:
        parts = [part for part in piece.parts if not part.is_ordinary]
        plain = len(piece.parts) - len(parts)
        lettered = plain + sum([part.lettered for part in parts])
        if lettered and sum([part.gain for part in parts]) >= 3 * plain:
            return True
        unknown = sum([part.lettered - part.known for part in parts])
        if is_mixed and lettered and 10 * unknown >= 3 * lettered:
            return True  # words with signs for letters may read better with the letters
        if is_mixed and sum([p.mixed for p in parts]) > HEAVY * (
            plain + sum([p.signed for p in parts])
        ):
            return True
        alone = alone or 2 * sum([part.alone for part in parts]) > len(piece.parts)
    if alone and may_stand_apart(" ".join([p.shown for piece in stretch for p in piece.parts])):
        return True
    return any([part.end is End.AMID for part in lures])
