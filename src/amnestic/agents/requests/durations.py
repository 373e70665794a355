"""How long words say: "a year and a half", "zwei Jahre und drei Monate", "un an et demi".

What cannot be read whole is told so: half of a stretch of time is another one.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from amnestic.agents.requests.number_words import next_one
from amnestic.agents.requests.quantities import AND, PARTS, is_number, part_of, quantity_of
from amnestic.tools.reading import uncased

__all__ = ["UNIT", "Duration", "durations_in", "months_on"]

_I = re.IGNORECASE
_UNITS = {  # days, months, words
    "day": (1, 0, "days? tag(?:en|e)? jours? d[ií]as? giorn[oi] dag(?:en)? dni dzień"),
    "week": (7, 0, "weeks? wochen? weken semaines? semanas? settiman[ae] tygodni(?:e|a)? tydzień"),
    "fortnight": (14, 0, "fortnights?"),
    "month": (
        0,
        1,
        "months? monat(?:en|e|s)? mois mes(?:es)? mes[ei] maand(?:en)? miesi[ąę]c[ey]?",
    ),
    "quarter": (0, 3, "quarters? quartale? trimestres? trimestr[ei] kwartał(?:y|u)?"),
    "year": (
        0,
        12,
        "years? jahr(?:en|es|e)? ans? années? años? ann[oi] jaar jaren anos? lata? rok[u]?",
    ),
}
UNIT = re.compile(
    "|".join(
        rf"(?P<{name}>\b(?:{'|'.join(words.split())})\b)" for name, (*_, words) in _UNITS.items()
    ),
    _I,
)
"""A word for a day, a week, a month, a quarter or a year."""

_EAST = re.compile(
    r"(?P<n>(?<!\d)\d{1,4}|半|[〇零一二两兩三四五六七八九十百]+)\s*[个個]?(?P<half>半)?\s*"
    r"(?:(?P<day>[天日])|(?P<week>周|星期)|(?P<month>月)|(?P<quarter>季度)|(?P<year>年))(?P<more>半)?"
)
_FRENCH = re.compile(r"(?:\d|\b(?:un|demi|d)['’\s-]*)\s*$", _I)  # "an" is English else
_FILL = re.compile(
    r"(?:\s+(?:more|further|additional|calendar|full|whole|entire|weitere[nrs]?|volle[nrs]?|ganze[nrs]?|más)|\s*\(\w+\))?"
    r"[\s-]*$",
    _I,
)
_THAT_ONE = re.compile(  # "the week after Easter" is one
    r"\b(?:the|der|dem|die|le|la|el|il|de|het)\s+$",
    _I,
)
_AWAY = re.compile(
    r"\s+(?:after|following|before|nach|vor|après|avant|después|antes|dopo|prima|na)\b", _I
)
_POLISH = re.compile(r"\b(?:na|przez)\s+$", _I)
_PARTED = re.compile(
    rf"\s+(?:{AND})\s+(?P<part>{PARTS})(?!\w)(?!\s+(?:of|the|his|her|its|my|our|their|den|der|les|la|de)\b)",
    _I,
)
_JOINT = re.compile(rf"\s*|\s*,?\s+(?:(?:{AND})\s+)?|\s*\+\s*", _I)
_WORD = re.compile(r"\d+(?:[.,]\d+)?(?:/\d+)?|[½¼¾]|[^\W\d_]+(?:['’](?=\w|\s))?|[^\w\s]")
_OR = frozenset("or to oder bis ou à o u of albo lub do - – — /".split())
_ARTICLES = frozenset("a an another eine einen ein einem un une una uno een um uma".split())
_OR_MORE = re.compile(
    rf"\s*(?:{'|'.join(map(re.escape, sorted(_OR, key=len, reverse=True)))})"
    r"\s*(?P<n>[^\W_]+|[½¼¾])",
    _I,
)
_VAGUE = re.compile(
    rf"\s+(?:{AND}|plus)\s+(?:(?:an?|some|eine?n?|une?|een)\s+)?(?:bit|some|change|few|several|more|odd|paar|etwas|einige|"
    r"quelques|algun[oa]s?|pico|qualche|enkele|kilka)\b|\s+(?:or|oder)\s+(?:more|longer|länger|mehr)\b|\s+odd\b|"
    rf"\s*,?\s+(?:(?:{AND})\s+)?\w+\s+(?:hours?|stunden?|heures?|horas?|ore|ora|uur|minutes?|minuten)\b",
    _I,
)
_MOST_WORDS, _FAR = 6, 80


@dataclass(frozen=True, slots=True)
class Duration:
    """A stretch of time as a text tells it.

    Attributes:
        start: where its words begin.
        end: where they end.
        months: how long it is, beside `days`.
        days: how long it is, beside `months`.
        whole: whether nothing of it was left unread.
    """

    start: int
    end: int
    months: int
    days: int
    whole: bool = True

    def from_day(self, day: date, times: int = 1) -> date:
        """The day that is so long after another, or before it with `times` -1. Raises
        `OverflowError` where no calendar goes so far.

        >>> found = durations_in("a year and a half")[0]
        >>> found.from_day(date(2026, 11, 28)), found.from_day(date(2026, 11, 28), -1)
        (datetime.date(2028, 5, 28), datetime.date(2025, 5, 28))
        """
        year, month = months_on(day, times * self.months)
        if not 1 <= year <= date.max.year:
            raise OverflowError  # no calendar goes so far
        then = date(year, month, min(day.day, monthrange(year, month)[1]))
        return then + timedelta(days=times * self.days)


def months_on(day: date, months: int) -> tuple[int, int]:
    """The year and the month so many months behind a day's.

    >>> months_on(date(2026, 11, 28), 3)
    (2027, 2)
    """
    count = day.year * 12 + day.month - 1 + months
    return count // 12, count % 12 + 1


def durations_in(text: str) -> tuple[Duration, ...]:
    """The stretches of time that a text tells, each with all that belongs to it.

    >>> told = "for 2 years and 10 days, or a week or two"
    >>> [(d.months, d.days, d.whole) for d in durations_in(told)]
    [(24, 10, True), (0, 7, False)]
    """
    counted = sorted((*_western(text), *_eastern(text)), key=lambda c: (c.start, -c.end))
    apart: list[_Counted] = []
    for one in counted:  # "three quarters of a year" is no three quarters
        if apart and one.start < apart[-1].end:
            apart[-1] = max(apart[-1], one, key=lambda c: (c.end - c.start, c.end))
        else:
            apart.append(one)
    found: list[Duration] = []
    for i, one in enumerate(apart):
        behind = apart[i + 1].start if i + 1 < len(apart) else len(text)
        duration = _as_duration(text, one, behind)
        if found and found[-1].end <= duration.start and _joined(text, found[-1], duration):
            duration = _together(found.pop(), duration)
        found.append(duration)
    return tuple(_with_rest(text, duration) for duration in found)


@dataclass(frozen=True, slots=True)
class _Counted:
    """So many of a unit, as far as the unit's word."""

    start: int
    end: int
    unit: str
    count: Fraction
    whole: bool = True


