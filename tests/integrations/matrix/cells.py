"""The cells of the matrix, and a part of them in which every pair of coordinates meets."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from typing import Any

from .channels import CHANNELS, Channel
from .modes import MODES, Mode
from .rules import DOORS, why_not

__all__ = ["Cell", "all_cells", "covering"]

Pair = tuple[Any, Any]


@dataclass(frozen=True)
class Cell:
    """One channel, asked through one door in one mode."""

    door: str
    mode: Mode
    channel: Channel

    def __str__(self) -> str:
        return f"{self.door} | {self.mode} | {self.channel.name}"

    @property
    def pairs(self) -> Iterator[Pair]:
        """The pairs of coordinates that meet here."""
        return combinations((self.door, str(self.mode), self.channel.name), 2)


@cache
def all_cells() -> tuple[Cell, ...]:
    """Every combination that can exist."""
    return tuple(
        Cell(door, mode, channel)
        for door, mode, channel in product(DOORS, MODES, CHANNELS)
        if why_not(door, channel, mode) is None
    )


@cache
def covering(seed: int = 5) -> frozenset[Cell]:
    """Cells in which every pair that meets in the matrix meets: door and mode, door and channel,
    mode and channel. Chosen greedily, from a shuffled order."""
    cells = list(all_cells())
    random.Random(seed).shuffle(cells)
    chosen: set[Cell] = set()
    seen: set[Pair] = set()
    for fresh in (3, 2, 1):
        for cell in cells:
            if len(news := set(cell.pairs) - seen) >= fresh:
                chosen.add(cell)
                seen |= news
    return frozenset(chosen)
