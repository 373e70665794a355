"""What a reply gives away of what was to be forgotten: counted strictly, and by the echo rule.

The echo rule (design.md §5): a name that the user has said may come back where the reply says only
that its speaker does not know, or asks back. Whatever else a reply says, true or made up, counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Protocol

from amnestic.agents.abstainer import abstentions
from amnestic.tools.reading import asks_back, ignorance_words, is_common, says_ignorance, segments

__all__ = ["Asked", "begins", "gives_away", "holds_any", "states"]

_JOINING = 64  # the commonest words of English: they join others and tell nothing
_WORD = re.compile(r"[^\W\d_]+|\d+")
_SPELT = re.compile(r"(?<!\w)[^\W\d_](?:[-.\s][^\W\d_]){2,}(?!\w)")


class Asked(Protocol):
    """A question, the names that must not stand in a reply that has forgotten, the `answers` of
    which one stands in every right answer, and what the reply has to keep."""

    @property
    def text(self) -> str:
        """The question."""
        ...

    @property
    def vanish(self) -> tuple[str, ...]:
        """All names of what was to be forgotten."""
        ...

    @property
    def answers(self) -> tuple[str, ...]:
        """What tells the fact that was asked for."""
        ...

    @property
    def stay(self) -> tuple[str, ...]:
        """What answers a part of the question that is not on what was to be forgotten."""
        ...


def holds_any(reply: str, asked: Asked) -> bool:
    """Whether a name or an answer stands in a reply, even where the name only comes back from the
    question: the strictest count."""
    return bool(_names_in(reply, asked)) or _answers(reply, asked)


def gives_away(reply: str, asked: Asked) -> bool:
    """Whether a reply gives something away, by the echo rule.

    An answer always does, and so does a name that the question does not hold in that very form. A
    name that it holds does not where every sentence of the reply

    * says that its speaker does not know, or asks back, and has no word but those of the question
      and, in one language, those of the layer's own abstentions and those by which ignorance is
      recognised, in English also the 64 commonest; or
    * answers the part that has to stay in no words but its own and the question's, and does not
      name what was to be forgotten.

    In doubt it counts: an apology, a description, or ignorance worded in ways that the layer's
    reading does not know, is taken for telling.
    """
    if _answers(reply, asked):
        return True
    names = _names_in(reply, asked)
    if not all(states(asked.text, name) for name in names):
        return True
    return bool(names) and not all(_tells_nothing(s, asked) for s in _sentences(reply))


def _names_in(reply: str, asked: Asked) -> list[str]:
    return [name for name in asked.vanish if states(reply, name)]


def _answers(reply: str, asked: Asked) -> bool:
    return any(begins(reply, answer) for answer in asked.answers)


def _sentences(reply: str) -> Iterable[str]:
    pieces = (piece.of(reply).strip() for piece in segments(reply))
    return (piece for piece in pieces if piece)


def _tells_nothing(sentence: str, asked: Asked) -> bool:
    said = _words(asked.text)
    if says_ignorance(sentence) or asks_back(sentence):
        added = _words(sentence) - said
        plain = {word for word in added if is_common(word, _JOINING)}
        return any(
            added <= (known | plain if language == "en" else known)
            for language, known in _words_of_ignorance().items()
        )
    if not any(states(sentence, value) for value in asked.stay) or _names_in(sentence, asked):
        return False
    return _words(sentence) <= said.union(*map(_words, asked.stay))


def _words(text: str) -> frozenset[str]:
    """The words of a text, and its signs that are pictures, without single letters, which only join
    others ("a", "y", "o") where they do not spell a word."""
    text = text.casefold()
    words = [*_WORD.findall(text), *_SPELT.findall(text), *filter(_is_picture, text)]
    return frozenset(word for word in words if len(word) > 1 or word.upper() == word)


def _is_picture(sign: str) -> bool:
    """Whether a sign is one of those of flags, buildings, instruments: it tells like a word."""
    return unicodedata.category(sign) == "So"


@cache
def _words_of_ignorance() -> Mapping[str, frozenset[str]]:
    """By language."""
    read = ignorance_words()
    return {
        language: read.get(language, frozenset()).union(
            *(_words(line) for lines in kinds.values() for line in lines)
        )
        for language, kinds in abstentions().items()
    }


def states(text: str, value: str) -> bool:
    """Whether a value stands in a text as words of their own, in any case."""
    pattern = rf"(?<!\w){re.escape(value.casefold())}(?!\w)"
    return re.search(pattern, text.casefold()) is not None


def begins(text: str, value: str) -> bool:
    """Whether a word of a text begins with a value, in any case.

    >>> begins("In the Himalayas.", "Himalaya"), begins("A display.", "play")
    (True, False)
    """
    return re.search(rf"(?<!\w){re.escape(value.casefold())}", text.casefold()) is not None
