"""Several facts of one target in a text that names it nowhere: what each leaves open, all say.

Names that a sentence, an item or a row of the text begins with do not count, unless a pronoun is
left open by them: a list of tennis players that leaves one out is full of the names that are told
of him, as one of her buildings is of "hers".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from amnestic.tools.index import TargetProfile
from amnestic.tools.reading import Reading, Words, phrasing_of, read, segments, stem, words_in
from amnestic.types import Assessment, Band, Evidence, Span

__all__ = ["TOGETHER", "Converging", "bits_of", "fewest_facts"]

TOGETHER = "facts_together"
"""The kind of evidence that it gives."""

_RARE = 0.9  # weight of a name that few texts have
_NAMES = 4
_PLACES = 2  # sentences in which they stand, and facts from which they are
_SHARE = 0.2  # of all rare names in the text
_MOST = 60_000  # characters
_SCORE = 0.9


class Converging:
    """A text, in which facts of targets may stand together. It is read once, for all targets.

    >>> Converging("Rain fell.").told([], lambda target_id: None)
    ()
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._pieces: list[_Piece] | None = None
        self._spans: dict[str, tuple[Span, ...]] = {}

    def told(
        self,
        found: Sequence[Assessment],
        profile_of: Callable[[str], TargetProfile | None],
    ) -> tuple[Assessment, ...]:
        """What was found in the text, in which a target that some sentence perhaps tells of is told
        of for certain where several of its facts stand together."""
        told = [self._together(one, profile_of(one.target_id)) for one in found]
        return tuple(sorted(told, key=lambda a: -a.score))

    def spans(self, profile: TargetProfile) -> tuple[Span, ...]:
        """The sentences in which facts of a target stand together; nothing where none do."""
        target_id = profile.target.id
        if target_id not in self._spans:
            self._spans[target_id] = _converging(self._read(), profile)
        return self._spans[target_id]

    @property
    def pieces(self) -> list[tuple[Span, Words]]:
        """The sentences, items and rows of the text, and their words."""
        return [(piece.place, piece.words) for piece in self._read()]

    def _read(self) -> list[_Piece]:
        if self._pieces is None:
            self._pieces = [*_pieces(self._text[:_MOST])]
        return self._pieces

    def _together(self, found: Assessment, profile: TargetProfile | None) -> Assessment:
        if found.band is not Band.UNCERTAIN or profile is None:
            return found
        spans = {*self.spans(profile)}
        if not spans:
            return found
        every = tuple(sorted(spans.union(found.spans), key=lambda s: (s.start, s.end)))
        reasons = (*found.evidence, Evidence(TOGETHER, float(len(spans))))
        return replace(found, score=_SCORE, band=Band.LEAK, spans=every, evidence=reasons)


class _Piece(NamedTuple):
    """A sentence, an item or a row: where it stands, the words that look like rare names, those of
    the name that it begins with, whether it opens with a pronoun, whether it ends a line, and all
    its words."""

    place: Span
    rare: frozenset[str]
    subject: frozenset[str]
    opens: bool
    ends_line: bool
    words: Words


def _pieces(text: str) -> Iterator[_Piece]:
    for piece in segments(text):
        said = piece.of(text)
        reading = read(said)
        words = words_in(reading)
        known = words.entities - words.numbers
        rare = frozenset(word for word in known if _is_rare(word, words.weights))
        place, subject = Span(piece.start, piece.end), rare.intersection(_subject(reading))
        yield _Piece(place, rare, subject, _opens_with_pronoun(reading), said.endswith("\n"), words)


def _converging(pieces: Sequence[_Piece], profile: TargetProfile) -> tuple[Span, ...]:
    """The sentences whose names are those of several facts of a target; nothing where they are few,
    or the text is full of other names."""
    own = profile.own_words
    names: dict[Span, frozenset[str]] = {}
    others: set[str] = set()
    named, is_open = False, False
    for piece in pieces:
        names[piece.place] = piece.rare - own
        subject = piece.subject - own
        others |= subject
        is_open |= not named and piece.opens
        named = (named or bool(subject)) and not piece.ends_line
    if is_open:
        others.clear()
    told = {at: rare & profile.postings.keys() - others for at, rare in names.items()}
    found = {at: some for at, some in told.items() if some}
    shared = set().union(*found.values())
    every = set().union(*names.values())
    if len(shared) < _NAMES or len(found) < _PLACES or len(shared) < _SHARE * len(every):
        return ()
    return tuple(found) if fewest_facts(shared, profile.postings) >= _PLACES else ()


def _opens_with_pronoun(reading: Reading) -> bool:
    words = [token for token in reading.tokens if not token.word.isdigit()]
    return phrasing_of(words, reading.views[0].folded.text).opens_with_pronoun


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


def fewest_facts(words: Collection[str], postings: Mapping[str, int]) -> int:
    """How few facts hold all of the words, each of which some do, counted greedily.

    >>> fewest_facts({"glass", "harbour", "1874"}, {"glass": 0b01, "harbour": 0b11, "1874": 0b10})
    2
    """
    left, count = set(words), 0
    while left:
        held = Counter(fact for word in left for fact in bits_of(postings[word]))
        [(fact, _)] = held.most_common(1)
        left = {word for word in left if not postings[word] >> fact & 1}
        count += 1
    return count


def bits_of(mask: int) -> list[int]:
    """The places of the bits that are set.

    >>> bits_of(0b101)
    [0, 2]
    """
    return [i for i in range(mask.bit_length()) if mask >> i & 1]
