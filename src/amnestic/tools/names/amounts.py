"""Sums of money as they are written: "£1,940", "1.940,00 EUR", "1940 pounds"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from amnestic.tools.reading import uncased
from amnestic.types import Span

__all__ = ["amounts_in"]

_CURRENCIES = {
    "gbp": "£ gbp pound pounds quid pfund livres libras sterline",
    "eur": "€ eur euro euros",
    "usd": "$ us$ usd dollar dollars dólares dollari",
    "chf": "chf sfr fr francs franken franchi francos",
    "jpy": "¥ jpy yen",
}
_OF = {word: code for code, words in _CURRENCIES.items() for word in words.split()}
_SIGN = "|".join(sorted(map(re.escape, _OF), key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3}){1,4}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_BEFORE_SIGN = re.compile(rf"\d\s?(?:{_SIGN}|[£$€¥])", re.I)
_ENDS = re.escape("".join(sorted({word[-1] for word in _OF})))
_BEHIND_ONE = re.compile(rf"\d(?:(?<=[{_ENDS}]\d)|(?<=[{_ENDS}]\s\d))", re.I)
_SIGN_AHEAD = re.compile(rf"(?:{_SIGN}|[£$€¥])\s?\Z", re.I)
_SIGNED = re.compile(rf"(?<!\w)(?:{_SIGN})(?!\w)|[£$€¥]", re.I)
_BEHIND = re.compile(rf"\s?(?P<number>{_NUMBER})(?!\w|[.,]\d)")
_AHEAD = re.compile(rf"(?<![\w.,'’])(?P<number>{_NUMBER})\s?\Z")
_LONGEST = 28  # characters of a number and the space beside it
_GROUPED = re.compile(r"[.,'’\u00a0\u202f ](?=\d{3}(?!\d))")
_LONGEST_SIGN = max(map(len, _OF)) + 1  # and the space beside it
_TELLING = 100  # smaller round sums are everybody's


def amounts_in(text: str) -> Iterator[tuple[str, Span]]:
    """The sums of a text, each as its currency and value; no round ones under a hundred.

    >>> [amount for amount, _ in amounts_in("He owes £1,940; 1.940,50 EUR went to 1940 pounds.")]
    ['gbp:1940.00', 'eur:1940.50', 'gbp:1940.00']
    >>> list(amounts_in("2 euros each, in 1940"))
    []
    """
    for sign in _SIGNED.finditer(text) if _may_hold_sum(text) else ():
        found = _number_at(text, sign.start(), sign.end())
        if found is None:
            continue
        number, span = found
        value = _value(number)
        if value >= _TELLING or value != int(value):
            yield f"{_OF[uncased(sign.group())]}:{value:.2f}", span


def _may_hold_sum(text: str) -> bool:
    """Whether a number stands beside what may be the sign of a currency: in most texts none does,
    and that is sooner found out number by number."""
    if _BEFORE_SIGN.search(text):
        return True
    for match in _BEHIND_ONE.finditer(text):
        if _SIGN_AHEAD.search(text[max(0, match.start() - _LONGEST_SIGN) : match.start()]):
            return True
    return False


def _number_at(text: str, start: int, end: int) -> tuple[str, Span] | None:
    """The number behind the sign of a currency, or else before it, and the place of both."""
    if behind := _BEHIND.match(text, end, end + _LONGEST):
        return behind["number"], Span(start, behind.end())
    far = max(0, start - _LONGEST)
    if ahead := _AHEAD.search(text[far:start]):
        return ahead["number"], Span(far + ahead.start("number"), end)
    return None


def _value(written: str) -> float:
    """The value of a number whose thousands may be grouped by any mark."""
    plain = _GROUPED.sub("", written)
    return float(plain.replace(",", "."))
