"""What dateparser reads of words: the days of single pieces, and those that stand anywhere."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

from amnestic.tools.reading import language_of

__all__ = ["day_read", "fragments_read", "languages_of", "tells_unit"]

_LANGUAGES = tuple("en de fr es it pl nl pt zh ru tr ja ar sv da".split())
_TWO_DAYS = (date(2026, 1, 10), date(2026, 1, 11))


def fragments_read(words: str, today: date) -> list[tuple[str, date]]:
    """The pieces of a text that dateparser reads, with the day that each says."""
    from dateparser.search import search_dates

    for language in languages_of(words):
        found = search_dates(words, languages=[language], settings=_settings(today))
        if found:
            return [(piece, moment.date()) for piece, moment in found]
    return []


def day_read(piece: str, today: date, languages: list[str]) -> date | None:
    """The day that a piece says as a whole."""
    import dateparser

    found = dateparser.parse(piece, languages=languages, settings=_settings(today))
    return found.date() if found else None


def tells_unit(piece: str, languages: list[str]) -> bool:
    """Whether a piece is so many days, weeks, months or years, and not a number beside a word.

    >>> tells_unit("30 дней", ["ru"]), tells_unit("4 hours", ["en"]), tells_unit("after 90", ["en"])
    (True, False, False)
    """
    one, behind = (day_read(piece, day, languages) for day in _TWO_DAYS)
    if one is None or behind is None or one in _TWO_DAYS:
        return False  # no number, or some hours
    if behind - one == timedelta(days=1):
        return True
    number = day_read(" ".join(re.findall(r"\d+", piece)), _TWO_DAYS[0], languages)
    return one != number and one.day == monthrange(one.year, one.month)[1]  # months, and years


def languages_of(words: str) -> list[str]:
    spoken = language_of(words)
    return list(dict.fromkeys((*([spoken] if spoken in _LANGUAGES else []), *_LANGUAGES)))


def _settings(today: date) -> Any:
    return {
        "RELATIVE_BASE": datetime(today.year, today.month, today.day),
        "PREFER_DATES_FROM": "future",
        "PREFER_DAY_OF_MONTH": "last",
        "DATE_ORDER": "DMY",
    }
