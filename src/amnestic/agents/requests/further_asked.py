"""What the tagger takes for what stays and is asked for as well: it is joined to a name that is
asked for, and no word says that it stays: "neither Osk nor his firm Tarn shall be known"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import accumulate

from amnestic.agents.requests.forms import OTHER_NAME
from amnestic.agents.requests.joining import letters
from amnestic.agents.requests.keeping import take_exceptions
from amnestic.agents.requests.once import segments
from amnestic.agents.requests.seeing import SURE
from amnestic.agents.requests.target_kind import kind_of
from amnestic.tools.names import is_given_name
from amnestic.tools.reading import rank
from amnestic.tools.tagging import KINDS, Span, Tagged

__all__ = ["is_joined", "with_further_asked", "with_subject"]

_OWN = (
    r"(?:his|her|its|their|my|our|seine?[nmrs]?|ihre?[nmrs]?|meine?[nmrs]?|unsere?[nmrs]?|son|sa|ses|leurs?|mon|ma|mes|"
    r"sus?|mis?|suoi?|su[ae]|mi[oae]|miei|zijn|haar|hun|mijn|onze)"
)
_JOINT = re.compile(  # with whose it is and what: "and his brother"
    r"\s*,?\s*(?:\b(?:and|or|nor|und|oder|sowie|noch|et|ou|ni|y|e|o|né|en|of|as\s+well\s+as|plus)\b|&|\+)\s+"
    r"(?:(?:also|even|auch|aussi|también|anche|ook)\s+)?(?:(?:about|of|on|über|von|de|sur|sobre|di|su|over|van)\s+)?"
    rf"(?:{_OWN}\s+(?:[^\W\d_][\w-]*,?\s+){{1,3}}|(?:the|der|die|das|den|l[ae]s?|el|los|il|de|het)\s+(?:[a-zß-ÿ][\w-]*\s+){{0,3}})?"
    r"[\"“„«]?",
    re.I,
)
_LEAD = re.compile(rf"(?i:{_OWN})\s+(?:[a-zß-ÿ][\w-]*,?\s+){{1,3}}(?=[^\W\d_a-zß-ÿ])")
_NAME_ON = re.compile(
    r"(?:[ ](?:(?:de|da|di|del|van|von|der|den|la|le)[ ]){0,2}[^\W\d_a-zß-ÿ][\w'’-]+)+"
)
_COURTESY = re.compile(
    r"\b(?:please|pls|plz|thanks|thx|thank\s+you|too|as\s+well|bitte|auch|svp|stp|aussi|por\s+favor|"
    r"también|per\s+favore|anche|alsjeblieft|ook)\b",
    re.I,
)
_OF_USE = ("wish", "until", "reason", "scope", "fact", "subject", "keep")
_RARE = 5_000
_HALF = 0.5
_AHEAD = 40


def with_further_asked(seen: Tagged) -> Tagged:
    """A tagged text in which a name that is only joined to one that is asked for is asked for, too.

    >>> kinds = (1.0,) + (0.0,) * 11
    >>> text = "Forget Ana Morel and her brother Tor Hagen."
    >>> ana, tor = Span(7, 16, "subject", 0.9, kinds), Span(33, 42, "keep", 0.9, of=0)
    >>> found = with_further_asked(Tagged(text, (ana, tor), (1.0, 0.0, 0.0)))
    >>> [(s.label, found.text_of(s)) for s in found.spans]
    [('subject', 'Ana Morel'), ('subject', 'Tor Hagen')]
    """
    unsure = [s for s in seen.labelled("alias") if s.certainty < _HALF and not _is_alias(seen, s)]
    for tagged in (*seen.labelled("keep"), *unsure):
        span = _without_lead(seen, tagged)
        end = _end_of_name(seen, span)
        if _is_name(seen.text[span.start : end]) and _is_asked_for(seen, span, end):
            seen = with_subject(seen, span.start, end, SURE)
    return seen


def _is_alias(seen: Tagged, span: Span) -> bool:
    """Whether the words before a name say that it is another's: "and his alias The Lark"."""
    return OTHER_NAME.search(seen.text[max(0, span.start - _AHEAD) : span.start]) is not None


