"""The words of the console in English and German."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from starlette.requests import HTTPConnection

__all__ = ["CHOSEN", "LANGUAGES", "Words", "accepted", "words_for", "words_of"]

LANGUAGES = ("en", "de")
"""What the console speaks, its own language first."""

CHOSEN = "amnestic_language"
"""The cookie that holds which of them somebody has chosen."""

_MARKS = str.maketrans(",.", ".,")


@dataclass(frozen=True, slots=True)
class Words:
    """A language: what is said in it for the English words of a page."""

    code: str
    known: Mapping[str, str]

    def say(self, text: str, **values: object) -> str:
        """The words in this language, with values in the places that braces mark.

        >>> words_of("de").say("{count} found", count=3)
        '3 gefunden'
        """
        said = self.known.get(text, text)
        return said.format(**values) if values else said

    def number(self, value: float, digits: int = 0) -> str:
        """A number as it is written in this language.

        >>> words_of("de").number(100_000), words_of("en").number(1_234.56, 1)
        ('100.000', '1,234.6')
        """
        told = f"{value:,.{digits}f}"
        return told if self.code == LANGUAGES[0] else told.translate(_MARKS)


@cache
def words_of(code: str) -> Words:
    """A language by its code; English for one that is not spoken."""
    code = code if code in LANGUAGES else LANGUAGES[0]
    text = files("amnestic.server.console").joinpath(f"{code}.json").read_text("utf-8")
    return Words(code, json.loads(text))


def words_for(request: HTTPConnection) -> Words:
    """The language that was chosen, or else the one that the browser asks for."""
    chosen = request.cookies.get(CHOSEN, "")
    return words_of(chosen or accepted(request.headers.get("accept-language", "")))


def accepted(header: str) -> str:
    """The language of `Accept-Language` that is spoken here and wanted most.

    >>> accepted("fr, de-AT;q=0.8, en;q=0.5"), accepted("")
    ('de', 'en')
    """
    wanted = []
    for part in header.split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        code = tag.strip().lower().partition("-")[0]
        if code in LANGUAGES:
            wanted.append((_number(weight), code))
    return max(wanted, key=lambda one: one[0], default=(1.0, LANGUAGES[0]))[1]


def _number(weight: str) -> float:
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0
