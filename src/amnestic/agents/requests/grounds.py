"""The legal ground that a request gives."""

from __future__ import annotations

import re

__all__ = ["ground_in"]

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
