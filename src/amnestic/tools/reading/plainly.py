"""Texts that are read as they stand, told by what stands between their spaces.

Most texts hide nothing, and most of what stands between two spaces has stood in a text before. What
`read` would do with each such part is found out once, and kept of those that come again; of a whole
text only that is left to look for which spaces do not part: letters that stand alone, numbers and
pairs of digits in a row. Letters that stand apart within a part ("a.k.a.") are read together, as
`read` reads them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from amnestic.tools.reading.codes import SPELLING, from_codes, perhaps_from_codes
from amnestic.tools.reading.decode import (
    View,
    is_turned,
    letters_together,
    view_of,
    words_in_letters,
)
from amnestic.tools.reading.encodings import from_base64, from_hex, perhaps_unescaped, unescape
from amnestic.tools.reading.kept import Kept
from amnestic.tools.reading.leet import HEAVY, light_readings, mixed_words
from amnestic.tools.reading.letters import Signs, signs_of, spells, spelt_in
from amnestic.tools.reading.normalise import Mapped, clean
from amnestic.tools.reading.telling import words_of
from amnestic.tools.reading.words import known_among

__all__ = ["Part", "PlainReader", "PlainText"]

_LONGEST = 4_000
_KEPT_AGAIN, _KEPT_ONCE = 384_000, 192_000  # letters of parts, and what stands for the rest of each
_BESIDE = 5  # what a part of few letters takes, in letters: 1 kB
_READS_WELL = 0.7  # nothing that is turned or undone can read so much better
_FEWEST_GROUPS = 4  # of digits, or of words of the spelling alphabet, that are a code

_SPACES = (" ", "\n", "\t", "\r")
_LINES = re.compile(r"[A-Za-z0-9+/_-]{10}\n[A-Za-z0-9+/_-]{4}")
_MORSE = re.compile(r"\.-|-\.")
_LETTER = re.compile(r"[^\W_][,;.:\-]?")
_LETTER_LAST = re.compile(r"(?<![^\W_])[^\W_][,;.:\-]?\Z")
_LETTER_FIRST = re.compile(r"[^\W_](?![^\W_])")
_DIGITS = re.compile(r"\d+")
_PAIRS = re.compile(r"(?<![0-9a-z])(?:0?x)?(?:[0-9a-f]{2}(?:0?x)?)+(?![0-9a-z])")
_NATO = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(SPELLING, key=len, reverse=True))})(?!\w)")
_NO_SIGNS = Signs("", 0, 0, 0, marked=False)
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
        is_ordinary: whether it hides nothing, is of known words without signs for letters, is not
            special, and has no signs but initials.
        signs: its signs as they are written; an ordinary one has none but `initials`.
        initials: the letters with which its words begin.
        shown: the part as it is read.
        together: whether letters that stand apart are read together there.
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
    signs: Signs
    initials: str
    shown: str
    together: bool


class PlainText(NamedTuple):
    """A text that is read as it stands: its parts with words, in order, and the telling words of
    what stands between its full stops and ends of lines. `signs` are those of the text; without
    any, letters stand apart in a part, and are read together, as a text is read that hides
    something."""

    parts: Sequence[Part]
    pieces: Sequence[Mapping[str, float]]
    signs: Signs | None


class PlainReader:
    """Reads texts that hide nothing. Safe to share between threads.

    >>> reader = PlainReader()
    >>> told = reader.read("It rained in Tarn. The bakery was closed.")
    >>> [list(piece) for piece in told.pieces]
    [['rained', 'tarn'], ['bakery', 'closed']]
    >>> reader.read("It r a i n e d in Tarn.") is None
    True
    """

    def __init__(self) -> None:
        self._parts = Kept[str, Part](_KEPT_AGAIN, _KEPT_ONCE, _size)

    def read(self, text: str) -> PlainText | None:
        """The text in parts; `None` where `read` would, or might, find something hidden in it."""
        if len(text) > _LONGEST or _has_odd_space(text):
            return None
        lines = [self._parts.all(line.split(), _part) for line in text.split("\n")]
        parts = [part for line in lines for part in line]
        unusual = [part for part in parts if not part.is_ordinary]
        if not parts or any(part.odd for part in unusual) or not _is_plain(text, parts, unusual):
            return None
        together = any(part.together for part in unusual)
        if together:
            shown = letters_together(text)  # in which other letters may stand together, too
            if shown.split() != [part.shown for part in parts]:
                return None
            if not _is_plain(shown, parts, unusual):
                return None
        signs = None if together else _signs(text, parts, unusual)
        return PlainText([p for p in parts if p.has_words], _pieces(lines), signs)


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
    odd = plain.text != written or _is_odd(plain)
    shown = written if odd else letters_together(written)
    together = shown != written
    if together:
        plain, odd = Mapped(shown), _is_odd(Mapped(shown)) or letters_together(shown) != shown
    view = view_of("plain", plain)
    readings = light_readings(plain)
    views = (view, *(view_of("leet", other) for other in readings))
    known, lettered = known_among(words_in_letters(shown))
    mixed, signed = mixed_words(shown)
    small = shown.lower()
    digits, nato = len(_DIGITS.findall(shown)), len(_NATO.findall(small))
    alone, pairs = len(written.strip(".,-_*")) == 1, bool(_PAIRS.search(small))
    edges = (
        bool(_LETTER.fullmatch(written)),
        bool(_LETTER_LAST.search(written)),
        bool(_LETTER_FIRST.match(written)),
    )
    signs = signs_of(written)._replace(spelling=spelt_in(written))
    is_special = alone or pairs or digits > 0 or nato > 0 or any(edges)
    is_ordinary = 0 < lettered == known and not (odd or mixed or is_special or together)
    is_ordinary = is_ordinary and not (signs.single or signs.spelling or signs.marked)
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
        is_ordinary,
        _NO_SIGNS if is_ordinary else signs,
        sys.intern(signs.initials),
        shown,
        together,
    )


def _is_odd(part: Mapped) -> bool:
    """Whether anything is hidden in a part by itself."""
    steps = (
        unescape, perhaps_unescaped, from_base64, from_codes, from_hex, perhaps_from_codes
    )  # fmt: skip
    return any(step(part) is not part for step in steps) or bool(_MORSE.search(part.text))


def _is_plain(text: str, parts: Sequence[Part], unusual: Sequence[Part]) -> bool:
    """Whether nothing is hidden in what several parts are together."""
    if "\n" in text and _LINES.search(text) and _changes(text, from_base64):
        return False
    mixed = sum([p.mixed for p in unusual])
    if not _reads_well(parts, unusual) and (mixed or is_turned(text)):
        return False  # words with signs for letters may read better with the letters
    if mixed and mixed > HEAVY * sum([p.signed for p in parts]):
        return False
    return not any(p.is_special for p in unusual) or not _is_special(text, parts)


def _reads_well(parts: Sequence[Part], unusual: Sequence[Part]) -> bool:
    """Whether so many of the words are known that nothing can read so much better: an ordinary part
    holds one or more, and all of it are."""
    unknown = sum([p.lettered - p.known for p in unusual])
    if unknown * 10 < 3 * (len(parts) - len(unusual)):
        return True
    known, lettered = sum([p.known for p in parts]), sum([p.lettered for p in parts])
    return known > _READS_WELL * lettered


def _is_special(text: str, parts: Sequence[Part]) -> bool:
    at = [i for i, part in enumerate(parts) if part.is_special]
    special = [parts[i] for i in at]
    if sum([p.alone for p in special]) > 0.5 * len(parts):
        return True
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
            return True
    if max(most, sum([p.nato for p in special])) >= _FEWEST_GROUPS and (
        _changes(text, from_codes) or _changes(text, perhaps_from_codes)
    ):
        return True
    return in_row and _changes(text, from_hex)


def _changes(text: str, step: object) -> bool:
    plain = Mapped(text)
    return step(plain) is not plain  # type: ignore[operator]
