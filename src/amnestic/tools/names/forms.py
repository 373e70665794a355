"""The forms in which a target may be named, each with the strength of evidence that it gives.

From the subject, the declared aliases and what the description says ("born …", "also known as
…") come the forms that people use. A full form is enough by itself. A part of a name (surname,
given name, initials) is not: it counts only in company, which the scorer weighs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from amnestic.tools.names.cores import cores_of, in_other_number
from amnestic.tools.names.name_words import ARTICLES, PARTICLES, SUFFIXES, TITLES, words_of_name
from amnestic.tools.names.number_runs import number_runs
from amnestic.tools.names.plain_words import is_plain, is_weak_alone, marked_names, meets_by_chance
from amnestic.tools.names.short_names import other_given_names
from amnestic.tools.names.told_names import names_told
from amnestic.tools.reading import is_common, rank, rarity
from amnestic.types import FacetSource, ForgetTarget, TargetKind

__all__ = ["NameForm", "Strength", "forms_of"]


class Strength(IntEnum):
    """What a form of a name proves when it stands in a text."""

    FULL = 4
    """The whole name, or a declared alias."""
    TOLD = 3
    """Another name that the description or a fact gives to the target."""
    SURNAME = 2
    """The last part of a person's name, or the telling part of another name."""
    PART = 1
    """A given name, initials or another weak part."""


@dataclass(frozen=True, slots=True)
class NameForm:
    """One form: its folded words and its strength.

    `capital` asks that the words in the text begin with capitals, for forms that are plain words;
    `turned` says that the surname stands first. A plain word that has marks in the name is the
    whole name where it stands with a capital and as one of `spelt`: "Mané".
    """

    words: tuple[str, ...]
    strength: Strength
    capital: bool = False
    turned: bool = False
    spelt: tuple[str, ...] = ()


_TELLING_SURNAME = 6
_EVERYDAY = 1_500  # words that everybody uses, by their rank
_FUNCTION = 170  # words that only join others
_SHARED = re.compile(r"\d{1,3}|1\d{3}|20\d\d")  # a number or a year that many others have
_OF = frozenset("of at in for from de du des di del della von für zu aus van voor".split())
_JOINT = re.compile(r"(?<=\w)['’](?=\w{2})|(?<=\w)-(?=\w)")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def forms_of(target: ForgetTarget, told: Sequence[str] | None = None) -> tuple[NameForm, ...]:
    """All forms of a target's names, the strongest where the same words arise twice. `told` are its
    `names_told`, where they are known already.

    >>> from amnestic.types import ForgetTarget
    >>> osk = ForgetTarget(id="t", subject="Mirela Osk", kind="person")
    >>> {" ".join(f.words): f.strength.name for f in forms_of(osk) if "osk" in f.words}
    {'mirela osk': 'FULL', 'osk mirela': 'FULL', 'm osk': 'TOLD', 'osk': 'SURNAME'}
    """
    best: dict[tuple[str, ...], NameForm] = {}
    kept = {*map(_telling, target.exceptions)}
    for form in _all_forms(target, names_told(target) if told is None else told):
        if form.strength < Strength.FULL and form.words in kept:
            continue  # "Ordlan may stay" beside "the Ordlan Dial"
        known = best.get(form.words)
        if form.words and (known is None or form.strength > known.strength):
            best[form.words] = form
    for word, small in dict.fromkeys(marked_names(target.proper_names)):
        plain = best.get((word,))
        if plain is not None and is_plain(plain.words):
            best[plain.words] = replace(plain, spelt=(*plain.spelt, small))
    return tuple(sorted(best.values(), key=lambda f: -f.strength))


def _telling(exception: str) -> tuple[str, ...]:
    """The words of what stays, without everyday ones: "Ordlan itself"."""
    return tuple(w for w in words_of_name(exception) if not is_common(w, _EVERYDAY))


