"""Whose is what: sentences, identifiers and names of a text, and the names that stayed over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from amnestic.agents.requests.kind_words import GERMAN_KIND
from amnestic.agents.requests.letters import Letter
from amnestic.agents.requests.mentions import Mention, mentions_in
from amnestic.agents.requests.parts import Part
from amnestic.agents.requests.readings import Interpretation
from amnestic.types import Identifier

__all__ = ["distinct", "is_told_of", "told_by_part", "unread_names", "with_identifiers"]

_VERB_FIRST = re.compile(r"^(?:Strike|Expunge|Omit|Redact|Exclude)\s+(?:the|our|my)\s+")
_ASKED_AS = re.compile(  # "die Löschung der Daten von Osk"
    r"^(?:Löschung|Vergessen|Effacement|Suppression|Eliminación|Supresión|Cancellazione|Verwijdering)\s+"
    r"(?:(?:d(?:er|es|e|el|ella|ei|egli|u)|von|vom|aller|sämtlicher|van|les|los|las|i|le|Daten|Angaben|Informationen|données|datos|dati|"
    r"gegevens)\s+)+"
)
_NEITHER = re.compile(r"^(?:Neither|Nor|Weder|Noch|Ni|N[éè]|Both|Sowohl|Either)\s+")
_WORD = re.compile(r"[^\W_]+")


def with_identifiers(target: Interpretation, identifiers: Sequence[Identifier]) -> Interpretation:
    """The only target of a text has all the identifiers of the text."""
    held = set(target.identifiers)
    new = [i for i in dict.fromkeys(identifiers) if i not in held]
    numbers = " ".join(f"{target.subject}, {i.told}." for i in new if i.value != target.subject)
    return replace(
        target,
        identifiers=(*target.identifiers, *new),
        description=f"{target.description} {numbers}".strip(),
    )


def is_told_of(named: Sequence[Mention], parts: Sequence[Part]) -> bool:
    """Whether names are made of the words on those that are asked for already."""
    said = {w.lower() for p in parts for w in _WORD.findall(p.text)}
    return all({w.lower() for w in _WORD.findall(m.name)} <= said for m in named)


def unread_names(text: str, targets: Sequence[Interpretation], letter: Letter) -> list[str]:
    """The names of a text that no target accounts for."""
    known = [letter.sender]
    for t in targets:
        known += [t.subject, *t.aliases, t.description, *t.exceptions, t.reason]
        known += [i.told for i in t.identifiers]
    whole = " ".join(known).casefold()
    named = [m.name for m in mentions_in(text) if m.score >= 2]
    return [n for n in dict.fromkeys(named) if _telling(n).casefold() not in whole]


def _telling(name: str) -> str:
    """A name without a German noun before it that says what it is, a verb that asks for it, or
    the word of a pair."""
    name = _NEITHER.sub("", _ASKED_AS.sub("", _VERB_FIRST.sub("", name)))
    return GERMAN_KIND.sub("", name, count=1) if GERMAN_KIND.match(name) else name


def told_by_part(parts: Sequence[Part], told_all: Sequence[str]) -> list[str]:
    """The sentences that tell of each part: those that name it, and those without any name go on
    with the one before."""
    if len(parts) == 1:
        return [" ".join(told_all)]
    told: list[list[str]] = [[] for _ in parts]
    at = len(parts) - 1
    for sentence in told_all:
        words = {w.lower() for w in _WORD.findall(sentence)}
        shared = [len(words & {w.lower() for w in _WORD.findall(p.text)}) for p in parts]
        if max(shared) > 0:
            at = shared.index(max(shared))
        told[at].append(sentence)
    return [" ".join(sentences) for sentences in told]


def distinct(targets: Sequence[Interpretation]) -> tuple[Interpretation, ...]:
    """The targets, each subject once."""
    return tuple({t.subject.casefold(): t for t in reversed(targets)}.values())[::-1]
