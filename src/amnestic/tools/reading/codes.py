"""Letters written as something else: Morse, character codes, the spelling alphabet, base32.

Each step decodes only runs that cannot well be anything else: of some length, and with letters
for outcome that look like words. Each takes a single pass and gives the text itself back when it
finds nothing.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from amnestic.tools.reading.confusables import uncased
from amnestic.tools.reading.encodings import substituted
from amnestic.tools.reading.normalise import Mapped
from amnestic.tools.reading.words import known_share

__all__ = ["SPELLING", "VOWELS", "from_codes", "looks_written", "perhaps_from_codes"]

_SHORTEST = 5
_READABLE = 0.5
_AT_LENGTH = 8
_ODD_DIGITS, _ODD_SIGNS = 0.25, 0.05
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

SPELLING = {
    word: word[0].upper()
    for word in (
        "alfa alpha bravo charlie delta echo foxtrot golf hotel india juliett juliet kilo lima mike"
        " november oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray x-ray"
        " yankee zulu"
    ).split()
}
"""The words of the spelling alphabet, and the letters that they stand for."""

VOWELS = ("alfa", "alpha", "echo", "india", "oscar", "uniform", "yankee")
"""Those of them of which a word has one."""

_SPELLING_WORD = r"(?:" + "|".join(sorted(SPELLING, key=len, reverse=True)) + r")(?!\w)"
_SPELLING_RUN = re.compile(
    rf"(?<!\w){_SPELLING_WORD}"
    rf"(?:(?:[ \t]{{0,3}}[,;./|\n·\-–][ \t]{{0,3}}|[ \t]{{1,3}}){_SPELLING_WORD}){{3,}}+",
    re.IGNORECASE,
)
_SPELLING_PART = re.compile(_SPELLING_WORD, re.IGNORECASE)

_NUMBERS = re.compile(r"\d(?<![\w.]\d)\d{0,2}(?!\w)(?:(?:, ?| ?/ ?|[ ;\n-])\d{1,3}(?!\w)){5,}+")
_ALPHABET = re.compile(r"\d{1,2}(?:-\d{1,2})+(?:[ /]{1,3}\d{1,2}(?:-\d{1,2})+)*")
_NUMBER = re.compile(r"\d+")
_BITS = re.compile(r"[01](?<!\w[01])[01]{6,7}+(?:[ ,\n]{0,2}[01]{7,8}+){3,}+")
_BASE32 = re.compile(r"(?<![A-Za-z0-9=])[A-Z2-7]{13,}={0,6}(?![A-Za-z0-9=])")

_TWO_DIGITS = re.compile(r"\d\D{0,2}\d")
_WORD = re.compile(r"[^\W\d_]+")
_NOT_WRITTEN = re.compile(r"[^\w\s.,;:!?'’\"()-]|_")
_CONSONANTS = re.compile(r"[^aeiouyäöüáéíóúåøæ]{6,}")


def from_codes(plain: Mapped) -> Mapped:
    """Decode what is written in another code and cannot well be anything else.

    >>> from_codes(Mapped("so: 104 101 108 108 111 32 116 104 101 114 101!")).text
    'so: hello there!'
    >>> from_codes(Mapped("... --- ... .-.. .- .-. -.-")).text
    'SOSLARK'
    """
    text = plain.text
    if ".-" in text or "-." in text:
        plain = substituted(plain, _MORSE_RUN, _unmorse)
    if _TWO_DIGITS.search(text):
        plain = substituted(plain, _BITS, _unbits)
    if _BASE32.search(text):
        plain = substituted(plain, _BASE32, _unbase32)
    return _of_numbers_and_words(plain, _reads_well, _spells_at_length)


def perhaps_from_codes(plain: Mapped) -> Mapped:
    """Decode also what may be plain numbers or words, if the letters look like words: enough to
    look for a name, too little to read the text by it.

    >>> perhaps_from_codes(Mapped("so: 84 97 118 114 105 110!")).text
    'so: Tavrin!'
    """
    return _of_numbers_and_words(plain, looks_written, looks_written)


def _of_numbers_and_words(
    plain: Mapped, of_numbers: Callable[[str], bool], of_words: Callable[[str], bool]
) -> Mapped:
    if _TWO_DIGITS.search(plain.text):
        plain = substituted(plain, _NUMBERS, partial(_accepted, _unnumbered, of_numbers))
    small = plain.text.lower()
    if any(word in small for word in VOWELS):
        plain = substituted(plain, _SPELLING_RUN, partial(_accepted, _unspelt, of_words))
    return plain


def _accepted(
    decode: Callable[[str], Iterable[str]], accepts: Callable[[str], bool], run: str
) -> str:
    return next((text for text in decode(run) if accepts(text)), run)


def _spells_at_length(text: str) -> bool:
    return len(text) >= _AT_LENGTH and looks_written(text)


def _reads_well(text: str) -> bool:
    return looks_written(text) and known_share(_WORD.findall(text.lower())) >= _READABLE


def looks_written(text: str) -> bool:
    """Whether letters look like words that somebody wrote: vowels in every longer word, capitals
    only where they belong, and little else than letters.

    >>> looks_written("Tavrin Oskelly"), looks_written("NRxWZq"), looks_written("abcdef")
    (True, False, False)
    """
    words = _WORD.findall(text)
    letters, digits = sum(map(len, words)), sum(c.isdigit() for c in text)
    if letters < _SHORTEST or digits > _ODD_DIGITS * letters:
        return False
    if len(_NOT_WRITTEN.findall(text)) > _ODD_SIGNS * len(text):
        return False
    return all(_is_wordlike(word) for word in words)


def _is_wordlike(word: str) -> bool:
    small = word.lower()
    inner = sum(c.isupper() for c in word[1:])
    if (len(word) > 3 and small in _IN_ORDER) or (
        inner and word != word.upper() and (inner > 1 or len(word) < 5)
    ):
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


def _unspelt(run: str) -> Iterator[str]:
    """Initials of the spelling alphabet; a line break, a slash or a full stop ends a word."""
    out, at = [], 0
    for match in _SPELLING_PART.finditer(run):
        if at and any(mark in run[at : match.start()] for mark in "\n/|."):
            out.append(" ")
        out.append(SPELLING[uncased(match.group())])
        at = match.end()
    yield "".join(out)


def _unbits(run: str) -> str:
    bits = re.sub(r"[^01]", "", run)
    for width in (8, 7):
        if len(bits) % width == 0:
            codes = bytes(int(bits[i : i + width], 2) for i in range(0, len(bits), width))
            text = _readable(codes)
            if text is not None:
                return text
    return run


def _unnumbered(run: str) -> Iterator[str]:
    """What numbers may stand for: places in the alphabet, or codes of characters, also in octal."""
    digits = _NUMBER.findall(run)
    codes = [int(n) for n in digits]
    if max(codes) <= 26 and min(codes) > 0 and _ALPHABET.fullmatch(run):
        words = re.split(r"[ /]{1,3}", run)
        yield " ".join("".join(chr(64 + int(n)) for n in word.split("-")) for word in words)
    octal = not any("8" in n or "9" in n for n in digits)
    for values in (codes, [int(n, 8) for n in digits] if octal else []):
        readable = _readable(bytes(values)) if values and max(values) < 256 else None
        if readable:
            yield readable


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
