"""Given names that share the surname of the one behind them: "Ana and Tor Hagen"."""

from __future__ import annotations

import re
from dataclasses import replace

from amnestic.agents.requests.readings import RequestReading
from amnestic.types import TargetKind

__all__ = ["with_shared_surnames"]

_GIVEN = r"[^\W\d_a-z][\w'’-]+"
_JOINED = re.compile(
    rf"(?<![\w'’-])(?P<given>{_GIVEN}(?:,\s+{_GIVEN})*),?\s+(?:and|&|\+|und|et|y|e|en|i)\s+"
    rf"(?P<last>{_GIVEN})\s+(?P<surname>{_GIVEN}(?:\s+{_GIVEN})?)"
)
_SHARED = "whether {!r} is called {} too"


def with_shared_surnames(reading: RequestReading, text: str) -> RequestReading:
    """A reading in which given names have the surname of the full name that they are joined to, and
    a word that this was not told.

    >>> from amnestic.agents.requests.readings import Interpretation
    >>> two = [Interpretation(n, TargetKind.PERSON) for n in ("Ana", "Tor Hagen")]
    >>> found = with_shared_surnames(RequestReading(tuple(two)), "Forget Ana and Tor Hagen.")
    >>> [target.subject for target in found.targets], found.unread
    (['Ana Hagen', 'Tor Hagen'], ("whether 'Ana' is called Hagen too",))
    """
    people = {t.subject for t in reading.targets if t.kind is TargetKind.PERSON}
    surnames: dict[str, str] = {}
    for match in _JOINED.finditer(text):
        whole = f"{match['last']} {match['surname']}"
        if (full := next((p for p in people if whole.startswith(p) and " " in p), None)) is None:
            continue
        surname = full.split(" ", 1)[1]
        surnames |= dict.fromkeys(re.split(r",\s+", match["given"]), surname)
    if not surnames.keys() & people:
        return reading
    targets = tuple(
        replace(t, subject=f"{t.subject} {surnames[t.subject]}", aliases=t.aliases)
        if t.kind is TargetKind.PERSON and t.subject in surnames
        else t
        for t in reading.targets
    )
    said = tuple(_SHARED.format(n, s) for n, s in surnames.items() if n in people)
    return replace(reading, targets=targets, unread=(*reading.unread, *said))
