"""Days that are told by name: of the week, and feasts, fixed and movable."""

from __future__ import annotations

import re
from datetime import date, timedelta

__all__ = ["WEEKDAYS", "feast_told", "weekday_told"]

_I = re.IGNORECASE
_DAYS = (
    ("monday", "montag", "lundi", "lunes", "lunedì", "poniedział", "maandag"),
    ("tuesday", "dienstag", "mardi", "martes", "martedì", "wtor", "dinsdag"),
    ("wednesday", "mittwoch", "mercredi", "miércoles", "mercoledì", "środ", "woensdag"),
    ("thursday", "donnerstag", "jeudi", "jueves", "giovedì", "czwart", "donderdag"),
    ("friday", "freitag", "vendredi", "viernes", "venerdì", "piąt", "vrijdag"),
    ("saturday", "samstag", "samedi", "sábado", "sabato", "sobot", "zaterdag"),
    ("sunday", "sonntag", "dimanche", "domingo", "domenica", "niedziel", "zondag"),
)
WEEKDAYS = re.compile(rf"\b(?:{'|'.join(d for days in _DAYS for d in days)})\w*[\s,]+", _I)
"""The name of a weekday with what parts it from a date behind it."""

_FROM_EASTER = {
    r"ash\s+wednesday|aschermittwoch": -46,
    r"palm\s+sunday|palmsonntag": -7,
    r"maundy\s+thursday|gründonnerstag": -3,
    r"good\s+friday|karfreitag|vendredi\s+saint|viernes\s+santo|venerdì\s+santo": -2,
    r"holy\s+saturday|easter\s+eve|karsamstag": -1,
    r"easter\s+monday|ostermontag|lundi\s+de\s+pâques|lunes\s+de\s+pascua|pasquetta": 1,
    r"easter|ostern|ostersonntag|pâques|páscoa|pascua|pasqua|wielkanoc\w*|pasen": 0,
    r"ascension|himmelfahrt": 39,
    r"whit\s+monday|pfingstmontag|pentecost\s+monday": 50,
    r"whit\s+sunday|pentecost|pfingsten|pentecôte": 49,
    r"corpus\s+christi|fronleichnam": 60,
}
_FIXED_FEASTS = {
    r"new\s+year['’]?s\s+eve|silvester|saint-sylvestre|nochevieja": (12, 31),
    r"new\s+year['’]?s?(?:\s+day)?|neujahr|nouvel\s+an|año\s+nuevo|ano\s+novo|capodanno": (1, 1),
    r"christmas\s+eve|heiligabend|nochebuena": (12, 24),
    r"boxing\s+day": (12, 26),
    r"christmas|weihnachten|noël|navidad|natale?": (12, 25),
    r"epiphany|dreikönig\w*": (1, 6),
    r"valentine['’]?s?(?:\s+day)?|valentinstag": (2, 14),
    r"st\.?\s+patrick['’]?s?(?:\s+day)?": (3, 17),
    r"hallowe['’]?en": (10, 31),
}


def feast_told(words: str, today: date) -> date | None:
    """The next day of a feast, or that of the year told.

    >>> feast_told("until Easter Monday", date(2026, 11, 28))
    datetime.date(2027, 3, 29)
    """
    from dateutil.easter import easter

    years = [int(y) for y in re.findall(r"\b20\d\d\b", words)]
    if not years and re.search(r"\bnext\s+year\b", words, _I):
        years = [today.year + 1]
    candidates = years or [today.year, today.year + 1]
    for name, off in _FROM_EASTER.items():
        if re.search(rf"\b(?:{name})\b", words, _I):
            return _next([easter(year) + timedelta(days=off) for year in candidates], today)
    for name, (month, day) in _FIXED_FEASTS.items():
        if re.search(rf"\b(?:{name})\b", words, _I):
            return _next([date(year, month, day) for year in candidates], today)
    return None


def _next(days: list[date], today: date) -> date:
    """The first of some days that is to come; the last where all are past."""
    return next((day for day in days if day > today), days[-1])


def weekday_told(words: str, today: date) -> date | None:
    """Tomorrow, or the next day of the week that is told.

    >>> weekday_told("bis Freitag", date(2026, 11, 28))
    datetime.date(2026, 12, 4)
    """
    if re.search(r"\b(?:tomorrow|morgen|demain|mañana|amanhã|domani|jutra)\b", words, _I):
        return today + timedelta(days=1)
    for number, names in enumerate(_DAYS):
        if re.search(rf"\b(?:{'|'.join(names)})", words, _I):
            ahead = (number - today.weekday() - 1) % 7 + 1
            return today + timedelta(days=ahead)
    return None
