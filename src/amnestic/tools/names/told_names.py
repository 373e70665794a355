"""Further names that what is known of a target gives to it: "born …", "also known as …"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from amnestic.tools.names.name_words import ARTICLES, PARTICLES, TITLES, words_of_name
from amnestic.tools.reading import is_common, rank
from amnestic.types import FacetKind, ForgetTarget, TargetKind

__all__ = ["names_told"]

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
_SIGNS = (  # one stands in each match of `_TOLD`: to look for them takes a tenth of the time
    *("born", "née", "nee", "ka", "k.a", "alias", "pseudonym", " name", "nickname", "dubbed"),
    *("known", "called", "referred to", "credited", "billed", "mononymously"),
)
_OPENING = re.compile(_NAME)
_SPEAKS = re.compile(_NAME + r"(?=,? [a-zà-ÿ(])")
_VERB = re.compile(r",| (?:is|was|are|were|\()|:")
_TRIM = " \t,.;:!?\"“”‘’'()[]"
_OPENERS = 170  # words so common that they name nothing
_YEAR = re.compile(r"\b(?:in|on)\b|\d")


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
    own = set(words_of_name(" ".join(target.proper_names)))
    texts = [target.description]
    texts += [f.text for f in target.facets if f.kind is FacetKind.DESCRIPTION]
    found: dict[str, None] = {}
    for text in dict.fromkeys(texts):
        for match in _told(text):
            _add(found, match[1], own)
        for name in _opening(text, own):
            _add(found, name, own)
    for name in _opening_often(target, own):
        _add(found, name, own)
    for text in target.facts:
        told, opened = list(_told(text[:240])), list(_opening(text, own))
        if (told or opened) and not own.isdisjoint(words_of_name(text[:80])):
            for match in told:
                words = set(words_of_name(match.group(1)))
                if len(words) > 1 and (own & words or match.start() < 40):
                    _add(found, match.group(1), own)
            for name in opened:
                if own <= set(words_of_name(name)):
                    _add(found, name, own)
    return tuple(found)


def _told(text: str) -> Iterator[re.Match[str]]:
    return _TOLD.finditer(text) if any(map(text.__contains__, _SIGNS)) else iter(())


def _opening_often(target: ForgetTarget, own: set[str]) -> Iterator[str]:
    """The names of several words by which several facts of a thing begin to speak of it, with a
    word of its name that is no other: "The Orlo Tower" of "tour Orlo"."""
    if target.kind is TargetKind.PERSON:
        return
    rare = {word for word in own if rank(word) is None}
    facts = (fact.removeprefix(f"{target.subject}: ") for fact in target.facts)
    opened = (match for fact in facts if (match := _SPEAKS.match(fact)))
    names = Counter(match.group(1) for match in opened)
    for name, count in names.items():
        words = words_of_name(name)
        if count > 1 and len(words) > 1 and rare.intersection(words):
            yield name


def _opening(text: str, own: set[str]) -> Iterator[str]:
    match = _OPENING.match(text)
    if match and _VERB.match(text, match.end()):
        name = _without_opener(match.group(1), own)
        words = words_of_name(name)
        if own & set(words) and len(words) > 1:
            yield name


def _without_opener(name: str, own: set[str]) -> str:
    """A name without the word before it that has its capital from opening a sentence: "In Orlo"."""
    first, _, rest = name.partition(" ")
    words = words_of_name(first)
    is_opener = bool(rest) and not {*words} & (own | ARTICLES)
    is_opener = is_opener and all(is_common(w, _OPENERS) for w in words)
    return _without_opener(rest, own) if is_opener else name


def _add(found: dict[str, None], name: str, own: set[str]) -> None:
    name = name.strip(_TRIM)
    words = words_of_name(name)
    if not words or set(words) == own or len(words) > 5:
        return
    if name.endswith(("'s", "’s")) or _YEAR.search(name):
        return
    if all(w in TITLES or w in PARTICLES or is_common(w, 1500) for w in words):
        return
    found.setdefault(name)
