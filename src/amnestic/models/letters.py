"""What of a text is compared where a string must not stand in it: its letters, folded."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from enum import Enum
from functools import lru_cache

__all__ = ["Kind", "blocks", "fold", "kind_of"]


class Kind(Enum):
    """What a character is to a comparison."""

    LETTER = "letter"  # of a script that parts its words, or a digit
    SIGN = "sign"  # of a script that does not, or that joins small words to names; a picture
    GAP = "gap"  # a blank or a mark, between words
    NOTHING = "nothing"  # not seen by a reader


# Whole blocks of Unicode, and not the properties of single characters: a grammar has to spell
# them out in every rule. Hebrew and Arabic write "and" and "to" onto a name, and are no letters
# here, so that a name is found behind them.
_FIRSTS: list[tuple[int, Kind]] = [
    (0x0000, Kind.GAP),
    (0x0030, Kind.LETTER),  # digits
    (0x003A, Kind.GAP),
    (0x0041, Kind.LETTER),
    (0x005B, Kind.GAP),
    (0x0061, Kind.LETTER),
    (0x007B, Kind.GAP),
    (0x00AD, Kind.NOTHING),  # soft hyphen
    (0x00AE, Kind.GAP),
    (0x00C0, Kind.LETTER),
    (0x00D7, Kind.GAP),
    (0x00D8, Kind.LETTER),
    (0x00F7, Kind.GAP),
    (0x00F8, Kind.LETTER),  # Latin, its accents, Greek, Cyrillic, Armenian
    (0x034F, Kind.NOTHING),  # grapheme joiner
    (0x0350, Kind.LETTER),
    (0x0589, Kind.SIGN),
    (0x061C, Kind.NOTHING),  # Arabic letter mark
    (0x061D, Kind.SIGN),
    (0x10A0, Kind.LETTER),  # Georgian
    (0x1100, Kind.SIGN),
    (0x1C80, Kind.LETTER),
    (0x1CC0, Kind.SIGN),
    (0x1D00, Kind.LETTER),  # more Latin, Greek and accents
    (0x2000, Kind.GAP),
    (0x200B, Kind.NOTHING),  # zero width
    (0x2010, Kind.GAP),
    (0x202A, Kind.NOTHING),  # directions
    (0x202F, Kind.GAP),
    (0x2060, Kind.NOTHING),  # word joiner and the like
    (0x2070, Kind.SIGN),
    (0x2C60, Kind.LETTER),
    (0x2D30, Kind.SIGN),
    (0x2E00, Kind.GAP),
    (0x2E80, Kind.SIGN),
    (0x3000, Kind.GAP),
    (0x3021, Kind.SIGN),
    (0x30FB, Kind.GAP),  # the dot between the names of foreigners
    (0x30FC, Kind.SIGN),
    (0xA640, Kind.LETTER),  # more Cyrillic and Latin
    (0xA6A0, Kind.SIGN),
    (0xA720, Kind.LETTER),
    (0xA800, Kind.SIGN),
    (0xAB30, Kind.LETTER),
    (0xAB70, Kind.SIGN),
    (0xFE00, Kind.NOTHING),  # forms of the character before
    (0xFE10, Kind.SIGN),
    (0xFEFF, Kind.NOTHING),
    (0xFF00, Kind.SIGN),
]
_STARTS = [first for first, _ in _FIRSTS]


@lru_cache(maxsize=1 << 14)
def kind_of(char: str) -> Kind:
    """What a character is to a comparison.

    >>> kind_of("é").value, kind_of("村").value, kind_of("_").value
    ('letter', 'sign', 'gap')
    """
    return _FIRSTS[bisect_right(_STARTS, ord(char)) - 1][1]


def blocks(kind: Kind) -> list[tuple[int, int]]:
    """The ranges of characters of a kind, as first and last code point."""
    ends = [*_STARTS[1:], 0x110000]
    return [
        (first, end - 1) for (first, its), end in zip(_FIRSTS, ends, strict=True) if its is kind
    ]


@lru_cache(maxsize=1 << 14)
def _fold_char(char: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join(c for c in folded if kind_of(c) is not Kind.NOTHING)


def fold(text: str) -> str:
    """A text without case and without what no reader sees; accents stand behind their letters.

    Each character is folded alone, so that the parts of a text may be folded one by one.

    >>> fold("STRA\N{SOFT HYPHEN}SSE") == fold("Straße")
    True
    >>> fold("é") == fold("e") + "\N{COMBINING ACUTE ACCENT}"
    True
    """
    return "".join(map(_fold_char, text))
