"""Until when a target shall hold: dates, stretches of time and ends of periods, as told."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from amnestic.agents.requests.dates_told import stretch_end
from amnestic.agents.requests.lasting import lasting_in
from amnestic.agents.requests.mentions import mentions_in
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError
from amnestic.tools.reading import uncased

__all__ = ["Expiry", "UnreadDateError", "is_of_the_request", "take_expiry"]


class UnreadDateError(NeedsClarificationError):
    """A time is told that cannot be read as a date."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """A text without the words that say until when, and the date that they say."""

    text: str
    date: datetime | None


_I = re.IGNORECASE
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero gennaio januari janeiro stycznia",
            "february feb februar février fevrier febrero febbraio februari fevereiro lutego",
            "march mar märz mars marzo maart março marca",
            "april apr avril abril aprile kwietnia",
            "may mai mayo maggio mei maio maja",
            "june jun juni juin junio giugno junho czerwca",
            "july jul juli juillet julio luglio julho lipca",
            "august aug août aout agosto augustus sierpnia",
            "september sep sept septembre septiembre settembre setembro września",
            "october oct oktober octobre octubre ottobre outubro października",
            "november nov novembre noviembre novembro listopada",
            "december dec dezember décembre decembre diciembre dicembre dezembro grudnia",
        ),
        1,
    )
    for name in names.split()
}
_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_FOREIGN = (  # from two to ten
    "zwei drei vier fünf sechs sieben acht neun zehn",
    "deux trois quatre cinq six sept huit neuf dix",
    "dos tres cuatro cinco seis siete ocho nueve diez",
    "due tre quattro cinque sei sette otto nove dieci",
    "twee drie vier vijf zes zeven acht negen tien",
)
_NUMBERS = (
    {"thirtieth": 30, "thirty-first": 31, "thirty": 30, "sixty": 60, "ninety": 90}
    | dict.fromkeys("a an ein eine einen un une una een".split(), 1)
    | {word: i for i, word in enumerate(_ONES, 1)}
    | {word: i for i, word in enumerate(_ORDINALS, 1)}
    | {f"twenty-{word}": 20 + i for i, word in enumerate(_ORDINALS[:9], 1)}
    | {word: i for words in _FOREIGN for i, word in enumerate(words.split(), 2)}
)
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ORDINAL = "|".join(sorted((w for w in _NUMBERS if len(w) > 2), key=len, reverse=True))
_DATE = (
    r"(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d{1,2}/\d{1,2}/\d{4}"
    rf"|(?:the\s+)?(?:\d{{1,2}}|{_ORDINAL})(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?"
    rf"(?:{_MONTH})\.?,?\s+(?:de\s+)?\d{{4}}"
    rf"|(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})"
)
_TILL = (
    r"(?:until|till|up\s+to|through|bis(?:\s+(?:zum|einschließlich))?|jusqu['’](?:au|à)|"
    r"hasta(?:\s+el)?|fino\s+a(?:l)?|tot(?:\s+en\s+met)?|até)(?:\s+and\s+including)?"
)
_ENDS = r"(?:expires?(?:\s+on)?|ending(?:\s+on)?|before|läuft\s+ab\s+am)"
_ON_DATE = re.compile(
    rf"[,;(]?\s*\b(?:{_TILL}|{_ENDS})\s+(?:(?:[a-z]+\s+){{1,5}}(?:on|of)\s+|(?:[a-z]+\s+){{0,2}}[a-z]+,\s+)?(?P<date>{_DATE})\)?",
    _I,
)
_AT_END = re.compile(
    rf"[,;(]?\s*\b{_TILL}\s+(?:(?:the|das|der|la|le|el|il)\s+)?(?:very\s+)?"
    r"(?:end\s+of|ende|fin\s+de|fin\s+del|fine\s+di|fine\s+del|eind(?:e)?\s+van)\s+"
    r"(?:(?P<which>the|this|next|the\s+next|der|des|dieses|nächsten|nächster|l['’]|cette|this\s+)"
    rf"\s*)?(?P<what>day|week|month|quarter|year|jahr(?:es)?|monats?|woche|quartals?|année|mois|"
    rf"año|mes|anno|mese|jaar|maand|(?:{_MONTH})(?:\s+\d{{4}})?|\d{{4}})\b\)?",
    _I,
)
_YEAR_END = re.compile(rf"\s*\b{_TILL}\s+(?P<what>jahresende|monatsende|year['’]?s?\s+end)\b", _I)
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_WEEKDAY = re.compile(
    rf"[,;(]?\s*\b(?:until|till)\s+(?P<next>next\s+)?(?P<day>{'|'.join(_DAYS)})\b", _I
)
_FEAST = re.compile(r"[,;(]?\s*\b(?:until|till)\s+(?P<feast>christmas|new\s+year(?:['’]s)?)\b", _I)
_UNREAD = re.compile(
    r"(?<=\S)\s+(?:until|till)\s+(?!further\s+notice\b|now\b|then\b)\S|\bby\s+(?:tomorrow|next)\b"
    r"|\b(?:temporarily|for\s+now|for\s+the\s+time\s+being)\b",
    _I,
)
_YEAR = re.compile(r"\s+(?:until|till)\s+(?P<year>(?:1[5-9]|20)\d\d)\b(?!\s*[-/.]\s*\d)", _I)
_ANCESTRY = re.compile(r"\b(?:was|were|lived|worked|born|served|had|ran|reigned|his|her)\b", _I)
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/\d{4}\b")
_SAYS_WHEN = re.compile(r"\b(?:until|till|from\s+which|again|before|as\s+of|expires?)\b", _I)


_TELLS_OF_SOMEBODY = re.compile(r"\W*(?:s?he|they|who|his|her|their|its|we|our|i|my)\b", re.I)
_IN_THE_PAST = re.compile(
    r"\b(?:was|were|had|did|lived|worked|served|ran|reigned|ha[sd]\s+been|have\s+been)\b", re.I
)


def is_of_the_request(sentence: str) -> bool:
    """Whether a sentence says how the request shall be carried out, and tells of nobody.

    >>> is_of_the_request("Do it for 30 days."), is_of_the_request("She sang for 30 days.")
    (True, False)
    """
    if _TELLS_OF_SOMEBODY.match(sentence) or _IN_THE_PAST.search(sentence):
        return False
    return not any(m.score >= 2 for m in mentions_in(sentence))


def take_expiry(text: str, now: datetime) -> Expiry:
    """Take the words that say until when out of a clause that asks to forget.

    Raises `ForgetRequestError` for a date that is none or is past, `NeedsClarificationError` where
    two dates can be meant or a time is told that is no date.

    >>> now = datetime(2026, 11, 28, tzinfo=UTC)
    >>> take_expiry("Forget Osk for 30 days", now).date.date().isoformat()
    '2026-12-28'
    >>> take_expiry("Forget Osk until the end of next quarter", now).date.date().isoformat()
    '2027-03-31'
    """
    _refuse_ambiguous(text)
    for reader in (
        _by(_ON_DATE, _on_date),
        _by(_AT_END, _at_end),
        _by(_YEAR_END, _at_end),
        _lasting,
        _by(_WEEKDAY, _weekday),
        _by(_FEAST, _feast),
    ):
        if (found := reader(text, now)) is None:
            continue
        start, end, date = found
        if date.date() < now.date():
            raise ForgetRequestError(
                f"the expiry {date:%Y-%m-%d} is in the past; give a later date or none"
            )
        return Expiry(text[:start] + " " + text[end:].lstrip(" ,"), date)
    if _UNREAD.search(_without_past(text, now)) and not _ANCESTRY.search(text):
        raise UnreadDateError(
            "the request says until when, but not as a date; write it as 'until YYYY-MM-DD'"
        )
    return Expiry(text, None)


def _without_past(text: str, now: datetime) -> str:
    """A text without the years that are over, until which something was: "taught until 1998"."""
    return _YEAR.sub(lambda m: m.group() if int(m["year"]) >= now.year else "", text)


_Read = tuple[int, int, datetime]
"""Where the words of a day begin and end, and the day."""


def _by(
    pattern: re.Pattern[str], date_of: Callable[[re.Match[str], datetime], datetime]
) -> Callable[[str, datetime], _Read | None]:
    def read(text: str, now: datetime) -> _Read | None:
        match = pattern.search(text)
        if match is None or _is_told(text, match):
            return None
        return match.start(), match.end(), date_of(match, now)

    return read


def _is_told(text: str, match: re.Match[str]) -> bool:
    return bool(re.search(r"\b(?:was|were|lived|worked|served|ran|reigned)\b[^.;]*$",
                          text[: match.start()], _I))  # fmt: skip


def _refuse_ambiguous(text: str) -> None:
    found = _SLASHED.search(text)
    if found is None or not _SAYS_WHEN.search(text):
        return
    first, second = int(found[1]), int(found[2])
    if first != second and first <= 12 and second <= 12:
        raise NeedsClarificationError(
            f"{found.group()} can be read in two ways; write the date as YYYY-MM-DD"
        )


def _on_date(match: re.Match[str], now: datetime) -> datetime:
    text = uncased(match["date"])
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    month = next((_MONTHS[w] for w in re.findall(r"[^\W\d_]+", text) if w in _MONTHS), None)
    worded = next((_NUMBERS[w] for w in re.findall(r"[a-z-]+", text) if w in _NUMBERS), None)
    try:
        if "-" in text and len(numbers) == 3:
            year, month_number, day = numbers
            return datetime(year, month_number, day, tzinfo=UTC)
        if month is None:
            first, second, year = numbers
            day, month = (second, first) if second > 12 else (first, second)
            return datetime(year, month, day, tzinfo=UTC)
        day = worded if len(numbers) == 1 and worded else numbers[0]
        return datetime(numbers[-1], month, day, tzinfo=UTC)
    except (ValueError, IndexError):
        raise ForgetRequestError(
            f"the date {match['date']!r} is not one; write it as YYYY-MM-DD"
        ) from None


def _at_end(match: re.Match[str], now: datetime) -> datetime:
    what = uncased(match["what"])
    which = uncased(match.groupdict().get("which") or "")
    later = 1 if re.search(r"next|nächst", which) else 0
    if what.isdigit():
        return datetime(int(what), 12, 31, tzinfo=UTC)
    if (word := what.split()[0]) in _MONTHS:
        month = _MONTHS[word]
        year = int(what.split()[1]) if " " in what else now.year + (month < now.month)
        return _last_of(year, month)
    if re.match(r"day", what):
        return _midnight(now) + timedelta(days=1 + later)
    if re.match(r"w(?:eek|oche)", what):
        return _midnight(now) + timedelta(days=6 - now.weekday() + 7 * later)
    if re.match(r"m(?:on|aand|ois|es)", what):
        return _last_of(*_months_on(now.year, now.month, later))
    if what.startswith("quart"):
        return _last_of(*_months_on(now.year, (now.month - 1) // 3 * 3 + 3, 3 * later))
    return datetime(now.year + later, 12, 31, tzinfo=UTC)


def _lasting(text: str, now: datetime) -> _Read | None:
    found = next(lasting_in(text), None)
    if found is None:
        return None
    day, end = stretch_end(text, found.duration, now.date())
    return found.start, max(end, found.end), datetime(day.year, day.month, day.day, tzinfo=UTC)


def _weekday(match: re.Match[str], now: datetime) -> datetime:
    ahead = (_DAYS.index(uncased(match["day"])) - now.weekday() - 1) % 7 + 1
    return _midnight(now) + timedelta(days=ahead)


def _feast(match: re.Match[str], now: datetime) -> datetime:
    day = (12, 25) if uncased(match["feast"]) == "christmas" else (1, 1)
    found = datetime(now.year, *day, tzinfo=UTC)
    return found if found > now else found.replace(year=now.year + 1)


def _months_on(year: int, month: int, months: int) -> tuple[int, int]:
    count = year * 12 + month - 1 + months
    return count // 12, count % 12 + 1


def _last_of(year: int, month: int) -> datetime:
    return datetime(year, month, monthrange(year, month)[1], tzinfo=UTC)


def _midnight(now: datetime) -> datetime:
    return datetime(now.year, now.month, now.day, tzinfo=UTC)