def is_joined(text: str, end: int, start: int) -> bool:
    """Whether nothing but an "and" and whose or what it is stands between two names.

    >>> is_joined("Osk and the firm Tarn", 3, 17), is_joined("Osk but not Tarn", 3, 12)
    (True, False)
    """
    return _JOINT.fullmatch(_COURTESY.sub("", text[end:start])) is not None


def _without_lead(seen: Tagged, span: Span) -> Span:
    """A piece from where its name begins: "his band Tarn" is Tarn."""
    lead = _LEAD.match(seen.text, span.start, span.end)
    return replace(span, start=lead.end()) if lead else span


def _end_of_name(seen: Tagged, span: Span) -> int:
    """Where a name ends of which the tagger may see the beginning alone."""
    behind = _NAME_ON.match(seen.text, span.end)
    taken = behind and any(s.start < behind.end() and s.end > span.end for s in seen.spans)
    return behind.end() if behind and not taken else span.end


def _is_name(words: str) -> bool:
    """Whether words are a name: all with capitals, or rare ones of which the first is given."""
    parts = [w for w in words.split() if len(w) > len("von")] or words.split()
    if all(w[:1].isupper() for w in parts):
        return True
    is_rare = all((rank(w.casefold()) or _RARE) >= _RARE for w in parts)
    return len(parts) > 1 and is_rare and is_given_name(parts[0].casefold())


def _is_asked_for(seen: Tagged, span: Span, end: int) -> bool:
    """Whether a piece is joined to a subject, and its sentence says nothing else than the wish."""
    ahead = [s for s in seen.labelled("subject", "alias") if s.end <= span.start]
    if not ahead:
        return False
    last = max(ahead, key=lambda s: s.end)
    if not is_joined(seen.text, last.end, span.start):
        return False
    sentence = next((p for p in segments(seen.text) if p.start <= span.start < p.end), None)
    if sentence is None:
        return False
    name = letters(seen.text[span.start : end])
    if any(name in letters(kept) for kept in take_exceptions(sentence.of(seen.text))[1]):
        return False
    over = seen.text.find(";", end, sentence.end)
    rest = _unused(seen, end, sentence.end if over < 0 else over)
    return not re.search(r"\w", _COURTESY.sub("", rest))


def _unused(seen: Tagged, start: int, end: int) -> str:
    """The words between two places that are of no use to the request."""
    left, at = "", start
    for span in sorted(seen.labelled(*_OF_USE), key=lambda s: s.start):
        if span.end > at and span.start < end:
            left += seen.text[at : max(at, span.start)]
            at = max(at, span.end)
    return left + seen.text[at:end]


def with_subject(seen: Tagged, start: int, end: int, certainty: float) -> Tagged:
    """A tagged text in which a name is one of the subjects, in place of what it was; what is said
    of others stays theirs."""
    kind = kind_of(seen.text[start:end], "").value
    kinds = tuple(_HALF if k == kind else 0.0 for k in KINDS)

    def is_apart(span: Span) -> bool:
        return span.end <= start or end <= span.start

    subjects = seen.labelled("subject")
    place = sum(s.start < start for s in subjects if is_apart(s))
    ahead = accumulate(map(is_apart, subjects), initial=0)
    moved = [
        at + (at >= place) if is_apart(s) else place for s, at in zip(subjects, ahead, strict=False)
    ]
    spans = [s if s.of is None else replace(s, of=moved[s.of]) for s in seen.spans if is_apart(s)]
    spans.append(Span(start, end, "subject", certainty, kinds))
    return replace(seen, spans=tuple(sorted(spans, key=lambda s: (s.start, -s.end))))
