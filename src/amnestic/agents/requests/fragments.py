"""Sentences that only go on with the wish before them: "And Tor Hagen.", "Nor how to make it."."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.agents.requests.pieces import is_named, joins, own_of, pieces_of

__all__ = ["along_with", "going_on"]

_ON = re.compile(
    r"^\W*(?:(?:and|or|nor|neither|also|plus|likewise|same\s+(?:for|goes\s+for|with)|ditto|und|oder|auch|ebenso|"
    r"et|ou|ni|aussi|y|o|también|e|anche|en|of|ook|oraz|i|też)\b[\s,:]*)+"
    r"(?:(?:about|on|of|for|with|über|von|sur|de|d['’]|sobre|di|su|over|o|a)\s+)?(?P<what>\S.*?)"
    r"(?:,?\s+(?:too|as\s+well|please|pls|likewise|bitte|auch|aussi|también|anche|ook))*\W*$",
    re.I | re.S,
)
_SAME = re.compile(  # what is behind it is asked for, whatever is told of it
    r"^\W*(?:(?:and|und|et|y|e|en)\s+)?(?:"
    r"(?:the\s+|it['’]?s\s+the\s+)?same\s+(?:(?:goes|applies|holds|is\s+true)\s+(?:also\s+)?)?(?:for|to|with)|"
    r"(?:dasselbe|das\s+(?:gleiche|selbe)|gleiches)\s+(?:gilt\s+)?(?:auch\s+)?(?:für|bei)|"
    r"(?:il\s+en\s+va\s+de\s+même|(?:la\s+)?même\s+chose|pareil|idem)\s+pour|lo\s+mismo\s+(?:vale\s+)?(?:para|con)|"
    r"(?:lo\s+stesso|altrettanto)\s+(?:vale\s+)?per|(?:hetzelfde|idem)\s+(?:geldt\s+)?(?:ook\s+)?voor|"
    r"o\s+mesmo\s+(?:vale\s+)?para)\s+(?P<what>\S.*?)\W*$",
    re.I | re.S,
)
_HOW = re.compile(r"(?:how|wie|comment|cómo|come|hoe|como|jak)\s+\S", re.I)
_SMALL_JOINTS = re.compile(
    r"(?:of|the|and|or|nor|de|da|di|del|della|la|le|el|van|von|der|den|bin|ibn|al|y|e|et|und|&|\+)$",
    re.I,
)
_ALONG = re.compile(
    r"(?:^\W*|[;,]\s*)(?:and\s+(?:so|neither|nor)\s+(?:do|does|is|are|should|must|has|have)|"
    r"nor\s+(?:do|does|should|is|are)|as\s+(?:do|does|are|is)|together\s+with|along\s+with|"
    r"as\s+well\s+as)\s+(?P<who>[^;]*\S)",
    re.I,
)


def along_with(told: str) -> str:
    """Who is asked for along with those that a wish names, in the words behind it.

    >>> along_with("and so does Tor Hagen"), along_with("since May; nor should Osk")
    ('Tor Hagen', 'Osk')
    """
    found = _ALONG.search(told)
    return found["who"] if found else ""


def going_on(sentences: Sequence[str], at: int) -> dict[int, str]:
    """What the sentences right behind a wish name, and say nothing else.

    Args:
        sentences: the sentences of a text.
        at: the place of the one with the wish.

    >>> going_on(["Forget Ana Morel.", "And Tor Hagen.", "He is a cook."], 0)
    {1: 'Tor Hagen'}
    >>> going_on(["Forget Osk.", "The same goes for Tor Hagen of the shop."], 0)
    {1: 'Tor Hagen of the shop'}
    """
    found: dict[int, str] = {}
    for i, sentence in enumerate(sentences[at + 1 :], at + 1):
        if same := _SAME.match(sentence):
            found[i] = same["what"]
            continue
        on = _ON.match(sentence)
        if on is not None and _only_names(on["what"]):
            found[i] = on["what"]
    return found


def _only_names(what: str) -> bool:
    """Whether words are names joined to each other, or something that one does."""
    if _HOW.match(what):
        return True
    pieces = pieces_of(what)
    return bool(pieces) and all(
        is_named(p.text)
        and _is_nothing_but(own_of(p.text), p.text)
        and (not p.joint or joins(p.joint) or len(pieces) > 1)
        for p in pieces
    )


def _is_nothing_but(name: str, text: str) -> bool:
    words = [w for w in name.split() if not _SMALL_JOINTS.match(w)]
    is_last = text.strip(" .!?\"'”“»«").endswith(name.strip(" .!?\"'”“»«"))
    return is_last and all(not w[:1].islower() for w in words)
