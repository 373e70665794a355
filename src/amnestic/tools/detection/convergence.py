"""Several facts of one target in a text that names it nowhere: what each of them leaves open, all
together say.

Of 30,000 pairs of a passage on one well-known person and the facts of another, 12 share four rare
names that stand in two sentences and two facts.
"""

from __future__ import annotations

from collections import Counter

from amnestic.tools.index import TargetProfile
from amnestic.tools.reading import read, segments, words_in
from amnestic.types import Span

__all__ = ["converging"]

_RARE = 0.9  # weight of a name that few texts have
_NAMES = 4
_PLACES = 2  # sentences in which they stand, and facts from which they are
_SHARE = 0.2  # of all rare names in the text
_MOST = 60_000  # characters


def converging(text: str, profile: TargetProfile) -> tuple[Span, ...]:
    """The sentences whose names are those of several facts of a target; nothing where they are few,
    or the text is full of other names."""
    found: dict[Span, frozenset[str]] = {}
    shared: set[str] = set()
    rare: set[str] = set()
    for piece in segments(text[:_MOST]):
        words = words_in(read(piece.of(text)))
        names = {
            w
            for w in words.entities - words.numbers - profile.own_words
            if _is_rare(w, words.weights)
        }
        told = frozenset(name for name in names if name in profile.postings)
        rare |= names
        shared |= told
        if told:
            found[Span(piece.start, piece.end)] = told
    if len(shared) < _NAMES or len(found) < _PLACES or len(shared) < _SHARE * len(rare):
        return ()
    return tuple(found) if _facts(shared, profile) >= _PLACES else ()


def _is_rare(word: str, weights: dict[str, float]) -> bool:
    """Whether a word is a rare name, in a script that tells names by a capital."""
    return weights.get(word, 0.0) >= _RARE and word != word.upper()


def _facts(words: set[str], profile: TargetProfile) -> int:
    """How few facts hold all of the words, counted greedily."""
    left, count = set(words), 0
    while left:
        held = Counter(bit for word in left for bit in _bits(profile.postings[word]))
        [(fact, _)] = held.most_common(1)
        left = {word for word in left if not profile.postings[word] >> fact & 1}
        count += 1
    return count


def _bits(mask: int) -> list[int]:
    return [i for i in range(mask.bit_length()) if mask >> i & 1]
