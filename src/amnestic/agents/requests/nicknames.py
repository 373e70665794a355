"""Nicknames in quotation marks, within a full name or ahead of it: both are the person's."""

from __future__ import annotations

import re

__all__ = ["ways_to_say", "with_nickname"]

_CAP = r"[^\W\d_a-z][\w'’.-]*"
_OPEN, _CLOSE = r"[\"“„‟'‘«(]", r"[\"“”‟'’»)]"
_AHEAD = re.compile(
    rf"^{_OPEN}?\s?(?P<nick>{_CAP}(?:\s\w[\w'’.-]*){{0,2}})\s?[\"“”‟»]\s+(?P<full>{_CAP}(?:\s+\S+)*?\s+{_CAP})$"
)
_WITHIN = re.compile(
    rf"^(?P<given>{_CAP}(?:\s{_CAP})*)\s+{_OPEN}\s?(?P<nick>\w[\w .'’-]*?)\s?{_CLOSE}"
    r"\s+(?P<surname>\w.*)$"
)


def with_nickname(said: str) -> tuple[str, tuple[str, ...]] | None:
    """A person's full name and the other ways to say it, where a nickname stands with it.

    >>> with_nickname('"Big Tam" Tamsin Ferrier'), with_nickname("Tamsin Ferrier")
    (('Tamsin Ferrier', ('Big Tam',)), None)
    >>> with_nickname('Tamsin "Tam" Ferrier')
    ('Tamsin Ferrier', ('Tamsin Tam Ferrier', 'Tam Ferrier', 'Tam'))
    """
    if ahead := _AHEAD.match(said):
        return ahead["full"], (ahead["nick"],)
    if (within := _WITHIN.match(said)) is None:
        return None
    name = f"{within['given']} {within['surname']}"
    return name, ways_to_say(name, within["nick"])


def ways_to_say(name: str, nickname: str) -> tuple[str, ...]:
    """The ways to say a full name with a nickname.

    >>> ways_to_say("Tamsin Ferrier", "Tam")
    ('Tamsin Tam Ferrier', 'Tam Ferrier', 'Tam')
    """
    given, _, surname = name.partition(" ")
    return f"{given} {nickname} {surname}".strip(), f"{nickname} {surname}".strip(), nickname
