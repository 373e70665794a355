"""Facts of a target that are exact: an address, an e-mail, a telephone number, an id, a date, sums.

Meaning does not help to find them: "1961-03-12" alone in a tool's argument is near to nothing. They
are read out of what the target's description and facts say, and looked up word for word.

A number in a target's facts is a telephone number where somebody could dial it (`is_phone`), and
else a number of another kind: of a card, a book, an order. Both are found again by their digits, in
any spacing; but only the first tells that the target is a person or has a door to knock at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from functools import reduce

from amnestic.tools.names.amounts import amounts_in
from amnestic.tools.names.dates import dates_in
from amnestic.tools.names.phones import found_keys, is_date_or_count, is_phone, phone_keys
from amnestic.types import FacetKind, ForgetTarget, IdentifierType, Span

__all__ = ["ADDRESSES", "AMOUNT", "ExactFact", "KnownFacts", "facts_in", "target_facts", "words_in"]

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"(?<![\w-])\+?\(?\d[\d ()./-]{5,30}\d(?:(?![\w-])|(?=x\d))")
_MAY_BE_NUMBER = re.compile(r"\d[\d ()./-]{5}")
_LONG = 9  # digits from which a number that nobody could dial tells whose it is
_ID = re.compile(r"\b[A-Za-z]{1,6}[-_]?\d[\w-]{3,}\b")
_BESIDE_LETTER = re.compile(r"\d(?:(?<=[A-Za-z]\d)|(?<=[A-Za-z][-_]\d))")
_TOKEN = re.compile(
    r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9][\w-]{10,}[A-Za-z0-9](?![\w-])"
)
_TURNS = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_TURN = re.compile(r"\d(?:(?<=[A-Za-z]\d)|(?=[A-Za-z]))")
_LEAST_TURNS = 4  # from letters to digits and back: keys and tokens look like that, words do not
_WORD = re.compile(r"[^\W_]+")
_STREETS = (
    "street st road rd avenue ave lane ln drive dr court ct way square sq place pl terrace "
    "boulevard blvd highway hwy crescent close row alley parkway pkwy circle trail path walk"
)
_ADDRESS = re.compile(
    r"\b\d{1,6}[A-Za-z]?\s+(?:[A-Z][\w'’.-]*\s+){0,3}(?:"
    + "|".join(_STREETS.split())
    + r")\b(?:,?\s+(?:apt|apartment|suite|ste|unit|flat)\.?\s+\w+)?",
    re.IGNORECASE,
)
_POSTAL = re.compile(
    r"\b(?:\d{1,6}|unit|psc|us[a-z]{1,3})\s+[\w'’.-]+(?:[\s,]+[\w'’.-]+){0,9}?,?\s+"
    r"[A-Z]{2}\s+\d{5}(?:-\d{4})?\b",
    re.IGNORECASE,
)
ADDRESSES = (_ADDRESS, _POSTAL)
"""Patterns of postal addresses."""

AMOUNT = "amount:"
"""How the key of a sum of money begins."""

_DATE = "date:"
_DIGITS = re.compile(r"\d+")
_YEAR = 4  # digits

_SHINGLE = 3


@dataclass(frozen=True, slots=True)
class ExactFact:
    """One exact fact in a text. `weak` ones (a date, a sum) are told of many; `key` is its plain
    form."""

    key: str
    span: Span
    weak: bool = False


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """Keys of facts that are known: of a text only that is read which may be one of them.

    Attributes:
        keys: the keys.
        kinds: the kinds of facts among them, as their keys begin.
        years: the years of the dates among them.

    >>> known = KnownFacts.of(["date:1961-03-12", "email:osk@tavel.org"])
    >>> sorted(known.kinds), known.may_be_dated("in 1874"), known.may_be_dated("1/2/1961")
    (['date', 'email'], False, True)
    """

    keys: Collection[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()

    @classmethod
    def of(cls, keys: Collection[str]) -> KnownFacts:
        """Such keys."""
        dates = (key.removeprefix(_DATE) for key in keys if key.startswith(_DATE))
        years = frozenset(date.partition("-")[0] for date in dates)
        return cls(keys, frozenset(key.partition(":")[0] for key in keys), years)

    def may_be_dated(self, text: str) -> bool:
        """Whether a text holds the year of a date that is known: each date has one, in digits."""
        if not self.years:
            return False
        years = [digits for digits in _DIGITS.findall(text) if len(digits) == _YEAR]
        return not self.years.isdisjoint(map(_ascii, years))


def facts_in(text: str, known: KnownFacts | None = None) -> Iterator[ExactFact]:
    """The dates, sums, e-mail addresses, telephone numbers, other long numbers and ids of a text.

    Args:
        text: the text.
        known: facts that are known, of which alone those in the text are asked for. A number is
            then a fact where its digits are among them, and nobody needs to know whether it can be
            dialled.

    >>> [f.key for f in facts_in("Born 12 March 1961, write to osk@tavel.org.")]
    ['date:1961-03-12', 'email:osk@tavel.org']
    >>> [f.key for f in facts_in("Call 020 7946 0018, order 112-3456789-12.")]
    ['phone:079460018', 'number:112345678912']
    """
    for day, span in dates_in(text) if known is None or known.may_be_dated(text) else ():
        yield ExactFact(f"{_DATE}{day}", span, weak=True)
    for amount, span in amounts_in(text) if _are_asked(known, "amount") else ():
        yield ExactFact(f"{AMOUNT}{amount}", span, weak=True)
    for match in _EMAIL.finditer(text) if "@" in text and _are_asked(known, "email") else ():
        yield ExactFact(f"email:{match.group().lower()}", Span(match.start(), match.end()))
    numbers = _are_asked(known, "phone", "number") and _MAY_BE_NUMBER.search(text)
    for match in _NUMBER.finditer(text) if numbers else ():
        span = Span(match.start(), match.end())
        keys = (
            _number_keys(match.group()) if known is None else _told_keys(match.group(), known.keys)
        )
        yield from (ExactFact(key, span) for key in keys)
    for match in _ID.finditer(text) if _are_asked(known, "id") and _may_hold_id(text) else ():
        yield ExactFact(f"id:{match.group().lower()}", Span(match.start(), match.end()))
    for match in _TOKEN.finditer(text) if _are_asked(known, "token") and _TURN.search(text) else ():
        if len(_TURNS.findall(match.group())) >= _LEAST_TURNS:
            yield ExactFact(f"token:{match.group()}", Span(match.start(), match.end()))


def _may_hold_id(text: str) -> bool:
    """Whether a digit stands behind a letter, or behind a mark that does: most texts hold numbers,
    and in few of them one does.

    >>> _may_hold_id("in 1961"), _may_hold_id("order AB-1961")
    (False, True)
    """
    return _BESIDE_LETTER.search(text) is not None


def _are_asked(known: KnownFacts | None, *kinds: str) -> bool:
    return known is None or not known.kinds.isdisjoint(kinds)


def _ascii(digits: str) -> str:
    return digits if digits.isascii() else f"{int(digits):04}"


def _number_keys(written: str) -> Iterator[str]:
    digits = sum(c.isdigit() for c in written)
    if digits < _LONG or is_date_or_count(written):
        return
    if is_phone(written):
        yield from (f"phone:{key}" for key in phone_keys(written))
    else:
        yield _number_key(written)


def _told_keys(written: str, told: Container[str]) -> Iterator[str]:
    keys = (*(f"phone:{key}" for key in found_keys(written)), _number_key(written))
    yield from (key for key in keys if key in told)


def _number_key(written: str) -> str:
    return f"number:{''.join(c for c in written if c.isdigit())}"


def target_facts(target: ForgetTarget) -> tuple[dict[str, bool], frozenset[tuple[str, ...]]]:
    """The exact facts of a target: keys, each with whether it is weak, and its addresses as runs
    of words, of which each is enough to tell the place. What is one of its typed identifiers is
    matched as such, and is none here, but for dates and addresses.

    >>> target = ForgetTarget(id="t", subject="Osk", description="Osk lives at 14 Quill Lane.")
    >>> target_facts(target)[1]
    frozenset({('14', 'quill', 'lane')})
    """
    placed = (IdentifierType.DATE, IdentifierType.ADDRESS)
    typed = [i.value for i in target.identifiers if i.type not in placed]
    told = [*target.names, target.description]
    told += [f.text for f in target.facets if f.kind in (FacetKind.DESCRIPTION, FacetKind.FACT)]
    told = [reduce(lambda t, value: t.replace(value, " "), typed, text) for text in told]
    told += [i.value for i in target.identifiers if i.type in placed]
    keys: dict[str, bool] = {}
    runs: set[tuple[str, ...]] = set()
    for text in dict.fromkeys(t for t in told if any(c.isdigit() or c == "@" for c in t)):
        keys |= {fact.key: fact.weak for fact in facts_in(text)}
        for match in (m for pattern in ADDRESSES for m in pattern.finditer(text)):
            words = words_in(match.group())
            runs.add(tuple(words[:_SHINGLE]))
            runs.add(tuple(words[-_SHINGLE:]))
    return keys, frozenset(run for run in runs if any(w.isdigit() for w in run))


def words_in(text: str) -> list[str]:
    """The words of a text in small letters, without marks.

    >>> words_in("14 Quill Lane, Tavel")
    ['14', 'quill', 'lane', 'tavel']
    """
    return [m.group().lower() for m in _WORD.finditer(text)]
