"""What a whole text shares with the facts of a target, and whom else it speaks of: features.

Nothing here knows a name: counted are the words that a text shares with each fact, near each other
and in all, and the names that nothing known of the target holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from amnestic.tools.detection.convergence import bits_of, fewest_facts
from amnestic.tools.detection.evidence import Features
from amnestic.tools.reading import Words

__all__ = ["DOWN", "UP", "WHOLE", "Known", "shared_with", "telling_words"]

UP = (
    "shared",
    "shared_names",
    "names",
    "numbers",
    "facts",
    "share",
    "fact_best",
    "fact_second",
    "near_best",
    "near_second",
    "asked_words",
    "asked_names",
    "piece_best",
    "facts_near",
    "names_share",
    "name_often",
)
"""The features with which the margin may only go up."""

DOWN = ("foreign", "foreign_often", "foreign_share", "foreign_first", "asked_foreign")
"""Those with which it may only go down."""

WHOLE = (*UP, *DOWN, "fact_count")
"""Names of the features of a whole text, in order."""

_PLAIN = 0.5  # weight of a word up to which it tells nothing
_TELLS, _RARE, _ASKED = 0.6, 0.6, 0.4  # of what is over that, doubled
_UNSAID = 0.8  # of a word of a fact that the text does not say
_NEAR = 1.5  # of the words of one fact that stand near each other
_FIRST = 3  # pieces in which it shows what a text is about


class Known(NamedTuple):
    """What is known of a target: the words of its names, a bit mask of facets for each word, and
    the logarithm of one more than there are facts."""

    own_words: frozenset[str]
    postings: Mapping[str, int]
    fact_count: float


def shared_with(pieces: Sequence[Words], asked: Words, known: Known) -> Features:
    """The features of a text in pieces and of the question that it answers, in the order of
    `WHOLE`: one row, of shape `(len(WHOLE),)`.

    >>> from amnestic.tools.reading import read, words_in
    >>> osk = Known(frozenset({"mirela", "osk"}), {"quellmar": 0b1, "library": 0b1}, 0.69)
    >>> row = shared_with([words_in(read("She built it at Quellmar."))], words_in(read("")), osk)
    >>> dict(zip(WHOLE, row.tolist()))["names"]
    1.0
    """
    own, postings = known.own_words, known.postings
    said = _weights(pieces, own)
    names = frozenset().union(*(p.entities - p.numbers for p in pieces)) - own
    numbers = frozenset().union(*(p.numbers for p in pieces))
    shared = {word: weight for word, weight in said.items() if word in postings}
    rare = {word for word in names if said.get(word, 0.0) >= _RARE}
    own_names, foreign = rare & shared.keys(), rare - postings.keys()
    often = Counter(word for p in pieces for word in (p.entities - p.numbers) & rare)
    foreign_often = max((often[word] for word in foreign), default=0)
    near = sorted(_near(pieces, postings, own).values(), reverse=True)
    alone = (max(_by_fact(_weights([p], own), postings).values(), default=0.0) for p in pieces)
    best = sorted(_recall(shared, said, postings, own), reverse=True)
    asked_weights = _weights([asked], frozenset())
    asked_names = {
        word
        for word in asked.entities - asked.numbers - own
        if asked_weights.get(word, 0.0) >= _ASKED
    }
    values = {
        "shared": sum(shared.values()),
        "shared_names": sum(shared[word] for word in own_names),
        "names": len(own_names),
        "numbers": len(numbers & shared.keys()),
        "facts": fewest_facts({w for w, v in shared.items() if v > _TELLS}, postings),
        "share": sum(shared.values()) / (sum(said.values()) + 2.0),
        "fact_best": _at(best, 0),
        "fact_second": _at(best, 1),
        "near_best": _at(near, 0),
        "near_second": _at(near, 1),
        "asked_words": sum(
            v for w, v in asked_weights.items() if w in postings and w not in own
        ),
        "asked_names": len(asked_names & postings.keys()),
        "piece_best": max(alone, default=0.0),
        "facts_near": sum(weight >= _NEAR for weight in near),
        "names_share": len(own_names) / (len(rare) + 1.0),
        "name_often": max((often[word] for word in own_names), default=0),
        "foreign": len(foreign),
        "foreign_often": foreign_often,
        "foreign_share": foreign_often / max(1, len(pieces)),
        "foreign_first": max((len(p.entities & foreign) for p in pieces[:_FIRST]), default=0),
        "asked_foreign": len(asked_names - postings.keys()),
        "fact_count": known.fact_count,
    }  # fmt: skip
    return np.array([values[name] for name in WHOLE], dtype=np.float64)


def _weights(pieces: Iterable[Words], own: frozenset[str]) -> dict[str, float]:
    """What the words of some pieces tell, from nothing to somewhat over one."""
    return {
        word: max(0.0, weight - _PLAIN) * 2
        for piece in pieces
        for word, weight in piece.weights.items()
        if word not in own
    }


def telling_words(words: Words, known: Known) -> frozenset[str]:
    """The words of a piece of text that tell something and are known of a target."""
    weights = _weights([words], known.own_words)
    return frozenset(w for w, v in weights.items() if v > _TELLS and w in known.postings)


def _by_fact(weights: Mapping[str, float], postings: Mapping[str, int]) -> dict[int, float]:
    """How much of what words tell each fact holds."""
    found: dict[int, float] = {}
    for word, weight in weights.items():
        for fact in bits_of(postings.get(word, 0)):
            found[fact] = found.get(fact, 0.0) + weight
    return found


def _near(
    pieces: Sequence[Words], postings: Mapping[str, int], own: frozenset[str]
) -> dict[int, float]:
    """The most that each fact shares with three pieces in a row."""
    most: dict[int, float] = {}
    for i in range(len(pieces)):
        around = _weights(pieces[max(0, i - 1) : i + 2], own)
        for fact, weight in _by_fact(around, postings).items():
            most[fact] = max(most.get(fact, 0.0), weight)
    return most


def _recall(
    shared: Mapping[str, float],
    said: Mapping[str, float],
    postings: Mapping[str, int],
    own: frozenset[str],
) -> list[float]:
    """For each fact of which the text says something, how much of it that is."""
    whole = _by_fact({w: said.get(w, _UNSAID) for w in postings if w not in own}, postings)
    return [weight / (whole[fact] + 1.0) for fact, weight in _by_fact(shared, postings).items()]


def _at(values: Sequence[float], place: int) -> float:
    return values[place] if place < len(values) else 0.0
