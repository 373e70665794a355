"""What becomes of blocks because of others: headings and introductions of nothing, and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from amnestic.tools.documents.figures import Changed, with_figures
from amnestic.tools.documents.nodes import Edit, Kind, Node
from amnestic.tools.documents.paragraphs import Told
from amnestic.tools.prose import recounted, tells_part
from amnestic.types import Span

__all__ = [
    "CONTAINERS",
    "HEADS_ONE",
    "Result",
    "count_anew",
    "drop_rules",
    "empty_what_leads_nowhere",
    "headings_beside",
    "joins_another",
    "under_heading",
]

CONTAINERS = (Kind.LIST, Kind.TABLE, Kind.QUOTE)
HEADS_ONE = 7
"""The level of a line in bold: it heads no more than the list behind it."""

_SHAPED = (Kind.TABLE, Kind.FENCE, Kind.SHAPE)
_FAR = 24  # blocks before a list that may tell a sum of it
_REACH = 2  # blocks before a list that may say how long it is


@dataclass(slots=True)
class Result:
    """What became of a block."""

    stays: bool
    edits: list[Edit] = field(default_factory=list)
    told: Told | None = None
    owns: bool = False  # an introduction that went because what it introduces is the target's
    spares: bool = False  # a heading that went, under which others stay
    many: int = 0  # how many items or rows there were
    gone: int = 0  # and how many of them went
    number: int = 0  # of a heading
    figures: list[Changed] = field(default_factory=list)  # sums of columns that are others now
    sums: set[Decimal] = field(default_factory=set)  # of columns that are as they were


def empty_what_leads_nowhere(nodes: Sequence[Node], results: list[Result]) -> None:
    """Take out the headings and the introductions of which nothing stays."""
    for i in range(len(nodes) - 1, -1, -1):
        if not results[i].stays:
            continue
        if nodes[i].kind is Kind.HEADING:
            under = under_heading(nodes, i)
            results[i].stays = not under or any(results[j].stays for j in under)
        elif (intro := results[i].told) is not None and intro.is_intro and intro.kept[-1]:
            under = _introduced(nodes, i)
            if under and not any(results[j].stays for j in under):
                intro.drop_intro()
                results[i].stays = intro.stays


def count_anew(text: str, nodes: Sequence[Node], results: list[Result]) -> None:
    """Say before each list that lost items how many are left, and what their sums are now."""
    _count_sections(nodes, results)
    done: set[tuple[int, int]] = set()
    for i, result in enumerate(results):
        figures = result.figures
        for j in range(i - 1, max(-1, i - 1 - _FAR), -1) if figures else ():
            figures = [f for f in figures if f.old not in results[j].sums]
            _tell_sums(text, nodes[j], results[j], figures)
        if not result.gone or result.gone == result.many:
            continue
        for j in range(i - 1, max(-1, i - 1 - _REACH), -1):
            if results[j].stays:
                _recount(text, nodes[j], results[j], result, done, j)
            if nodes[j].kind is Kind.HEADING:
                break


def _count_sections(nodes: Sequence[Node], results: list[Result]) -> None:
    """Let the first of some headings tell how many of them there were: of the numbered ones, where
    there are any."""
    for level in {node.level for node in nodes if node.kind is Kind.HEADING}:
        every = [result for node, result in zip(nodes, results, strict=True)
                 if node.kind is Kind.HEADING and node.level == level]  # fmt: skip
        same = [result for result in every if result.number] or every
        stays = [result for result in same if result.stays]
        if stays and len(stays) < len(same):
            same[0].many, same[0].gone = len(same), len(same) - len(stays)


def _recount(
    text: str, node: Node, told: Result, lost: Result, done: set[tuple[int, int]], at: int
) -> None:
    """Say in a heading or a paragraph how many are left, where it says how many there were; what
    has been `done` counts something else."""
    left = lost.many - lost.gone
    if node.kind is Kind.HEADING and not told.edits:
        said = text[node.inner : node.end]
        new = recounted(said, lost.many, left)
        told.edits = [(Span(node.inner, node.end), new)] if new != said else []
    kept = told.told.kept if told.told else []
    for k in range(len(kept) - 1, -1, -1):
        if tells_part(kept[k], lost.many):  # "two of these five": of which, it does not say
            kept[k] = ""
            told.stays = any(kept)
            continue
        new = recounted(kept[k], lost.many, left)
        if new != kept[k] and (at, k) not in done:
            done.add((at, k))
            kept[k] = new
            return


def _tell_sums(text: str, node: Node, told: Result, figures: Sequence[Changed]) -> None:
    """Say in a heading or a paragraph before rows what their sums are now."""
    if node.kind is Kind.HEADING and told.stays and not told.edits:
        said = text[node.inner : node.end]
        new = with_figures(said, figures)
        told.edits = [(Span(node.inner, node.end), new)] if new != said else []
    elif (found := told.told) is not None:
        label = text[found.label.start : found.label.end] if found.label else ""
        found.kept[:] = [with_figures(piece, figures, label) for piece in found.kept]


def drop_rules(nodes: Sequence[Node], stays: list[bool]) -> None:
    """Of lines between parts, those stay that have a part on either side as before."""
    if all(stays):
        return
    rules = [i for i, node in enumerate(nodes) if node.kind is Kind.RULE]
    for begin, end in zip([-1, *rules], [*rules, len(nodes)], strict=True):
        part = range(begin + 1, end)
        if part and not any(stays[i] for i in part):
            edge = begin if begin >= 0 else end
            if 0 <= edge < len(nodes):
                stays[edge] = False


def under_heading(nodes: Sequence[Node], at: int) -> list[int]:
    """The places of the blocks that the heading at a place heads."""
    level = nodes[at].level
    under: list[int] = []
    for j in range(at + 1, len(nodes)):
        node = nodes[j]
        if node.kind is Kind.HEADING and node.level <= level:
            break
        apart = under and nodes[under[0]].kind in CONTAINERS and node.kind not in CONTAINERS
        if level == HEADS_ONE and apart:
            break
        if node.kind is not Kind.RULE:
            under.append(j)
    return under


def headings_beside(nodes: Sequence[Node], at: int) -> list[Node]:
    """The headings next to the one at a place that are no lower and no higher, under the same
    one."""
    level = nodes[at].level
    headings = (
        next((n for n in way if n.kind is Kind.HEADING and n.level <= level), None)
        for way in (map(nodes.__getitem__, range(at - 1, -1, -1)), islice(nodes, at + 1, None))
    )
    return [node for node in headings if node is not None and node.level == level]


def joins_another(nodes: Sequence[Node], results: Sequence[Result]) -> bool:
    """Whether what the last of some blocks heads would, without it, stand under a heading that is
    no higher; `results` are those of the blocks before it."""
    return any(
        result.stays and node.kind is Kind.HEADING and node.level >= nodes[-1].level
        for node, result in zip(nodes, results, strict=False)
    )


def _introduced(nodes: Sequence[Node], at: int) -> list[int]:
    """The list, table, quote or block of code that stands behind a paragraph."""
    under: list[int] = []
    for j in range(at + 1, len(nodes)):
        kind = nodes[j].kind
        if kind not in (*CONTAINERS, *_SHAPED) or (under and kind is not nodes[under[0]].kind):
            break
        under.append(j)
    return under
