"""The nodes of a document, and how some of them are taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from amnestic.types import Span

__all__ = ["Edit", "Kind", "Node", "cuts"]

Edit = tuple[Span, str]


class Kind(StrEnum):
    """What a node is."""

    DOCUMENT = "document"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    ITEM = "item"
    TABLE = "table"
    ROW = "row"
    CELL = "cell"
    QUOTE = "quote"
    FENCE = "fence"
    RULE = "rule"
    SHAPE = "shape"
    MAP = "map"
    MEMBER = "member"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Node:
    """`text[start:end]`, without the white space around it.

    `level` is how deep a heading is (1 to 6, 7 for a line in bold that heads what follows);
    `inner` is where its own text begins, behind the marker of an item or a heading or the opening
    line of a fence.
    """

    kind: Kind
    start: int
    end: int
    children: tuple[Node, ...] = ()
    level: int = 0
    inner: int = 0

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)

    def of(self, text: str) -> str:
        """Its text."""
        return text[self.start : self.end]

    def with_children(self, children: Sequence[Node]) -> Node:
        """The node with other children."""
        return replace(self, children=tuple(children))


def cuts(text: str, spans: Sequence[Span], stays: Sequence[bool]) -> list[Edit]:
    """The edits that take those of `spans`, pieces in order, out of which do not stay; of the gaps
    before and behind what goes, the wider one is left.

    >>> from amnestic.tools.documents.json_tree import edited
    >>> text = "A\\n\\nB\\nC"
    >>> edited(text, cuts(text, [Span(0, 1), Span(3, 4), Span(5, 6)], [True, False, True]))
    'A\\n\\nC'
    """
    edits: list[Edit] = []
    kept = [i for i, stay in enumerate(stays) if stay]
    for before, after in zip([-1, *kept], [*kept, len(spans)], strict=True):
        first, last = before + 1, after - 1
        if first > last:
            continue
        edits.append((_cut(text, spans, first, last, len(spans)), ""))
    return edits


def _cut(text: str, spans: Sequence[Span], first: int, last: int, many: int) -> Span:
    if last + 1 == many:
        return Span(spans[first - 1].end if first else spans[first].start, spans[last].end)
    if not first:
        return Span(spans[first].start, spans[last + 1].start)
    gap_before = text[spans[first - 1].end : spans[first].start]
    gap_behind = text[spans[last].end : spans[last + 1].start]
    if gap_behind.count("\n") > gap_before.count("\n"):
        return Span(spans[first - 1].end, spans[last].end)
    return Span(spans[first].start, spans[last + 1].start)
