"""Sums of money as they are written: "£1,940", "1.940,00 EUR", "1940 pounds"."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
_NUMBER = r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_AHEAD = re.compile(rf"(?<![\w.,])(?P<sign>{_SIGN})\s?(?P<number>{_NUMBER})(?![\w]|[.,]\d)", re.I)
_BEHIND = re.compile(rf"(?<![\w.,])(?P<number>{_NUMBER})\s?(?P<sign>{_SIGN})(?!\w)", re.I)
_GROUPED = re.compile(r"[.,'’\u00a0\u202f ](?=\d{3}(?!\d))")
_TELLING = 100  # smaller round sums are everybody's


def amounts_in(text: str) -> Iterator[tuple[str, Span]]:
    """The sums of a text, each as its currency and value; no round ones under a hundred.

    >>> [amount for amount, _ in amounts_in("He owes £1,940; 1.940,50 EUR went to 1940 pounds.")]
    ['gbp:1940.00', 'gbp:1940.00', 'eur:1940.50']
    >>> list(amounts_in("2 euros each, in 1940"))
    []
    """
    for pattern in (_AHEAD, _BEHIND):
        for match in pattern.finditer(text):
            value = _value(match["number"])
            if value >= _TELLING or value != int(value):
                code = _OF[match["sign"].lower()]
                yield f"{code}:{value:.2f}", Span(match.start(), match.end())


def _value(written: str) -> float:
    """The value of a number whose thousands may be grouped by any mark."""
    plain = _GROUPED.sub("", written)
    return float(plain.replace(",", "."))
