"""Names that were read with the words before them that only say what they are: "Norwegian insurer
Fjelltrygd", "Bildhauer Enno Tjarks"."""

from __future__ import annotations

import re
from dataclasses import replace

from amnestic.agents.requests.appositions import apposed
from amnestic.agents.requests.kind_words import kind_said_by
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.tools.names import is_given_name
from amnestic.types import TargetKind

__all__ = ["kind_ahead_of", "without_kind_ahead"]

_ORIGIN = r"[^\W\d_a-zß-ÿ][\w’'-]*(?:an|ish|ese|[eu][nt]ch|reek|iss|ic|-(?:based|born|owned|made))"
_SMALL = (
    r"(?!(?:de|da|di|du|des|del|della|van|von|vom|der|den|le|la|el|al|bin|ibn|of|the|and|und|et|y|e|"
    r"ten|ter|af|zu|in|at|on|by|for|from|with|to|about|as|or|nor|im|am|bei|aus|mit|en|con|à|au|dans|"
    r"sur|per|by|op|te|voor|met)\s)[a-zß-ÿ][a-zß-ÿ-]+"
)
_NAME = r"(?=[^\W_a-zß-ÿ][\w&])"
_ORIGIN_AND_KIND = re.compile(rf"(?:{_ORIGIN}\s+){{1,2}}(?:{_SMALL}\s+){{1,3}}{_NAME}")
_KIND = re.compile(rf"(?:{_SMALL}\s+){{1,2}}{_NAME}")
_ARTICLE = re.compile(
    r"(?:^|[\s(])(?:the|an?|our|my|de|het|een|onze|mijn|der|die|das|den|dem|meine?[nmr]?|"
    r"unsere?[nmr]?|le|la|les|notre|mon|ma|el|los|las|mi|nuestr[oa]|il|lo|gli|mio|mia)\s+$|(?:^|[\s(])(?:l|un|dell|all)['’]$",
    re.I,
)
_GERMAN_ROLE = re.compile(
    r"(?P<role>[A-ZÄÖÜ][a-zäöüß-]+(?:er|erin|ist|istin|ent|entin|ant|antin|or|orin|oge|ogin|mann|"
    r"frau|meister))\s+"
    r"(?=[A-ZÀ-Þ][\w'’-]+\s+(?:(?:von|van|zu|de)\s+)*[A-ZÀ-Þ])"
)
_GERMAN_ARTICLE = re.compile(
    r"(?:^|[\s(])(?:der|die|das|den|dem|meine?[nmr]?|unsere?[nmr]?)\s+$", re.I
)
_GERMAN_KIND = re.compile(r"(?P<kind>[A-ZÄÖÜ][a-zäöüß]{3,})\s+(?=[A-ZÀ-Þ0-9])")
_NEVER_OF_NAMES = (TargetKind.TOPIC, TargetKind.WORK)  # as "Bank" is of "Bank Austria"
_NAMED = (
    TargetKind.PERSON,
    TargetKind.ORGANISATION,
    TargetKind.PLACE,
    TargetKind.WORK,
    TargetKind.TOPIC,
)


def without_kind_ahead(reading: RequestReading, text: str) -> RequestReading:
    """A reading whose targets go by their names alone; what they are is told of them.

    >>> read = RequestReading((Interpretation("Danish bank Osk & Tarn", TargetKind.ORGANISATION),))
    >>> target, = without_kind_ahead(read, "Forget the Danish bank Osk & Tarn.").targets
    >>> target.subject, target.description
    ('Osk & Tarn', 'Osk & Tarn is the Danish bank.')
    """
    unread = reading.unread
    targets = []
    for target in reading.targets:
        lead = kind_ahead_of(target, text)
        targets.append(_by_name(target, lead) if lead else target)
        if lead:
            plain = target.subject.removeprefix(lead)
            unread = tuple(said.replace(repr(target.subject), repr(plain)) for said in unread)
    return replace(reading, targets=tuple(targets), unread=unread)


def kind_ahead_of(target: Interpretation, text: str) -> str:
    """The words that a target's name begins with and that only say what it is; empty without.

    >>> tjarks = Interpretation("Bildhauer Enno Tjarks", TargetKind.PERSON)
    >>> kind_ahead_of(tjarks, "Vergiss den Bildhauer Enno Tjarks.")
    'Bildhauer '
    >>> kind_ahead_of(Interpretation("Peter Hans Tarn", TargetKind.PERSON), "den Peter Hans Tarn")
    ''
    """
    name = target.subject
    at = text.find(name)
    if at < 0 or target.kind not in _NAMED:
        return ""
    ahead = text[:at]
    if (told := _ORIGIN_AND_KIND.match(name)) and kind_said_by(told.group()) is not None:
        return told.group()
    is_topic = target.kind is TargetKind.TOPIC  # which may be named by a noun: "the strike"
    if not is_topic and (told := _KIND.match(name)) and _ARTICLE.search(ahead):
        return told.group()
    role = _GERMAN_ROLE.match(name) if target.kind is TargetKind.PERSON else None
    if role and _GERMAN_ARTICLE.search(ahead) and not is_given_name(role["role"].casefold()):
        return role.group()
    noun = _GERMAN_KIND.match(name)
    is_kind = noun and kind_said_by(noun["kind"]) in _NEVER_OF_NAMES
    return noun.group() if noun and is_kind and _GERMAN_ARTICLE.search(ahead) else ""


def _by_name(target: Interpretation, lead: str) -> Interpretation:
    name = target.subject.removeprefix(lead)
    told = target.description.replace(target.subject, name)
    what = lead.strip()
    is_noun = what.split()[-1][:1].isupper()  # as German writes it
    said = f"{name}: {what}." if is_noun else apposed(name, f"the {what}")
    kind = kind_said_by(lead) or target.kind
    aliases = dict.fromkeys(alias.removeprefix(lead) for alias in target.aliases)
    return replace(
        target,
        subject=name,
        kind=kind if target.kind_guessed or kind in _NEVER_OF_NAMES else target.kind,
        aliases=tuple(alias for alias in aliases if alias != name),
        description=f"{said} {told}".strip(),
    )
