"""Names whose words follow each other, but may belong to two neighbours in a list or table."""

from __future__ import annotations

import re

from amnestic.tools.names.column_labels import kind_of_head
from amnestic.tools.names.name_words import SUFFIXES
from amnestic.tools.names.short_names import other_given_names
from amnestic.tools.reading import View, is_common, rank

__all__ = [
    "beside",
    "columns_agree",
    "is_balanced",
    "is_name_word",
    "is_one_name",
    "listed",
]

_TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady st saint president king queen prince "
    "princess captain general senator chairman coach director author by".split()
)
_QUOTES = "\"'`“”‘’«» \t"
_LISTED = re.compile(r"[,;/|\t\n]")
_JOINED = frozenset("and or und et y e o oder ou".split())
_OPENERS, _CLOSERS = "{[(", "}])"
_CELL_QUOTES = " \"'`"
_ALONE = ("\n", ",", "|", "\t", ";")
_BRACKET = re.compile(r"[{}\[\]()]")
_BULLETS = " \t-*•\"'"
_NEVER_LISTED = re.compile(r"[{}\[\]()<>:=.?!\n]")


def is_one_name(view: View, first: int, last: int, *, turned: bool) -> bool:
    """Whether the words of a name that follow each other are one name, and no two neighbours in
    a list or table.

    Args:
        view: the text in words.
        first: the name's first word.
        last: its last word.
        turned: the surname stands first.

    >>> from amnestic.tools.reading import read
    >>> view = read("Ada Oskelly, Tavrin Berg and Oskelly, Tavrin").views[0]
    >>> is_one_name(view, 1, 2, turned=True), is_one_name(view, 5, 6, turned=True)
    (False, True)
    """
    spans = view.words.spans
    between = view.folded.text[spans[first][1] : spans[first + 1][0]]
    if between == " " and not turned:
        return True
    if not _LISTED.search(between):
        return not (turned and beside(view, first, -1) and beside(view, last, 1))
    if not turned:
        return last - first > 1 or _is_given_first(view, first, last, between)
    return _is_surname_first(view, first, last, between)


def _is_given_first(view: View, first: int, last: int, between: str) -> bool:
    """ "Tavrin | Oskelly" and, where a line was broken, the two on lines of their own."""
    outer = [beside(view, first, -1), beside(view, last, 1)]
    mark = between.strip(_QUOTES + "[]\r\n")[:1]
    if not mark and "\t" not in between:
        lines = [listed(view, first, -1, between), listed(view, last, 1, between)]
        return not all(a or b for a, b in zip(outer, lines, strict=True))
    if any(outer) or not is_balanced(between) or "\n" in between:
        return False
    columns = columns_agree(view, first, last)
    if columns is not None:
        return columns
    items = [listed(view, first, -1, between), listed(view, last, 1, between)]
    return not (all(items) or (any(items) and _is_prose_list(between) and _everyday(view, last)))


def _is_surname_first(view: View, first: int, last: int, between: str) -> bool:
    """ "Oskelly, Tavrin": nobody's surname before the comma, nobody's given name behind it."""
    mark = between.strip(_QUOTES + "\r\n")[:1]
    if not is_balanced(between) or (not mark and "\t" not in between):
        return False
    if "\n" in between and mark != ",":
        return False
    if beside(view, first, -1):
        return False
    if beside(view, last, 1) and not (between == ", " and _is_entry(view, first, last)):
        return False
    columns = columns_agree(view, first, last)
    if columns is not None:
        return columns
    items = [listed(view, first, -1, between), listed(view, last, 1, between)]
    everyday = _everyday(view, first)
    if mark == "," and between.strip() == ",":
        return not (all(items) and (everyday or between == ","))
    if mark in (";", "/"):
        return not (everyday or any(items))
    return not (all(items) or (any(items) and everyday))


def _is_prose_list(between: str) -> bool:
    return between.rstrip("\n") in (", ", "; ", " / ", "/")


def _everyday(view: View, at: int) -> bool:
    return rank(view.words.words[at]) is not None


def beside(view: View, at: int, step: int) -> bool:
    """Whether another word of a name is written beside a word: it belongs to that name then."""
    words, spans = view.words.words, view.words.spans
    other = at + step
    if not 0 <= other < len(words):
        return False
    left, right = (other, at) if step < 0 else (at, other)
    between = view.folded.text[spans[left][1] : spans[right][0]]
    if between != " " and not (between == ". " and len(words[left]) <= 2):
        return False
    return is_name_word(view, other, initial=step < 0)


def is_name_word(view: View, at: int, *, initial: bool) -> bool:
    word = view.words.words[at]
    if not view.words.capital(at) or word in _TITLES or word in SUFFIXES or word.isdigit():
        return False
    if len(word) == 1:
        return initial and word not in "ias"
    if other_given_names(word):
        return True
    start = view.words.spans[at][0]
    before = view.folded.text[max(0, start - 2) : start].rstrip(" ")
    opens = start == 0 or before[-1:] in (".", "?", "!", ":", "\n")
    return not is_common(word, 1200 if opens else 170)


def _is_entry(view: View, first: int, last: int) -> bool:
    """Whether "Oskelly, Tavrin James" is an entry of an index: it opens its line, and the line or
    the entry ends behind one further name."""
    text, spans = view.folded.text, view.words.spans
    opens = spans[first][0]
    while opens and text[opens - 1] in _BULLETS:
        opens -= 1
    end = spans[last + 1][1]
    behind = text[end : end + 3].lstrip(" \"'")
    return (not opens or text[opens - 1] in "\n;") and (not behind or behind[0] in "\n\r(;[:")


def listed(view: View, at: int, step: int, between: str) -> bool:
    """Whether the next item of the same list or row is a name as well."""
    words = view.words.words
    other = at + step
    if not 0 <= other < len(words):
        return False
    gap = _gap(view, at, other)
    if words[other] in _JOINED and 0 <= other + step < len(words):
        gap += _gap(view, other, other + step)
        other += step
        return not _NEVER_LISTED.search(gap) and is_name_word(view, other, initial=True)
    marks = set(between) & set(",;/|\t") or {"\n"}
    if ";" in marks:
        marks = marks | {","}  # "Last, First; Last, First"
    if marks == {"\n"}:
        # A comma within a line of text is no cell: a long list of names may be broken there.
        alone = gap.strip(_CELL_QUOTES) in _ALONE and gap != ", "
        return alone and is_name_word(view, other, initial=True)
    if _NEVER_LISTED.search(gap) or not marks & set(gap):
        return False
    return is_name_word(view, other, initial=True)


def _gap(view: View, a: int, b: int) -> str:
    first, last = sorted((a, b))
    return view.folded.text[view.words.spans[first][1] : view.words.spans[last][0]]


def is_balanced(between: str) -> bool:
    """Whether no object, list or bracket ends or begins in the text between two places."""
    depth = 0
    for bracket in _BRACKET.findall(between):
        depth += 1 if bracket in _OPENERS else -1
        if depth < 0:
            return False
    return depth == 0


def columns_agree(view: View, a: int, b: int) -> bool | None:
    """What the head of a table says of the columns of two cells: whether one holds given names
    and the other surnames; `None` where it says neither."""
    kinds = {kind_of_head(view.columns.head(view.words.spans[at][0])) for at in (a, b)}
    if kinds == {"given", "surname"}:
        return True
    return None if kinds <= {None} or None in kinds else False
