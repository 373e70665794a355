"""Whether what a model says that a text tells stands in it, in whatever form and order."""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile

__all__ = ["as_written", "letters", "stands_in", "tells"]

_WORD = re.compile(r"[^\W_]+")
_STEM = 3  # letters that two forms of a word share at least, but for the shortest names
_ENDING = 3


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
    where one of them is not in it.

    >>> as_written("Tor Hagen", "Forget Ana and Tor Brix-Hagen."), as_written("Osk", "Tarn")
    ('Tor Hagen', None)
    >>> as_written("Jan Kowalski", "Zapomnij Jana Kowalskiego.")
    'Jana Kowalskiego'
    """
    if stands_in(name, text):
        return name
    told = dict.fromkeys(_words(text))
    written = [_form_in(word, told) for word in _words(name)]
    return " ".join(word for word in written if word) if written and all(written) else None


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
    alike = (other for other in told if _are_forms(word.casefold(), other.casefold()))
    return next(same, None) or next(alike, None)


def _are_forms(one: str, other: str) -> bool:
    """Whether two words differ by their endings alone; a number has none."""
    if any(c.isdigit() for c in one + other):
        return False
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))
    ending = max(_ENDING, shared - 1) if shared >= _STEM else 1
    return shared > 1 and max(len(one), len(other)) - shared <= ending