def _western(text: str) -> Iterator[_Counted]:
    for match in UNIT.finditer(text):
        unit = str(match.lastgroup)
        if uncased(match.group()) == "an" and not _FRENCH.search(text, 0, match.start()):
            continue
        end = _FILL.search(text, max(0, match.start() - _FAR), match.start())
        ahead = end.start() if end else match.start()
        words = list(_WORD.finditer(text, max(0, ahead - _FAR), ahead))
        for first in range(max(0, len(words) - _MOST_WORDS), len(words)):
            start = words[first].start()
            if start > 0 and text[start - 1].isalnum():
                continue  # where the sight begins
            count = quantity_of(text[start:ahead])
            if count is not None:
                more = _more_ahead([uncased(w.group()) for w in words[:first]])
                start = words[first - more].start()
                yield _Counted(start, match.end(), unit, count, count > 0 and not more)
                break
        else:
            if _is_one(
                text[max(0, match.start() - _FAR) : match.start()],
                text[match.end() : match.end() + _FAR],
            ):
                yield _Counted(match.start(), match.end(), unit, Fraction(1))


def _is_one(ahead: str, behind: str) -> bool:
    """Whether a unit without a number stands for one."""
    if next_one(ahead) or _POLISH.search(ahead):
        return True
    return bool(_THAT_ONE.search(ahead) and _AWAY.match(behind))


def _eastern(text: str) -> Iterator[_Counted]:
    for match in _EAST.finditer(text):
        count = Fraction(1, 2) if match["n"] == "半" else quantity_of(match["n"])
        unit = next((name for name in _UNITS if name in match.groupdict() and match[name]), "")
        if count is not None and unit:
            half = Fraction(1, 2) if match["half"] or match["more"] else 0
            yield _Counted(match.start(), match.end(), unit, count + half, count + half > 0)


def _more_ahead(before: list[str]) -> int:
    """How many words before a number are more of it, and not read: "two or", "thousand"."""
    if not before or before[-1] in _ARTICLES:
        return 0
    if before[-1] in _OR:
        return 2 if len(before) > 1 and is_number(before[-2]) else 0
    return 1 if is_number(before[-1]) else 0


def _as_duration(text: str, one: _Counted, behind: int) -> Duration:
    count, end = one.count, one.end
    parted = _PARTED.match(text, end)
    if parted and parted.end() <= behind:
        count, end = count + (part_of(parted["part"]) or 0), parted.end()
    days, months, _ = _UNITS[one.unit]
    whole_months = math.floor(count * months)
    rest = (count * months - whole_months) * 30
    return Duration(one.start, end, whole_months, math.ceil(count * days + rest), one.whole)


def _joined(text: str, one: Duration, other: Duration) -> bool:
    return _JOINT.fullmatch(text, one.end, other.start) is not None


def _together(one: Duration, other: Duration) -> Duration:
    months, days = one.months + other.months, one.days + other.days
    return Duration(one.start, other.end, months, days, one.whole and other.whole)


def _with_rest(text: str, found: Duration) -> Duration:
    """A stretch of time with what goes on with it and says no number: it is not read whole."""
    if vague := _VAGUE.match(text, found.end):
        return replace(found, end=vague.end(), whole=False)
    further = _OR_MORE.match(text, found.end)
    if further and is_number(further["n"]) and uncased(further["n"]) not in _ARTICLES:
        return replace(found, end=further.end(), whole=False)
    return found
