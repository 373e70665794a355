"""What stands between two spaces, with all that reading it by itself shows."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from amnestic.tools.reading.codes import SPELLING, from_codes, perhaps_from_codes
from amnestic.tools.reading.decode import (
    View,
    gain_of_turning,
    letters_together,
    view_of,
    words_in_letters,
)
from amnestic.tools.reading.encodings import from_base64, from_hex, perhaps_unescaped, unescape
from amnestic.tools.reading.leet import light_readings, mixed_words
from amnestic.tools.reading.letters import Signs, signs_of, spelt_in
from amnestic.tools.reading.normalise import Mapped, clean
from amnestic.tools.reading.sentences import End, end_of, first_of
from amnestic.tools.reading.telling import is_telling, stem, words_of
from amnestic.tools.reading.words import known_among, rank, rarity

__all__ = ["Part", "part_of", "read_part"]

_WORD = re.compile(r"\(?([A-Za-z]{2,})[.,:!?)]*")  # with signs around that mark nothing
_CODED = 10  # letters from which some may be base64
_HEX_LETTERS = frozenset("abcdefx")
_NO_EDGES = (False, False, False)

_MORSE = re.compile(r"\.-|-\.")
_LETTER = re.compile(r"[^\W_][,;.:\-]?")
_LETTER_LAST = re.compile(r"(?<![^\W_])[^\W_][,;.:\-]?\Z")
_LETTER_FIRST = re.compile(r"[^\W_](?![^\W_])")
_DIGITS = re.compile(r"\d+")
_PAIRS = re.compile(r"(?<![0-9a-z])(?:0?x)?(?:[0-9a-f]{2}(?:0?x)?)+(?![0-9a-z])")
_NATO = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(SPELLING, key=len, reverse=True))})(?!\w)")
_NO_SIGNS = Signs("", 0, 0, 0, marked=False)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What stands between two spaces.

    Attributes:
        views: its words, and those that it may stand for in leetspeak.
        has_words: whether it has any.
        told: its telling words, each with its rarity, as `words_of` gives them.
        size: its letters, and the space behind it.
        odd: whether anything is hidden in it.
        end: whether a sentence may end with it.
        first: the letter with which it begins, by which the end of the sentence before is told.
        known: how many of its words of letters are known, of `lettered`.
        gain: how much nearer it brings a text to being turned (`gain_of_turning`).
        is_lure: whether a sentence can be read otherwise than its text for a part like this.
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
    told: tuple[tuple[str, float], ...]
    size: int
    odd: bool
    end: End
    first: str
    known: int
    lettered: int
    gain: int
    is_lure: bool
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


def part_of(written: str) -> Part:
    """The part that stands written between two spaces."""
    word = _WORD.fullmatch(written)
    if word is not None and _is_no_code(word[1]):
        return _of_word(written, word[1])
    return read_part(written)


def _is_no_code(word: str) -> bool:
    """Whether a word of plain letters can be nothing else: not of base64 nor of hex, and none of
    the spelling alphabet."""
    if len(word) >= _CODED and not word.islower():
        return False
    small = word.lower()
    return small not in SPELLING and not _HEX_LETTERS.issuperset(small)


def _of_word(written: str, word: str) -> Part:
    """What `read_part` gives for a word of plain letters between a bracket and full stops."""
    small, gain = word.lower(), gain_of_turning(word)
    known = int(rank(small) is not None)
    return Part(
        (view_of("plain", Mapped(written)),),
        has_words=True,
        told=((sys.intern(stem(small)), rarity(small)),) if is_telling(small) else (),
        size=len(written) + 1,
        odd=False,
        end=end_of(written),
        first=sys.intern(first_of(written)),
        known=known,
        lettered=1,
        gain=gain,
        is_lure=gain >= 0,
        mixed=0,
        signed=1,
        digits=0,
        alone=False,
        edges=_NO_EDGES,
        pairs=False,
        nato=0,
        is_special=False,
        is_ordinary=bool(known),
        signs=_NO_SIGNS if known else _NO_SIGNS._replace(initials=word[0]),
        initials=sys.intern(word[0]),
        shown=written,
        together=False,
    )


def read_part(written: str) -> Part:
    """The same of any part, by all that reading it shows."""
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
    end, gain = end_of(shown), gain_of_turning(shown)
    is_lure = end is End.AMID or alone or mixed > 0 or 0 < lettered <= lettered + gain
    return Part(
        views,
        bool(view.words.words),
        tuple(words_of(view.words.tokens, view.folded.text).weights.items()),
        len(shown) + 1,
        odd,
        end,
        sys.intern(first_of(shown)),
        known,
        lettered,
        gain,
        is_lure,
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
