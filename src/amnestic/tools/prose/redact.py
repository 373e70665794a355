"""Taking pieces out of a text so that what stays still reads well."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from amnestic.tools.prose.flow import Flow, Heir, Leaks
from amnestic.tools.prose.numbering import Mark, Numbers, marks_in
from amnestic.tools.reading import Segment, SegmentKind, segments
from amnestic.types import Span

__all__ = ["Shape", "drop_segments"]

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s")
_LEADERS = re.compile(r"\.{4,}[ \t]+$")
_INDENT = re.compile(r"[ \t]*")
_FENCE = re.compile(r"\s*(?:```|~~~)")


@dataclass(frozen=True, slots=True)
class Shape:
    """A piece, `text[span]`, whose form must hold (a table, a block of code, a JSON value), and
    what may stay of it, empty when nothing may."""

    span: Span
    redact: Callable[[str], str]


def drop_segments(
    text: str,
    leaks: Leaks,
    stand_in: str = "",
    *,
    shapes: Sequence[Shape] = (),
    heir: Heir | None = None,
    follows: str = "",
) -> str:
    """`text` without the sentences and lines for which `leaks` is true.

    What leans on a dropped piece goes with it: a sentence that begins with a pronoun ("She also
    …"), what stands under a heading, the sub-items of a list item, and the rest of a code block,
    since code with a line missing is broken code. Numbered items are numbered anew. `stand_in`,
    when given, takes the place of the first dropped piece. White space at the joints is mended;
    the pieces that stay are unchanged.

    Args:
        text: what is cut.
        leaks: whether a piece must go.
        stand_in: what is said in the place of the first piece that went.
        shapes: pieces that are not cut by line, in order and apart from one another.
        heir: given a dropped sentence and one that leans on it, that sentence as it may stay by
            itself, or `None` where it cannot.
        follows: what was dropped right before the text, on which its beginning may lean.

    >>> drop_segments("Osk wrote it. She lives in Tavel. Paris is in France.", lambda s: "Osk" in s)
    'Paris is in France.'
    >>> drop_segments("# Osk\\nA poet.\\n# Tarn\\nA town.\\n", lambda s: "Osk" in s)
    '# Tarn\\nA town.\\n'
    >>> drop_segments("1. Osk\\n2. Tarn\\n", lambda s: "Osk" in s)
    '1. Tarn\\n'
    """
    kept: list[str] = []
    placed = not stand_in
    wake, numbers = _Wake(Flow(leaks, heir)), Numbers()
    if follows:
        wake.flow.drop(follows)
    for unit in _units(text, shapes):
        piece = wake.what_stays(unit)
        if piece:
            kept.append(numbers.renumbered(unit.mark, piece))
            continue
        numbers.skip(unit.mark)
        if not placed and unit.text.strip():
            kept.append(stand_in + _tail_of(unit.text))
            placed = True
    return _join(kept, text)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A piece that stays or goes as a whole: a sentence, a line, or all of a code block; or a
    shape, of which a part may stay."""

    text: str
    kind: SegmentKind
    shape: Shape | None = None
    mark: Mark | None = None
    depth: int = 0

    @property
    def heading(self) -> int:
        """The level of a heading; 0 for anything else."""
        match = _HEADING.match(self.text) if self.kind is SegmentKind.LINE else None
        return len(match[1]) if match else 0

    @property
    def indent(self) -> int:
        """The white space before a line's first character."""
        return len(self.text) - len(self.text.lstrip())

    def what_stays(self, leaks: Leaks) -> str:
        """The piece, what may stay of it, or nothing."""
        if self.shape is not None:
            clean = self.shape.redact(self.text)
            return self.text if clean == self.text else clean
        return "" if self.text.strip() and leaks(self.text) else self.text


def _units(text: str, shapes: Sequence[Shape]) -> Iterator[_Unit]:
    at = 0
    for shape in shapes:
        yield from _plain_units(text[at : shape.span.start])
        yield _Unit(text[shape.span.start : shape.span.end], SegmentKind.CODE, shape)
        at = shape.span.end
    yield from _plain_units(text[at:])


def _plain_units(text: str) -> Iterator[_Unit]:
    code: list[str] = []
    marks = marks_in(text)
    line_end = 0
    for segment in _led(segments(text), text):
        piece = segment.of(text)
        if segment.kind is not SegmentKind.CODE:
            mark = marks.get(segment.start)
            if mark is not None:
                line_end = text.find("\n", segment.start) + 1 or len(text)
                yield _Unit(text[segment.start : line_end], SegmentKind.LINE, mark=mark)
            elif segment.start >= line_end:
                yield _Unit(piece, segment.kind, depth=_depth(text, segment.start))
            continue
        code.append(piece)
        if len(code) > 1 and _FENCE.match(piece):
            yield _Unit("".join(code), SegmentKind.CODE)
            code = []
    if code:
        yield _Unit("".join(code), SegmentKind.CODE)


def _led(found: Sequence[Segment], text: str) -> Iterator[Segment]:
    """Segments, of which a row of dots that leads to a number parts none."""
    begin: int | None = None
    for segment in found:
        start = segment.start if begin is None else begin
        led = segment.kind is SegmentKind.SENTENCE and _LEADERS.search(segment.of(text))
        begin = start if led else None
        if not led:
            yield Segment(start, segment.end, segment.kind)
    if begin is not None:
        yield Segment(begin, found[-1].end, SegmentKind.SENTENCE)


def _depth(text: str, at: int) -> int:
    """How far the line is indented in which a place is."""
    line = _INDENT.match(text, text.rfind("\n", 0, at) + 1)
    return len(line.group()) if line else 0


@dataclass(slots=True)
class _Wake:
    """What the last dropped piece takes along: what leans on it, what stands under a heading, and
    what is indented under a line."""

    flow: Flow
    heading: int = 0
    indent: int | None = None

    def what_stays(self, unit: _Unit) -> str:
        """A piece, what may stay of it, or nothing, which is noted."""
        prose = unit.kind is SegmentKind.SENTENCE
        if not self._goes_along(unit):
            piece = self.flow.sentence(unit.text) if prose else unit.what_stays(self.flow.leaks)
            if piece:
                self._keep(replace(unit, text=piece), len(unit.text))
                return piece
            self._drop(unit)
            return ""
        if prose:
            self.flow.drop(unit.text)
        self._drop(unit)
        return ""

    def _goes_along(self, unit: _Unit) -> bool:
        if self.heading:
            return not (unit.heading and unit.heading <= self.heading)
        if self.indent is None or not unit.text.strip():
            return False
        return max(unit.indent, unit.depth) > self.indent

    def _drop(self, unit: _Unit) -> None:
        """Note that a piece went."""
        if self.heading and not unit.heading:
            return
        self.heading = unit.heading
        if unit.kind is SegmentKind.LINE and not unit.heading and unit.text.strip():
            self.indent = unit.indent if self.indent is None else min(self.indent, unit.indent)
            self.flow.shorter = True
        if unit.kind is not SegmentKind.SENTENCE:
            self.flow.drop(unit.text, spoken=False)

    def _keep(self, unit: _Unit, before: int) -> None:
        """Note that a piece stayed."""
        self.heading = 0
        if unit.text.strip():
            self.indent = None
        if unit.kind is not SegmentKind.SENTENCE:
            self.flow.keep(unit.text, spoken=False)
            self.flow.shorter = self.flow.shorter or len(unit.text) < before


def _tail_of(piece: str) -> str:
    return piece[len(piece.rstrip()) :] or " "


def _join(kept: Sequence[str], original: str) -> str:
    joined = "".join(kept)
    joined = re.sub(r"\n{3,}", "\n\n", joined)
    if not original.endswith((" ", "\n")):
        joined = joined.rstrip()
    return joined.lstrip() if not original[:1].isspace() else joined
