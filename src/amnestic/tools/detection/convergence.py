"""Several facts of one target in a text that names it nowhere: what each leaves open, all say.

Names that a sentence, an item or a row of the text begins with do not count: a list of tennis
players that leaves one out is full of the names that are told of him.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from amnestic.tools.index import TargetProfile
from amnestic.tools.reading import Reading, read, segments, stem, words_in
from amnestic.types import Assessment, Band, Evidence, Span

__all__ = ["converged"]

_RARE = 0.9  # weight of a name that few texts have
_NAMES = 4
_PLACES = 2  # sentences in which they stand, and facts from which they are
_SHARE = 0.2  # of all rare names in the text
_MOST = 60_000  # characters
_SCORE = 0.9


def converged(
    text: str,
    found: Sequence[Assessment],
    profile_of: Callable[[str], TargetProfile | None],
) -> tuple[Assessment, ...]:
    """What was found in a text, in which a target that some sentence perhaps tells of is told of
    for certain where several of its facts stand together."""
    told = [_together(text, one, profile_of(one.target_id)) for one in found]
    return tuple(sorted(told, key=lambda a: -a.score))


def _together(text: str, found: Assessment, profile: TargetProfile | None) -> Assessment:
    if found.band is not Band.UNCERTAIN or profile is None:
        return found
    spans = {*_converging(text, profile)}
    if not spans:
        return found
    every = tuple(sorted(spans.union(found.spans), key=lambda s: (s.start, s.end)))
    reasons = (*found.evidence, Evidence("facts_together", float(len(spans))))
    return replace(found, score=_SCORE, band=Band.LEAK, spans=every, evidence=reasons)


def _converging(text: str, profile: TargetProfile) -> tuple[Span, ...]:
    """The sentences whose names are those of several facts of a target; nothing where they are few,
    or the text is full of other names."""
    names: dict[Span, frozenset[str]] = {}
    others: set[str] = set()
    for piece in segments(text[:_MOST]):
        reading = read(piece.of(text))
        words = words_in(reading)
        names[Span(piece.start, piece.end)] = frozenset(
            w
            for w in words.entities - words.numbers - profile.own_words
            if _is_rare(w, words.weights)
        )
        others |= set(_subject(reading))
    found = {
        at: told for at, rare in names.items() if (told := rare & profile.postings.keys() - others)
    }
    shared = set().union(*found.values())
    rare = set().union(*names.values())
    if len(shared) < _NAMES or len(found) < _PLACES or len(shared) < _SHARE * len(rare):
        return ()
    return tuple(found) if _facts(shared, profile) >= _PLACES else ()


def _subject(reading: Reading) -> Iterator[str]:
    """The words of the name that a sentence, an item or a row begins with: it is what is told of
    there, however much the facts of a target speak of it, too."""
    view = reading.views[0]
    end = None
    for token in (t for t in view.tokens if not t.word.isdigit()):
        between = "" if end is None else view.folded.text[end : token.start]
        if not token.capital or between.strip():
            return
        yield stem(token.word)
        end = token.end


def _is_rare(word: str, weights: Mapping[str, float]) -> bool:
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
