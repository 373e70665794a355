"""Names whose parts stand in fields: form lines, JSON, table cells, "his surname was …".

A given name and a surname of one target that stand apart are one name only inside one record, and
only where neither already stands in the name of somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from amnestic.tools.names.adjoining import beside, columns_agree, is_balanced, is_name_word, listed
from amnestic.tools.names.column_labels import LABELS_OF_GIVEN, LABELS_OF_SURNAME
from amnestic.tools.reading import View, rank

__all__ = ["in_fields"]

_FARTHEST = 40
_ROW = 10
_PLAIN_LABEL = "name"
_KINDS = {_PLAIN_LABEL: _PLAIN_LABEL, **dict.fromkeys(LABELS_OF_SURNAME, "surname")}
_KINDS |= dict.fromkeys(LABELS_OF_GIVEN, "given")
_LINKS = frozenset(
    "name names is was be as the a his her their its my field value called being de famille and "
    "und est es ist war string text s".split()
)
_SET = re.compile(r'[:=>"]')
_QUOTES = "\"'`“”‘’«» \t"
_CELL = re.compile(r"[|;\t]|,(?! )")
_QUOTING = tuple("\"'`“”")
_BEFORE_VALUES = tuple("=:>,([{")


def in_fields(view: View, parts: Iterable[tuple[str, int, bool]]) -> Iterator[tuple[str, int]]:
    """The parts of names that the text's fields put together, as `(target_id, token)`.

    Args:
        view: the text in words.
        parts: `(target_id, token, is_surname)` of each part of a name that stands alone.

    >>> from amnestic.tools.reading import read
    >>> view = read("First name: Tavrin. Last name: Oskelly.").views[0]
    >>> list(in_fields(view, [("t", 2, False), ("t", 5, True)]))
    [('t', 2), ('t', 5)]
    """
    labels: _Labels | None = None
    known: dict[tuple[int, int], bool] = {}  # namesakes share their parts
    for target_id, own in groupby(sorted(parts), key=lambda part: part[0]):
        found = [(at, is_surname) for _, at, is_surname in own]
        for i, (a, first_is) in enumerate(found):
            for b, second_is in found[i + 1 : i + 4]:
                if first_is is second_is or b - a > _FARTHEST:
                    continue
                labels = labels or _Labels.of(view)
                pair = (b, a) if first_is else (a, b)
                if pair not in known:
                    known[pair] = labels.set_apart(*pair) and _together(view, *pair, labels)
                if known[pair]:
                    yield target_id, a
                    yield target_id, b


@dataclass(frozen=True, slots=True)
class _Labels:
    """The labelled values of a text: to each value's token its record and the label's place."""

    view: View
    given: dict[int, tuple[int, int]]
    surname: dict[int, tuple[int, int]]
    records_with_given: frozenset[int]
    records_with_surname: frozenset[int]
    apart: dict[int, bool] = field(default_factory=dict)

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
            gap = view.folded.text[before : view.words.spans[at][0]]
            before = view.words.spans[value][1]
            if kind == _PLAIN_LABEL and "given" in seen:
                continue
            if kind in seen or not is_balanced(gap) or (repeated and "\n\n" in gap):
                record, seen = record + 1, set()
            seen.add(kind)
            (surname if kind == "surname" else given)[value] = (record, at)
        of_given, of_surname = (frozenset(r for r, _ in p.values()) for p in (given, surname))
        return cls(view, given, surname, of_given, of_surname)

    def set_apart(self, a: int, b: int) -> bool:
        """Whether both words are labelled, or values by the marks beside them."""
        return self._is_apart(a) and self._is_apart(b)

    def _is_apart(self, at: int) -> bool:
        known = self.apart.get(at)
        if known is None:
            known = at in self.given or at in self.surname
            known = known or _is_cell(self.view, at) or _is_value(self.view, at)
            self.apart[at] = known
        return known


def _labels(view: View) -> Iterator[tuple[int, int, str]]:
    """Each label with its value and kind, in order."""
    words, spans, text = view.words.words, view.words.spans, view.folded.text
    for at, word in enumerate(words):
        kind = _KINDS.get(word)
        if kind is None or text[spans[at][0] - 1 : spans[at][0]] == "/":
            continue
        if kind == _PLAIN_LABEL and at and words[at - 1] in _KINDS:
            continue
        value = at + 1
        while value < min(len(words), at + 6) and words[value] in _LINKS:
            value += 1
        if value < min(len(words), at + 6) and _is_told(view, at, value):
            yield at, value, kind


def _is_told(view: View, label: int, value: int) -> bool:
    """Whether the word behind a label is what the label names."""
    between = _between(view, label, value)
    return bool(_SET.search(between)) or view.words.capital(value) or value > label + 1


def _between(view: View, first: int, last: int) -> str:
    """The text from the end of one word to the beginning of another."""
    return view.folded.text[view.words.spans[first][1] : view.words.spans[last][0]]


def _together(view: View, given: int, surname: int, labels: _Labels) -> bool:
    a, b = labels.given.get(given), labels.surname.get(surname)
    if a and b:
        return a[0] == b[0] and not _is_others(view, given, a[1], surname)
    if a and a[0] in labels.records_with_surname:
        return False
    if b and b[0] in labels.records_with_given:
        return False
    if abs(given - surname) > _ROW:
        return False
    set_apart = _in_one_row(view, given, surname) or _both_assigned(view, given, surname)
    return set_apart and not (beside(view, given, 1) or beside(view, surname, -1))


def _is_others(view: View, given: int, label: int, surname: int) -> bool:
    """Whether a labelled part stands in another's name. A label that says "first" may have further
    given names behind it."""
    word, between = view.words.words[label], _between(view, label, given)
    explicit = word != _PLAIN_LABEL and (
        _SET.search(between) or _PLAIN_LABEL in between or word.endswith("name")
    )
    return not explicit and (beside(view, given, 1) or beside(view, surname, -1))


def _telling(view: View, given: int, surname: int) -> bool:
    """Whether the two are no everyday names, which meet by chance in lists."""
    return any(rank(view.words.words[at]) is None for at in (surname, given))


def _in_one_row(view: View, given: int, surname: int) -> bool:
    first, last = sorted((given, surname))
    between = _between(view, first, last)
    if "\n" in between or not _CELL.search(between) or not is_balanced(between):
        return False
    if not (_is_cell(view, first) and _is_cell(view, last)):
        return False
    columns = columns_agree(view, first, last)
    if columns is not None:
        return columns
    return _telling(view, given, surname) and _has_no_partner(view, first, last)


def _has_no_partner(view: View, first: int, last: int) -> bool:
    """Whether no other name stands between two values, nor on both sides of them."""
    if last == first + 1:
        return False  # neighbours are read as they stand
    if any(is_name_word(view, at, initial=True) for at in range(first + 1, last)):
        return False
    return not (listed(view, first, -1, ",;|\t") and listed(view, last, 1, ",;|\t"))


def _is_cell(view: View, at: int) -> bool:
    text, (start, end) = view.folded.text, view.words.spans[at]
    before = text[max(0, start - 6) : start].rstrip(_QUOTES)
    after = text[end : end + 6].lstrip(_QUOTES)
    opens = not before or before[-1] in "|;,\n\t" or text[start - 1] in "\t\n"
    closes = not after or after[0] in "|;,\n\t\r" or text[end] in "\t\n"
    return opens and closes


def _both_assigned(view: View, given: int, surname: int) -> bool:
    """Whether both are values of their own: quoted, in an element, or behind an equals sign."""
    first, last = sorted((given, surname))
    if not _telling(view, given, surname):
        return False
    if not (_is_value(view, given) and _is_value(view, surname)):
        return False
    if not is_balanced(_between(view, first, last)):
        return False
    return _has_no_partner(view, first, last)


def _is_value(view: View, at: int) -> bool:
    text, (start, end) = view.folded.text, view.words.spans[at]
    before, after = text[max(0, start - 4) : start], text[end : end + 1]
    sign = before.rstrip(_QUOTES)[-1:]
    if before[-1:] in _QUOTING and after in _QUOTING:
        return sign in _BEFORE_VALUES
    return sign == "=" or (sign == ">" and after == "<")
