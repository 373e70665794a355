"""What dateparser reads of words: the days of single pieces, and those that stand anywhere."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from amnestic.tools.reading import language_of

__all__ = ["day_read", "fragments_read", "languages_of"]

_LANGUAGES = tuple("en de fr es it pl nl pt zh ru tr ja ar sv da".split())


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
