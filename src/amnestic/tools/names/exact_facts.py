"""Facts of a target that are exact: an address, an e-mail, a telephone number, an id, a date.

Meaning does not help to find them: "1961-03-12" alone in a tool's argument is near to nothing. They
are read out of what the target's description and facts say, and looked up word for word.

A number in a target's facts is a telephone number where somebody could dial it (`is_phone`), and
else a number of another kind: of a card, a book, an order. Both are found again by their digits, in
any spacing; but only the first tells that the target is a person or has a door to knock at.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from amnestic.tools.names.phones import found_keys, is_date_or_count, is_phone, phone_keys
from amnestic.types import FacetKind, ForgetTarget, Span

__all__ = ["ADDRESSES", "ExactFact", "facts_in", "target_facts", "words_in"]

_MONTHS = {
    m[:3]: i + 1
    for i, m in enumerate(
        "january february march april may june july august september october november "
        "december".split()
    )
}
_MONTH = r"(?P<{}>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATES = (
    re.compile(r"\b(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"\b(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})\b"),
    re.compile(
        rf"\b{_MONTH.format('n')}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})\b", re.I
    ),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH.format('n')},?\s+(?P<y>\d{{4}})\b",
        re.I,
    ),
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"(?<![\w-])\+?\(?\d[\d ()./-]{5,18}\d(?:(?![\w-])|(?=x\d))")
_LONG = 9  # digits from which a number that nobody could dial tells whose it is
_ID = re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z]{1,6}[-_]?\d[\w-]{3,}\b")
_TOKEN = re.compile(
    r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9][\w-]{10,}[A-Za-z0-9](?![\w-])"
)
_TURNS = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
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

_SHINGLE = 3


@dataclass(frozen=True, slots=True)
class ExactFact:
    """One exact fact in a text. `weak` ones (a date) are told of many; `key` is its plain form."""

    key: str
    span: Span
    weak: bool = False


def facts_in(text: str, told: Container[str] | None = None) -> Iterator[ExactFact]:
    """The dates, e-mail addresses, telephone numbers, other long numbers and ids of a text.

    Args:
        text: the text.
        told: the keys of facts that are known. A number is then a fact where its digits are among
            them, and nobody needs to know whether it can be dialled.

    >>> [f.key for f in facts_in("Born 12 March 1961, write to osk@tavel.org.")]
    ['date:1961-03-12', 'email:osk@tavel.org']
    >>> [f.key for f in facts_in("Call 020 7946 0018, order 112-3456789-12.")]
    ['phone:079460018', 'number:345678912']
    """
    for match in (m for pattern in _DATES for m in pattern.finditer(text)):
        for key in _date_keys(match):
            yield ExactFact(key, Span(match.start(), match.end()), weak=True)
    for match in _EMAIL.finditer(text):
        yield ExactFact(f"email:{match.group().lower()}", Span(match.start(), match.end()))
    for match in _NUMBER.finditer(text):
        span = Span(match.start(), match.end())
        keys = _number_keys(match.group()) if told is None else _told_keys(match.group(), told)
        yield from (ExactFact(key, span) for key in keys)
    for match in _ID.finditer(text):
        yield ExactFact(f"id:{match.group().lower()}", Span(match.start(), match.end()))
    for match in _TOKEN.finditer(text):
        if len(_TURNS.findall(match.group())) >= _LEAST_TURNS:
            yield ExactFact(f"token:{match.group()}", Span(match.start(), match.end()))


def _number_keys(written: str) -> Iterator[str]:
    digits = sum(c.isdigit() for c in written)
    if digits < _LONG or is_date_or_count(written):
        return
    kind = "phone" if is_phone(written) else "number"
    yield from (f"{kind}:{key}" for key in phone_keys(written))


def _told_keys(written: str, told: Container[str]) -> Iterator[str]:
    keys = (f"{kind}:{key}" for key in found_keys(written) for kind in ("phone", "number"))
    yield from (key for key in keys if key in told)


def _date_keys(match: re.Match[str]) -> Iterator[str]:
    found = match.groupdict()
    day, year = int(found["d"]), int(found["y"])
    month = _MONTHS[found["n"][:3].lower()] if "n" in found else int(found["m"])
    for m, d in ((month, day), (day, month)) if _is_ambiguous(match) else ((month, day),):
        if 1 <= m <= 12 and 1 <= d <= 31:
            yield f"date:{year:04}-{m:02}-{d:02}"


def _is_ambiguous(match: re.Match[str]) -> bool:
    return "n" not in match.groupdict() and match.start("d") < match.start("y")


def target_facts(target: ForgetTarget) -> tuple[dict[str, bool], frozenset[tuple[str, ...]]]:
    """The exact facts of a target: keys, each with whether it is weak, and its addresses as runs
    of words, of which each is enough to tell the place.

    >>> target = ForgetTarget(id="t", subject="Osk", description="Osk lives at 14 Quill Lane.")
    >>> target_facts(target)[1]
    frozenset({('14', 'quill', 'lane')})
    """
    told = [*target.names, target.description]
    told += [f.text for f in target.facets if f.kind in (FacetKind.DESCRIPTION, FacetKind.FACT)]
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
