"""Until when each subject of a tagged request is forgotten, of all the dates that it tells."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from amnestic.agents.requests.dates_told import date_told
from amnestic.agents.requests.durations import durations_in
from amnestic.agents.requests.once import segments
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError
from amnestic.tools.tagging import Span, Tagged

__all__ = ["expiry_of", "passed_over"]

_CERTAIN = 0.7
_SIGHT = 80  # how far a stretch of time may go beyond a piece
_BEGINS = re.compile(  # "from 1 March": when it begins; "by Friday": when it shall be done
    r"\W*(?:from|starting|since|as\s+of|effective|by|ab|seit|à\s+partir|dès|desde|a\s+partir|dal?|od|vanaf)\b"
    r"(?!.*\b(?:to|until|till|through|bis|au|hasta|al?|do|tot)\b)(?!\s+(?:now|today|heute|jetzt)\b)",
    re.I | re.S,
)
_THAT_IS = re.compile(  # "i.e.", "d. h.", "(": what is told again in other words
    r"\s*[,;(=–—-]*\s*(?:i\.?\s?e\.?|that\s+is(?:\s+to\s+say)?|so|in\s+other\s+words|meaning|d\.?\s?h\.?|das\s+heißt|also|"
    r"c['’]est-à-dire|soit|es\s+decir|o\s+sea|cioè|ossia|dus|d\.?w\.?z\.?|oftewel|isto\s+é|ou\s+seja|czyli)?[\s,:]*",
    re.I,
)
_A_DAY = timedelta(days=1)
_AFTER = re.compile(r"(?<!\w)(?:after|nach|après|después\s+de|dopo)\s+$", re.I)
_OF_A_THING = re.compile(r"-\w+\s+[^\W\d_]")  # "the 30-day policy"
_SPAN_OF_TIME = re.compile(
    r"-\w+\s+(?:period|term|span|time|from|after|before|until|and|or|only)\b", re.I
)
_HAPPENS = re.compile(  # "the hearing is on 3 March": a day on which something is
    r"\b(?:is|are|was|were|be|takes?\s+place|happens?|falls|set|planned|scheduled|fixed|due|ist|sind|findet|war|est|sont|"
    r"a\s+lieu|aura\s+lieu|es|será|è|sarà|wordt)\s+(?:only\s+|now\s+|erst\s+)?(?:on|for|at|am|le|el|il|op)\s+(?:the\s+)?$",
    re.I,
)
_SAYS_END = re.compile(
    r"\b(?:until|till?|through|end\w*|expir\w*|laps\w*|last\w*|lift\w*|again|back|over|valid|void|runs?\s+out|release\w*|"
    r"bis|ende\w*|läuft|abl[aä]uf\w*|wieder|gilt|jusqu\w*|fin\w*|expir\w*|nouveau|hasta|vence\w*|nuevo|fino|scad\w*|"
    r"termin\w*|nuovo|tot|eind\w*|verloopt|weer)\b",
    re.I,
)


def expiry_of(seen: Tagged, i: int, now: datetime) -> datetime | None:
    """Until when the subject `i` is forgotten: the first words that say a day. What hardly seems to
    say one is no date; what begins then, or lies within what stays, is no end.

    Raises `ForgetRequestError` for a day that is past, `NeedsClarificationError` for words that
    surely say until when, but no day.
    """
    problem: ForgetRequestError | None = None
    for span in _ends_of(seen, i):
        words = _whole(seen, span)
        try:
            date = date_told(words, now) or date_told(_clause_from(seen, span), now)
            unread: ForgetRequestError = NeedsClarificationError(
                f"until when is {words!r}? Write it as 'until YYYY-MM-DD'"
            )
        except ForgetRequestError as error:
            date, unread = None, error
        if date is not None:
            _refuse_another(seen, span, date, now)
            return date
        if span.certainty >= _CERTAIN:
            problem = problem or unread
    if problem is not None:
        raise problem
    return None


def _refuse_another(seen: Tagged, span: Span, date: datetime, now: datetime) -> None:
    """Raise `NeedsClarificationError` where the same end is told again as another day: "for two
    weeks, i.e. until the 8th"."""
    for other in seen.labelled("until"):
        if other.start < span.end or not _THAT_IS.fullmatch(seen.text, span.end, other.start):
            continue
        again = date_told(_whole(seen, other), now)
        if again is not None and abs(again - date) > _A_DAY:
            said = seen.text[span.start : other.end]
            raise NeedsClarificationError(
                f"{said!r} are two days: {date:%Y-%m-%d} and {again:%Y-%m-%d}; say which of the two"
            )


