"""Taking pieces out of a text so that what stays still reads well."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from amnestic.tools.exact_facts import ADDRESSES, facts_in
from amnestic.tools.segments import SegmentKind, segments
from amnestic.types import Span

__all__ = ["drop_segments", "generalise", "generalise_mentions", "trim_asides"]

Leaks = Callable[[str], bool]

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s")
_FENCE = re.compile(r"\s*(?:```|~~~)")

_ANAPHORA = re.compile(
    r"\s*[\"'“‘(]?(?:he|she|they|him|his|her|hers|their|theirs|it|its|this|these|that|those|both|"
    r"such|there|also|additionally|furthermore|moreover|later|afterwards|then)\b",
    re.IGNORECASE,
)
_OPENED_BEFORE_ANAPHORA = re.compile(
    r"\s*(?:born|raised|educated|trained|married|based|known|employed|in|at|on|since|after|before"
    r"|during|as|for|from|with|when|while|today|now|currently|previously)\b[^.!?]{0,60}?,\s+"
    r"(?:he|she|they|his|her|their)\b",
    re.IGNORECASE,
)


def drop_segments(text: str, leaks: Leaks, stand_in: str = "") -> str:
    """`text` without the sentences and lines for which `leaks` is true.

    What leans on a dropped piece goes with it: a sentence that begins with a pronoun ("She also
    …"), what stands under a heading, the sub-items of a list item, and the rest of a code block,
    since code with a line missing is broken code. `stand_in`, when given, takes the place of the
    first dropped piece. White space at the joints is mended; the pieces that stay are unchanged.

    >>> drop_segments("Osk wrote it. She lives in Tavel. Paris is in France.", lambda s: "Osk" in s)
    'Paris is in France.'
    >>> drop_segments("# Osk\\nA poet.\\n# Tarn\\nA town.\\n", lambda s: "Osk" in s)
    '# Tarn\\nA town.\\n'
    """
    kept: list[str] = []
    placed = not stand_in
    wake = _Wake()
    for unit in _units(text):
        if wake.takes(unit) or (unit.text.strip() and leaks(unit.text)):
            wake.drop(unit)
            if not placed and unit.text.strip():
                kept.append(stand_in + _tail_of(unit.text))
                placed = True
            continue
        wake.keep(unit)
        kept.append(unit.text)
    return _join(kept, text)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A piece that stays or goes as a whole: a sentence, a line, or all of a code block."""

    text: str
    kind: SegmentKind

    @property
    def heading(self) -> int:
        """The level of a heading; 0 for anything else."""
        match = _HEADING.match(self.text) if self.kind is SegmentKind.LINE else None
        return len(match[1]) if match else 0

    @property
    def indent(self) -> int:
        """The white space before a line's first character."""
        return len(self.text) - len(self.text.lstrip())


def _units(text: str) -> Iterator[_Unit]:
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

    def takes(self, unit: _Unit) -> bool:
        """Whether a piece goes because of what went before it."""
        if self.heading:
            return not (unit.heading and unit.heading <= self.heading)
        if self.indent is not None and unit.kind is SegmentKind.LINE and unit.text.strip():
            return unit.indent > self.indent
        return self.dropped and unit.kind is SegmentKind.SENTENCE and _leans(unit.text)

    def drop(self, unit: _Unit) -> None:
        """Note that a piece went."""
        if self.heading and not unit.heading:
            return
        self.heading = unit.heading
        if unit.kind is SegmentKind.LINE and not unit.heading and unit.text.strip():
            self.indent = unit.indent if self.indent is None else min(self.indent, unit.indent)
        self.dropped = True

    def keep(self, unit: _Unit) -> None:
        """Note that a piece stayed."""
        self.heading = 0
        if unit.text.strip():
            self.dropped, self.indent = False, None


def _leans(piece: str) -> bool:
    return bool(_ANAPHORA.match(piece) or _OPENED_BEFORE_ANAPHORA.match(piece))


def _tail_of(piece: str) -> str:
    return piece[len(piece.rstrip()) :] or " "


def _join(kept: Sequence[str], original: str) -> str:
    joined = "".join(kept)
    joined = re.sub(r"\n{3,}", "\n\n", joined)
    if not original.endswith((" ", "\n")):
        joined = joined.rstrip()
    return joined.lstrip() if not original[:1].isspace() else joined


_ASIDES = (
    re.compile(r"\s*\([^()]*\)"),
    re.compile(r"\s*[—–]\s[^—–]*\s[—–](?=\s)"),
    re.compile(r",\s(?:who|whom|whose|which|the|a|an|son|daughter|wife|husband|brother|sister)\b"
               r"[^,.;:!?]*,(?=\s)"),
)  # fmt: skip
_ITEM_BEFORE = re.compile(
    r"[A-Z\"“‘'][\w.'’\"”-]*(?P<joint>,\s+(?:and|or)\s+|,\s+|\s+and\s+|\s+or\s+)$"
)
_ROW_ENDS = re.compile(r"[A-Z][^.,;:!?()\n]{0,60}(?:[.,;:!?)\n]|$)(?!\w)")
_ITEM_AFTER = re.compile(r"^(?:,\s+(?:and|or)\s+|,\s+|\s+and\s+|\s+or\s+)(?=[A-Z\"“‘'])")


def trim_asides(text: str, spans: Sequence[Span]) -> str:
    """`text` without the parentheses, appositions and list items in which `spans` stand.

    Spans that stand in none of these are left; the caller audits what comes out.

    >>> text = "Hill (a student of Osk) writes poems."
    >>> trim_asides(text, [Span(19, 22)])
    'Hill writes poems.'
    >>> text = "Read Marlo, Osk and Tarn."
    >>> trim_asides(text, [Span(12, 15)])
    'Read Marlo and Tarn.'
    """
    cuts = [c for c in (_aside(text, span) for span in spans) if c is not None]
    last = len(text) + 1
    for cut, joint in sorted(set(cuts), key=lambda c: (c[0].start, c[0].end), reverse=True):
        if cut.end <= last:
            text = text[: cut.start] + joint + text[cut.end :]
            last = cut.start
    return text


_Cut = tuple[Span, str]


def _aside(text: str, span: Span) -> _Cut | None:
    """The piece to cut for a span, and what joins the ends."""
    lo = max(0, span.start - 400)
    window = text[lo : span.end + 400]
    for pattern in _ASIDES:
        for match in pattern.finditer(window):
            if match.start() + lo <= span.start and span.end <= match.end() + lo:
                return Span(match.start() + lo, match.end() + lo), ""
    return _list_item(text, span)


def _list_item(text: str, span: Span) -> _Cut | None:
    """A name in a row of names: "A, B and C", first, last or between."""
    before = _ITEM_BEFORE.search(text[max(0, span.start - 60) : span.start])
    after = _ITEM_AFTER.match(text[span.end : span.end + 8])
    if before and after:
        start, end = span.start - len(before["joint"]), span.end + len(after.group())
        last_two = re.search(r"\b(and|or)\b", after.group())
        return Span(start, end), f" {last_two[1]} " if last_two else before["joint"]
    if after and ("," in after.group() or _ROW_ENDS.match(text[span.end + len(after.group()) :])):
        return Span(span.start, span.end + len(after.group())), ""
    if before and re.match(r"\s*(?:[.!?;:)\]]|$)", text[span.end : span.end + 4]):
        return Span(span.start - len(before["joint"]), span.end), ""
    return None


def generalise(text: str, spans: Sequence[Span], noun: str) -> str:
    """`text` with each of `spans` replaced by `noun`, a possessive kept.

    >>> generalise("Osk's novel", [Span(0, 3)], "someone")
    "Someone's novel"
    """
    for start, end in sorted({(s.start, s.end) for s in spans}, reverse=True):
        tail = text[end:]
        possessive = "'s" if text[start:end].endswith(("'s", "’s")) and tail[:1] != "'" else ""
        word = noun.capitalize() if _begins_sentence(text, start) else noun
        text = text[:start] + word + possessive + tail
    return text


def generalise_mentions(text: str, spans: Sequence[Span], noun: str) -> str:
    """`text` with `noun` where a sentence only mentions what `spans` name. A sentence that tells
    something of it goes: one that begins with the name, or holds a date or an address.

    >>> text = "Hill was taught by Osk. Osk: born 1961-03-12. Hill writes."
    >>> generalise_mentions(text, [Span(19, 22), Span(24, 27)], "someone")
    'Hill was taught by someone. Hill writes.'
    """
    gone: set[str] = set()
    mentions: list[Span] = []
    for segment in segments(text):
        inside = [s for s in spans if segment.start <= s.start < segment.end]
        if inside and _tells(segment.of(text), min(s.start for s in inside) - segment.start):
            gone.add(segment.of(text))
        else:
            mentions += inside
    return drop_segments(generalise(text, mentions, noun), lambda piece: piece in gone)


def _tells(sentence: str, name_at: int) -> bool:
    """Whether a sentence is about what it names, `name_at` characters in."""
    begins = not re.search(r"\w", sentence[:name_at])
    exact = any(True for _ in facts_in(sentence)) or any(a.search(sentence) for a in ADDRESSES)
    return begins or exact


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip()
    return not before or before.endswith((".", "!", "?"))
