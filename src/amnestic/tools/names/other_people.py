"""Telling a record that only looks like a target's from one that is.

Two people's records in one form of words are near to each other in meaning. Where a target's own
address or date is known, a text that gives another one is about someone else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import regex

from amnestic.tools.names.exact_facts import ADDRESSES, AMOUNT, facts_in, words_in
from amnestic.types import ForgetTarget, IdentifierType

__all__ = ["Record", "is_of_another", "record_of"]

_FULL_NAME = regex.compile(
    r"\b\p{Lu}[\p{Ll}'’]+(?:\s+\p{Lu}\.)?(?:\s+(?:d[aeio]s?|del|van|von|bin))?"
    r"\s+\p{Lu}[\p{Ll}'’]+(?:-\p{Lu}\p{Ll}+)?\b"
)
_FIRM = re.compile(
    r"\b(?:[A-Z][\w'’]+(?:,\s+[A-Z][\w'’]+)+,?\s+(?:and|&)\s+[A-Z][\w'’]+|[A-Z][a-z]+-[A-Z][a-z]+"
    r"|[A-Z][\w'’]+\s+(?:LLC|Ltd|Inc|PLC|Group|GmbH|Corp|Company|Brothers))\b"
)
_CODE = re.compile(r"(?<![\w-])(?=[\w./-]*\d{3})[A-Z]{0,6}[-./]?\d[\d./-]*\d[A-Z]?(?![\w-])")
_GROUPED = re.compile(r"(?<![\w.,/-])\d{2,4}(?: \d{2,4}){2,5}(?![\w/-]|[.,]\d)")
_DAY = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|(?:19|20)\d\d")
_ESCAPES = re.compile(r"\\[nrt]")  # in JSON they would stick to the name behind them
_CAPITALS = regex.compile(r"\b\p{Lu}[\w'’]*(?:[-,\s]+(?:and\s+)?\p{Lu}[\w'’]*)+")


@dataclass(frozen=True, slots=True)
class Record:
    """What is exactly known of a private person: words of the names, dates, words of addresses, the
    names that stand in what is told of them, and how the codes of their files are built."""

    names: frozenset[str]
    dates: frozenset[str]
    runs: frozenset[tuple[str, ...]]
    proper: frozenset[str]
    shapes: frozenset[str] = frozenset()


def record_of(
    target: ForgetTarget, keys: dict[str, bool], runs: frozenset[tuple[str, ...]]
) -> Record | None:
    """The record of a target of which an address, a telephone number or an id is known; `None` for
    any other, whose facts are not those of a record: a book has a number too."""
    typed = any(i.is_strong and i.type is not IdentifierType.NUMBER for i in target.identifiers)
    told = any(not weak and not key.startswith("number:") for key, weak in keys.items())
    if not (runs or typed or told):
        return None
    said = " ".join((target.description, *target.facts))
    codes = " ".join((said, *(i.value for i in target.identifiers)))
    return Record(
        frozenset(w for name in target.names for w in words_in(name) if len(w) > 2),
        frozenset(key for key, weak in keys.items() if weak and not key.startswith(AMOUNT)),
        runs,
        frozenset(_proper(said)),
        frozenset(_shapes(codes)),
    )


def is_of_another(text: str, question: str, record: Record) -> bool:
    """Whether `text`, in which none of the record's exact facts stand, is about someone else: it
    gives another address; another file's number, built as the record's are; another person's name
    with another date; or another person's name, and nothing that is told of the target.

    >>> mine = Record(frozenset({"osk"}), frozenset({"date:1961-03-12"}), frozenset(), frozenset())
    >>> is_of_another("Edda Tarn was born on 2 May 1970.", "", mine)
    True
    >>> is_of_another(r'{"note": "Read.\\nEdda Tarn was born on 2 May 1970."}', "", mine)
    True
    >>> is_of_another("She was born on 2 May 1970.", "", mine)
    False
    >>> files = Record(*[frozenset()] * 4, frozenset({"KD-#####"}))
    >>> is_of_another("Your order, customer KD-48231", "", files)
    True
    """
    text = _ESCAPES.sub(" ", text)
    if record.runs and any(pattern.search(text) for pattern in ADDRESSES):
        return True
    if not record.shapes.isdisjoint(_shapes(text)):
        return True
    strangers = list(_strangers(f"{question}\n{text}", record))
    if not strangers:
        return False
    dates = (fact for fact in facts_in(text) if fact.weak and not fact.key.startswith(AMOUNT))
    if record.dates and any(dates):
        return True
    rest = f"{question}\n{text}"
    for stranger in strangers:
        rest = rest.replace(stranger, " ")
    named = record.names & set(words_in(rest))
    return not named and not record.proper & set(_proper(text))


def _shapes(text: str) -> Iterator[str]:
    """How the codes of a text are built: letters and joints, and how many digits they have; numbers
    in three groups and more are codes, too."""
    for match in _CODE.finditer(text):
        shape = re.sub(r"\d", "#", match.group())
        if shape.strip("#") and not _DAY.fullmatch(match.group()):
            yield shape
    yield from (re.sub(r"\d", "#", match.group()) for match in _GROUPED.finditer(text))


def _strangers(text: str, record: Record) -> Iterator[str]:
    """Names of other people, and of firms that are called after people."""
    for match in (*_FIRM.finditer(text), *_FULL_NAME.finditer(text)):
        mine = set(words_in(match.group())) <= record.names
        if not mine and not record.proper & set(_proper(match.group())):
            yield match.group()


def _proper(text: str) -> Iterator[str]:
    """Runs of two and more capitalised words, as they stand in names of firms and places."""
    for match in _CAPITALS.finditer(text):
        words = words_in(match.group())
        yield from (" ".join(pair) for pair in pairwise(words))
