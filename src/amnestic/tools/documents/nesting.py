"""Lists that stand under an item of another although nothing is indented.

Models write "1. Name:" and the points of it below at the same margin. To the grammar of Markdown
these are two lists; to a reader the second is what the first one's item introduces.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from amnestic.tools.documents.nodes import Kind, Node

__all__ = ["with_lists_in_items"]


def with_lists_in_items(text: str, blocks: Iterable[Node]) -> tuple[Node, ...]:
    """Blocks in which the list right behind an item that ends with a colon belongs to that item,
    and the list is one that goes on behind it.

    >>> from amnestic.tools.documents.markdown import read_markdown
    >>> tree = read_markdown("1. Name:\\n- Osk\\n2. Town:\\n- Tavel")
    >>> [str(item.children[1].kind) for item in tree.children[0].children]
    ['list', 'list']
    """
    out: list[Node] = []
    for block in blocks:
        before = out[-1] if out else None
        if before is None or not _are_lists(text, before, block):
            out.append(block)
        elif _introduces(text, before.children[-1]):
            out[-1] = _adopting(before, block)
        elif len(before.children[-1].children) > 1 and _sign(text, before) == _sign(text, block):
            out[-1] = replace(before, end=block.end, children=(*before.children, *block.children))
        else:
            out.append(block)
    return tuple(out)


def _are_lists(text: str, before: Node, block: Node) -> bool:
    """Whether both are lists, and no blank line stands between them."""
    lists = before.kind is Kind.LIST and block.kind is Kind.LIST
    filled = lists and bool(before.children) and bool(block.children)
    return filled and text.count("\n", before.end, block.start) == 1


def _introduces(text: str, item: Node) -> bool:
    lone = len(item.children) == 1 and item.children[0].kind is Kind.PARAGRAPH
    return lone and item.of(text).rstrip(" *_").endswith(":")


def _adopting(before: Node, block: Node) -> Node:
    *items, last = before.children
    last = replace(last, end=block.end, children=(*last.children, block))
    return replace(before, end=block.end, children=(*items, last))


def _sign(text: str, node: Node) -> str:
    first = text[node.start]
    return "number" if first.isdigit() else first
