"""The evidence that a text gives about a target: named features, the same for every target.

Nothing here knows a name: features count how names, words and meanings of the text stand to the
target's. A `Passage` is a text read and embedded once, for all targets; `alone` gives the features
of one passage, `together` those of an answer given to a question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p

import numpy as np
import numpy.typing as npt

from amnestic.tools.detection.signs import NameSigns
from amnestic.tools.index import TargetProfile
from amnestic.tools.reading import Phrasing, Reading, Words, is_telling

__all__ = [
    "ALONE",
    "TOGETHER",
    "Features",
    "Likeness",
    "Passage",
    "alone",
    "likeness",
    "together",
]

Features = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with its words and its vector of length 1."""

    reading: Reading
    words: Words
    phrasing: Phrasing
    vector: npt.NDArray[np.float32]


_SIGNS = tuple(NameSigns.__dataclass_fields__)
_TEXT = (
    "cos_max",
    "cos_top3",
    "cos_description",
    "behind_best",
    "words_best",
    "words_any",
    "rare_best",
    "entities_known",
    "entities_foreign",
    "entities_best",
    "numbers_known",
    "described",
    "described_otherwise",
    "other_names",
    "known_names",
    "opens_own",
    "opens_other",
    "opens_known",
    "opens_pronoun",
    "length",
)
ALONE: tuple[str, ...] = (*_SIGNS, *_TEXT, "facts")
"""Names of the features of one text."""

TOGETHER: tuple[str, ...] = (
    *(f"q_{n}" for n in _SIGNS),
    *(f"a_{n}" for n in _SIGNS),
    *(f"q_{n}" for n in _TEXT),
    "qa_cos_max",
    "qa_cos_top3",
    "qa_cos_description",
    "qa_behind_best",
    "a_words_best",
    "a_words_any",
    "a_weight",
    "a_entities_known",
    "a_entities_foreign",
    "a_numbers_known",
    "a_other_names",
    "a_known_names",
    "joint_best",
    "a_in_nearest",
    "qa_gain",
    "a_length",
    "facts",
)
"""Names of the features of an answer given to a question."""


# ── Features of a text against a profile ─────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Overlap:
    """Which of a text's words stand in which facet."""

    per_facet: Features
    best: float
    any: float
    rare_best: float
    entities_known: float
    entities_foreign: float
    entities_best: float
    numbers_known: float


def _overlap(words: Words, profile: TargetProfile) -> _Overlap:
    per_facet = np.zeros(max(profile.facets, 1))
    rare = np.zeros(max(profile.facets, 1))
    entity_hits = np.zeros(max(profile.facets, 1))
    known = total = 0.0
    entities_known = entities_foreign = numbers_known = 0.0
    for word, weight in words.weights.items():
        if word in profile.own_words:
            continue
        total += weight
        mask = profile.postings.get(word, 0)
        is_entity = word in words.entities
        if not mask:
            entities_foreign += is_entity
            continue
        known += weight
        entities_known += is_entity
        numbers_known += word in words.numbers
        while mask:
            bit = mask & -mask
            at = bit.bit_length() - 1
            per_facet[at] += weight
            rare[at] += max(0.0, weight - 0.6) * 2
            entity_hits[at] += is_entity or word in words.numbers
            mask ^= bit
    scale = max(total, 0.5)
    return _Overlap(
        per_facet / scale,
        float(per_facet.max()) / scale,
        known / scale,
        min(float(rare.max()), 4.0),
        min(entities_known, 4.0),
        min(entities_foreign, 6.0),
        min(float(entity_hits.max()), 4.0),
        min(numbers_known, 2.0),
    )


@dataclass(frozen=True, slots=True)
class _Nearness:
    """Cosines of a text to a target's facets."""

    per_facet: npt.NDArray[np.float32]
    best: float
    top3: float
    description: float


