"""Taking pieces out of a text so that what stays still reads well."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from amnestic.tools.segments import Segment, SegmentKind, segments
from amnestic.types import Span

__all__ = ["drop_segments", "generalise", "trim_asides"]

Leaks = Callable[[str], bool]

_ANAPHORA = re.compile(
    r"\s*[\"'“‘(]?(?:he|she|they|him|his|her|hers|their|theirs|it|its|this|these|that|those|both|"
    r"such|there|also|additionally|furthermore|moreover|later|afterwards|then)\b",
    re.IGNORECASE,
)


def drop_segments(text: str, leaks: Leaks, stand_in: str = "") -> str:
    """`text` without the sentences and lines for which `leaks` is true.

    A sentence that leans on a dropped one ("She also …") goes with it. `stand_in`, when given,
    takes the place of the first dropped piece. White space at the joints is mended; the pieces
    that stay are unchanged.

    >>> drop_segments("Osk wrote it. She lives in Tavel. Paris is in France.", lambda s: "Osk" in s)
    'Paris is in France.'
    """
    kept: list[str] = []
    dropped_before = False
    placed = not stand_in
    for segment in segments(text):
        piece = segment.of(text)
        leans = dropped_before and segment.kind is SegmentKind.SENTENCE and _leans(piece)
        if piece.strip() and (leans or leaks(piece)):
            dropped_before = True
            if not placed:
                kept.append(stand_in + _tail_of(segment, text))
                placed = True
            continue
        dropped_before = dropped_before and not piece.strip()
        kept.append(piece)
    return _join(kept, text)


def _leans(piece: str) -> bool:
    return bool(_ANAPHORA.match(piece))


def _tail_of(segment: Segment, text: str) -> str:
    piece = segment.of(text)
    return piece[len(piece.rstrip()) :] or " "


def _join(kept: Sequence[str], original: str) -> str:
    joined = "".join(kept)
    joined = re.sub(r"\n{3,}", "\n\n", joined)
    if not original.endswith((" ", "\n")):
        joined = joined.rstrip()
    return joined.lstrip() if not original[:1].isspace() else joined


_ASIDES = (
    re.compile(r"\s*\([^()]*\)"),
    re.compile(r"\s*[—–]\s[^—–]*\s[—–](?=\s)"),
    re.compile(r",\s(?:who|whom|whose|which|the|a|an|son|daughter|wife|husband|brother|sister)\b"
               r"[^,.;:!?]*,(?=\s)"),
)  # fmt: skip
_ITEM_BEFORE = re.compile(r"(?:,\s+(?:and|or)\s+|,\s+|\s+and\s+|\s+or\s+)$")
_ITEM_AFTER = re.compile(r"^(?:,\s+(?:and|or)\s+|,\s+|\s+and\s+|\s+or\s+)(?=[A-Z\"“‘'])")


def trim_asides(text: str, spans: Sequence[Span]) -> str:
    """`text` without the parentheses, appositions and list items in which `spans` stand.

    Spans that stand in none of these are left; the caller audits what comes out.

    >>> text = "Hill (a student of Osk) writes poems."
    >>> trim_asides(text, [Span(19, 22)])
    'Hill writes poems.'
    >>> text = "Read Marlo, Osk and Tarn."
    >>> trim_asides(text, [Span(12, 15)])
    'Read Marlo and Tarn.'
    """
    cuts = [c for c in (_aside(text, span) for span in spans) if c is not None]
    for start, end in sorted({(c.start, c.end) for c in cuts}, reverse=True):
        text = text[:start] + text[end:]
    return text


def _aside(text: str, span: Span) -> Span | None:
    lo = max(0, span.start - 400)
    window = text[lo : span.end + 400]
    for pattern in _ASIDES:
        for match in pattern.finditer(window):
            if match.start() + lo <= span.start and span.end <= match.end() + lo:
                return Span(match.start() + lo, match.end() + lo)
    return _list_item(text, span)


def _list_item(text: str, span: Span) -> Span | None:
    before = _ITEM_BEFORE.search(text[max(0, span.start - 8) : span.start])
    after = _ITEM_AFTER.match(text[span.end : span.end + 8])
    if before and after:
        if "and" in after.group() or "or" in after.group():
            return Span(span.start - len(before.group()), span.end)
        return Span(span.start, span.end + len(after.group()))
    return None


def generalise(text: str, spans: Sequence[Span], noun: str) -> str:
    """`text` with each of `spans` replaced by `noun`, a possessive kept.

    >>> generalise("Osk's novel", [Span(0, 3)], "someone")
    "Someone's novel"
    """
    for start, end in sorted({(s.start, s.end) for s in spans}, reverse=True):
        tail = text[end:]
        possessive = "'s" if text[start:end].endswith(("'s", "’s")) and not tail[:1] == "'" else ""
        word = noun.capitalize() if _begins_sentence(text, start) else noun
        text = text[:start] + word + possessive + tail
    return text


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip()
    return not before or before.endswith((".", "!", "?"))
