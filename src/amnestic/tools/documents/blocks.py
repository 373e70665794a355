"""The blocks of a document without what leaks, and without what stands only for what went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from amnestic.tools.documents.addressed import left_of_heading
from amnestic.tools.documents.chapters import Chapters
from amnestic.tools.documents.contrast import without_contrast
from amnestic.tools.documents.items import is_record, marks_of, numbered, shortened
from amnestic.tools.documents.leads import Lead, label_end, lead_of
from amnestic.tools.documents.losses import begin_items, note_items, note_losses, with_total
from amnestic.tools.documents.nodes import Edit, Kind, Node, cuts
from amnestic.tools.documents.outcomes import (
    CONTAINERS,
    HEADS_ONE,
    Result,
    count_anew,
    drop_rules,
    empty_what_leads_nowhere,
    headings_beside,
    joins_another,
    under_heading,
)
from amnestic.tools.documents.paragraphs import Told, told
from amnestic.tools.documents.records import Leaks
from amnestic.tools.documents.references import References
from amnestic.tools.documents.tables import narrows
from amnestic.tools.prose import Flow, Numbers, Shape, begins_with_name, trim_rows
from amnestic.types import Span

__all__ = ["Blocks"]


class Blocks:
    """The edits of one text, found block by block in the order in which they are read.

    Args:
        text: the document's text.
        flow: what was read so far.
        shapes: pieces whose form must hold, by where they begin; those inside a paragraph are cut
            by themselves.
        certain: whether a heading must go that leaks; as for any piece unless given.
    """

    def __init__(
        self, text: str, flow: Flow, shapes: Sequence[Shape], certain: Leaks | None = None
    ) -> None:
        self._text, self._flow, self._shapes = text, flow, shapes
        self._leaks: Leaks = flow.leaks
        self._certain: Leaks = certain or flow.leaks
        self._by_start = {shape.span: shape for shape in shapes}
        self._numbers: dict[int, Numbers] = {}
        self._headings: dict[int, Numbers] = {}
        self._chapters = Chapters()
        self._references = References()

    def edits(self, nodes: Sequence[Node], depth: int = 0) -> tuple[bool, list[Edit]]:
        """Whether anything of sibling blocks stays, and the edits that cut the rest out."""
        results = self._read(nodes, depth)
        empty_what_leads_nowhere(nodes, results)
        count_anew(self._text, nodes, results)
        stays = [result.stays for result in results]
        drop_rules(nodes, stays)
        if not any(stays):
            return not nodes, []
        edits = cuts(self._text, [node.span for node in nodes], stays)
        for result, stay in zip(results, stays, strict=True):
            if stay:
                edits += result.told.edits(self._text) if result.told else []
                edits += result.edits
        return True, edits

    def _read(self, nodes: Sequence[Node], depth: int) -> list[Result]:
        results: list[Result] = []
        taken = 0  # the level of a heading that went, and takes what stands under it along
        for i, node in enumerate(nodes):
            if node.kind is Kind.HEADING and node.level <= (taken or 9):
                results.append(self._heading(nodes, i, results))
                taken = 0 if results[-1].stays or results[-1].spares else node.level
                continue
            owned = bool(results) and results[-1].owns and node.kind in CONTAINERS
            if taken or (owned and not self._sets_apart(node)):
                self._flow.drop(node.of(self._text), spoken=False)
                results.append(Result(False, owns=owned and node.kind is Kind.LIST))
            else:
                results.append(self._block(node, depth))
            ends = i + 1 < len(nodes) and nodes[i + 1].kind not in CONTAINERS
            if taken == HEADS_ONE and node.kind in CONTAINERS and ends:
                taken = 0
        return results

    def _block(self, node: Node, depth: int) -> Result:
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
                return Result(stays=True)

    # ── Headings ─────────────────────────────────────────────────────────────────────────────────

    def _heading(self, nodes: Sequence[Node], at: int, before: Sequence[Result]) -> Result:
        node = nodes[at]
        said = kept = self._text[node.inner : node.end]
        spares = False
        if self._leaks(said) and self._certain(said):
            under = [nodes[i] for i in under_heading(nodes, at)]
            beside = headings_beside(nodes, at)
            kept, spares = left_of_heading(self._text, node, under, beside, self._leaks)
            spares = spares and not joins_another(nodes[: at + 1], before)
        numbers = self._headings.setdefault(node.level, Numbers())
        mark = marks_of(self._text, [node.inner])[0]
        edits = numbered(self._text, node.inner, mark, numbers, node.level, stays=bool(kept))
        number = mark.number if mark else 0
        if number:
            self._chapters.note(node.level, number, self._references, self._flow, stays=bool(kept))
        if not kept:
            self._flow.drop(said, spoken=False)
            return Result(stays=False, number=number, spares=spares)
        if kept != said:
            self._flow.drop(said, spoken=False)
            return Result(True, [(Span(node.inner, node.end), kept)], number=number)
        self._flow.keep(said, spoken=False)
        return Result(True, edits, number=number)

    # ── Paragraphs ───────────────────────────────────────────────────────────────────────────────

    def _paragraph(self, node: Node) -> Result:
        label = label_end(self._text, node.start, node.end)
        said = node.of(self._text)
        head = self._text[node.start : label]
        if head and self._leaks(head) and self._certain(head):
            self._flow.drop(said)
            return Result(stays=False)
        found = self._told(node.span, label)
        owns = False
        if found.is_intro and not found.kept[-1]:
            found.kept[-1] = without_contrast(found.whole[-1], self._leaks)
            owns = not found.kept[-1]
        return Result(found.stays, told=found, owns=owns)

    def _told(self, span: Span, begin: int) -> Told:
        """The sentences of a paragraph, which may speak of items and rows that went."""
        references, leaks = self._references, self._leaks
        label = self._text[span.start : begin]
        self._flow.leaks = lambda s: leaks(s) or references.speaks_of_what_went(s, label)
        self._flow.goes_whole = references.fills
        found = told(self._text, span, begin, self._flow, self._shapes)
        self._flow.leaks = leaks
        found.kept = [references.mended(piece, label) for piece in found.kept]
        return found

    def _quote(self, node: Node, depth: int) -> Result:
        last = node.of(self._text).rpartition("\n")[2].lstrip("> \t*_")
        if last.startswith(("—", "–", "-")) and self._leaks(last):  # whose words these are
            self._flow.drop(node.of(self._text), spoken=False)
            return Result(stays=False)
        return Result(*self.edits(node.children, depth + 1))

    def _shaped(self, node: Node) -> Result:
        shape = self._by_start.get(node.span)
        given = node.of(self._text)
        kept = shape.redact(given) if shape is not None else "" if self._leaks(given) else given
        if not kept.strip():
            self._flow.drop(given, spoken=False)
            return Result(stays=False)
        self._flow.keep(kept, spoken=False)
        self._flow.shorter = self._flow.shorter or len(kept) < len(given)
        result = Result(True, [] if kept == given else [(node.span, kept.rstrip("\n"))])
        note_losses(node.kind, given, kept, self._references, self._flow, result)
        return result

    def _sets_apart(self, node: Node) -> bool:
        """Whether a table has columns for a target and for others, and is not all the target's."""
        shape = self._by_start.get(node.span) if node.kind is Kind.TABLE else None
        return shape is not None and narrows(node.of(self._text), shape.redact)

    # ── Lists ────────────────────────────────────────────────────────────────────────────────────

    def _list(self, node: Node, depth: int) -> Result:
        if is_record(self._text, node, self._leaks):
            self._flow.drop(node.of(self._text), spoken=False)
            return Result(stays=False)
        result = begin_items(self._text, node.children, self._references)
        numbers = self._numbers.setdefault(depth, Numbers())
        stays: list[bool] = []
        edits: list[Edit] = []
        gone = False
        marks = marks_of(self._text, [item.start for item in node.children])
        leads = [lead_of(self._text, item.inner, item.end) for item in node.children]
        named = 2 * sum(lead is not None and lead.alone for lead in leads) >= len(leads)
        for item, mark in zip(node.children, marks, strict=True):
            stay, inner = self._item(item, depth, gone=gone, named=named)
            edits += numbered(self._text, item.start, mark, numbers, depth, stays=stay)
            edits += inner if stay else []
            stays.append(stay)
            gone = not stay
        known = [mark.number for mark in marks if mark is not None]
        note_items(self._text, node.children, stays, edits, self._references, result)
        if stays[-1]:
            edits = with_total(self._text, node.children[-1], edits, result.figures)
        if not depth:
            self._references.note(known, stays)
        if all(stays):
            return replace(result, edits=edits)
        self._flow.shorter = True
        self._flow.end_list(stays.count(True))
        many, lost = max([len(stays), *known]), stays.count(False)
        self._flow.counted.append((many, many - lost))
        edits += cuts(self._text, [item.span for item in node.children], stays)
        return replace(result, stays=any(stays), edits=edits, many=many, gone=lost)

    def _item(self, item: Node, depth: int, *, gone: bool, named: bool) -> tuple[bool, list[Edit]]:
        """Whether an item stays, and the edits inside it; `gone` is whether the one before went,
        `named` whether the list is one of names."""
        if item.inner >= item.end:
            return True, []
        first = item.children[0] if item.children else replace(item, kind=Kind.PARAGRAPH)
        if first.kind is not Kind.PARAGRAPH:
            return self.edits(item.children, depth + 1)
        said = first.of(self._text)
        if gone and self._flow.takes_entry(said):
            self._flow.drop(item.of(self._text), spoken=False)
            return False, []
        self._flow.begin()
        head = self._head(first, named=named)
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

    def _head_edits(self, head: Result) -> list[Edit]:
        return [*head.edits, *(head.told.edits(self._text) if head.told else [])]

    def _head(self, first: Node, *, named: bool) -> Result:
        """The first paragraph of an item: the thing, and what is said of it."""
        lead = lead_of(self._text, first.start, first.end)
        if lead is None:
            return self._said(first, first.start)
        within = lead_of(self._text, lead.inner, first.end) if lead.is_label else None
        if self._goes(lead) or (within is not None and self._goes(within)):
            return Result(stays=False)
        self._flow.keep(lead.of(self._text), spoken=False)
        if lead.inner >= first.end:
            return Result(stays=True)
        return self._after(replace(lead, alone=lead.alone or (named and not lead.is_label)), first)

    def _goes(self, lead: Lead) -> bool:
        """Whether what an item is about leaks, and is no row of which a part may stay."""
        thing = lead.of(self._text)
        kept = trim_rows(thing, self._leaks) if self._leaks(thing) else thing
        calls = self._references.calls_entry(thing)  # "Number 2 needs practice: …"
        return not kept.strip() or self._leaks(kept) or calls

    def _after(self, lead: Lead, first: Node) -> Result:
        found = self._said(first, lead.inner) if lead.alone else self._whole(first, lead.inner)
        if found.stays or not lead.alone:
            return found
        self._flow.keep(lead.of(self._text), spoken=False)
        return Result(True, [(Span(lead.end, first.end), "")])

    def _whole(self, first: Node, begin: int) -> Result:
        """What is said behind a label or a time: of a single sentence no more than a row of names
        is cut, since what is left of it would be of no use, unless it says what somebody else did,
        whom it begins with."""
        found = self._told(first.span, begin)
        if len(found.kept) == 1 and self._leaks(found.whole[0]):
            kept = trim_rows(found.whole[0], self._leaks)
            if not kept.strip() or self._leaks(kept):
                kept = found.kept[0] if begins_with_name(found.kept[0]) else ""
            found.kept[0] = kept
        elif found.is_on(self._leaks):
            found.kept = [""] * len(found.kept)
        return Result(found.stays, told=found)

    def _said(self, first: Node, begin: int) -> Result:
        found = self._told(first.span, begin)
        if not found.stays and len(found.kept) == 1:
            found.kept[0] = shortened(found.whole[0], self._leaks)
        elif begin == first.start and found.is_on(self._leaks):
            found.kept = [""] * len(found.kept)
        return Result(found.stays, told=found)
