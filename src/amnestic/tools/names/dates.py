"""Dates as they are written: in digits, and with the names of months in several languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from amnestic.tools.reading import fold_word
from amnestic.types import Span

__all__ = ["dates_in"]

_NAMES = (
    "january januar janvier enero gennaio janeiro januari",
    "february februar fevrier febrero febbraio fevereiro februari",
    "march marz maerz mars marzo marco maart",
    "april avril abril aprile",
    "may mai mayo maggio maio mei",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august aout agosto augustus",
    "september septembre septiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dicembre dezembro",
)
_MONTHS = {name: i for i, names in enumerate(_NAMES, 1) for name in names.split()}
_SHORT = {"sept": 9, "okt": 10, "dez": 12, "mrz": 3}
_MONTHS |= {name[:3]: i for i, names in enumerate(_NAMES, 1) for name in names.split()[:1]} | _SHORT
_MONTH = r"(?P<n>[^\W\d_]{3,10})\.?"
_DATES = (
    re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})(?:[-/]|\. ?)(?P<m>\d{1,2})(?:[-/]|\. ?)(?P<y>\d{4})(?!\d)"),
    re.compile(rf"\b{_MONTH}\s{{1,3}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(?P<y>\d{{4}})\b"),
    re.compile(
        r"(?<!\d)(?P<d>\d{1,2})(?:\.|st|nd|rd|th|er|º|°)?(?:\s{1,3}|[-/])(?:of\s|de\s|di\s)?"
        rf"{_MONTH}(?:,?\s{{1,3}}|[-/])(?:de\s|del\s)?(?P<y>\d{{4}})\b"
    ),
    re.compile(r"(?<!\d)(?P<y>\d{4})\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日"),
)
_YEAR = re.compile(r"\d{4}")  # in each of them


def dates_in(text: str) -> Iterator[tuple[str, Span]]:
    """The dates of a text, each as year, month and day; both readings of one that has two.

    >>> [day for day, _ in dates_in("12 March 1961, am 7. Oktober 1974, el 3 de mayo de 1980")]
    ['1961-03-12', '1974-10-07', '1980-05-03']
    >>> [day for day, _ in dates_in("03/04/1990")]
    ['1990-04-03', '1990-03-04']
    """
    if not _YEAR.search(text):
        return
    for pattern in _DATES:
        for match in pattern.finditer(text):
            span = Span(match.start(), match.end())
            yield from ((day, span) for day in _days(match))


def _days(match: re.Match[str]) -> Iterator[str]:
    found = match.groupdict()
    day, year = int(found["d"]), int(found["y"])
    month = _month(found["n"]) if "n" in found else int(found["m"])
    for m, d in ((month, day), (day, month)) if _is_ambiguous(match) else ((month, day),):
        if 1 <= m <= 12 and 1 <= d <= 31:
            yield f"{year:04}-{m:02}-{d:02}"


def _month(name: str) -> int:
    return _MONTHS.get(name.lower() if name.isascii() else fold_word(name), 0)


def _is_ambiguous(match: re.Match[str]) -> bool:
    """Whether the month may stand first, as it never does where dots part the two."""
    if "n" in match.groupdict() or match.start("d") > match.start("y"):
        return False
    return "." not in match.group()
