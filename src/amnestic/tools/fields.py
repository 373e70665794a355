"""Names whose parts stand in fields: form lines, JSON, table cells, "his surname was …".

A given name and a surname of one target that stand apart are one name where the text itself says
so: each is labelled for what it is, or both are whole cells of one row, or whole values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from amnestic.tools.decode import View
from amnestic.tools.normalise import Token
from amnestic.tools.words import rank

__all__ = ["in_fields"]

_FARTHEST = 40
_ROW = 10
_LABELS_OF_GIVEN = frozenset(
    "first firstname given givenname forename christian fname prenom vorname nombre nome voornaam "
    "imya имя 名".split()
)
_LABELS_OF_SURNAME = frozenset(
    "last lastname second surname family familyname lname nom nachname apellido apellidos cognome "
    "sobrenome achternaam фамилия 姓".split()
)
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
    ordered = sorted(parts)
    for target_id, own in groupby(ordered, key=lambda part: part[0]):
        found = [(at, is_surname) for _, at, is_surname in own]
        for (a, first_is), (b, second_is) in pairwise(found):
            if first_is is second_is or b - a > _FARTHEST:
                continue
            given, surname = (b, a) if first_is else (a, b)
            if _together(view, given, surname):
                yield target_id, a
                yield target_id, b


def _together(view: View, given: int, surname: int) -> bool:
    tokens = view.tokens
    if _label(tokens, surname, _LABELS_OF_SURNAME) and (
        _label(tokens, given, _LABELS_OF_GIVEN) or _label(tokens, given, {_PLAIN_LABEL})
    ):
        return not _next_record_between(view, given, surname)
    if abs(given - surname) > _ROW or not _telling(tokens[given], tokens[surname]):
        return False
    return _in_one_row(view, given, surname) or _both_assigned(view, given, surname)


def _next_record_between(view: View, given: int, surname: int) -> bool:
    """Whether another name begins between the two, and so the second part belongs to that. The
    label in a closing tag begins nothing."""
    first, last = sorted((given, surname))
    again = _LABELS_OF_GIVEN if first == given else _LABELS_OF_SURNAME
    between = view.tokens[first + 1 : last]
    return any(t.word in again and view.folded.text[t.start - 1] != "/" for t in between)


def _label(tokens: Sequence[Token], at: int, labels: Iterable[str]) -> bool:
    """Whether one of the labels stands before a word, with nothing but links between."""
    for place in range(at - 1, max(-1, at - 6), -1):
        word = tokens[place].word
        if word in labels:
            return True
        if word not in _LINKS:
            return False
    return False


def _telling(given: Token, surname: Token) -> bool:
    """Whether the two are no everyday names, which meet by chance in lists."""
    return rank(surname.word) is None or rank(given.word) is None


def _in_one_row(view: View, given: int, surname: int) -> bool:
    text, tokens = view.folded.text, view.tokens
    first, last = sorted((given, surname))
    between = text[tokens[first].end : tokens[last].start]
    if "\n" in between or len(_CELL.findall(between)) < 1:
        return False
    return _is_cell(text, tokens[first]) and _is_cell(text, tokens[last])


def _is_cell(text: str, token: Token) -> bool:
    before = text[max(0, token.start - 6) : token.start].rstrip(_QUOTES)
    after = text[token.end : token.end + 6].lstrip(_QUOTES)
    opens = not before or before[-1] in "|;,\n\t" or text[token.start - 1] in "\t\n"
    closes = not after or after[0] in "|;,\n\t\r" or text[token.end] in "\t\n"
    return opens and closes


def _both_assigned(view: View, given: int, surname: int) -> bool:
    """Whether both are values of their own: quoted, in an element, or behind an equals sign."""
    text = view.folded.text
    return _is_value(text, view.tokens[given]) and _is_value(text, view.tokens[surname])


def _is_value(text: str, token: Token) -> bool:
    before = text[max(0, token.start - 4) : token.start]
    after = text[token.end : token.end + 1]
    sign = before.rstrip(_QUOTES)[-1:]
    if before[-1:] in _QUOTING and after in _QUOTING:
        return sign in _BEFORE_VALUES
    return sign == "=" or (sign == ">" and after == "<")
