"""Keeping what was worked out of things that come again, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

__all__ = ["Kept"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """What was worked out of things of which some come again and again, and most never: every text
    has numbers and names that no other has. What came once is let go of first, and of what came
    again that which did not come for the longest. Safe to share between threads, which may work a
    thing out twice.

    Args:
        again: how much of what came again is kept, up to twice as much.
        once: how much of all else.
        size: how much a thing is; each is as much as another unless given.

    >>> kept, made = Kept(again=2, once=1), []
    >>> for word in ["the", "osk", "the", "the", "tarn", "the"]:
    ...     _ = kept.all([word], lambda word: made.append(word) or word)
    >>> made
    ['the', 'osk', 'the', 'tarn']
    """

    def __init__(self, again: int, once: int, size: Callable[[K], int] = lambda thing: 1) -> None:
        self._size = size
        self._most_again, self._most_once = again, once
        self._again: dict[K, V] = {}
        self._before: dict[K, V] = {}
        self._once: dict[K, V] = {}
        self._of_again = self._of_once = 0  # how much they hold

    def __len__(self) -> int:
        """How many are kept, some of them twice."""
        return len(self._again) + len(self._before) + len(self._once)

    def all(self, things: Sequence[K], make: Callable[[K], V]) -> list[V]:
        """What is kept of each thing, or else what `make` gives, which is anything but `None`."""
        known = self._again
        try:
            return [known[thing] for thing in things]
        except KeyError:
            return [
                self._of(thing, make) if (found := known.get(thing)) is None else found
                for thing in things
            ]

    def _of(self, thing: K, make: Callable[[K], V]) -> V:
        found = self._again.get(thing)
        if found is not None:
            return found
        found = self._before.get(thing)
        if found is None and (found := self._once.pop(thing, None)) is not None:
            self._of_once -= self._size(thing)
        if found is None:
            return self._new(thing, make(thing))
        if self._of_again >= self._most_again:
            self._before, self._again, self._of_again = self._again, {}, 0
        self._of_again += self._size(thing)
        self._again[thing] = found
        return found

    def _new(self, thing: K, found: V) -> V:
        if self._of_once >= self._most_once:
            self._once, self._of_once = {}, 0
        self._of_once += self._size(thing)
        self._once[thing] = found
        return found
