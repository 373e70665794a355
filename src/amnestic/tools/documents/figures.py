"""Sums and means that a text tells of a list or a table, where rows of it went."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from amnestic.tools.documents.written_numbers import (
    NUMBER,
    WrittenNumber,
    number_of_cell,
    written_number,
)
from amnestic.tools.prose import grammar_of, is_verb, tells_total, totals_of_all
from amnestic.tools.reading import stem

__all__ = [
    "Changed",
    "changed_figures",
    "column_figures",
    "is_total",
    "shares_told",
    "sums",
    "with_figures",
    "with_shares",
]

_CENT = Decimal("0.01")
_TELLING = 100
_SHORT, _FEW = 5, 3  # letters of a word that begins no others; words of a line that tells a total
_LARGE, _EXACT, _FAIRLY_EXACT = 10_000, 4, 3  # digits that no two things share by chance, or seldom
_YEARS = range(1000, 2101)
_MONEY = "¤"
_NEAR = 100  # characters beside a number that say what it is
_PERCENT = re.compile(r"(?<![\w.,])(\d{1,2}(?:[.,]\d{1,2})?)[ \u00a0\u202f]?%")
_IN_PERCENT = re.compile(r"[ \u00a0\u202f]?%")
_WORD = re.compile(r"[^\W\d_]+")
_WORD_BEHIND = re.compile(r"[*_]*[ \t\u00a0\u202f-](?:[^\W\d_]+[ \t-])?[*_]*([^\W\d_]+)")
_NEXT_WORD = re.compile(r"[*_]*[ \t\u00a0\u202f-][*_]*([^\W\d_]+)")
_IN_ALL = re.compile(  # that what is told is told of all
    r"\b(?:in all|together|between them|en tout|ensemble|en conjunto|in tutto|bij elkaar"
    r"|ao todo)\b",
    re.IGNORECASE,
)
_LABEL_BEFORE = re.compile(r"\w[ \t]+[*_]*[^\W\d_a-zß-ÿ][^\W\d_]*[ \t]+[*_]*$")  # "on Highway 150"


class Changed(NamedTuple):
    """What a sum was, and what it is; a mean, or a sum of few, counts only where a text says that
    it is one (`if_said`), the sum of a list there and as an amount of money (`if_money`), and one
    of shares only in percent. `units` are the stems of the words by which its table says of what
    it is, with a sign where that is money."""

    old: Decimal
    new: Decimal
    if_said: bool = False
    if_money: bool = False
    percent: bool = False
    units: frozenset[str] = frozenset()


def is_total(said: str) -> bool:
    """Whether a line tells a sum or a mean: it has a word for one, or one that begins so.

    >>> is_total("**Total:** €30"), is_total("Gesamtbetrag: 30 €"), is_total("Tavel: 30 km")
    (True, True, False)
    """
    if NUMBER.search(said) is None:
        return False
    stems = tuple(word for word in totals_of_all() if len(word) > _SHORT)
    return tells_total(said) or any(w.lower().startswith(stems) for w in _WORD.findall(said))


def changed_figures(given: str, kept: str) -> list[Changed]:
    """The numbers that stand otherwise in `kept` in lines that are else the same, and the only ones
    that look so.

    >>> [(str(c.old), str(c.new)) for c in changed_figures("a: 1\\nsum: 1,240", "sum: 990")]
    [('1240', '990')]
    """
    before, after = _lines_by_shape(given), _lines_by_shape(kept)
    alone = [s for s, lines in before.items() if len(lines) == 1 == len(after.get(s, ()))]
    pairs = [
        p for s in alone for p in zip(*map(_numbers, (before[s][0], after[s][0])), strict=True)
    ]
    return [
        Changed(old.value, new.value)
        for old, new in pairs
        if old.value != new.value and old.is_amount and new.is_amount
    ]


def column_figures(
    before: Sequence[Sequence[str]], left: Sequence[Sequence[str]], heads: Sequence[str] = ()
) -> list[Changed]:
    """The sums and the means of the columns of a table under their `heads`, as they were and as
    they are now: a text may tell them though no row of it does.

    >>> rows = [["Osk", "310.50"], ["Tarn", "90.25"], ["Hill", "120.00"]]
    >>> [(str(old), str(new)) for old, new, *_ in column_figures(rows, rows[1:])][0]
    ('520.75', '210.25')
    """
    found: list[Changed] = []
    for cells, others in zip(_columns(before), _columns(left), strict=False):
        old, new = ([number.value for number in column] for column in (cells, others))
        if len(old) < 2 or not new or len(old) == len(new):
            continue
        was, now = sum(old, Decimal(0)), sum(new, Decimal(0))
        mean, one = was / len(old), now / len(new)
        rounded = (mean.quantize(Decimal(1).scaleb(-n), ROUND_HALF_UP) for n in range(3))
        told = (Changed(was, now), *(Changed(r, one, if_said=True) for r in rounded))
        percent = all(number.behind.strip() == "%" for number in cells)
        units = _units(heads, cells)
        found += [c._replace(percent=percent, units=units) for c in told if c.old not in old]
    return found


def sums(rows: Iterable[Sequence[str]]) -> set[Decimal]:
    """The sums of the columns of some rows, of two numbers or more.

    >>> sums([["Osk", "10"], ["Tarn", "20"]])
    {Decimal('30')}
    """
    columns = ([number.value for number in column] for column in _columns([*rows]))
    return {sum(column, Decimal(0)) for column in columns if len(column) > 1}


def shares_told(said: str) -> list[Decimal]:
    """The shares that a sentence tells in percent.

    >>> shares_told("VAT (20 %), or 5,5%")
    [Decimal('0.2'), Decimal('0.055')]
    """
    return [written_number(m[1]).value / 100 for m in _PERCENT.finditer(said)]


def with_shares(changed: Iterable[Changed], shares: Iterable[Decimal]) -> list[Changed]:
    """Sums as they were and are now, and with them such a share of each, and what it is with and
    without that: a tax.

    >>> with_shares([Changed(Decimal(30), Decimal(20))], [Decimal("0.2")])[0][:2]
    (Decimal('6.00'), Decimal('4.0'))
    """
    ways = [way for share in shares for way in (share, 1 + share, 1 - share)]
    told = list(changed)
    more = [
        sum_._replace(old=(sum_.old * way).quantize(_CENT, ROUND_HALF_UP), new=sum_.new * way)
        for sum_ in told
        for way in ways
        if not sum_.if_said and not sum_.percent
    ]
    return [*more, *told]


def with_figures(sentence: str, changed: Sequence[Changed], label: str = "") -> str:
    """A sentence behind a `label` that tells sums as they are now. What is below 100 may be any
    number: two of these have to hold, that it is said to be a total, is an amount of money, and has
    cents; or the line says nothing but a total. A larger one has to be said to be a total, to be
    money or a number of what its column is of, or to have so many digits that it can be no other:
    a number of something else is equal to it by chance.

    >>> with_figures("It adds up to €1,240.", [Changed(Decimal(1240), Decimal(990))])
    'It adds up to €990.'
    >>> changed = [Changed(Decimal(30), Decimal(20))]
    >>> [with_figures(s, changed) for s in ("Total: €30", "All 30 sang.")]
    ['Total: €20', 'All 30 sang.']
    >>> changed = column_figures([["10"], ["30"], ["60"]], [["10"], ["60"]], ["Sheep"])
    >>> [with_figures(s, changed) for s in ("There are 100 sheep.", "We asked 100 people.")]
    ['There are 70 sheep.', 'We asked 100 people.']
    """
    if not changed:
        return sentence
    said = f"{label} {sentence}"
    total = is_total(said) or _PERCENT.search(said) is not None
    short = total and len(_WORD.findall(said)) <= _FEW
    told = {(c.percent, c.old): c for c in changed if total or not c.if_said}

    def anew(match: re.Match[str]) -> str:
        if _PERCENT.match(sentence, match.start()):
            return match.group()
        number = written_number(match.group())
        percent = _IN_PERCENT.match(sentence, match.end()) is not None
        sum_ = told.get((percent, number.value)) if number.is_amount else None
        if sum_ is None:
            return match.group()
        beside = sentence[max(0, match.start() - 1) : match.end() + 2].strip()
        is_money = any(unicodedata.category(sign) == "Sc" for sign in beside)
        cents = bool(number.places)
        large = abs(number.value) >= _TELLING and (
            total or is_money or (not sum_.if_money and _is_meant(sentence, match, number, sum_))
        )
        tells = large or short or (total + is_money + cents > 1)
        return number.written(sum_.new) if tells else match.group()

    return NUMBER.sub(anew, sentence)


def _is_meant(sentence: str, at: re.Match[str], number: WrittenNumber, sum_: Changed) -> bool:
    """Whether a number that is equal to a sum is that sum, where nothing says so: it counts what
    the column is of, or nothing else and is hardly another number, or it can be no other."""
    value = abs(number.value)
    digits = len(value.normalize().as_tuple().digits)
    year = not number.groups and not number.places and value in _YEARS
    if value >= _LARGE or (digits >= _EXACT and not year):
        return True
    behind = (_NEXT_WORD.match(sentence, at.end()), _WORD_BEHIND.match(sentence, at.end()))
    if any(word and stem(word[1].lower()) in sum_.units for word in behind):
        return True
    counted = behind[0][1].lower() if behind[0] else ""
    grammar = grammar_of(sentence)
    if grammar.units.fullmatch(counted):
        return _MONEY in sum_.units or digits >= _FAIRLY_EXACT
    counts = bool(counted) and counted not in grammar.common and not is_verb(counted, grammar)
    begin, end = max(0, at.start() - _NEAR), at.end() + _NEAR
    said = {stem(word.lower()) for word in _WORD.findall(sentence[begin : at.start()])}
    if _IN_ALL.match(counted) or (
        not counts and (_IN_ALL.search(sentence, begin, end) or not said.isdisjoint(sum_.units))
    ):
        return True  # "Pay is 100.", "In all, 100 came."
    labelled = _LABEL_BEFORE.search(sentence, begin, at.start()) is not None
    return digits >= _FAIRLY_EXACT and not (year or counts or labelled)


def _units(heads: Iterable[str], cells: Iterable[WrittenNumber]) -> frozenset[str]:
    """The stems of the words of a table's heads ("Book", "How many") and of those beside the
    numbers of a column, and a sign where it is of money."""
    said = [*heads, *(f"{cell.before} {cell.behind}" for cell in cells)]
    is_money = any(unicodedata.category(sign) == "Sc" for words in said for sign in words)
    found = frozenset(stem(word.lower()) for words in said for word in _WORD.findall(words))
    return found | {_MONEY} if is_money else found


def _numbers(line: str) -> list[WrittenNumber]:
    return [written_number(match.group()) for match in NUMBER.finditer(line)]


def _columns(rows: Sequence[Sequence[str]]) -> list[list[WrittenNumber]]:
    """The numbers of each column."""
    width = max(map(len, rows), default=0)
    cells = ((number_of_cell(row[i]) for row in rows if i < len(row)) for i in range(width))
    return [[number for number in column if number is not None] for column in cells]


def _lines_by_shape(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        found.setdefault(NUMBER.sub("\0", line).strip(" ,"), []).append(line)
    return found
