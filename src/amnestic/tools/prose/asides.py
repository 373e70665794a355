"""Cutting what names a target out of a sentence that is about something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from amnestic.types import Span

__all__ = ["trim_asides"]

_REACH = 400
_ASIDES = (
    re.compile(r"\s*\([^()]*\)"),
    re.compile(r"\s*<!--.*?-->", re.DOTALL),
    re.compile(r"\s*[—–]\s[^—–]*\s[—–](?=\s)"),
    re.compile(r",\s(?:who|whom|whose|which|the|a|an|son|daughter|wife|husband|brother|sister)\b"
               r"[^,.;:!?\n]*,(?=\s)"),
    re.compile(r",\s(?:unlike|like|as opposed to|in contrast (?:to|with)|rather than|besides"
               r"|along with|together with|as well as)\s[^,.;:!?\n]*,(?=\s)"),
    re.compile(r",?\s(?:while|whereas|unlike|as opposed to|in contrast (?:to|with)|rather than"
               r"|compared (?:to|with)|just like|wohingegen|während|tandis que|alors que"
               r"|mientras que|mentre|enquanto|terwijl|medan)\s[^,.;:!?\n]*(?=[.;!?])"),
)  # fmt: skip
_LEADING = re.compile(  # "Unlike Osk, Hill …", "Osk sings, whereas Hill …"
    r"(?:(?:^|(?<=[.!?]\s)|(?<=\n))"
    r"(?:(?:unlike|like|besides|compared (?:to|with)|in contrast (?:to|with)|as opposed to"
    r"|apart from|together with|along with|anders als|im gegensatz zu|contrairement à"
    r"|a diferencia de|a differenza di|ao contrário de|in tegenstelling tot)\s[^,.;:!?\n]*,\s+"
    r"|[^,.;:!?\n]+,\s(?:while|whereas|but|wohingegen|tandis que|mientras que|mentre|enquanto"
    r"|terwijl)\s+(?=(?-i:[A-Z]))))",
    re.IGNORECASE,
)
_AND = r"(?:and|or|und|oder|et|ou|y|e|o|en|och|eller|og|i|oraz|lub|ve|и|или|та|і|або)"
_NAME = r"[^\W\d_a-z][\w.'’\"”-]*"
_ITEM_BEFORE = re.compile(
    rf"(?:{_NAME}|[\"”’']|\b\w+)(?P<joint>,[ \t]+{_AND}[ \t]+|,[ \t]+|[ \t]+{_AND}[ \t]+|、|和|と)$"
)
_ROW_ENDS = re.compile(r"[^\W\d_a-z][^.,;:!?()\n]{0,60}(?:[.,;:!?)\n。]|$)(?!\w)")
_ITEM_AFTER = re.compile(
    rf"^(?:,[ \t]+{_AND}[ \t]+|,[ \t]+|[ \t]+{_AND}[ \t]+)(?=[^\W\d_a-z]|[\"“‘'])|^(?:、|和|と)"
)
_LAST_TWO = re.compile(rf"(?:[ \t]+{_AND}[ \t]+|和|と)$")
_TWO_BEFORE = re.compile(rf"(?:,[ \t]+|、)(?P<last>{_NAME}(?:[ \t]+{_NAME})*)$")
_SENTENCE_END = re.compile(r"\s*(?:[.!?;:)\]。！？]|$)")


def trim_asides(text: str, spans: Sequence[Span]) -> str:
    """`text` without the parentheses, appositions, comparisons and list items in which `spans`
    stand.

    Spans that stand in none of these are left; the caller audits what comes out.

    >>> text = "Hill (a student of Osk) writes poems."
    >>> trim_asides(text, [Span(19, 22)])
    'Hill writes poems.'
    >>> text = "Read Marlo, Osk and Tarn."
    >>> trim_asides(text, [Span(12, 15)])
    'Read Marlo and Tarn.'
    >>> trim_asides("Unlike Osk, Hill never sang.", [Span(7, 10)])
    'Hill never sang.'
    """
    cuts = [c for c in (_aside(text, span) for span in spans) if c is not None]
    given, last = text, len(text) + 1
    for cut, joint in sorted(set(cuts), key=lambda c: (c[0].start, c[0].end), reverse=True):
        if cut.end <= last:
            text = text[: cut.start] + joint + text[cut.end :]
            last = cut.start
    return text if given[:1].isspace() else text.lstrip()


_Cut = tuple[Span, str]


def _aside(text: str, span: Span) -> _Cut | None:
    """The piece to cut for a span, and what joins the ends."""
    for match in _around(text, span, _LEADING):
        return match, ""
    for pattern in _ASIDES:
        for match in _around(text, span, pattern):
            return match, ""
    return _list_item(text, span)


def _around(text: str, span: Span, pattern: re.Pattern[str]) -> Iterator[Span]:
    """The matches that hold a span."""
    begin = max(0, span.start - _REACH)
    for match in pattern.finditer(text, begin, span.end + _REACH):
        if match.start() <= span.start and span.end <= match.end():
            yield Span(match.start(), match.end())


def _list_item(text: str, span: Span) -> _Cut | None:
    """A name in a row of names: "A, B and C", first, last or between."""
    before = _ITEM_BEFORE.search(text[max(0, span.start - 60) : span.start])
    after = _ITEM_AFTER.match(text[span.end : span.end + 8])
    if before and after:
        start, end = span.start - len(before["joint"]), span.end + len(after.group())
        ends_row = _LAST_TWO.search(after.group())
        return Span(start, end), ends_row.group() if ends_row else before["joint"]
    if after and ("," in after.group() or _ROW_ENDS.match(text[span.end + len(after.group()) :])):
        return Span(span.start, span.end + len(after.group())), ""
    if before and _SENTENCE_END.match(text[span.end : span.end + 4]):
        return _last_item(text, span, before["joint"])
    return None


def _last_item(text: str, span: Span, joint: str) -> _Cut:
    """The last of a row: the joint before it passes to the two items before."""
    start = span.start - len(joint)
    ends_row = _LAST_TWO.search(joint)
    two = _TWO_BEFORE.search(text, max(0, start - 120), start) if ends_row else None
    if ends_row is None or two is None:
        return Span(start, span.end), ""
    return Span(two.start(), span.end), f"{ends_row.group()}{two['last']}"
