"""Where alone something shall be forgotten, which is told of nobody: "but only in the shop"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from amnestic.agents.requests.dates_told import date_told
from amnestic.agents.requests.joining import letters
from amnestic.agents.requests.once import segments
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.exceptions import ForgetRequestError

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
_BUT = frozenset("but though although yet aber jedoch doch mais pero ma però maar".split())
_COPULA = frozenset("is are was".split())
_LINKS = _BUT | _COPULA | frozenset("and und et y e".split())
_END = r"\s*(?=[,;:.!?\n]|$)"
_REST = r"\s[^,;:.!?\n]{1,80}"
_BEFORE = re.compile(rf"(?i)(?<!\S)(?:{_ONLY})\s+(?:{_PLACE}|{_FOR}){_REST}")
_BEHIND = re.compile(rf"(?i)(?<!\S)(?:{_PLACE}|{_FOR}){_REST}?\s(?:{_ONLY}){_END}")
_PURPOSE = re.compile(rf"(?i)(?<!\S)(?:{_FOR})(?!\S)")
_EITHER = re.compile(rf"(?i)^(?:{_ONLY})\s|\s(?:{_ONLY})$")
_THE = r"(?:the|this|that|these|those|our|your|my|their|its|his|her)"
_DER = (
    r"(?:(?:im|beim)|(?:in|auf|bei|für|gegenüber)\s"
    r"(?:d(?:er|en|em|ie|as)|(?:dies|unser|eur|ihr|mein)\w*))"
)
_LE = (
    r"(?:(?:nello|nella|nei|nelle|nel|sullo|sulla|sul)|"
    r"(?:dans|sur|chez|en|pour|in|op|bij|para|por|per|con|voor)\s"
    r"(?:les?|la|cet(?:te)?|ces?|notre|votre|el|l[oa]s|il|lo|i|gli|est[aeo]s?|nuestr[ao]s?|"
    r"het|de|deze|dit|onze|ons))"
)
_PLACES = (  # with an article or the like and few words, so that no clause is among them
    re.compile(rf"(?i)(?:in|on|at|within|inside|for)\s{_THE}(?:\s[\w'’-]+){{1,2}}"),
    re.compile(rf"(?i:{_DER})(?:\s[\w-]+)?\s[A-ZÄÖÜ][\w-]*"),
    re.compile(rf"(?i){_LE}\s[\w'’-]+"),
)
_MOST = 16  # each is looked for in all that is told of each target
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


def with_limits(reading: RequestReading, text: str, now: datetime) -> RequestReading:
    """A reading in which a limit is the scope of what it is said of, and no fact. Where it may be
    something else's, or a purpose, it is said that it does not hold; where it may be told of
    somebody, the fact stays."""
    sentences = dict.fromkeys(piece.of(text).strip() for piece in segments(text))
    found = ((limit, sentence) for sentence in sentences for limit in limits_in(sentence))
    for limit, sentence in islice(found, _MOST):
        reading = _limited(reading, limit, sentence, now)
    return reading


def _limited(reading: RequestReading, limit: str, sentence: str, now: datetime) -> RequestReading:
    told, of_it, before = letters(limit), letters(sentence), _before(sentence, limit)
    names = [letters(name) for t in reading.targets for name in (t.subject, *t.aliases)]
    kept = [letters(k) for t in reading.targets for k in t.exceptions]
    if any(told in words or words in told for words in (*names, *kept)):
        return reading  # a title, or what is around a name
    if _COPULA & set(before[-1:]) or any(_is_told(t, limit) for t in reading.targets):
        return reading  # of somebody
    place = _EITHER.sub("", limit).strip()
    held = [letters(t.scope) for t in reading.targets if t.scope]
    untold = replace(reading, targets=_untold(reading.targets, limit))
    if any(scope in told or letters(place) in scope for scope in held):
        return untold
    if any(t.expires for t in reading.targets) and _is_end(place, reading.targets, now):
        return untold
    named = any(name in of_it for name in names)
    is_place = any(form.fullmatch(place) for form in _PLACES)
    if not is_place:  # it may be a clause, and what it says is not lost
        return _unread(reading, limit) if named or _BUT & set(before) else reading
    meant = named or not before or before[0] in _LINKS
    if not meant and untold == reading:
        return reading  # of somebody else, or of nothing that is kept
    mine = meant and len(reading.targets) == 1 and not held and not any(k in of_it for k in kept)
    if mine and not _PURPOSE.search(limit):
        return replace(untold, targets=(replace(untold.targets[0], scope=place),))
    return _unread(untold, limit)


def _before(sentence: str, limit: str) -> list[str]:
    """The words of a sentence before a limit of it."""
    return _WORD.findall(" ".join(sentence.split()).partition(limit)[0].casefold())


def _unread(reading: RequestReading, limit: str) -> RequestReading:
    told = f"whether it is to be forgotten {limit!r}: it is everywhere"
    return replace(reading, unread=(*reading.unread, told))


def _is_end(words: str, targets: Sequence[Interpretation], now: datetime) -> bool:
    """Whether words are those that an expiry was read from."""
    try:
        day = date_told(words, now)
    except ForgetRequestError:
        return False
    return day is not None and any(t.expires and t.expires.date() == day.date() for t in targets)


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
