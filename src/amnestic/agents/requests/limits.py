"""Where alone something shall be forgotten, which is told of nobody: "but only in the shop"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from amnestic.agents.requests.joining import letters
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.tools.reading import segments

__all__ = ["limits_in", "with_limits"]

_ONLY = (
    "only|solely|nur|bloß|lediglich|ausschließlich|seulement|uniquement|solo|sólo|solamente|"
    "únicamente|soltanto|alleen|slechts|uitsluitend"
)
_PLACE = (
    "in|on|at|within|inside|im|auf|bei|beim|dans|sur|chez|en|nel|nello|nella|nei|nelle|sul|sullo|"
    "sulla|op|bij"
)
_FOR = "for|für|gegenüber|pour|para|ante|per|con|voor|tegenover"
_LINKS = frozenset(
    "is are was but though although yet aber jedoch doch mais pero ma però maar and und et y "
    "e".split()
)
_END = r"\s*(?=[,;:.!?\n]|$)"
_REST = r"\s[^,;:.!?\n]{1,80}"
_BEFORE = re.compile(rf"(?i)(?<!\S)(?:{_ONLY})\s+(?:{_PLACE}|{_FOR}){_REST}")
_BEHIND = re.compile(rf"(?i)(?<!\S)(?:{_PLACE}|{_FOR}){_REST}?\s(?:{_ONLY}){_END}")
_PURPOSE = re.compile(rf"(?i)(?<!\S)(?:{_FOR})(?!\S)")
_EITHER = re.compile(rf"(?i)^(?:{_ONLY})\s|\s(?:{_ONLY})$")
_LONGEST = 5
_WORD = re.compile(r"[^\W_]+")


def limits_in(sentence: str) -> tuple[str, ...]:
    """The words of a sentence that say where alone, or for whom alone, something holds: a limit
    where they tell of nobody. What has a capital in a sentence is a title.

    >>> limits_in("Forget Mirela Osk, but only in the shop."), limits_in("Forget only Mirela Osk.")
    (('only in the shop',), ())
    >>> limits_in("Vergiss Mirela Osk, aber nur im Shop."), limits_in("Forget her on the site only")
    (('nur im Shop',), ('on the site only',))
    """
    begin = len(sentence) - len(sentence.lstrip())
    found = list(_BEFORE.finditer(sentence)) or list(_BEHIND.finditer(sentence))
    small = (m.group() for m in found if m.group()[:1].islower() or m.start() == begin)
    return tuple(dict.fromkeys(" ".join(words.split()) for words in small))


def with_limits(reading: RequestReading, text: str) -> RequestReading:
    """A reading in which a limit is the scope of what it is said of, and no fact. Where it may be
    something else's, or a purpose, it is said that it does not hold."""
    for sentence in (piece.of(text) for piece in segments(text)):
        for limit in limits_in(sentence):
            reading = _limited(reading, limit, sentence)
    return reading


def _limited(reading: RequestReading, limit: str, sentence: str) -> RequestReading:
    told = letters(limit)
    names = [letters(name) for t in reading.targets for name in (t.subject, *t.aliases)]
    kept = [letters(k) for t in reading.targets for k in t.exceptions]
    if any(told in words or words in told for words in (*names, *kept)):
        return reading  # a title, or what is around a name
    if any(_is_told(t, limit) for t in reading.targets):
        return reading
    targets = _untold(reading.targets, limit)
    place = _EITHER.sub("", limit).strip()
    held = [letters(t.scope) for t in targets if t.scope]
    ends = any(t.expires for t in targets) and (_PURPOSE.search(limit) or re.search(r"\d", limit))
    if ends or any(scope in told or letters(place) in scope for scope in held):
        return replace(reading, targets=targets)
    of_it = letters(sentence)
    opens = of_it.startswith(told) or _WORD.findall(sentence)[0].casefold() in _LINKS
    meant = opens or any(name in of_it for name in names)
    if not meant and targets == reading.targets:
        return reading  # of somebody else, or of nothing that is kept
    short = len(limit.split()) <= _LONGEST  # longer ones say something else of it
    mine = meant and short and len(targets) == 1 and not held and not any(k in of_it for k in kept)
    if mine and not _PURPOSE.search(limit):
        return replace(reading, targets=(replace(targets[0], scope=place),))
    unread = (*reading.unread, f"whether it is to be forgotten {limit!r}: it is everywhere")
    return replace(reading, targets=targets, unread=unread)


def _is_told(target: Interpretation, limit: str) -> bool:
    """Whether a limit is one of something that is told of a target."""
    sentences = (piece.of(target.description) for piece in segments(target.description))
    return any(
        letters(limit) in letters(sentence) and not _is_only(sentence, target, limit)
        for sentence in sentences
    )


def _untold(targets: Sequence[Interpretation], limit: str) -> tuple[Interpretation, ...]:
    """The targets without sentences that hold nothing but the words of a limit."""
    left = []
    for target in targets:
        sentences = [piece.of(target.description) for piece in segments(target.description)]
        kept = [s for s in sentences if not _is_only(s, target, limit)]
        if len(kept) < len(sentences):
            target = replace(target, description=" ".join(s.strip() for s in kept))
        left.append(target)
    return tuple(left)


def _is_only(sentence: str, target: Interpretation, limit: str) -> bool:
    names = " ".join((target.subject, *target.aliases))
    own = {word.casefold() for word in _WORD.findall(f"{names} {limit}")} | _LINKS
    said = {word.casefold() for word in _WORD.findall(sentence)}
    return said <= own and bool(said & {word.casefold() for word in _WORD.findall(limit)})
