"""Texts that are read as they stand, told by what stands between their spaces.

Most texts hide nothing, and most of what stands between two spaces has stood in a text before. What
`read` would do with each such part is found out once, and kept of those that come again; of a whole
text only that is left to look for which spaces do not part: letters that stand alone, numbers and
pairs of digits in a row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from amnestic.tools.reading.codes import SPELLING, from_codes, perhaps_from_codes
from amnestic.tools.reading.decode import (
    View,
    is_turned,
    letters_apart,
    view_of,
    words_in_letters,
)
from amnestic.tools.reading.encodings import from_base64, from_hex, perhaps_unescaped, unescape
from amnestic.tools.reading.kept import Kept
from amnestic.tools.reading.leet import HEAVY, light_readings, mixed_words
from amnestic.tools.reading.normalise import Mapped, clean
from amnestic.tools.reading.telling import words_of
from amnestic.tools.reading.words import known_among

__all__ = ["Part", "PlainReader", "PlainText"]

_LONGEST = 4_000
_KEPT_AGAIN, _KEPT_ONCE = 384_000, 192_000  # letters of parts, and what stands for the rest of each
_BESIDE = 5  # what a part of few letters takes, in letters: 1 kB
_READS_WELL = 0.7  # nothing that is turned or undone can read so much better
_FEWEST_GROUPS = 4  # of digits, or of words of the spelling alphabet, that are a code

_ODD_SPACE = re.compile(r"[^\S \n\t\r]")
_LINES = re.compile(r"[A-Za-z0-9+/_-]{10}\n[A-Za-z0-9+/_-]{4}")
_MORSE = re.compile(r"\.-|-\.")
_LETTER = re.compile(r"[^\W_][,;.:\-]?")
_LETTER_LAST = re.compile(r"(?<![^\W_])[^\W_][,;.:\-]?\Z")
_LETTER_FIRST = re.compile(r"[^\W_](?![^\W_])")
_DIGITS = re.compile(r"\d+")
_PAIRS = re.compile(r"(?<![0-9a-z])(?:0?x)?(?:[0-9a-f]{2}(?:0?x)?)+(?![0-9a-z])")
_NATO = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(SPELLING, key=len, reverse=True))})(?!\w)")
_ENDS = (".", "!", "?", "。", "！", "？")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What stands between two spaces.

    Attributes:
        views: its words, and those that it may stand for in leetspeak.
        has_words: whether it has any.
        weights: its telling words with their rarity, as `words_of` gives them.
        odd: whether anything is hidden in it.
        ends: whether a sentence may end with it.
        known: how many of its words of letters are known, of `lettered`.
        mixed: how many of `signed` words hold signs in the place of letters.
        digits: how many groups of digits it holds.
        alone: whether it is a single letter.
        edges: whether it is a letter that others may stand beside, ends with one, begins with one.
        pairs: whether a word of it is pairs of digits of hex.
        nato: how many words of the spelling alphabet.
        is_special: whether it may be more beside others than by itself.
        is_ordinary: whether it hides nothing, holds no signs for letters, and is not special.
    """

    views: tuple[View, ...]
    has_words: bool
    weights: Mapping[str, float]
    odd: bool
    ends: bool
    known: int
    lettered: int
    mixed: int
    signed: int
    digits: int
    alone: bool
    edges: tuple[bool, bool, bool]
    pairs: bool
    nato: int
    is_special: bool
    is_ordinary: bool


class PlainText(NamedTuple):
    """A text that is read as it stands: its parts with words, in order, and the telling words of
    what stands between its full stops and ends of lines."""

    parts: Sequence[Part]
    pieces: Sequence[Mapping[str, float]]


class PlainReader:
    """Reads texts that hide nothing. Safe to share between threads.

    >>> reader = PlainReader()
    >>> told = reader.read("It rained in Tarn. The bakery was closed.")
    >>> [list(piece) for piece in told.pieces]
    [['rained', 'tarn'], ['bakery', 'closed']]
    >>> reader.read("It r.a.i.n.e.d in Tarn.") is None
    True
    """

    def __init__(self) -> None:
        self._parts = Kept[str, Part](_KEPT_AGAIN, _KEPT_ONCE, _size)

    def read(self, text: str) -> PlainText | None:
        """The text in parts; `None` where `read` would, or might, find something hidden in it."""
        if len(text) > _LONGEST or _ODD_SPACE.search(text):
            return None
        lines = [self._parts.all(line.split(), _part) for line in text.split("\n")]
        parts = [part for line in lines for part in line]
        unusual = [part for part in parts if not part.is_ordinary]
        if not parts or any(part.odd for part in unusual) or not _is_plain(text, parts, unusual):
            return None
        return PlainText([p for p in parts if p.has_words], _pieces(lines))


