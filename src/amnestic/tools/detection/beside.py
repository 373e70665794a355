"""What tells of a target in a text that certainly tells of it elsewhere, and what tells nothing
because whoever asked has said it."""

from __future__ import annotations

from dataclasses import replace

from amnestic.tools.detection.window import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.protocols import Context
from amnestic.tools.reading import Words, language_of

__all__ = ["shares_names", "without_echo"]

_RARE, _UNKNOWN = 0.9, 1.1  # weights of words


def shares_names(window: Window, profile: TargetProfile, context: Context) -> bool:
    """Whether a sentence shares names with one fact of a target: two words of which one is rare,
    or, where no noun has a capital, one that is no word of the language. Names that the rest of the
    draft has all over are what the draft is about."""
    shared = _shared(window.passage.words.but(context.common), profile)
    if any(count > 1 and rarest >= _RARE for count, rarest in shared):
        return True
    unknown = any(rarest >= _UNKNOWN for _, rarest in shared)
    return unknown and language_of(window.text) == "en"


def _shared(words: Words, profile: TargetProfile) -> list[tuple[int, float]]:
    """For each fact of a target, how many words of names a text shares with it, and the weight of
    the rarest of them."""
    found: dict[int, tuple[int, float]] = {}
    for word in words.entities - words.numbers - profile.own_words:
        mask = profile.postings.get(word, 0)
        while mask:
            bit = mask & -mask
            count, rarest = found.get(bit, (0, 0.0))
            found[bit] = count + 1, max(rarest, words.weights[word])
            mask ^= bit
    return list(found.values())


def without_echo(window: Window, asked: Window) -> Window:
    """A sentence without the words that its question said: they tell nothing by themselves."""
    words = window.passage.words.without(asked.passage.words)
    return replace(window, passage=replace(window.passage, words=words))
