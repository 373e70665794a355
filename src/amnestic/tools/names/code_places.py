"""Where codes stand in a text: put together from its pieces, and free on both sides."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from amnestic.tools.names.identifier_codes import Code, Piece
from amnestic.tools.names.labels import is_label
from amnestic.tools.reading import rank
from amnestic.types import IdentifierType, Span

__all__ = ["Place", "beginnings", "codes_at", "stands_free"]

_STEPS = (2, 4, 8, 16, 32, 64, 128, 256)
_STEP_OF = tuple((0, *_STEPS)[bisect(_STEPS, size)] for size in range(_STEPS[-1]))
_AHEAD = 3  # pieces without a digit that a code may begin with
_WIDEST = 16  # characters between two pieces of one code: a line break and what indents the next
_MOST_GAPS = 40  # in one code: what stands letter by letter is put together when it is read
_SHORTEST_LABEL, _LONGEST_LABEL = 2, 12
_ABROAD = re.compile(r"(?:\+|(?<!\d)00) ?\d{1,3}[ \t().\-/]{0,3}(?:\(?0\)?[ \t]?)?$")
_LEAD = re.compile(r"[+(]{1,2}$")
_LOOKED_BACK = 16
_GLUE = "-_.\u2010\u2011\u2012\u2013/"
_LEAST_WORD = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where the letters and digits of a code stand: in which pieces, and what parts them.

    `start` is behind a label that is glued to the first piece.
    """

    key: str
    start: int
    end: int
    gaps: list[tuple[int, str]]
    before: Piece | None
    after: Piece | None

    def written(self, text: str) -> str:
        """The code as it is written, from its first letter or digit to its last."""
        return text[self.start : self.end]

    def span(self, text: str, code: Code) -> Span:
        """The whole of it, with the marks that belong to it outside."""
        if code.identifier.type is IdentifierType.PHONE:
            ahead = text[max(0, self.start - _LOOKED_BACK) : self.start]
            lead = (code.abroad and _ABROAD.search(ahead)) or _LEAD.search(ahead)
            return Span(self.start - (len(lead.group()) if lead else 0), self.end)
        ahead, behind = code.marks
        begin = self.start - len(ahead) if text.endswith(ahead, 0, self.start) else self.start
        return Span(begin, self.end + len(behind) * text.startswith(behind, self.end))


def beginnings(key: str) -> Iterator[str]:
    """How a code begins, at the lengths at which it is seen whether one may be there.

    >>> list(beginnings("order2024001"))
    ['or', 'orde', 'order202']
    """
    return (key[:step] for step in _STEPS if step < len(key))


def codes_at(
    text: str,
    pieces: Sequence[Piece],
    codes: Container[str],
    begun: Container[str],
    *,
    everywhere: bool,
) -> Iterator[Place]:
    """Every place where the pieces put together are one of `codes`, of which all `beginnings` are
    in `begun`: those near a digit, or with `everywhere` all."""
    for at in range(len(pieces)) if everywhere else _near_digits(pieces):
        for skipped in _skips(text, pieces[at]):
            head = pieces[at].word[skipped:]
            if len(head) < _STEPS[0] or head[: _STEPS[0]] in begun or head in codes:
                yield from _from(text, pieces, at, skipped, codes, begun)


def _near_digits(pieces: Sequence[Piece]) -> Iterator[int]:
    done = 0
    for i, piece in enumerate(pieces):
        if not piece.word.isalpha():
            yield from range(max(done, i - _AHEAD), i + 1)
            done = i + 1


def _skips(text: str, piece: Piece) -> Sequence[int]:
    """How many letters of a piece may stand before a code: none, a label, the code of a country."""
    word = piece.word
    if word.isalpha() or len(word) != piece.end - piece.start:
        return (0,)
    if not word.isdigit():
        return (0, *_labels_glued(word))
    if text[piece.start - 1 : piece.start] == "+":
        return (0, 1, 2, 3)
    return (0, 3, 4, 5) if word.startswith("00") else (0,)


