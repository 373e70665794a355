"""Characters that look like others, and the marks that cannot be seen.

The look-alikes are the letters in Unicode's confusables (UTS 39) that look like a Latin one, which
`benchmarks/build_lookalikes.py` writes to `data/lookalikes.txt`, and some that the table lacks.
Compatibility forms (full width, mathematical letters, circled letters) are left to NFKC.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from importlib import resources

__all__ = ["LEET", "LOOKALIKES", "fold_char", "is_invisible", "uncased"]

# What reads as a Latin letter only in running text, and the small capitals, which are capitals.
_FURTHER = """
a ạ
b ьɓ
d ɗ
e єɛ
k κкⲕ
l ӏ
m м
n пη
o ०
t тτ
w ωш
x χ
A ᴀ
B ʙ
C ᴄ
D ᴅ
E ᴇ
F ғ
G ɢ
H ʜ
I ɪ
J ᴊ
K ᴋ
L ʟ
M ᴍ
N ɴ
O ᴏ
P ᴘ
R ʀ
T ᴛ
V ᴠ
W ᴡ
Y ʏ
"""


def _lookalikes() -> Iterator[tuple[str, str]]:
    file = resources.files("amnestic.tools.reading").joinpath("data", "lookalikes.txt")
    for line in (*file.read_text("utf-8").splitlines(), *_FURTHER.split("\n")):
        if line and not line.startswith("#"):
            letter, marks = line.split()
            yield from ((mark, letter) for mark in marks)


LOOKALIKES: dict[str, str] = dict(_lookalikes())
"""Look-alike character to the Latin letter that it is read as."""

LEET: dict[str, str] = {
    "0": "o",
    "1": "i",
    "2": "z",
    "3": "e",
    "4": "a",
    "5": "s",
    "6": "g",
    "7": "t",
    "8": "b",
    "9": "g",
    "@": "a",
    "$": "s",
    "!": "i",
    "|": "l",
    "+": "t",
    "€": "e",
    "£": "l",
}
"""Digits and signs to the letter that they stand for in leetspeak; `1` also stands for `l`."""

_SPECIAL = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
_KEEP_CONTROL = "\t\n\r"


def is_invisible(char: str) -> bool:
    """Whether a character takes no room: zero-width, bidi, tag, variation and control marks.

    >>> is_invisible("\\u200b"), is_invisible("a"), is_invisible("\\n")
    (True, False, False)
    """
    if char in _KEEP_CONTROL:
        return False
    category = unicodedata.category(char)
    return category in ("Cf", "Cc", "Co") or char in "\u115f\u1160\u3164\uffa0\u034f\u2800"


def fold_char(char: str) -> str:
    """One character as it takes part in matching: small, without diacritics, compatible.

    >>> fold_char("É"), fold_char("ﬁ"), fold_char("\\u200d")
    ('e', 'fi', '')
    """
    if is_invisible(char):
        return ""
    out = []
    for part in unicodedata.normalize("NFKD", char).casefold():
        if unicodedata.category(part) not in ("Mn", "Me"):
            out.append(_SPECIAL.get(part, part))
    return "".join(out)


_ALSO = str.maketrans({"İ": "i", "ı": "i", "ſ": "s"})


def uncased(word: str) -> str:
    """A word in small letters, where a pattern that does not regard case has found it: such a one
    takes the long s of old prints for an s, and either i of Turkish for an i.

    >>> uncased("POUNDſ"), uncased("İndıa"), uncased("DÓLARES")
    ('pounds', 'india', 'dólares')
    """
    return word.translate(_ALSO).lower()
