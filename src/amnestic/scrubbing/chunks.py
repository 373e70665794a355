"""Long texts in pieces that are judged one by one, cut at blank lines or ends of sentences."""

from __future__ import annotations

import re

__all__ = ["chunks_of"]

_MOST = 4_000
_LEAST = 1_000
_ENDS = (
    re.compile(r"\n[ \t\r]*\n\s*"),
    re.compile(r"\n"),
    re.compile(r"[.!?。！？]['\"”’)]*\s+"),
    re.compile(r"\s"),
)


def chunks_of(text: str, most: int = _MOST) -> list[str]:
    """A text as pieces of at most `most` characters, which joined are the text.

    >>> chunks_of("One. Two.")
    ['One. Two.']
    >>> [len(piece) for piece in chunks_of("word " * 1_000)]
    [4000, 1000]
    """
    if len(text) <= most:
        return [text]
    pieces, at = [], 0
    while len(text) - at > most:
        end = _end(text, at, most)
        pieces.append(text[at:end])
        at = end
    return [*pieces, text[at:]]


def _end(text: str, at: int, most: int) -> int:
    """Where the piece that begins at `at` ends: behind the last of the best ends in it."""
    least = at + min(_LEAST, most // 2)
    for pattern in _ENDS:
        ends = [m.end() for m in pattern.finditer(text, at, at + most) if m.end() >= least]
        if ends:
            return ends[-1]
    return at + most
