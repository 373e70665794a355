"""The date that words say: "for six weeks", "bis Ende März", "through Easter Monday".

The words are known to say until when; what is read here is only which day that is. Calendar dates
in any language are read by dateparser, movable feasts by dateutil.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from amnestic.agents.requests.calendar_days import WEEKDAYS, feast_told, weekday_told
from amnestic.agents.requests.durations import UNIT, Duration, durations_in
from amnestic.agents.requests.loosely_read import day_read, fragments_read, languages_of, tells_unit
from amnestic.agents.requests.number_words import number_of
from amnestic.agents.requests.period_ends import BEFORE, WHOLE, period_end, quarter_end
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError

__all__ = ["date_told", "stretch_end"]

_I = re.IGNORECASE
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/\d{2,4}\b")
_EAST = re.compile(
    r"(?:(?P<year>\d{4})\s*年\s*)?(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]"
)
_DAY_ALONE = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b")
_DAY_OF_MONTH = tuple(
    map(
        re.compile,
        (
            r"(?<![\d:])\d{1,2}(?:st|nd|rd|th|er|[º°.])?\s*(?:of|de|di|do|van)?\s*[^\W\d_]{3,}\.?"
            r"(?:,?\s*(?:de\s+|of\s+)?\d{4}(?!\d))?",
            r"(?<![^\W\d_])[^\W\d_]{3,}\.?\s+(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?(?!\d)(?:,?\s+\d{4}(?!\d))?",
        ),
    )
)
_MIDST = re.compile(r"\b(?:mid|mitte|mi|metà|mitad|połow\w+)[\s-]+(?:de\s+|di\s+)?(?=[^\W\d_])", _I)
_WAY = re.compile(  # from which day a stretch of time is counted
    r"\s+(?:(?P<from>from|starting|beginning|counting\s+from|ab|à\s+partir\s+du?|dès|desde|a\s+partir\s+d[ei]l?|dal?|vanaf|od)|"
    r"(?P<after>after|past|following|nach|après|después\s+del?|dopo|na|po|depois\s+d[eoa])|"
    r"(?P<before>before|prior\s+to|ahead\s+of|vor|avant|antes\s+del?|prima\s+d(?:i|el|ella|ell['’])|przed))(?![^\W_])\s*",
    _I,
)
_CLAUSE = re.compile(r"(?:[^,;:!?\n.]|\.(?=\S|\s\d))*")
_TODAY = re.compile(
    r"(?:now|today|this\s+(?:day|moment)|heute|jetzt|sofort|aujourd['’]hui|maintenant|hoy|ahora|oggi|adesso|ora|nu|vandaag|"
    r"hoje|agora|dziś|teraz)\b",
    _I,
)


def date_told(words: str, now: datetime) -> datetime | None:
    """The day that words say, as midnight UTC; `None` where they say none.

    Raises `ForgetRequestError` for a day that is past, `NeedsClarificationError` where day and
    month can be read either way.

    >>> now = datetime(2026, 11, 28, tzinfo=UTC)
    >>> [f"{date_told(w, now):%Y-%m-%d}" for w in ("for six weeks", "bis Ende März")]
    ['2027-01-09', '2027-03-31']
    """
    words = " ".join(words.split())
    _refuse_ambiguous(words)
    today = date(now.year, now.month, now.day)
    for reader in (_counted_from, *_READERS):
        if (found := reader(words, today)) is not None:
            break
    else:
        return None
    if found < today:
        raise ForgetRequestError(
            f"the expiry {found:%Y-%m-%d} is in the past; give a later date or none"
        )
    return datetime(found.year, found.month, found.day, tzinfo=UTC)


def _refuse_ambiguous(words: str) -> None:
    found = _SLASHED.search(words)
    if found and found[1] != found[2] and int(found[1]) <= 12 and int(found[2]) <= 12:
        raise NeedsClarificationError(
            f"{found.group()} can be read in two ways; write the date as YYYY-MM-DD"
        )


# ── Readers, the surest first ────────────────────────────────────────────────────────────────────


def _counted_from(words: str, today: date) -> date | None:
    """So long after a day, or before it: "a week from Friday", "zwei Wochen nach Ostern"."""
    for found in durations_in(words):
        if _WAY.match(words, found.end) and _calendar(words[: found.start], today) is None:
            day, end = stretch_end(words, found, today)
            return day if end > found.end else None
    return None


def stretch_end(words: str, found: Duration, today: date) -> tuple[date, int]:
    """The day on which a stretch of time of a text is over, and where its words are: with the day
    that it is counted from, which is this one where none is told. Raises as `date_told` does.

    >>> text = "for a week from Friday"
    >>> stretch_end(text, durations_in(text)[0], date(2026, 11, 28))
    (datetime.date(2026, 12, 11), 22)
    """
    way = _WAY.match(words, found.end)
    if way is None:
        return _behind(words, found, today), found.end
    clause = _CLAUSE.match(words, way.end())
    end = clause.end() if clause else way.end()
    base = _day_told(words[way.end() : end], today)
    if base is None and way["from"]:
        return _behind(words, found, today), found.end  # "for two weeks from all answers"
    if base is None:
        raise NeedsClarificationError(
            f"until when is {words[found.start : end]!r}? Write it as 'until YYYY-MM-DD'"
        )
    return _behind(words, found, base, times=-1 if way["before"] else 1), end


def _behind(words: str, found: Duration, day: date, times: int = 1) -> date:
    """The day that is a stretch of time behind another, or `times` -1 before it."""
    said = words[found.start : found.end]
    if not found.whole:
        raise NeedsClarificationError(f"how long is {said!r}? Write the end as 'until YYYY-MM-DD'")
    try:
        return found.from_day(day, times)
    except OverflowError:
        raise ForgetRequestError(
            f"{said!r} is longer than any calendar; leave the end out, or write a nearer one"
        ) from None


def _day_told(words: str, today: date) -> date | None:
    if _TODAY.match(words):
        return today
    days = (reader(words, today) for reader in _READERS)
    return next((day for day in days if day is not None), None)


def _calendar(words: str, today: date) -> date | None:
    """A day of a month, with or without its year; the last one told."""
    iso = re.findall(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", words)
    if iso:
        year, month, day = map(int, iso[-1])
        return _day(year, month, day, words)
    dotted = re.findall(r"(?<![\d.])(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?!\d)", words)
    if dotted:
        first, second, year = map(int, dotted[-1])
        if second > 12:
            first, second = second, first
        return _day(year + 2000 * (year < 100), second, first, words)
    if east := _EAST.search(words):
        month, day = int(east["month"]), int(east["day"])
        year = int(east["year"] or today.year + ((month, day) < (today.month, today.day)))
        return _day(year, month, day, words)
    told = WEEKDAYS.sub(" ", _ordinals(words))
    languages, loosely = languages_of(words), not durations_in(words)
    days: list[date] = []
    for pattern in _DAY_OF_MONTH:
        pieces = [m.group() for m in pattern.finditer(told)]
        days = days or [
            d
            for p in pieces
            if _names_month(p)
            and (_tells_month(p, today, languages) or (loosely and tells_unit(p, languages)))
            and (d := day_read(p, today, languages))
        ]
    if days and BEFORE.match(words) and days[-1].day == 1:
        return days[-1] - timedelta(days=1)
    return days[-1] if days else None


def _lasting(words: str, today: date) -> date | None:
    """So many days, weeks, months or years from today."""
    found = next(iter(durations_in(words)), None)
    return None if found is None else _behind(words, found, today)


def _loose(words: str, today: date) -> date | None:
    """A month, or whatever else dateparser reads; a month is its last day, "before" it the day
    before it begins."""
    if (alone := _DAY_ALONE.search(words)) and 1 <= int(alone[1]) <= 31:
        days = (today + timedelta(days=n) for n in range(1, 63))
        return next(d for d in days if d.day == int(alone[1]))
    found = [(piece, day) for piece, day in fragments_read(words, today) if day != today]
    months = [day for fragment, day in found if _names_month(fragment)]
    if not months:
        lasting = [day for fragment, day in found if re.search(r"\d.*[^\W\d_]", fragment)]
        return lasting[-1] if lasting else None
    day = months[-1]
    if BEFORE.match(words):
        return day.replace(day=1) - timedelta(days=1)
    if _MIDST.search(words):
        return day.replace(day=15)
    return day if WHOLE.search(words) else None


_READERS = (_calendar, feast_told, quarter_end, period_end, _lasting, weekday_told, _loose)


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────


def _names_month(fragment: str) -> bool:
    """Whether a piece names a month: it says another month with another number of days."""
    return "月" in fragment or bool(
        re.search(r"[^\W\d_]{3,}", fragment) and UNIT.search(fragment) is None
    )


def _tells_month(piece: str, today: date, languages: list[str]) -> bool:
    """Whether a word of a piece is a month by itself: "after 90" is no year."""
    words = re.findall(r"[^\W\d_]{3,}", piece)
    return any(day_read(word, today, languages) for word in words)


def _ordinals(words: str) -> str:
    """Words with their spelt ordinals as numbers: "the fourth of December"."""

    def digits(match: re.Match[str]) -> str:
        found = number_of(match.group())
        return str(found) if found is not None else match.group()

    return re.sub(r"\b[a-z]+(?:-[a-z]+)?(?=\s+of\s+[A-Z])", digits, words)


def _day(year: int, month: int, day: int, words: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ForgetRequestError(
            f"the date in {words!r} is not one; write it as YYYY-MM-DD"
        ) from None
