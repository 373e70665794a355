"""Why and where something shall be forgotten, and the legal ground, as a request says them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from amnestic.agents.requests.once import segments
from amnestic.tools.tagging import Span, Tagged

__all__ = ["ground_in", "reason_in", "scope_in"]

_LAW = (
    r"(?:UK\s+)?GDPR|DS-?GVO|RGPD|AVG|RODO|DPA(?:\s+2018)?|BDSG|CCPA|CPRA|LGPD|PIPEDA|POPIA|"
    r"Data\s+Protection\s+Act|Datenschutz-?Grundverordnung|General\s+Data\s+Protection\s+Regulation"
)
_ARTICLE = r"(?:art(?:icle|ikel|ículo|icolo|\.)?|sec(?:tion|\.)?|§|para(?:graph|\.)?)"
_PLACE = rf"{_ARTICLE}\s*\d+[a-z]?(?:\s*\(\s*\w+\s*\)|\s*(?:Abs\.?|lit\.?|No\.?|Nr\.?)\s*\w+)*"
_GROUND = re.compile(
    rf"{_PLACE}\s*(?:,|of\s+the|de[rs]?|du|del|della|van\s+de)?\s*(?:{_LAW})\b"
    rf"|\b(?:{_LAW})\b[\s,]*{_PLACE}"
    r"|\bright\s+(?:to\s+be\s+forgotten|(?:to|of)\s+erasure)\b"
    r"|\bRecht\s+auf\s+(?:Vergessenwerden|Löschung)\b|\bdroit\s+à\s+l['’](?:oubli|effacement)\b"
    r"|\bderecho\s+(?:al\s+olvido|de\s+supresión)\b|\bdiritto\s+all['’]oblio\b",
    re.IGNORECASE,
)


def ground_in(text: str) -> str:
    """The legal ground of a request, in its own words; empty where it gives none.

    >>> ground_in("He invokes art. 17(1)(b) GDPR and wants to be forgotten.")
    'art. 17(1)(b) GDPR'
    >>> ground_in("Please forget Ana Morel.")
    ''
    """
    match = _GROUND.search(text)
    return " ".join(match.group().split()) if match else ""


def scope_in(seen: Tagged) -> str:
    """Where a request shall hold, in its own words; one word that says nothing does not."""
    return _words(seen, (s for s in seen.labelled("scope") if len(seen.text_of(s)) >= _SHORTEST))


def reason_in(seen: Tagged) -> str:
    """Why something shall be forgotten. What goes on a sentence that tells of the target is told of
    it: "She owed us 80 euros and moved out in June"."""
    told = [s.start for s in seen.labelled("fact")]
    sentences = [(piece.start, piece.end) for piece in segments(seen.text)]

    def goes_on(span: Span) -> bool:
        at = next((start for start, end in sentences if start <= span.start < end), 0)
        return any(at <= start < span.start for start in told)

    return _words(seen, (s for s in seen.labelled("reason") if not goes_on(s)))


_SHORTEST = 3


def _words(seen: Tagged, spans: Iterable[Span]) -> str:
    found = (seen.text_of(s).strip(' \t\n"“”„‟«»•,;:!?()[].') for s in spans)
    return "; ".join(dict.fromkeys(" ".join(piece.split()) for piece in found))
