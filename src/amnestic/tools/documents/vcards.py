"""Records with a begin and an end: address cards (vCard), calendars (iCalendar), BibTeX entries."""

from __future__ import annotations

import re

from amnestic.tools.documents.records import Field, Leaks, judge_record
from amnestic.types import Span

__all__ = ["redact_vcard", "vcard_span"]

_CARD = re.compile(
    r"^BEGIN:(?P<kind>[A-Z-]+)[ \t]*\r?\n(?:(?!BEGIN:|END:)[^\n]*\n)*?"
    r"END:(?P=kind)[ \t]*(?:\r?\n|\Z)"
    r"|^@[A-Za-z]+\{[^\n{}]*\n(?:(?!@|\})[^\n]*\n)*?\}[ \t]*(?:\n\s*|\Z)",
    re.MULTILINE,
)
_LINE = re.compile(r"(?P<key>[A-Za-z][\w-]*)(?P<more>(?:;[^:\n]*)?):(?P<value>.*)$")
_KEYS = {"n": "name", "fn": "name", "summary": "title", "organizer": "owner", "attendee": "member"}


def vcard_span(text: str, at: int = 0) -> Span | None:
    """Where the next card stands that holds no other card."""
    match = _CARD.search(text, at)
    return Span(match.start(), match.end()) if match else None


def redact_vcard(card: str, leaks: Leaks) -> str:
    """A card that is not about a target, without the lines that mention one; else nothing.

    >>> redact_vcard("BEGIN:VCARD\\nN:Osk;Mirela\\nTEL:1\\nEND:VCARD\\n", lambda s: "Osk" in s)
    ''
    """
    if card.startswith("@"):  # its key is made of its author's name
        return (
            "" if leaks(re.sub(r"[{}]", "", card)) or any(map(leaks, card.splitlines())) else card
        )
    lines = re.findall(r"[^\n]*\n|[^\n]+", card)
    verdict = judge_record([_field(line) for line in lines], leaks)
    if verdict.about:
        return ""
    gone = {i for i, _ in verdict.cleaned}
    return "".join(line for i, line in enumerate(lines) if i not in gone)


def _field(line: str) -> Field:
    match = _LINE.match(line.strip())
    if match is None or match["key"] in ("BEGIN", "END", "VERSION"):
        return Field("", "")
    key = match["key"].lower()
    told = re.sub(r"[;\\]+", " ", f"{match['more']} {match['value']}").strip()
    return Field(_KEYS.get(key, key), told)
