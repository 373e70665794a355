"""Reading digits and signs as the letters that they stand for in leetspeak."""

from __future__ import annotations

import re
from collections.abc import Iterable

from amnestic.tools.reading.confusables import LEET
from amnestic.tools.reading.normalise import Mapped
from amnestic.tools.reading.words import rank

__all__ = ["leet_readings"]

_SAMPLE = 4_000
_HEAVY = 0.3
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
    signed = [(m.start(), m.end(), m.group()) for m in _SIGNED.finditer(text)]
    if all(word.isdigit() for _, _, word in signed):
        return []
    heavy = _share(text[:_SAMPLE]) > _HEAVY
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


def _share(text: str) -> float:
    """How many of the words that hold letters also hold signs in the place of letters."""
    words = [w for w in _WORD.findall(text) if _LETTER.search(w)]
    mixed = [w for w in words if _SIGN.search(w.rstrip("!")) and not _ORDINARY.fullmatch(w)]
    return len(mixed) / len(words) if words else 0.0
