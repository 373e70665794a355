"""Lines that head what stands below them, and texts without such a line and what it heads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from amnestic.tools.documents.cutting import cut
from amnestic.tools.documents.markdown import read_markdown
from amnestic.tools.documents.nodes import Kind, Node
from amnestic.tools.documents.outcomes import CONTAINERS
from amnestic.types import Span

__all__ = ["Head", "heads_in", "without_headed"]

_EDGES = " \t\n*_:#：>"
_COLON = re.compile(r"[:：][*_]*[ \t]*$")


@dataclass(frozen=True, slots=True)
class Head:
    """A line that heads something: the first of an item of a list (`in_list`), or a line before a
    list, a table or a quote."""

    line: Span
    in_list: bool


def heads_in(text: str) -> tuple[Head, ...]:
    """The lines of a text that head what stands below them, in order.

    >>> text = "Poets:\\n\\n1. Osk\\n- Tavel\\n2. Hill\\n- Tarn\\n"
    >>> [(text[h.line.start : h.line.end], h.in_list) for h in heads_in(text)]
    [('Poets:', False), ('Osk', True), ('Hill', True)]
    """
    tree = read_markdown(text)
    return tuple(_heads(text, tree.children)) if tree is not None else ()


def without_headed(text: str, heads: Sequence[Head], names: Sequence[str]) -> str:
    """`text` without `heads`, lines with one of `names`, and without what stands below them.

    >>> text = "1. Osk\\n- Tavel\\n2. Hill\\n- Tarn\\n"
    >>> without_headed(text, heads_in(text)[:1], ["Osk"])
    '1. Hill\\n- Tarn\\n'
    """
    lines = {_bare(text[head.line.start : head.line.end]) for head in heads}

    def goes(piece: str) -> bool:
        return any(name in piece for name in names) and any(_bare(piece) in line for line in lines)

    return cut(text, goes) if lines else text


def _bare(piece: str) -> str:
    return piece.strip(_EDGES)


def _heads(text: str, nodes: Sequence[Node]) -> Iterator[Head]:
    for i, node in enumerate(nodes):
        if node.kind is Kind.ITEM:
            yield from _of_item(text, node)
        elif i + 1 < len(nodes) and nodes[i + 1].kind in CONTAINERS:
            begin = text.rfind("\n", node.inner or node.start, node.end) + 1
            line = Span(max(begin, node.inner, node.start), node.end)
            if node.kind is Kind.HEADING or _ends_with_colon(text, node):
                yield Head(line, in_list=False)
        yield from _heads(text, node.children)


def _of_item(text: str, item: Node) -> Iterator[Head]:
    first = item.children[0] if item.children else None
    if first is None or first.kind not in (Kind.PARAGRAPH, Kind.HEADING):
        return
    end = text.find("\n", first.start, first.end)
    line = Span(first.start, first.end if end < 0 else end)
    if len(item.children) > 1 or (end >= 0 and _COLON.search(text[line.start : line.end])):
        yield Head(line, in_list=True)


def _ends_with_colon(text: str, node: Node) -> bool:
    return node.kind is Kind.PARAGRAPH and bool(_COLON.search(node.of(text)))