def _all_forms(target: ForgetTarget, told: Sequence[str]) -> Iterator[NameForm]:
    elicited = _elicited_names(target)
    for name in target.proper_names:
        is_elicited = name in elicited
        for form in _declared(name, target.kind):
            if _stands_beside(form, words_of_name(name), target):  # "Orlo by the Veldts"
                continue
            # "Rose" or "Michael", declared beside a full name, is anybody's: it needs company.
            # "Gates" is the target or a word, which shows where it stands.
            own = name == target.subject
            weak = not own and is_weak_alone(name, form.words, elicited=is_elicited)
            strength = min(form.strength, Strength.SURNAME)
            yield replace(form, strength=strength, capital=True) if weak else form
        for core in cores_of(name, target.kind):
            words = words_of_name(core)
            for form in _full(words, target.kind):
                # "Tesla, Inc" has a unit of that name, which is written small; "Gap, Inc." is
                # a word first, which needs company.
                is_word = len(form.words) == 1 and is_plain(form.words)
                strength = Strength.SURNAME if is_word else form.strength
                capital = form.capital or len(form.words) == 1
                yield replace(form, strength=strength, capital=capital)
    for name in told:
        words = words_of_name(name)
        if len(words) > 1 or (words and rarity(words[0]) > 0.9):
            whole = _is_another_name(name, words, target)
            strength = Strength.FULL if whole else Strength.TOLD
            yield NameForm(words, strength, capital=is_plain(words))
            for form in _parts(words, target.kind):
                alone_is_word = len(form.words) == 1 and is_plain(form.words)
                if not alone_is_word and not _stands_beside(form, words, target):
                    yield replace(form, strength=min(form.strength, Strength.TOLD))


def _elicited_names(target: ForgetTarget) -> frozenset[str]:
    """The names that only the wrapped model has said."""
    said = (f.text for f in target.facets if f.source is FacetSource.ELICITED)
    told = {*target.aliases, *target.translations, *target.terms}
    return frozenset(said) - told


def _stands_beside(form: NameForm, words: tuple[str, ...], target: ForgetTarget) -> bool:
    """Whether a part of another name only says what the subject in it is, or whose: "RMS Orlo"."""
    own = {*words_of_name(target.subject)}
    is_thing = target.kind is not TargetKind.PERSON
    is_part = len(form.words) == 1 and form.words[0] in words and not form.words[0].isdigit()
    return is_thing and is_part and own < {*words} and own.isdisjoint(form.words)


def _is_another_name(name: str, words: tuple[str, ...], target: ForgetTarget) -> bool:
    """Whether a told name stands for the target as surely as its subject does: a name of several
    telling words that the request itself gives, or the subject with further words in it."""
    subject = set(words_of_name(target.subject)) - SUFFIXES
    if len(subject) > 1 and subject <= set(words):
        return True
    return len(words) > 1 and not is_plain(words) and name in target.description


def _declared(name: str, kind: TargetKind) -> Iterator[NameForm]:
    for variant in dict.fromkeys((name, name.translate(_UMLAUTS), _JOINT.sub("", name))):
        words = words_of_name(variant)
        if not words:
            continue
        for form in _full(words, kind):
            yield replace(form, capital=False) if _is_noun(form, name, kind) else form
        yield from (NameForm(w, Strength.FULL) for w in in_other_number(words, variant, kind))
        head, comma, tail = variant.partition(",")
        if comma and kind in (TargetKind.PERSON, TargetKind.TOPIC):
            for piece in (words_of_name(head), words_of_name(tail)):
                if len(piece) > 1:
                    yield from _full(piece, kind)
                    yield from _parts(piece, kind)
            words = words_of_name(head) or words
        shortest = words_of_name(min(cores_of(variant, kind), key=len, default=""))
        yield from _parts(shortest or words, _described_by_noun(variant, kind))


def _described_by_noun(name: str, kind: TargetKind) -> TargetKind | None:
    """The kind by which a name has parts: a topic that ends with a noun in small letters ("the
    Orlo accident") is nobody's surname."""
    return None if kind is TargetKind.TOPIC and name.split()[-1].islower() else kind


def _is_noun(form: NameForm, name: str, kind: TargetKind) -> bool:
    """Whether a form is a noun for a topic or a skill, told in small letters: no everyday word."""
    is_rare = len(form.words) > 1 or not is_common(form.words[0], _EVERYDAY)
    return kind in (TargetKind.TOPIC, TargetKind.SKILL) and name.islower() and is_rare


def _full(words: tuple[str, ...], kind: TargetKind) -> Iterator[NameForm]:
    plain = is_plain(words) if kind is not TargetKind.PERSON else meets_by_chance(words)
    yield NameForm(words, Strength.FULL, capital=plain and len(words) < 3)
    bare = tuple(w for w in words if w not in SUFFIXES)
    if len(bare) > 1 and bare != words:
        yield NameForm(bare, Strength.FULL)
    if words[0] in ARTICLES and len(words) > 2:
        yield NameForm(words[1:], Strength.FULL, capital=plain)
    short = tuple(w for i, w in enumerate(bare) if len(w) > 1 or i in (0, len(bare) - 1))
    if 1 < len(short) < len(bare):
        yield NameForm(short, Strength.FULL)
    if 1 < len(words) < 5:
        joined = "".join(words)
        if len(joined) > 5 or not plain:
            yield NameForm((joined,), Strength.FULL)
    yield from _hidden(words)


