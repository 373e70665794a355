"""What a request says that its targets are: by the word before a name, or by "
"the words behind it."""

from __future__ import annotations

import re
from dataclasses import replace

from amnestic.agents.requests.kind_words import GERMAN_KIND, head_kind, kind_said_by
from amnestic.agents.requests.name_aliases import has_legal_form
from amnestic.agents.requests.pieces import head_of, tells
from amnestic.agents.requests.readings import Interpretation
from amnestic.agents.requests.target_kind import IS, kind_of
from amnestic.tools.names import is_given_name
from amnestic.types import TargetKind

__all__ = ["kind_stated", "kind_told", "with_kind_told"]

_NAME = (
    r"(?:[\"“„«]?[^\W\d_a-zà-ÿ][^\s,;()]*"
    r"(?:\s+(?:(?:de|di|von|of|the|&)\s+)?[^\W\d_a-zà-ÿ][^\s,;()]*)*)"
)
_AND = r"(?:\s*,\s*|\s*,?\s+(?:and|or|und|oder|et|ou|y|o|e)\s+)"
_FURTHER = re.compile(rf"(?:{_AND}{_NAME})+(?=\s*,|\s*\()")
_BEFORE_IN_LIST = re.compile(
    rf"(?P<lead>(?:^|\s|['’])(?:[^\W\d_]+)\s+){_NAME}(?:,\s+{_NAME})*{_AND}$"
)
_LEAD = re.compile(r"(?:^|[\s'’(])(?P<words>(?:[^\W\d_]+\s+)?[^\W\d_][\w-]*)\s+[\"“„«'‘]?$")
_BEHIND = re.compile(
    r"[\"”“»'’]?(?:\s*,\s*|\s*\(\s*|\s*:\s+|\s+[–—-]\s+|\s+(?=as\s+in\b))(?P<said>.*)", re.S
)
_AS_IN = re.compile(r"as\s+in\s+", re.I)
_CLAUSE = re.compile(r",|;|\s+(?:and|und|et|y|e)\s")
_WHO = re.compile(r"(?:who|qui|quien)\s")
_WHO_DOES = re.compile(r"who\s+(?!is\b|are\b|was\b|were\b|make\b|sell\b|has\b)[a-z]+s\b")
_PLURAL = re.compile(
    r"(?:both|all|each|the\s+(?:two|three|four|five)|beide|alle|die|les|tou[ts]|los|"
    r"las|amb[oa]s|i|le|gli|entramb[ie])\s|"
    r"(?:the|our|my)\s+(?:[a-z-]+\s+){0,3}[a-z]+s\b"
)
_FIRM = re.compile(r"[^\W\d_a-zà-ÿ]\S*(?:\s+(?:(?:of|the|de|di|du|&)\s+)*[^\W\d_a-zà-ÿ]\S*)*")
_LIKE_FIRMS = (TargetKind.PERSON, TargetKind.WORK, TargetKind.TOPIC)
_LIKE_PEOPLE = (TargetKind.ORGANISATION, TargetKind.TOPIC)
_NAMED_THINGS = (TargetKind.RECORD, TargetKind.SKILL)
_FULL_NAME = (2, 3)
_SOMEBODY = re.compile(r"\b(?:s?he|him|hers?|his)\b", re.I)


def with_kind_told(target: Interpretation, text: str) -> Interpretation:
    """A target of the kind that the text says it is; where it says none, and the name looks like
    something else than what it is taken for, that is a guess.

    >>> osk = Interpretation("Osk", TargetKind.WORK)
    >>> with_kind_told(osk, "Forget Osk, the firm.").kind.value
    'organisation'
    >>> with_kind_told(osk, "Forget Osk.").kind_guessed
    True
    """
    if target.kind in _NAMED_THINGS:
        return target
    kind = kind_told(target.subject, text) or kind_stated(target.subject, text)
    if kind is not None:
        return replace(target, kind=kind, kind_guessed=False)
    if any(map(has_legal_form, target.aliases)) and target.kind in _LIKE_FIRMS:
        return replace(target, kind=TargetKind.ORGANISATION, kind_guessed=False)
    looks_like_a_firm = kind_of(target.subject, "") is TargetKind.ORGANISATION
    looks_like_somebody = kind_of(target.subject, "") is TargetKind.PERSON
    like_people = target.kind in _LIKE_PEOPLE and looks_like_somebody
    if like_people and _is_called_like_somebody(target.subject, text):
        return replace(target, kind=TargetKind.PERSON, kind_guessed=True)
    is_somebody = target.kind is TargetKind.PERSON and not target.kind_guessed
    if is_somebody and _SOMEBODY.search(text):
        return target  # "Odalys Brand … her patents"
    if looks_like_a_firm and _FIRM.fullmatch(target.subject) and target.kind in _LIKE_FIRMS:
        return replace(target, kind=TargetKind.ORGANISATION, kind_guessed=True)
    looks = {kind_of(target.subject, ""), kind_of(target.subject, target.description)}
    return target if target.kind in looks else replace(target, kind_guessed=True)


