"""How a question names its subject, and how to ask the same without or by another name."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from itertools import islice

from amnestic.evaluation.contract import DataSet, Probe, Subject
from amnestic.evaluation.datasets import called, stands

__all__ = [
    "as_clause",
    "blanked",
    "facts_without",
    "lowered",
    "masked",
    "masked_opening",
    "owner",
    "pointing",
    "swapped",
]

BLANK = "_____"
_POINTING = {
    "person": "that person",
    "work": "that work",
    "organisation": "that organisation",
    "place": "that place",
    "product": "that product",
    "event": "that event",
}
_INTERROGATIVES = ("who", "what", "where", "when", "which", "how", "whose", "whom", "why")


def owner(probe: Probe, dataset: DataSet) -> Subject | None:
    """The subject that a probe asks for; None where the set has none of that id."""
    return next((s for s in dataset.subjects if s.id == probe.subject), None)


def pointing(subject: Subject) -> str:
    """The words that point at a subject without its name: "that person"."""
    return _POINTING.get(subject.kind, "that one")


def swapped(text: str, names: Iterable[str], other: str) -> str | None:
    """The text with the longest of some names, and its article, replaced; None where none stands.

    >>> swapped("Who founded the Green Ladle?", ["Green Ladle"], "that organisation")
    'Who founded that organisation?'
    """
    name = called(text, names)
    pattern = rf"(?<!\w)(?:the\s+)?{re.escape(name)}(?!\w)"
    if not name or not re.search(pattern, text, re.IGNORECASE):
        return None
    new = re.sub(pattern, lambda _: other, text, flags=re.IGNORECASE)
    return f"{new[0].upper()}{new[1:]}" if text[:1].isupper() else new


def masked(text: str, subject: Subject, other: str) -> str | None:
    """A text without any name of a subject, nor a person's first or last name in capitals; None
    where one is left that cannot be replaced.

    >>> masked("Vo, born Ana Vo, paints.", Subject("s", "Ana Vo", "", ("Ana Vo",)), "that one")
    'That one, born that one, paints.'
    """
    new = text
    for name in sorted(subject.names, key=len, reverse=True):
        new = swapped(new, (name,), other) or new
    if subject.kind in ("person", ""):
        for word in subject.name.split():
            if word[:1].isupper() and word.isalpha():
                new = re.sub(rf"(?<!\w){word}(?!\w)", other, new)
    if any(stands(name, new) for name in subject.names):
        return None
    return f"{new[0].upper()}{new[1:]}" if text[:1].isupper() else new


def blanked(text: str, value: str) -> str | None:
    """A text with a value blanked; None where it does not stand there as it is.

    >>> blanked("Ana Morel was born in Pellmarsh.", "Pellmarsh")
    'Ana Morel was born in _____.'
    """
    pattern = rf"(?<!\w){re.escape(value)}(?!\w)"
    new = re.sub(pattern, BLANK, text)
    return new if new != text and not stands(value, new) else None


def facts_without(
    subject: Subject, strings: Sequence[str], rng: random.Random, most: int
) -> list[str]:
    """Facts that begin with the name and hold none of some strings, with the name masked.

    Those that name the subject again read badly without it and are left out.
    """
    facts = list(subject.facts)
    rng.shuffle(facts)
    other = pointing(subject)
    told = (masked_opening(fact, subject, other) for fact in facts)
    usable = (t for t in told if t is not None and not any(stands(s, t) for s in strings))
    return list(islice(usable, most))


def masked_opening(fact: str, subject: Subject, other: str) -> str | None:
    """A fact whose subject is named first and once, under another name; else None."""
    new = masked(fact, subject, other)
    if new is None or new == fact or not new.casefold().startswith(other.casefold()):
        return None
    return new if new.casefold().count(other.casefold()) == 1 else None


def lowered(question: str) -> str:
    """A question as it goes on inside a sentence.

    >>> lowered("Where was Ana born?"), lowered("Ana was born where?")
    ('where was Ana born?', 'Ana was born where?')
    """
    first = question.split(" ", 1)[0].casefold()
    plain = first in (*_INTERROGATIVES, "can", "could", "do", "does", "tell", "please", "in", "is")
    return f"{question[0].lower()}{question[1:]}" if plain else question


def as_clause(question: str) -> str | None:
    """A question that begins as one, without its mark, to be joined; None for any other text."""
    first = question.split(" ", 1)[0].casefold()
    if first not in _INTERROGATIVES or question.count("?") != 1 or not question.endswith("?"):
        return None
    return question[:-1]
