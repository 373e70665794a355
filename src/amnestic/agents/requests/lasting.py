"""For how long something is asked for: "for a year and a half", "zwei Jahre lang"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from amnestic.agents.requests.durations import Duration, durations_in
from amnestic.agents.requests.forms import QUOTED
from amnestic.agents.requests.once import segments
from amnestic.agents.requests.wishes import wish_in
from amnestic.tools.tagging import Span, Tagged

__all__ = ["Lasting", "is_told", "lasting_in", "with_lasting"]

_I = re.IGNORECASE
_NEAR = 60
_ABOUT = (
    r"at\s+(?:least|most|the\s+most)|up\s+to|no\s+(?:more|longer|less)\s+than|not\s+more\s+than|about|around|roughly|exactly|only|just|"
    r"mindestens|höchstens|maximal|etwa|rund|nur|genau|au\s+(?:moins|plus)|environ|al\s+menos|como\s+máximo|unos|almeno|"
    r"al\s+massimo|circa|minstens|hoogstens|ongeveer"
)
_FOR = re.compile(
    r"[,;(]?\s*\b(?:(?:for|für|pendant|durant|durante|per|por|voor|during|over)\s+(?:(?:the|die|das|les|los|i|de|het)\s+)?"
    r"(?:(?:next|coming|nächsten?|kommenden?|prochain(?:e?s)?|próxim[oa]s?|prossim[ioae]|komende)\s+)?"
    rf"(?:(?:{_ABOUT})\s+)?|(?P<polish>na|przez)\s+)$",
    _I,
)
_POLISH = re.compile(r"(?:rok|roku|lata?|miesi\w+|tydz\w+|tygodni\w*|dni|dzień|kwarta\w+)$", _I)
_LANG = re.compile(r"\s+lang\b", _I)
_FROM_NOW = re.compile(r"(?:\s+(?:more|further|lang|long))?(?:\s+from\s+(?:now|today))?\)?", _I)
_AGE = re.compile(r"[\s-]+(?:old|ago|alt|âgée?s?)\b", _I)
_TOLD = re.compile(  # words that tell of somebody: "…, who lived there", "…, mayor there"
    r"[,;(–—]\s+(?!(?:and|or|but|also|please|plus|just|only|at\s+least|effective|starting|nur|aber|bitte|und|oder|zunächst|vorerst|"
    r"et|mais|ou|y|e|o|pero|i|ma|en|maar|of)\b)(?:(?P<article>de[rnm]|die|das|dat)\b|(?-i:[a-zà-ÿ]))[^,;.!?]*$|"
    r"\b(?:that|dass)\s+(?!(?:you|we|way|du|sie|ihr|wir|man)\b)[^,;.!?]*$|"
    r"\b(?:what|how|where|was|wie|ce\s+que|lo\s+que|quello\s+che|wat)\s+(?!you\b|to\b|du\b|sie\b|ihr\b|man\b|tu\b|vous\b|"
    r"sabe|sai\b|sapete\b|je\b|u\b|we\b)[^,;.!?]*$",
    _I,
)
_ASKED = r"nicht|bitte|niet|vergess|lösch|erwähn|verschw|entfern|tilg|verget|verwijd"
_VERB = re.compile(  # what stands behind an article's clause, and asks for nothing
    rf"(?:\s+lang\b)?(?:\s+(?!(?:{_ASKED})\w*)[^\W\d_]+){{1,8}}\s*(?=[.,;!?]|$)",
    _I,
)
_APPOSED = re.compile(  # ", zehn Jahre lang Lehrerin in Tavel"
    rf"\s+lang\s+(?:(?:in|im|bei|am|als|an)\s+(?:\w+\s+)?)?(?-i:[A-ZÄÖÜ])(?![^.;!?\n]*\b(?:{_ASKED}))",
    _I,
)
_CLOSES = re.compile(r"\s*,?\s*(?:(?:please|bitte|svp)\s*)?(?:[.!?]|$|\n)", _I)
_IN_THE_PAST = re.compile(
    r"\b(?:was|were|lived|worked|born|served|had|ran|reigned|spent|stayed|war|hatte|lebte|arbeitete|était|avait|"
    r"fue|era|tenía|aveva)\b[^.!?\n]*$",
    _I,
)
_SURE = 1.0


@dataclass(frozen=True, slots=True)
class Lasting:
    """Where a text says for how long, how long that is, and whether it is told of somebody."""

    start: int
    end: int
    duration: Duration
    told: bool


def lasting_in(text: str) -> Iterator[Lasting]:
    """The places of a text that say for how long something is asked for; titles, ages and what is
    told of somebody say nothing.

    >>> text = "Forget Osk for a year and a half, and Tarn."
    >>> [text[l.start : l.end] for l in lasting_in(text)]
    [' for a year and a half']
    >>> list(lasting_in("Forget the novel Marooned for Twelve Years."))
    []
    """
    return (lasting for lasting in _lasting(text) if not lasting.told)


def _lasting(text: str) -> Iterator[Lasting]:
    bare = QUOTED.sub(lambda m: "x" * len(m.group()), text)
    for found in durations_in(bare):
        lead = _FOR.search(bare, max(0, found.start - _NEAR), found.start)
        if lead and lead["polish"] and not _POLISH.search(bare, found.start, found.end):
            lead = None  # Dutch has "na" for "after"
        lang = _LANG.match(bare, found.end)
        if _AGE.match(bare, found.end):
            yield Lasting(found.start, found.end, found, told=True)
            continue
        if lead is None and lang is None:
            continue
        start = lead.start() if lead else found.start
        if _is_title(bare, found):
            continue
        rest = _FROM_NOW.match(bare, found.end)
        told = is_told(bare, start, found.end)
        yield Lasting(start, rest.end() if rest else found.end, found, told)


def _is_title(text: str, found: Duration) -> bool:
    words = text[found.start : found.end]
    return found.start > 0 and words[:1].isupper() and not text.isupper()


def is_told(text: str, start: int, end: int) -> bool:
    """Whether words stand in a clause that tells of somebody."""
    ahead = text[max(0, start - 4 * _NEAR) : start]
    if _IN_THE_PAST.search(ahead) or (ahead.rstrip().endswith(",") and _APPOSED.match(text, end)):
        return True
    if text[start : start + 1] == "," and _CLOSES.match(text, end):
        return False  # its comma ends the clause before it
    clause = _TOLD.search(ahead)
    if clause is None or (clause["article"] and _VERB.match(text, end) is None):
        return False
    return wish_in(clause.group().lstrip(",;(–— ")) is None


def with_lasting(seen: Tagged) -> Tagged:
    """A tagged text in which no name goes on into the words that say for how long, and in which
    words of that kind right behind a name say until when.

    >>> text = "Vergiss Osk für zwei Jahre."
    >>> seen = with_lasting(Tagged(text, (Span(8, 15, "subject", 0.5),), (1.0, 0.0, 0.0)))
    >>> [(s.label, seen.text_of(s)) for s in seen.spans]
    [('subject', 'Osk'), ('until', 'für zwei Jahre')]
    """
    everywhere = list(_lasting(seen.text))
    if not everywhere:
        return seen
    seen = _as_told(seen, [lasting for lasting in everywhere if lasting.told])
    found = [lasting for lasting in everywhere if not lasting.told]
    spans, place = list[Span](), list[int | None]()
    kept = 0
    for span in seen.spans:
        cut = _cut(seen.text, span, found) if span.label in ("subject", "alias", "fact") else span
        if span.label == "subject":
            place.append(None if cut is None else kept)
            kept += cut is not None
        if cut is not None:
            spans.append(cut)
    spans = [s if s.of is None else replace(s, of=place[s.of]) for s in spans]
    names = [s.end for s in spans if s.label == "subject"]
    untils = [s for s in spans if s.label == "until"]
    for lasting in found:
        begin = lasting.start + len(_lead(seen.text[lasting.start : lasting.end]))
        behind = any(
            not seen.text[end : lasting.start].strip(" \"'”»") for end in names if end <= begin
        )
        asked = behind or _ends_a_wish(seen, lasting)
        if asked and not any(s.start < lasting.end and begin < s.end for s in untils):
            spans.append(Span(begin, lasting.end, "until", _SURE))
    return replace(seen, spans=tuple(sorted(spans, key=lambda s: (s.start, -s.end))))


def _as_told(seen: Tagged, told: list[Lasting]) -> Tagged:
    """A tagged text in which a fact goes on into words that say how long it was so: "mayor for 12
    years" is no end."""
    spans = list(seen.spans)
    for lasting in told:
        for until in seen.labelled("until"):
            if not (until.start < lasting.end and lasting.start < until.end):
                continue
            fact = next((s for s in spans if s.label == "fact" and _touch(seen, s, until)), None)
            if fact is not None:
                spans.remove(until)
                spans[spans.index(fact)] = replace(fact, end=until.end)
            elif _AGE.match(seen.text, lasting.end):
                spans[spans.index(until)] = replace(until, label="fact")
    return replace(seen, spans=tuple(spans))


def _touch(seen: Tagged, one: Span, other: Span) -> bool:
    return one.end <= other.start and not seen.text[one.end : other.start].strip()


def _ends_a_wish(seen: Tagged, lasting: Lasting) -> bool:
    """Whether words close a sentence that asks for something, and tells of no past."""
    piece = next((p for p in segments(seen.text) if p.start <= lasting.start < p.end), None)
    if piece is None or re.search(r"\w", seen.text[lasting.end : piece.end]):
        return False
    return any(piece.start <= s.start < lasting.start for s in seen.labelled("wish"))


def _lead(words: str) -> str:
    return words[: len(words) - len(words.lstrip(" ,;("))]


def _cut(text: str, span: Span, found: list[Lasting]) -> Span | None:
    """A piece as far as the words that say for how long; `None` where it is only of them."""
    for lasting in found:
        if span.start < lasting.end and lasting.start < span.end:
            end = span.start + len(text[span.start : max(span.start, lasting.start)].rstrip(" ,;("))
            return None if end <= span.start else replace(span, end=end)
    return span
