"""Names whose parts stand in fields: form lines, JSON, table cells, "his surname was …".

A given name and a surname of one target that stand apart are one name only inside one record, and
only where neither already stands in the name of somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from amnestic.tools.adjoining import (
    LABELS_OF_GIVEN,
    LABELS_OF_SURNAME,
    beside,
    columns_agree,
    is_balanced,
    is_name_word,
    listed,
)
from amnestic.tools.decode import View
from amnestic.tools.normalise import Token
from amnestic.tools.words import rank

__all__ = ["in_fields"]

_FARTHEST = 40
_ROW = 10
_PLAIN_LABEL = "name"
_LINKS = frozenset(
    "name names is was be as the a his her their its my field value called being de famille and "
    "und est es ist war string text s".split()
)
_QUOTES = "\"'`“”‘’«» \t"
_CELL = re.compile(r"[|;\t]|,(?! )")
_QUOTING = tuple("\"'`“”")
_BEFORE_VALUES = tuple("=:>,([{")


def in_fields(view: View, parts: Iterable[tuple[str, int, bool]]) -> Iterator[tuple[str, int]]:
    """The parts of names that the text's fields put together, as `(target_id, token)`.

    Args:
        view: the text in words.
        parts: `(target_id, token, is_surname)` of each part of a name that stands alone.

    >>> from amnestic.tools.decode import read
    >>> view = read("First name: Tavrin. Last name: Oskelly.").views[0]
    >>> list(in_fields(view, [("t", 2, False), ("t", 5, True)]))
    [('t', 2), ('t', 5)]
    """
    labels: _Labels | None = None
    for target_id, own in groupby(sorted(parts), key=lambda part: part[0]):
        found = [(at, is_surname) for _, at, is_surname in own]
        for i, (a, first_is) in enumerate(found):
            for b, second_is in found[i + 1 : i + 4]:
                if first_is is second_is or b - a > _FARTHEST:
                    continue
                labels = labels or _Labels.of(view)
                given, surname = (b, a) if first_is else (a, b)
                if _together(view, given, surname, labels):
                    yield target_id, a
                    yield target_id, b


@dataclass(frozen=True, slots=True)
class _Labels:
    """The labelled values of a text: to each value's token its record and the label's place."""

    given: dict[int, tuple[int, int]]
    surname: dict[int, tuple[int, int]]

    @classmethod
    def of(cls, view: View) -> _Labels:
        """Read the labels in order. A record ends where a label comes again, and at the edge of
        an object or, where labels come again at all, at an empty line."""
        labels = list(_labels(view))
        kinds = [kind for _, _, kind in labels]
        repeated = kinds.count("surname") > 1 or len(kinds) - kinds.count("surname") > 1
        given: dict[int, tuple[int, int]] = {}
        surname: dict[int, tuple[int, int]] = {}
        record, seen, before = 0, set[str](), 0
        for at, value, kind in labels:
            gap = view.folded.text[before : view.tokens[at].start]
            before = view.tokens[value].end
            if kind == _PLAIN_LABEL and "given" in seen:
                continue
            if kind in seen or not is_balanced(gap) or (repeated and "\n\n" in gap):
                record, seen = record + 1, set()
            seen.add(kind)
            (surname if kind == "surname" else given)[value] = (record, at)
        return cls(given, surname)


def _labels(view: View) -> Iterator[tuple[int, int, str]]:
    """Each label with its value and kind, in order."""
    tokens, text = view.tokens, view.folded.text
    for at, token in enumerate(tokens):
        kind = _kind(token.word)
        if kind is None or text[token.start - 1 : token.start] == "/":
            continue
        if kind == _PLAIN_LABEL and at and _kind(tokens[at - 1].word):
            continue
        value = at + 1
        while value < min(len(tokens), at + 6) and tokens[value].word in _LINKS:
            value += 1
        if value < min(len(tokens), at + 6) and _is_told(view, at, value):
            yield at, value, kind


def _kind(word: str) -> str | None:
    if word in LABELS_OF_GIVEN:
        return "given"
    if word in LABELS_OF_SURNAME:
        return "surname"
    return _PLAIN_LABEL if word == _PLAIN_LABEL else None


def _is_told(view: View, label: int, value: int) -> bool:
    """Whether the word behind a label is what the label names."""
    text, tokens = view.folded.text, view.tokens
    between = text[tokens[label].end : tokens[value].start]
    return bool(set(between) & set(':=>"')) or tokens[value].capital or value > label + 1


def _together(view: View, given: int, surname: int, labels: _Labels) -> bool:
    a, b = labels.given.get(given), labels.surname.get(surname)
    if a and b:
        return a[0] == b[0] and not _is_others(view, given, a[1], surname)
    if a and any(record == a[0] for record, _ in labels.surname.values()):
        return False
    if b and any(record == b[0] for record, _ in labels.given.values()):
        return False
    if abs(given - surname) > _ROW or beside(view, given, 1) or beside(view, surname, -1):
        return False
    return _in_one_row(view, given, surname) or _both_assigned(view, given, surname)


def _is_others(view: View, given: int, label: int, surname: int) -> bool:
    """Whether a labelled part stands in another's name. A label that says "first" may have further
    given names behind it."""
    text, tokens = view.folded.text, view.tokens
    between = text[tokens[label].end : tokens[given].start]
    explicit = tokens[label].word != _PLAIN_LABEL and (
        set(between) & set(':=>"') or _PLAIN_LABEL in between or tokens[label].word.endswith("name")
    )
    return not explicit and (beside(view, given, 1) or beside(view, surname, -1))


def _telling(given: Token, surname: Token) -> bool:
    """Whether the two are no everyday names, which meet by chance in lists."""
    return rank(surname.word) is None or rank(given.word) is None


def _in_one_row(view: View, given: int, surname: int) -> bool:
    text, tokens = view.folded.text, view.tokens
    first, last = sorted((given, surname))
    between = text[tokens[first].end : tokens[last].start]
    if "\n" in between or not _CELL.search(between) or not is_balanced(between):
        return False
    if not (_is_cell(text, tokens[first]) and _is_cell(text, tokens[last])):
        return False
    columns = columns_agree(view, first, last)
    if columns is not None:
        return columns
    return _telling(tokens[given], tokens[surname]) and _has_no_partner(view, first, last)


def _has_no_partner(view: View, first: int, last: int) -> bool:
    """Whether no other name stands between two values, nor on both sides of them."""
    if last == first + 1:
        return False  # neighbours are read as they stand
    if any(is_name_word(view, at, initial=True) for at in range(first + 1, last)):
        return False
    return not (listed(view, first, -1, ",;|\t") and listed(view, last, 1, ",;|\t"))


def _is_cell(text: str, token: Token) -> bool:
    before = text[max(0, token.start - 6) : token.start].rstrip(_QUOTES)
    after = text[token.end : token.end + 6].lstrip(_QUOTES)
    opens = not before or before[-1] in "|;,\n\t" or text[token.start - 1] in "\t\n"
    closes = not after or after[0] in "|;,\n\t\r" or text[token.end] in "\t\n"
    return opens and closes


def _both_assigned(view: View, given: int, surname: int) -> bool:
    """Whether both are values of their own: quoted, in an element, or behind an equals sign."""
    text, tokens = view.folded.text, view.tokens
    first, last = sorted((given, surname))
    if not _telling(tokens[given], tokens[surname]):
        return False
    if not is_balanced(text[tokens[first].end : tokens[last].start]):
        return False
    if not (_is_value(text, tokens[given]) and _is_value(text, tokens[surname])):
        return False
    return _has_no_partner(view, first, last)


def _is_value(text: str, token: Token) -> bool:
    before = text[max(0, token.start - 4) : token.start]
    after = text[token.end : token.end + 1]
    sign = before.rstrip(_QUOTES)[-1:]
    if before[-1:] in _QUOTING and after in _QUOTING:
        return sign in _BEFORE_VALUES
    return sign == "=" or (sign == ">" and after == "<")
