"""The names of all targets in a text: as they are written, misspelt, in cipher, in other scripts.

The forms stand in a trie over words. Beside it are small indexes for what is not written as it is
known: misspellings, shifted alphabets, other scripts. A look-up in them costs the same, however
many targets there are, and is made only for words that are in no dictionary.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from amnestic.tools.ciphers import ShiftIndex, unpigged
from amnestic.tools.condensed import CondensedIndex
from amnestic.tools.decode import Reading, View
from amnestic.tools.fields import in_fields
from amnestic.tools.name_trie import Node, leaf_of, plant, prune
from amnestic.tools.names import NameForm, Strength
from amnestic.tools.sounds import SoundIndex
from amnestic.tools.spelling import SpellingIndex
from amnestic.tools.words import rank
from amnestic.types import Span

__all__ = ["NameHit", "NameMatcher"]

_MIN_FUZZY = 5
_RARE = 5_000
_GUESS = 3
"""The cost in edits of a respelling that is not sure: of a known word, or two edits in a word."""
_SURE = 2
_SURE_LETTERS, _TOLD_LETTERS = 8, 8
_LONG_SURNAME = 7
_MIN_HIDDEN = 7
_WORDS_BEFORE = 3
_JOINTS = frozenset("'’‘`´-‐‑–_.·")


@dataclass(frozen=True, slots=True)
class NameHit:
    """A name form found in a text: whose, how strong, which words of which view, where."""

    target_id: str
    strength: Strength
    first: int
    last: int
    span: Span
    view: str = "plain"
    capital: bool = True
    exact: bool = True


class NameMatcher:
    """Finds the name forms of all targets in a reading.

    >>> from amnestic.tools.decode import read
    >>> from amnestic.tools.names import forms_of
    >>> from amnestic.types import ForgetTarget
    >>> matcher = NameMatcher()
    >>> matcher.add("t", forms_of(ForgetTarget(id="t", subject="Mirela Osk", kind="person")))
    >>> [(h.strength.name, h.span.start, h.span.end) for h in matcher.find(read("Is Osk here?"))]
    [('SURNAME', 3, 6)]
    >>> matcher.remove("t")
    >>> matcher.find(read("Mirela Osk"))
    []
    """

    def __init__(self) -> None:
        self._root: Node = {}
        self._spelling = SpellingIndex()
        self._shifts = ShiftIndex()
        self._sounds = SoundIndex()
        self._condensed = CondensedIndex()
        self._forms: dict[str, tuple[NameForm, ...]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._forms)

    def __contains__(self, target_id: object) -> bool:
        return target_id in self._forms

    def add(self, target_id: str, forms: Iterable[NameForm]) -> None:
        """Put a target's forms in, in place of those that it had."""
        forms = tuple(forms)
        with self._lock:
            if target_id in self._forms:
                self._drop(target_id)
            self._forms[target_id] = forms
            for form in forms:
                plant(self._root, target_id, form)
                if form.strength is Strength.FULL:
                    self._insert_full(target_id, form)

    def remove(self, target_id: str) -> None:
        """Take a target's forms out; an unknown id is no error."""
        with self._lock:
            if target_id in self._forms:
                self._drop(target_id)

    def find(self, reading: Reading) -> list[NameHit]:
        """Every form in the text; of the forms of one target at one place only the longest."""
        hits: list[NameHit] = []
        for view in reading.views:
            hits += self._find_in(view)
        hits += _of_fields(reading.views[0], hits)
        if "spaced" in reading.hidden:
            for c in self._condensed.find(reading.views[0]):
                hits.append(
                    NameHit(c.target_id, c.form.strength, c.first, c.last, c.span, "condensed")
                )
        if not reading.source.isascii():
            for whose, strength, span in self._sounds.find(reading.source):
                hits.append(NameHit(whose, strength, 0, 0, span, "sounds", exact=False))
        return _longest(hits)

    def _insert_full(self, target_id: str, form: NameForm) -> None:
        if sum(map(len, form.words)) >= _MIN_HIDDEN:
            self._condensed.add(target_id, form)
            self._sounds.add(target_id, form)
            self._shifts.add(max(form.words, key=len))
        for word in _fuzzy_words(form):
            self._spelling.add(word)

    def _drop(self, target_id: str) -> None:
        for form in self._forms.pop(target_id):
            prune(self._root, form.words, target_id)
            if form.strength is Strength.FULL:
                self._drop_full(target_id, form)

    def _drop_full(self, target_id: str, form: NameForm) -> None:
        if sum(map(len, form.words)) >= _MIN_HIDDEN:
            self._condensed.remove(target_id, form)
            self._sounds.remove(target_id, form)
            self._shifts.remove(max(form.words, key=len))
        for word in _fuzzy_words(form):
            self._spelling.remove(word)

    def _find_in(self, view: View) -> Iterator[NameHit]:
        root, tokens, text = self._root, view.tokens, view.folded.text
        for first, token in enumerate(tokens):
            word = token.word
            if word in root:
                yield from self._walk(view, first, root, first, 0)
                continue
            if text[token.end : token.end + 1] in _JOINTS and (joined := _joined(view, first)):
                yield from self._respelt(view, first, root, first + 2, joined, 0)
            if len(word) > 3:
                place = rank(word)
                if place is None:
                    yield from self._find_ciphered(view, first)
                if place is None or (token.capital and place > _RARE):
                    yield from self._respelt(view, first, root, first + 1, word, 0)

    def _walk(self, view: View, first: int, node: Node, at: int, edits: int) -> Iterator[NameHit]:
        """Follow the trie from token `at`; words that it does not hold may be misspelt."""
        tokens = view.tokens
        while True:
            if at > first:
                for target_id, form in leaf_of(node):
                    hit = _hit(view, target_id, form, first, at - 1, edits)
                    if hit is not None:
                        yield hit
            if at >= len(tokens):
                return
            word = tokens[at].word
            following = node.get(word)
            if following is None and word[-1] == "s" and len(word) > 3 and at > first:
                following = node.get(word[:-1])  # a possessive that lost its apostrophe
            if following is None:
                if node is not self._root:
                    if joined := _joined(view, at):
                        yield from self._respelt(view, first, node, at + 2, joined, edits)
                    yield from self._respelt(view, first, node, at + 1, word, edits)
                return
            node, at = following, at + 1

    def _respelt(
        self, view: View, first: int, node: Node, at: int, word: str, edits: int
    ) -> Iterator[NameHit]:
        """Go on at token `at`, behind a word that is not written as a name has it."""
        if word in node:
            yield from self._walk(view, first, node[word], at, edits)
        if len(word) < _MIN_FUZZY or not len(self._spelling):
            return
        place = rank(word)
        if place is not None and place <= _RARE:
            return
        for other, cost in self._spelling.near(word):
            if other in node:
                cost = _GUESS if cost > 1 or (place is not None and node is self._root) else cost
                yield from self._walk(view, first, node[other], at, edits + cost)

    def _find_ciphered(self, view: View, at: int) -> Iterator[NameHit]:
        """A whole name round token `at`, in a shifted alphabet or in pig latin."""
        word = view.tokens[at].word
        readings = [partial(_translated, table) for table in self._shifts.tables(word)]
        for reading in readings:
            for first in range(max(0, at - _WORDS_BEFORE), at + 1):
                yield from self._deciphered(view, first, at, reading)
        if word.endswith("ay"):
            yield from self._deciphered(view, at, at, unpigged)

    def _deciphered(
        self, view: View, first: int, at: int, readings: Callable[[str], tuple[str, ...]]
    ) -> Iterator[NameHit]:
        """A whole name from token `first` on that takes token `at` in, word by word deciphered."""
        node = self._root
        for last in range(first, len(view.tokens)):
            word = next((w for w in readings(view.tokens[last].word) if w in node), None)
            if word is None:
                return
            node = node[word]
            for target_id, form in leaf_of(node):
                hidden = sum(map(len, form.words)) >= _MIN_HIDDEN
                if last >= at and hidden and form.strength is Strength.FULL:
                    span = view.span(first, last)
                    yield NameHit(target_id, form.strength, first, last, span, "cipher")


