"""Sentences that mean some of several things that were told of: "two of these nine", "the three",
"the largest of the three"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from amnestic.tools.prose.articles import points_at_known
from amnestic.tools.prose.grammar import Grammar, grammar_of, is_verb
from amnestic.tools.prose.numerals import number_in

__all__ = ["means_all", "tells_part", "tells_which"]

_TOKEN = re.compile(r"(?<![\w.,:/#$€£-])\d{1,3}(?![\w%]|[.,:/]\d)|[^\W\d_]+(?:['’][^\W\d_]+)*")
_OF = frozenset("of von sur sobre de di su van".split())  # between some and all of them
_OF_THE = frozenset("der des dei degli delle del dos das dentre".split())
_ONE = frozenset("one einer eine eines l'une l'un une un una uno één een uma um".split())
_REACH = 4  # words in which stands "the" before which one of them is meant


@dataclass(frozen=True, slots=True)
class _Counted:
    """How a text tells of so many things: the words before "of" them, whether they are known, and
    whether their number stands without a noun."""

    some: list[str]
    is_known: bool
    is_bare: bool
    is_best: bool  # "the three largest towns", which are others


def tells_part(text: str, before: int) -> bool:
    """Whether a text tells something of some of `before` things: of how many it is true when one of
    them went, it does not say.

    >>> tells_part("Two of these five are closed.", 5), tells_part("All five are closed.", 5)
    (True, False)
    >>> tells_part("Drei von fünf sind zu.", 5), tells_part("Two of five doctors agree.", 5)
    (True, False)
    """
    grammar = grammar_of(text)
    for found in _counted(text, before, grammar):
        if not found.some or found.is_best or not (found.is_known or found.is_bare):
            continue
        *led, some = found.some
        if led and led[-1] in grammar.numbered - grammar.places:  # "step 2 of 5"
            continue
        part = 1 if some in _ONE and not led else number_in(some, grammar.code)
        if part is not None and 0 < part < before:
            return True
    return False


def means_all(text: str, before: int) -> bool:
    """Whether a text means `before` things that were told of, as "the three" does.

    >>> means_all("It was built between the three.", 3), means_all("The three towns are old.", 3)
    (True, False)
    """
    found = _counted(text, before, grammar_of(text))
    return any(one.is_known and one.is_bare for one in found)


def tells_which(text: str, before: int) -> bool:
    """Whether a text means one of `before` things without saying which: "the largest of the three".

    >>> tells_which("It fell on the day of the largest of the three.", 3)
    True
    >>> tells_which("It is the largest of the three towns.", 3)
    False
    """
    grammar = grammar_of(text)
    for found in _counted(text, before, grammar):
        *led, which = found.some or [""]
        one = found.is_bare and which and which not in grammar.common
        if one and any(points_at_known(word, grammar) for word in led[-_REACH:]):
            return True
    return False


def _counted(text: str, before: int, grammar: Grammar) -> Iterator[_Counted]:
    """Where a text tells of `before` things."""
    tokens = list(_TOKEN.finditer(text))
    for i, token in enumerate(tokens):
        if number_in(token.group(), grammar.code) != before:
            continue
        words = [word.group().lower() for word in _joined(text, tokens[: i + 1])][:-1]
        known = bool(words) and (
            words[-1] in _OF_THE
            or points_at_known(words[-1], grammar)
            or words[-1] in grammar.points
        )
        led = words[:-1] if known and words[-1] not in _OF_THE else words
        some = led[:-1] if led and led[-1] in _OF | _OF_THE else []
        if some and some[-1] == "out":
            some = some[:-1]
        after = tokens[i + 1].group().lower() if i + 1 < len(tokens) else ""
        is_best = after.endswith("est") or after == "most"
        yield _Counted(some, known, _is_bare(text, tokens[i : i + 2], grammar), is_best)


def _joined(text: str, tokens: list[re.Match[str]]) -> list[re.Match[str]]:
    """The last of some words between which stands nothing but white space."""
    begin = len(tokens) - 1
    while begin and not text[tokens[begin - 1].end() : tokens[begin].start()].strip(" \t*_"):
        begin -= 1
    return tokens[begin:]


def _is_bare(text: str, pair: list[re.Match[str]], grammar: Grammar) -> bool:
    """Whether no noun stands behind the first of two words."""
    if len(pair) < 2 or text[pair[0].end() : pair[1].start()].strip(" \t*_"):
        return True
    after = pair[1].group().lower()
    verb = is_verb(after, grammar) and not (grammar.code == "en" and after.endswith("s"))
    return after in grammar.common or verb
