"""Random documents in Markdown, and what must hold of them when parts of them are cut out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random

from amnestic.tools.documents.markdown import read_markdown
from amnestic.tools.documents.nodes import Kind, Node

__all__ = ["Words", "markdown", "markdown_fault"]

_FILLERS = ("sea", "Zürich", "貝", "old mill", "x & y", "rain, wind", "naïve", "🎬 film")
_SHARE = 0.25


class Words:
    """Parts of a document, each with a word of its own."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._next = 0

    def part(self) -> str:
        self._next += 1
        said = self.random.choice(_FILLERS)
        name = "Osk " if self.random.random() < _SHARE else ""
        return f"{name}w{self._next} {said}"

    def plain(self) -> str:
        return self.part().replace("& ", "").replace(",", "")

    def many(self, most: int = 4) -> range:
        return range(self.random.randint(1, most))


def markdown(random: Random) -> str:
    """A document of a few blocks of every kind."""
    words = Words(random)
    blocks = [_block(words) for _ in words.many(8)]
    return "\n\n".join(blocks) + "\n" * random.randint(0, 1)


def _block(words: Words) -> str:
    kind = words.random.choice(
        ("heading", "prose", "list", "list", "table", "quote", "fence", "intro")
    )
    if kind == "heading":
        return f"{'#' * words.random.randint(1, 4)} {words.part()}"
    if kind == "prose":
        return " ".join(f"The {words.part()}." for _ in words.many())
    if kind == "list":
        return _items(words, 0)
    if kind == "intro":
        return f"The {words.part()}:\n\n{_items(words, 0)}"
    if kind == "table":
        return _table(words)
    if kind == "quote":
        return "\n>\n".join(f"> The {words.part()}." for _ in words.many())
    return (
        "```json\n" + json.dumps([words.part() for _ in words.many()], ensure_ascii=False) + "\n```"
    )


def _items(words: Words, depth: int) -> str:
    numbered = words.random.random() < 0.5
    lines = []
    for i in words.many():
        mark = f"{i + 1}. " if numbered else "- "
        said = (
            f"**{words.plain()}** – {words.part()}" if words.random.random() < 0.5 else words.part()
        )
        lines.append("   " * depth + mark + said)
        if depth < 2 and words.random.random() < 0.3:
            lines.append(_items(words, depth + 1))
    return "\n".join(lines)


def _table(words: Words) -> str:
    width = words.random.randint(2, 4)
    head = "| " + " | ".join(f"Key {i}" for i in range(width)) + " |"
    rows = ["| " + " | ".join(words.part() for _ in range(width)) + " |" for _ in words.many()]
    return "\n".join([head, "|---" * width + "|", *rows])


def markdown_fault(clean: str) -> str | None:
    """What does not hold of a document that was cut; `None` where all does."""
    tree = read_markdown(clean)
    if tree is None:
        return "is no Markdown"
    return next(_faults(tree, clean), None)


def _faults(node: Node, text: str) -> Iterator[str]:
    numbers = [
        re.match(r"(\d+)\.", item.of(text)) for item in node.children if item.kind is Kind.ITEM
    ]
    told = [int(match[1]) for match in numbers if match]
    if any(b not in (1, a + 1) for a, b in zip([0, *told], told, strict=False)):
        yield f"items are numbered {told}"
    if node.kind is Kind.ITEM and node.inner >= node.end:
        yield "an item is empty"
    if node.kind is Kind.TABLE and len({line.count("|") for line in node.of(text).split("\n")}) > 1:
        yield "a table is ragged"
    if node.kind is Kind.TABLE and node.of(text).count("\n") < 2:
        yield "a table has no rows"
    if node.kind is Kind.FENCE and not node.of(text).endswith("```"):
        yield "a fence is open"
    if "\n\n\n" in text:
        yield "a gap is left"
    for child in node.children:
        yield from _faults(child, text)
