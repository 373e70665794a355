"""The forms in which a target may be named, each with the strength of evidence that it gives.

From the subject, the declared aliases and what the description says ("born …", "also known as
…") come the forms that people use. A full form is enough by itself. A part of a name (surname,
given name, initials) is not: it counts only in company, which the scorer weighs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from amnestic.tools.names.short_names import other_given_names
from amnestic.tools.reading import folded_words, is_common, rank, rarity
from amnestic.types import FacetKind, ForgetTarget, TargetKind

__all__ = ["NameForm", "Strength", "forms_of", "names_told"]


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
    `turned` says that the surname stands first.
    """

    words: tuple[str, ...]
    strength: Strength
    capital: bool = False
    turned: bool = False


_TITLES = frozenset(
    "mr mrs ms miss dr prof sir dame lord lady saint st king queen prince princess duke duchess "
    "president pope emperor empress count countess baron senator general captain rev".split()
)
_SUFFIXES = frozenset("jr sr ii iii iv phd md esq".split())
_PARTICLES = frozenset(
    "de da di del della du van von der den la le el al bin ibn of the and y dos das".split()
)
_TELLING_SURNAME = 6
_ARTICLES = ("the", "a", "an")
_JOINT = re.compile(r"(?<=\w)['’](?=\w{2})|(?<=\w)-(?=\w)")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})

_NAME = (
    r"((?:[A-Z][\w'’.\-]*|[\"“'‘][A-Z][\w '’.\-]*[\"”'’])"
    r"(?: (?:[A-Z][\w'’.\-]*|[\"“][A-Z][\w '’\-]*[\"”]|da|de|van|von|der|of|the|bin|ibn)){0,4})"
)
_TOLD = re.compile(
    r"\b(?:born|n[ée]e|a\.?k\.?a\.?|alias|pseudonyms?|pen names?|stage name|full name"
    r"|birth name|nicknamed?|dubbed|(?:also|better|formerly|professionally|commonly|popularly"
    r"|widely|simply|often)? ?(?:known|called|referred to|credited|billed)"
    r"(?: professionally| mononymously| simply| by (?:his|her|their|its)"
    r"(?: \w+)? (?:stage |pen |ring )?name)?(?: as)?|mononymously as)"
    r",? (?:the |as |is |was |by )*[\"“'‘]?" + _NAME
)
_TRIM = " \t,.;:!?\"“”‘’'()[]"
_YEAR = re.compile(r"\b(?:in|on)\b|\d")


def forms_of(target: ForgetTarget) -> tuple[NameForm, ...]:
    """All forms of a target's names, the strongest where the same words arise twice.

    >>> from amnestic.types import ForgetTarget
    >>> osk = ForgetTarget(id="t", subject="Mirela Osk", kind="person")
    >>> {" ".join(f.words): f.strength.name for f in forms_of(osk) if "osk" in f.words}
    {'mirela osk': 'FULL', 'osk mirela': 'FULL', 'm osk': 'TOLD', 'osk': 'SURNAME'}
    """
    best: dict[tuple[str, ...], NameForm] = {}
    for form in _all_forms(target):
        known = best.get(form.words)
        if form.words and (known is None or form.strength > known.strength):
            best[form.words] = form
    return tuple(sorted(best.values(), key=lambda f: -f.strength))


def _all_forms(target: ForgetTarget) -> Iterator[NameForm]:
    for name in target.proper_names:
        for form in _declared(name, target.kind):
            # "Will" or "Rose", declared beside a full name, is a word first: it needs company.
            weak = name != target.subject and len(form.words) == 1 and _plain(form.words)
            yield replace(form, strength=Strength.SURNAME, capital=True) if weak else form
    for name in names_told(target):
        words = _words(name)
        if len(words) > 1 or (words and rarity(words[0]) > 0.9):
            whole = _is_another_name(name, words, target)
            strength = Strength.FULL if whole else Strength.TOLD
            yield NameForm(words, strength, capital=_plain(words))
            for form in _parts(words, target.kind):
                yield replace(form, strength=min(form.strength, Strength.TOLD))


def _is_another_name(name: str, words: tuple[str, ...], target: ForgetTarget) -> bool:
    """Whether a told name stands for the target as surely as its subject does: a name of several
    telling words that the request itself gives, or the subject with further words in it."""
    subject = set(_words(target.subject)) - _SUFFIXES
    if len(subject) > 1 and subject <= set(words):
        return True
    return len(words) > 1 and not _plain(words) and name in target.description


def _declared(name: str, kind: TargetKind) -> Iterator[NameForm]:
    for variant in dict.fromkeys((name, name.translate(_UMLAUTS), _JOINT.sub("", name))):
        words = _words(variant)
        if not words:
            continue
        for form in _full(words, kind):
            yield replace(form, capital=False) if _is_noun(form, name, kind) else form
        head, comma, tail = variant.partition(",")
        if comma and kind in (TargetKind.PERSON, TargetKind.TOPIC):
            for piece in (_words(head), _words(tail)):
                if len(piece) > 1:
                    yield from _full(piece, kind)
                    yield from _parts(piece, kind)
            words = _words(head) or words
        yield from _parts(words, kind)


