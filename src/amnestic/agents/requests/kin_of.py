"""Somebody who is told only by whose relative they are: "the wife of Tor Hagen" names nobody."""

from __future__ import annotations

import re
from dataclasses import replace

from amnestic.agents.requests.joining import letters
from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.once import segments
from amnestic.agents.requests.readings import RequestReading
from amnestic.agents.requests.wishes import wish_in
from amnestic.exceptions import NeedsClarificationError
from amnestic.tools.prose import grammar_of
from amnestic.types import TargetKind

__all__ = ["COURTESY", "is_unnamed_kin", "without_whose"]

COURTESY = frozenset(
    "please pls plz kindly thanks thank thx ty bitte danke merci svp stp gracias favor grazie "
    "favore alsjeblieft bedankt also too well auch aussi también anche ook soon now today asap "
    "all everything anything more".split()
)
"""Words of courtesy, and such as ask for nothing of their own."""

_BESIDE = "whether {!r} shall be forgotten as well"
_KIN = (
    r"(?:ex-)?(?:wife|husband|widow|widower|partner|father|mother|mum|mom|dad|parents|brothers?|"
    r"sisters?|sons?|daughters?|children|kids|uncle|aunt|cousin|nephew|niece|grandfather|grandmother|grandparents|girlfriend|boyfriend|fianc[ée]e?|"
    r"(?-i:Frau|Mann|Witwe|Vater|Mutter|Eltern|Bruder|Schwester|Sohn|Tochter|Kinder|Onkel|Tante)|"
    r"femme|mari|veuve|père|mère|frère|sœur|soeur|fils|fille|oncle|tante|"
    r"mujer|esposa|esposo|marido|viuda|padre|madre|hermano|hermana|hijo|hija|tío|tía|"
    r"moglie|marito|vedova|fratello|sorella|figlio|figlia|zio|zia|"
    r"vrouw|echtgenoot|vader|moeder|broer|zus|zoon|dochter)"
)
_OF = re.compile(
    r"(?<![\w-])(?:(?:the|der|die|den|das|la|le|el|il|lo|de)\s|l['’])(?:[a-zß-ÿ-]+\s+){0,2}?"
    rf"{_KIN}\s"
    r"(?:of\s|von\s|du\s|del\s|della\s|d[ei]\s|d['’]|van\s)$",
    re.I,
)
_ITS_KIN = re.compile(
    r"(?:a\s)?(?:his|her|their|my|our|seine?[nmrs]?|ihre?[nmrs]?|meine?[nmrs]?|unsere?[nmrs]?|son|sa|ses|"
    r"leurs?|mon|ma|mes|sus?|mis?|suoi?|su[ae]|mi[oae]|miei|zijn|haar|hun|mijn|onze)\s"
    rf"(?:[a-zß-ÿ-]+\s)?{_KIN}",
    re.I,
)
_POSSESSED = re.compile(
    r"(?:['’]s|['’]|s['’]?)\s"
    r"(?:(?:late|ex|former|older|younger|eldest|only|twin|first|second|two|three)\s){0,2}"
    rf"{_KIN}(?![\w-])",
    re.I,
)
_APART = re.compile(r"[\s,(]*(?:(?:called|named|namens|nommée?|llamad[oa])\s+)?[\s\"“„«]*")
_ENDS = re.compile(
    r"[\"”“»]?\s*(?:[.,;:!?()\n–—]|$|(?:and|but|und|aber|et|mais|y|pero|e|ma|en|maar)\s)"
)
_A_NAME = 2
_GOES_ON = re.compile(r"\s+(?P<word>[a-zß-ÿ][\w-]*)")  # "mother tongue", "sister firm"


def is_unnamed_kin(words: str) -> bool:
    """Whether words say whose relative somebody is, and nothing else.

    >>> is_unnamed_kin("her late husband"), is_unnamed_kin("her husband Tor"), is_unnamed_kin("dog")
    (True, False, False)
    """
    return _ITS_KIN.fullmatch(words.strip()) is not None


def without_whose(reading: RequestReading, text: str) -> RequestReading:
    """A reading without those who are named only as whose relative somebody is.

    Raises `NeedsClarificationError` where nobody else is.

    >>> from amnestic.agents.requests.readings import Interpretation
    >>> from amnestic.types import TargetKind
    >>> def read(*names):
    ...     return RequestReading(tuple(Interpretation(n, TargetKind.PERSON) for n in names))
    >>> text = "Forget the wife of Tor Hagen, Ana Morel."
    >>> [t.subject for t in without_whose(read("Tor Hagen", "Ana Morel"), text).targets]
    ['Ana Morel']
    >>> found = without_whose(read("Tor Hagen"), "Forget Tor Hagen's widow, Ana Morel.")
    >>> [t.subject for t in found.targets]
    ['Ana Morel']
    >>> without_whose(read("Tor Hagen"), "Forget Tor Hagen's wife.")
    Traceback (most recent call last):
        ...
    amnestic.exceptions.NeedsClarificationError: what is the name of "Tor Hagen's wife"?
    """
    whose = {t.subject: told for t in reading.targets if (told := _told_as(t.subject, text))}
    if not whose:
        return reading
    targets = tuple(t for t in reading.targets if t.subject not in whose)
    (first, *further) = whose.values()
    if not targets and not further and (name := _named_behind(first, text)):
        held = reading.targets[0]
        named = replace(held, subject=name, aliases=(), description="", kind=TargetKind.PERSON)
        return replace(reading, targets=(named,))
    if not targets:
        told = " and ".join(map(repr, whose.values()))
        raise NeedsClarificationError(f"what is the name of {told}?")
    said = (_BESIDE.format(name) for name in whose)
    unread = tuple(dict.fromkeys((*reading.unread, *said)))
    return replace(reading, targets=targets, unread=unread)


def _named_behind(whose: str, text: str) -> str:
    """The name that stands right behind whose relative somebody is: "Tor Hagen's widow, Ana Morel"
    is Ana Morel."""
    end = text.find(whose) + len(whose)
    named = (m for m in mentions_in(text[end:]) if m.score >= _A_NAME and " " in m.name)
    name = next(named, None)
    if name is None:
        return ""
    start = text.find(name.name, end + name.start)
    apart = _APART.fullmatch(text[end : end + name.start])
    return name.name if apart and _ENDS.match(text, start + len(name.name)) else ""


def _told_as(name: str, text: str) -> str:
    """The words in which a name only says whose relative is meant; empty where it says more."""
    name = re.sub(r"^von\s+|['’]s$", "", name)
    if " " not in name:
        return ""
    said = ""
    asked = letters(" ".join(w.what for s in segments(text) if (w := wish_in(s.of(text).strip()))))
    if letters(name) not in asked:
        return ""
    for place in re.finditer(rf"(?<!\w){re.escape(name)}", text):
        kin = _OF.search(text[: place.start()])
        owned = _POSSESSED.match(text, place.end())
        if owned and _is_compound(text, owned.end()):
            return ""
        end = owned.end() if owned else place.end()
        if owned is None and (kin is None or re.match(r"\w", text[end:])):
            return ""
        said = said or text[kin.start() if kin else place.start() : end]
    return said


def _is_compound(text: str, end: int) -> bool:
    """Whether a relative's word only begins what is owned: "Osk's mother tongue"."""
    further = _GOES_ON.match(text, end)
    if further is None:
        return False
    grammar = grammar_of(text)
    closed = grammar.small | grammar.pronouns | grammar.helps | grammar.persons | grammar.points
    word = further["word"].casefold()
    return word not in closed and word not in COURTESY and wish_in(text[end:].strip()) is None
