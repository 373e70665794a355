"""What of a request no target accounts for: names, numbers, dates, exceptions that are told in it
and stand in nothing that would be stored."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.agents.requests.identifiers import identifiers_in
from amnestic.agents.requests.joining import is_new, letters
from amnestic.agents.requests.lasting import lasting_in
from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.once import segments
from amnestic.agents.requests.readings import Interpretation, RequestReading, whether_stays
from amnestic.agents.requests.seeing import Seen
from amnestic.agents.requests.spans_as_told import wished_in
from amnestic.agents.requests.width import is_broad
from amnestic.tools.reading import language_of
from amnestic.types import IdentifierType, TargetKind

__all__ = ["with_what_is_left"]

_A_NAME = 3
_LOOSE = (IdentifierType.NUMBER,)
_CUT = "whether {!r} is all of the name"
_BARE = "who {!r} is: many are called that; give the full name"
_KIND = "what {!r} is: it is taken for {}"
_A_KIND = {
    kind: f"an {kind.value}" if kind is TargetKind.ORGANISATION else f"a {kind.value}"
    for kind in TargetKind
}
_INFLECTED = "how {!r} is written where it stands for itself: the name may be inflected"
_INFLECTS = frozenset("pl cs sk ru uk be bg sr hr sl lt lv et fi hu".split())
_LONGEST_READ = 400
_TOO_BROAD = "{!r} by itself: it would match nearly everything, and only the other names do"
_LITTLE = (
    "how much {!r} catches: little but texts that say it; names, works or facts of it catch more"
)
_TELLS_OF_SOMEBODY = re.compile(
    r"\W*(?:s?he|they|it|his|her|their|its|er|sie|es|seine?|ihre?|elles?|ils?|él|ella|lui|lei|hij|zij)\b",
    re.I,
)
_HAS = re.compile(  # "Osk has rented our flat for two years"
    r"\b(?:has|have|had|hat|haben|hatten?|heeft|hebben|hadden)\b", re.I
)
_UNTIL = "until when: {!r}"


def with_what_is_left(reading: RequestReading, seen: Seen, sender: str) -> RequestReading:
    """A reading that also says what is left of the request.

    Args:
        reading: what would be stored.
        seen: the tagger's reading of the text.
        sender: who signed the request, if anybody.
    """
    said = [*reading.unread, *reading.doubts]
    left = [
        piece
        for piece in (
            *_names(reading, seen, sender),
            *_cut_names(reading, seen.text),
            *_numbers(reading, seen.text),
            *_exceptions(reading, seen),
            *_ends(reading, seen),
            *_bare(reading.targets),
            *_kinds(reading.targets),
            *_broad(reading.targets, seen.text),
            *_little(reading.targets),
            *_inflected(reading.targets, seen.text),
        )
        if is_new(piece, [s for s in said if letters(s)])
    ]
    if not left:
        return reading
    unread = tuple(dict.fromkeys((*reading.unread, *left)))
    return RequestReading(reading.targets, unread, reading.doubts)


def _told(targets: Sequence[Interpretation]) -> str:
    pieces: list[str] = []
    for t in targets:
        pieces += [t.subject, *t.aliases, t.description, *t.exceptions, t.reason, t.scope]
        pieces += [i.told for i in t.identifiers]
    return letters(" ".join(pieces))


def _names(reading: RequestReading, seen: Seen, sender: str) -> list[str]:
    """Full names, names in quotation marks and companies."""
    told = _told(reading.targets) + letters(sender) + letters(" ".join(seen.claimed))
    named = (m.name for m in mentions_in(seen.text) if m.score >= _A_NAME)
    return [name for name in dict.fromkeys(named) if letters(name) not in told]


def _cut_names(reading: RequestReading, text: str) -> list[str]:
    """Names that go on in the text beyond what was read: a word with a capital joins right on."""
    cut = []
    for t in reading.targets:
        at = text.find(t.subject)
        if at < 0 or not t.subject[:1].isupper():
            continue
        behind = re.match(r"[ ][^\W\d_a-z][\w'’-]+", text[at + len(t.subject) :])
        whole = f"{t.subject}{behind.group()}" if behind else ""
        if behind and not any(whole in alias for alias in t.aliases):
            cut.append(_CUT.format(t.subject))
    return cut


def _numbers(reading: RequestReading, text: str) -> list[str]:
    """Addresses and numbers of a known type that are no target's. Of several targets none has what
    only a sentence on one holds: it is not looked up by its type."""
    pieces: list[str] = []
    for t in reading.targets:
        pieces += [t.subject, *t.aliases, *t.exceptions, *(i.told for i in t.identifiers)]
    told = _told(reading.targets)
    held = letters(" ".join(pieces)) if len(reading.targets) > 1 else told
    found = (f.identifier for f in identifiers_in(text) if f.identifier.type not in _LOOSE)
    return [
        i.told
        for i in found
        if letters(i.value) not in (told if i.type is IdentifierType.DATE else held)
    ]


def _exceptions(reading: RequestReading, seen: Seen) -> list[str]:
    """What stays by the words of the text and is no exception of any target."""
    kept = [k for t in reading.targets for k in t.exceptions]
    left = (k for k in seen.kept if is_new(k, kept))
    return [whether_stays(k) for k in left]


def _ends(reading: RequestReading, seen: Seen) -> list[str]:
    """Words that say until when or for how long, where no target ends."""
    if any(t.expires for t in reading.targets):
        return []
    told = (*(t.subject for t in reading.targets), *seen.claimed)
    lasting = [
        sentence[found.start : found.end].strip(" ,;(")
        for sentence in (piece.of(seen.text) for piece in segments(seen.text))
        if not _TELLS_OF_SOMEBODY.match(sentence)
        for found in lasting_in(sentence)
        if not _HAS.search(sentence, 0, found.start)
    ]
    said = [*seen.until, *(words for words in lasting if not any(words in t for t in told))]
    return [_UNTIL.format(words) for words in dict.fromkeys(said)]


def _bare(targets: Sequence[Interpretation]) -> list[str]:
    """Persons told by one word alone."""
    people = (t for t in targets if t.kind is TargetKind.PERSON and not t.identifiers)
    return [
        _BARE.format(t.subject) for t in people if " " not in t.subject.strip() and not t.aliases
    ]


def _kinds(targets: Sequence[Interpretation]) -> list[str]:
    """Things of which nothing but the name says what they are."""
    return [_KIND.format(t.subject, _A_KIND[t.kind]) for t in targets if t.kind_guessed]


def _broad(targets: Sequence[Interpretation], text: str) -> list[str]:
    """Names that are left out of what is stored, since they would match nearly everything."""
    names = {text[n.start : n.end] for wish in wished_in(text) for n in wish.names}
    held = {name for t in targets for name in (t.subject, *t.aliases)}
    return [_TOO_BROAD.format(name) for name in sorted(names - held) if is_broad(name)]


def _little(targets: Sequence[Interpretation]) -> list[str]:
    """Topics of which nothing but the words for them is told: "the competition" has no names."""
    topics = (t for t in targets if t.kind is TargetKind.TOPIC)
    bare = (t for t in topics if not (t.description or t.aliases or t.identifiers))
    return [_LITTLE.format(t.subject) for t in bare]


def _inflected(targets: Sequence[Interpretation], text: str) -> list[str]:
    """Names of people in languages that inflect them."""
    if language_of(text[:_LONGEST_READ]) not in _INFLECTS:
        return []
    return [_INFLECTED.format(t.subject) for t in targets if t.kind is TargetKind.PERSON]
