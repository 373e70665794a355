"""One text read several times, each time with something else around it.

A small net is swayed by what stands around a name: a greeting ahead or thanks behind now and then
move where it begins. The same words, read in several surroundings that change nothing of what is
asked, give steadier scores, and where the readings differ none of them stays certain. This is
averaging over augmented copies of the input (Krizhevsky et al., "ImageNet Classification with Deep
Convolutional Neural Networks", section 4.1), for text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.tools.tagging.tokens import SHAPES, tokens_of

__all__ = ["Given", "mean_scores", "surrounded"]

_AHEAD, _BEHIND = "Note: ", "\nThanks."
_FORMS = SHAPES // 2


@dataclass(frozen=True, slots=True)
class Given:
    """What goes into the net: ids and types, and how many tokens stand ahead of the text's own."""

    ids: list[int]
    types: list[int]
    ahead: int = 0


def surrounded(
    tokenizer: Any, ids: Sequence[int], types: Sequence[int], first: int, last: int
) -> Iterator[Given]:
    """A text's tokens, without the encoder's own, in each of the surroundings: as they are, behind
    a word ahead, without a mark where lines begin, before a word of thanks."""
    whole, shapes = list(ids), list(types)
    yield Given([first, *whole, last], [0, *shapes, 0])
    if not whole:
        return
    ahead, behind = tokens_of(tokenizer, _AHEAD), tokens_of(tokenizer, _BEHIND)
    inner = slice(1, -1)
    joined = [shapes[0] % _FORMS, *shapes[1:]]
    yield Given(
        [first, *ahead.ids[inner], *whole, last],
        [0, *ahead.types[inner], *joined, 0],
        len(ahead.ids) - 2,
    )
    yield Given([first, *whole, last], [0, *(s % _FORMS for s in shapes), 0])
    yield Given([first, *whole, *behind.ids[inner], last], [0, *shapes, *behind.types[inner], 0])


def mean_scores(
    readings: Sequence[tuple[Given, npt.NDArray[np.float32], npt.NDArray[np.float32]]], count: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """The mean scores of the tokens over all readings, of the text over those without more words.

    Args:
        readings: of each what was given, the scores of its tokens and those of the text.
        count: the text's own tokens, the encoder's two left out.
    """
    tokens, outcomes = [], []
    for given, scores, outcome in readings:
        own = scores[1 + given.ahead : 1 + given.ahead + count]
        tokens.append(np.concatenate([scores[:1], own, scores[-1:]]))
        if len(given.ids) == count + 2:  # added words would be judged as well
            outcomes.append(outcome)
    return np.mean(tokens, axis=0, dtype=np.float32), np.mean(outcomes, axis=0, dtype=np.float32)
