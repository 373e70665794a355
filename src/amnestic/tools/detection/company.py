"""Whom a passage is about, by the company it stands in: full names near it, others, exceptions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from amnestic.tools.detection.evidence import Passage
from amnestic.tools.detection.signs import ADDRESSED_AS, name_signs
from amnestic.tools.detection.window import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import (
    NameHit,
    Strength,
    is_given_name,
    is_often_small,
    is_only_a_name,
    other_given_names,
    others_beside,
    tells_of_other,
)
from amnestic.tools.protocols import Context, Vectors
from amnestic.tools.reading import (
    Reading,
    Token,
    fold_word,
    folded_words,
    is_common,
    language_of,
    stem,
)
from amnestic.types import ForgetTarget, TargetKind

__all__ = [
    "excepted",
    "excepts_something",
    "in_company",
    "is_of_another",
    "may_be_person",
    "other_subject",
    "with_bearers",
]

_SHORTEST = 3  # letters of a given name
_FAMILY = 2  # people of one surname
_MARKS = ".,;:!?()'\"’"
_OF = frozenset("of by from in at von bei aus de du di da del".split())


def in_company(context: Context) -> bool:
    """Whether a conversation has been about a target, so that what is uncertain is likelier to be
    about it too."""
    return bool(context.sticky or context.persona or context.speakers or context.nicknames)


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
    called = {
        target_id
        for target_id in _called(windows)
        if len(_bearers(target_id, windows)) >= _FAMILY and _is_only_given(target_id, windows)
    }
    if not others and not called:
        return context
    return replace(context, others=context.others | others, called=context.called | called)


def _called(windows: Sequence[Window]) -> frozenset[str]:
    """The targets of whose surname somebody is called in a text, and who have given names there."""
    said: dict[str, set[Strength]] = {}
    for window in windows:
        for target_id, hits in window.hits.items():
            said.setdefault(target_id, set()).update(h.strength for h in hits if h.view == "plain")
    family = {Strength.SURNAME, Strength.PART}
    return frozenset(target_id for target_id, strengths in said.items() if strengths >= family)


def _bearers(target_id: str, windows: Sequence[Window]) -> frozenset[str]:
    """The given names that stand before a target's surname in a text."""
    found = set()
    for window in windows:
        tokens = window.passage.reading.tokens
        for hit in window.hits.get(target_id, ()):
            given = tokens[hit.first - 1] if hit.first else None
            if hit.strength is Strength.SURNAME and given is not None and given.capital:
                found.add(given.word)
    return frozenset(word for word in found if is_given_name(word))


def _is_only_given(target_id: str, windows: Sequence[Window]) -> bool:
    """Whether a target's given name, which is no word besides, stands alone wherever it stands in a
    text: nobody of its surname has it, and nobody else."""
    alone = False
    for window in windows:
        tokens = window.passage.reading.tokens
        for hit in window.hits.get(target_id, ()):
            if hit.strength is not Strength.PART or hit.view != "plain" or not hit.exact:
                continue
            if hit.first != hit.last or not is_only_a_name(tokens[hit.first].word):
                return False
            beside = tokens[max(0, hit.first - 1) : hit.last + 3 : 1]
            alone = hit.capital and sum(token.capital for token in beside) == 1
            if not alone:
                return False
    return alone


def _is_of_stranger(hit: NameHit, window: Window, profile: TargetProfile | None) -> bool:
    """Whether a given name stands before a target's surname that is none of the target's, nor that
    of somebody whom its facts tell of; or somebody else's surname behind its given name."""
    if profile is None or hit.view != "plain":
        return False
    reading = window.passage.reading
    if hit.strength is Strength.PART:
        signs = name_signs([hit], reading, profile)
        return bool(signs.part_among_others) and is_given_name(reading.tokens[hit.last].word)
    if hit.strength is not Strength.SURNAME:
        return False
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


def may_be_person(target: ForgetTarget) -> bool:
    """Whether the first word of a name may be a given name: no maker's, as that of a product is."""
    is_open = target.kind is TargetKind.TOPIC and target.kind_guessed
    return target.kind is TargetKind.PERSON or is_open


def other_subject(window: Window, profile: TargetProfile) -> bool:
    """Whether the text names somebody or something else that its pronouns may stand for."""
    runs = window.passage.phrasing.runs
    return any(not profile.own_words.intersection(run) for run in runs)


def _names_other(exception: str, profile: TargetProfile) -> bool:
    """Whether what may still be told is somebody with a given name, beside whom the target may be
    named ("her sisters Susan and Sofia"), and no thing of somebody's ("her translations of
    Homer")."""
    if not profile.own_words.isdisjoint(folded_words(exception)):
        return False
    words = exception.split()
    return any(
        word[:1].isupper() and is_given_name(fold_word(word.strip(_MARKS))) and before not in _OF
        for before, word in zip(("", *map(str.lower, words)), words, strict=False)
    )


_OTHERS = re.compile(  # closed: the words of a language for those that one is not
    r"\b(?:others?|(?-i:else|andre|andra)|everyone|everybody|andere[nrms]?|übrige[nrms]?"
    r"|autres?|otr[oa]s?|demás|altr[oiae]|outr[oa]s?|demais|overige"
    r"|inn(?:[yaei]|ych|ymi|ego|ej|ym|ą)|pozostał\w+|diğer\w*|друг\w+|остальн\w+|övriga)\b",
    re.IGNORECASE,
)


def excepts_something(target: ForgetTarget) -> bool:
    """Whether something may still be told of a target itself, and not only of others."""
    return not all(map(_is_of_others, target.exceptions))


def _is_of_others(exception: str) -> bool:
    """Whether what may still be told is all that the target is not ("other prize winners"): it
    says of nothing that it is the target's, so that it keeps no text that tells of it."""
    return _OTHERS.search(exception) is not None


def excepted(
    profile: TargetProfile, vector: Vectors, *passages: Passage, is_named: bool = False
) -> bool:
    """Whether a text speaks of something that may still be told of the target. Where the exception
    is somebody or something with a name, or is whatever the target is not, a text that names the
    target, too, is not about that alone."""
    if not profile.exceptions:
        return False
    words = {w for p in passages for w in p.words.weights}
    excepting = profile.target.exceptions
    apart = [_is_of_others(e) for e in excepting]
    of_others = [
        is_named and (o or _names_other(e, profile)) for o, e in zip(apart, excepting, strict=True)
    ]
    for exception, is_other, is_apart in zip(profile.exceptions, of_others, apart, strict=True):
        if is_other or is_apart:
            continue
        wanted = {w for w in exception.weights if w not in profile.own_words}
        if wanted and len(wanted & words) >= 0.66 * len(wanted):
            return True
    if any(of_others):
        return False
    facts = profile.vectors @ vector
    nearest = float((profile.exception_vectors @ vector).max())
    return nearest > max(0.5, float(facts.max()) if len(facts) else 0.0)
