"""Whether a text that is a name by itself, as a model writes it in a list, is a target's name."""

from __future__ import annotations

from collections.abc import Sequence

from amnestic.tools.names.forms import Strength
from amnestic.tools.names.search import NameHit
from amnestic.tools.reading import Reading, rank

__all__ = ["is_everyday", "is_name_of", "is_only_a_name"]

_SHORT = 3


def is_name_of(hit: NameHit, reading: Reading) -> bool:
    """Whether a form found in a listed name says whose it is.

    A whole name does, also with more around it ("the lawyer of Maren Ilvasti"). Of one word alone,
    the whole item must be that word, or the word none of the language: "Rose" is in "Rose Garden"
    and names no Rose. A bare surname counts where it is all of the item, and no word; a bare given
    name never does.

    >>> from amnestic.tools.names import NameMatcher, forms_of
    >>> from amnestic.tools.reading import read
    >>> from amnestic.types import ForgetTarget
    >>> matcher = NameMatcher()
    >>> matcher.add("t", forms_of(ForgetTarget(id="t", subject="Maren Ilvasti", kind="person")))
    >>> listed = map(read, ("Maren Ilvasti", "Ilvasti", "Maren", "Ilvasti Museum"))
    >>> [any(is_name_of(hit, item) for hit in matcher.find(item)) for item in listed]
    [True, True, False, False]
    """
    if hit.strength is Strength.PART or (hit.strength is not Strength.FULL and not hit.exact):
        return False
    if hit.view != "plain" or hit.last > hit.first:
        return hit.strength >= Strength.TOLD
    is_word = not is_only_a_name(reading.tokens[hit.first].word)
    is_all = len(reading.tokens) == 1
    if hit.strength is Strength.SURNAME:
        return is_all and hit.capital and not is_word
    return is_all or not is_word


def is_everyday(hit: NameHit, words: Sequence[str]) -> bool:
    """Whether what was found is a given name or an everyday word ("cash", "50"), which stand in
    many texts that are about nobody on the list; `words` are those of the text."""
    if hit.view != "plain" or not hit.exact or hit.strength > Strength.SURNAME:
        return False
    if hit.strength is Strength.SURNAME and hit.capital:
        return False
    return not any(map(is_only_a_name, words[hit.first : hit.last + 1]))


def is_only_a_name(word: str) -> bool:
    """Whether a folded word of a name is nothing else besides: in no dictionary, no number and no
    short run of letters.

    >>> [is_only_a_name(word) for word in ("ilvasti", "rose", "50", "osk")]
    [True, False, False, False]
    """
    short = len(word) <= _SHORT and word.isascii()
    return rank(word) is None and not word.isdigit() and not short
