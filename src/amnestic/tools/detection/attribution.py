"""Which pieces of a text tell of a target that is named in it, or before it: the attributor.

A tagger (MiniLM, int8) reads a text as a whole, with the places marked in which the target is
named, what was asked and said before it, and some of what is known of the target; it says of each
word whether it is told of that one. So it sees what a sentence by itself does not show: whom "she",
"the second edition" or a row of a table speak of. Architecture: Devlin et al., "BERT", section 4.1,
with marked mentions as Baldini Soares et al., "Matching the Blanks", section 3.2; trained by
`benchmarks/attribution.py` on replies that were marked by hand, and on others that were put
together from texts about several people.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

from amnestic.tools.detection.calibration import Thresholds
from amnestic.tools.tagging import SHAPES, tokens_of
from amnestic.types import FacetKind, ForgetTarget, Span

__all__ = [
    "TOKENS",
    "TYPES",
    "Attributor",
    "Mention",
    "Passage",
    "Row",
    "Word",
    "part_of",
    "rows_of",
    "stretches",
]

FULL, PART, BEFORE, BEFORE_FULL, BEFORE_PART, KNOWN = range(SHAPES, SHAPES + 6)
TYPES = SHAPES + 6
"""How many types of tokens there are: the shapes of words in the text, its names of the target,
the same of what stands before it, and what is known."""

_KNOWN, _BEFORE = 100, 64
_TEXT, _OVERLAP = 300, 60
"""Tokens of what is known, of what was said before, of each part of the text, and those that it
shares with the part before it."""

_MOST_PARTS = 10

TOKENS = _TEXT + _KNOWN + _BEFORE + 4
"""The most tokens of a part, with the encoder's own."""

_FACTS, _FACT_CHARS, _CHARS = 5, 200, 3_000
_BEFORE_CHARS = 1_200
_AHEAD, _BEHIND = 300, 1_200
"""Characters before and behind a mention of which a long text is read."""
_STEM = 6
_WORD = re.compile(r"\w{4,}")
_SURROGATES = re.compile("[\ud800-\udfff]")


class Mention(NamedTuple):
    """Where a target is named, and whether in full."""

    span: Span
    full: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, what was said before it, and where both name a target."""

    text: str
    before: str
    target: ForgetTarget
    mentions: tuple[Mention, ...]
    mentions_before: tuple[Mention, ...] = ()


class Row(NamedTuple):
    """A part of a passage in tokens: `places` are those of the text's own, which stand behind the
    first token."""

    ids: list[int]
    types: list[int]
    places: list[tuple[int, int]]


class Word(NamedTuple):
    """A word of a text, or a piece of one, and the log-odds that it is told of the target."""

    start: int
    end: int
    logit: float


class Attributor(Protocol):
    """Reads passages. `limits` cut its log-odds into what is told of others, what is uncertain and
    what is told of the target."""

    @property
    def limits(self) -> Thresholds:
        """Where the bands of its log-odds begin."""
        ...

    def read(self, passages: Sequence[Passage]) -> list[list[Word]]:
        """For each passage its words; raises `RetrievalError` where it cannot be run."""
        ...


def stretches(length: int, mentions: Sequence[Mention], most: int) -> list[Span]:
    """Where a text of that length is read, so that it is about `most` characters: all of a short
    one, of a longer one what stands behind each mention and shortly before it, the first ones
    first, and its beginning where there is none.

    >>> named = Mention(Span(5_000, 5_004), True)
    >>> stretches(800, [named], 2_000), stretches(9_000, [named], 2_000)
    ([Span(start=0, end=800)], [Span(start=4700, end=6204)])
    """
    if length <= most:
        return [Span(0, length)]
    found: list[Span] = []
    left = most
    for start, end in sorted((m.span.start, m.span.end) for m in mentions) or [(0, 0)]:
        begin = max(start - _AHEAD, found[-1].end if found else 0)
        stop = min(end + _BEHIND, length, begin + left)
        if left <= 0:
            break
        if stop <= begin:
            continue
        left -= stop - begin
        if found and begin == found[-1].end:
            begin = found.pop().start
        found.append(Span(begin, stop))
    return found


def part_of(passage: Passage, span: Span) -> Passage:
    """A stretch of a passage, with what was said before all of it."""
    inside = tuple(
        Mention(Span(max(m.span.start, span.start) - span.start, m.span.end - span.start), m.full)
        for m in passage.mentions
        if m.span.start < span.end and span.start < m.span.end
    )
    return replace(passage, text=passage.text[span.start : span.end], mentions=inside)


def rows_of(tokenizer: Any, passage: Passage) -> list[Row]:
    """The parts of a passage; each shares some of its text with the one before it. Of one in which
    nearly every sign is a token the first ones."""
    text = tokens_of(tokenizer, _plain(passage.text))
    first, last = text.ids[0], text.ids[-1]
    ids, types, places = text.ids[1:-1], text.types[1:-1], text.places[1:-1]
    _mark(types, places, passage.mentions, FULL, PART)
    known = tokenizer.encode(_known(passage.target, passage.text)).ids[1:-1][:_KNOWN]
    ids_before, types_before = _before(tokenizer, passage)
    tail = [last, *known, last, *ids_before, last]
    tail_types = [KNOWN] * (len(known) + 2) + [*types_before, BEFORE]
    rows, at = [], 0
    while True:
        end = min(len(ids), at + _TEXT)
        part = slice(at, end)
        rows.append(Row([first, *ids[part], *tail], [0, *types[part], *tail_types], places[part]))
        if end == len(ids) or len(rows) == _MOST_PARTS:
            return rows
        at = end - _OVERLAP


def _before(tokenizer: Any, passage: Passage) -> tuple[list[int], list[int]]:
    at = max(0, len(passage.before) - _BEFORE_CHARS)
    found = tokens_of(tokenizer, _plain(passage.before[at:]))
    places = [(start + at, end + at) for start, end in found.places[1:-1]]
    types = [BEFORE] * len(places)
    _mark(types, places, passage.mentions_before, BEFORE_FULL, BEFORE_PART)
    return found.ids[1:-1][-_BEFORE:], types[-_BEFORE:]


def _mark(
    types: list[int],
    places: Sequence[tuple[int, int]],
    mentions: Iterable[Mention],
    full: int,
    part: int,
) -> None:
    ends = [end for _, end in places]
    for mention in sorted(mentions, key=lambda m: m.full):
        at = bisect_right(ends, mention.span.start)
        while at < len(places) and places[at][0] < mention.span.end:
            types[at] = full if mention.full else part
            at += 1


def _known(target: ForgetTarget, text: str) -> str:
    """What is known of a target, the facts first that share most words with the text."""
    said = _stems(text)
    facts = [f.text for f in target.facets if f.kind is FacetKind.FACT]
    nearest = sorted(facts, key=lambda fact: -len(_stems(fact) & said))[:_FACTS]
    told = " ".join(fact[:_FACT_CHARS] for fact in nearest)
    return _plain(f"{target.kind.value}. {target.subject}: {target.description} {told}")[:_CHARS]


def _stems(text: str) -> set[str]:
    return {word.casefold()[:_STEM] for word in _WORD.findall(text)}


def _plain(text: str) -> str:
    return _SURROGATES.sub("\ufffd", text)
