"""Sentences in which a speaker says that they do not know, or asks back."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

__all__ = ["asks_back", "not_knowing_languages", "says_ignorance"]

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
def _table() -> dict[str, dict[str, list[str]]]:
    text = files("amnestic.tools.reading").joinpath("ignorance.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _patterns(what: str) -> re.Pattern[str]:
    return re.compile("|".join(p for rows in _table().values() for p in rows[what]), re.IGNORECASE)
