"""What people call a thing for short whose whole name says more: without article, legal form,
date, or the noun that says what it is; and what they call one of several things, or all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleanco import basename

from amnestic.tools.names.dates import dates_in
from amnestic.tools.names.given_names import is_given_name
from amnestic.tools.names.name_words import ARTICLES, words_of_name
from amnestic.tools.reading import fold_word, is_common, rank, small_share
from amnestic.types import TargetKind

__all__ = ["cores_of", "in_other_number"]

_THINGS = frozenset(TargetKind) - {TargetKind.PERSON, TargetKind.RECORD, TargetKind.SKILL}
_MADE = frozenset({TargetKind.WORK, TargetKind.ORGANISATION})
_ARTICLE = re.compile(r"(?:the|der|die|das|den|dem)\s+(?=\S)", re.IGNORECASE)
_LINK = re.compile(
    r"(?:[\s,(]+(?:of|on|from|in|vom|am|von|des|der|del?|du|di|dil|el|le|il|em|no|op|van)){0,3}[\s,(]*$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_WORD = re.compile(r"\S+")
_EVERYDAY = 1_500
_OFTEN_SMALL = 0.3
_OF = frozenset("of at in for from de du des di del della von für zu aus van voor".split())


def cores_of(name: str, kind: TargetKind) -> tuple[str, ...]:
    """The shorter names that stand for the same thing; none for people, records and skills.

    A single word is only one where it is hardly ever written small, so that it is no word of the
    language, or stands before a legal form (those of `cleanco`); and no other name is made of
    everyday words alone.

    >>> cores_of("Halifax Explosion of 6 December 1917", TargetKind.TOPIC)
    ('Halifax Explosion',)
    >>> cores_of("The Orvanta Company", TargetKind.ORGANISATION)
    ('Orvanta Company', 'The Orvanta', 'Orvanta')
    >>> cores_of("The Guardian", TargetKind.ORGANISATION), cores_of("Mirela Osk", TargetKind.PERSON)
    ((), ())
    """
    if kind not in _THINGS:
        return ()
    found: dict[str, None] = {}
    left = [name]
    while left:
        whole = left.pop(0)
        firm = basename(whole) if kind is TargetKind.ORGANISATION else whole
        for core in (*_shorter(whole, kind), firm):
            core = core.strip(" ,;:-–—")
            if core not in ("", name) and core not in found and (core == firm or _is_name(core)):
                found[core] = None
                left.append(core)
    return tuple(found)


def _shorter(name: str, kind: TargetKind) -> Iterator[str]:
    yield _BRACKET.sub("", name)
    yield _ARTICLE.sub("", name, count=1) if _ARTICLE.match(name) else name
    yield _without_date(name)
    if kind in _MADE:
        yield _without_noun(name)


def _without_date(name: str) -> str:
    """The name before a day that ends it; a year alone tells one of many: "elections of 2012"."""
    ends = [span.start for _, span in dates_in(name) if not name[span.end :].strip(" )],.")]
    return _LINK.sub("", name[: min(ends)]) if ends else name


def _without_noun(name: str) -> str:
    """The name before a noun in small letters that says what it is, in the singular: several may be
    somebody's ("Mirela Osk songs"). Two words at least have to be left."""
    words = list(_WORD.finditer(name))
    if len(words) < 3 or not all(_is_capital(w.group()) for w in words[:2]):
        return name
    last = words[-1].group()
    is_noun = last.islower() and last.isalpha() and not last.endswith("s")
    is_noun = is_noun and not is_given_name(fold_word(words[0].group()))  # "Mirela Osk film"
    named = [w for w in words[:-1] if _is_capital(w.group())]
    return name[: words[-2].end()] if is_noun and len(named) == len(words) - 1 else name


def _is_capital(word: str) -> bool:
    return word[:1].isupper() or word[:1].isdigit()


def _is_name(core: str) -> bool:
    words = words_of_name(core)
    telling = [w for w in words if not is_common(w, _EVERYDAY) and not w.isdigit()]
    if len(words) == 1:
        return bool(telling) and len(words[0]) > 2 and small_share(words[0]) < _OFTEN_SMALL
    return bool(telling)


def in_other_number(
    words: tuple[str, ...], name: str, kind: TargetKind
) -> Iterator[tuple[str, ...]]:
    """The words of a name that says of what, with its noun, in small letters, in its other number:
    "the pyramids of Giza" are each "the Great Pyramid of Giza".

    >>> list(in_other_number(("mills", "of", "orvanta"), "mills of Orvanta", TargetKind.TOPIC))
    [('mill', 'of', 'orvanta')]
    """
    told = [word for word in name.split() if word.lower() not in ARTICLES]
    at = next((i for i, word in enumerate(words) if word in _OF), 0)
    if (
        kind is TargetKind.PERSON
        or not at
        or not told[0].islower()
        or all(map(is_common, words[at + 1 :]))
    ):
        return
    noun = words[at - 1]
    other = f"{noun[:-3]}y" if noun.endswith("ies") else noun.removesuffix("s")
    other = other if other != noun else f"{noun}s"
    if not noun.endswith("ss") and (rank(noun) or rank(other)):
        yield (other, *words[at:])