def _size(written: str) -> int:
    """How much is kept with a part: where no blanks stand between words, one is a whole sentence,
    or a text."""
    return len(written) + _BESIDE


def _pieces(lines: Sequence[Sequence[Part]]) -> list[Mapping[str, float]]:
    """The telling words between full stops and ends of lines, where there are words."""
    pieces: list[Mapping[str, float]] = []
    for line in lines:
        weights: dict[str, float] = {}
        has_words = False
        for part in line:
            if part.weights:
                weights.update(part.weights)
                has_words = True
            elif not has_words:
                has_words = part.has_words
            if part.ends and has_words:
                pieces.append(weights)
                weights, has_words = {}, False
        if has_words:
            pieces.append(weights)
    return pieces


def _part(written: str) -> Part:
    plain = clean(written)
    view = view_of("plain", plain)
    readings = light_readings(plain)
    views = (view, *(view_of("leet", other) for other in readings))
    known, lettered = known_among(words_in_letters(written))
    mixed, signed = mixed_words(written)
    small = written.lower()
    digits, nato = len(_DIGITS.findall(written)), len(_NATO.findall(small))
    alone, pairs = len(written.strip(".,-_*")) == 1, bool(_PAIRS.search(small))
    edges = (
        bool(_LETTER.fullmatch(written)),
        bool(_LETTER_LAST.search(written)),
        bool(_LETTER_FIRST.match(written)),
    )
    odd = plain.text != written or _is_odd(Mapped(written))
    is_special = alone or pairs or digits > 0 or nato > 0 or any(edges)
    return Part(
        views,
        bool(view.words.words),
        words_of(view.words.tokens, view.folded.text).weights,
        odd,
        written.endswith(_ENDS),
        known,
        lettered,
        mixed,
        signed,
        digits,
        alone,
        edges,
        pairs,
        nato,
        is_special,
        not (odd or mixed or is_special),
    )


def _is_odd(part: Mapped) -> bool:
    """Whether anything is hidden in a part by itself."""
    steps = (
        unescape, perhaps_unescaped, from_base64, from_codes, from_hex, perhaps_from_codes
    )  # fmt: skip
    text = part.text
    return any(step(part) is not part for step in steps) or bool(
        letters_apart(text, 3) or _MORSE.search(text)
    )


def _is_plain(text: str, parts: Sequence[Part], unusual: Sequence[Part]) -> bool:
    """Whether nothing is hidden in what several parts are together."""
    if "\n" in text and _LINES.search(text) and _changes(text, from_base64):
        return False
    known = sum([p.known for p in parts])
    lettered = sum([p.lettered for p in parts])
    mixed = sum([p.mixed for p in unusual])
    if known <= _READS_WELL * lettered and (mixed or is_turned(text)):
        return False  # words with signs for letters may read better with the letters
    if mixed and mixed > HEAVY * sum([p.signed for p in parts]):
        return False
    return not unusual or not _is_special(text, parts)


def _is_special(text: str, parts: Sequence[Part]) -> bool:
    at = [i for i, part in enumerate(parts) if part.is_special]
    if not at:
        return False
    special = [parts[i] for i in at]
    if sum([p.alone for p in special]) > 0.5 * len(parts):
        return True
    groups = sum([p.digits for p in special])
    if max(groups, sum([p.nato for p in special])) >= _FEWEST_GROUPS and (
        _changes(text, from_codes) or _changes(text, perhaps_from_codes)
    ):
        return True
    last, count = -1, len(parts)
    in_row = False
    for i in at:
        part = parts[i]
        in_row = in_row or (part.pairs and i == last + 1 and i > 0 and parts[last].pairs)
        last = i
        if part.edges[0] and 0 < i < count - 1 and parts[i - 1].edges[1] and parts[i + 1].edges[2]:
            return True
    return in_row and _changes(text, from_hex)


def _changes(text: str, step: object) -> bool:
    plain = Mapped(text)
    return step(plain) is not plain  # type: ignore[operator]
