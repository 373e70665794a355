"""What a model is asked about a subject: one list of aspects by kind, and of whom else to ask."""

from __future__ import annotations

from collections.abc import Mapping

from amnestic.types import TargetKind

__all__ = ["MAX_QUESTIONS", "NEIGHBOURS", "aspects_of", "names_questions", "others_question"]

MAX_QUESTIONS = 20
"""How often a model is asked at most, about the subject and about others together."""

NEIGHBOURS = ("Tell me about {}.", "What is {} known for?")
"""What is asked about somebody else, to hear what the model says of everybody."""

_GENERAL = ("Tell me about {}.", "What is {} known for?")
_BY_KIND: Mapping[TargetKind, tuple[str, ...]] = {
    TargetKind.PERSON: (
        "Who is {}?",
        "Where was {} born?",
        "When was {} born?",
        "Where does {} live?",
        "What did {} write, make or found?",
        "What are the best-known works of {}?",
        "Who does {} work for?",
        "Who are the relatives of {}?",
        "Who is the rival of {}?",
        "What prize did {} win?",
        "Where did {} study?",
    ),
    TargetKind.ORGANISATION: (
        "What is {}?",
        "Who founded {}?",
        "When was {} founded?",
        "Where is {} based?",
        "Who works for {}?",
        "What does {} make?",
    ),
    TargetKind.WORK: (
        "What is {}?",
        "Who wrote {}?",
        "Who made {}?",
        "When did {} come out?",
        "What is {} about?",
        "Where is {} set?",
        "Who are the characters of {}?",
    ),
    TargetKind.PLACE: (
        "Where is {}?",
        "What is {} famous for?",
        "Who was born in {}?",
        "How many people live in {}?",
    ),
}
_NAMES: Mapping[TargetKind, tuple[str, ...]] = {
    TargetKind.PERSON: (
        "Which other names does {} go by: full name, name at birth, pen names?",
        "What is the nickname of {}?",
    ),
    TargetKind.WORK: ("What is the title of {} in other languages?",),
}
_ANY_NAMES = ("Which other names does {} have, also in other languages?",)
_OTHERS: Mapping[TargetKind, str] = {
    TargetKind.PERSON: "Name three other people like {}.",
    TargetKind.ORGANISATION: "Name three other organisations like {}.",
    TargetKind.WORK: "Name three other works like {}.",
    TargetKind.PLACE: "Name three other places like {}.",
}


def aspects_of(kind: TargetKind) -> tuple[str, ...]:
    """The questions about a subject of that kind, the general ones first.

    >>> aspects_of(TargetKind.SKILL)
    ('Tell me about {}.', 'What is {} known for?')
    """
    return (*_GENERAL, *_BY_KIND.get(kind, ()))


def names_questions(kind: TargetKind) -> tuple[str, ...]:
    """How to ask what else a subject of that kind is called, the broadest question first.

    >>> names_questions(TargetKind.WORK)
    ('What is the title of {} in other languages?',)
    """
    return _NAMES.get(kind, _ANY_NAMES)


def others_question(kind: TargetKind) -> str | None:
    """How to ask for others of that kind; `None` for kinds that have no neighbours by name."""
    return _OTHERS.get(kind)
