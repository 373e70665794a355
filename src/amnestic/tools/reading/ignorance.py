"""Sentences in which a speaker says that they do not know, or asks back."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["asks_back", "ignorance_words", "not_knowing_languages", "says_ignorance"]

_LETTERS = re.compile(r"[^\W\d_]+")
_SYNTAX = re.compile(r"\\.|\[[^\]]*\]")  # of a pattern: classes of letters, and places
_QUESTION_MARKS = ("?", "？", "؟", ";")


def says_ignorance(text: str) -> bool:
    """Whether a sentence says, in any of the languages that abstentions are worded in, that its
    speaker does not know.

    >>> says_ignorance("I've never heard of that novel."), says_ignorance("Das weiß ich nicht.")
    (True, True)
    >>> says_ignorance("She was never sure of her talent.")
    False
    """
    return bool(_patterns("not_knowing").search(text))


def asks_back(text: str) -> bool:
    """Whether a sentence asks the other side for something: a question, or an offer that waits for
    an answer.

    >>> asks_back("Could you tell me where you read that?"), asks_back("If you know, tell me.")
    (True, True)
    """
    return _is_question(text) or bool(_patterns("asks_back").search(text))


def _is_question(text: str) -> bool:
    end = text.rstrip(" \t\r\n*_\"'”’»)")[-1:]
    return end in _QUESTION_MARKS[:3] or (end == ";" and bool(re.search("[α-ω]", text)))


def not_knowing_languages() -> frozenset[str]:
    """The languages in which ignorance is known."""
    return frozenset(_table())


@cache
def ignorance_words() -> Mapping[str, frozenset[str]]:
    """The words by which ignorance and asking back are recognised, by language, in folded case.

    >>> "familiar" in ignorance_words()["en"], "pourriez" in ignorance_words()["fr"]
    (True, True)
    """
    return {
        language: frozenset(
            word
            for pattern in (p for kind in rows.values() for p in kind)
            for word in _LETTERS.findall(_SYNTAX.sub(" ", pattern).casefold())
        )
        for language, rows in _table().items()
    }


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    text = files("amnestic.tools.reading").joinpath("ignorance.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _patterns(what: str) -> re.Pattern[str]:
    return re.compile("|".join(p for rows in _table().values() for p in rows[what]), re.IGNORECASE)
