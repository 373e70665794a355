"""How many of a unit words tell, also by halves and quarters: "two and a half", "anderthalb", "½",
"dwa i pół"."""

from __future__ import annotations

import re
from fractions import Fraction

from amnestic.agents.requests.number_words import cardinal_of
from amnestic.tools.reading import uncased

__all__ = ["AND", "PARTS", "is_number", "part_of", "quantity_of"]

AND = "and|und|et|y|e|i|en"
"""What joins a number and its part, or two stretches of time."""

_HALF, _QUARTER, _THREE = Fraction(1, 2), Fraction(1, 4), Fraction(3, 4)
_OF = (
    r"(?:\s+(?:of\s+|de\s+|di\s+|d['’]\s?|van\s+)?(?:an?|one|the|un[ae]?|un['’]|uma?|een)|"
    r"\s+(?:of|de|di|d['’]))?"
)
_ONE = r"(?:(?:an?|one|eine?[nmsr]?|une?|una|um|uma|een)\s+)?"
_PARTS = tuple(
    (re.compile(rf"{_ONE}(?:{form}){_OF}", re.IGNORECASE), part)
    for form, part in (
        (
            r"three[\s-]+quarters|drei[\s-]?viertel|trois[\s-]+quarts|tres\s+cuartos|três\s+quartos|tre\s+quarti|"
            r"trzy\s+czwarte|drie\s?kwart|[¾]|3/4",
            _THREE,
        ),
        (
            r"hal(?:f|ve)|halb(?:e[nmsr]?)?|demi[es]?|medi[oa]|mezz(?:[oa]|['’])|mei[oa]|pół|[½]|1/2",
            _HALF,
        ),
        (r"quarter|viertel|quart|cuarto|quarto|kwart|ćwierć|[¼]|1/4", _QUARTER),
    )
)
PARTS = (
    r"(?:(?:an?|one|eine?[nmsr]?|une?|una|um|uma|een)\s+)?(?:half|halve|halb\w*|demie?|medi[oa]|mezz[oa]|mei[oa]|pół|"
    r"three[\s-]+quarters|drei[\s-]?viertel|trois[\s-]+quarts|tres\s+cuartos|quarter|quart|cuarto|kwart|[½¼¾]|[13]/[24])"
)
"""A part of one as it stands behind "and"."""

_SIGN = re.compile(r"(?P<whole>\d{1,4})?\s*(?P<part>[½¼¾]|[13]/[24])")
_DECIMAL = re.compile(r"\d{1,4}[.,]\d{1,2}")
_JOINED = re.compile(rf"(?P<whole>.+?)\s+(?:{AND})\s+(?P<part>{PARTS})", re.IGNORECASE)
_MORE_THAN_ONE = re.compile(
    r"anderthalb\w{0,2}|ein(?:und)?einhalb\w{0,2}|anderhal(?:f|ve)|półtor(?:a|ej)", re.IGNORECASE
)
_GERMAN = re.compile(r"(?P<whole>\w+?)(?:und)?(?:ein)?halb(?:e[nmsr]?)?", re.IGNORECASE)
_DUTCH = re.compile(r"(?P<whole>\w+?)(?:en|ën)(?:een)?half", re.IGNORECASE)
_HUNDREDS = re.compile(
    r"(?P<n>.*?)\s*(?:hundred|hundert|cents?|cien(?:to)?|cento|honderd|cem|sto)(?![a-z]*tag)\s*(?:(?:and|und|et|y|e)\s)?\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_LARGE = frozenset(
    "thousand tausend mille mil mila duizend tysiąc "
    "dozen dutzend douzaine docena dozzina score".split()
)


def quantity_of(words: str) -> Fraction | None:
    """The number that words tell as a whole; `None` where they tell none, or more than is read.

    >>> [str(quantity_of(w)) for w in ("six", "two and a half", "anderthalb", "half a")]
    ['6', '5/2', '3/2', '1/2']
    >>> quantity_of("or three") is None
    True
    """
    words = " ".join(words.split())
    if words.isdecimal():
        return Fraction(int(words))
    if _DECIMAL.fullmatch(words):
        return Fraction(words.replace(",", "."))
    if sign := _SIGN.fullmatch(words):
        return Fraction(int(sign["whole"] or 0)) + (part_of(sign["part"]) or 0)
    if _MORE_THAN_ONE.fullmatch(words):
        return Fraction(3, 2)
    if part := part_of(words):
        return part
    if (whole := _whole(words)) is not None:
        return Fraction(whole)
    for form in (_JOINED, _GERMAN, _DUTCH):
        if (joined := form.fullmatch(words)) and (number := _whole(joined["whole"])) is not None:
            further = part_of(joined["part"]) if form is _JOINED else _HALF
            return None if further is None else number + further
    return None


def part_of(words: str) -> Fraction | None:
    """The part of one that words tell: "half a", "¾", "medio"."""
    return next((part for form, part in _PARTS if form.fullmatch(words)), None)


def is_number(word: str) -> bool:
    """Whether a word is a number or a part of one: what stands beside it is no whole one then."""
    return quantity_of(word) is not None or uncased(word) in _LARGE


def _whole(words: str) -> int | None:
    words = words.strip()
    if words.isdecimal():
        return int(words)
    if (found := cardinal_of(words)) is not None:
        return found
    if (hundreds := _HUNDREDS.fullmatch(words)) is None:
        return None
    ahead = cardinal_of(hundreds["n"]) if hundreds["n"] else 1
    behind = cardinal_of(hundreds["rest"]) if hundreds["rest"] else 0
    return None if ahead is None or behind is None else ahead * 100 + behind
