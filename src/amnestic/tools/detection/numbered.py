"""What is called like a target but for its number: "9 Gallows Mead" is not number 7, nor is
"Apollo 13" Apollo 11."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from amnestic.tools.detection.found_names import as_other, with_told
from amnestic.tools.detection.window import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import NameHit
from amnestic.tools.reading import folded_words

__all__ = ["without_other_numbers"]

_NUMBER = re.compile(r"0*(\d+)[^\W\d_]?")


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
        own = [b for b in _numbers_in(profile.target.proper_names) if b.number not in numbers]
        if not own:
            continue
        words = {word for name in profile.target.proper_names for word in folded_words(name)}
        places = _places_of_others(said, own, words)
        if places:
            told[target_id] = [as_other(h) if _holds(h, places) else h for h in found]
    return with_told(window, told) if told else window


def _numbers_in(names: Iterable[str]) -> Iterator[_Beside]:
    for name in names:
        words = folded_words(name)
        for i, word in enumerate(words):
            number = _number(word)
            if number and i:
                yield _Beside(words[i - 1], 1, number)
            if number and i + 1 < len(words):
                yield _Beside(words[i + 1], -1, number)


def _places_of_others(
    said: Sequence[str], own: Sequence[_Beside], words: Collection[str]
) -> set[int]:
    """Where words of the name stand beside another number than that which stands beside them in it,
    and the words of the name that they stand in a row with."""
    found = set()
    for word, step, _ in own:
        for i, token in enumerate(said):
            at = i + step
            if token != word or not 0 <= at < len(said) or not _number(said[at]):
                continue
            while 0 <= i < len(said) and said[i] in words:
                found.add(i)
                i -= step
    return found


def _holds(hit: NameHit, places: set[int]) -> bool:
    return hit.view == "plain" and any(hit.first <= i <= hit.last for i in places)


def _number(word: str) -> str:
    """The number that a word is, with at most one letter behind it; empty where it is none.

    >>> _number("007"), _number("12b"), _number("mp3")
    ('7', '12', '')
    """
    found = _NUMBER.fullmatch(word)
    return found[1] if found else ""
