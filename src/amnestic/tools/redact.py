"""Taking pieces out of a text so that what stays still reads well."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from amnestic.tools.segments import SegmentKind, segments
from amnestic.types import Span

__all__ = ["Shape", "drop_segments"]

Leaks = Callable[[str], bool]
Heir = Callable[[str, str], str | None]

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_NUMBERED = re.compile(r"(?P<indent>\s*)(?P<number>\d{1,3})(?=[.)]\s)")
_COUNTED = re.compile(
    r"\s*(?:all|both|these|the|together,?)(?: of (?:them|these))? "
    r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)?\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\b(?:both|\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\b", re.IGNORECASE
)

_ANAPHORA = re.compile(
    r"\s*[\"'“‘(]?(?:he|she|they|him|his|her|hers|their|theirs|it|its|this|these|that|those|both|"
    r"such|there|also|additionally|furthermore|moreover|later|afterwards|then)\b",
    re.IGNORECASE,
)
_ANAPHORA_ABROAD = re.compile(  # before a small letter: "Ella escribe", but not "Ella Marsh"
    r"\s*[\"'“‘«(]?(?:(?i:er|sie|es|ihm|beide|dort|später|danach|außerdem"
    r"|il|elle|ils|elles|son|sa|ses|leur|leurs|cet|cette|ces|ensuite"
    r"|él|ella|ellos|ellas|su|sus|ambos|ambas|este|esta|allí|también|después"
    r"|lui|lei|essi|entrambi|questo|questa|inoltre|ele|ela|eles|elas|seu|sua|seus|suas|também"
    r"|hij|zij|beiden|daarna|han|hon|båda|hun|de|begge)\b\s+(?=[^\W\d_A-ZÀ-ÖØ-Þ])"
    r"|(?i:sein|seine|seinem|ihr|ihre|ihren|dieser|diese|dieses|zijn|haar)\s+(?=\w))"
)
_OPENED_BEFORE_ANAPHORA = re.compile(
    r"\s*(?:born|raised|educated|trained|married|based|known|employed|in|at|on|since|after|before"
    r"|during|as|for|from|with|when|while|today|now|currently|previously)\b[^.!?]{0,60}?,\s+"
    r"(?:he|she|they|his|her|their)\b",
    re.IGNORECASE,
)


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

    >>> drop_segments("Osk wrote it. She lives in Tavel. Paris is in France.", lambda s: "Osk" in s)
    'Paris is in France.'
    >>> drop_segments("# Osk\\nA poet.\\n# Tarn\\nA town.\\n", lambda s: "Osk" in s)
    '# Tarn\\nA town.\\n'
    >>> drop_segments("1. Osk\\n2. Tarn\\n", lambda s: "Osk" in s)
    '1. Tarn\\n'
    """
    kept: list[str] = []
    placed = not stand_in
    wake, numbers = _Wake(), _Numbers()
    for unit in _units(text, shapes):
        saved = wake.saved(unit, heir) if heir is not None else None
        piece = saved if saved is not None and not leaks(saved) else unit.what_stays(leaks)
        if (piece is unit.text and wake.takes(unit)) or not piece:
            wake.drop(unit)
            numbers.skip(unit)
            if not placed and unit.text.strip():
                kept.append(stand_in + _tail_of(unit.text))
                placed = True
            continue
        wake.keep(unit)
        kept.append(numbers.renumbered(unit, piece))
    return _join(kept, text)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A piece that stays or goes as a whole: a sentence, a line, or all of a code block; or a
    shape, of which a part may stay."""

    text: str
    kind: SegmentKind
    shape: Shape | None = None

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
    for segment in segments(text):
        piece = segment.of(text)
        if segment.kind is not SegmentKind.CODE:
            yield _Unit(piece, segment.kind)
            continue
        code.append(piece)
        if len(code) > 1 and _FENCE.match(piece):
            yield _Unit("".join(code), SegmentKind.CODE)
            code = []
    if code:
        yield _Unit("".join(code), SegmentKind.CODE)


@dataclass(slots=True)
class _Wake:
    """What the last dropped piece takes along."""

    dropped: bool = False
    heading: int = 0
    indent: int | None = None
    sentence: str = ""
    shorter: bool = False

    def takes(self, unit: _Unit) -> bool:
        """Whether a piece goes because of what went before it."""
        if self.heading:
            return not (unit.heading and unit.heading <= self.heading)
        if self.indent is not None and unit.kind is SegmentKind.LINE and unit.text.strip():
            return unit.indent > self.indent
        if unit.kind is not SegmentKind.SENTENCE:
            return False
        return (self.dropped and _leans(unit.text)) or (self.shorter and _counts(unit.text))

    def saved(self, unit: _Unit, heir: Heir) -> str | None:
        """A sentence that leans on somebody else whom the dropped one named, as it may stay."""
        if not self.dropped or self.heading or not self.sentence:
            return None
        if unit.kind is not SegmentKind.SENTENCE or not _leans(unit.text):
            return None
        return heir(self.sentence, unit.text)

    def drop(self, unit: _Unit) -> None:
        """Note that a piece went."""
        if self.heading and not unit.heading:
            return
        self.heading = unit.heading
        if unit.kind is SegmentKind.LINE and not unit.heading and unit.text.strip():
            self.indent = unit.indent if self.indent is None else min(self.indent, unit.indent)
            self.shorter = True
        self.dropped = True
        self.sentence = unit.text if unit.kind is SegmentKind.SENTENCE else ""

    def keep(self, unit: _Unit) -> None:
        """Note that a piece stayed."""
        self.heading = 0
        if unit.text.strip():
            self.dropped, self.indent, self.sentence = False, None, ""


@dataclass(slots=True)
class _Numbers:
    """The numbers of list items, by their indent, where items before them went."""

    last: dict[int, int] = field(default_factory=dict)
    gone: dict[int, int] = field(default_factory=dict)

    def skip(self, unit: _Unit) -> None:
        """Note that an item went."""
        if (found := self._read(unit)) is not None:
            self.gone[found[0]] = self.gone.get(found[0], 0) + 1

    def renumbered(self, unit: _Unit, piece: str) -> str:
        """A piece that stays, with the number that it has now."""
        found = self._read(unit)
        if found is None or not self.gone.get(found[0]):
            return piece
        indent, number = found
        match = _NUMBERED.match(piece)
        new = number - self.gone[indent]
        return piece if match is None else f"{match['indent']}{new}{piece[match.end() :]}"

    def _read(self, unit: _Unit) -> tuple[int, int] | None:
        match = _NUMBERED.match(unit.text) if unit.kind is SegmentKind.LINE else None
        if match is None:
            return None
        indent, number = len(match["indent"]), int(match["number"])
        if number != self.last.get(indent, number - 1) + 1:
            self.gone[indent] = 0
        self.last[indent] = number
        return indent, number


def _leans(piece: str) -> bool:
    patterns = (_ANAPHORA, _ANAPHORA_ABROAD, _OPENED_BEFORE_ANAPHORA)
    return any(pattern.match(piece) for pattern in patterns)


def _counts(piece: str) -> bool:
    """Whether a sentence says of how many a list was."""
    match = _COUNTED.match(piece)
    return match is not None and bool(_COUNT.search(match.group()))


def _tail_of(piece: str) -> str:
    return piece[len(piece.rstrip()) :] or " "


def _join(kept: Sequence[str], original: str) -> str:
    joined = "".join(kept)
    joined = re.sub(r"\n{3,}", "\n\n", joined)
    if not original.endswith((" ", "\n")):
        joined = joined.rstrip()
    return joined.lstrip() if not original[:1].isspace() else joined
