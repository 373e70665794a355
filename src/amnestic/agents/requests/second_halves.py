"""What a wish joins to the name of a target and nothing that is stored holds: "forget Osk and i am
kloot". It is said, and told of nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from amnestic.agents.requests.belonging import goes_along
from amnestic.agents.requests.joining import letters, sentences_of
from amnestic.agents.requests.kin_of import COURTESY, is_unnamed_kin
from amnestic.agents.requests.mentions import is_anaphor
from amnestic.agents.requests.once import segments
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.agents.requests.seeing import SURE
from amnestic.agents.requests.tails import without_tail
from amnestic.agents.requests.told_facts import by_itself
from amnestic.agents.requests.wishes import wish_in
from amnestic.tools.prose import grammar_of
from amnestic.tools.reading import Segment, rank
from amnestic.tools.tagging import Span, Tagged

__all__ = ["with_second_halves"]

_BESIDE = "whether {!r} shall be forgotten as well"
_AND = re.compile(
    r"[\"”“»'’)]?\s*,?\s*(?:\b(?:and|or|nor|und|oder|sowie|noch|et|ou|ni|y|e|o|né|en|of|plus|"
    r"as\s+well\s+as|wie\s+auch|ainsi\s+que|así\s+como)(?=\s)|&(?=\s)|\+)\s*",
    re.I,
)
_COMMA = re.compile(r"[\"”“»'’)]?\s*[,;]\s*")
_CLAUSE = re.compile(r"(?:[^,;:.!?\n()]|[.](?=\S))*")
_STORED = ("subject", "alias", "identifier", "keep")
_OF_USE = ("wish", "until", "reason", "scope", *_STORED)
_OUTER = ' \t\n,;:.!?()–—-"“”„«»'
_PREPOSITION = re.compile(
    r"^\s*(?:about|on|of|über|von|sur|de|sobre|di|su|over|van|a(?=\s+su))\s+", re.I
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_THAT = frozenset(
    "that where when how what why who dass wo wann wie was que qu où quand comment dónde cuándo "
    "cómo che dove quando come dat waar wanneer hoe".split()
)
_ALL_OF_IT = frozenset("everything anything whatever alles tout todo tutto tudo".split())
_RARE, _LISTED = 5_000, 3


@dataclass(frozen=True, slots=True)
class _Half:
    """What is joined to a name: all of its words, those that are of no use to the request, and of
    these those that name or say something."""

    whole: str
    left: str
    telling: str


def with_second_halves(reading: RequestReading, seen: Tagged) -> RequestReading:
    """A reading that says what a wish joins to a name and nothing that is stored holds; no fact is
    made of it.

    Args:
        reading: what would be stored.
        seen: the text with what each of its words is to the request.
    """
    halves = tuple(_halves(reading, seen))
    if not halves:
        return reading
    targets = tuple(_without(target, halves) for target in reading.targets)
    held = [said for said in (*reading.unread, *reading.doubts) if letters(said)]
    new = (h for h in halves if not _is_in(h.left, held) and not _is_in(h.telling, held))
    said = [_BESIDE.format(half.left) for half in new]
    return replace(reading, targets=targets, unread=tuple(dict.fromkeys((*reading.unread, *said))))


def _halves(reading: RequestReading, seen: Tagged) -> Iterator[_Half]:
    held = _stored(reading)
    names = [n for t in reading.targets for n in (t.subject, *t.aliases) if letters(n)]
    seen = _of_use(seen, held)
    for sentence in segments(seen.text):
        if not _asks(sentence, seen):
            continue
        for name in names:
            named = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.I)
            for at in named.finditer(seen.text, sentence.start, sentence.end):
                half = _half(seen, at.end(), sentence)
                if half is not None and not _is_in(half.left, held):
                    yield half


def _stored(reading: RequestReading) -> list[str]:
    held: list[str] = []
    for t in reading.targets:
        held += [t.subject, *t.aliases, *t.exceptions, t.reason, t.scope]
        held += [i.told for i in t.identifiers]
    return [words for words in held if letters(words)]


def _is_in(words: str, held: Sequence[str]) -> bool:
    """Whether words stand in one of those held, or hold all of one."""
    own = letters(words)
    return any(
        own in letters(h) or re.search(rf"(?<!\w){re.escape(h)}(?!\w)", words, re.I) for h in held
    )


def _of_use(seen: Tagged, held: Sequence[str]) -> Tagged:
    """A tagged text without the spans that came to nothing."""
    stored = letters(" ".join(held))
    spans = tuple(
        s for s in seen.spans if s.label not in _STORED or letters(seen.text_of(s)) in stored
    )
    return replace(seen, spans=spans)


def _asks(sentence: Segment, seen: Tagged) -> bool:
    wishes = seen.labelled("wish")
    tagged = any(s.start < sentence.end and s.end > sentence.start for s in wishes)
    return tagged or wish_in(sentence.of(seen.text).strip()) is not None


def _half(seen: Tagged, end: int, sentence: Segment) -> _Half | None:
    """What is joined to a name that ends at a place, if it is something of its own."""
    by_word = _AND.match(seen.text, end, sentence.end)
    joint = by_word or _COMMA.match(seen.text, end, sentence.end)
    if joint is None:
        return None
    clause = _CLAUSE.match(seen.text, joint.end(), sentence.end)
    named = (s.start for s in seen.labelled("subject", "alias") if s.start >= joint.end())
    end = min((clause.end() if clause else joint.end(), *named))
    whole = seen.text[joint.end() : end]
    left = " ".join(_unused(seen, joint.end(), joint.end() + len(whole)).split()).strip(_OUTER)
    left = without_tail(f"X {left}").removeprefix("X").strip(_OUTER)
    if (
        not left
        or _leads_to_a_name(seen, left, joint.end(), sentence.end)
        or _is_told(seen, joint.end(), left)
        or _belongs(joint.group(), whole, left)
    ):
        return None
    telling = _content(left, sentence.of(seen.text))
    if not telling or (by_word is None and not _is_listed(left, telling)):
        return None
    return _Half(f"{joint.group()}{whole}", left, " ".join(telling))


def _belongs(joint: str, whole: str, left: str) -> bool:
    """Whether words say what belongs to the target; a relative is somebody else."""
    return goes_along(joint, _PREPOSITION.sub("", whole)) and not is_unnamed_kin(left)


def _unused(seen: Tagged, start: int, end: int) -> str:
    """The words between two places that are of no use to the request."""
    left, at = "", start
    for span in sorted(seen.labelled(*_OF_USE), key=lambda s: s.start):
        if span.end > at and span.start < end:
            left += f"{seen.text[at : max(at, span.start)]} "
            at = max(at, span.end)
    return left + seen.text[min(at, end) : end]


def _is_told(seen: Tagged, start: int, left: str) -> bool:
    """Whether words tell of a target, or ask once more for it: by a pronoun, or surely, by the
    tagger."""
    grammar = grammar_of(seen.text)
    words = [w.casefold() for w in _WORD.findall(left)]
    words = words[1:] if words and words[0] in _THAT else words
    if words and words[0] in (grammar.persons - grammar.speakers):
        return True
    if words and words[0] in _ALL_OF_IT:
        return True
    again = wish_in(left)
    if again is not None and is_anaphor(again.what):
        return True
    facts: list[Span] = [s for s in seen.labelled("fact") if s.certainty >= SURE]
    at = seen.text.find(left, start)
    return any(s.start <= at and at + len(left) <= s.end for s in facts)


def _leads_to_a_name(seen: Tagged, left: str, start: int, end: int) -> bool:
    """Whether words only say who it is that they stand before, "and his brother Tor Hagen", or ask
    for it: "and I also want Tor Hagen gone"."""
    at = seen.text.find(left, start)
    behind = at + len(left)
    named = any(s.start in (behind, behind + 1, behind + 2) for s in seen.labelled("subject"))
    if at < 0 or not named or _AND.search(f" {left} "):
        return False
    return len(left.split()) <= _LISTED or wish_in(seen.text[at:end]) is not None


def _content(words: str, sentence: str) -> list[str]:
    """The words that name or say something."""
    grammar = grammar_of(sentence)
    closed = grammar.small | grammar.pronouns | grammar.helps | grammar.persons | grammar.points
    said = [w.casefold() for w in _WORD.findall(words)]
    return [w for w in said if len(w) > 1 and w not in closed and w not in COURTESY]


def _is_listed(left: str, telling: list[str]) -> bool:
    """Whether words behind a comma are but a name in small letters: all of them are rare."""
    few = 1 < len(left.split()) <= _LISTED and len(telling) == len(left.split())
    return few and left.islower() and all((rank(w) or _RARE) >= _RARE for w in telling)


def _without(target: Interpretation, halves: tuple[_Half, ...]) -> Interpretation:
    """A target without the sentences that only say what is joined to its name."""
    own = letters(target.subject)
    joined = [letters(half.whole) for half in halves]
    joined += [letters(by_itself(half.left, target.subject)) for half in halves]

    numbers = [letters(i.value) for i in target.identifiers]

    def is_half(sentence: str) -> bool:
        said = letters(sentence)
        if any(number in said for number in numbers):
            return False
        rest = said.removeprefix(own)
        return said in joined or any(len(rest) > 1 and rest in whole for whole in joined)

    told = sentences_of(target.description)
    kept = [s for s in told if not is_half(s)]
    return target if kept == told else replace(target, description=" ".join(kept))