def _translated(table: dict[int, int], word: str) -> tuple[str, ...]:
    return (word.translate(table),)


def _joined(view: View, at: int) -> str | None:
    """Two words as one that only a mark parts, as in "O'Skelly" and "Os-kelly"."""
    tokens = view.tokens
    if at + 1 >= len(tokens) or tokens[at + 1].start != tokens[at].end + 1:
        return None
    if view.folded.text[tokens[at].end] not in _JOINTS:
        return None
    return tokens[at].word + tokens[at + 1].word


def _hit(
    view: View, target_id: str, form: NameForm, first: int, last: int, edits: int
) -> NameHit | None:
    tokens = view.tokens[first : last + 1]
    capital = all(t.capital or t.word[0].isdigit() for t in tokens)
    strength: Strength | None = form.strength
    if edits:
        told = form.strength is Strength.FULL or (capital and form.words[0][0] == tokens[0].word[0])
        strength = _strength_misspelt(form, edits) if told else None
        if strength is None:
            return None
    if form.capital and not capital and form.strength > Strength.SURNAME:
        strength = Strength.SURNAME
    assert strength is not None
    return NameHit(
        target_id, strength, first, last, view.span(first, last), view.kind, capital, edits == 0
    )


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


def _of_fields(view: View, hits: Iterable[NameHit]) -> Iterator[NameHit]:
    """Whole names whose parts stand in fields of their own."""
    parts = [
        (h.target_id, h.first, h.strength is Strength.SURNAME)
        for h in hits
        if h.view == "plain" and h.first == h.last and h.strength <= Strength.SURNAME
    ]
    if len(parts) < 2:
        return
    for target_id, at in in_fields(view, parts):
        yield NameHit(target_id, Strength.FULL, at, at, view.span(at, at), "fields")


def _fuzzy_words(form: NameForm) -> Iterator[str]:
    if (len(form.words) > 1 and sum(map(len, form.words)) >= 8) or len(form.words[0]) >= 8:
        yield from (w for w in form.words if len(w) >= _MIN_FUZZY and w.isalpha())


def _longest(hits: list[NameHit]) -> list[NameHit]:
    """Drop what lies inside a longer hit of the same target that is as strong (one sweep)."""
    kept: list[NameHit] = []
    widest: dict[str, NameHit] = {}
    for hit in sorted(hits, key=lambda h: (h.span.start, -h.span.end, -h.strength, not h.exact)):
        outer = widest.get(hit.target_id)
        if outer and hit.span.end <= outer.span.end and hit.strength <= outer.strength:
            continue
        kept.append(hit)
        if outer is None or hit.span.end >= outer.span.end:
            widest[hit.target_id] = hit
    return kept
