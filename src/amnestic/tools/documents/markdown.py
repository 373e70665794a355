"""Markdown read into a tree of blocks, each with its place.

The grammar knows headings, lists, tables, quotes and fences. Beside them a text of an assistant has
lines in bold that head what follows, and lists that are none to the grammar: "a) …", "• …", or a
line a picture.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from amnestic.tools.documents.native import Parsed, parsed
from amnestic.tools.documents.nesting import with_lines_as_headings, with_lists_in_items
from amnestic.tools.documents.nodes import Kind, Node
from amnestic.tools.prose import marks_in

__all__ = ["read_markdown"]

_DEEPEST = 40
_BOLD_LINE = re.compile(r"(?:\*\*|__)(?!\s)[^*_\n]{1,120}(?:\*\*|__)[ \t]*:?[ \t]*")
_KINDS = {
    "atx_heading": Kind.HEADING,
    "setext_heading": Kind.HEADING,
    "paragraph": Kind.PARAGRAPH,
    "list": Kind.LIST,
    "list_item": Kind.ITEM,
    "pipe_table": Kind.TABLE,
    "pipe_table_header": Kind.ROW,
    "pipe_table_row": Kind.ROW,
    "pipe_table_cell": Kind.CELL,
    "block_quote": Kind.QUOTE,
    "fenced_code_block": Kind.FENCE,
    "indented_code_block": Kind.FENCE,
    "thematic_break": Kind.RULE,
}
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_SIGN = re.compile(
    r"[ \t>]*(?P<sign>[•·▪◦‣●○–—✓✔☐☑]|[^\w\s.,;:!?'\"()\[\]{}<>*_`~#|/\\&%$€£@+=-])[ \t]*"
)
_PREFIX = re.compile(r"[ \t>]*")


def read_markdown(text: str) -> Node | None:
    """The blocks of a text; `None` where it is too long for the parser.

    >>> tree = read_markdown("# Poets\\n\\n- Osk\\n- Tarn\\n\\n**See:** Hill\\n")
    >>> [str(child.kind) for child in tree.children]
    ['heading', 'list', 'paragraph']
    """
    tree = parsed(text, "markdown")
    if tree is None:
        return None
    blocks = with_lists_in_items(text, _Reading(text, tree).blocks(tree.root, 0))
    return Node(Kind.DOCUMENT, 0, len(text), with_lines_as_headings(text, blocks))


class _Reading:
    """The tree of the parser, read into nodes."""

    def __init__(self, text: str, tree: Parsed) -> None:
        self._text, self._tree = text, tree
        self._questions = sum(map(_asks, text.splitlines())) if "?**" in text else 0

    def blocks(self, parent: Any, depth: int) -> Iterator[Node]:
        """The blocks in a node of the parser's."""
        for child in parent.children:
            if child.type == "section":
                yield from self.blocks(child, depth)
            elif child.type == "paragraph":
                yield from self._paragraphs(*self._ends(child))
            elif (kind := _KINDS.get(child.type)) is not None:
                yield self._block(child, kind, depth)
            elif child.type in ("html_block", "link_reference_definition", "ERROR"):
                yield Node(Kind.PARAGRAPH, *self._ends(child))

    def _block(self, found: Any, kind: Kind, depth: int) -> Node:
        start, end = self._ends(found)
        node = Node(kind, start, end, inner=start)
        if kind is Kind.HEADING:
            return replace(node, level=_level(found), inner=self._heading_inner(start))
        if kind is Kind.FENCE:
            return node
        if depth > _DEEPEST:
            return replace(node, kind=Kind.PARAGRAPH)
        children = tuple(self.blocks(found, depth + 1))
        inner = start
        if kind is Kind.ITEM:
            marker = found.children[0]
            inner = min(self._tree.at(marker.end_byte), end)
            prefix = _PREFIX.match(self._text, inner, end)
            inner = prefix.end() if prefix else inner
        return replace(node, children=children, inner=inner)

    def _heading_inner(self, start: int) -> int:
        mark = re.compile(r"#{1,6}[ \t]*").match(self._text, start)
        return mark.end() if mark else start

    def _ends(self, found: Any) -> tuple[int, int]:
        """Where a node begins and ends, white space and the marks of quotes around it left out."""
        start, end = self._tree.at(found.start_byte), self._tree.at(found.end_byte)
        piece = self._text[start:end]
        start += len(piece) - len(piece.lstrip())
        while end > start:
            bare = self._text[start:end].rstrip()
            line = bare.rfind("\n") + 1
            if not line or bare[line:].strip(" \t>"):
                return start, start + len(bare)
            end = start + line
        return start, end

    def _paragraphs(self, start: int, end: int) -> Iterator[Node]:
        """A paragraph, or what it is to a reader: a heading and its text, or a list."""
        lines = self._lines(start, end)
        if lines and self._heads(lines[0], len(lines)):
            yield replace(lines[0], kind=Kind.HEADING, level=7, inner=lines[0].start)
            lines = lines[1:]
        for sign, run in groupby(zip(self._signs(lines), lines, strict=True), lambda x: x[0]):
            same = [line for _, line in run]
            if sign:
                yield self._as_list(same)
            else:
                yield Node(Kind.PARAGRAPH, same[0].start, same[-1].end)

    def _lines(self, start: int, end: int) -> list[Node]:
        """The lines of a paragraph, without the marks of quotes and the white space around them."""
        lines = []
        for match in _LINE.finditer(self._text, start, end):
            lead = _PREFIX.match(self._text, match.start(), match.end())
            stop = match.start() + len(match.group().rstrip())
            begin = min(lead.end() if lead and match.start() > start else match.start(), stop)
            lines.append(Node(Kind.ITEM, begin, stop))
        return lines

    def _heads(self, line: Node, many: int) -> bool:
        """Whether a line is one in bold that heads what follows, as questions do their answers."""
        piece = line.of(self._text)
        match = _BOLD_LINE.fullmatch(piece)
        if match is None or many > 1:
            return match is not None
        stops = piece.rstrip(" :*_").endswith((".", "!", "?"))
        return not stops or (_asks(piece) and self._questions > 1)

    def _signs(self, lines: Sequence[Node]) -> list[str]:
        """For each line, by what it is an item of a list: a number, a sign, or nothing."""
        if not lines:
            return []
        marks = marks_in("\n".join(line.of(self._text) for line in lines))
        signs, at = [], 0
        for line in lines:
            signs.append("number" if at in marks else self._sign(line))
            at += line.end - line.start + 1
        runs = [list(run) for _, run in groupby(signs)]
        return [sign if len(run) > 1 else "" for run in runs for sign in run]

    def _sign(self, line: Node) -> str:
        match = _SIGN.match(line.of(self._text))
        if match is None:
            return ""
        return "picture" if unicodedata.category(match["sign"]) == "So" else match["sign"]

    def _as_list(self, lines: Sequence[Node]) -> Node:
        items = []
        for line in lines:
            piece = line.of(self._text)
            mark = _SIGN.match(piece) or re.match(r"\(?\w{1,5}[.)]\s+", piece)
            inner = line.start + (mark.end() if mark else 0)
            told = Node(Kind.PARAGRAPH, inner, max(line.end, inner))
            items.append(replace(line, children=(told,), inner=inner))
        return Node(Kind.LIST, lines[0].start, lines[-1].end, tuple(items))


def _asks(line: str) -> bool:
    """Whether a line is a question in bold."""
    return line.strip().startswith("**") and line.strip().endswith("?**")


def _level(heading: Any) -> int:
    for child in heading.children:
        if child.type.startswith("atx_h"):
            return int(child.type[5])
        if child.type.startswith("setext_h"):
            return int(child.type[8])
    return 1