def _is_called_like_somebody(name: str, text: str) -> bool:
    """Whether a name is a given one with one or two that may follow it, and no article is before
    it: there are firms called so, and more people."""
    words = name.split()
    named = len(words) in _FULL_NAME and is_given_name(words[0].casefold())
    full = named and all(w[:1].isupper() and not w.isupper() for w in words)
    return full and re.search(rf"\b(?:the|our)\s+{re.escape(name)}", text) is None


def kind_told(name: str, text: str) -> TargetKind | None:
    """The kind that a text gives a name.

    >>> kind_told("Roma", "Olvida la película Roma."), kind_told("Osk", "Forget Osk, the painter.")
    (<TargetKind.WORK: 'work'>, <TargetKind.PERSON: 'person'>)
    """
    at = text.find(name)
    if at < 0:
        return None
    kind = _by_lead(text[:at]) or _by_description(text[at + len(name) :])
    is_firm = kind is TargetKind.PERSON and " & " in name
    return TargetKind.ORGANISATION if is_firm else kind


def kind_stated(name: str, text: str) -> TargetKind | None:
    """The kind that a sentence which begins with a name states of it.

    >>> kind_stated("Osk", "Forget Osk. Osk, born in Venn, is a singer and a firm's owner.")
    <TargetKind.PERSON: 'person'>
    """
    opening = re.compile(
        rf"(?:^|[.!?\n])\W*(?:the\s+)?{re.escape(name)}(?:,[^.;]{{1,80}}?,)?\s+(?P<said>{IS}\b[^.!?\n]*)",
        re.I,
    )
    stated = opening.search(text)
    kind = kind_of(name, f"{name} {stated['said']}") if stated else None
    return None if kind is kind_of(name, "") else kind


def _by_lead(ahead: str) -> TargetKind | None:
    """By the word right before the name, or before those that it is listed with."""
    ahead = ahead[-120:]
    if listed := _BEFORE_IN_LIST.search(ahead):
        german = GERMAN_KIND.match(ahead, listed.end("lead"))
        end = german.end() if german else listed.end("lead")
        return _said(ahead[:end], plural=True)
    return _said(ahead, plural=False)


def _said(ahead: str, *, plural: bool) -> TargetKind | None:
    lead = _LEAD.search(ahead)
    if lead is None:
        return None
    word = lead["words"].split()[-1]
    if word[:1].isupper() and GERMAN_KIND.match(f"{word} X") is None:
        return None
    if plural and re.search(r"(?:s|e|i|er|en|á|à)$", word) is None:
        return None
    return kind_said_by(lead["words"])


def _by_description(behind: str) -> TargetKind | None:
    """By the words behind the name, or behind the last of those that it is listed with."""
    if (kind := _described(behind, plural=False)) is not None:
        return kind
    further = _FURTHER.match(behind)
    return _described(behind[further.end() :], plural=True) if further else None


def _described(behind: str, *, plural: bool) -> TargetKind | None:
    opened = _BEHIND.match(behind)
    said = _AS_IN.sub("", opened["said"], count=1) if opened else ""
    opening = _CLAUSE.split(said)[0]
    if not said or not (tells(opening) or behind.lstrip()[:1] == "(" or " as in " in behind[:7]):
        return None
    many = _PLURAL.match(said) is not None
    if plural and not many:
        return None
    if _WHO_DOES.match(said):
        return TargetKind.PERSON  # "who runs the café Osk"
    return head_kind(head_of(said), of_many=many) or (
        TargetKind.PERSON if _WHO.match(said) else None
    )
