"""Postal addresses by street and number, in either order and however the street is shortened."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from amnestic.tools.reading import fold_word
from amnestic.types import Span

__all__ = ["Street", "is_built_like_an_address", "postcode_differs", "street_of", "streets_in"]

_SHORT = {
    long: short
    for short, longs in {
        "st": "street str strasse st",
        "rd": "road",
        "ave": "avenue av avenida avda avinguda",
        "ln": "lane",
        "dr": "drive",
        "ct": "court",
        "sq": "square",
        "pl": "place platz plaza",
        "ter": "terrace",
        "blvd": "boulevard bd",
        "hwy": "highway",
        "cres": "crescent",
        "cl": "close",
        "pkwy": "parkway",
        "cir": "circle",
        "c": "calle",
    }.items()
    for long in longs.split()
}
_COMPOUND = ("strasse", "str", "platz")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d{1,5}[a-z]?")
_UNSAID = frozenset(("ul", "ulica"))  # "street" in front of a name, which is mostly left out
_POSTCODE = re.compile(
    r"(?<![\d-])(?:\d{2}-\d{3}|\d{4}-\d{3}|\d{4,6})(?![\d-])|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b"
)
_BETWEEN = re.compile(r"[ \t]*[,.\-'’]{0,2}[ \t]*\n?[ \t]*")
_MOST = 6  # words of a street
_BEHIND = 32  # characters behind a street in which its town's postcode stands
_UNITS = frozenset("apt apartment suite ste unit flat app appt wohnung etage floor".split())


class Street(NamedTuple):
    """A street in one form, and the number of a house in it."""

    name: str
    number: str


class _Word(NamedTuple):
    word: str
    start: int
    end: int


def street_of(address: str) -> Street | None:
    """Street and number of an address; `None` where it has none.

    >>> street_of("14 Quill Lane, Port Tavel"), street_of("Lindenstraße 27, 50674 Köln")
    (Street(name='quill ln', number='14'), Street(name='linden st', number='27'))
    """
    words = _line(address)
    places = [i for i, word in enumerate(words) if _NUMBER.fullmatch(word)]
    if not places or len(words) < 2:
        return None
    first = places[0]
    name = _cut(words[first + 1 :]) if first == 0 else words[:first]
    return Street(" ".join(name[:_MOST]), words[first]) if name else None


def _line(address: str) -> list[str]:
    """The words of the part that has the street: behind one for a flat, and with a number that is
    parted from its street."""
    told: list[str] = []
    for part in address.replace("\n", ",").split(","):
        if not _is_unit(part):
            told += [w.word for w in _words(part)]
            if len(told) > 1:
                break
    return told


def _cut(words: list[str]) -> list[str]:
    """The words before those for a flat."""
    unit = next((i for i, word in enumerate(words) if word in _UNITS), len(words))
    return words[:unit]


_LETTER = r"[^\W\d_]"
_WORDS = rf"{_LETTER}+\.?(?:[ '’-]{{1,2}}{_LETTER}+\.?)*"
_HOUSED = re.compile(rf"\d{{1,5}}[a-z]? {_WORDS}|{_WORDS} \d{{1,5}} ?[a-z]?", re.IGNORECASE)
_CODED = (
    r"(?:\d{3} \d{2}|\d{4} ?[A-Z]{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{4,6}|"
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"
)
_TOWN = re.compile(rf"{_CODED} {_WORDS}|{_WORDS} {_CODED}")
_TOWN_ALONE = re.compile(_WORDS)


def is_built_like_an_address(text: str) -> bool:
    """Whether a text is words with the number of a house, and behind a comma or in the next line a
    town with its postcode; or a town alone, behind a street of several words.

    >>> [is_built_like_an_address(t) for t in ("Storgata 12, 0155 Oslo", "Storgata 12, 2024")]
    [True, False]
    """
    parts = [" ".join(part.split()) for part in re.split(r"[,\n]", text) if part.strip()]
    while parts and _is_unit(parts[0]):
        parts.pop(0)
    if len(parts) < 2 or not _HOUSED.fullmatch(parts[0]):
        return False
    if _TOWN.fullmatch(parts[1]):
        return True
    several = len(parts[0].split()) > 2
    return several and parts[1][0].isupper() and bool(_TOWN_ALONE.fullmatch(parts[1]))


def _is_unit(part: str) -> bool:
    words = [w.word for w in _words(part)]
    return bool(words) and words[0] in _UNITS


def streets_in(text: str, numbers: Container[str]) -> Iterator[tuple[Street, Span]]:
    """Whatever may be a street with one of the `numbers`: the words behind it, and before it.

    >>> found = [s.name for s, _ in streets_in("to Quill Ln. 14, please", {"14"})]
    >>> "quill ln" in found
    True
    """
    words = list(_words(text))
    for i, (word, start, end) in enumerate(words):
        if word not in numbers:
            continue
        names: list[str] = []
        reached = end
        for behind in words[i + 1 : i + 1 + _MOST]:
            if not _BETWEEN.fullmatch(text, reached, behind.start):
                break
            names.append(behind.word)
            reached = behind.end
            yield Street(" ".join(names), word), Span(start, reached)
        names, reached = [], start
        for before in reversed(words[max(0, i - _MOST) : i]):
            if not _BETWEEN.fullmatch(text, before.end, reached):
                break
            names.insert(0, before.word)
            reached = before.start
            yield Street(" ".join(names), word), Span(reached, end)


def postcode_differs(address: str, text: str, end: int) -> bool:
    """Whether what stands behind a street gives another postcode than an address does."""
    own, given = _POSTCODE.findall(address), _POSTCODE.findall(text[end : end + _BEHIND])
    return bool(own and given) and not {*own} & {*given}


def _words(text: str) -> Iterator[_Word]:
    """The words of a text; what is shortened is short, and a compound with "street" is two."""
    for match in _WORD.finditer(text):
        word = match.group().lower() if match.group().isascii() else fold_word(match.group())
        if word in _UNSAID:
            continue
        compound = next((c for c in _COMPOUND if word.endswith(c) and word != c), "")
        if compound:
            cut = match.end() - 1
            yield _Word(word.removesuffix(compound), match.start(), cut)
            yield _Word(_SHORT[compound], cut, match.end())
        else:
            word = word.lstrip("0") or word  # a house may be told with zeros ahead
            yield _Word(_SHORT.get(word, word), match.start(), match.end())
