"""Of whom a sentence speaks that begins with "he" or "she"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import StrEnum

__all__ = ["Gender", "gender_told", "with_name_for_pronoun"]


class Gender(StrEnum):
    """By which pronouns English speaks of somebody."""

    HE = "he"
    SHE = "she"


_OPENING = re.compile(r"(?P<space>\s*)(?P<word>He|She|His|Her)\s+(?=\S)")
_NAME = re.compile(r"\b[A-Z][\w'’-]+(?:\s+(?:(?:de|van|von|der|la|di)\s+)?[A-Z](?:\.|[\w'’-]*))+")
_PRONOUNS = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)


def gender_told(texts: Iterable[str]) -> Gender | None:
    """The pronouns by which `texts` speak of their subject; `None` where they use none or both.

    >>> gender_told(["He won a prize. He is married to the painter Edda Tarn."])
    <Gender.HE: 'he'>
    """
    told = " ".join(texts)
    he = sum(bool(m) for m in re.findall(r"\b(?:[Hh]e|[Hh]is|[Hh]im)\b", told))
    she = sum(bool(m) for m in re.findall(r"\b(?:[Ss]he|[Hh]er|[Hh]ers)\b", told))
    if bool(he) == bool(she):
        return None
    return Gender.HE if he else Gender.SHE


def with_name_for_pronoun(
    before: str, sentence: str, subject: Gender | None, names_target: Callable[[str], bool]
) -> str | None:
    """`sentence`, which begins with a pronoun, with the name of the other person whom the sentence
    before it names; `None` where it may speak of the subject of that sentence.

    >>> of_target = lambda name: "Osk" in name
    >>> with_name_for_pronoun("Osk met Edda Tarn. ", "She writes.", Gender.HE, of_target)
    'Edda Tarn writes.'
    """
    match = _OPENING.match(sentence)
    if match is None or subject is None:
        return None
    word = match["word"]
    speaks_of = Gender.HE if word in ("He", "His") else Gender.SHE
    if speaks_of is subject:
        return None
    others = {name for name in _NAME.findall(before) if not names_target(name)}
    rest = sentence[match.end("word") :]
    if len(others) != 1 or any(_other(p, speaks_of) for p in _PRONOUNS.findall(rest)):
        return None
    name: str = others.pop() + ("'s" if word == "His" or _is_possessive(word, rest) else "")
    return f"{match['space']}{name}{rest}"


def _other(pronoun: str, speaks_of: Gender) -> bool:
    """Whether a further pronoun speaks of somebody else, perhaps the subject."""
    return (pronoun.lower() in ("he", "him", "his")) is (speaks_of is Gender.SHE)


def _is_possessive(word: str, rest: str) -> bool:
    return word == "Her" and bool(re.match(r"\s+\w", rest))
