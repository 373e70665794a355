"""The other names that a request gives to its target."""

from __future__ import annotations

import re

from amnestic.agents.requests.forms import AKA, NAME_JOINT, QUOTED
from amnestic.agents.requests.target_kind import IS

__all__ = ["other_names", "take_aliases"]

_EPITHET = re.compile(  # "the Lark of Venn"; "the Heron" alone would be every heron
    r"(?:the|la|le|el|il|der|die|das|de)\s+[A-Z][\w'’-]+\s+(?:\w+\s+){0,2}[A-Z][\w'’-]+$"
)
_BORNE_ONCE = re.compile(r"^\W*(?:née|formerly)\b", re.I)
_SHORT_FORM = re.compile(
    r"\(\s*(?:(?:in\s+short|short|abbreviated|abbr\.?|kurz|hereinafter|formerly|also)[:,]?\s+)?"
    r"[\"“']?(?P<short>[A-Z][A-Z&.-]{1,9})[\"”']?(?:\s+(?:for\s+short|in\s+short))?\s*\)"
)
_NAME_WAS = re.compile(
    r"\b(?:was|were|is|are)\s+(?:formerly\s+|previously\s+|once\s+|also\s+|better\s+)?(?:known|called)\s+as\s+"
    r"(?P<name>(?:[A-Z][\w'’.-]+\s?){2,5})"
)


_OF_THEIRS = re.compile(  # "whose teachings, known as …"
    r"\b(?:whose|his|her|its|their)\s+(?:[\w-]+\s+){0,3}[\w-]+$", re.I
)


def take_aliases(body: str) -> tuple[str, tuple[str, ...]]:
    """A phrase without the other names that it gives, and those.

    >>> take_aliases("the Amber Trust (AT for short)")
    ('the Amber Trust ', ('AT',))
    """
    names: list[str] = []
    for match in AKA.finditer(body):
        names.extend(_names_of(match))
    for match in _SHORT_FORM.finditer(body):
        names.append(match["short"])
    rest = AKA.sub("", _SHORT_FORM.sub("", body))
    return rest, tuple(names)


def other_names(told: str) -> tuple[str, ...]:
    """The other names that sentences tell of a target.

    >>> other_names("She was known as Sea Dowd before 1998.")
    ('Sea Dowd',)
    """
    owns = (m for m in AKA.finditer(told) if not _OF_THEIRS.search(told[: m.start()]))
    names = [n for m in owns for n in _names_of(m)]
    names += [m["name"].strip(" .") for m in _NAME_WAS.finditer(told)]
    return tuple(dict.fromkeys(names))


def _names_of(match: re.Match[str]) -> list[str]:
    """The names of one "also known as"; a family name borne once is everybody's of that name."""
    names = _names_in(match["names"])
    if _BORNE_ONCE.search(match.group()):
        return [name for name in names if " " in name]
    return names


def _names_in(text: str) -> list[str]:
    quoted = [a or b for a, b in QUOTED.findall(text)]
    if quoted:
        return [q.strip(" ,.") for q in quoted if q.strip(" ,.")]
    head = re.split(rf"\b{IS}\b", text, maxsplit=1)[0]
    names = [n.strip(" ,.\"'") for n in NAME_JOINT.split(head)]
    return [n for n in names if n and (not n[0].islower() or _EPITHET.match(n))]
