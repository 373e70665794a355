"""Which of two names "the former" and "the latter" stand for, and what is done where nobody
knows."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice, pairwise

from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.readings import RequestReading

__all__ = ["with_pointers_settled", "with_the_two_named"]

_I = re.IGNORECASE
_MOST = 12
_SIGHT, _CUT = 400, 60  # how far back names are looked for; one may be cut where that begins
_FORMER = (
    r"the\s+(?:former|first[\s-](?:named|mentioned))|"
    r"(?:(?:der|die|das|den|dem|des)\s+)?erst(?:ere|genannte)[nrsm]?|eerstgenoemde"
)
_LATTER = (
    r"the\s+(?:latter|last[\s-](?:named|mentioned))|(?:(?:der|die|das|den|dem|des)\s+)?letzt(?:ere|genannte)[nrsm]?|"
    r"ce(?:tte)?\s+derni(?:er|ère)|est[ea]\s+últim[oa]|quest['’]ultim[oa]|laatstgenoemde"
)
_ALONE = (  # "the former mayor" is one that was it
    r"(?:\s+one)?(?=\s*(?:['’]s\b|[.,;:!?)]|$)|\s+(?:is|was|are|were|may|might|can|could|should|shall|will|would|must|has|had|does|did|"
    r"stays?|remains?|needs?|wants?|wanted|asks?|asked|also|still|only|and|but|or|please|too|because|as|an?|who|whom|whose|"
    r"to|from|with|on|in|of|about|himself|herself|by|until|ist|war|darf|kann|soll|hat|bleibt|muss|möchte|wird|und|aber|nicht|"
    r"est|était|a|peut|doit|reste|ne|sera|et|es|era|fue|puede|debe|ha|no|y|è|può|deve|non|resta|rimane|e|mag|blijft|moet|en)\b)"
)
_POINTER = re.compile(rf"(?<![\w'’-])(?:(?P<former>{_FORMER})|(?P<latter>{_LATTER})){_ALONE}", _I)
_JOINED = re.compile(
    r"\s*,?\s+(?:and|or|nor|und|oder|noch|et|ou|ni|y|o|e|né|en|of|as\s+well\s+as|sowie)\s+(?:(?:also\s+)?(?:the|his|her|my|our|their|der|die|das|den|"
    r"la|le|el|il|de|het|mein\w*|sein\w*|ihr\w*|mon|ma|son|sa|su|mi)\s+(?:[a-zà-ÿ-]+\s+){0,2})?",
    _I,
)
_UNKNOWN = re.compile(
    rf"(?:{_FORMER}|{_LATTER}|(?:the|that|this)\s+(?:other|second|first|third|last)(?:s|\s+(?:one|two|three))?|the\s+rest|"
    r"(?:der|die|das|den)\s+(?:andere|zweite|erste)[nr]?|l['’]autre|les\s+autres|el\s+otro|la\s+otra|l['’]altr[oa]|de\s+ander)",
    _I,
)


def with_the_two_named(text: str) -> str:
    """The text with the names in the place of words that point to one of the two before them.

    >>> with_the_two_named("Forget Ana Morel and Tor Hagen; the latter's recipes may stay.")
    "Forget Ana Morel and Tor Hagen; Tor Hagen's recipes may stay."
    >>> with_the_two_named("Forget Ana Morel, the former mayor of Tavel.")
    'Forget Ana Morel, the former mayor of Tavel.'
    """
    pointers = list(islice(_POINTER.finditer(text), _MOST))
    for match in reversed(pointers):
        two = _two_before(text[: match.start()])
        if two is not None:
            name = two[0] if match["former"] else two[1]
            text = f"{text[: match.start()]}{name}{text[match.end() :]}"
    return text


def _two_before(text: str) -> tuple[str, str] | None:
    """The last two names of a text that are joined as a pair, and go on no longer list."""
    sight = max(0, len(text) - _SIGHT)
    text = text[sight:]
    named = [m for m in mentions_in(text) if m.score >= 1 and (not sight or m.start > _CUT)]
    places = [(text.find(m.name, m.start), m.name) for m in named]
    joined = [
        _JOINED.fullmatch(text, at + len(one), other) is not None
        for (at, one), (other, _) in pairwise(places)
    ]
    last = next((i for i in reversed(range(len(joined))) if joined[i]), None)
    if last is None or last + 2 < len(places):
        return None  # others were named since
    before = text[places[last - 1][0] + len(places[last - 1][1]) : places[last][0]] if last else "."
    return None if before.strip() == "," else (places[last][1], places[last + 1][1])


def with_pointers_settled(reading: RequestReading) -> RequestReading:
    """A reading without exceptions that only point to somebody whom nobody knows: where there is
    one target it is said that they do not hold, and where there are several it is asked."""
    pointing = {k for t in reading.targets for k in t.exceptions if _UNKNOWN.fullmatch(k.strip())}
    if not pointing:
        return reading
    targets = tuple(
        replace(t, exceptions=tuple(k for k in t.exceptions if k not in pointing))
        for t in reading.targets
    )
    if len(targets) == 1:
        said = tuple(
            f"who {words!r} is, that may stay: nothing is left out" for words in sorted(pointing)
        )
        return replace(reading, targets=targets, unread=(*reading.unread, *said))
    asked = tuple(f"which of them is {words!r}? Give the name" for words in sorted(pointing))
    return replace(reading, targets=targets, doubts=(*reading.doubts, *asked))
