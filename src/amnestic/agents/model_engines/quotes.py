"""Where a quote stands in a text, though models seldom copy one letter for letter.

They straighten quotation marks and dashes, leave markup out, join lines, and put dots for what they
skip. Letters and digits in their order is what they keep, and what is compared here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from amnestic.prompts.blocks import neutralise
from amnestic.types import Span

__all__ = ["locate"]

_SKIPPED = re.compile(r"\s*(?:…|\.{3,}|\[(?:…|\.{3,})\])\s*")
_UNSEEN = re.compile(r"\]\([^()\s]*\)|</?[a-zA-Z][^<>]{0,200}>|&(?:#\d+|#x[\da-fA-F]+|[a-z]+);")


def locate(quote: str, text: str) -> tuple[Span, ...]:
    """Where a quote stands in a text; a span for each piece of one with dots in it, and nothing
    where a piece does not stand there.

    >>> locate("wrote it", "She wrote it.")
    (Span(start=4, end=12),)
    >>> locate('the "Salt Clock" ... 1931', "the **“Salt\\nClock”** was heard in 1931.")
    (Span(start=0, end=17), Span(start=34, end=38))
    """
    wanted, shown = neutralise(quote.strip()), neutralise(text)
    at = shown.find(wanted) if wanted else -1
    if at >= 0:
        return (Span(at, at + len(wanted)),)
    inside, after, spans = _folded(shown), 0, []
    for piece in filter(None, (_folded(p).letters for p in _SKIPPED.split(wanted))):
        start = _place(piece, inside, after)
        if start < 0:
            return ()
        after = start + len(piece)
        spans.append(Span(inside.places[start], inside.places[after - 1] + 1))
    return tuple(spans)


@dataclass(frozen=True, slots=True)
class _Folded:
    """The letters and digits of a text, and where each of them stands."""

    letters: str
    places: Sequence[int]


def _folded(text: str) -> _Folded:
    hidden = {i for match in _UNSEEN.finditer(text) for i in range(*match.span())}
    letters: list[str] = []
    places: list[int] = []
    for i, char in enumerate(text):
        if i in hidden:
            continue
        for plain in unicodedata.normalize("NFKD", char).casefold():
            if plain.isalnum():
                letters.append(plain)
                places.append(i)
    return _Folded("".join(letters), places)


def _place(piece: str, inside: _Folded, after: int) -> int:
    """Where a piece stands: better where it begins and ends with words than within one."""
    first = at = inside.letters.find(piece, after)
    while at >= 0:
        if _is_edge(inside, at) and _is_edge(inside, at + len(piece)):
            return at
        at = inside.letters.find(piece, at + 1)
    return first


def _is_edge(inside: _Folded, at: int) -> bool:
    """Whether something other than a letter stands before a place."""
    if at in (0, len(inside.letters)):
        return True
    return inside.places[at] > inside.places[at - 1] + 1
