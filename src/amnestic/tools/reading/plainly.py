"""Texts that are read as they stand, told by what stands between their spaces.

Most texts hide nothing, and most of what stands between two spaces has stood in a text before. What
`read` would do with each such part is found out once, and kept of those that come again; of a whole
text only that is left to look for which spaces do not part: letters that stand alone, numbers and
pairs of digits in a row. Letters that stand apart within a part ("a.k.a.") are read together, as
`read` reads them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from operator import attrgetter
from typing import NamedTuple

from amnestic.tools.reading.codes import from_codes, perhaps_from_codes
from amnestic.tools.reading.decode import is_turned, letters_together
from amnestic.tools.reading.encodings import from_base64, from_hex
from amnestic.tools.reading.kept import Kept
from amnestic.tools.reading.leet import HEAVY
from amnestic.tools.reading.letters import Signs, spells
from amnestic.tools.reading.normalise import Mapped
from amnestic.tools.reading.parts import Part, part_of
from amnestic.tools.reading.stretches import Stretch, stretches_of
from amnestic.types import Span

__all__ = ["Part", "PlainReader", "PlainText"]

_LONGEST = 4_000
_KEPT_AGAIN, _KEPT_ONCE = 384_000, 192_000  # letters of parts, and what stands for the rest of each
_BESIDE = 5  # what a part of few letters takes, in letters: 1 kB
_READS_WELL = 0.7  # nothing that is turned or undone can read so much better
_FEWEST_GROUPS = 4  # of digits, or of words of the spelling alphabet, that are a code

_SPACES = (" ", "\n", "\t", "\r")
_LINES = re.compile(r"[A-Za-z0-9+/_-]{10}\n[A-Za-z0-9+/_-]{4}")
_MORE_LINES = re.compile(r"[A-Za-z0-9+/_-]{10}\n[A-Za-z0-9+/_-]{4,}\n[A-Za-z0-9+/_-]{4}")

_ODD, _TOGETHER, _SPECIAL = map(attrgetter, ("odd", "together", "is_special"))


class _Hides(IntEnum):
    """What several parts hide together: nothing, what a sentence by itself might show that the text
    does not, or something."""

    NOTHING = 0
    PERHAPS_APART = 1
    SOMETHING = 2


class PlainText(NamedTuple):
    """A text that is read as it stands.

    Attributes:
        text: as it is read.
        parts: those with words, in order.
        stretches: all parts, so that what may be of one sentence is of one stretch.
        signs: those of the text; without any, letters stand apart in a part, and are read together,
            as a text is read that hides something.
    """

    text: str
    parts: Sequence[Part]
    stretches: Sequence[Stretch]
    signs: Signs | None

    @property
    def weights(self) -> dict[str, float]:
        """The telling words of all of it."""
        return {w: v for s in self.stretches for piece in s.pieces for w, v in piece.items()}

    def spans(self) -> list[Span]:
        """Where each stretch stands."""
        found: list[Span] = []
        at = 0
        for stretch in self.stretches:
            begin = at = self.text.index(stretch.parts[0].shown, at)
            for part in stretch.parts:
                at = self.text.index(part.shown, at) + len(part.shown)
            found.append(Span(begin, at))
        return found


class PlainReader:
    """Reads texts that hide nothing. Safe to share between threads.

    >>> reader = PlainReader()
    >>> told = reader.read("It rained in the harbour. The bakery was closed.")
    >>> [[list(piece) for piece in stretch.pieces] for stretch in told.stretches]
    [[['rained', 'harbour']], [['bakery', 'closed']]]
    >>> told.spans()
    [Span(start=0, end=25), Span(start=26, end=48)]
    >>> reader.read("It r a i n e d in Tarn.") is None
    True
    """

    def __init__(self) -> None:
        self._parts = Kept[str, Part](_KEPT_AGAIN, _KEPT_ONCE, _size)

    def read(self, text: str) -> PlainText | None:
        """The text in parts; `None` where `read` would, or might, find something hidden in it."""
        if len(text) > _LONGEST or _has_odd_space(text):
            return None
        lines = [self._parts.all(line.split(), part_of) for line in text.split("\n")]
        parts = [part for line in lines for part in line]
        unusual = [part for part in parts if not part.is_ordinary]
        if not parts or any(map(_ODD, unusual)):
            return None
        shown = text
        if together := any(map(_TOGETHER, unusual)):
            shown = letters_together(text)  # in which other letters may stand together, too
            if shown.split() != [part.shown for part in parts]:
                return None
        hides = _hides(text, parts, unusual)
        if together:
            hides = max(hides, _hides(shown, parts, unusual))
        if hides is _Hides.SOMETHING:
            return None
        stretches = stretches_of(shown, lines)
        if hides is _Hides.PERHAPS_APART:
            stretches = [stretch._replace(apart=True) for stretch in stretches]
        signs = None if together else _signs(text, parts, unusual)
        return PlainText(shown, [p for p in parts if p.has_words], stretches, signs)


def _size(written: str) -> int:
    """How much is kept with a part: where no blanks stand between words, one is a whole sentence,
    or a text."""
    return len(written) + _BESIDE


def _signs(text: str, parts: Sequence[Part], unusual: Sequence[Part]) -> Signs:
    """The signs of a text by those of its parts; ordinary ones have none but initials."""
    told = [part.signs for part in unusual]
    spelling = sum([s.spelling for s in told])
    return Signs(
        "".join([part.initials for part in parts]),
        sum([s.single for s in told]),
        sum([s.numbers for s in told]),
        spelling if spelling and spells(text) else 0,
        "\n" in text or any(s.marked for s in told),
    )


def _has_odd_space(text: str) -> bool:
    """Whether a space stands in a text that is none of `_SPACES`, as `str.split` knows them."""
    return len(text) > len("".join(text.split())) + sum(map(text.count, _SPACES))


def _hides(text: str, parts: Sequence[Part], unusual: Sequence[Part]) -> _Hides:
    """What is hidden in what several parts are together."""
    runs_on = "\n" in text and _LINES.search(text) is not None
    if runs_on and _changes(text, from_base64):
        return _Hides.SOMETHING
    mixed = sum([p.mixed for p in unusual])
    if not _reads_well(parts, unusual) and (mixed or is_turned(text)):
        return _Hides.SOMETHING  # words with signs for letters may read better with the letters
    if mixed and mixed > HEAVY * sum([p.signed for p in parts]):
        return _Hides.SOMETHING
    special = _of_special(text, parts) if any(map(_SPECIAL, unusual)) else _Hides.NOTHING
    return max(special, _Hides(runs_on and _MORE_LINES.search(text) is not None))


def _reads_well(parts: Sequence[Part], unusual: Sequence[Part]) -> bool:
    """Whether so many of the words are known that nothing can read so much better: an ordinary part
    holds one or more, and all of it are."""
    unknown = sum([p.lettered - p.known for p in unusual])
    if unknown * 10 < 3 * (len(parts) - len(unusual)):
        return True
    known, lettered = sum([p.known for p in parts]), sum([p.lettered for p in parts])
    return known > _READS_WELL * lettered


def _of_special(text: str, parts: Sequence[Part]) -> _Hides:
    """What parts hide that may be more beside others than by themselves. A row of numbers, or of
    words of the spelling alphabet, that is no code may be one without what is in another sentence.
    """
    at = [i for i, part in enumerate(parts) if part.is_special]
    special = [parts[i] for i in at]
    if sum([p.alone for p in special]) > 0.5 * len(parts):
        return _Hides.SOMETHING
    last, count = -1, len(parts)
    in_row = False
    groups = most = 0  # of digits, of which only special parts hold any, in parts in a row
    for i in at:
        part = parts[i]
        groups = part.digits + (groups if i == last + 1 else 0)
        most = max(most, groups)
        in_row = in_row or (part.pairs and i == last + 1 and i > 0 and parts[last].pairs)
        last = i
        if part.edges[0] and 0 < i < count - 1 and parts[i - 1].edges[1] and parts[i + 1].edges[2]:
            return _Hides.SOMETHING
    if in_row and _changes(text, from_hex):
        return _Hides.SOMETHING
    spelt = sum([p.nato for p in special])
    if max(most, spelt) < _FEWEST_GROUPS:
        return _Hides.NOTHING
    if _changes(text, from_codes) or _changes(text, perhaps_from_codes):
        return _Hides.SOMETHING
    return _Hides(spelt >= _FEWEST_GROUPS or "\n" in text)


def _changes(text: str, step: object) -> bool:
    plain = Mapped(text)
    return step(plain) is not plain  # type: ignore[operator]
