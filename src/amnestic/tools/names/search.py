"""Looking for names in one view of a text, word by word: as written, misspelt and in cipher."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from amnestic.tools.names.adjoining import is_one_name
from amnestic.tools.names.ciphers import ShiftIndex, Table, is_usual, marked_readings, unpigged
from amnestic.tools.names.forms import NameForm, Strength
from amnestic.tools.names.given_names import is_given_name
from amnestic.tools.names.spelling import SpellingIndex, is_mistyped
from amnestic.tools.names.trie import Leaf, Node, leaf_of
from amnestic.tools.reading import View, rank
from amnestic.types import Span

__all__ = [
    "MIN_FUZZY",
    "MIN_HIDDEN",
    "MIN_SHIFTED",
    "TOLD_BY_A_SLIP",
    "NameHit",
    "NameSearch",
    "goes_on",
    "is_joint",
]

MIN_FUZZY = 5
"""The letters that a word of a name must have to be looked for misspelt."""

MIN_HIDDEN = 7
"""The letters that a name must have to be looked for in cipher and the like."""

MIN_SHIFTED = 6
"""Those that it must have to be looked for in an alphabet that people use."""

TOLD_BY_A_SLIP = 7
"""The letters that a whole name of one word must have to be looked for misspelt."""

_RARE = 5_000
_GUESS = 3
"""The cost in edits of a respelling that is not sure: of a known word, or two edits in a word."""
_SURE = 2
_SURE_LETTERS, _TOLD_LETTERS = 8, 8
_LONG_SURNAME = 7
_WORDS_BEFORE = 3
_JOINTS = frozenset("'’‘`´-‐‑–_.·")
_JOINT = re.compile("[" + re.escape("".join(sorted(_JOINTS))) + "]")

_Readings = Callable[[int], tuple[str, ...]]
"""What the word at a place may stand for."""


class NameHit(NamedTuple):
    """A name form found in a text: whose, how strong, which words of which view, where; `spelt`
    where marks tell it from the plain word that it is without them."""

    target_id: str
    strength: Strength
    first: int
    last: int
    span: Span
    view: str = "plain"
    capital: bool = True
    exact: bool = True
    spelt: bool = False


class NameSearch:
    """One search through the views of a text. Which words lead to no name, and what a misspelt one
    may stand for, is kept until the search ends, since texts repeat their words."""

    def __init__(self, root: Node, spelling: SpellingIndex, shifts: ShiftIndex) -> None:
        self._root = root
        self._shifts = shifts
        self._spelling = spelling
        self._respellings: dict[str, list[tuple[str, int]]] = {}
        self._idle: set[str] = set()
        self._found: list[NameHit] = []

    def find(self, view: View) -> list[NameHit]:
        """Every name form in a view, also those inside others."""
        self._found = []
        root, idle, spans = self._root, self._idle, view.words.spans
        joints = {match.start() for match in _JOINT.finditer(view.folded.text)}
        for first, word in enumerate(view.words.words):
            if word in root:
                self._walk(view, first, root, first, 0)
                continue
            if joints and spans[first][1] in joints and (joined := _joined(view, first)):
                self._respelt(view, first, root, first + 2, joined, 0)
            if len(word) > 3 and word not in idle:
                self._look(view, first, word)
        return self._found

    def _look(self, view: View, first: int, word: str) -> None:
        """Look for a name, misspelt or in cipher, at a word that begins none as it stands."""
        place = rank(word)
        if place is not None:
            if place <= _RARE:
                self._idle.add(word)
            elif view.words.capital(first):
                self._respelt(view, first, self._root, first + 1, word, 0)
            return
        ciphered = self._find_ciphered(view, first)
        self._respelt(view, first, self._root, first + 1, word, 0)
        if not ciphered and not self.near(word):
            self._idle.add(word)

    def _walk(self, view: View, first: int, node: Node, at: int, edits: int) -> None:
        """Follow the trie from word `at`; words that it does not hold may be misspelt."""
        words = view.words.words
        while True:
            if at > first and (leaf := leaf_of(node)):
                self._take(view, leaf, first, at - 1, edits)
            if at >= len(words):
                return
            word = words[at]
            following = node.get(word)
            if following is None and word[-1] == "s" and len(word) > 3 and at > first:
                following = node.get(word[:-1])  # a possessive that lost its apostrophe
            if following is None:
                if node is not self._root and goes_on(node):
                    if joined := _joined(view, at):
                        self._respelt(view, first, node, at + 2, joined, edits)
                    self._respelt(view, first, node, at + 1, word, edits)
                return
            node, at = following, at + 1

    def _respelt(self, view: View, first: int, node: Node, at: int, word: str, edits: int) -> None:
        """Go on at word `at`, behind a word that is not written as a name has it."""
        if word in node:
            self._walk(view, first, node[word], at, edits)
        for other, cost in self.near(word):
            if other in node:
                guessed = cost > 1 or (node is self._root and rank(word) is not None)
                self._walk(view, first, node[other], at, edits + (_GUESS if guessed else cost))

    def near(self, word: str) -> list[tuple[str, int]]:
        """The words of names that a rare word may stand for, with the edits between the two. One
        that is a letter short of the shortest has lost it, and is in no dictionary."""
        if len(word) < MIN_FUZZY - 1:
            return []
        near = self._respellings.get(word)
        if near is None:
            near = self._respellings[word] = self._respellings_of(word)
        return near

    def _respellings_of(self, word: str) -> list[tuple[str, int]]:
        place = rank(word)
        if place is not None and (place <= _RARE or len(word) < MIN_FUZZY):
            return []
        near = self._spelling.near(word)
        if len(word) < MIN_FUZZY:
            return [(other, cost) for other, cost in near if len(other) > len(word)]
        return near

    def _find_ciphered(self, view: View, at: int) -> bool:
        """A whole name round word `at`, in a shifted alphabet or in pig latin; whether the word may
        be in either."""
        word = view.words.words[at]
        tables = self._shifts.tables(word)
        for table in tables:
            least = MIN_SHIFTED if is_usual(table) else MIN_HIDDEN
            self._deciphered_round(view, at, partial(_translated, table, view), least)
        marked = self.is_marked(view, at)
        if marked:
            self._deciphered_round(view, at, partial(_marked, view), MIN_SHIFTED)
        pig = word.endswith("ay")
        if pig:
            self._deciphered(view, at, at, lambda i: unpigged(view.words.words[i]), MIN_HIDDEN)
        return pig or marked or bool(tables)

    def is_marked(self, view: View, at: int) -> bool:
        """Whether a word has letters with marks, which a shifted alphabet leaves as they are, and
        reads as one of a name there."""
        if view.words.is_ascii or view.words.cased(at).isascii():
            return False
        return any(word in self._root for word in _marked(view, at))

    def _deciphered_round(self, view: View, at: int, readings: _Readings, least: int) -> None:
        for first in range(max(0, at - _WORDS_BEFORE), at + 1):
            self._deciphered(view, first, at, readings, least)

    def _deciphered(self, view: View, first: int, at: int, readings: _Readings, least: int) -> None:
        """A whole name of so many letters from word `first` on that takes word `at` in, word by
        word deciphered."""
        node = self._root
        for last in range(first, len(view.words.words)):
            word = next((w for w in readings(last) if w in node), None)
            if word is None:
                return
            node = node[word]
            for target_id, form in leaf_of(node):
                hidden = sum(map(len, form.words)) >= least
                if last >= at and hidden and form.strength is Strength.FULL:
                    span = view.span(first, last)
                    hit = NameHit(target_id, form.strength, first, last, span, "cipher")
                    self._found.append(hit)

    def _take(self, view: View, leaf: Leaf, first: int, last: int, edits: int) -> None:
        """Note the forms that end at one place. What they share is looked up once."""
        words, capital = view.words.words, True
        for at in range(first, last + 1):
            capital = capital and (view.words.capital(at) or words[at][0].isdigit())
        span: Span | None = None
        whole: dict[bool, bool] = {}
        for target_id, form in leaf:
            if last > first:
                if form.turned not in whole:
                    whole[form.turned] = is_one_name(view, first, last, turned=form.turned)
                if not whole[form.turned]:
                    continue
            strength: Strength | None = form.strength
            if edits or (form.capital and not capital):
                strength = _strength(form, edits, capital, words[first])
            spelt = bool(form.spelt) and capital and not edits and _is_spelt(view, first, form)
            strength = Strength.FULL if spelt else strength
            if strength is not None:
                span = span or view.span(first, last)
                hit = NameHit(
                    target_id, strength, first, last, span, view.kind, capital, not edits, spelt
                )
                self._found.append(hit)


def _is_spelt(view: View, at: int, form: NameForm) -> bool:
    """Whether a word has the marks of a name, without which it is a plain word."""
    return view.words.cased(at).lower() in form.spelt


def goes_on(node: Node) -> bool:
    """Whether a name goes on behind a node, which may hold no more than its leaf."""
    return len(node) > 1 or "" not in node


def _translated(table: Table, view: View, at: int) -> tuple[str, ...]:
    return (view.words.words[at].translate(table),)


def _marked(view: View, at: int) -> tuple[str, ...]:
    return marked_readings(view.words.words[at], view.words.cased(at))


def _joined(view: View, at: int) -> str | None:
    """Two words as one that only a mark parts, as in "O'Skelly" and "Os-kelly"."""
    words = view.words.words
    return words[at] + words[at + 1] if is_joint(view, at) else None


def is_joint(view: View, at: int) -> bool:
    """Whether only a mark parts word `at` from the next one."""
    spans = view.words.spans
    if at + 1 >= len(spans) or spans[at + 1][0] != spans[at][1] + 1:
        return False
    return view.folded.text[spans[at][1]] in _JOINTS


def _strength(form: NameForm, edits: int, capital: bool, word: str) -> Strength | None:
    """What a form proves that stands with so many edits from `word` on; `None` for nothing."""
    strength: Strength | None = form.strength
    if edits:
        told = form.strength is Strength.FULL or (capital and _is_slip(form, word))
        strength = _strength_misspelt(form, edits) if told else None
        if strength is None and edits == 1 and capital and _is_one_word_mistyped(form, word):
            strength = Strength.TOLD
        if strength is None:
            return None
    if form.capital and not capital and form.strength > Strength.SURNAME:
        return Strength.SURNAME
    return strength


def _is_slip(form: NameForm, word: str) -> bool:
    """Whether a word may be a surname misspelt: it begins alike, and is not the plural, which
    stands for the family."""
    surname = form.words[0]
    return word[0] == surname[0] and word != f"{surname}s"


def _is_one_word_mistyped(form: NameForm, word: str) -> bool:
    """Whether a word of no dictionary, nobody's first name, may be a name of one word mistyped."""
    if form.strength is not Strength.FULL or len(form.words) > 1:
        return False
    (name,) = form.words
    return len(name) >= TOLD_BY_A_SLIP and is_mistyped(word, name) and not is_given_name(word)


def _strength_misspelt(form: NameForm, edits: int) -> Strength | None:
    """What a misspelt form still proves. A long whole name with at most one slip in each word, and
    two in all, is as good as the name; a long surname stays as weak as it is."""
    letters = sum(map(len, form.words))
    if form.strength is Strength.FULL and letters >= _TOLD_LETTERS:
        sure = edits <= min(_SURE, len(form.words)) and letters >= _SURE_LETTERS + edits
        return Strength.FULL if sure else Strength.TOLD
    if form.strength is Strength.SURNAME and edits == 1 and letters >= _LONG_SURNAME:
        return Strength.SURNAME
    return None
