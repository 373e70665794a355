"""Whom a passage is about, by the company it stands in: full names near it, others, exceptions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from amnestic.tools.detection.evidence import Passage
from amnestic.tools.detection.signs import ADDRESSED_AS
from amnestic.tools.detection.windows import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import (
    NameHit,
    Strength,
    is_often_small,
    other_given_names,
    others_beside,
    tells_of_other,
)
from amnestic.tools.protocols import Context, Vectors
from amnestic.tools.reading import Reading, Token, is_common, language_of, stem

__all__ = ["excepted", "is_of_another", "other_subject", "with_bearers"]

_SHORTEST = 3  # letters of a given name


def with_bearers(
    context: Context,
    windows: Sequence[Window],
    profile_of: Callable[[str], TargetProfile | None],
) -> Context:
    """The context of texts in which targets are called by their full names, or others of their
    surname are: one who is called in full is meant by the surname behind it, too."""
    context = with_named(context, windows)
    others = {
        target_id
        for window in windows
        for target_id, hits in window.hits.items()
        if target_id not in context.named and target_id not in context.sticky
        if any(_is_of_stranger(hit, window, profile_of(target_id)) for hit in hits)
    }
    return replace(context, others=context.others | others) if others else context


def _is_of_stranger(hit: NameHit, window: Window, profile: TargetProfile | None) -> bool:
    """Whether a given name stands before a target's surname that is none of the target's, nor that
    of somebody whom its facts tell of."""
    if profile is None or hit.strength is not Strength.SURNAME or hit.view != "plain":
        return False
    reading = window.passage.reading
    if not hit.first or not hit.capital or hit.first != hit.last:
        return False
    given = reading.tokens[hit.first - 1]
    between = reading.views[0].folded.text[given.end : reading.tokens[hit.first].start]
    known = given.word in profile.own_words or stem(given.word) in profile.postings
    return between == " " and not known and _is_given_name(given, reading)


def _is_given_name(token: Token, reading: Reading) -> bool:
    """Whether a word with a capital is somebody's first name, as far as its letters tell: no word
    of the language, title or initial; all nouns have a capital in German."""
    if not token.capital or len(token.word) < _SHORTEST or token.word in ADDRESSED_AS:
        return False
    if other_given_names(token.word):
        return True
    is_word = is_common(token.word) or is_often_small(token.word)
    return not is_word and language_of(reading.source[:_READ]) != "de"


_READ = 400  # characters by which a language is told


def with_named(context: Context, windows: Sequence[Window]) -> Context:
    """The context of texts in which targets are called by their full names."""
    named = {t for w in windows for t, hits in w.hits.items() if any(map(_is_full, hits))}
    return replace(context, named=context.named | named) if named - context.named else context


def _is_full(hit: NameHit) -> bool:
    return hit.strength is Strength.FULL and hit.view == "plain"


def is_of_another(asked: Window, window: Window, target_id: str) -> bool:
    """Whether a question asks of somebody else too, and this piece of its answer tells of them."""
    names = asked.names.get(target_id, ())
    if not names or asked.partial or target_id in window.hits:
        return False
    return tells_of_other(window.text, others_beside(asked.passage.reading.source, names))


def other_subject(window: Window, profile: TargetProfile) -> bool:
    """Whether the text names somebody or something else that its pronouns may stand for."""
    runs = window.passage.phrasing.runs
    return any(not profile.own_words.intersection(run) for run in runs)


def excepted(profile: TargetProfile, vector: Vectors, *passages: Passage) -> bool:
    """Whether a text speaks of something that may still be told of the target."""
    if not profile.exceptions:
        return False
    words = {w for p in passages for w in p.words.weights}
    for exception in profile.exceptions:
        wanted = {w for w in exception.weights if w not in profile.own_words}
        if wanted and len(wanted & words) >= 0.66 * len(wanted):
            return True
    facts = profile.vectors @ vector
    nearest = float((profile.exception_vectors @ vector).max())
    return nearest > max(0.5, float(facts.max()) if len(facts) else 0.0)
