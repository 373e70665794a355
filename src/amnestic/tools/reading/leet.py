"""Reading digits and signs as the letters that they stand for in leetspeak."""

from __future__ import annotations

import re
from collections.abc import Iterable

from amnestic.tools.reading.confusables import LEET
from amnestic.tools.reading.normalise import Mapped
from amnestic.tools.reading.words import rank

__all__ = ["HEAVY", "leet_readings", "light_readings", "mixed_words"]

_SAMPLE = 4_000
HEAVY = 0.3
"""The share of words with signs in them over which a text is leetspeak throughout."""

_WORD = re.compile(r"[\w@$!|+€£]+")
_TWO_LETTERS = re.compile("[1!]")  # each is read as `i` and as `l`
_LETTER = re.compile(r"[^\W\d_]")
_SIGN = re.compile("[" + re.escape("".join(LEET)) + "]")
_SIGNED = re.compile(r"(?<![\w@$!|+€£])[^\W0-9]*+[0-9@$!|+€£][\w@$!|+€£]*")
_ORDINARY = re.compile(r"\d+(?:st|nd|rd|th|s|k|m|d|am|pm|px|kg|km|cm|mm|gb|mb|x|h)?", re.I)
_AS_I = str.maketrans(LEET)
_AS_L = str.maketrans({**LEET, "1": "l", "!": "l"})


def leet_readings(plain: Mapped) -> list[Mapped]:
    """The text with its leetspeak undone, `1` and `!` read as `i`, and as `l` where that differs;
    nothing where there is none.

    >>> [m.text for m in leet_readings(Mapped("M1r3la, 3rd in 1994"))]
    ['Mirela, 3rd in 1994', 'Mlrela, 3rd in 1994']
    """
    text = plain.text
    if all(word.isdigit() for word in _SIGNED.findall(text)):
        return []
    mixed, lettered = mixed_words(text[:_SAMPLE])
    return _readings(plain, heavy=mixed > HEAVY * lettered)


def light_readings(plain: Mapped) -> list[Mapped]:
    """The same for some of a text that is no leetspeak throughout."""
    return _readings(plain, heavy=False)


def _readings(plain: Mapped, *, heavy: bool) -> list[Mapped]:
    text = plain.text
    signed = [(m.start(), m.end(), m.group()) for m in _SIGNED.finditer(text)]
    words = signed if heavy else [piece for piece in signed if not piece[2].isdigit()]
    found: list[Mapped] = []
    for table in (_AS_I, _AS_L):
        pieces = _unmasked_pieces(words, table, heavy)
        if pieces and (
            not found or any("1" in text[s:e] or "!" in text[s:e] for s, e, _ in pieces)
        ):
            found.append(plain.replaced(pieces))
        if not _TWO_LETTERS.search(text):
            break
    return found


def _unmasked_pieces(
    words: Iterable[tuple[int, int, str]], table: dict[int, str], heavy: bool
) -> list[tuple[int, int, str]]:
    known: dict[str, str] = {}  # texts repeat their words
    pieces = []
    for start, end, word in words:
        new = known.get(word)
        if new is None:
            new = known[word] = _unmasked(word, table, heavy)
        if new != word:
            pieces.append((start, end, new))
    return pieces


def _unmasked(word: str, table: dict[int, str], heavy: bool) -> str:
    core = word.rstrip("!+|") if not heavy else word.rstrip("!")
    tail = word[len(core) :]
    if _ORDINARY.fullmatch(core):
        new = core.translate(table)
        return new + tail if heavy and (len(core) <= 3 and rank(new.lower()) is not None) else word
    if not _LETTER.search(core):
        return word
    return core.translate(table) + tail


def mixed_words(text: str) -> tuple[int, int]:
    """How many words hold signs in the place of letters, of how many that hold letters.

    >>> mixed_words("M1rela came 3rd")
    (1, 3)
    """
    words = [w for w in _WORD.findall(text) if _LETTER.search(w)]
    mixed = [w for w in words if _SIGN.search(w.rstrip("!")) and not _ORDINARY.fullmatch(w)]
    return len(mixed), len(words)
