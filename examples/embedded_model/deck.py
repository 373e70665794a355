"""Cards that all come up equally often."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any


class Deck:
    """Deals the cards of a shuffled deck again and again, so that all come up equally often."""

    def __init__(self, cards: list[Any], rng: random.Random) -> None:
        self._cards, self._rng, self._left = cards, rng, iter(())

    def deal(self) -> Any:
        for card in self._left:
            return card
        self._left: Iterator[Any] = iter(self._rng.sample(self._cards, len(self._cards)))
        return next(self._left)
