"""Names that are words of the language, and the spelling that tells them from those."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from amnestic.tools.names.given_names import is_given_name, is_often_given
from amnestic.tools.names.name_words import words_of_name
from amnestic.tools.reading import fold_word, is_common, is_marked_word, small_share

__all__ = ["is_often_small", "is_plain", "is_weak_alone", "marked_names", "meets_by_chance"]

_OFTEN_SMALL = 0.3
_EVERYDAY = 1_500  # words that everybody uses, by their rank
_COMMON = 6_000
_LONG_ENOUGH = 3  # letters; shorter ones are words of many languages: "Lô"
_BRACKET = re.compile(r"\s*\(([^()]+)\)\s*$")


def is_often_small(word: str) -> bool:
    """Whether a folded word is often enough written with a small letter to be one of the language.

    >>> is_often_small("discord"), is_often_small("london")
    (True, False)
    """
    return small_share(word) >= _OFTEN_SMALL


def is_plain(words: Iterable[str]) -> bool:
    """Whether every word is an everyday one, so that the form may be no name at all. What is never
    written small is a name, however common it is.

    >>> is_plain(["will", "young"]), is_plain(["mirela", "young"]), is_plain(["napoleon"])
    (True, False, False)
    """
    return all(
        w.isdigit() or is_often_small(w) or (is_common(w, _COMMON) and small_share(w) > 0)
        for w in words
    )


def is_weak_alone(name: str, words: Sequence[str], *, elicited: bool = False) -> bool:
    """Whether a name of one word, by its folded `words`, names nobody by itself: a given name of
    everyday use that many people bear, and a word of the language but for the marks that folding
    takes away ("Mané", "mane"). Of what a model has said that it calls somebody, any common word:
    whoever asks to forget George Washington has not said that each Washington is meant.

    >>> is_weak_alone("Michael", ["michael"]), is_weak_alone("Napoleon", ["napoleon"])
    (True, False)
    >>> is_weak_alone("Mané", ["mane"]), is_weak_alone("Gates", ["gates"])
    (True, False)
    >>> is_weak_alone("Washington", ["washington"], elicited=True)
    True
    """
    if len(words) != 1 or not (is_common(words[0], _COMMON) or is_often_small(words[0])):
        return False
    return elicited or is_often_given(words[0]) or words[0] != name.strip().lower()


def meets_by_chance(words: Sequence[str]) -> bool:
    """Whether a person's name may stand in a text in small letters though nobody is meant: each of
    its words is one that everybody uses ("will young"), as few given names are ("neil young").

    >>> meets_by_chance(["will", "young"]), meets_by_chance(["neil", "young"])
    (True, False)
    """
    return is_plain(words) and (len(words) < 2 or all(is_common(w, _EVERYDAY) for w in words))


def marked_names(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Those of one word that have marks which folding takes away and are no words so spelt, each
    folded and in small letters; also where they stand in brackets behind the name without them.
    Many are called by one given name ("René").

    >>> list(marked_names(["Mané", "Café", "Bata (Baťa)", "Inés Mané"]))
    [('mane', 'mané'), ('bata', 'baťa')]
    """
    for name in names:
        bracket = _BRACKET.search(name)
        if bracket and fold_word(name[: bracket.start()]) == fold_word(bracket[1]):
            name = bracket[1]
        words, small = words_of_name(name), unicodedata.normalize("NFC", name.strip()).lower()
        if len(words) == 1 and small.isalpha() and len(small) == len(words[0]) >= _LONG_ENOUGH and (
            name[:1].isupper() and small != words[0] and not is_marked_word(small)
            and not is_given_name(words[0])
        ):  # fmt: skip
            yield words[0], small
