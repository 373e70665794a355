"""What a text says between its full stops and ends of lines, and what of that one sentence may hold.

Where a sentence ends is told at a glance or not at all. What stands between two places at which one
surely ends is a stretch: most are a sentence, and no sentence reaches over one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from amnestic.tools.reading.decode import may_stand_apart
from amnestic.tools.reading.leet import HEAVY
from amnestic.tools.reading.parts import Part
from amnestic.tools.reading.passages import SHORT, WINDOW_CHARS
from amnestic.tools.reading.sentences import End, ends_before

__all__ = ["Stretches", "stretches_of"]

_NO_PROSE = frozenset("-*+•#|>{}[]0123456789")  # that a line begins with, which is not cut
_FENCES = ("```", "~~~")


class Stretches(NamedTuple):
    """The telling words of the pieces of each stretch, without those that have none, and whether a
    sentence by itself may be read otherwise than in the text."""

    pieces: Sequence[Sequence[Mapping[str, float]]]
    apart: bool


class _Piece(NamedTuple):
    """What stands between two full stops or ends of lines."""

    parts: Sequence[Part]
    size: int
    begins: bool  # whether a sentence surely begins with it


def stretches_of(text: str, lines: Sequence[Sequence[Part]]) -> Stretches:
    """The stretches of a text that is read as it stands, by the parts of its lines."""
    is_cut = not any(fence in text for fence in _FENCES) and text.count("\t") < 2
    is_mixed = any(part.mixed for line in lines for part in line)
    found: list[list[Mapping[str, float]]] = []
    size = longest = written = 0
    apart = False
    for line in lines:
        for piece in _pieces(line, is_cut):
            if piece.begins or not found:
                found.append([])
                size = 0
            size += piece.size + 1
            longest, written = max(longest, size), written + piece.size + 1
            weights = {w: v for part in piece.parts for w, v in part.weights.items()}
            if weights:
                found[-1].append(weights)
            apart = apart or _reads_otherwise(piece.parts, text, is_mixed=is_mixed)
    more = max(0, len(text) - written)  # spaces than one between two parts
    apart = apart or longest + more > WINDOW_CHARS
    return Stretches([stretch for stretch in found if stretch], apart)


def _pieces(line: Sequence[Part], is_cut: bool) -> Iterator[_Piece]:
    """The pieces of a line. Those of a list, of a table and of code are one sentence."""
    is_cut = is_cut and bool(line) and line[0].shown[0] not in _NO_PROSE
    begin, begins = 0, True
    for end in [i + 1 for i, part in enumerate(line) if part.end] + [len(line)]:
        if end == begin:
            continue
        parts = line[begin:end]
        size = sum([len(part.shown) for part in parts]) + end - begin - 1
        yield _Piece(parts, size, begins and size >= SHORT)
        begins = is_cut and end < len(line) and ends_before(line[end - 1].end, line[end].first)
        begin = end


def _reads_otherwise(parts: Sequence[Part], text: str, *, is_mixed: bool) -> bool:
    """Whether a sentence of which these are a part may be turned, may be leetspeak, may have its
    letters apart or may end within a part, where the text is not, has not and does not. What is so
    of pieces together is so of one of them: it is told by sums, and each word that is plain and
    known counts against it."""
    odd = [part for part in parts if not part.is_ordinary]
    if not odd:
        return False
    plain = len(parts) - len(odd)
    lettered = plain + sum([part.lettered for part in odd])
    if lettered and sum([part.gain for part in odd]) >= 3 * plain:
        return True
    unknown = sum([part.lettered - part.known for part in odd])
    if is_mixed and lettered and 10 * unknown >= 3 * lettered:
        return True  # words with signs for letters may read better with the letters
    mixed = sum([part.mixed for part in odd])
    if mixed > HEAVY * (plain + sum([part.signed for part in odd])):
        return True
    if 2 * sum([part.alone for part in odd]) > len(parts) and may_stand_apart(text):
        return True
    return any(part.end is End.AMID for part in odd)
