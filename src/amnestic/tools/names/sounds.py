"""Names in other scripts: compared by their consonants, since vowels do not survive the way.

A word of another script is written out in Latin letters (anyascii) and cut down to a skeleton of
consonants, in which sounds that scripts confuse count as one: voiced and unvoiced, `l` and `r`, all
that is said with the lips. The words of a name are cut down in the same way.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from anyascii import anyascii

from amnestic.tools.names.forms import NameForm, Strength
from amnestic.tools.names.trie import without
from amnestic.types import Span

__all__ = ["SoundHit", "SoundIndex", "is_foreign", "skeleton", "skeletons"]

_FULL_FROM, _TOLD_FROM = 7, 6
_MOST_SPELLINGS = 6
_MOST_SIGNS = 8
_CLOSE = 3
_RUN = re.compile(
    r"[\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff]{2,}|[\u3400-\u4dbf\u4e00-\u9fff]+|[\uac00-\ud7a3]{2,}"
    r"|[\u0370-\u0589\u058b-\u060b\u060d-\u061a\u0620-\u0963\u0966-\u1dff\u2de0-\u2dff"
    r"\ua640-\ua69f\ufb1d-\ufdfb\ufe70-\ufefc]{2,}"
)
_FOREIGN = re.compile(r"[\u0370-\u1dff\u2de0-\u2dff\u3041-\ud7a3\uf900-\ufefc]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_ENDS = re.compile(r"[.!?。！？\n;:]")
_SILENT = str.maketrans("", "", "ッっו")  # and the Hebrew vav, in names mostly a vowel

_SOUNDS = {"dzh": "j", "dj": "j", "zh": "j", "tsch": "s", "sch": "s", "tch": "s", "ch": "s"}
_SOUNDS |= {"sh": "s", "kh": "h", "gh": "h", "ph": "f", "th": "t", "ck": "k", "x": "ks"}
_SOUNDS |= {"ce": "se", "ci": "si", "cy": "sy"}
_SPELT = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_CLASSES = str.maketrans("bfpvdtgkcqszlrjmn", "ppppttkkkkssrrjmn")
_DOUBLED = re.compile(r"([a-z])\1+")
_CONSONANTS = "pktsrjmn"
_VOWELS = re.compile(f"[^{_CONSONANTS}\n]+")
_VARIANTS = (("ch", ("k", "ch")), ("j", ("j", "y")), ("th", ("t", "s")), ("g", ("g", "j")))


class SoundHit(NamedTuple):
    """A name in another script: whose, how strong, where."""

    target_id: str
    strength: Strength
    span: Span


class _Name(NamedTuple):
    """The skeletons of a form after the first one, and what the form proves."""

    rest: tuple[str, ...]
    strength: Strength
    target_id: str


class _Piece(NamedTuple):
    """A run of letters of one script: its skeleton and place."""

    sound: str
    start: int
    end: int
    text: str


def skeleton(word: str) -> str:
    """The consonants of a word of plain letters; a leading `a` tells that a vowel opens it.

    >>> skeleton("oskelly"), skeleton("osukeri"), skeleton("aosikaili")
    ('askr', 'askr', 'askr')
    """
    return _by_line(word)[0]


def _by_line(text: str) -> list[str]:
    """The skeleton of each line of plain letters."""
    sound = _SPELT.sub(lambda m: _SOUNDS[m.group()], text.lower())
    sound = _DOUBLED.sub(r"\1", sound).translate(_CLASSES)
    consonants = _VOWELS.sub("", sound).replace("mp", "np").split("\n")
    opens = ("" if line[:1] in _CONSONANTS else "a" for line in sound.split("\n"))
    return [vowel + line for vowel, line in zip(opens, consonants, strict=True)]


def skeletons(word: str) -> tuple[str, ...]:
    """The skeletons of a word of a name, in each way that its letters may be said.

    >>> skeletons("chaplin")
    ('kprn', 'sprn')
    """
    spellings = [word]
    for letters, sounds in _VARIANTS:
        if letters in word:
            spellings = [s.replace(letters, new) for s, new in product(spellings, sounds)]
    return tuple(dict.fromkeys(skeleton(s) for s in spellings[:_MOST_SPELLINGS]))


class SoundIndex:
    """Name forms by the skeleton of their first word. Safe to share between threads.

    Forms are cut down when the first text in another script is read: most processes meet none, and
    none shall wait for it at its start.

    >>> index = SoundIndex()
    >>> index.add("t", NameForm(("tavrin", "oskelly"), Strength.FULL))
    >>> [hit.span for hit in index.find("Это Таврин Оскелли.")]
    [Span(start=4, end=18)]
    """

    def __init__(self) -> None:
        self._names: dict[str, tuple[_Name, ...]] = {}
        self._waiting: list[tuple[str, NameForm]] = []
        self._turn = threading.Lock()

    def __len__(self) -> int:
        return len(self._ready())

    def add(self, target_id: str, form: NameForm) -> None:
        """Take a whole name in; one with too few consonants is passed over."""
        with self._turn:
            self._waiting.append((target_id, form))

    def remove(self, target_id: str, form: NameForm) -> None:
        """Take a whole name out."""
        names = self._ready()
        with self._turn:
            for first, name in _names(target_id, form):
                without(names, first, name)

    def find(self, text: str) -> Iterator[SoundHit]:
        """The names that stand in a text in another script than the Latin one."""
        if not is_foreign(text) or not (names := self._ready()):
            return
        pieces = _pieces(text)
        for at, piece in enumerate(pieces):
            for start, sound in _openings(piece):
                for name in names.get(sound, ()):
                    end = _end(text, pieces, at, name.rest)
                    if end is not None:
                        yield SoundHit(name.target_id, name.strength, Span(start, end))

    def _ready(self) -> dict[str, tuple[_Name, ...]]:
        """The names by their skeletons, with those that waited."""
        if self._waiting:
            with self._turn:
                for target_id, form in self._waiting:
                    for first, name in _names(target_id, form):
                        self._names[first] = (*self._names.get(first, ()), name)
                self._waiting = []
        return self._names


def is_foreign(text: str) -> bool:
    """Whether a text holds letters of another script than the Latin one."""
    return not text.isascii() and bool(_FOREIGN.search(text))


def _names(target_id: str, form: NameForm) -> Iterator[tuple[str, _Name]]:
    if not all(word.isascii() and word.isalpha() for word in form.words):
        return
    for sounds in list(product(*map(skeletons, form.words)))[:_MOST_SPELLINGS]:
        total = sum(len(s.removeprefix("a")) for s in sounds)
        if total >= _TOLD_FROM and len(sounds[0]) > 1:
            strength = Strength.FULL if total >= _FULL_FROM else Strength.TOLD
            yield sounds[0], _Name(sounds[1:], min(strength, form.strength), target_id)


def _pieces(text: str) -> list[_Piece]:
    found = [(m.group(), m.start(), m.end()) for m in _RUN.finditer(text)]
    if not found:
        return []
    runs = list(dict.fromkeys(run for run, _, _ in found))  # texts repeat their words
    spoken = "\n".join("" if _HAN.match(run) else run for run in runs).translate(_SILENT)
    latin = spoken.translate({ord(sign): anyascii(sign) for sign in set(spoken)})
    sounds = dict(zip(runs, _by_line(latin), strict=True))
    return [_Piece("" if _HAN.match(run) else sounds[run], s, e, run) for run, s, e in found]


@lru_cache(maxsize=32_768)
def _sign(sign: str) -> str:
    """The skeleton of a Chinese sign; `q` and `x` as they are said there."""
    return skeleton(anyascii(sign).lower().replace("q", "s").replace("x", "s"))


def _joined(first: str, more: str) -> str:
    return (first + more.removeprefix("a")) if first else more


def _openings(piece: _Piece) -> Iterator[tuple[int, str]]:
    """What may be the first word of a name: the piece, also without a letter of inflection; of
    Chinese, which sets no spaces, each of its last signs up to the end."""
    if piece.sound:
        yield piece.start, piece.sound
        if len(piece.sound) > _CLOSE + 1:
            yield piece.start, piece.sound[:-1]
        return
    sound = ""
    for place in range(len(piece.text) - 1, max(-1, len(piece.text) - 1 - _MOST_SIGNS), -1):
        sound = _joined(_sign(piece.text[place]), sound)
        yield piece.start + place, sound


def _end(text: str, pieces: list[_Piece], at: int, rest: tuple[str, ...]) -> int | None:
    """Where the name ends whose first word is piece `at`, if the others follow at once."""
    end = pieces[at].end
    for sound in rest:
        at += 1
        if at >= len(pieces):
            return None
        piece = pieces[at]
        closes = None if piece.start - end > _CLOSE else _closing(piece, sound)
        if closes is None or _ENDS.search(text, end, piece.start):
            return None
        end = closes
    return end


def _closing(piece: _Piece, sound: str) -> int | None:
    """Where in a piece a word of a name ends that opens it: at its end, short of an inflection or
    a particle; of Chinese, after any of its first signs."""
    if piece.sound:
        more = len(piece.sound) - len(sound)
        opens = piece.sound.startswith(sound) and (more == 0 or len(sound) >= _CLOSE)
        return piece.end if opens and more <= 2 else None
    said = ""
    for place, sign in enumerate(piece.text[:_MOST_SIGNS]):
        said = _joined(said, _sign(sign))
        if said == sound:
            return piece.start + place + 1
    return None
