"""Several targets of which the further ones are sides of the first: a dish and how to make it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from amnestic.agents.requests.joining import letters
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.exceptions import SeveralTargetsError
from amnestic.types import TargetKind

__all__ = ["as_one", "at_most", "with_pronouns_told"]

_PRONOUN = re.compile(r"\b(?:it|them)\b", re.I)
_SIDES = (TargetKind.SKILL, TargetKind.TOPIC, TargetKind.WORK)


def with_pronouns_told(reading: RequestReading) -> RequestReading:
    """A reading in which a skill says by its name of what it is one.

    >>> two = Interpretation("pavlova", TargetKind.TOPIC), Interpretation(
    ...     "how to make it", TargetKind.SKILL
    ... )
    >>> [t.subject for t in with_pronouns_told(RequestReading(two)).targets]
    ['pavlova', 'how to make pavlova']
    """
    told: list[Interpretation] = []
    for target in reading.targets:
        before = next((t for t in reversed(told) if t.kind is not TargetKind.SKILL), None)
        before = before or next(iter(told), None)
        if target.kind is TargetKind.SKILL and before and _PRONOUN.search(target.subject):
            ahead, _, behind = _parted(target.subject)
            target = replace(target, subject=f"{ahead}{before.subject}{behind}")
        told.append(target)
    return replace(reading, targets=tuple(told))


def _parted(skill: str) -> tuple[str, str, str]:
    """The words before the pronoun of a skill, the pronoun, and the words behind it."""
    found = _PRONOUN.search(skill)
    at, end = found.span() if found else (len(skill), len(skill))
    return skill[:at], skill[at:end], skill[end:]


def at_most(reading: RequestReading, count: int) -> RequestReading:
    """A reading of no more than `count` targets: sides of one thing are told with it.

    Raises `SeveralTargetsError` where more are named.
    """
    if len(reading.targets) <= count:
        return reading
    if count == 1 and (one := as_one(reading.targets)):
        return replace(reading, targets=(one,))
    raise SeveralTargetsError(
        f"the request names {len(reading.targets)} things; use forget_all for them, forget "
        "them one at a time, or put a name that belongs together in quotation marks"
    )


def as_one(targets: Sequence[Interpretation]) -> Interpretation | None:
    """The first of several targets with the others as facts on it, where each is a side of it, or
    none where one of them is a thing of its own.

    >>> two = Interpretation("pavlova", TargetKind.TOPIC), Interpretation(
    ...     "how to make pavlova", TargetKind.SKILL
    ... )
    >>> one = as_one(two)
    >>> one.subject, one.aliases
    ('pavlova', ('how to make pavlova',))
    """
    first, *others = targets
    own = letters(first.subject)
    if not all(t.kind in _SIDES and own in letters(t.subject) for t in others):
        return None
    aliases = [t.subject for t in others if letters(t.subject) != own]
    told = [t.description for t in others if t.description]
    return replace(
        first,
        aliases=tuple(dict.fromkeys((*first.aliases, *aliases))),
        description=" ".join((first.description, *told)).strip(),
        expires=first.expires,
    )
