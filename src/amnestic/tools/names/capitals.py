"""What the capital of a word says: that it is a name, or only where it stands."""

from __future__ import annotations

import re
from enum import StrEnum

from amnestic.tools.reading import is_common
from amnestic.types import Span

__all__ = ["Capital", "capital_of"]


class Capital(StrEnum):
    """Why a word begins with a capital."""

    NONE = "none"
    """It does not."""
    NAME = "name"
    """It is a name: the words around it begin small."""
    PLACE = "place"
    """Whatever stands there has one: at the beginning of a sentence, line, cell or item."""
    STYLE = "style"
    """All words around it have one: a heading in title case, a line of capitals."""
    CODE = "code"
    """It stands in code."""


_LINE_MARKS = " \t#*_>~`\"'“”‘’«»([{|+•·–—-"
_OPENS = re.compile(r"(?:^|[.!?…:;|\t¿¡]|^\s*\(?\w{1,3}[.)])[\s*_\"'“”‘’«»(\[`#>-]*$")
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_CODE = re.compile(r"`[^`\n]*`")
_GLUED_AHEAD = re.compile(r"[\w$@/\\]$|\w(?:::|->|\.|=)$")
_GLUED_BEHIND = re.compile(r"[\w$(=]|::|->|\.\w")
_CELLS = "\n|\t"
_STOP = re.compile(r"[.!?…](?:\s+|$)")
_LISTED = re.compile(
    r"(?:['’]s)?[\"'”’»*_]*(?:\s*\([^()\n]*\))?(?:\s*,|\s+(?:and|or|et|ou|und|oder|y|o|e|ed|en)\b)"
    r"(?:\s+(?:and|or|et|ou|und|oder|y|o|e|ed|en)\b)?\s+[\"'“‘«*_]*[^\W\d_a-zß-ÿ]"
)
_FAR = 400  # characters on each side that say what a capital is for
_STYLED = 0.6
_LEAST = 2
_COMMON = 170


def capital_of(text: str, span: Span) -> Capital:
    """What the capital says of the words at `span` in a text in natural language.

    The words around are those of the same cell, line or sentence; the commonest words and those
    that open it say nothing. A sentence with a full stop is no title, but may be full of names.
    What opens one and is counted up with a name is a name ("Slack, Zoom and Figma do"). German
    writes every noun with a capital: there nothing is a name by this alone, which the caller has to
    know.

    >>> told = "Switch to decaf? A Switch costs less. ## The Best Switch Games"
    >>> from amnestic.types import Span
    >>> [str(capital_of(told, Span(at, at + 6))) for at in (0, 19, 50)]
    ['place', 'name', 'style']
    """
    word = text[span.start : span.end]
    if not word[:1].isupper():
        return Capital.NONE
    if _in_code(text, span):
        return Capital.CODE
    begin, end = _bounds(text, span)
    ahead, behind = text[begin : span.start], text[span.end : end]
    is_sentence = text[end : end + 1] == "." and any(map(_is_small_word, _WORD.findall(behind)))
    if not ahead.strip(_LINE_MARKS) or _OPENS.search(ahead):
        return Capital.NAME if is_sentence and _LISTED.match(behind) else Capital.PLACE
    others = _WORD.findall(ahead) + _WORD.findall(behind)
    if word.isupper() and len(word) > 1:
        loud = [w for w in others if len(w) > 1]
        if loud and sum(w.isupper() for w in loud) >= _STYLED * len(loud):
            return Capital.STYLE
    telling = [w for w in others[bool(ahead.strip(_LINE_MARKS)) :] if _tells(w)]
    capitals = sum(w[0].isupper() for w in telling)
    is_titled = len(telling) >= _LEAST and capitals >= _STYLED * len(telling)
    if is_titled and text[end : end + 1] != ".":
        return Capital.STYLE
    return Capital.NAME


def _tells(word: str) -> bool:
    return len(word) > 1 and not is_common(word.lower(), _COMMON)


def _is_small_word(word: str) -> bool:
    return len(word) > 1 and word[0].islower()


def _in_code(text: str, span: Span) -> bool:
    if text.count("```", 0, span.start) % 2:
        return True
    far = max(0, span.start - _FAR), min(len(text), span.end + _FAR)
    line = max(far[0], text.rfind("\n", far[0], span.start) + 1)
    stop = text.find("\n", span.end, far[1])
    for found in _CODE.finditer(text, line, far[1] if stop < 0 else stop):
        if found.start() < span.start and span.end < found.end():
            return True
    ahead, behind = text[max(line, span.start - 3) : span.start], text[span.end : span.end + 3]
    return bool(_GLUED_AHEAD.search(ahead) or _GLUED_BEHIND.match(behind))


def _bounds(text: str, span: Span) -> tuple[int, int]:
    """Where the cell, line or sentence around a place begins and ends."""
    far = max(0, span.start - _FAR), min(len(text), span.end + _FAR)
    begin = max(far[0], *(text.rfind(mark, far[0], span.start) + 1 for mark in _CELLS))
    for stop in _STOP.finditer(text, begin, span.start):
        begin = stop.end()
    ends = [at for mark in _CELLS if (at := text.find(mark, span.end, far[1])) >= 0]
    end = min(ends, default=far[1])
    full_stop = _STOP.search(text, span.end, end)
    return begin, full_stop.start() if full_stop else end
