"""Headings that leak by an address: a house is that of all who live in it.

What stands under the name of a target goes with it; what stands under its address is judged by
itself, unless it is the record of one person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from amnestic.tools.documents.headings import shortened_heading
from amnestic.tools.documents.items import are_fields, is_record
from amnestic.tools.documents.nodes import Kind, Node
from amnestic.tools.documents.records import Leaks
from amnestic.tools.names import ADDRESSES, identifier_of
from amnestic.tools.prose import leans_on_person, names_another
from amnestic.tools.reading import segments
from amnestic.types import IdentifierType

__all__ = ["left_of_heading", "without_address"]

_JOINT = re.compile(r"[ \t]*[–—|:;,()][ \t]*|[ \t]+-[ \t]+")
_MARKS = " \t*_:"
_BEGIN = re.compile(r"[ \t*_:]*(?:\d{1,3}[.)][ \t]+)?")
_SAYS = re.compile(r"[^\W\d_]{3}")
_NUMBERS = re.compile(r"\d+")
_MOST_PARTS = 6


def left_of_heading(
    text: str, heading: Node, under: Sequence[Node], beside: Sequence[Node], leaks: Leaks
) -> tuple[str, bool]:
    """What may stay of a heading that leaks, and whether the blocks `under` it, which it heads, are
    judged by themselves; else they go with it, as they do where one `beside` it has an address,
    too: then each of them heads what is of one house."""
    said = text[heading.inner : heading.end]
    kept = shortened_heading(said, heading.level, leaks)
    if kept:
        return kept, True
    left = without_address(said, leaks)
    if left is None or any(map(_has_address, (text[n.inner : n.end] for n in beside))):
        return "", False
    if (beside and not left) or _is_of_one_person(text, under, leaks, headed=bool(left)):
        return "", False
    return left, True


def without_address(heading: str, leaks: Leaks) -> str | None:
    """A heading without the address by which it leaks, which may be all of it; `None` where it
    leaks by anything else.

    >>> leaks = lambda s: "Osk" in s or "14 Quill Lane" in s
    >>> without_address("**Visit – 14 Quill Lane, May**", leaks)
    '**Visit – May**'
    >>> without_address("14 Quill Lane", leaks), without_address("Osk, 14 Quill Lane", leaks)
    ('', None)
    """
    number = _BEGIN.match(heading)
    begin = number.end() if number else 0
    body = heading[begin:].rstrip(_MARKS)
    edges = [0, *(at for joint in _JOINT.finditer(body) for at in joint.span()), len(body)]
    parts = list(zip(edges[::2], edges[1::2], strict=True))
    if len(parts) > _MOST_PARTS or not any(map(str.isdigit, body)):
        return None
    for first, last in _runs(len(parts)):
        start, end = parts[first][0], parts[last][1]
        if not leaks(body[start:end]) or not _is_address(body[start:end], leaks):
            continue
        before = body[: parts[first - 1][1]] if first else ""
        behind = body[parts[last + 1][0] :] if last + 1 < len(parts) else ""
        joint = body[parts[first - 1][1] : start] if before and behind else ""
        rest = before + joint + behind
        if leaks(rest):
            return None
        rest = rest if rest.count("(") == rest.count(")") else rest.strip("()")
        said = heading[:begin] + rest + heading[begin + len(body) :]
        return said if _SAYS.search(rest) else ""
    return None


def _runs(many: int) -> Iterator[tuple[int, int]]:
    """The runs of some parts that follow one another, the shortest first."""
    return ((i, i + n) for n in range(many) for i in range(many - n))


def _has_address(said: str) -> bool:
    return any(pattern.search(said) for pattern in ADDRESSES)


def _is_address(part: str, leaks: Leaks) -> bool:
    """Whether a piece is an address, or tells nothing but by the one in it."""
    if leaks(_NUMBERS.sub("", part)):
        return False
    if identifier_of(part).type is IdentifierType.ADDRESS:
        return True
    found = next((m for pattern in ADDRESSES if (m := pattern.search(part))), None)
    return found is not None and not leaks(part[: found.start()] + part[found.end() :])


def _is_of_one_person(text: str, under: Sequence[Node], leaks: Leaks, *, headed: bool) -> bool:
    """Whether blocks are the record of one person: fields with a name, or sentences about somebody
    whom they do not name. Where nothing else heads them (`headed`), any fields are one, and what
    tells of a target and names nobody else."""
    lists = [node for node in under if node.kind is Kind.LIST]
    if any(is_record(text, node, leaks) for node in lists):
        return True
    first = next((node.of(text) for node in under if node.kind is Kind.PARAGRAPH), "")
    if _leans(first) and not _names_another(first, leaks):
        return True
    if headed or not under:
        return False
    if any(are_fields(text, node) for node in lists):
        return True
    body = text[under[0].start : under[-1].end]
    return leaks(body) and not _names_another(body, leaks)


def _leans(body: str) -> bool:
    return any(leans_on_person(sentence.of(body), ()) for sentence in segments(body))


def _names_another(body: str, leaks: Leaks) -> bool:
    return any(names_another(sentence.of(body), (), leaks) for sentence in segments(body))
