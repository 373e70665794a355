"""The numbers of list items, where items before them went: digits, letters, roman numerals."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Mark", "Numbers", "marks_in"]


class _Style(StrEnum):
    DIGITS = "digits"
    LETTERS = "letters"
    ROMAN = "roman"


_MARK = re.compile(
    r"(?P<indent>[ \t]*)(?P<open>[(]?)(?P<number>\d{1,3}|[ivxIVX]{1,5}|[a-zA-Z])(?=[.)]\s)"
)
_TENS = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Mark:
    """What numbers a line: how far it is indented, which number it has, and how that is written."""

    indent: int
    number: int
    style: _Style
    written: str

    def renumbered(self, line: str, number: int) -> str:
        """`line` with another number."""
        match = _MARK.match(line)
        if match is None:
            return line
        new = _written(number, self.style)
        new = new.upper() if self.written.isupper() else new
        return line[: match.start("number")] + new + line[match.end("number") :]


def marks_in(text: str) -> dict[int, Mark]:
    """The marks of numbered lines, by where the lines begin. Letters and roman numerals count
    only in a row of two and more.

    >>> sorted(mark.number for mark in marks_in("a) Osk\\nb) Tarn\\nA. Hill wrote it.").values())
    [1, 2]
    """
    found: dict[int, Mark] = {}
    run: list[tuple[int, Mark]] = []
    for line in re.finditer(r"[^\n]*\n|[^\n]+", text):
        mark = _read(line.group(), run[-1][1] if run else None)
        if mark is None:
            under = run and len(line.group()) - len(line.group().lstrip()) > run[-1][1].indent
            if line.group().strip() and not under:
                run = []
            continue
        if mark.style is _Style.DIGITS:
            found[line.start()] = mark
            continue
        follows = run and (mark.indent, mark.number) == (run[-1][1].indent, run[-1][1].number + 1)
        run = [*run, (line.start(), mark)] if follows else [(line.start(), mark)]
        if len(run) > 1:
            found.update(run)
    return found


def _read(line: str, last: Mark | None) -> Mark | None:
    match = _MARK.match(line)
    if match is None:
        return None
    indent, written = len(match["indent"]), match["number"]
    if written.isdigit():
        return Mark(indent, int(written), _Style.DIGITS, written)
    style = last.style if last is not None and last.style is not _Style.DIGITS else _Style.LETTERS
    if len(written) > 1 or (written in "iI" and (last is None or last.number != 8)):
        style = _Style.ROMAN
    return Mark(indent, _value(written.lower(), style), style, written)


def _value(written: str, style: _Style) -> int:
    if style is _Style.LETTERS:
        return ord(written) - ord("a") + 1
    return next((n for n in range(1, 40) if _written(n, style) == written), 0)


def _written(number: int, style: _Style) -> str:
    if style is _Style.DIGITS:
        return str(number)
    if style is _Style.LETTERS:
        return chr(ord("a") + number - 1)
    text = ""
    for value, sign in _TENS:
        text += sign * (number // value)
        number %= value
    return text


@dataclass(slots=True)
class Numbers:
    """The numbers of list items, by their indent, where items before them went."""

    last: dict[int, int] = field(default_factory=dict)
    gone: dict[int, int] = field(default_factory=dict)

    def skip(self, mark: Mark | None) -> None:
        """Note that an item went."""
        if mark is not None:
            self._read(mark)
            self.gone[mark.indent] = self.gone.get(mark.indent, 0) + 1

    def renumbered(self, mark: Mark | None, piece: str) -> str:
        """A piece that stays, with the number that it has now."""
        if mark is None:
            return piece
        self._read(mark)
        gone = self.gone.get(mark.indent, 0)
        return mark.renumbered(piece, mark.number - gone) if gone else piece

    def _read(self, mark: Mark) -> None:
        if mark.number != self.last.get(mark.indent, mark.number - 1) + 1:
            self.gone[mark.indent] = 0
        self.last[mark.indent] = mark.number
