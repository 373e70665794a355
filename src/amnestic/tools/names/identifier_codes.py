"""Codes: identifiers that are letters and digits, however those are parted.

A code is known by its letters and digits alone, in small letters. What stands between them in a
text says whether it is written as its type may be: a customer number with another hyphen, a card in
any groups, a token letter for letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from amnestic.tools.names.labels import families_of
from amnestic.tools.names.phones import dialled, national_forms
from amnestic.tools.reading import fold_word, looks_written
from amnestic.types import Identifier, IdentifierType

__all__ = ["Code", "Piece", "codes_of", "pieces_of", "stands_alone", "writings_of"]

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_PIECE = re.compile(rf"[0-9A-Za-z]+|[{_CJK}]|[^\W_0-9A-Za-z{_CJK}]+")
_PLAIN = re.compile(r"[0-9a-z]+")
_DASH = r"\-\u2010-\u2015\u2212"
_MARK = re.compile(rf"[ \t]?[{_DASH}_./·:#]?[ \t]?")
_GROUPED = re.compile(rf"[\s{_DASH}_./·()]{{0,4}}")
_BORN_NUMBER = re.compile(r"(?P<century>19|20)?(?P<number>\d{6}[-+]?\d{4})")
_PLACED = re.compile(rf"[\s,;{_DASH}./'’]{{0,4}}")
_JOINED = re.compile(r"[\s\"'`\\+]+")
_FOURS = 4  # letters and digits of a group in which cards and accounts are written
_LONG, _FEW_GROUPS = 9, 4  # digits of a number that is told in groups, and the most joints
_WORDS = 4  # words of a phrase that stands for itself, though each of them is an everyday one
_TURNED = 6  # letters and digits of a code that is also looked for written backwards


class Piece(NamedTuple):
    """A run of letters and digits of one script in a text, folded, and its place."""

    word: str
    start: int
    end: int


def pieces_of(text: str) -> list[Piece]:
    """The runs of letters and digits of a text; each letter of a script without spaces is one.

    >>> [p.word for p in pieces_of("番号48213-K")]
    ['番', '号', '48213', 'k']
    """
    if text.isascii():
        return [Piece(m.group(), m.start(), m.end()) for m in _PLAIN.finditer(text.lower())]
    return [Piece(_folded(m.group()), m.start(), m.end()) for m in _PIECE.finditer(text)]


@lru_cache(maxsize=16_384)
def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    return fold_word("".join(str(unicodedata.decimal(c, c)) for c in word))


@dataclass(frozen=True, slots=True)
class Code:
    """One way to write an identifier as a code.

    `key` holds its letters and digits, `core` what was told from the first of them to the last,
    `marks` what was told outside of that, `joints` where they are parted. `abroad` says
    that a country's code may stand before a number that was told without one, `within` that this is
    the number as it is dialled, or an account as it is told, in its own country.
    """

    identifier: Identifier
    key: str
    core: str = ""
    joints: frozenset[int] = field(default_factory=frozenset)
    marks: tuple[str, str] = ("", "")
    abroad: bool = False
    within: bool = False
    turned: bool = False

    @property
    def alone(self) -> bool:
        """Whether it tells by itself whose it is."""
        return stands_alone(self.identifier)

    @property
    def families(self) -> frozenset[str]:
        """The families of its label."""
        return families_of(self.identifier.label)

    def fits(self, written: str, gaps: list[tuple[int, str]]) -> bool:
        """Whether `written` is this code: `gaps` are where its letters and digits are parted, and
        by what."""
        kind = self.identifier.type
        if kind is IdentifierType.CREDENTIAL:
            return self._is_letter_for_letter(written)
        if kind in _SUMMED:
            return all(_GROUPED.fullmatch(gap) for _, gap in gaps)
        if kind is IdentifierType.PHONE:
            return all(_GROUPED.fullmatch(gap) and "\n" not in gap for _, gap in gaps)
        if kind is IdentifierType.ADDRESS:
            return all(_PLACED.fullmatch(gap) for _, gap in gaps)
        if _one_spaced(written) == _one_spaced(self.core) and not self.turned:
            return True
        if not all(_MARK.fullmatch(gap) for _, gap in gaps):
            return False
        spaced = {at for at, gap in gaps if gap.isspace()}
        return spaced <= self.joints or _is_regular([at for at, _ in gaps], len(self.key))

    def fits_in_groups(self, written: str, gaps: list[tuple[int, str]]) -> bool:
        """Whether `written` is this long number in groups of any size, as it may be beside its
        label."""
        is_long = self.key.isdigit() and len(self.key) >= _LONG and len(gaps) <= _FEW_GROUPS
        is_number = self.identifier.type is IdentifierType.NUMBER
        return is_long and is_number and all(gap in (" ", "-", ".") for _, gap in gaps)

    def _is_letter_for_letter(self, written: str) -> bool:
        core = self.core[::-1] if self.turned else self.core
        bare, own = "".join(written.split()), "".join(core.split())
        return bare == own or _JOINED.sub("", written) == _JOINED.sub("", core)


def _one_spaced(text: str) -> str:
    return " ".join(text.casefold().split())


_SUMMED = (IdentifierType.CARD, IdentifierType.IBAN, IdentifierType.UUID)


def codes_of(identifier: Identifier) -> Iterator[Code]:
    """The ways in which an identifier may be written as a code.

    >>> [c.key for c in codes_of(Identifier(value="QX-2041"))]
    ['qx2041', '1402xq']
    """
    if identifier.type is IdentifierType.PHONE:
        for way in dialled(identifier.value):
            yield Code(identifier, way.digits, abroad=way.abroad, within=way.within)
        return
    found = pieces_of(_plain(identifier.value))
    key = "".join(p.word for p in found)
    if not key:
        return
    value, first, last = _plain(identifier.value), found[0].start, found[-1].end
    core, marks, joints = value[first:last], (value[:first], value[last:]), _joints(found, key)
    yield Code(identifier, key, core, joints, marks)
    for other in _otherwise(identifier, key):
        yield Code(identifier, other, within=identifier.type is IdentifierType.IBAN)
    mixed = any(c.isdigit() for c in key) and any(c.isalpha() for c in key)
    if len(key) >= _TURNED and mixed and key != key[::-1]:
        turned = frozenset(len(key) - at for at in joints)
        yield Code(identifier, key[::-1], core, turned, turned=True)


def _otherwise(identifier: Identifier, key: str) -> Iterator[str]:
    """The letters and digits of a number with more or less ahead, as its type is written too: an
    account number without its country, a Swedish personal number with its century or without."""
    if identifier.type is IdentifierType.IBAN and key[2:].isdigit():
        yield key[2:]
    born = _BORN_NUMBER.fullmatch(identifier.value)
    if born is None or not _is_personal_number(born["number"]):
        return
    if born["century"]:
        yield key[2:]
    else:
        yield from (f"{century}{key}" for century in ("19", "20"))


def _is_personal_number(number: str) -> bool:
    from stdnum.se import personnummer

    return personnummer.is_valid(number)


def _plain(value: str) -> str:
    return unicodedata.normalize("NFKC", value)


def _joints(pieces: list[Piece], key: str) -> frozenset[int]:
    """Where a code is parted as it was told, and where letters and digits meet in it."""
    told, at = set(), 0
    for piece in pieces[:-1]:
        at += len(piece.word)
        told.add(at)
    turns = {i for i in range(1, len(key)) if key[i].isdigit() != key[i - 1].isdigit()}
    return frozenset(told | turns)


def _is_regular(places: list[int], size: int) -> bool:
    """Whether gaps part a code into groups of one size; the first or the last may be shorter."""
    groups = [b - a for a, b in pairwise((0, *places, size))]
    if len(groups) < 3:
        return len({*groups}) == 1
    return len({*groups[1:-1]}) == 1 and max(groups) == groups[1]


def writings_of(identifier: Identifier) -> tuple[str, ...]:
    """How a model may write an identifier, for what is compared letter by letter: as it was told,
    in the usual groups, and a telephone number as it is dialled in its own country.

    >>> writings_of(Identifier(type="card", value="4111111111111111"))
    ('4111111111111111', '4111 1111 1111 1111')
    """
    value = identifier.value
    told = [value]
    if identifier.type is IdentifierType.PHONE:
        told += national_forms(value)
    elif identifier.type in (IdentifierType.CARD, IdentifierType.IBAN):
        whole = "".join(c for c in value if c.isalnum())
        told.append(" ".join(whole[i : i + _FOURS] for i in range(0, len(whole), _FOURS)))
    return tuple(dict.fromkeys(told))


@lru_cache(maxsize=65_536)
def stands_alone(identifier: Identifier) -> bool:
    """Whether a value tells by itself whose it is: it is strong, and no word or two that anybody
    may write.

    >>> [stands_alone(Identifier(value=v)) for v in ("48213-K", "1234", "swordfish")]
    [True, False, False]
    """
    if not identifier.is_strong:
        return False
    value = _plain(identifier.value)
    words = [p.word for p in pieces_of(value)]
    return len(words) >= _WORDS or not (all(map(str.isalpha, words)) and looks_written(value))
