"""Phrases that belong to the name before them: "Osk and all her songs", "Osk und alles von ihr".

Such a phrase names nobody else, and it asks for no exception: it says that what belongs to the
target goes with it.
"""

from __future__ import annotations

import re

from amnestic.agents.requests.mentions import mentions_in

__all__ = ["goes_along", "goes_on", "row_before"]

_I = re.IGNORECASE
_AND = (
    r"(?:,|&|\+|(?:,\s*)?\b(?:and|or|nor|with|plus|und|oder|mitsamt|samt|sowie|et|ou|ainsi\s+que|avec|"
    r"y|e|o|con|además\s+de|en|of|met|ed|oraz|i|wraz\s+z|com|bem\s+como)\b)"
)
_ALSO = r"(?:\s*\b(?:also|too|even|auch|aussi|también|anche|ook|também|też)\b)?"
_GAP = re.compile(rf"\s*{_AND}{_ALSO}\s*", _I)
_NAMED = r"[^\W\d_a-zß-ÿ][\w'’-]*"
_IN_ROW = re.compile(rf"\b{_NAMED}(?P<close>['\"”’»)]*)(?i:{_GAP.pattern})$")
_REST_OF_ROW = re.compile(
    rf"(?>(?:(?i:{_GAP.pattern})['\"“‘«(]*{_NAMED}(?: {_NAMED}){{0,5}}['\"”’»)]*){{0,20}})"
    r"\s*(?:[.!?;\n]|$)"
)
_NEAR = 120  # characters before a phrase in which a row is looked for
_GAP_AND_ROLE = re.compile(
    rf"\s*{_AND}{_ALSO}\s*(?:(?:his|her|its|their|our|my|seine?\w?|ihre?\w?|unsere?\w?|son|sa|ses|leurs?|notre|nos|"
    r"sus?|nuestr[oa]s?|suoi?|su[ae]|nostr[oaie]|zijn|haar|hun|onze)\s+(?:[^\W\d_][\w-]*,?\s+){1,3})?",
    _I,
)
_ALL = (
    r"(?:(?:all|any|every\s+one|each|none|some|both|most|the\s+rest|alle[nrs]?|sämtliche[nr]?|"
    r"tou(?:s|tes?)|l['’]ensemble|todos?|todas?|tutt[eio]|alle|al|wszystki(?:e|ch|mi))\s+"
    r"(?:of\s+|von\s+|de\s+|di\s+)?)?"
)
_OWN = (
    r"(?:his|her|their|its|sein(?:e[nmrs]?)?|ihr(?:e[nmrs]?)?|deren|dessen|ses|son|sa|leurs?|su|sus|"
    r"suo|sua|suoi|sue|i\s+suoi|le\s+sue|il\s+suo|la\s+sua|(?:i|le|il|la)\s+loro|loro|zijn|haar|hun|"
    r"seus?|suas?|os\s+seus|as\s+suas|jego|jej|ich)\s+[^\W\d_]"
)
_WHATEVER = (
    r"(?:everything|anything|all|whatever|alles,?|tout(?:\s+ce)?|todo(?:\s+lo)?|tutto(?:\s+(?:ciò|quello))?|"
    r"tudo(?:\s+o)?|wszystko,?)\s+(?:else\s+)?(?:(?:that|which|was|que?|qu['’]|che|wat|dat|co)\s*)?"
    r"(?:(?:about|by|of|from|on|von|über|de|di|da|van|over|o|od)\s+)?"
    r"(?:s?he|they|it|him|her|them|sie|er|es|ihr|ihm|ihnen|elles?|ils?|lui|eux|ellos?|ellas?|él|lei|"
    r"loro|hij|zij|ze|hem|haar|hen|ele|ela|eles|elas|on|ona|oni|nim|niej)\b"
)
_BELONGING = re.compile(rf"\s*(?:{_ALL}{_OWN}|{_WHATEVER})", _I)


def goes_along(between: str, phrase: str) -> bool:
    """Whether a phrase is joined to the name before it and only says what belongs to that.

    Args:
        between: the words from the end of the name to the phrase.
        phrase: the phrase.

    >>> goes_along(" and ", "all her songs"), goes_along(" and all ", "their albums")
    (True, True)
    >>> goes_along(" but keep ", "her songs"), goes_along(" and ", "Her Majesty's Theatre")
    (False, False)
    """
    whole = f"{between}{phrase}"
    gap = _GAP.match(whole)
    if gap is None or not phrase.strip() or _named(phrase):
        return False
    rest = _BELONGING.match(whole, gap.end())
    return rest is not None and rest.end() > len(between)


def goes_on(between: str, behind: str) -> bool:
    """Whether a phrase only goes on a list of what is meant, since no word says that it stays.

    Args:
        between: the words from the last piece that is meant to the phrase.
        behind: what follows the phrase.

    >>> goes_on(", and ", "."), goes_on(", and ", " may stay."), goes_on(", but ", ".")
    (True, False, False)
    """
    rest = re.split(r"[.!?;\n]", behind, maxsplit=1)[0]
    return _GAP_AND_ROLE.fullmatch(between) is not None and not re.search(r"\w", rest)


def row_before(before: str, behind: str) -> int | None:
    """Where the piece ends behind which a phrase stands in a row, as the middle or the end of it:
    what is said of one piece of a row is said of all. `None` where it stands in no row.

    Args:
        before: the words before the phrase.
        behind: what follows it.

    >>> row_before("She wrote Harbour, ", " and Salt."), row_before("She wrote Harbour and ", ".")
    (17, 17)
    >>> row_before("Forget Osk, ", " may stay."), row_before("Forget Osk but keep ", ".")
    (None, None)
    """
    near = max(0, len(before) - _NEAR)
    found = _IN_ROW.search(before[near:])
    return near + found.end("close") if found is not None and _REST_OF_ROW.match(behind) else None


def _named(phrase: str) -> bool:
    """Whether a phrase holds a name: "his wife Ana", or a title that opens with "Her"."""
    words = phrase.split()
    is_title = words[0][:1].isupper() and sum(word[:1].isupper() for word in words) > 1
    return is_title or any(m.score >= _A_NAME for m in mentions_in(phrase))


_A_NAME = 2
