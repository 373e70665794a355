"""Pieces of a list that repeat how its first one opens: "on cats and on dogs", and so are things of
their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.agents.requests.kind_words import kind_said_by

__all__ = ["begins_alike"]

_I = re.IGNORECASE
_THEIRS = re.compile(  # what is somebody's is somebody or something else: "his firm Osk"
    r"(?:his|her|its|their|seine?[nmr]?|ihre?[nmr]?|son|sa|ses|leurs?|sus?|su[oae]|suoi|zijn|haar|hun|seus?|suas?)\s+(?=[a-zà-ÿ])|"
    r"(?:seine?[nmr]?|ihre?[nmr]?)\s+[A-ZÄÖÜ][a-zäöüß]+\s+(?=[A-ZÄÖÜ])"
)
_HOW_TO = re.compile(r"(?:how\s+to|wie\s+man|comment|cómo|come\s+si|hoe\s+je)\s+\S", _I)
_PREPOSITION_LAST = re.compile(
    r"(?:and|or|nor|und|oder|et|ou|ni|y|o|e|né|en|of)\s+(?:also\s+|auch\s+|aussi\s+|también\s+|anche\s+|ook\s+)?"
    r"(?P<of>about|on|über|sur|sobre|over)\s+$",
    _I,
)
_KIND_AHEAD = re.compile(
    r"(?:the|my|our)\s+(?P<kind>[a-z]+)\s+"
    r"(?!(?:of|in|at|on|by|from|for|with|to|and|or|that|who|which|about)\s)[a-z]"
)


def begins_alike(joint: str, text: str, pieces: Sequence[tuple[str, str]], i: int) -> bool:
    """Whether a piece repeats how the first one opens: "on cats and on dogs", "how to sew and how
    to knit", "the band osk and the album venn".

    >>> pieces = [("", "cats"), (" and on ", "dogs")]
    >>> begins_alike(" and on ", "dogs", pieces, 1), begins_alike(" and ", "dogs", pieces, 1)
    (True, False)
    """
    if _HOW_TO.match(text):
        return _HOW_TO.match(pieces[0][1]) is not None
    of = _PREPOSITION_LAST.search(joint)
    if of and not _THEIRS.match(text) and not _stands_in(of["of"], pieces[:i]):
        return True
    return _says_kind(text) and _says_kind(pieces[0][1])


def _stands_in(word: str, pieces: Sequence[tuple[str, str]]) -> bool:
    """Whether a word stands in one of the pieces or a joint between them."""
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", _I)
    return any(whole.search(f"{joint}{text}") for joint, text in pieces)


def _says_kind(text: str) -> bool:
    """Whether words are an article, what something is, and its name in small letters."""
    told = _KIND_AHEAD.match(text)
    return told is not None and kind_said_by(told["kind"]) is not None
