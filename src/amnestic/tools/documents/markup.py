"""XML and HTML without the elements that tell of a target: what was well formed still is."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from amnestic.tools.documents.json_counts import is_counter
from amnestic.tools.documents.json_tree import edited
from amnestic.tools.documents.records import Field, Leaks, judge_record, says_what
from amnestic.tools.prose import drop_segments, leans, leans_on_person
from amnestic.types import Span

__all__ = ["is_well_formed", "redact_markup"]

_TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<[?!][^>]*>"
    r"|<(?P<close>/)?(?P<name>[A-Za-z][\w:.-]*)(?P<attrs>(?:\s+[^<>\"']*(?:\"[^\"]*\"|'[^']*')?)*)\s*"
    r"(?P<alone>/)?>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ENTITY = re.compile(r"&#?\w{1,31};")
_MASK = "\ue000"  # for the end of an entity, which is none of a clause
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_INLINE = frozenset(
    "a abbr b bdi bdo br cite code data dfn em font i img kbd mark q s samp small span strong sub "
    "sup time u var wbr".split()
)
_ROWS = frozenset(("tr",))
_CELLS = frozenset(("th", "td"))
_PROSE = frozenset(("p", "blockquote"))
_PAGE = frozenset(("html", "body", "main"))
_HEADING = re.compile(r"h([1-6])$")
_SPACE_BEFORE = re.compile(r"\s*$")


@dataclass(slots=True)
class _Element:
    """`text[start:end]`, and between its tags `text[inner_start:inner_end]`."""

    name: str
    start: int
    inner_start: int
    inner_end: int = 0
    end: int = 0
    children: list[_Element] = field(default_factory=list)

    @property
    def blocks(self) -> list[_Element]:
        """The children that are more than a way of setting words."""
        return [c for c in self.children if c.name not in _INLINE]


def is_well_formed(text: str) -> bool:
    """Whether `text` is nothing but elements, each closed where it should be.

    >>> is_well_formed("<p>Hi <b>you</b></p>"), is_well_formed("<p>Hi"), is_well_formed("1 < 2")
    (True, False, False)
    """
    return _parse(text) is not None


def redact_markup(text: str, leaks: Leaks) -> str | None:
    """XML or HTML without the elements that leak; `None` when `text` is neither.

    An element whose parts are fields is a record and goes as a whole when it is about a target.

    >>> redact_markup("<ul><li>Osk</li><li>Tarn</li></ul>", lambda s: "Osk" in s)
    '<ul><li>Tarn</li></ul>'
    """
    root = _parse(text)
    if root is None:
        return None
    columns = list(_Elements(text, leaks).columns(root))
    if columns:
        narrower = edited(text, columns)
        return redact_markup(narrower, leaks) or narrower
    edits = [*_comments(text, leaks), *_Elements(text, leaks).edits(root)]
    return edited(text, edits)


def _parse(text: str) -> _Element | None:
    """The elements of a text under a root without a name."""
    body = text.strip()
    if not (body.startswith("<") and body.endswith(">")):
        return None
    root = _Element("", 0, 0, len(text), len(text))
    stack = [root]
    at = 0
    for token in _TOKEN.finditer(text):
        if len(stack) == 1 and text[at : token.start()].strip():
            return None
        at = token.end()
        name = (token["name"] or "").lower()
        if token["close"]:
            if len(stack) == 1 or stack[-1].name != name:
                return None
            element = stack.pop()
            element.inner_end, element.end = token.start(), token.end()
        elif name:
            element = _Element(name, token.start(), at, at, at)
            stack[-1].children.append(element)
            if not (token["alone"] or name in _VOID):
                stack.append(element)
    whole = len(stack) == 1 and bool(root.children) and not text[at:].strip()
    return root if whole else None


def _comments(text: str, leaks: Leaks) -> Iterator[tuple[Span, str]]:
    for token in _TOKEN.finditer(text):
        if token.group().startswith("<!") and leaks(token.group()):
            yield Span(token.start(), token.end()), ""


class _Elements:
    """The edits of one text."""

    def __init__(self, text: str, leaks: Leaks) -> None:
        self._text = text
        self._leaks = leaks

    def edits(self, parent: _Element) -> Iterator[tuple[Span, str]]:
        """What must change inside an element that stays."""
        gone = 0
        for edit in self._inner_edits(parent):
            gone += not edit[1] and any(c.end == edit[0].end for c in parent.children)
            yield edit
        yield from self._recounted(parent, gone)

    def _inner_edits(self, parent: _Element) -> Iterator[tuple[Span, str]]:
        taken = 0  # the level of a heading that went, and takes what stands under it along
        term = told = False  # whether a term, or a paragraph of prose, went just before
        for child in parent.children:
            level = _level(child)
            taken = 0 if level and level <= taken else taken
            leaning = (term and child.name == "dd") or (told and self._leans(child))
            if taken or leaning or self._goes(child):
                taken = taken or level
                term, told = child.name in ("dt", "dd"), child.name in _PROSE
                yield self._cut(child, parent), ""
                continue
            term = told = False
            yield from self._inside(child)

    def _leans(self, element: _Element) -> bool:
        """Whether a paragraph speaks of somebody whom it does not name."""
        said = self._told(element)
        return element.name in _PROSE and (leans(said) or leans_on_person(said, ()))

    def _inside(self, child: _Element) -> Iterator[tuple[Span, str]]:
        if child.blocks:
            yield from self.edits(child)
        elif self._leaks(self._told(child)):
            inner = Span(child.inner_start, child.inner_end)
            yield inner, self._sentences(self._text[inner.start : inner.end])

    def _goes(self, element: _Element) -> bool:
        """Whether an element goes as a whole."""
        told = self._told(element)
        if not told.strip() or not self._leaks(told):
            return self._leaks(self._attributes(element)) if self._attributes(element) else False
        if self._leaks(self._attributes(element)):
            return True
        blocks = element.blocks
        if not blocks:
            return not self._sentences(self._text[element.inner_start : element.inner_end]).strip()
        if self._is_headed(element):
            return True
        if not self._is_record(element):
            return False
        fields = [Field(b.name, self._told(b)) for b in blocks]
        verdict = judge_record(fields, self._leaks)
        return verdict.about or element.name in _ROWS

    def _is_record(self, element: _Element) -> bool:
        """Whether the parts of an element are fields: none of them has parts, and no two are of one
        name, unless it is the row of a table."""
        names = [b.name for b in element.blocks]
        leaves = not any(b.blocks for b in element.blocks)
        apart = len(set(names)) == len(names) and element.name not in _PAGE
        return leaves and (element.name in _ROWS or (apart and bool(names)))

    def _is_headed(self, element: _Element) -> bool:
        """Whether a part that says what an element is about names a target: a field with a name, or
        the only heading; what comes more than once in it has no parts."""
        blocks = element.blocks
        names = [b.name for b in blocks]
        if any(b.blocks and names.count(b.name) > 1 for b in blocks) or element.name in _PAGE:
            return False
        headings = [b for b in blocks if _level(b)]
        heads = headings if headings == blocks[:1] else []
        heads += [b for b in blocks if not b.blocks and says_what(b.name)]
        return any(self._leaks(self._told(b)) for b in heads)

    def columns(self, parent: _Element) -> Iterator[tuple[Span, str]]:
        """The cells of all tables that stand under heads that name a target, those included."""
        for child in parent.children:
            yield from self._columns(child) if child.name == "table" else self.columns(child)

    def _columns(self, table: _Element) -> Iterator[tuple[Span, str]]:
        rows = [[c for c in row.children if c.name in _CELLS] for row in _rows(table)]
        if len(rows) < 2 or sum(cell.name == "th" for cell in rows[0]) < 2:
            return
        gone = [i for i, cell in enumerate(rows[0]) if self._leaks(self._told(cell))]
        for row in rows if len({len(row) for row in rows}) == 1 else ():
            yield from ((Span(row[i].start, row[i].end), "") for i in gone)

    def _recounted(self, parent: _Element, gone: int) -> Iterator[tuple[Span, str]]:
        """The attributes that told how many children an element had."""
        count = str(len(parent.children))
        for match in _ATTRIBUTE.finditer(self._text, parent.start, parent.inner_start):
            value = 2 if match[2] is not None else 3
            if gone and is_counter(match[1]) and match[value] == count:
                yield Span(*match.span(value)), str(len(parent.children) - gone)

    def _sentences(self, inner: str) -> str:
        """What may stay of text with inline elements; nothing when their tags would be torn."""
        masked = _ENTITY.sub(lambda match: match.group()[:-1] + _MASK, inner)
        kept = drop_segments(masked, lambda piece: self._leaks(_plain(piece.replace(_MASK, ";"))))
        kept = kept.replace(_MASK, ";")
        whole = _parse(f"<p>{kept}</p>") is not None
        return kept if kept.strip() and whole and not self._leaks(_plain(kept)) else ""

    def _told(self, element: _Element) -> str:
        return _plain(self._text[element.inner_start : element.inner_end])

    def _attributes(self, element: _Element) -> str:
        tag = self._text[element.start : element.inner_start]
        return " ".join(html.unescape(a or b) for _, a, b in _ATTRIBUTE.findall(tag))

    def _cut(self, child: _Element, parent: _Element) -> Span:
        """An element with the white space before it."""
        before = _SPACE_BEFORE.search(self._text, parent.inner_start, child.start)
        return Span(before.start() if before else child.start, child.end)


def _rows(table: _Element) -> Iterator[_Element]:
    """The rows of a table, in its head and its body."""
    for child in table.children:
        if child.name in _ROWS:
            yield child
        elif child.name in ("thead", "tbody", "tfoot"):
            yield from _rows(child)


def _level(element: _Element) -> int:
    match = _HEADING.match(element.name)
    return int(match[1]) if match else 0


def _plain(text: str) -> str:
    """The words of a piece without its tags; what two elements hold is apart."""

    def shown(token: re.Match[str]) -> str:
        return "" if (token["name"] or "").lower() in _INLINE else " "

    return html.unescape(re.sub(r"\s+", " ", _TOKEN.sub(shown, text))).strip()
