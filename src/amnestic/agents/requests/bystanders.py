"""Who is named before a request is made, and not in it: "Ana Morel and Tor Hagen run Tarn. Forget
Ana Morel." asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from amnestic.agents.requests.joining import letters
from amnestic.agents.requests.readings import RequestReading
from amnestic.agents.requests.together import says_them
from amnestic.agents.requests.wishes import wish_in
from amnestic.tools.reading import Segment, segments
from amnestic.tools.tagging import Tagged

__all__ = ["without_bystanders"]

_BESIDE = "whether {!r} shall be forgotten as well"


def without_bystanders(reading: RequestReading, seen: Tagged) -> RequestReading:
    """A reading without those who stand only in sentences before the first that asks for anything,
    where what asks names others by full name; they are said, and stay where a trained reader sees a
    wish in what names them.

    >>> from amnestic.agents.requests.readings import Interpretation
    >>> from amnestic.types import TargetKind
    >>> text = "Ana Morel and Tor Hagen run Tarn. Forget Ana Morel."
    >>> people = (Interpretation(n, TargetKind.PERSON) for n in ("Ana Morel", "Tor Hagen"))
    >>> found = without_bystanders(RequestReading(tuple(people)), Tagged(text, (), (1.0, 0.0, 0.0)))
    >>> [t.subject for t in found.targets], found.unread
    (['Ana Morel'], ("whether 'Tor Hagen' shall be forgotten as well",))
    """
    pieces = list(segments(seen.text))
    asking = [piece for piece in pieces if wish_in(piece.of(seen.text).strip()) is not None]
    if not asking or any(says_them(piece.of(seen.text)) for piece in asking):
        return reading
    ahead = letters(" ".join(p.of(seen.text) for p in pieces if p.end <= asking[0].start))
    behind = letters(seen.text[asking[0].start :])
    asked = letters(" ".join(_named_in(asking, seen)))
    chosen = [t for t in reading.targets if " " in t.subject and letters(t.subject) in asked]
    if not chosen:
        return reading
    beside = [
        t
        for t in reading.targets
        if letters(t.subject) in ahead
        and not any(letters(name) in behind for name in (t.subject, *t.aliases, *t.subject.split()))
    ]
    if not beside:
        return reading
    said = tuple(_BESIDE.format(t.subject) for t in beside)
    gone = [t for t in beside if not _is_wished(t.subject, pieces, seen)]
    targets = tuple(t for t in reading.targets if t not in gone)
    return replace(reading, targets=targets, unread=tuple(dict.fromkeys((*reading.unread, *said))))


def _is_wished(name: str, pieces: list[Segment], seen: Tagged) -> bool:
    """Whether a trained reader sees a wish in a sentence with a name."""
    own = [piece for piece in pieces if letters(name) in letters(piece.of(seen.text))]
    wishes = seen.labelled("wish")
    return any(piece.start <= s.start < piece.end for piece in own for s in wishes)


def _named_in(asking: list[Segment], seen: Tagged) -> Iterator[str]:
    """What the sentences that ask ask for, as the grammar reads them."""
    for piece in asking:
        wish = wish_in(piece.of(seen.text).strip())
        if wish is not None:
            yield wish.what
