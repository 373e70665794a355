"""Escapes and encodings inside a text, decoded where what comes out is text.

Each function gives the text itself back when it finds nothing, and takes a single pass.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable
from functools import partial

from amnestic.tools.reading.normalise import Mapped

__all__ = [
    "BREAKS",
    "from_base64",
    "from_hex",
    "perhaps_encoded",
    "perhaps_unescaped",
    "substituted",
    "unescape",
]

_NESTED = 24
_LEAST_PRINTED = 5  # bytes of a value that is looked for though nothing shows that it is text

_ESCAPES = re.compile(
    r"(?:%[0-9A-Fa-f]{2})+|&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});"
    r"|(?:\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\U[0-9A-Fa-f]{8}|\\u\{[0-9A-Fa-f]{1,6}\})+"
)
BREAKS = re.compile(r"(?:(?<!\\)\\++[nrt])+(?![a-z])")
"""Ends of lines and tabs as they stand in raw JSON, in code and in logs. Before a small letter they
may as well begin a word: a folder, or a command of LaTeX."""
_PERHAPS_BREAKS = re.compile(
    r"(?:(?<=[\s!?…;,\"'»”)\]}>])|(?<=\w[.:])(?<!^\w:)(?<!\W\w:)|(?<![\s\S]))(?:\\++[nrt])+(?=[a-z])"
)
"""They do behind a sentence, white space or a quotation mark; behind a drive (`C:`) or in a folder,
they do not."""
_BREAK = re.compile(r"\\+([nrt])")
_BACKSLASH = re.compile(r"\\[uU]\{?([0-9A-Fa-f]{1,8})\}?|\\x([0-9A-Fa-f]{2})")
_SHORTEST = 10  # letters of a line that may be a code by itself
_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{10,}(?:\n[A-Za-z0-9+/_-]{4,})*={0,2}")
_HEX = re.compile(
    r"(?<![0-9A-Za-z])(?:0[xX])?[0-9A-Fa-f]{2}"
    r"(?:(?:, (?=0[xX])|[ ,:\-])?(?:0[xX]|\\x)?[0-9A-Fa-f]{2}){3,}(?![0-9A-Za-z])"
)
_NOT_HEX = re.compile(r"0[xX]|\\x|[^0-9A-Fa-f]")


def unescape(plain: Mapped) -> Mapped:
    """Undo percent, HTML and backslash escapes.

    >>> unescape(Mapped("%48i &amp; \\u0041")).text
    'Hi & A'
    """
    if not any(mark in plain.text for mark in "%&\\"):
        return plain
    return substituted(substituted(plain, _ESCAPES, _unescaped), BREAKS, _broken)


def perhaps_unescaped(plain: Mapped) -> Mapped:
    """Undo also what may be an end of a line, or the beginning of a word.

    >>> perhaps_unescaped(Mapped(r"It rained.\\nosk came.")).text
    'It rained.\\nosk came.'
    """
    return substituted(plain, _PERHAPS_BREAKS, _broken) if "\\" in plain.text else plain


def _broken(run: str) -> str:
    return "".join("\t" if m[1] == "t" else "\n" for m in _BREAK.finditer(run))


def _unescaped(run: str) -> str:
    if run[0] == "%":
        return bytes.fromhex(run.replace("%", "")).decode("utf-8", "replace")
    if run[0] == "&":
        return html.unescape(run)
    return _BACKSLASH.sub(lambda m: _chr(int(m.group(1) or m.group(2), 16)), run)


def _chr(code: int) -> str:
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def from_base64(plain: Mapped) -> Mapped:
    """Decode runs of base64 that hold text.

    >>> from_base64(Mapped("say SGVsbG8gd29ybGQ= now")).text
    'say Hello world now'
    """
    return substituted(plain, _BASE64, partial(_by_lines, _unbase64))


def _by_lines(decode: Callable[[str], str], run: str) -> str:
    """A run decoded, or where that makes no text, the lines of it that do: a line of a word may
    stand before or behind a code. Lines of one length, with a shorter one at their end, are one.

    >>> _by_lines(_unbase64, "QWRhIFZlbm4gd3JvdGUgaXQu\\nRegards")
    'Ada Venn wrote it.\\nRegards'
    """
    whole = decode(run)
    if whole != run or "\n" not in run:
        return whole
    lines, at, out = run.split("\n"), 0, list[str]()
    while at < len(lines):
        end = at + 1
        while end < len(lines) and len(lines[end]) == len(lines[at]):
            end += 1
        shorter = end + (end < len(lines) and len(lines[end]) < len(lines[at]))
        for last in dict.fromkeys((shorter, end)):
            block = "\n".join(lines[at:last])
            if (told := decode(block)) != block:
                out.append(told)
                break
        else:
            last = end
            out += [decode(line) if len(line) >= _SHORTEST else line for line in lines[at:end]]
        at = last
    return "\n".join(out)


def _unbase64(run: str) -> str:
    raw = _base64_bytes(run)
    return run if raw is None else _as_text(raw, run)


def _base64_bytes(run: str) -> bytes | None:
    body = run.replace("\n", "").rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1 or body.islower() or body.isdigit():
        return None
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4))
    except (binascii.Error, ValueError):
        return None


def from_hex(plain: Mapped) -> Mapped:
    """Decode runs of hex pairs that hold text.

    >>> from_hex(Mapped("48 65 6c 6c 6f")).text
    'Hello'
    """
    return substituted(plain, _HEX, _unhex)


def _unhex(run: str) -> str:
    raw = _hex_bytes(run)
    return run if raw is None else _as_text(raw, run)


def _hex_bytes(run: str) -> bytes | None:
    digits = _NOT_HEX.sub("", run)
    return None if len(digits) % 2 else bytes.fromhex(digits)


def perhaps_encoded(plain: Mapped) -> Mapped:
    """Decode also what may be a code by itself, if what comes out can be printed: enough to look
    for what is known, too little to read the text by it.

    >>> perhaps_encoded(Mapped("so: NDgyMTMtSw== or 34383231332d4b")).text
    'so: 48213-K or 48213-K'
    """
    decoded = substituted(plain, _HEX, lambda run: _printed(run, _hex_bytes(run)))
    return substituted(
        decoded, _BASE64, partial(_by_lines, lambda run: _printed(run, _base64_bytes(run)))
    )


def _printed(run: str, raw: bytes | None) -> str:
    if raw is None or len(raw) < _LEAST_PRINTED:
        return run
    text = raw.decode("ascii", "replace")
    return text if text.isascii() and text.replace("\n", " ").isprintable() else run


def _as_text(raw: bytes, otherwise: str) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return otherwise
    letters = sum(c.isalpha() or c == " " for c in text)
    if len(text) >= _NESTED and text.isascii() and text.rstrip("=").isalnum():
        letters = len(text)
    good = text.replace("\n", " ").replace("\t", " ").isprintable() and letters >= 0.7 * len(text)
    return text if good else otherwise


def substituted(plain: Mapped, pattern: re.Pattern[str], decode: Callable[[str], str]) -> Mapped:
    """A text with what `pattern` finds decoded, where decoding changes it."""
    pieces = [
        (m.start(), m.end(), new)
        for m in pattern.finditer(plain.text)
        if (new := decode(m.group())) != m.group()
    ]
    return plain.replaced(pieces)
