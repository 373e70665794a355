"""Whether a sentence names somebody."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from amnestic.tools.prose.grammar import grammar_of

__all__ = ["TRADES", "names_another", "names_person", "people_in"]

_WHOSE = re.compile(r"\b(?:belongs to|owned by|by|for|with) ([A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+)")
_NAME = re.compile(
    r"(?<![\w'’-])[A-Z][\w'’-]*(?:\.(?=\s[A-Z]))?"
    r"(?:\s+(?:(?:de|da|van|von|der|la|di|du|del|bin|al)\s+)*[A-Z][\w'’-]*\.?(?<![.]))*"
)
_LIFE = re.compile(r"\*\*\s?\([^()\n]{0,60}\d{4}\s?[-–—]")  # "** (Tavel, 1885–1931)"
_NO_PERSON = re.compile(  # what stands before the name of a place, a time or a work
    r"(?:\b(?:in|at|from|near|of|on|to|into|since|until|till|around|across|through|towards?|the"
    r"|wrote|writes|published|recorded|released|composed|directed|painted|called|titled|entitled"
    r"|named|novel|book|album|film|song|poem|play|won|received|joined|founded)\s+|[\"“‘'*_])$",
    re.IGNORECASE,
)
_REACH = 24
_NO_NAMES = frozenset(
    "january february march april may june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday i the a an in on at as after before when "
    "while two three today many some most his her he she it they this that these those there "
    "english french german spanish italian dutch".split()
)
TRADES = (
    "boy girl child father mother brother sister son daughter husband wife uncle aunt king queen "
    "prince princess doctor teacher professor priest judge nurse neighbour captain officer "
    "baker miller farmer student pupil author writer poet painter singer actor actress customer "
    "patient mayor minister president senator governor bishop monk nun soldier sailor clerk "
    "cook driver editor critic curator librarian gardener guide host owner manager boss secretary "
    "architect engineer lawyer friend colleague guest visitor conductor composer director dancer"
).replace(" ", "|")
_SOMEONE = re.compile(
    r"(?<!\bis )(?<!\bwas )(?<!\bas )(?<!\bbecame )(?<!\bbecome )"
    r"\b(?:a|an|the|another|one|my|our|your|every|each) (?:[a-z]+ ){0,2}?"
    rf"(?:{TRADES}|\w*(?:man|woman|person|[^aeiou]ist|cian))\b",
    re.IGNORECASE,
)


def people_in(piece: str) -> Iterator[str]:
    """The names in a sentence that may be a person's.

    >>> list(people_in("In Tavel, Edda Tarn met Ivo in May."))
    ['Edda Tarn', 'Ivo']
    >>> list(people_in("**Edda Tarn** (1885–1931) sang.")), list(people_in("*Glass Harbour* sold."))
    (['Edda Tarn'], [])
    """
    least = 2 if grammar_of(piece).nouns_are_capital else 1
    for match in _NAME.finditer(piece):
        words = match.group().split()
        if words[0].lower() in _NO_NAMES:
            words = words[1:]
        before = piece[max(0, match.start() - _REACH) : match.start()]
        opens = len(before) < _REACH and not before.strip(" \"'“‘(") and len(words) < 2
        # "**Edda Tarn** (1885–1931) was", but "**Glass Harbour** is a poem"
        is_headed = before.strip() == "**" and len(words) > 1
        headed = is_headed and _LIFE.match(piece, match.end())
        if len(words) >= least and not opens and (headed or not _NO_PERSON.search(before)):
            yield " ".join(words)


def names_person(piece: str, people: Collection[str]) -> bool:
    """Whether a sentence names somebody; `people` are words of names that were read so far.

    >>> names_person("Edda Tarn sings.", ()), names_person("It rained.", ())
    (True, False)
    """
    if grammar_of(piece).nouns_are_capital and any(n in people for n in re.findall(r"\w+", piece)):
        return True
    opening = re.match(r"\s*([A-Z][\w'’-]*)", piece)
    known = opening is not None and opening[1] in people
    return known or bool(_SOMEONE.search(piece)) or any(True for _ in people_in(piece))


def names_another(piece: str, people: Collection[str], leaks: Callable[[str], bool]) -> bool:
    """Whether a sentence names somebody who is no target.

    >>> names_another("Osk met Edda Tarn.", (), lambda s: "Osk" in s)
    True
    """
    opening = re.match(r"\s*([A-Z][\w'’-]*)", piece)
    if opening is not None and opening[1] in people and not leaks(opening[1]):
        return True
    if any(not leaks(match[1]) for match in _WHOSE.finditer(piece)):
        return True
    return bool(_SOMEONE.search(piece)) or any(not leaks(name) for name in people_in(piece))