def _hidden(words: tuple[str, ...]) -> Iterator[NameForm]:
    """The whole name reversed, for a name hidden in a plain sentence."""
    turned = tuple(w[::-1] for w in words)
    if sum(map(len, words)) >= 7 and any(rank(w) is None for w in turned):
        yield NameForm(turned, Strength.FULL)
        yield NameForm(turned[::-1], Strength.FULL)


def _parts(words: tuple[str, ...], kind: TargetKind | None) -> Iterator[NameForm]:
    core = tuple(w for w in words if w not in SUFFIXES)
    while len(core) > 1 and core[0] in TITLES:
        core = core[1:]
        if len(core) > 1:
            yield NameForm(core, Strength.FULL)
    if len(core) < 2:
        if len(core) == 1 and core != words:
            yield NameForm(core, Strength.SURNAME, capital=True)
        return
    if core[0] in ARTICLES:  # no given name: "The Orlo Dial"
        kind, core = kind if len(core) > 2 else None, core[1:]
    if kind in (TargetKind.PERSON, TargetKind.TOPIC):
        yield from _person_parts(core)
    elif kind is TargetKind.SKILL:  # verbs and nouns, but for what is only a name ("sarin")
        yield from (f for f in _telling_parts(core) if not f.capital and len(f.words) == 1)
    else:
        yield from _telling_parts(core)


def _person_parts(core: tuple[str, ...]) -> Iterator[NameForm]:
    given, surname = core[0], core[-1]
    if surname.isdigit():  # a year: "Reactor accident of Orlo 1986"
        yield from (form for form in _telling_parts(core[-2:-1]))
        return
    yield NameForm((surname, *core[:-1]), Strength.FULL, capital=meets_by_chance(core), turned=True)
    # "Wu" is many other things: it counts in a text that calls its bearer in full.
    is_short = len(surname) <= 2 and rank(surname) is not None
    yield NameForm((surname,), Strength.PART if is_short else Strength.SURNAME, capital=True)
    for i in range(1, len(core) - 1):
        if core[i] in PARTICLES:
            yield NameForm(core[i:], Strength.SURNAME, capital=False)
            break
    if len(core) > 2 and core[-2] not in PARTICLES and len(core[1]) > 1:
        yield NameForm((given, surname), Strength.TOLD)
        yield NameForm(core[:2], Strength.SURNAME, capital=True)
    if len(given) > 1 and given not in PARTICLES:
        yield NameForm((given,), Strength.PART, capital=True)
    yield from _with_initial(given, surname)
    for other in other_given_names(given):
        yield NameForm((other, surname), Strength.TOLD, capital=True)
        yield NameForm((other,), Strength.PART, capital=True)
    initials = "".join(w[0] for w in core)
    if len(initials) > 2:
        yield NameForm((initials,), Strength.PART, capital=True)
        yield NameForm(tuple(initials), Strength.PART, capital=True)


def _with_initial(given: str, surname: str) -> Iterator[NameForm]:
    """ "M. Osk" and "Osk, M.": enough where the surname is long and in no dictionary."""
    alone = len(surname) >= _TELLING_SURNAME and rank(surname) is None
    strength = Strength.FULL if alone else Strength.TOLD
    yield NameForm((given[0], surname), strength, capital=True)
    if alone and given[0] != "s":  # "Charles R. Osk" is no "Charles, R.", nor "Osk's" "Osk, S."
        yield NameForm((surname, given[0]), strength, capital=True, turned=True)


def _telling_parts(core: tuple[str, ...]) -> Iterator[NameForm]:
    yield from (NameForm(run, Strength.SURNAME) for run in number_runs(core))
    for before, word in zip(("", *core), core, strict=False):
        # "2022" is a year, and "Arvelle" in "University of Arvelle" is a place of its own.
        is_shared = _SHARED.fullmatch(word)
        is_telling = len(word) > 2 and rarity(word) > 0.85 and not is_common(word) and not is_shared
        if before not in _OF and is_telling:
            yield NameForm((word,), Strength.SURNAME, capital=rank(word) is not None)
    if len(core) > 2 and not all(is_common(word, _FUNCTION) for word in core[:2]):
        yield NameForm(core[:2], Strength.PART, capital=True)
