"""Rows of phrases with a name in brackets behind each: "bare walls (Hill), round ones (Osk)"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from amnestic.tools.prose.counted import recounted
from amnestic.tools.prose.grammar import Grammar, grammar_of, has_verb
from amnestic.tools.prose.wellformed import reads_well

__all__ = ["without_bracketed"]

Leaks = Callable[[str], bool]

_BRACKET = re.compile(r"\([^()\n]{1,120}\)")
_BEGINS = re.compile(r"(?:\s[–—-]|—|:)\s+")
_FEWEST = 2
_WORDS = 10  # of a phrase
_INSIDE = re.compile(r"[.!?;:()]|\s[–—]\s")


@dataclass(frozen=True, slots=True)
class _Row:
    """What stands before the row, its items, what joins each to the one before, what follows."""

    lead: str
    items: tuple[str, ...]
    joints: tuple[str, ...]
    rest: str


def without_bracketed(sentence: str, leaks: Leaks) -> str:
    """A sentence with a row of phrases, each with a name in brackets behind it, without those that
    leak; nothing where there is no such row, or where something else leaks.

    >>> told = "Each has a way – bare walls (Hill), round ones (Osk) and clay (Tarn)."
    >>> without_bracketed(told, lambda s: "Osk" in s)
    'Each has a way – bare walls (Hill) and clay (Tarn).'
    """
    grammar = grammar_of(sentence)
    row = _row(sentence, grammar)
    if row is None or leaks(row.lead) or leaks(row.rest):
        return ""
    gone = [leaks(item) for item in row.items]
    kept = [item for item, goes in zip(row.items, gone, strict=True) if not goes]
    if not kept or len(kept) == len(row.items):
        return ""
    many, left = len(row.items), len(kept)
    lead = recounted(row.lead, many, left)
    told = f"{lead}{_joined(kept, row.joints)}{row.rest}"
    return told if reads_well(told, sentence, grammar) else ""


def _row(sentence: str, grammar: Grammar) -> _Row | None:
    """The longest row of a sentence: it begins behind a dash or a colon."""
    brackets = list(_BRACKET.finditer(sentence))
    joint = re.compile(rf",?\s+(?:{'|'.join(map(re.escape, grammar.joins))})\s+|,\s+")
    for first in range(len(brackets) - _FEWEST + 1):
        begins = list(_BEGINS.finditer(sentence, 0, brackets[first].start()))
        if not begins or not _is_phrase(sentence[begins[-1].end() : brackets[first].start()]):
            continue
        start, end = begins[-1].end(), brackets[first].end()
        items, joints = [sentence[start:end]], []
        for bracket in brackets[first + 1 :]:
            between = joint.match(sentence, end)
            if not between or not _is_phrase(sentence[between.end() : bracket.start()]):
                break
            joints.append(between.group())
            items.append(sentence[between.end() : bracket.end()])
            end = bracket.end()
        rest = sentence[end:]
        if len(items) >= _FEWEST and not has_verb(rest.partition(".")[0], grammar):
            return _Row(sentence[:start], tuple(items), tuple(joints), rest)
    return None


def _is_phrase(told: str) -> bool:
    return 0 < len(told.split()) <= _WORDS and _INSIDE.search(told) is None


def _joined(items: Sequence[str], joints: Sequence[str]) -> str:
    """The items that stay, joined as they were: the last as the last was."""
    if len(items) == 1:
        return items[0]
    last = joints[-1]
    if len(items) == 2 and last.strip() != ",":
        last = last.removeprefix(",")
    return joints[0].join(items[:-1]) + last + items[-1]
