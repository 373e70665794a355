"""The telling words of a text: those that say what it is about, with their weights."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from amnestic.tools.reading.decode import Reading
from amnestic.tools.reading.normalise import Token
from amnestic.tools.reading.words import is_common, rarity

__all__ = ["Words", "is_telling", "stem", "words_in", "words_of"]

_STOP_RANK = 170
_STOP_EXTRA = frozenset(
    "did does what which who whom whose where when why how please tell name answer question "
    "following options english could can you your remind known famous called "
    "el la los las de del en que cual quien es un una por con le les des est qui quel quelle dans "
    "der die das und ist in wer welche welcher von mit um uma o os".split()
)
_ENTITY_RARITY = 0.72


@dataclass(frozen=True, slots=True)
class Words:
    """The telling words of a text: each with its weight, and those that look like names."""

    weights: dict[str, float]
    entities: frozenset[str]
    numbers: frozenset[str]

    @property
    def total(self) -> float:
        """The sum of the weights."""
        return sum(self.weights.values())

    def without(self, others: Words) -> Words:
        """The words that are not among those of another text."""
        return self.but(others.weights.keys())

    def but(self, others: Collection[str]) -> Words:
        """The words that are not among others."""
        weights = {w: v for w, v in self.weights.items() if w not in others}
        left = weights.keys()
        return Words(weights, self.entities & left, self.numbers & left)


def stem(word: str) -> str:
    """A word without a plural or possessive `s`, so that both count as one.

    >>> stem("novels"), stem("princess"), stem("was")
    ('novel', 'princess', 'was')
    """
    if len(word) > 4 and word[-1] == "s" and word[-2] not in "su":
        return word[:-1]
    return word


def is_telling(word: str) -> bool:
    """Whether a folded word tells anything: not one of the commonest, nor a question word."""
    if word in _STOP_EXTRA or is_common(word, _STOP_RANK):
        return False
    return len(word) > 1 or not word.isascii()


def words_of(tokens: Sequence[Token], text: str) -> Words:
    """The telling words among the tokens of a folded text; `text` is that text."""
    weights: dict[str, float] = {}
    entities: set[str] = set()
    numbers: set[str] = set()
    uncased = not any(t.capital for t in tokens)
    for i, token in enumerate(tokens):
        word = token.word
        if not is_telling(word) and not (word.isdigit() and len(word) > 1):
            continue
        weight = rarity(word)
        key = stem(word)
        weights[key] = weight
        if word.isdigit():
            numbers.add(key)
        elif uncased:
            if weight > _ENTITY_RARITY + 0.1:
                entities.add(key)
        elif token.capital and (weight > _ENTITY_RARITY or not _opens(tokens, i, text)):
            entities.add(key)
    return Words(weights, frozenset(entities), frozenset(numbers))


def _opens(tokens: Sequence[Token], i: int, text: str) -> bool:
    if i == 0:
        return True
    between = text[tokens[i - 1].end : tokens[i].start]
    return any(mark in between for mark in ".?!:\n")


def words_in(reading: Reading) -> Words:
    """The telling words of a reading."""
    view = reading.views[0]
    return words_of(view.tokens, view.folded.text)
