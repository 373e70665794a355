"""Pieces of text that tell nothing by themselves: a word, a number, "I do not know"."""

from __future__ import annotations

from amnestic.tools.detection.window import Window
from amnestic.tools.names import is_often_small
from amnestic.tools.reading import Words, is_abstention, novel, rank

__all__ = ["can_tell", "is_ignorance", "is_one_number", "is_one_plain_word"]

_LONG = 4
"""Digits of a number that may be told by itself: a year, a code."""
_EVERYDAY = 0.82  # rarity of words of which every text is full


def can_tell(words: Words, named: object) -> bool:
    """Whether one of many pieces of a text can tell something: with a name form (`named`), a
    number, something that looks like a name, or a word that is not among the everyday ones."""
    if named or words.entities or words.numbers:
        return True
    return max(words.weights.values(), default=0.0) > _EVERYDAY


def is_one_plain_word(words: Words) -> bool:
    """Whether a text has one telling word, which is one of the language or a short number.

    >>> is_one_plain_word(Words({"harbour": 0.8}, frozenset(), frozenset()))
    True
    >>> is_one_plain_word(Words({"1954": 1.15}, frozenset(), frozenset({"1954"})))
    False
    """
    return len(words.weights) == 1 and all(map(_is_plain, words.weights))


def _is_plain(word: str) -> bool:
    return rank(word) is not None or is_often_small(word) or _is_short_number(word)


def is_one_number(window: Window) -> bool:
    """Whether a sentence names nobody and says no more than a short number: "The answer is 120"
    tells of nobody by itself, though 120 stands in a fact."""
    words = window.passage.words.weights
    return not window.hits and len(words) == 1 and all(map(_is_short_number, words))


def is_ignorance(window: Window, asked: Window) -> bool:
    """Whether a sentence of an answer says that its speaker does not know."""
    added = novel(window.passage.words, asked.passage.words)
    return is_abstention(window.passage.reading.text, added)


def _is_short_number(word: str) -> bool:
    return word.isdigit() and len(word) < _LONG
