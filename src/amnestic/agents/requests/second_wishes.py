"""A second wish within a phrase that a first one opened: "Osk, and kindly drop the Venn report",
"Osk und ich möchte auch Tor Hagen vergessen"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from amnestic.agents.requests.forms import WISH_AGAIN
from amnestic.agents.requests.mentions import is_anaphor
from amnestic.agents.requests.pieces import Piece, is_named, joins
from amnestic.agents.requests.wishes import wish_in

__all__ = ["order_at", "second_wish"]

_SPEAKER = re.compile(
    r"(?:i|we|ich|wir|je|j['’]|nous|yo|nosotros|io|noi|ik|wij|we)\b(?:['’]\w+)?\s*", re.I
)
_POLITE = re.compile(r"(?:please|kindly|also|then|bitte|auch|do\s+not|don['’]?t)\s", re.I)
_DETERMINED = re.compile(
    r"(?:the|this|that|these|those|my|our|his|her|its|their|everything|anything|all|die|das|den|le|la|"
    r"les|el|los|las|il|lo|gli|de|het)\s",
    re.I,
)
_NEGATED = re.compile(
    r"(?:please\s+|kindly\s+)?(?:do\s+not|don['’]?t|never|stop)\s+(?:ever\s+)?(?:mention|talk|speak|bring|discuss|"
    r"name|know|remember|reveal|quote|recommend|refer)\w*\s"
)
_THEIRS = re.compile(r"(?:his|her|its|their)\s", re.I)
_ORDER = re.compile(
    r"(?:please|kindly|bitte|do\s+not|don['’]?t|never|make\s+sure|let\s+me\s+know|tell\s+me)\s+[a-zß-ÿ]"
)
_IN_A_CLAUSE = re.compile(
    r"\b(?:that|which|who|whom|whose|to|lets?|helps?|can|will|could|der|die|das|welche[rs]?|qui|que|quien|che)\s",
    re.I,
)
_SKILL = re.compile(
    r"(?:how|where|when)\s+to\b|wie\s+man\b|comment\s|cómo\s|come\s+(?:si\s)?|\w+ing\b", re.I
)


def second_wish(phrase: str, pieces: Sequence[Piece]) -> tuple[int, str] | None:
    """Where a phrase is over, and what is wished behind it; `None` where it holds one wish.

    >>> from amnestic.agents.requests.pieces import pieces_of
    >>> phrase = "Osk and i also want you to forget the Venn report"
    >>> second_wish(phrase, pieces_of(phrase))
    (3, 'the Venn report')
    >>> second_wish("Osk and I will be glad", pieces_of("Osk and I will be glad")) is None
    True
    """
    if not pieces or _SKILL.match(pieces[0].text.strip()):
        return None  # "how to record and delete the calls"
    for before, piece in pairwise(pieces):
        if not joins(piece.joint):
            continue
        rest = phrase[piece.start :]
        what = _wished(rest, phrase[: before.end], parted="," in piece.joint)
        if what:
            return before.end, what
    return None


def order_at(pieces: Sequence[Piece]) -> int | None:
    """Where words begin that give another order, and name nothing: "Osk, and don't log it".

    >>> from amnestic.agents.requests.pieces import pieces_of
    >>> order_at(pieces_of("Osk and don't log it")), order_at(pieces_of("Osk and Tarn"))
    (3, None)
    """
    if not pieces or _SKILL.match(pieces[0].text.strip()):
        return None
    for before, piece in pairwise(pieces):
        small = piece.text.lower() == piece.text and "⟦" not in piece.text
        is_wish = _NEGATED.match(piece.text) is not None  # "and don't mention her firm"
        if joins(piece.joint) and small and not is_wish and _ORDER.match(piece.text):
            return before.end
    return None


def _wished(rest: str, ahead: str, *, parted: bool) -> str:
    """What words wish that open with a wish of their own; a clause may only go on."""
    again = WISH_AGAIN.match(rest)
    if again and rest[again.end() - 2 : again.end() - 1].islower():
        what = rest[again.end() :]
        is_thing = bool(_DETERMINED.match(what)) or is_named(what)
        polite = _POLITE.match(rest) is not None
        goes_on = not parted and not polite and _IN_A_CLAUSE.search(ahead) is not None
        return what if (is_thing or polite) and not goes_on and not is_anaphor(what) else ""
    if _NEGATED.match(rest):
        wish = wish_in(rest)
        is_new = wish is not None and is_named(wish.what) and not _THEIRS.match(wish.what)
        return wish.what if wish is not None and is_new else ""
    if _SPEAKER.match(rest):
        wish = wish_in(rest)
        return wish.what if wish is not None and not is_anaphor(wish.what) else ""
    return ""
