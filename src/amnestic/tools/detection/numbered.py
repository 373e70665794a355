"""What is called like a target but for its number: "9 Gallows Mead" is not number 7, nor is
"Apollo 13" Apollo 11."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from amnestic.tools.detection.found_names import as_other, with_told
from amnestic.tools.detection.window import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import NameHit
from amnestic.tools.reading import folded_words

__all__ = ["without_other_numbers"]

_NUMBER = re.compile(r"0*(\d+)[^\W\d_]?")
_BETWEEN = re.compile(r"[\s/_#.–—-]{1,3}")  # what joins a number to a name: "F-0417", "F/0417"
_ENDS = re.compile(r"\.\s")
_YEAR = 4  # digits of a year
_BACK = 2  # words back to which a range begins: "5 and 9"
_DIGITS = 9  # of the longest number of a range
_TOLD_BY = 3  # digits by which a part of a long number tells it


class _Beside(NamedTuple):
    """A number in a name, and the word that stands before (`step` 1) or behind it."""

    word: str
    step: int
    number: str


def without_other_numbers(
    windows: Sequence[Window], profile_of: Callable[[str], TargetProfile | None]
) -> list[Window]:
    """The windows of a text, in which a name that stands beside another number than the target's
    names it no longer. Where that number of the target's stands in the same piece, too, it does."""
    return [_of_window(window, profile_of) for window in windows]


def _of_window(window: Window, profile_of: Callable[[str], TargetProfile | None]) -> Window:
    told: dict[str, list[NameHit]] = {}
    for target_id, found in window.hits.items():
        profile = profile_of(target_id)
        if profile is None:
            continue
        said = [token.word for token in window.passage.reading.tokens]
        numbers = {*map(_number, said)}
        names = [folded_words(name) for name in profile.target.proper_names]
        own = [b for b in _numbers_in(names) if b.number not in numbers]
        if not own:
            continue
        places = _places_of_others(window, own, names)
        if places:
            told[target_id] = [as_other(h) if _holds(h, places) else h for h in found]
    return with_told(window, told) if told else window


def _numbers_in(names: Iterable[Sequence[str]]) -> Iterator[_Beside]:
    """The numbers beside words of the names; none beside a word that names it without one, too."""
    bare = {word for words in names if not any(map(_number, words)) for word in words}
    found = (beside for words in names for beside in _numbers_of(words))
    return (beside for beside in found if beside.word not in bare)


def _numbers_of(words: Sequence[str]) -> Iterator[_Beside]:
    for i, word in enumerate(words):
        number = _number(word)
        if number and i:
            yield _Beside(words[i - 1], 1, number)
        if number and i + 1 < len(words):
            yield _Beside(words[i + 1], -1, number)


def _places_of_others(
    window: Window, own: Sequence[_Beside], names: Sequence[Sequence[str]]
) -> set[int]:
    """Where words of the name stand beside another number than that which stands beside them in it,
    and the words of the name that they stand in a row with."""
    said = [token.word for token in window.passage.reading.tokens]
    words = {word for name in names for word in name}
    digits = {"".join(filter(str.isdigit, "".join(name))) for name in names}
    found: set[int] = set()
    for word, step, number in own:
        for i, token in enumerate(said):
            at = i + step
            if token != word or not 0 <= at < len(said) or said[at] in words:
                continue
            if not _is_another(_number(said[at]), number, digits) or _is_apart(window, i, at):
                continue
            if _is_within(number, said[max(0, at - _BACK) : at + 1]):
                continue
            while 0 <= i < len(said) and said[i] in words:
                found.add(i)
                i -= step
    return found


def _is_another(said: str, own: str, digits: Iterable[str]) -> bool:
    """Whether a number cannot be the own one: it is no year where that is none, nor a part of it.

    >>> _is_another("13", "11", ["11"]), _is_another("1969", "11", ["11"])
    (True, False)
    >>> _is_another("87", "1987", ["1987"]), _is_another("44710932", "4471", ["44710932"])
    (False, False)
    """
    if not said or (len(said) == _YEAR) != (len(own) == _YEAR):
        return False
    return not (len(said) >= _TOLD_BY and any(said in one for one in digits))


def _is_apart(window: Window, i: int, at: int) -> bool:
    """Whether more than a joint stands between two neighbours: "riots? 300 people"."""
    tokens = window.passage.reading.tokens
    first, second = sorted((i, at))
    between = window.passage.reading.plain.text[tokens[first].end : tokens[second].start]
    return not _BETWEEN.fullmatch(between) or bool(_ENDS.search(between))


def _is_within(own: str, said: Sequence[str]) -> bool:
    """Whether the last of some words is the end of a range that holds the own number.

    >>> _is_within("7", ["between", "5", "and", "9"]), _is_within("7", ["at", "9"])
    (True, False)
    """
    numbers = [int(n) for n in map(_number, said) if n and len(n) <= _DIGITS]
    return len(own) <= _DIGITS and len(numbers) > 1 and numbers[-2] < int(own) < numbers[-1]


def _holds(hit: NameHit, places: set[int]) -> bool:
    return hit.view == "plain" and any(hit.first <= i <= hit.last for i in places)


def _number(word: str) -> str:
    """The number that a word is, with at most one letter behind it; empty where it is none.

    >>> _number("007"), _number("12b"), _number("mp3")
    ('7', '12', '')
    """
    found = _NUMBER.fullmatch(word)
    return found[1] if found else ""
