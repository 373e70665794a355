"""How an item or a paragraph begins: with the thing that it is about, or with a label."""

from __future__ import annotations

import re
from dataclasses import dataclass

from amnestic.tools.reading import is_common

__all__ = ["Lead", "label_end", "lead_of"]

_LABEL = re.compile(
    r"(?:\*\*|__)(?!\s)[^*_\n]{1,80}(?:[:.?!](?:\*\*|__)|(?:\*\*|__)[ \t]*[:–—])\s*"
)
_LEAD = re.compile(
    r"(?:\[[ xX]\][ \t]+)?"
    r"(?P<thing>[^\n]{1,120}?)"
    r"(?P<joint>[ \t]*：(?:\*\*|__)?"
    r"|[ \t]*:(?:\*\*|__)?(?=\s|$)|(?::|\.)(?:\*\*|__)(?=\s|$)|[ \t]+[–—-]{1,2}(?=\s))\s*"
)
_BOLD = re.compile(
    r"(?:\[[ xX]\][ \t]+)?"
    r"(?P<thing>(?P<mark>\*{1,3}|_{1,3})(?![\s*_])[^*_\n]{1,80}(?P=mark)(?![*_]))(?=\s)\s*"
)
_WORDS = 12
_SLOT = re.compile(  # "15:30", "11:00 Uhr", "9 a.m.", "14–16 h"
    r"[^\w]*\d[\d:.,–—-]*(?:[ \u00a0\u202f]?[^\W\d_][\w.]{0,3})?[^\w]*|[^\w]*\w?[^\w]*"
)
_SET_APART = re.compile(
    r"(?<![\w*_])[*_](?![*_\s])[^*_\n]+[*_](?![\w*_])|[\"“„«‹「『][^\"”“»›」』\n]+"
)
_STOPS = re.compile(r"[^\W\d_]{3,}[.!?]\s|\d{3,}[.!?]\s+[^\W\d_a-z]")


@dataclass(frozen=True, slots=True)
class Lead:
    """The beginning of an item: `text[start:end]` is the thing itself, what is said of it begins at
    `inner`."""

    start: int
    end: int
    inner: int
    alone: bool
    is_label: bool = False

    def of(self, text: str) -> str:
        """The thing."""
        return text[self.start : self.end]


def lead_of(text: str, start: int, end: int) -> Lead | None:
    """How the item `text[start:end]` begins; `None` where what it is about does not stand apart.

    `alone` is whether the thing says something by itself: a name or a title does, "Morning" and
    "15:30" do not, and neither does a label with its colon.

    >>> text = "**Edda Tarn** (1990) – a poet"
    >>> lead = lead_of(text, 0, len(text))
    >>> lead.of(text), lead.alone, text[lead.inner:]
    ('**Edda Tarn** (1990)', True, 'a poet')
    >>> text = "**Morning:** a walk"
    >>> lead_of(text, 0, len(text)).alone
    False
    """
    match = _LEAD.match(text, start, end)
    if match is not None and not (_is_apart(match["thing"]) and _is_closed(match.group())):
        match = None
    bold = _BOLD.match(text, start, end)
    if match is None and bold is not None:
        match = bold
    if match is None:
        return None
    thing = match["thing"]
    labelled = (
        match.re is _LEAD
        and match["joint"].strip(" *_") in (":", "：")
        and (match["joint"].endswith(("*", "_")))
    )
    closes = match.re is _LEAD and not labelled and match["joint"].endswith(("**", "__"))
    return Lead(
        match.start("thing"),
        match.end("joint" if closes else "thing"),  # "**Dance.**" is bold to its end
        match.end(),
        alone=not labelled and _names(thing),
        is_label=labelled or _SLOT.fullmatch(thing) is not None,
    )


def _is_apart(thing: str) -> bool:
    """Whether a beginning is short, whole and no sentence."""
    if len(thing.split()) > _WORDS or _STOPS.search(thing):
        return False
    return all(thing.count(a) == thing.count(b) for a, b in ("()", "[]", "“”", "«»"))


def _is_closed(beginning: str) -> bool:
    """Whether what is set in bold at the beginning of an item ends there."""
    return beginning.count("**") % 2 == 0 and beginning.count("__") % 2 == 0


def _names(thing: str) -> bool:
    """Whether something names a thing of its own: a title, or words that are not common ones."""
    if _SLOT.fullmatch(thing):
        return False
    if _SET_APART.search(thing):
        return True
    words = re.findall(r"[^\W\d_]{2,}", thing)
    return any(not is_common(word.lower()) for word in words)


def label_end(text: str, start: int, end: int) -> int:
    """Where the label ends with which a paragraph begins ("**In short:** …"); its start where it
    has none.

    >>> label_end("**In short:** Rain.", 0, 19)
    14
    """
    match = _LABEL.match(text, start, end)
    return match.end() if match and match.end() < end else start
