"""What the layer says of what it could not read or do, in the language of a page.

The layer speaks English. `XX_messages.json` holds what it says, with a name in braces for each
value, beside the same in another language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

__all__ = ["SOURCE", "Said", "told"]

SOURCE: Final = "en"
"""The language of the layer's own words."""

_LONGEST = 1_000
_PLACE = re.compile(r"\\\{(\w+)\\\}")
_IN_BACKTICKS = re.compile(r"`\\\{(\w+)\\\}`")
_IN_QUOTES = re.compile(r"'\\\{(\w+)\\\}'")
_WORD_INSIDE = r"(?<=\w)['\"](?=\w)"
_QUOTED = "|".join(
    rf"(?<!\w){mark}(?:\\.|[^{mark}\\]|(?<=\w){mark}(?=\w))*{mark}(?!\w)" for mark in "'\""
)
_VALUE = rf"""(?:{_QUOTED}|{_WORD_INSIDE}|(?!: |; )[^'"])"""
"""A piece of a value: what stands in quotation marks, with marks of its own as Python writes them,
a mark between two letters, or a letter that begins no joint."""
_NESTED = "why"
_JOINT = "; "
_JOINTS = 8


@dataclass(frozen=True, slots=True)
class Said:
    """A message, and the language that it is in."""

    text: str
    language: str


def told(message: str, language: str) -> Said:
    """A message of the layer's in a language, or as it is where it is not known in that one.

    >>> told("'Osk Tavel' is wide", "de").language
    'en'
    >>> told("this namespace is not open to you", "de")
    Said(text='Dieser Namensraum ist Ihnen nicht zugänglich.', language='de')
    """
    found = _found(message, _known(language)) if len(message) <= _LONGEST else None
    return Said(message, SOURCE) if found is None else Said(found, language)


def _found(message: str, known: Mapping[re.Pattern[str], str]) -> str | None:
    """What is known of a message, or of all those that it is made of."""
    whole = _one(message, known)
    if whole is not None:
        return whole
    for joint in list(re.finditer(_JOINT, message))[:_JOINTS]:
        first = _one(message[: joint.start()], known)
        rest = _found(message[joint.end() :], known) if first is not None else None
        if rest is not None:
            return f"{first} {rest}"
    return None


def _one(message: str, known: Mapping[re.Pattern[str], str]) -> str | None:
    for pattern, said in known.items():
        if match := pattern.fullmatch(message):
            values = match.groupdict()
            if _NESTED in values:
                values[_NESTED] = _found(values[_NESTED], known) or values[_NESTED]
            return said.format(**values)
    return None


@cache
def _known(language: str) -> Mapping[re.Pattern[str], str]:
    """What the layer says as patterns, those with the most words of their own first."""
    file = files("amnestic.server.console").joinpath(f"{language}_messages.json")
    rows: Mapping[str, str] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    ordered = sorted(rows, key=lambda one: -len(re.sub(r"\{\w+\}", "", one)))
    return {_pattern(one): rows[one] for one in ordered}


def _pattern(message: str) -> re.Pattern[str]:
    """What a message looks like with values in its places. Only a message within it goes over a
    joint that stands outside of quotation marks: what is behind that is another's."""
    named = _IN_BACKTICKS.sub(_place_in_backticks, re.escape(message))
    named = _IN_QUOTES.sub(_place_in_quotes, named)
    return re.compile(_PLACE.sub(_place, named), re.DOTALL)


def _place(match: re.Match[str]) -> str:
    return f"(?P<{match[1]}>{'.' if match[1] == _NESTED else _VALUE}*?)"


def _place_in_backticks(match: re.Match[str]) -> str:
    return f"`(?P<{match[1]}>[^`]*|{_VALUE}*?)`"


def _place_in_quotes(match: re.Match[str]) -> str:
    """Where a message has marks of its own around a place, several values may stand in it."""
    return rf"""'(?P<{match[1]}>[^'"]*(?:', '[^'"]*)*)'"""
