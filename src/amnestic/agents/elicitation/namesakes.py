"""Answers about another thing whose name stands in that of the subject.

Asked about the Marrowell Foundation, a model that knows the town better tells of the town:
"Marrowell is a spa town. It lies on the river Tarn." All of that is said of the town.
"""

from __future__ import annotations

import re

from amnestic.agents.elicitation.statements import Said, plain
from amnestic.agents.elicitation.subjects import Subject
from amnestic.agents.requests import kind_of
from amnestic.tools.reading import folded_words, segments
from amnestic.types import TargetKind

__all__ = ["tells_of_a_namesake"]

_SAYS_WHAT = re.compile(
    r"^\W*(?:the\s+)?(.{2,80}?)\s+(?:is|was|are|were)\s+(?:an?|the|one)\b", re.I
)
_THINGS = (TargetKind.ORGANISATION, TargetKind.WORK, TargetKind.PLACE)


def tells_of_a_namesake(said: Said, subject: Subject) -> bool:
    """Whether an answer says what a part of the subject's name is, and that is no such thing as the
    subject. A person goes by a part of the name, and so does a firm of which it is said that it is
    a firm.

    >>> whom = Subject("Marrowell Foundation", TargetKind.ORGANISATION)
    >>> tells_of_a_namesake(Said("", "Marrowell is a spa town. It lies on the Tarn."), whom)
    True
    >>> tells_of_a_namesake(Said("", "Marrowell is a charity in Zellinport."), whom)
    False
    """
    if subject.kind not in _THINGS:
        return False
    return any(_is_another(plain(s.of(said.text)), subject) for s in segments(said.text))


def _is_another(sentence: str, subject: Subject) -> bool:
    match = _SAYS_WHAT.match(sentence)
    if match is None:
        return False
    part, name = _bare(match[1]), _bare(subject.name)
    if part == name or part not in name or not match[1][0].isupper():
        return False
    head = name.partition(" of ")[0].split()[-1:]  # "the Museum" is the one that is asked about
    if set(head) & set(part.split()):
        return False
    kind = kind_of(match[1], sentence)
    return kind in _THINGS and kind is not subject.kind


def _bare(name: str) -> str:
    """A name in small words with blanks around, without an article before it."""
    words = folded_words(name)
    return f" {' '.join(words[1:] if words[:1] in (['the'], ['a'], ['an']) else words)} "
