"""Where in a document the pieces stand whose form must hold, and where a stand-in goes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from amnestic.tools.documents.fences import redact_fence
from amnestic.tools.documents.islands import bound, islands_in
from amnestic.tools.documents.nodes import Edit, Kind, Node
from amnestic.tools.documents.records import Leaks
from amnestic.tools.documents.tables import redact_markdown_table
from amnestic.tools.prose import Shape
from amnestic.types import Span

__all__ = ["said_instead", "shaped"]


def shaped(
    text: str, nodes: Sequence[Node], leaks: Leaks, names: Sequence[str]
) -> tuple[list[Node], list[Shape]]:
    """The blocks of a text, in which a value, a record or a card stands for the blocks that it
    covers, and how each piece is cut whose form must hold."""
    placed = [shape for shape in _islands(text, nodes, leaks) if _fits(nodes, shape)]
    blocks = _covered(text, list(nodes), placed)
    return blocks, [*placed, *_fixed(text, blocks, leaks, names)]


def _islands(text: str, nodes: Sequence[Node], leaks: Leaks) -> Iterator[Shape]:
    """What has a form and stands in prose, in order and apart from one another."""
    at = 0
    edges = [node.span for node in nodes if node.kind in (Kind.FENCE, Kind.TABLE)]
    begin = 0
    for edge in [*edges, Span(len(text), len(text))]:
        for span, redact in islands_in(text, begin, edge.start):
            if span.start >= at:
                at = span.end
                yield Shape(_bare(text, span), bound(redact, leaks))
        begin = edge.end


def _bare(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, start + len(piece.strip()))


def _fits(nodes: Sequence[Node], shape: Shape) -> bool:
    """Whether a shape stands in a paragraph, or covers whole blocks of more than lists."""
    touched = nodes[_touched(nodes, shape.span)]
    if len(touched) == 1 and _inside(touched[0], shape.span):
        return touched[0].kind in (Kind.PARAGRAPH, Kind.LIST, Kind.QUOTE)
    cut = [n for n in touched if not (shape.span.start <= n.start and n.end <= shape.span.end)]
    lists = all(node.kind is Kind.LIST for node in touched)
    return not lists and all(node.kind is Kind.PARAGRAPH for node in cut)


def _touched(nodes: Sequence[Node], span: Span) -> slice:
    """Which blocks share a place with a span."""
    first = bisect_right(nodes, span.start, key=lambda node: node.end)
    last = bisect_left(nodes, span.end, key=lambda node: node.start)
    return slice(first, max(first, last))


def _inside(node: Node, span: Span) -> bool:
    """Whether a place is in a block and not all of it."""
    within = node.start <= span.start and span.end <= node.end
    return within and node.span != span


def _covered(text: str, nodes: list[Node], shapes: Sequence[Shape]) -> list[Node]:
    for shape in shapes:
        places = _touched(nodes, shape.span)
        touched = nodes[places]
        if not touched or (len(touched) == 1 and _inside(touched[0], shape.span)):
            continue
        before = Span(touched[0].start, max(shape.span.start, touched[0].start))
        behind = Span(min(shape.span.end, touched[-1].end), touched[-1].end)
        nodes[places] = [
            *_rest(text, before),
            Node(Kind.SHAPE, shape.span.start, shape.span.end),
            *_rest(text, behind),
        ]
    return nodes


def _rest(text: str, span: Span) -> list[Node]:
    """What a shape leaves of a block, where that is more than white space."""
    rest = _bare(text, span)
    return [Node(Kind.PARAGRAPH, rest.start, rest.end)] if rest.start < rest.end else []


def _fixed(text: str, nodes: Sequence[Node], leaks: Leaks, names: Sequence[str]) -> Iterator[Shape]:
    """The tables and the blocks of code, however deep they stand."""
    for node in nodes:
        if node.kind is Kind.TABLE:
            yield Shape(node.span, bound(redact_markdown_table, leaks))
        elif node.kind is Kind.FENCE:
            yield Shape(node.span, lambda piece: redact_fence(piece, leaks, names))
        else:
            yield from _fixed(text, node.children, leaks, names)


def said_instead(
    text: str, nodes: Sequence[Node], edits: Sequence[Edit], stand_in: str
) -> list[Edit]:
    """The edits, of which the first that takes something out says `stand_in` in its place."""
    found = list(edits)
    first = min((e for e in found if e[1] == ""), key=lambda e: e[0].start, default=None)
    if first is None:
        return found
    at = first[0].start
    inside = next((n for n in nodes if n.start <= at < n.end and n.kind is Kind.PARAGRAPH), None)
    node = next((n for n in nodes if n.end > at), nodes[-1])
    if inside is not None and first[0].end < inside.end:
        words = f"{stand_in} "
    elif inside is not None and at > inside.start:
        words = f" {stand_in}"
    elif at < node.start:
        words = f"\n\n{stand_in}"
    else:
        at, words = node.start, f"{stand_in}\n\n"
    same = [i for i, edit in enumerate(found) if edit[0].start == at]
    widest = max(same, key=lambda i: found[i][0].end, default=None)
    if widest is None:
        return [*found, (Span(at, at), words)]
    found[widest] = (found[widest][0], words + found[widest][1])
    return found
