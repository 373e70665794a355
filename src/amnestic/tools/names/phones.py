"""Telling a telephone number from the other numbers that are written in groups of digits.

The numbering plans of all countries are the `phonenumbers` library's. It is imported with the first
number that may be one: a conversation without such a number never pays for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from ipaddress import AddressValueError, IPv4Address
from typing import Any, NamedTuple

__all__ = [
    "Dialled",
    "dialled",
    "found_keys",
    "is_date_or_count",
    "is_phone",
    "national_forms",
    "phone_keys",
]

_GROUP = re.compile(r"\d+")
_DATED = re.compile(
    r"(?:(?:19|20)\d\d[-./ ]\d\d?[-./ ]\d\d?|\d\d?[-./ ]\d\d?[-./ ](?:19|20)\d\d)\b"
)
_COUNT = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?: 000)+")
_ABROAD = re.compile(r"\+|00 ?(?=[1-9])")
_LEAST, _MOST = 9, 12  # digits of a number without its country: fewer may be two years
_NORTH_AMERICAN = 11  # digits of a number there behind the 1
_TAIL, _LOCAL = 9, 7  # digits that tell a number, and the fewest of a national one


class _Format(NamedTuple):
    """One grouping of digits, for numbers that begin with `leads`; `bare`: without the trunk."""

    groups: re.Pattern[str]
    leads: re.Pattern[str] | None
    bare: bool


class _Plan(NamedTuple):
    """How one country writes its numbers."""

    region: str
    trunk: str
    number: re.Pattern[str]
    formats: tuple[_Format, ...]


@lru_cache(maxsize=4096)
def is_phone(written: str) -> bool:
    """Whether somebody could dial a number as it is written.

    With `+` or `00` it has a country: its length must be one of that country's. Without one it is
    ambiguous, so the way in which it is written must tell. A number with a trunk zero or an area
    code in brackets must be valid in some country; any other must be valid in a country that
    groups its digits so. Digits without a gap may number anything. Dates, times, network
    addresses, book numbers and card numbers are none, whatever country could dial them.

    >>> is_phone("+44 20 7946 0018"), is_phone("(212) 555-0123"), is_phone("01 23 45 67 89")
    (True, True, True)
    >>> is_phone("978-3-16-148410-0"), is_phone("192.168.100.200"), is_phone("1732776642")
    (False, False, False)
    """
    groups = _GROUP.findall(written)
    digits = "".join(groups)
    if _ABROAD.match(written.lstrip("(")):
        return _parsed(written) is not None
    if not _LEAST <= len(digits) <= _MOST or _is_something_else(written, groups, digits):
        return False
    return any(_is_valid(written, plan.region) for plan in _plans() if _fits(plan, written, groups))


def phone_keys(written: str) -> Iterator[str]:
    """The digits by which a number is found again in any spacing, with or without its country: its
    last nine, without the trunk zero, and those of its national part where that is shorter.

    >>> list(phone_keys("(0)20 7946 0018")) == list(phone_keys("+44 20 7946 0018"))
    True
    >>> list(phone_keys("+45 12 34 56 78"))
    ['512345678', '12345678']
    """
    digits = "".join(_GROUP.findall(written))
    whole = digits.lstrip("0")[-_TAIL:]
    if len(whole) >= _LOCAL:
        yield whole
    number = _parsed(written) if _ABROAD.match(written) else None
    national = str(number.national_number) if number else whole
    if _LOCAL <= len(national) < _TAIL and national != whole:
        yield national


def found_keys(written: str) -> Iterator[str]:
    """Under which of the `phone_keys` of another number this one would be found; asks no library.

    >>> set(phone_keys("030 901820")) & set(found_keys("+49 30 901820"))
    {'30901820'}
    """
    digits = "".join(_GROUP.findall(written)).lstrip("0")
    yield from (digits[-size:] for size in range(_LOCAL, _TAIL + 1) if size <= len(digits))


def national_forms(written: str) -> tuple[str, ...]:
    """How a number with its country's code is written inside that country: spaced as it was, as
    is usual there, and together.

    >>> national_forms("+49 171 123 45 67"), national_forms("0171 1234567")
    (('0171 123 45 67', '0171 1234567', '01711234567'), ())
    """
    number = _parsed(written) if _ABROAD.match(written) else None
    if number is None:
        return ()
    import phonenumbers

    usual = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    together = "".join(_GROUP.findall(usual))
    trunk = together.removesuffix(phonenumbers.national_significant_number(number))
    code = re.compile(rf"(?:\+|00)\s?{number.country_code}[\s.-]*(?:\(0\)\s*)?")
    return code.sub(trunk, written, count=1), usual, together


class Dialled(NamedTuple):
    """The digits of a number as somebody dials it: `within` its country, or from anywhere;
    `abroad` says that the code of some country may stand before them."""

    digits: str
    within: bool = False
    abroad: bool = False


def dialled(written: str) -> tuple[Dialled, ...]:
    """Every way to dial a number: with its country's code and without, with the trunk zero and
    without. Of a number without its country, that stays open.

    >>> [d.digits for d in dialled("+44 20 7946 0018") if d.within]
    ['02079460018', '2079460018']
    >>> [(d.digits, d.abroad) for d in dialled("020 7946 0018")]
    [('02079460018', True), ('2079460018', True)]
    """
    number = _parsed(written) if _ABROAD.match(written) else None
    if number is None:
        return tuple(_of_some_country("".join(_GROUP.findall(written))))
    import phonenumbers

    code, own = str(number.country_code), phonenumbers.national_significant_number(number)
    usual = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    outer = (f"{before}{code}{trunk}{own}" for before in ("", "00", "011") for trunk in ("", "0"))
    inner = dict.fromkeys(("".join(_GROUP.findall(usual)), own))
    ways = [Dialled(digits) for digits in outer]
    return (*ways, *(Dialled(d, within=True) for d in inner if len(d) >= _LOCAL))


def _of_some_country(digits: str) -> Iterator[Dialled]:
    own = digits.lstrip("0")
    if len(own) == _NORTH_AMERICAN and own.startswith("1"):
        own = own[1:]
    trunk = digits if digits.startswith("0") else f"0{own}"
    for way in dict.fromkeys((digits, own, trunk)):
        if len(way) >= _LOCAL or way == digits:
            yield Dialled(way, within=True, abroad=True)


def _parsed(written: str) -> Any:
    """A number with its country; `None` where its country or its length is not one there is."""
    import phonenumbers

    try:
        number = phonenumbers.parse(_ABROAD.sub("+", written, count=1), None)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def is_date_or_count(written: str) -> bool:
    """Whether a number begins with a date, or is a count in thousands.

    >>> [is_date_or_count(n) for n in ("2024-11-28 06", "13.800.000.000", "212.555.0123")]
    [True, True, False]
    """
    return bool(_DATED.match(written) or _COUNT.fullmatch(written))


def _is_something_else(written: str, groups: list[str], digits: str) -> bool:
    other = is_date_or_count(written) or _is_address(written)
    return other or _is_book(written, groups, digits)


def _is_address(written: str) -> bool:
    try:
        return bool(IPv4Address(written))
    except AddressValueError:
        return False


def _is_book(written: str, groups: list[str], digits: str) -> bool:
    """An ISBN of ten digits: four groups, the last of them the digit that checks the others."""
    sound = sum(w * int(d) for w, d in zip(range(10, 0, -1), digits, strict=False)) % 11 == 0
    return len(digits) == 10 and len(groups) == 4 and len(groups[-1]) == 1 and sound


def _fits(plan: _Plan, written: str, groups: list[str]) -> bool:
    """Whether a number is written as one country does, with its trunk digit or without."""
    digits = "".join(groups)
    free = digits.startswith("0") or "(" in written
    if plan.number.fullmatch(digits) and (free or _is_grouped(plan, groups, bare=True)):
        return True
    if not plan.trunk or not digits.startswith(plan.trunk):
        return False
    number, parts = digits[len(plan.trunk) :], _less(groups, plan.trunk)
    return bool(plan.number.fullmatch(number)) and (free or _is_grouped(plan, parts, bare=False))


def _less(groups: list[str], trunk: str) -> list[str]:
    first = groups[0].removeprefix(trunk)
    return [first, *groups[1:]] if first else groups[1:]


def _is_grouped(plan: _Plan, groups: list[str], *, bare: bool) -> bool:
    number = "".join(groups)
    return len(groups) > 1 and any(
        (found := form.groups.fullmatch(number)) is not None
        and list(found.groups()) == groups
        and (form.leads is None or form.leads.match(number) is not None)
        for form in plan.formats
        if form.bare or not bare
    )


def _is_valid(written: str, region: str) -> bool:
    import phonenumbers

    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number_for_region(number, region)


@cache
def _plans() -> tuple[_Plan, ...]:
    import phonenumbers

    return tuple(_plan(region) for region in sorted(phonenumbers.SUPPORTED_REGIONS))


def _plan(region: str) -> _Plan:
    from phonenumbers import PhoneMetadata

    known: Any = PhoneMetadata.metadata_for_region(region)
    trunk = known.national_prefix or ""
    number = re.compile(known.general_desc.national_number_pattern)
    return _Plan(region, trunk, number, tuple(_format(f, trunk) for f in known.number_format))


def _format(known: Any, trunk: str) -> _Format:
    leads = known.leading_digits_pattern
    rule = known.national_prefix_formatting_rule or ""
    bare = not (trunk and trunk in rule) or bool(known.national_prefix_optional_when_formatting)
    return _Format(re.compile(known.pattern), re.compile(leads[-1]) if leads else None, bare)