def _labels_glued(word: str) -> Iterator[int]:
    for size in range(_SHORTEST_LABEL, min(_LONGEST_LABEL, len(word)) + 1):
        if not word[size - 1].isalpha():
            return
        if is_label(word[:size]):
            yield size


def _from(
    text: str,
    pieces: Sequence[Piece],
    first: int,
    skipped: int,
    codes: Container[str],
    begun: Container[str],
) -> Iterator[Place]:
    """The codes that begin in one piece."""
    start, last = pieces[first].start + skipped, first
    joined = pieces[first].word[skipped:]
    gaps: list[tuple[int, str]] = []
    while joined:
        if joined in codes:
            before = pieces[first - 1] if first and not skipped else None
            after = pieces[last + 1] if last + 1 < len(pieces) else None
            yield Place(joined, start, pieces[last].end, list(gaps), before, after)
        size = len(joined)
        step = _STEP_OF[size] if size < len(_STEP_OF) else _STEPS[-1]
        if last + 1 == len(pieces) or (step and joined[:step] not in begun):
            return
        gap = text[pieces[last].end : pieces[last + 1].start]
        if len(gap) > _WIDEST or len(gaps) == _MOST_GAPS:
            return
        gaps.append((size, gap))
        last += 1
        joined += pieces[last].word


# ── Boundaries ───────────────────────────────────────────────────────────────────────────────────


def stands_free(text: str, code: Code, place: Place) -> bool:
    """Whether a code is all that stands there, and no piece of a longer one."""
    if code.identifier.type is IdentifierType.PHONE:
        if not _is_dialled(text, code, place):
            return False
    elif text[place.start - 1 : place.start].isdigit():
        return False  # what was skipped is the code of a country, and this is no telephone
    in_its_country = code.identifier.type is IdentifierType.IBAN and code.within
    if in_its_country and text[max(0, place.start - 1) : place.start].isalpha():
        return False  # behind its country, where the whole of it is found
    before, after = place.before, place.after
    if before is not None and _belongs_before(before, text[before.end : place.start], code, place):
        return False
    return after is None or not _belongs_behind(after, text[place.end : after.start], code, place)


def _is_dialled(text: str, code: Code, place: Place) -> bool:
    """Whether the code of a country that stands before a number may stand there."""
    ahead = text[max(0, place.start - _LOOKED_BACK) : place.start]
    if _ABROAD.search(ahead):
        return code.abroad
    return not (code.within and ahead.endswith(("+", "+(")))


def _belongs_before(piece: Piece, gap: str, code: Code, place: Place) -> bool:
    word = piece.word
    if not gap:
        return word.isascii()
    if gap not in _GLUE:
        return _is_group(piece, gap, place, len(place.key) if not place.gaps else place.gaps[0][0])
    if gap in "./" and not (gap == "/" and "/" in code.core):
        return gap == "." and word.isdigit()
    if not word.isalpha():
        return True
    if is_label(word) or (len(word) >= _LEAST_WORD and rank(word) is not None):
        return False
    return not (code.key[0].isdigit() and len(word) >= _LEAST_WORD)


def _belongs_behind(piece: Piece, gap: str, code: Code, place: Place) -> bool:
    word = piece.word
    if not gap:
        return word.isascii()
    if gap not in _GLUE:
        last = len(place.key) - (place.gaps[-1][0] if place.gaps else 0)
        return _is_group(piece, gap, place, last)
    if gap in "./" and not (gap == "/" and "/" in code.core):
        return gap == "." and word[0].isdigit()
    if code.identifier.type is IdentifierType.CREDENTIAL:
        return True
    return not (word.isalpha() and len(word) >= _LEAST_WORD)


def _is_group(piece: Piece, gap: str, place: Place, size: int) -> bool:
    """Whether a piece is one more group of a number that is written in groups."""
    parted = {between for _, between in place.gaps}
    return gap in parted and piece.word.isdigit() and len(piece.word) == size
