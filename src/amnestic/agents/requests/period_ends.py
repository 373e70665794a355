"""Ends of days, weeks, months, quarters and years: "bis Ende März", "through Q1", "fim do ano"."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from amnestic.agents.requests.durations import months_on
from amnestic.agents.requests.number_words import number_of
from amnestic.tools.reading import uncased

__all__ = ["BEFORE", "WHOLE", "period_end", "quarter_end"]

_I = re.IGNORECASE
_END_OF = re.compile(
    r"\b(?:end|ende|fin|fine|final|fim|finais|eind[e]?|końca|remains|rest|remainder|last(?:\s+day)?\s+of|"
    r"letzte[nr]?)\b(?:\W+(?!next|nächst|prochain|próxim|prossim)[^\W\d_]{1,4}\b){0,3}\W+"
    r"(?P<which>next|following|nächste[nrs]?|prochaine?|próxim[oa]|prossim[oa])?\s*"
    r"(?P<what>days?|weeks?|months?|quarters?|years?|tages|woche|monats|quartals|jahres|semaine|"
    r"mois|trimestre|année|semana|m[eê]s|año|ano|settimana|mese|anno|week|maand|kwartaal|jaar|roku|"
    r"miesiąca|tygodnia|kwartału)\b(?:\s+(?P<late>prochaine?|próxim[oa]|prossim[oa]|que\s+viene))?",
    _I,
)
_PERIOD_END = re.compile(
    r"\b(?P<what>jahr|monat|quartal|woche)(?:es|s|en)?-?ende\b|\b(?P<en>year|month|quarter|week)['’]?s?[\s-]?end\b"
    r"|\beo(?P<short>[wmqy])\b|(?P<cn>年底|月底|季度末)",
    _I,
)
_QUARTERS = 4
_SHORT = {"w": "week", "m": "month", "q": "quarter", "y": "year"}
_QUARTER = re.compile(
    r"\b(?:[qt](?P<n>[1-4])|(?P<ordinal>[1-4]|[^\W\d_]+?)(?:st|nd|rd|th|er|e|º|°|\.)?\s+(?:quarter|quartals?|trimestre|kwartaal))"
    r"\b(?:\s+(?:of\s+|de\s+|di\s+)?(?P<year>20\d\d))?",
    _I,
)
_YEAR = re.compile(
    r"\b(?:end|ende|fin|fine|końca|rest|remains|remainder|through|whole|all)\W+"
    r"(?:(?:of|von|de|del|di|von|the|year|roku)\W+){0,3}(20\d\d)\b(?![-./])",
    _I,
)
BEFORE = re.compile(r"\W*(?:before|vor|avant|antes\s+de|prima\s+di|przed)\b", _I)
"""What begins words that say a day, which is the one after."""

WHOLE = re.compile(  # a month is until its last day only where that is said
    r"\b(?:end|ends|last|late|ende|fim|fin|fine|final(?:es)?|eind[e]?|końc\w*|tutto|through|during|whole|entire|all|with|"
    r"inclusive|einschließlich|compris|inclu\w+|compreso|włącznie)\b|底|末",
    _I,
)
"""What says of a month, or of a quarter, that it is meant to its last day."""


def period_end(words: str, today: date) -> date | None:
    """The end of this or the next day, week, month, quarter or year; of a year by its number.

    >>> period_end("até ao fim do mês", date(2026, 11, 28))
    datetime.date(2026, 11, 30)
    """
    match = _END_OF.search(words)
    if match:
        later = bool(match["which"] or match["late"])
        return _end(uncased(match["what"]), today, int(later))
    if match := _PERIOD_END.search(words):
        later = bool(re.search(r"\b(?:next|nächst\w+)\b", words, _I))
        what = match["what"] or match["en"] or match["cn"] or _SHORT[uncased(match["short"])]
        return _end(uncased(what), today, int(later))
    if match := _YEAR.search(words):
        return date(int(match[1]), 12, 31)
    return None


def quarter_end(words: str, today: date) -> date | None:
    """The last day of a quarter by its number, or the one before it; as of a month, where it is
    said that all of it is meant.

    >>> quarter_end("through Q3", date(2026, 11, 28)), quarter_end("in Q3", date(2026, 11, 28))
    (datetime.date(2027, 9, 30), None)
    """
    if (found := _QUARTER.search(words)) is None:
        return None
    number = re.sub(r"(?<=e)[nrsm]$", "", found["n"] or found["ordinal"])  # "zweiten"
    quarter = int(number) if number.isdigit() else number_of(number) or 0
    if not 1 <= quarter <= _QUARTERS:
        return None
    year = int(found["year"] or today.year + (today.month > 3 * quarter))
    if BEFORE.match(words):
        return date(year, 3 * quarter - 2, 1) - timedelta(days=1)
    return _last_of(year, 3 * quarter) if WHOLE.search(words) else None


def _end(what: str, today: date, later: int) -> date:
    if re.match(r"d(?:ay|ía)|tag|jour|giorn", what):
        return today + timedelta(days=1 + later)
    if re.match(r"we?e|woch|sema|sett|tyg", what):
        return today + timedelta(days=6 - today.weekday() + 7 * later)
    if re.match(r"mo|m[eê]s|maand|mies|月", what):
        return _last_of(*months_on(today, later))
    if re.match(r"quart|trim|kwart|季", what):
        year, month = months_on(today, (2 - (today.month - 1) % 3) + 3 * later)
        return _last_of(year, month)
    return date(today.year + later, 12, 31)


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
