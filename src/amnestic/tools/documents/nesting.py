"""Lists that stand under an item of another, or under a line, although nothing says so.

Models write "1. Name:" and the points of it below at the same margin. To the grammar of Markdown
these are two lists; to a reader the second is what the first one's item introduces. So it is with
names in lines of their own, each with its list below.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from amnestic.tools.documents.nodes import Kind, Node

__all__ = ["with_lines_as_headings", "with_lists_in_items"]

_MARKS = " \t*_"
_STOPS = re.compile(r"[.!?,;:\u2026\u3002\uff01\uff1f\uff1a][\"'\u201d\u2019\u00bb)\]]*$")
_OWNED = re.compile(r"\w['\u2019]s(?!\w)|s['\u2019](?= )")  # what is below may be anybody's
_LONGEST = 80  # characters of a line that heads a list
_FEWEST = 2  # such lines in a text
_LIST_LEVEL = 7  # of a heading that heads the list behind it


def with_lists_in_items(text: str, blocks: Iterable[Node]) -> tuple[Node, ...]:
    """Blocks in which the list right behind an item that introduces it belongs to that item, and
    the list is one that goes on behind it. An item introduces what stands below where it ends with
    a colon; one that is no sentence does so as well, where the one list has numbers and the other
    has none, and every item before it has a list of its own. Behind a blank line either counts only
    where it is so several times.

    >>> from amnestic.tools.documents.markdown import read_markdown
    >>> tree = read_markdown("1. Name:\\n- Osk\\n2. Town:\\n- Tavel")
    >>> [str(item.children[1].kind) for item in tree.children[0].children]
    ['list', 'list']
    """
    out: list[Node] = []
    given = tuple(blocks)
    many = Counter(
        _is_numbered(text, before)
        for before, block in pairwise(given)
        if _are_item_and_points(text, before, block)
    )
    for block in given:
        before = out[-1] if out else None
        if before is None or not _are_lists(before, block) or _lines_to(text, before, block) > 2:
            out.append(block)
        elif _introduces(text, before, block, many[_is_numbered(text, before)]):
            out[-1] = _adopting(before, block)
        elif _goes_on(text, before, block):
            out[-1] = replace(before, end=block.end, children=(*before.children, *block.children))
        else:
            out.append(block)
    return tuple(out)


def with_lines_as_headings(text: str, blocks: Sequence[Node]) -> tuple[Node, ...]:
    """Blocks in which lines by themselves that are no sentences are headings, where each of several
    has a list right behind it. A line in which somebody owns something is none: what stands below
    may be of use without it.

    >>> from amnestic.tools.documents.markdown import read_markdown
    >>> tree = read_markdown("Osk\\n\\n- Tavel\\n\\nHill\\n\\n- Tarn\\n")
    >>> [str(block.kind) for block in tree.children]
    ['heading', 'list', 'heading', 'list']
    """
    heads = [
        i
        for i, block in enumerate(blocks[:-1])
        if blocks[i + 1].kind is Kind.LIST and _is_bare_line(text, block)
    ]
    if len(heads) < _FEWEST:
        return tuple(blocks)
    out = list(blocks)
    for i in heads:
        out[i] = replace(out[i], kind=Kind.HEADING, level=_LIST_LEVEL, inner=out[i].start)
    return tuple(out)


def _is_bare_line(text: str, block: Node) -> bool:
    said = block.of(text)
    short = block.kind is Kind.PARAGRAPH and len(said) <= _LONGEST
    return short and _is_no_sentence(said) and not _OWNED.search(said)


def _is_no_sentence(said: str) -> bool:
    return "\n" not in said and not _STOPS.search(said.rstrip(_MARKS))


def _are_lists(before: Node, block: Node) -> bool:
    lists = before.kind is Kind.LIST and block.kind is Kind.LIST
    return lists and bool(before.children) and bool(block.children)


def _lines_to(text: str, before: Node, block: Node) -> int:
    """The ends of lines between two blocks: two with a blank line between them."""
    return text.count("\n", before.end, block.start)


def _introduces(text: str, before: Node, block: Node, many: int) -> bool:
    """Whether the last item of a list introduces the list behind it; `many` is how often that may
    be so in the text."""
    *others, last = before.children
    if not _is_lone(last) or (_lines_to(text, before, block) > 1 and many < _FEWEST):
        return False
    if _ends_with_colon(text, last):
        return True
    own = all(len(item.children) > 1 for item in others)
    return own and _are_item_and_points(text, before, block)


def _is_lone(item: Node) -> bool:
    """Whether an item is a paragraph or a line in bold, and nothing else."""
    return len(item.children) == 1 and item.children[0].kind in (Kind.PARAGRAPH, Kind.HEADING)


def _ends_with_colon(text: str, item: Node) -> bool:
    return item.of(text).rstrip(_MARKS).endswith((":", "\uff1a"))


def _are_item_and_points(text: str, before: Node, block: Node) -> bool:
    """Whether a list that ends with no sentence, and the list behind it, are one with numbers and
    one without."""
    if not _are_lists(before, block) or not _is_lone(before.children[-1]):
        return False
    last = before.children[-1]
    apart = _is_numbered(text, before) != _is_numbered(text, block)
    return apart and (_ends_with_colon(text, last) or _is_no_sentence(last.of(text)))


def _goes_on(text: str, before: Node, block: Node) -> bool:
    """Whether a list goes on behind what stands under its last item."""
    under = len(before.children[-1].children) > 1 and _lines_to(text, before, block) == 1
    return under and _sign(text, before) == _sign(text, block)


def _adopting(before: Node, block: Node) -> Node:
    *items, last = before.children
    last = replace(last, end=block.end, children=(*last.children, block))
    return replace(before, end=block.end, children=(*items, last))


def _is_numbered(text: str, node: Node) -> bool:
    return _sign(text, node) == "number"


def _sign(text: str, node: Node) -> str:
    first = text[node.start]
    return "number" if first.isdigit() else first
