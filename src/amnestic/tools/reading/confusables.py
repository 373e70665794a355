"""Characters that look like others, and the marks that cannot be seen.

The table of look-alikes is a selection from Unicode's confusables (UTS 39) of what reads as a
Latin letter in running text. Compatibility forms (full width, mathematical letters, circled
letters) are left to NFKC.
"""

from __future__ import annotations

import unicodedata

__all__ = ["LEET", "LOOKALIKES", "fold_char", "is_invisible"]

_PAIRS = {
    "a": "аɑαạ",
    "b": "ЬьƄɓ",
    "c": "сϲⅽ",
    "d": "ԁɗⅾ",
    "e": "еҽєɛ",
    "g": "ɡց",
    "h": "һհ",
    "i": "іıɩιі",
    "j": "јϳ",
    "k": "κкⲕ",
    "l": "ӏⅼ",
    "m": "мⅿ",
    "n": "ոпη",
    "o": "оοσօ०",
    "p": "рρ",
    "q": "ԛզ",
    "r": "гᴦ",
    "s": "ѕꜱ",
    "t": "тτ",
    "u": "υսᴜ",
    "v": "νѵⅴ",
    "w": "ԝѡωш",
    "x": "хχⅹ",
    "y": "уγүყ",
    "z": "ᴢ",
    "A": "АΑᗅᴀ",
    "B": "ВΒʙ",
    "C": "СϹᏟᴄ",
    "D": "Ꭰᴅ",
    "E": "ЕΕᎬᴇ",
    "F": "Ϝꓝғ",
    "G": "Ԍɢ",
    "H": "НΗʜ",
    "I": "ІΙӀɪ",
    "J": "Јᴊ",
    "K": "КΚᴋ",
    "L": "Ꮮʟ",
    "M": "МΜᴍ",
    "N": "Νɴ",
    "O": "ОΟᴏ",
    "P": "РΡᴘ",
    "R": "ᏒƦʀ",
    "S": "ЅᏚ",
    "T": "ТΤᴛ",
    "U": "Սᑌ",
    "V": "ѴᏙᴠ",
    "W": "ԜᎳᴡ",
    "X": "ХΧ",
    "Y": "УΥҮʏ",
    "Z": "ΖᏃ",
}

LOOKALIKES: dict[str, str] = {mark: letter for letter, marks in _PAIRS.items() for mark in marks}
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
