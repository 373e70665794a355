"""Numbers as people read them."""

from __future__ import annotations

import re

from amnestic.evaluation.scoring import Estimate

__all__ = ["amount", "interval", "milliseconds", "p_value", "percent", "seconds", "with_units"]

NOTHING = "–"
_UNIT = re.compile(r"(?<=\d) (?=(?:%|ms|s|min|h)(?!\w))")


def percent(share: float | None) -> str:
    """A share as a percentage, with the digits that tell: whole above 10, and no more than seen.

    >>> percent(0.0), percent(0.0004), percent(0.0213), percent(0.987), percent(1.0), percent(None)
    ('0 %', '0.04 %', '2.1 %', '98.7 %', '100 %', '–')
    """
    if share is None:
        return NOTHING
    value = 100 * share
    if value in (0.0, 100.0):
        return f"{value:.0f} %"
    return f"{value:.2f} %" if value < 0.1 or value > 99.9 else f"{value:.1f} %"


def interval(estimate: Estimate) -> str:
    """The 95 % interval of a share.

    >>> interval(Estimate(value=0.02, low=0.011, high=0.034, n=900))
    '1.1–3.4 %'
    """
    return f"{percent(estimate.low).removesuffix(' %')}–{percent(estimate.high)}"


def milliseconds(value: float | None) -> str:
    """A time.

    >>> milliseconds(0.0), milliseconds(0.31), milliseconds(12.94), milliseconds(25_310.0)
    ('0 ms', '0.3 ms', '13 ms', '25.3 s')
    >>> milliseconds(0.008)
    '< 0.1 ms'
    """
    if value is None:
        return NOTHING
    if value >= 10_000:
        return f"{value / 1000:.1f} s"
    if 0 < value < 0.05:
        return "< 0.1 ms"
    return f"{value:.0f} ms" if value >= 10 or value == 0 else f"{value:.1f} ms"


def with_units(text: str) -> str:
    """A text in which no line breaks between a number and its unit.

    >>> with_units("0 to 5 % in 12 ms") == "0 to 5\N{NO-BREAK SPACE}% in 12\N{NO-BREAK SPACE}ms"
    True
    """
    return _UNIT.sub("\N{NO-BREAK SPACE}", text)


def seconds(value: float) -> str:
    """A longer time.

    >>> seconds(0.4), seconds(95.0), seconds(7260.0)
    ('0.4 s', '95 s', '2 h 1 min')
    """
    if value >= 3600:
        return f"{value // 3600:.0f} h {value % 3600 / 60:.0f} min"
    return f"{value:.0f} s" if value >= 10 else f"{value:.1f} s"


def amount(value: float | None) -> str:
    """A mean of things that are counted.

    >>> amount(2.0), amount(1.254), amount(1234.5), amount(None)
    ('2', '1.25', '1,234', '–')
    """
    if value is None:
        return NOTHING
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}".rstrip("0").rstrip(".")


def p_value(value: float) -> str:
    """A p value.

    >>> p_value(0.00001), p_value(0.0342)
    ('< 0.001', '0.034')
    """
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
