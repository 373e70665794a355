"""Who is named before a request is made, and not in it: "Ana Morel and Tor Hagen run Tarn. Forget
Ana Morel." asks for one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from amnestic.agents.requests.joining import letters
from amnestic.agents.requests.once import segments
from amnestic.agents.requests.oneself import I_AM
from amnestic.agents.requests.readings import RequestReading
from amnestic.agents.requests.together import says_them
from amnestic.agents.requests.wishes import wish_in
from amnestic.tools.reading import Segment
from amnestic.tools.tagging import Tagged

__all__ = ["asks_only_for", "with_asked_about", "without_bystanders"]

_BESIDE = "whether {!r} shall be forgotten as well"
_JOINTS = frozenset("and or und oder et ou y o e en also please bitte pls too".split())
_GOES_ON = re.compile(
    r"\W*(?:and|also|plus|as\s+well|und|auch|et|aussi|y|también|e|anche|en|ook)\b", re.I
)
_WRITER = re.compile(r"\b(?:I|(?i:me|myself|ich|mich|je|moi|yo|mí|io|ik|mij))\b")


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
    names = [t.subject for t in chosen]
    if not chosen or not asks_only_for(names, seen.text[asking[0].start :]):
        return reading
    own = _writer(seen.text, names, [piece for piece in pieces if piece.start >= asking[0].start])
    beside = [
        t
        for t in reading.targets
        if letters(t.subject) in ahead
        and letters(t.subject) not in own
        and not any(letters(name) in behind for name in (t.subject, *t.aliases, *t.subject.split()))
    ]
    if not beside:
        return reading
    gone = [t for t in beside if not _is_wished(t.subject, pieces, seen)]
    targets = tuple(t for t in reading.targets if t not in gone)
    return with_asked_about(replace(reading, targets=targets), (t.subject for t in beside))


def with_asked_about(reading: RequestReading, names: Iterable[str]) -> RequestReading:
    """A reading in which it is said of others that they may be meant as well.

    >>> with_asked_about(RequestReading(()), ["Tor Hagen"]).unread
    ("whether 'Tor Hagen' shall be forgotten as well",)
    """
    said = map(_BESIDE.format, names)
    return replace(reading, unread=tuple(dict.fromkeys((*reading.unread, *said))))


def asks_only_for(names: Iterable[str], text: str) -> bool:
    """Whether the wishes of a text are for names and for nothing else: not for "the others", nor
    for all but one; and no sentence goes on with them.

    >>> asks_only_for(["Ana Morel"], "Forget Ana Morel please."), asks_only_for([], "Forget Osk.")
    (True, False)
    >>> asks_only_for(["Ana Morel"], "Forget Ana Morel. And the rest of the list.")
    False
    """
    called = sorted(names, key=len, reverse=True)
    pieces = [piece.of(text).strip() for piece in segments(text)]
    for what in (wish.what for wish in map(wish_in, pieces) if wish is not None):
        rest = what
        for name in called:
            rest = re.sub(re.escape(name), " ", rest, flags=re.I)
        if any(w.casefold() not in _JOINTS for w in re.findall(r"\w+", rest)):
            return False
    return not any(map(_GOES_ON.match, pieces))


def _writer(text: str, names: list[str], pieces: list[Segment]) -> str:
    """The letters of the name of whoever writes, where a sentence that names nobody else speaks of
    its writer."""
    said = I_AM.search(text)
    alone = (p.of(text) for p in pieces if not any(name in p.of(text) for name in names))
    speaks = any(map(_WRITER.search, alone))
    return letters(said["name"]) if said and speaks else ""


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