def _nearness(vector: npt.NDArray[np.float32], profile: TargetProfile) -> _Nearness:
    if not len(profile.vectors):
        return _Nearness(np.zeros(0, np.float32), 0.0, 0.0, 0.0)
    cosines = profile.vectors @ vector
    top = np.sort(cosines)[-3:]
    mean = float(np.add.reduce(top) / top.dtype.type(len(top)))
    described = cosines[profile.described]
    return _Nearness(
        cosines, float(top[-1]), mean, float(described.max()) if len(described) else mean
    )


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a text is to a target, made once for all that is weighed with it (`likeness`)."""

    near: _Nearness
    over: _Overlap


def _names_of_others(phrasing: Phrasing, profile: TargetProfile) -> tuple[float, float]:
    """How many names of two words or more are not the target's: those that nothing known of it
    mentions, and those that its facets mention too."""
    runs = [r for r in phrasing.runs if len(r) > 1 and not profile.own_words.intersection(r)]
    known = sum(_is_known(run, profile) for run in runs)
    return float(min(4, len(runs) - known)), float(min(4, known))


def _is_known(run: Sequence[str], profile: TargetProfile) -> bool:
    return all(word in profile.postings or not is_telling(word) for word in run)


def _phrasing_features(phrasing: Phrasing, profile: TargetProfile) -> tuple[float, ...]:
    opening = phrasing.runs[0] if phrasing.runs else ()
    is_own = bool(profile.own_words.intersection(opening))
    is_other = len(opening) > 1 and not is_own
    is_known = is_other and _is_known(opening, profile)
    fits = bool(phrasing.described & profile.roles)
    return (
        float(fits),
        float(bool(phrasing.described) and not fits),
        *_names_of_others(phrasing, profile),
        float(is_own),
        float(is_other and not is_known),
        float(is_known),
        float(phrasing.opens_with_pronoun),
    )


def _text_features(
    passage: Passage, profile: TargetProfile, near: _Nearness, over: _Overlap, best_other: float
) -> tuple[float, ...]:
    return (
        near.best,
        near.top3,
        near.description,
        max(0.0, best_other - near.best),
        over.best,
        over.any,
        over.rare_best,
        over.entities_known,
        over.entities_foreign,
        over.entities_best,
        over.numbers_known,
        *_phrasing_features(passage.phrasing, profile),
        log1p(len(passage.words.weights)),
    )


def _signs(signs: NameSigns) -> tuple[float, ...]:
    return tuple(getattr(signs, name) for name in _SIGNS)


def likeness(passage: Passage, profile: TargetProfile) -> Likeness:
    """How near a text is to a target in meaning, and the words that the two share."""
    return Likeness(_nearness(passage.vector, profile), _overlap(passage.words, profile))


def alone(
    passage: Passage, signs: NameSigns, profile: TargetProfile, best_other: float
) -> Features:
    """The features of one text, in the order of `ALONE`. `best_other` is the highest cosine of
    the text to a facet of any other target."""
    near = _nearness(passage.vector, profile)
    over = _overlap(passage.words, profile)
    return np.array(
        (
            *_signs(signs),
            *_text_features(passage, profile, near, over, best_other),
            profile.fact_count,
        )
    )


def together(
    question: Passage,
    answer: Passage,
    signs: tuple[NameSigns, NameSigns],
    profile: TargetProfile,
    best_other: tuple[float, float],
    asked: Likeness | None = None,
) -> Features:
    """The features of an answer given to a question, in the order of `TOGETHER`.

    The answer's vector is that of question and answer in one text, and its words are those that
    it adds to the question. `signs` and `best_other` are for the question and for the answer;
    `asked` is the question's likeness where that is known.
    """
    asked, told = asked or likeness(question, profile), likeness(answer, profile)
    q_near, q_over, b_near, a_over = asked.near, asked.over, told.near, told.over
    joint = float((q_over.per_facet * a_over.per_facet).max())
    in_nearest = 0.0
    if len(b_near.per_facet):
        top = np.argsort(b_near.per_facet)[-3:]
        in_nearest = float(a_over.per_facet[top].max())
    return np.array(
        (
            *_signs(signs[0]),
            *_signs(signs[1]),
            *_text_features(question, profile, q_near, q_over, best_other[0]),
            b_near.best,
            b_near.top3,
            b_near.description,
            max(0.0, best_other[1] - b_near.best),
            a_over.best,
            a_over.any,
            min(answer.words.total, 6.0),
            a_over.entities_known,
            a_over.entities_foreign,
            a_over.numbers_known,
            *_names_of_others(answer.phrasing, profile),
            joint,
            in_nearest,
            b_near.best - q_near.best,
            log1p(len(answer.words.weights)),
            profile.fact_count,
        )
    )