def _ends_of(seen: Tagged, i: int) -> list[Span]:
    """The ends that hold for a subject: those right behind it alone, where others have theirs, too;
    else all but those in the row of another."""
    ends = [span for span in _ends(seen) if _is_of_row(seen, span, i)]
    subjects = seen.labelled("subject")
    behind = [k for span in ends for k, s in enumerate(subjects) if _is_right_behind(seen, s, span)]
    own = [span for span in ends if _is_right_behind(seen, subjects[i], span)]
    return own if own and len(set(behind)) > 1 else ends


def _is_right_behind(seen: Tagged, subject: Span, span: Span) -> bool:
    return subject.end <= span.start and not seen.text[subject.end : span.start].strip()


def _whole(seen: Tagged, span: Span) -> str:
    """The words of a piece, with all of a stretch of time of which it has a part: "for a year" of
    "for a year and a half"."""
    begin = max(0, span.start - _SIGHT)
    sight = seen.text[begin : span.end + _SIGHT]
    start, end = span.start - begin, span.end - begin
    for found in durations_in(sight):
        if found.start < end and start < found.end:
            start, end = min(start, found.start), max(end, found.end)
    return " ".join(sight[start:end].split())


def _clause_from(seen: Tagged, span: Span) -> str:
    """What begins with a piece, to the end of its clause: a reader may stop before the day."""
    rest = re.match(r"[^,;:.!?\n]*", seen.text[span.end :])
    return " ".join(f"{seen.text_of(span)}{rest[0] if rest else ''}".split())


def passed_over(seen: Tagged) -> tuple[str, ...]:
    """The words with a date that say no end."""
    ends = _ends(seen)
    spans = (s for s in seen.labelled("until") if s not in ends)
    return tuple(" ".join(seen.text_of(s).split()) for s in spans)


def _ends(seen: Tagged) -> list[Span]:
    kept = seen.labelled("keep")
    return [
        span
        for span in seen.labelled("until")
        if not _BEGINS.match(seen.text_of(span))
        and not _BEGINS.match(_with_lead(seen, span))
        and not _only_happens(seen, span)
        and not _begins_then(seen, span)
        and not _is_of_a_thing(seen, span)
        and not any(k.start < span.end and span.start <= k.end + 1 for k in kept)
    ]


def _begins_then(seen: Tagged, span: Span) -> bool:
    """Whether something begins when a stretch of time is over, as in "after 90 days"."""
    begin = max(0, span.start - _SIGHT)
    sight = seen.text[begin : span.end + _SIGHT]
    found = (d for d in durations_in(sight) if d.start < span.end - begin)
    first = next((d for d in found if span.start - begin < d.end), None)
    return first is not None and _AFTER.search(sight, 0, first.start) is not None


def _is_of_a_thing(seen: Tagged, span: Span) -> bool:
    """Whether a stretch of time says of a thing how long it is, and no word before it "for"."""
    at = seen.text.find("-", span.start, span.end)
    if at < 0 or re.match(r"\W*(?:for|during|over)\b", _with_lead(seen, span), re.I):
        return False
    if len(durations_in(seen.text_of(span))) != 1:
        return False
    return bool(_OF_A_THING.match(seen.text, at)) and not _SPAN_OF_TIME.match(seen.text, at)


def _only_happens(seen: Tagged, span: Span) -> bool:
    """Whether a day is told on which something is, and no word of its sentence says an end."""
    if not _HAPPENS.search(seen.text[: span.start]):
        return False
    sentence = next((p for p in segments(seen.text) if p.start <= span.start < p.end), None)
    return sentence is not None and not _SAYS_END.search(sentence.of(seen.text))


def _with_lead(seen: Tagged, span: Span) -> str:
    """A piece with the word before it."""
    lead = re.search(r"[^\W\d_]+\s+$", seen.text[: span.start])
    return (lead[0] if lead else "") + seen.text_of(span)


def _is_of_row(seen: Tagged, span: Span, i: int) -> bool:
    """Whether words hold for a subject: those in the row of another do not."""
    rows = [_row(seen, subject) for subject in seen.labelled("subject")]
    row = _row(seen, span)
    return len(set(rows)) < 2 or row not in rows or rows[i] == row


def _row(seen: Tagged, span: Span) -> int:
    return seen.text.count("\n", 0, span.start)
