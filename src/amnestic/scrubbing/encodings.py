"""Bytes as text and back: which encoding a piece of a file is in, without changing a byte."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from amnestic.exceptions import CorpusError

__all__ = ["Coding", "checked_encoding", "decoded", "wide_coding"]

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


_SHIFTING = re.compile(r"utf.?7|iso2022|hz|punycode|raw")
"""Encodings in which bytes of ASCII may stand for other letters."""


class Coding(NamedTuple):
    """How a file is written: its encoding, and the mark that it begins with."""

    name: str
    mark: bytes


def wide_coding(head: bytes) -> Coding | None:
    """The encoding of more than a byte a letter that a file's first bytes tell, if one.

    >>> wide_coding("\\ufeffhi".encode("utf-16-le")).name
    'utf-16-le'
    """
    return next((Coding(name, bom) for bom, name in _BOMS if head.startswith(bom)), None)


def decoded(raw: bytes, told: str | None = None) -> tuple[str, str]:
    """A piece as text, and the encoding that gives its bytes again: UTF-8, else the one that was
    `told`, else Windows-1252, and for what is neither Latin-1, in which any bytes are text.

    >>> decoded("naïve".encode("cp1252"))
    ('naïve', 'cp1252')
    """
    for name in ("utf-8", told, "cp1252"):
        if name is None:
            continue
        try:
            text = raw.decode(name)
            if text.encode(name) == raw:
                return text, name
        except UnicodeError:
            continue
    return raw.decode("latin-1"), "latin-1"


def checked_encoding(name: str | None) -> str | None:
    """The encoding of that name. Raises `CorpusError` where there is none, or where bytes of ASCII
    are not themselves in it."""
    if name is None:
        return None
    try:
        found = codecs.lookup(name).name
        same = bytes(range(128)).decode(found) == bytes(range(128)).decode("ascii")
        if same and not _SHIFTING.match(found):
            return found
    except (LookupError, UnicodeError, TypeError):
        pass
    raise CorpusError(
        f"the encoding `{name}` is not one of text lines: give such as `latin-1`, `shift_jis` or "
        "`gb18030`; UTF-16 and UTF-32 are known by their mark"
    )
