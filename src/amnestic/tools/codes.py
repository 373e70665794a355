"""Letters written as something else: Morse, character codes, the spelling alphabet, base32.

Each step decodes only runs that cannot well be anything else: of some length, and with letters
for outcome that look like words. Each takes a single pass and gives the text itself back when it
finds nothing.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable

from amnestic.tools.normalise import Mapped

__all__ = ["from_codes", "looks_written"]

_SHORTEST = 5
_IN_ORDER = "abcdefghijklmnopqrstuvwxyz"

_MORSE = dict(
    zip(
        (
            ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- "
            "...- .-- -..- -.-- --.. ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----."
        ).split(),
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
        strict=True,
    )
)
_MORSE_GAP = re.compile(r" ?[/|] ?| {2,}|\n+")
_MORSE_RUN = re.compile(r"(?<![\w.\-])[.\-]{1,6}+(?:(?: ?[/|] ?| {1,7}|\n{1,2})[.\-]{1,6}+){4,}+")

_SPELLING = {
    word: word[0].upper()
    for word in (
        "alfa alpha bravo charlie delta echo foxtrot golf hotel india juliett juliet kilo lima mike"
        " november oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray x-ray"
        " yankee zulu"
    ).split()
}
_VOWELS = ("alfa", "alpha", "echo", "india", "oscar", "uniform", "yankee")
_SPELLING_WORD = r"(?:" + "|".join(sorted(_SPELLING, key=len, reverse=True)) + r")(?!\w)"
_SPELLING_RUN = re.compile(
    rf"(?<!\w){_SPELLING_WORD}"
    rf"(?:(?:[ \t]{{0,3}}[,;./|\n·\-–][ \t]{{0,3}}|[ \t]{{1,3}}){_SPELLING_WORD}){{3,}}+",
    re.IGNORECASE,
)
_SPELLING_PART = re.compile(_SPELLING_WORD, re.IGNORECASE)

_NUMBERS = re.compile(r"(?<![\w.])\d{1,3}(?!\w)(?:(?:, ?| ?/ ?|[ ;\n-])\d{1,3}(?!\w)){5,}+")
_ALPHABET = re.compile(r"\d{1,2}(?:-\d{1,2})+(?:[ /]{1,3}\d{1,2}(?:-\d{1,2})+)*")
_NUMBER = re.compile(r"\d+")
_BITS = re.compile(r"(?<!\w)[01]{7,8}+(?:[ ,\n]{0,2}[01]{7,8}+){3,}+")
_BASE32 = re.compile(r"(?<![A-Za-z0-9=])[A-Z2-7]{13,}={0,6}(?![A-Za-z0-9=])")

_TWO_DIGITS = re.compile(r"\d\D{0,2}\d")
_WORD = re.compile(r"[^\W\d_]+")
_CONSONANTS = re.compile(r"[^aeiouyäöüáéíóúåøæ]{6,}")


def from_codes(plain: Mapped) -> Mapped:
    """Decode what is written in another code.

    >>> from_codes(Mapped("so: 84 97 118 114 105 110!")).text
    'so: Tavrin!'
    >>> from_codes(Mapped("... --- ... .-.. .- .-. -.-")).text
    'SOSLARK'
    """
    text = plain.text
    if ".-" in text or "-." in text:
        plain = _substituted(plain, _MORSE_RUN, _unmorse)
    if _TWO_DIGITS.search(text):
        plain = _substituted(plain, _BITS, _unbits)
        plain = _substituted(plain, _NUMBERS, _unnumbered)
    if _BASE32.search(text):
        plain = _substituted(plain, _BASE32, _unbase32)
    small = text.lower()
    if any(word in small for word in _VOWELS):
        plain = _substituted(plain, _SPELLING_RUN, _unspelt)
    return plain


def looks_written(text: str) -> bool:
    """Whether letters look like words that somebody wrote: vowels in every longer word, capitals
    only where they belong, and little else than letters.

    >>> looks_written("Tavrin Oskelly"), looks_written("NRxWZq"), looks_written("abcdef")
    (True, False, False)
    """
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    marks = sum(not c.isspace() for c in text) - letters
    if letters < _SHORTEST or marks > 0.25 * letters:
        return False
    return all(_is_wordlike(word) for word in words)


def _is_wordlike(word: str) -> bool:
    small = word.lower()
    if word != word.upper() and sum(c.isupper() for c in word[1:]) > 1:
        return False
    if small in _IN_ORDER:
        return False
    if len(word) > 3 and not any(c in "aeiouy" or not c.isascii() for c in small):
        return False
    return not _CONSONANTS.search(small)


def _unmorse(run: str) -> str:
    words = [w.split() for w in _MORSE_GAP.split(run)]
    signs = [sign for word in words for sign in word]
    if not all(sign in _MORSE for sign in signs) or len({*signs}) < 3:
        return run
    return " ".join("".join(_MORSE[s] for s in word) for word in words if word)


def _unspelt(run: str) -> str:
    """Initials of the spelling alphabet; a line break, a slash or a full stop ends a word."""
    out, at = [], 0
    for match in _SPELLING_PART.finditer(run):
        if at and any(mark in run[at : match.start()] for mark in "\n/|."):
            out.append(" ")
        out.append(_SPELLING[match.group().lower()])
        at = match.end()
    text = "".join(out)
    return text if looks_written(text) else run


def _unbits(run: str) -> str:
    bits = re.sub(r"[^01]", "", run)
    for width in (8, 7):
        if len(bits) % width == 0:
            codes = bytes(int(bits[i : i + width], 2) for i in range(0, len(bits), width))
            text = _readable(codes)
            if text is not None:
                return text
    return run


def _unnumbered(run: str) -> str:
    numbers = [int(n) for n in _NUMBER.findall(run)]
    if max(numbers) <= 26 and min(numbers) > 0 and _ALPHABET.fullmatch(run):
        words = re.split(r"[ /]{1,3}", run)
        text = " ".join("".join(chr(64 + int(n)) for n in word.split("-")) for word in words)
        return text if looks_written(text) else run
    if max(numbers) > 255:
        return run
    codes = [numbers]
    if all("8" not in n and "9" not in n for n in _NUMBER.findall(run)):
        codes.append([int(n, 8) for n in _NUMBER.findall(run)])
    for values in codes:
        readable = _readable(bytes(values)) if max(values) < 256 else None
        if readable and looks_written(readable):
            return readable
    return run


def _unbase32(run: str) -> str:
    body = run.rstrip("=")
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError):
        return run
    readable = _readable(raw)
    return run if readable is None else readable


def _readable(raw: bytes) -> str | None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    letters = sum(c.isalpha() or c == " " for c in text)
    good = text.replace("\n", " ").isprintable() and letters >= 0.7 * len(text)
    return text if good else None


def _substituted(plain: Mapped, pattern: re.Pattern[str], decode: Callable[[str], str]) -> Mapped:
    pieces = [
        (m.start(), m.end(), new)
        for m in pattern.finditer(plain.text)
        if (new := decode(m.group())) != m.group()
    ]
    return plain.replaced(pieces)
