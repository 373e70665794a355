"""What a text says between its full stops and ends of lines, and how far a sentence may reach.

Where a sentence ends is told at a glance or not at all. What stands between two places at which one
surely ends is a stretch: most are a sentence, and no sentence reaches over one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import NamedTuple

from amnestic.tools.reading.cutting import SHORT, WINDOW_CHARS
from amnestic.tools.reading.decode import may_stand_apart
from amnestic.tools.reading.leet import HEAVY
from amnestic.tools.reading.parts import Part
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


def stretches_of(text: str, lines: Sequence[Sequence[Part]]) -> list[Stretch]:
    """The stretches of a text that is read as it stands, by the parts of its lines."""
    parts = [part for line in lines for part in line]
    to = [0, *accumulate(map(_SIZE, parts))]  # how many letters stand before each part
    most = WINDOW_CHARS - max(0, len(text) - to[-1])  # as many spaces as more than one may be here
    lures = [i for i, part in enumerate(parts) if part.is_lure]
    found: list[Stretch] = []
    for places in _cut(text, lines, parts, to):
        begin, end = places[0], places[-1]
        pieces = [parts[a:b] for a, b in pairwise(places)]
        told = [w for piece in pieces if (w := dict(chain.from_iterable(map(_TOLD, piece))))]
        apart = to[end] - to[begin] > most
        if lures and not apart and (own := [parts[i] for i in lures if begin <= i < end]):
            apart = _reads_otherwise(pieces, own)
        found.append(Stretch(parts[begin:end], told, apart))
    return found


def _cut(
    text: str, lines: Sequence[Sequence[Part]], parts: Sequence[Part], to: Sequence[int]
) -> list[list[int]]:
    """Where the pieces of each stretch begin, and where the last of them ends. Those of lines of a
    list, of a table and of code are of one sentence, and short ones may join the one before."""
    is_prose = not any(fence in text for fence in _FENCES) and text.count("\t") < 2
    stretches: list[list[int]] = []
    start = 0
    for line in lines:
        stop = start + len(line)
        ends = [i for i, part in enumerate(line, start + 1) if part.end and i < stop]
        is_cut = is_prose and bool(line) and line[0].shown[0] not in _NO_PROSE
        for begin, end in pairwise([start, *ends, stop] if line else []):
            begins = begin == start or (
                is_cut and ends_before(parts[begin - 1].end, parts[begin].first)
            )
            if not stretches or (begins and to[end] - to[begin] > SHORT):
                stretches.append([begin])
            stretches[-1].append(end)
        start = stop
    return stretches


def _reads_otherwise(pieces: Sequence[Sequence[Part]], lures: Sequence[Part]) -> bool:
    """Whether a sentence that lies in a stretch may be turned, may be leetspeak, may have its
    letters apart or may end within a part, where the text is not, has not and does not. What is so
    of pieces together is so of one of them: it is told by sums, and each word that is plain and
    known counts against it."""
    is_mixed = any(part.mixed for part in lures)
    alone = False
    for piece in pieces:
        parts = [part for part in piece if not part.is_ordinary]
        plain = len(piece) - len(parts)
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
        alone = alone or 2 * sum([part.alone for part in parts]) > len(piece)
    if alone and may_stand_apart(" ".join([p.shown for piece in pieces for p in piece])):
        return True
    return any(part.end is End.AMID for part in lures)