def _is_noun(form: NameForm, name: str, kind: TargetKind) -> bool:
    """Whether a form is a noun for a topic or a skill, told in small letters: no everyday word."""
    is_rare = len(form.words) > 1 or not is_common(form.words[0], _EVERYDAY)
    return kind in (TargetKind.TOPIC, TargetKind.SKILL) and name.islower() and is_rare


def _full(words: tuple[str, ...], kind: TargetKind) -> Iterator[NameForm]:
    plain = _plain(words) if kind is not TargetKind.PERSON else _meets_by_chance(words)
    yield NameForm(words, Strength.FULL, capital=plain and len(words) < 3)
    bare = tuple(w for w in words if w not in _SUFFIXES)
    if len(bare) > 1 and bare != words:
        yield NameForm(bare, Strength.FULL)
    if words[0] in _ARTICLES and len(words) > 2:
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


def _parts(words: tuple[str, ...], kind: TargetKind) -> Iterator[NameForm]:
    core = tuple(w for w in words if w not in _SUFFIXES)
    while len(core) > 1 and core[0] in _TITLES:
        core = core[1:]
        if len(core) > 1:
            yield NameForm(core, Strength.FULL)
    if len(core) < 2:
        if len(core) == 1 and core != words:
            yield NameForm(core, Strength.SURNAME, capital=True)
        return
    if kind in (TargetKind.PERSON, TargetKind.TOPIC):
        yield from _person_parts(core)
    else:
        yield from _telling_parts(core)


def _person_parts(core: tuple[str, ...]) -> Iterator[NameForm]:
    given, surname = core[0], core[-1]
    yield NameForm(
        (surname, *core[:-1]), Strength.FULL, capital=_meets_by_chance(core), turned=True
    )
    if len(surname) > 2 or rank(surname) is None:
        yield NameForm((surname,), Strength.SURNAME, capital=True)
    for i in range(1, len(core) - 1):
        if core[i] in _PARTICLES:
            yield NameForm(core[i:], Strength.SURNAME, capital=False)
            break
    if len(core) > 2 and core[-2] not in _PARTICLES and len(core[1]) > 1:
        yield NameForm((given, surname), Strength.TOLD)
        yield NameForm(core[:2], Strength.SURNAME, capital=True)
    if len(given) > 1 and given not in _PARTICLES:
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
    for word in core:
        if rarity(word) > 0.85 and not is_common(word):
            yield NameForm((word,), Strength.SURNAME, capital=True)
    if len(core) > 2:
        yield NameForm(core[:2], Strength.PART, capital=True)


def _plain(words: Iterable[str]) -> bool:
    """Whether every word is an everyday one, so that the form may be no name at all."""
    return all(w.isdigit() or is_common(w, 6000) for w in words)


_EVERYDAY = 1_500  # words that everybody uses, by their rank


def _meets_by_chance(words: Sequence[str]) -> bool:
    """Whether a person's name may stand in a text in small letters though nobody is meant: each of
    its words is one that everybody uses ("will young"), as few given names are ("neil young")."""
    return _plain(words) and (len(words) < 2 or all(is_common(w, _EVERYDAY) for w in words))


def _words(name: str) -> tuple[str, ...]:
    words = folded_words(name)
    if len(words) > 1 and words[-1] == "s" and re.search(r"['’]s\W*$", name):
        words = words[:-1]
    return tuple(words)


def names_told(target: ForgetTarget) -> tuple[str, ...]:
    """Further names that the description and the facts give to the target.

    Reads "born …", "also known as …" and the like, and the words before the first verb of the
    description where they share a word with the subject or the subject stands nowhere in it.

    >>> from amnestic.types import ForgetTarget
    >>> target = ForgetTarget(id="t", subject="M. Osk",
    ...                       description="Mirela Osk, born Mirela Anna Tarn, is a novelist.")
    >>> names_told(target)
    ('Mirela Anna Tarn', 'Mirela Osk')
    """
    own = set(_words(" ".join(target.proper_names)))
    texts = [target.description]
    texts += [f.text for f in target.facets if f.kind is FacetKind.DESCRIPTION]
    found: dict[str, None] = {}
    for text in dict.fromkeys(texts):
        for match in _TOLD.finditer(text):
            _add(found, match[1], own)
        for name in _opening(text, own):
            _add(found, name, own)
    for text in target.facts:
        lead = set(_words(text[:80]))
        if own & lead:
            for match in _TOLD.finditer(text[:240]):
                words = set(_words(match.group(1)))
                if len(words) > 1 and (own & words or match.start() < 40):
                    _add(found, match.group(1), own)
            for name in _opening(text, own):
                if own <= set(_words(name)):
                    _add(found, name, own)
    return tuple(found)


def _opening(text: str, own: set[str]) -> Iterator[str]:
    match = re.match(_NAME, text)
    if match and re.match(r",| (?:is|was|are|were|\()|:", text[match.end() :]):
        words = _words(match.group(1))
        if own & set(words) and len(words) > 1:
            yield match.group(1)


def _add(found: dict[str, None], name: str, own: set[str]) -> None:
    name = name.strip(_TRIM)
    words = _words(name)
    if not words or set(words) == own or len(words) > 5:
        return
    if name.endswith(("'s", "’s")) or _YEAR.search(name):
        return
    if all(w in _TITLES or w in _PARTICLES or is_common(w, 1500) for w in words):
        return
    found.setdefault(name)
