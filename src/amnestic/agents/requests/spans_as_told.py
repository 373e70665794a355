"""The tagger's subjects, each as far as the wording of a wish says that a name goes: no kind before
it, no maker behind it, and two names that are listed are two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from amnestic.agents.requests.descriptions import Description, descriptions_in
from amnestic.agents.requests.extents import without_loose_end
from amnestic.agents.requests.keeping import take_exceptions
from amnestic.agents.requests.kind_words import GERMAN_KIND
from amnestic.agents.requests.makers import possessed_at, title_at
from amnestic.agents.requests.once import segments
from amnestic.agents.requests.parts import parts_of
from amnestic.agents.requests.pieces import is_named, lead_of, own_of
from amnestic.agents.requests.seeing import SURE
from amnestic.agents.requests.wishes import wish_in
from amnestic.tools.tagging import KINDS, Span, Tagged

__all__ = ["IDENTIFIES", "Wished", "spans_as_told", "wished_in"]

IDENTIFIES = re.compile(r"\d{3}|@")
"""What of a piece says that it may be an address or a number, which is never dropped."""

_TWICE = re.compile(r"(?P<name>\S.*?)[.!?]\s+(?P=name)")  # "Forget 50 Cent. 50 Cent is …"
_UNSURE = 0.5
_OPENS = 12
_TRIM = ' \t\n,;:–—-("“„«'
_ARTICLE_AHEAD = re.compile(
    r"(?:^|\s)(?:der|die|das|den|dem|beiden?|ihre?[nm]?|seine?[nm]?|unsere?[nm]?)\s+$", re.I
)


@dataclass(frozen=True, slots=True)
class Name:
    """Where a name begins and ends, where the words before it begin that say what it is, and if it
    is a title by them."""

    lead: int
    start: int
    end: int
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class Wished:
    """What a wish asks for: its place in the text, the names that it lists, and what tells of
    them."""

    start: int
    end: int
    names: tuple[Name, ...]
    descriptions: tuple[Description, ...]


def wished_in(text: str) -> tuple[Wished, ...]:
    """What the wishes of a text ask for.

    >>> text = "Please forget Osk, a firm in Venn, and Tarn."
    >>> one, = wished_in(text)
    >>> [text[name.start : name.end] for name in one.names]
    ['Osk', 'Tarn']
    """
    found = []
    for segment in segments(text):
        sentence = segment.of(text)
        wish = wish_in(sentence.strip())
        if wish is None or (at := sentence.find(wish.what[:_OPENS])) < 0 or not wish.what.strip():
            continue
        both = zip(wish.what, sentence[at:], strict=False)  # what is asked for may lack a "please"
        phrase = "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], both))
        phrase = _up_to_exception(sentence, at, phrase)
        start = segment.start + at
        told = tuple(Description(start + d.start, start + d.end) for d in descriptions_in(phrase))
        names = tuple(_names(text, start, phrase, told))
        found.append(Wished(start, start + len(phrase), names, told))
    return tuple(found)


def _up_to_exception(sentence: str, at: int, phrase: str) -> str:
    """A phrase of a sentence up to where that begins to say what stays."""
    left, kept = take_exceptions(sentence)
    both = zip(sentence, left, strict=False)
    end = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))
    if not kept or not at < end < at + len(phrase):
        return phrase
    return sentence[at:end].rstrip(" ,;–—-(")


def _names(text: str, start: int, phrase: str, told: Sequence[Description]) -> Iterator[Name]:
    """The names of the things that a phrase lists."""
    at = start
    for part in parts_of(phrase):
        here = text.find(part.text, at)
        if here < 0 or not is_named(part.text):
            continue
        lead = possessed_at(part.text) or title_at(part.text) or len(lead_of(part.text))
        name = without_loose_end(own_of(part.text[lead:]))
        begin = text.find(name, here + lead) if name else -1
        if begin < 0:
            continue
        begin += _german_lead(text, begin)
        end = min((d.start for d in told if d.start > begin), default=begin + len(name))
        end = min(end, text.find(name, here + lead) + len(name))
        at = end
        is_title = title_at(part.text) is not None
        yield Name(here, begin, begin + len(text[begin:end].rstrip(_TRIM)), is_title)


def _german_lead(text: str, at: int) -> int:
    """How many letters before a name say only what it is: "das Magazin Stern"."""
    kind = GERMAN_KIND.match(text, at)
    return len(kind.group()) if kind and _ARTICLE_AHEAD.search(text[:at]) else 0


def spans_as_told(seen: Tagged, wished: Sequence[Wished]) -> Tagged:
    """A tagged text whose subjects are names of the wishes, where both overlap.

    >>> text = "Olvida la película Roma de Ana Osk."
    >>> kinds = (0.0, 0.0, 1.0) + (0.0,) * 9
    >>> seen = Tagged(text, (Span(19, 34, "subject", 0.9, kinds),), (1.0, 0.0, 0.0))
    >>> [seen.text_of(s) for s in spans_as_told(seen, wished_in(text)).spans]
    ['Roma']
    """
    subjects = seen.labelled("subject")
    told: list[tuple[Span, list[Span]]] = [(s, _cut(seen, s, wished)) for s in subjects]
    after = [piece for _, pieces in told for piece in pieces]
    after = sorted([*after, *_missing(after, wished)], key=lambda s: s.start)
    after = list({(s.start, s.end): s for s in after}.values())
    if after == list(subjects):
        return seen
    placed = {(s.start, s.end): i for i, s in enumerate(after)}
    place = [placed[pieces[0].start, pieces[0].end] for _, pieces in told]
    others = [
        s if s.of is None else replace(s, of=place[s.of])
        for s in seen.spans
        if s.label != "subject"
    ]
    return replace(seen, spans=tuple(sorted([*after, *others], key=lambda s: (s.start, -s.end))))


def _cut(seen: Tagged, span: Span, wished: Sequence[Wished]) -> list[Span]:
    """A subject as one name, or the several of which it is made."""
    if twice := _TWICE.fullmatch(seen.text_of(span)):
        span = replace(span, end=span.start + twice.end("name"))
    if IDENTIFIES.search(seen.text_of(span)):
        return [span]
    lead = _german_lead(seen.text, span.start)
    span = replace(span, start=span.start + lead) if span.start + lead < span.end else span
    for wish in wished:
        for name in wish.names:
            if name.lead <= span.start and span.end <= name.start:
                return [replace(span, start=name.start, end=name.end)]  # "Osk's novel Pearl"
        names = [n for n in wish.names if n.start >= span.start and n.end <= span.end]
        if len(names) > 1 and names[0].start == span.start:
            return [replace(span, start=n.start, end=n.end) for n in names]
        if title := next((n for n in wish.names if n.is_title and n.start == span.start), None):
            end = _before_a_wish(seen, span.end, title.end)
            return [replace(span, end=end)]  # "le roman Les Heures lentes"
        for told in wish.descriptions:
            if span.start < told.start < span.end:
                words = seen.text[span.start : told.start].rstrip(_TRIM)
                return [replace(span, end=span.start + len(words))] if words else [span]
    return [span]


def _before_a_wish(seen: Tagged, known: int, end: int) -> int:
    """Where a title ends that goes on behind what the tagger knows for it, but not into words in
    small letters that it surely knows for the wish or its end: "the film Marrow from memory"."""
    for wish in seen.labelled("wish", "until"):
        small = seen.text_of(wish).islower() or wish.label == "until"
        sure = wish.certainty >= SURE and small and seen.text[wish.start].islower()
        if sure and known <= wish.start < end and not seen.text[known : wish.start].strip():
            return known
    return end


def _missing(subjects: Sequence[Span], wished: Sequence[Wished]) -> Iterator[Span]:
    """Names whose description the tagger takes for what is asked for, and not themselves."""
    for wish in wished:
        for told in wish.descriptions:
            ahead = [n for n in wish.names if n.end <= told.start]
            inside = any(told.start <= s.start < told.end for s in subjects)
            if not ahead or not inside:
                continue
            name = ahead[-1]
            if not any(s.start < name.end and s.end > name.start for s in subjects):
                yield Span(name.start, name.end, "subject", _UNSURE, (1 / len(KINDS),) * len(KINDS))
