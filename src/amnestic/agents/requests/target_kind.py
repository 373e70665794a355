"""What sort of thing a forget target is, from its name and what is said of it."""

from __future__ import annotations

import re

from amnestic.types import TargetKind

__all__ = ["IS", "is_work", "kind_named", "kind_of"]

IS = r"(?:is|was|are|were|refers\s+to|works\s+(?:as|at|for)|lives|died|has|had)"
"""The verbs behind which a description says what its subject is."""

_SKILL = re.compile(
    r"^(?:how\s+to|(?:the\s+)?(?:recipe|instructions?|steps?|method|procedure)\s+(?:for|to))\b",
    re.IGNORECASE,
)
_RECORD = re.compile(
    r"\b(?:record|file|account|invoice|order|ticket|case|contract|patient|customer|client)\b"
    r"(?:\s*(?:number|no\.?|id|#)|'s)?\s*#?\w*\d",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"^(?:\+?[\d\s()./-]{7,}|\S+@\S+|[A-Z]{2}\d{2}(?:\s?[A-Z0-9]){11,30})$")
_ORGANISATION = re.compile(
    r"\b(?:company|corporation|organi[sz]ation|firm|university|school|college|band|institute|"
    r"agency|bank|startup|brand|association|club|party|guild|society|works|inc|ltd|llc|gmbh|"
    r"publisher|museum|hospital|laboratory|observatory|orchestra|theatre|newspaper|team)\b"
)
_WORK = re.compile(
    r"\b(?:novel|book|film|movie|song|album|series|play|poem|painting|game|symphony|opera|article|"
    r"paper|essay|sculpture|musical|sonata|trilogy|memoir|documentary)\b"
)
_PLACE = re.compile(
    r"\b(?:city|town|village|country|river|mountain|island|lake|region|street|building|castle|"
    r"bridge|harbou?r|valley|province|capital|district|port)\b"
)
_THINGS = (
    (TargetKind.ORGANISATION, _ORGANISATION),
    (TargetKind.WORK, _WORK),
    (TargetKind.PLACE, _PLACE),
)
_PERSON = re.compile(
    r"\b(?:person|member|figure|polymath|footballer|boxer|swimmer|celebrity|personality|actor|"
    r"actress|author|writer|singer|politician|president|king|queen|player|scientist|philosopher|"
    r"director|musician|rapper|founder|businessman|businesswoman|model|poet|novelist|painter|"
    r"composer|architect|astronomer|physicist|chemist|biologist|engineer|chef|artist|man|woman|"
    r"born|host|journalist|lawyer|doctor|teacher|emperor|leader|general|comedian|entrepreneur|"
    r"producer|coach|athlete|explorer|historian|inventor|botanist|cartographer|he|she|his|her)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"\W*(?:he|she)\b", re.IGNORECASE)
_WHO = re.compile(r"\bwho(?:se|m)?\b")
_CLAUSE = re.compile(r"\b(?:about|who(?:se|m)?|by|that|which|featuring|starring|telling)\b")
_NAMED_PERSON = re.compile(
    r"\b(?:customer|patient|employee|client|user|colleague|co-?worker|boss|manager|friend|neighbou?r|"
    r"cousin|brother|sister|mother|father|uncle|aunt|husband|wife|ex|student|pupil|tenant|landlord|"
    r"applicant|candidate|contractor|citizen|guest|member|mr|mrs|ms)\b"
)
_HOUSE = re.compile(
    r"\b(?:hotel|trattoria|restaurant|ristorante|caf[eé]|pub|hostal|osteria|pizzeria|hamlet|estate|"
    r"park|forest|square|peninsula|parish|county|municipality)\b",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"(?:Battle|Siege|Treaty|Massacre|Raid|merger|takeover|union) of |(?:Project|Operation) "
)
_PERSON_AHEAD = 40  # "an author of the novel …": a calling counts before the thing it is about
_PARTICLES = frozenset(
    "de da di del della der den van von la le el al bin ibn of the and y".split()
)


def kind_of(subject: str, description: str, *, quoted: bool = False) -> TargetKind:
    """The kind of `subject`; `description` is what is said of it, `quoted` whether its name stood
    in quotation marks, as titles do.

    >>> kind_of("The Glass Harbour", "The Glass Harbour is a novel by Mirela Osk.").value
    'work'
    """
    if _SKILL.search(subject):
        return TargetKind.SKILL
    if _RECORD.search(subject) or _CONTACT.search(subject):
        return TargetKind.RECORD
    if _SOMEBODY.match(description):
        return TargetKind.PERSON
    head = _predicate(description)
    found = _kinds_in(_CLAUSE.split(head)[0])
    if not found and _WHO.search(head):
        return TargetKind.PERSON
    found = found or _kinds_in(head)
    return min(found)[1] if found else _by_name(subject, quoted=quoted)


def _kinds_in(text: str) -> list[tuple[int, TargetKind]]:
    """The kinds that words of a text speak for, each with how far ahead it stands."""
    found = [(m.start(), kind) for kind, words in _THINGS if (m := words.search(text))]
    if person := _PERSON.search(text):
        found.append((max(0, person.start() - _PERSON_AHEAD), TargetKind.PERSON))
    return found


def kind_named(words: str) -> TargetKind | None:
    """The kind that the words before a name give it, the last of them first; else `None`.

    >>> kind_named("the plot of the novel"), kind_named("the")
    (<TargetKind.WORK: 'work'>, None)
    """
    things = (
        *_THINGS,
        (TargetKind.PLACE, _HOUSE),
        (TargetKind.PERSON, _NAMED_PERSON),
        (TargetKind.PERSON, _PERSON),
    )
    found = [
        (last.start(), kind)
        for kind, pattern in things
        for last in list(pattern.finditer(words.lower()))[-1:]
        if last.group() not in ("his", "her", "he", "she", "works")
    ]
    return max(found, key=lambda at: at[0])[1] if found else None


def is_work(words: str) -> bool:
    """Whether the words before a name say that it is a title.

    >>> is_work("the novel")
    True
    """
    return kind_named(words) is TargetKind.WORK


def _by_name(subject: str, *, quoted: bool) -> TargetKind:
    if _EVENT.match(subject):
        return TargetKind.TOPIC
    if quoted or subject.startswith(("The ", "A ", "An ")):
        return TargetKind.WORK
    if subject.startswith(("the ", "a ", "an ")):
        return TargetKind.TOPIC
    if _ORGANISATION.search(subject.lower()):
        return TargetKind.ORGANISATION
    if _HOUSE.search(subject):
        return TargetKind.PLACE
    words = [w for w in subject.replace(",", " ").split() if w.lower() not in _PARTICLES]
    is_name = len(words) >= 2 and all(w[:1].isupper() for w in words)
    return TargetKind.PERSON if is_name else TargetKind.TOPIC


def _predicate(description: str) -> str:
    """What the description says that the subject is: the words behind its first verb."""
    match = re.search(rf"\b{IS}\b(?P<rest>.*)", description, re.IGNORECASE | re.DOTALL)
    return (match["rest"] if match else description)[:200]
