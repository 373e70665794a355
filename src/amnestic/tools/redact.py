"""Taking pieces out of a text so that what stays still reads well."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from amnestic.tools.exact_facts import ADDRESSES, facts_in
from amnestic.tools.segments import Segment, SegmentKind, segments
from amnestic.types import Span

__all__ = ["drop_segments", "generalise", "generalise_mentions", "trim_asides"]

Leaks = Callable[[str], bool]

_ANAPHORA = re.compile(
    r"\s*[\"'“‘(]?(?:he|she|they|him|his|her|hers|their|theirs|it|its|this|these|that|those|both|"
    r"such|there|also|additionally|furthermore|moreover|later|afterwards|then)\b",
    re.IGNORECASE,
)
_OPENED_BEFORE_ANAPHORA = re.compile(
    r"\s*(?:born|raised|educated|trained|married|based|known|employed|in|at|on|since|after|before"
    r"|during|as|for|from|with|when|while|today|now|currently|previously)\b[^.!?]{0,60}?,\s+"
    r"(?:he|she|they|his|her|their)\b",
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
    return bool(_ANAPHORA.match(piece) or _OPENED_BEFORE_ANAPHORA.match(piece))


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
        possessive = "'s" if text[start:end].endswith(("'s", "’s")) and tail[:1] != "'" else ""
        word = noun.capitalize() if _begins_sentence(text, start) else noun
        text = text[:start] + word + possessive + tail
    return text


def generalise_mentions(text: str, spans: Sequence[Span], noun: str) -> str:
    """`text` with `noun` where a sentence only mentions what `spans` name. A sentence that tells
    something of it goes: one that begins with the name, or holds a date or an address.

    >>> text = "Hill was taught by Osk. Osk: born 1961-03-12. Hill writes."
    >>> generalise_mentions(text, [Span(19, 22), Span(24, 27)], "someone")
    'Hill was taught by someone. Hill writes.'
    """
    gone: set[str] = set()
    mentions: list[Span] = []
    for segment in segments(text):
        inside = [s for s in spans if segment.start <= s.start < segment.end]
        if inside and _tells(segment.of(text), min(s.start for s in inside) - segment.start):
            gone.add(segment.of(text))
        else:
            mentions += inside
    return drop_segments(generalise(text, mentions, noun), lambda piece: piece in gone)


def _tells(sentence: str, name_at: int) -> bool:
    """Whether a sentence is about what it names, `name_at` characters in."""
    begins = not re.search(r"\w", sentence[:name_at])
    exact = any(True for _ in facts_in(sentence)) or any(a.search(sentence) for a in ADDRESSES)
    return begins or exact


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip()
    return not before or before.endswith((".", "!", "?"))
