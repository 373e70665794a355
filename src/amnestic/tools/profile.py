"""What the detector keeps ready about one target: its words, its facets' words and vectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amnestic.tools.decode import Reading
from amnestic.tools.names import NameForm, forms_of, names_told
from amnestic.tools.normalise import Token, clean, fold, tokenise
from amnestic.tools.phrasing import roles_in
from amnestic.tools.protocols import Embedder, Vectors
from amnestic.tools.words import is_common, rarity
from amnestic.types import FacetKind, ForgetTarget

__all__ = ["TargetProfile", "Words", "known_words", "profile_of", "words_of"]

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


@dataclass(frozen=True, slots=True)
class TargetProfile:
    """One target made ready: forms of its names, facet vectors, and which facet holds which word.

    Facet 0 is the description; `postings` maps a word to a bit mask of facets.
    """

    target: ForgetTarget
    forms: tuple[NameForm, ...]
    own_words: frozenset[str]
    postings: dict[str, int]
    facets: int
    vectors: Vectors
    is_fact: npt.NDArray[np.bool_]
    roles: frozenset[str]
    bare: dict[str, float]
    exceptions: tuple[Words, ...]
    exception_vectors: Vectors


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


def profile_of(target: ForgetTarget, vectors: Vectors, embedder: Embedder) -> TargetProfile:
    """Make a target ready. `vectors` holds one row for each of the target's facets, in order;
    where the description is no facet of its own it is embedded here, and so are exceptions."""
    kept = [i for i, f in enumerate(target.facets) if f.kind is not FacetKind.ALIAS]
    texts = [target.facets[i].text for i in kept]
    is_fact = [target.facets[i].kind is not FacetKind.DESCRIPTION for i in kept]
    rows = vectors[kept] if kept else np.zeros((0, embedder.dimension), np.float32)
    if target.description and all(is_fact):
        texts.insert(0, target.description)
        is_fact.insert(0, False)
        rows = np.vstack([embedder.embed([target.description]), rows])
    told = names_told(target)
    own = _word_set((*target.names, *told))
    return TargetProfile(
        target=target,
        forms=forms_of(target),
        own_words=own,
        postings=_postings(texts),
        facets=len(texts),
        vectors=np.ascontiguousarray(rows, dtype=np.float32),
        is_fact=np.array(is_fact, dtype=np.bool_),
        roles=_roles(target, texts),
        bare=_bare_share([t for t, f in zip(texts, is_fact, strict=True) if f], own),
        exceptions=tuple(_plain_words(e) for e in target.exceptions),
        exception_vectors=embedder.embed(list(target.exceptions))
        if target.exceptions
        else np.zeros((0, embedder.dimension), np.float32),
    )


def known_words(target: ForgetTarget) -> frozenset[str]:
    """The telling words of what is known of a target, without those of its names.

    >>> target = ForgetTarget(id="t", subject="Mirela Osk", description="Osk painted the harbour.")
    >>> sorted(known_words(target))
    ['harbour', 'painted']
    """
    texts = {f.text for f in target.facets if f.kind is not FacetKind.ALIAS}
    told = {word for text in {*texts, target.description} for word in _postings([text])}
    return frozenset(told - _word_set(target.names))


def _word_set(texts: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for text in texts:
        found.update(stem(t.word) for t in tokenise(fold(clean(text))))
    return frozenset(found)


def _postings(texts: Sequence[str]) -> dict[str, int]:
    postings: dict[str, int] = {}
    for i, text in enumerate(texts):
        bit = 1 << i
        for token in tokenise(fold(clean(text))):
            if is_telling(token.word) or token.word.isdigit():
                key = stem(token.word)
                postings[key] = postings.get(key, 0) | bit
    return postings


def _roles(target: ForgetTarget, texts: Sequence[str]) -> frozenset[str]:
    """The role groups of the description, and of what the facts say that the target is."""
    described = target.description or " ".join(texts[:3])
    return roles_in(tokenise(fold(clean(described))))


def _bare_share(facts: Sequence[str], own: frozenset[str]) -> dict[str, float]:
    """For each word of the target's names, the share of facts in which it stands by itself: how
    usual it is to call the target by this word alone."""
    counts: dict[str, int] = {}
    for text in facts:
        words = [stem(t.word) for t in tokenise(fold(clean(text)))]
        alone = {
            w
            for i, w in enumerate(words)
            if w in own and not {*words[max(0, i - 1) : i], *words[i + 1 : i + 2]} & own
        }
        for word in alone:
            counts[word] = counts.get(word, 0) + 1
    return {word: count / len(facts) for word, count in counts.items()}


def _plain_words(text: str) -> Words:
    cased = clean(text)
    folded = fold(cased)
    return words_of(tokenise(folded, cased), folded.text)
