"""What the detector keeps ready about one target: its words, its facets' words and vectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log1p

import numpy as np
import numpy.typing as npt

from amnestic.tools.names import NameForm, forms_of, names_told
from amnestic.tools.protocols import Embedder, Vectors
from amnestic.tools.reading import (
    Words,
    clean,
    fold,
    folded_words,
    is_telling,
    roles_in,
    stem,
    tokenise,
    words_of,
)
from amnestic.types import FacetKind, ForgetTarget

__all__ = ["TargetProfile", "TargetWords", "known_words", "profile_of", "words_of_target"]


@dataclass(frozen=True, slots=True)
class TargetWords:
    """One target's names and words made ready, before any vector.

    `texts` are what is known of it, facet 0 the description where there is one; `postings` maps a
    word to a bit mask of them. `known` is the same without the words of its names.
    """

    target: ForgetTarget
    forms: tuple[NameForm, ...]
    own_words: frozenset[str]
    texts: tuple[str, ...]
    is_fact: tuple[bool, ...]
    postings: dict[str, int]
    known: dict[str, int]
    bare: dict[str, float]


@dataclass(frozen=True, slots=True)
class TargetProfile:
    """One target made ready: forms of its names, facet vectors, and which facet holds which word.

    Facet 0 is the description; `postings` maps a word to a bit mask of facets. `described` are the
    places of descriptions, and `fact_count` is the logarithm of one more than there are facts.
    """

    target: ForgetTarget
    forms: tuple[NameForm, ...]
    own_words: frozenset[str]
    postings: dict[str, int]
    facets: int
    vectors: Vectors
    is_fact: npt.NDArray[np.bool_]
    described: npt.NDArray[np.int64]
    fact_count: float
    roles: frozenset[str]
    bare: dict[str, float]
    exceptions: tuple[Words, ...]
    exception_vectors: Vectors


def words_of_target(target: ForgetTarget) -> TargetWords:
    """Make the names and words of a target ready, reading each of its texts once."""
    kept = [f for f in target.facets if f.kind is not FacetKind.ALIAS]
    texts = [f.text for f in kept]
    is_fact = [f.kind is not FacetKind.DESCRIPTION for f in kept]
    if target.description and all(is_fact):
        texts.insert(0, target.description)
        is_fact.insert(0, False)
    told = names_told(target)
    own = _word_set((*target.proper_names, *told))
    words = [folded_words(text) for text in texts]
    postings = _postings(words)
    return TargetWords(
        target,
        forms_of(target, told),
        own,
        tuple(texts),
        tuple(is_fact),
        postings,
        _known(target, texts, postings),
        _bare_share([w for w, fact in zip(words, is_fact, strict=True) if fact], own),
    )


def profile_of(ready: TargetWords, vectors: Vectors, embedder: Embedder) -> TargetProfile:
    """The profile of a target. `vectors` holds one row for each of the target's facets, in order;
    where the description is no facet of its own it is embedded here, and so are exceptions."""
    target = ready.target
    kept = [i for i, f in enumerate(target.facets) if f.kind is not FacetKind.ALIAS]
    rows = vectors[kept] if kept else np.zeros((0, embedder.dimension), np.float32)
    if len(ready.texts) > len(kept):
        rows = np.vstack([embedder.embed([target.description]), rows])
    return TargetProfile(
        target=target,
        forms=ready.forms,
        own_words=ready.own_words,
        postings=ready.postings,
        facets=len(ready.texts),
        vectors=np.ascontiguousarray(rows, dtype=np.float32),
        is_fact=np.array(ready.is_fact, dtype=np.bool_),
        described=np.array([i for i, fact in enumerate(ready.is_fact) if not fact], np.int64),
        fact_count=log1p(sum(ready.is_fact)),
        roles=_roles(target, ready.texts),
        bare=ready.bare,
        exceptions=tuple(_plain_words(e) for e in target.exceptions),
        exception_vectors=embedder.embed(list(target.exceptions))
        if target.exceptions
        else np.zeros((0, embedder.dimension), np.float32),
    )


def _known(
    target: ForgetTarget, texts: Sequence[str], postings: Mapping[str, int]
) -> dict[str, int]:
    """The postings without the names; a description beside facets of that kind is one more text."""
    names = _word_set(target.names)
    known = {word: mask for word, mask in postings.items() if word not in names}
    if target.description and target.description not in texts:
        for word in _telling(folded_words(target.description)).keys() - names:
            known[word] = known.get(word, 0) | 1 << len(texts)
    return known


def known_words(target: ForgetTarget) -> frozenset[str]:
    """The telling words of what is known of a target, without those of its names.

    >>> target = ForgetTarget(id="t", subject="Mirela Osk", description="Osk painted the harbour.")
    >>> sorted(known_words(target))
    ['harbour', 'painted']
    """
    texts = {f.text for f in target.facets if f.kind is not FacetKind.ALIAS}
    words = {word for text in {*texts, target.description} for word in folded_words(text)}
    return frozenset(_telling(words).keys() - _word_set(target.names))


def _word_set(texts: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for text in texts:
        found.update(map(stem, folded_words(text)))
    return frozenset(found)


def _telling(words: Iterable[str]) -> dict[str, None]:
    return {key: None for key in map(_key, words) if key}


_stem = lru_cache(maxsize=16_384)(stem)  # facts have most of their words from one another


@lru_cache(maxsize=16_384)
def _key(word: str) -> str:
    """What a folded word is counted as; nothing where it tells nothing."""
    return stem(word) if is_telling(word) or word.isdigit() else ""


def _postings(texts: Sequence[Sequence[str]]) -> dict[str, int]:
    """For each telling word, the texts that it stands in; they are given as folded words."""
    postings: dict[str, int] = {}
    for i, words in enumerate(texts):
        bit = 1 << i
        for key in dict.fromkeys(map(_key, words)):
            if key:
                postings[key] = postings.get(key, 0) | bit
    return postings


def _roles(target: ForgetTarget, texts: Sequence[str]) -> frozenset[str]:
    """The role groups of the description, and of what the facts say that the target is."""
    described = target.description or " ".join(texts[:3])
    return roles_in(tokenise(fold(clean(described))))


def _bare_share(facts: Sequence[Sequence[str]], own: frozenset[str]) -> dict[str, float]:
    """For each word of the target's names, the share of facts in which it stands by itself: how
    usual it is to call the target by this word alone. The facts are given as folded words."""
    counts: dict[str, int] = {}
    for folded in facts:
        words = ["", *map(_stem, folded), ""]
        held = [i for i, word in enumerate(words) if word in own]
        alone = {words[i] for i in held if words[i - 1] not in own and words[i + 1] not in own}
        for word in alone:
            counts[word] = counts.get(word, 0) + 1
    return {word: count / len(facts) for word, count in counts.items()}


def _plain_words(text: str) -> Words:
    cased = clean(text)
    folded = fold(cased)
    return words_of(tokenise(folded, cased), folded.text)
