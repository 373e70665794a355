"""The blocks of a document without what leaks, and without what stands only for what went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from amnestic.tools.documents.contrast import without_contrast
from amnestic.tools.documents.items import is_record, numbered
from amnestic.tools.documents.leads import Lead, label_end, lead_of
from amnestic.tools.documents.nodes import Edit, Kind, Node, cuts
from amnestic.tools.documents.paragraphs import Told, told
from amnestic.tools.documents.records import Leaks
from amnestic.tools.prose import Flow, Numbers, Shape, leans, trim_rows
from amnestic.types import Span

__all__ = ["Blocks"]

_CONTAINERS = (Kind.LIST, Kind.TABLE, Kind.QUOTE)
_SHAPED = (Kind.TABLE, Kind.FENCE, Kind.SHAPE)
_HEADS_ONE = 7


@dataclass(slots=True)
class _Result:
    """What became of a block."""

    stays: bool
    edits: list[Edit] = field(default_factory=list)
    told: Told | None = None
    owns: bool = False  # an introduction that went because what it introduces is the target's


class Blocks:
    """The edits of one text, found block by block in the order in which they are read.

    Args:
        text: the document's text.
        flow: what was read so far.
        shapes: pieces whose form must hold, by where they begin; those inside a paragraph are cut
            by themselves.
    """

    def __init__(self, text: str, flow: Flow, shapes: Sequence[Shape]) -> None:
        self._text, self._flow, self._shapes = text, flow, shapes
        self._leaks: Leaks = flow.leaks
        self._by_start = {shape.span: shape for shape in shapes}
        self._numbers: dict[int, Numbers] = {}
        self._headings: dict[int, Numbers] = {}

    def edits(self, nodes: Sequence[Node], depth: int = 0) -> tuple[bool, list[Edit]]:
        """Whether anything of sibling blocks stays, and the edits that cut the rest out."""
        results = self._read(nodes, depth)
        self._empty_what_leads_nowhere(nodes, results)
        stays = [result.stays for result in results]
        self._drop_rules(nodes, stays)
        if not any(stays):
            return not nodes, []
        edits = cuts(self._text, [node.span for node in nodes], stays)
        for result, stay in zip(results, stays, strict=True):
            if stay:
                edits += result.told.edits(self._text) if result.told else []
                edits += result.edits
        return True, edits

    def _read(self, nodes: Sequence[Node], depth: int) -> list[_Result]:
        results: list[_Result] = []
        taken = 0  # the level of a heading that went, and takes what stands under it along
        for i, node in enumerate(nodes):
            if node.kind is Kind.HEADING and node.level <= (taken or 9):
                results.append(self._heading(node))
                taken = 0 if results[-1].stays else node.level
                continue
            owned = bool(results) and results[-1].owns and node.kind in _CONTAINERS
            if taken or owned:
                self._flow.drop(node.of(self._text), spoken=False)
                results.append(_Result(False, owns=owned and node.kind is Kind.LIST))
            else:
                results.append(self._block(node, depth))
            ends = i + 1 < len(nodes) and nodes[i + 1].kind not in _CONTAINERS
            if taken == _HEADS_ONE and node.kind in _CONTAINERS and ends:
                taken = 0
        return results

    def _block(self, node: Node, depth: int) -> _Result:
        match node.kind:
            case Kind.PARAGRAPH:
                return self._paragraph(node)
            case Kind.LIST:
                return self._list(node, depth)
            case Kind.QUOTE:
                return self._quote(node, depth)
            case Kind.TABLE | Kind.FENCE | Kind.SHAPE:
                return self._shaped(node)
            case _:
                return _Result(stays=True)

    # ── Headings ─────────────────────────────────────────────────────────────────────────────────

    def _heading(self, node: Node) -> _Result:
        said = self._text[node.inner : node.end]
        kept = said if not self._leaks(said) else self._trimmed_heading(said)
        numbers = self._headings.setdefault(node.level, Numbers())
        edits = numbered(self._text, node.inner, numbers, node.level, stays=bool(kept))
        if not kept:
            self._flow.drop(said, spoken=False)
            return _Result(stays=False)
        if kept != said:
            self._flow.drop(said, spoken=False)
            return _Result(True, [(Span(node.inner, node.end), kept)])
        self._flow.keep(said, spoken=False)
        return _Result(True, edits)

    def _trimmed_heading(self, heading: str) -> str:
        for attempt in (trim_rows(heading, self._leaks), without_contrast(heading, self._leaks)):
            if attempt.strip() and not self._leaks(attempt):
                return attempt
        return ""

    # ── Paragraphs ───────────────────────────────────────────────────────────────────────────────

    def _paragraph(self, node: Node) -> _Result:
        label = label_end(self._text, node.start, node.end)
        said = node.of(self._text)
        if label > node.start and self._leaks(self._text[node.start : label]):
            self._flow.drop(said)
            return _Result(stays=False)
        found = told(self._text, node.span, label, self._flow, self._shapes)
        owns = False
        if found.is_intro and not found.kept[-1]:
            found.kept[-1] = without_contrast(found.whole[-1], self._leaks)
            owns = not found.kept[-1]
        return _Result(found.stays, told=found, owns=owns)

    def _quote(self, node: Node, depth: int) -> _Result:
        last = node.of(self._text).rpartition("\n")[2].lstrip("> \t*_")
        if last.startswith(("—", "–", "-")) and self._leaks(last):  # whose words these are
            self._flow.drop(node.of(self._text), spoken=False)
            return _Result(stays=False)
        return _Result(*self.edits(node.children, depth + 1))

    def _shaped(self, node: Node) -> _Result:
        shape = self._by_start.get(node.span)
        given = node.of(self._text)
        kept = shape.redact(given) if shape is not None else "" if self._leaks(given) else given
        if not kept.strip():
            self._flow.drop(given, spoken=False)
            return _Result(stays=False)
        self._flow.keep(kept, spoken=False)
        self._flow.shorter = self._flow.shorter or len(kept) < len(given)
        return _Result(True, [] if kept == given else [(node.span, kept.rstrip("\n"))])

    # ── Lists ────────────────────────────────────────────────────────────────────────────────────

    def _list(self, node: Node, depth: int) -> _Result:
        if is_record(self._text, node, self._leaks):
            self._flow.drop(node.of(self._text), spoken=False)
            return _Result(stays=False)
        numbers = self._numbers.setdefault(depth, Numbers())
        stays: list[bool] = []
        edits: list[Edit] = []
        gone = False
        for item in node.children:
            stay, inner = self._item(item, depth, gone)
            edits += numbered(self._text, item.start, numbers, depth, stays=stay)
            edits += inner if stay else []
            stays.append(stay)
            gone = not stay
        if all(stays):
            return _Result(True, edits)
        self._flow.shorter = True
        spans = [item.span for item in node.children]
        return _Result(any(stays), cuts(self._text, spans, stays) + edits)

    def _item(self, item: Node, depth: int, gone: bool) -> tuple[bool, list[Edit]]:
        """Whether an item stays, and the edits inside it; `gone` is whether the one before went."""
        if item.inner >= item.end:
            return True, []
        first = item.children[0] if item.children else replace(item, kind=Kind.PARAGRAPH)
        if first.kind is not Kind.PARAGRAPH:
            return self.edits(item.children, depth + 1)
        said = first.of(self._text)
        if gone and leans(said):
            self._flow.drop(item.of(self._text), spoken=False)
            return False, []
        self._flow.begin()
        head = self._head(first)
        if not head.stays:
            self._flow.drop(item.of(self._text), spoken=False)
            return False, []
        stay, inner = self.edits(item.children[1:], depth + 1)
        leads = said.rstrip(" *_").endswith(":") and len(item.children) > 1
        if leads and not stay:
            self._flow.drop(item.of(self._text), spoken=False)
            return False, []
        return True, [*self._head_edits(head), *self._under(item, stay, inner)]

    def _under(self, item: Node, stay: bool, inner: list[Edit]) -> list[Edit]:
        """The edits of what stands under the first paragraph of an item."""
        if stay or len(item.children) < 2:
            return inner
        return [(Span(item.children[0].end, item.children[-1].end), "")]

    def _head_edits(self, head: _Result) -> list[Edit]:
        return [*head.edits, *(head.told.edits(self._text) if head.told else [])]

    def _head(self, first: Node) -> _Result:
        """The first paragraph of an item: the thing, and what is said of it."""
        lead = lead_of(self._text, first.start, first.end)
        if lead is None:
            return self._said(first, first.start)
        if self._leaks(lead.of(self._text)):
            kept = trim_rows(lead.of(self._text), self._leaks)
            if self._leaks(kept) or not kept.strip():
                return _Result(stays=False)
        self._flow.keep(lead.of(self._text), spoken=False)
        if lead.inner >= first.end:
            return _Result(stays=True)
        return self._after(lead, first)

    def _after(self, lead: Lead, first: Node) -> _Result:
        found = self._said(first, lead.inner)
        if found.stays or not lead.alone:
            return found
        self._flow.keep(lead.of(self._text), spoken=False)
        return _Result(True, [(Span(lead.end, first.end), "")])

    def _said(self, first: Node, begin: int) -> _Result:
        found = told(self._text, first.span, begin, self._flow, self._shapes)
        if not found.stays and len(found.kept) == 1:
            found.kept[0] = _shortened(found.whole[0], self._leaks)
        return _Result(found.stays, told=replace(found, label=found.label))

    # ── What leads nowhere ───────────────────────────────────────────────────────────────────────

    def _empty_what_leads_nowhere(self, nodes: Sequence[Node], results: list[_Result]) -> None:
        for i in range(len(nodes) - 1, -1, -1):
            if not results[i].stays:
                continue
            if nodes[i].kind is Kind.HEADING:
                under = _under_heading(nodes, i)
                results[i].stays = not under or any(results[j].stays for j in under)
            elif (intro := results[i].told) is not None and intro.is_intro and intro.kept[-1]:
                under = _introduced(nodes, i)
                if under and not any(results[j].stays for j in under):
                    intro.drop_intro()
                    results[i].stays = intro.stays

    def _drop_rules(self, nodes: Sequence[Node], stays: list[bool]) -> None:
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


def _under_heading(nodes: Sequence[Node], at: int) -> list[int]:
    level = nodes[at].level
    under: list[int] = []
    for j in range(at + 1, len(nodes)):
        node = nodes[j]
        if node.kind is Kind.HEADING and node.level <= level:
            break
        apart = under and nodes[under[0]].kind in _CONTAINERS and node.kind not in _CONTAINERS
        if level == _HEADS_ONE and apart:
            break
        if node.kind is not Kind.RULE:
            under.append(j)
    return under


def _introduced(nodes: Sequence[Node], at: int) -> list[int]:
    """The list, table, quote or block of code that stands behind a paragraph."""
    under: list[int] = []
    for j in range(at + 1, len(nodes)):
        kind = nodes[j].kind
        if kind not in (*_CONTAINERS, *_SHAPED) or (under and kind is not nodes[under[0]].kind):
            break
        under.append(j)
    return under


def _shortened(said: str, leaks: Leaks) -> str:
    """What is said of an item, up to the last comma before what leaks; nothing where that leaks too
    or is no more than a word or two."""
    ends = [i for i, char in enumerate(said) if char in ",;" or said[i : i + 3] in (" – ", " — ")]
    for end in reversed(ends):
        before = said[:end].rstrip()
        if len(before.split()) < 3:
            return ""
        if not leaks(before) and before.count("(") == before.count(")"):
            return before + "." * said.rstrip().endswith(".")
    return ""
