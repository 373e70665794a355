"""Rows of clauses that share the verb of the first: "Hill won in May, Osk in June, …"."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from amnestic.tools.prose.grammar import Grammar, grammar_of, has_verb

__all__ = ["without_gapped"]

Leaks = Callable[[str], bool]

_COMMA = re.compile(r",\s+(?![^()]*\))")
_JOINED = re.compile(
    r"\s+(?P<and>and|or|und|oder|et|ou|y|o|e|en)\s+(?=[^\W\d_a-zß-ÿ]|an?\s|the\s)(?![^()]*\))"
)
_AND = re.compile(r"(?P<and>(?:and|or|und|oder|et|ou|y|o|e|en)\s+)?(?P<told>.*)", re.DOTALL)
_PART = re.compile(
    r"(?P<who>[^\W\d_a-zß-ÿ][\w'’-]*(?:\s[^\W\d_a-zß-ÿ][\w'’-]*){0,4}|(?:an?|the)\s[^\W\d_]+)\s+"
    r"(?P<rest>(?P<first>[\w€$£]+)[^,;]*)"
)
_FEWEST = 3
_STOP = re.compile(r"[.!?…]+[\"'”’»)*_\]]*\s*$")


def without_gapped(sentence: str, leaks: Leaks) -> str:
    """A row of clauses, of which the second and all behind it have a subject and no verb, without
    those that leak; nothing where it is none, or where the first leaks, whose verb the others need.

    >>> without_gapped("Hill won in 1960, Osk in 1964, Tarn in 1968.", lambda s: "Osk" in s)
    'Hill won in 1960, Tarn in 1968.'
    >>> without_gapped("Hill lives in Sund, Osk in Tavel, a son in Ost.", lambda s: "Osk" in s)
    ''
    >>> without_gapped("Hill plays drums, Osk bass and Tarn sings.", lambda s: "Osk" in s)
    ''
    """
    grammar = grammar_of(sentence)
    stop = _STOP.search(sentence)
    body = sentence[: stop.start()] if stop else sentence
    parts, joint = _parts(body)
    if len(parts) < _FEWEST or leaks(parts[0]) or not has_verb(parts[0], grammar):
        return ""
    if not all(_is_gapped(part, parts[0], grammar) for part in parts[1:]):
        return ""
    of_things = parts[0].split()[0].lower() in grammar.articles
    if not of_things and any(leaks(a) and b[:1].islower() for a, b in pairwise(parts)):
        return ""  # "Osk lives in Tavel, a son in Ost"
    kept = [part for part in parts if not leaks(part)]
    if len(kept) < 2 or len(kept) == len(parts):
        return ""
    last = joint if len(kept) >= _FEWEST or not joint.strip(", ") else joint.lstrip(",")
    told = ", ".join(kept[:-1]) + last + kept[-1]
    return told + (stop.group() if stop else "")


def _parts(body: str) -> tuple[list[str], str]:
    """The parts of a row, and what joins the last two."""
    parts = _COMMA.split(body)
    last = _AND.fullmatch(parts[-1])
    if last is not None and last["and"]:
        return [*parts[:-1], last["told"]], f", {last['and']}"
    joined = list(_JOINED.finditer(parts[-1]))
    if not joined:
        return parts, ", "
    at = joined[-1]
    split = [parts[-1][: at.start()], parts[-1][at.end() :]]
    return [*parts[:-1], *split], f" {at['and']} "


def _is_gapped(part: str, first: str, grammar: Grammar) -> bool:
    """Whether a part has a subject and, without a verb, what the first part has behind its own: a
    phrase with the same word before it, an amount, or a thing."""
    match = _PART.fullmatch(part.strip())
    if match is None or has_verb(match["rest"], grammar):
        return False
    word = match["first"].lower()
    if re.match(r"[€$£]?\d", word):
        return any(map(str.isdigit, first))
    words = {said.lower() for said in re.findall(r"[^\W\d_]+", first)[1:]}
    if word in grammar.articles:
        return not words.isdisjoint(grammar.articles)
    return word in grammar.places and word in words
