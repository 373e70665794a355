"""Whether what a model says that a text tells stands in it, in whatever form and order."""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile

from amnestic.agents.requests import mentions_in
from amnestic.tools.reading import segments

__all__ = ["as_written", "in_one_sentence", "letters", "stands_in", "tells"]

_WORD = re.compile(r"[^\W_]+")
_STEM = 3  # letters that two forms of a word share at least, but for the shortest names
_ENDING = 3
_FULL_NAME = 2
_CONSONANTS = re.compile("[bcdfghjklmnpqrstvwxzß]+")


def letters(text: str) -> str:
    """The letters and digits of a text, folded.

    >>> letters("Ana Morel, no. 7")
    'anamorelno7'
    """
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def stands_in(piece: str, text: str) -> bool:
    """Whether a piece stands in a text as it is, however it is spaced and punctuated.

    >>> stands_in("020 7946", "call 0207946-12"), stands_in("", "call")
    (True, False)
    """
    return bool(letters(piece)) and letters(piece) in letters(text)


def as_written(name: str, text: str) -> str | None:
    """The words of a name as a text has them, which may stand apart or be inflected there; `None`
    where one of them is not in it, or each belongs to somebody else's name.

    >>> as_written("Tor Hagen", "Forget Ana and Tor Brix-Hagen."), as_written("Osk", "Tarn")
    ('Tor Hagen', None)
    >>> as_written("Jan Kowalski", "Zapomnij Jana Kowalskiego.")
    'Jana Kowalskiego'
    >>> as_written("Ana Hagen", "Forget Ana Morel and Tor Hagen.") is None
    True
    """
    if _stands_whole(name, text):
        return name
    told = dict.fromkeys(_words(text))
    found = [_form_in(word, told) for word in _words(name)]
    written = [word for word in found if word is not None]
    if not written or len(written) < len(found) or _is_of_several(written, text):
        return None
    return " ".join(written)


def in_one_sentence(piece: str, text: str) -> bool:
    """Whether the words of a piece stand together in a text, or in one sentence of it.

    >>> in_one_sentence("her shop", "Her old shop."), in_one_sentence("her shop", "Her. A shop.")
    (True, False)
    """
    sentences = (sentence.of(text) for sentence in segments(text))
    return stands_in(piece, text) or any(as_written(piece, one) is not None for one in sentences)


def _stands_whole(name: str, text: str) -> bool:
    """Whether a name stands in a text as it is, and begins where a word does: not "Ana" in
    "banana". A script without capitals may write words in one."""
    name, text = (unicodedata.normalize("NFKC", one).casefold() for one in (name, text))
    signs = [re.escape(sign) for sign in name if sign.isalnum()]
    start = r"(?<![^\W_])" if signs and signs[0] != signs[0].upper() else ""
    return bool(signs) and re.search(start + r"[\W_]*".join(signs), text) is not None


def _is_of_several(words: list[str], text: str) -> bool:
    """Whether words are pieces of the names of several others, and none stands for itself."""
    held = set(words)
    others = [set(_words(m.name)) for m in mentions_in(text) if m.score >= _FULL_NAME]
    others = [other for other in others if other - held and other & held]
    return len(others) > 1 and held <= set().union(*others)


def tells(fact: str, text: str) -> bool:
    """Whether a fact says what a text says: most of its words, and all its names and numbers.

    >>> tells("Osk paints.", "Osk. She paints."), tells("Osk is from Tarn.", "Osk is a painter.")
    (True, False)
    """
    words = re.findall(r"\w+", fact)
    told = dict.fromkeys(_words(text))
    names = [w for w in words[1:] if w[:1].isupper() or w[:1].isdigit()]
    held = sum(w.casefold() in {t.casefold() for t in told} for w in words)
    return all(_form_in(n, told) for n in names) and held >= len(words) / 2


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text))


def _form_in(word: str, told: dict[str, None]) -> str | None:
    """A word as it stands among others: itself, or one that differs from it by its ending."""
    same = (other for other in told if other.casefold() == word.casefold())
    alike = (
        other
        for other in told
        if other[:1].isupper() == word[:1].isupper()
        and _are_forms(word.casefold(), other.casefold())
    )
    return next(same, None) or next(alike, None)


def _are_forms(one: str, other: str) -> bool:
    """Whether two words differ by their endings alone; a number has none."""
    if any(c.isdigit() for c in one + other):
        return False
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))
    ends = one[shared:], other[shared:]
    if all(map(_CONSONANTS.fullmatch, ends)):  # "Tor" and "Tom" are two names
        return False
    ending = max(_ENDING, shared - 1) if shared >= _STEM else 1
    return shared > 1 and max(len(one), len(other)) - shared <= ending
