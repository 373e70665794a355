"""One automaton over the name forms of all targets, changed in place.

A trie over words rather than over characters: a match begins and ends at word boundaries by
construction, and a target is added or removed by walking its own forms, however many others there
are. Readers need no lock: every leaf is a tuple that is replaced whole, so that a reader sees a
target's form before or after a change, never half of it.

Misspellings are found through deletion neighbourhoods (every word of a long name with one letter
left out), as in SymSpell: a look-up, not a search.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from amnestic.tools.decode import Reading, View
from amnestic.tools.names import NameForm, Strength
from amnestic.tools.normalise import Token
from amnestic.tools.words import rank
from amnestic.types import Span

__all__ = ["NameHit", "NameMatcher"]

_LEAF = ""
_MIN_FUZZY = 5
_MAX_CONDENSED = 4_000
_Node = dict[str, Any]
_Leaf = tuple[tuple[str, NameForm], ...]


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
        self._root: _Node = {}
        self._fuzzy: dict[str, frozenset[str]] = {}
        self._uses: dict[str, int] = {}
        self._condensed: dict[str, _Leaf] = {}
        self._lengths: dict[int, int] = {}
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
                self._insert(target_id, form)

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
        if "spaced" in reading.hidden:
            hits += self._find_condensed(reading.views[0])
        return _longest(hits)

    def _insert(self, target_id: str, form: NameForm) -> None:
        node = self._root
        for word in form.words:
            node = node.setdefault(word, {})
        node[_LEAF] = (*node.get(_LEAF, ()), (target_id, form))
        if form.strength is Strength.FULL:
            joined = "".join(form.words)
            if len(joined) >= 7:
                self._condensed[joined] = (*self._condensed.get(joined, ()), (target_id, form))
                self._lengths[len(joined)] = self._lengths.get(len(joined), 0) + 1
            for word in _fuzzy_words(form):
                self._uses[word] = self._uses.get(word, 0) + 1
                if self._uses[word] == 1:
                    for key in _deletes(word):
                        self._fuzzy[key] = self._fuzzy.get(key, frozenset()) | {word}

    def _drop(self, target_id: str) -> None:
        for form in self._forms.pop(target_id):
            _prune(self._root, form.words, target_id)
            if form.strength is Strength.FULL:
                self._drop_full(target_id, form)

    def _drop_full(self, target_id: str, form: NameForm) -> None:
        joined = "".join(form.words)
        if len(joined) >= 7:
            _without(self._condensed, joined, target_id)
            self._lengths[len(joined)] -= 1
            if not self._lengths[len(joined)]:
                del self._lengths[len(joined)]
        for word in _fuzzy_words(form):
            self._uses[word] -= 1
            if not self._uses[word]:
                del self._uses[word]
                for key in _deletes(word):
                    rest = self._fuzzy.get(key, frozenset()) - {word}
                    if rest:
                        self._fuzzy[key] = rest
                    else:
                        self._fuzzy.pop(key, None)

    def _find_in(self, view: View) -> Iterator[NameHit]:
        root, tokens = self._root, view.tokens
        for first, token in enumerate(tokens):
            if token.word in root:
                yield from self._walk(view, first, root, first, True)
            elif self._fuzzy and len(token.word) >= _MIN_FUZZY and rank(token.word) is None:
                for word in self._respelt(token.word):
                    if word in root:
                        yield from self._walk(view, first, root[word], first + 1, False)

    def _walk(self, view: View, first: int, node: _Node, at: int, exact: bool) -> Iterator[NameHit]:
        """Follow the trie from token `at`; words that it does not hold may be misspelt."""
        tokens = view.tokens
        while True:
            for target_id, form in node.get(_LEAF, ()):
                if at > first and _allowed(form, tokens[first:at], exact):
                    yield _hit(view, target_id, form, first, at - 1, exact)
            if at >= len(tokens):
                return
            word = tokens[at].word
            following = node.get(word)
            if following is None:
                if len(word) >= _MIN_FUZZY and rank(word) is None:
                    for other in self._respelt(word):
                        if other in node:
                            yield from self._walk(view, first, node[other], at + 1, False)
                return
            node, at = following, at + 1

    def _respelt(self, word: str) -> set[str]:
        if len(word) > 24:
            return set()
        near: set[str] = set()
        for key in _deletes(word):
            near |= self._fuzzy.get(key, frozenset())
        near.discard(word)
        return near

    def _find_condensed(self, view: View) -> Iterator[NameHit]:
        """Names in text whose word boundaries were lost with the spaces."""
        letters: list[str] = []
        places: list[tuple[int, int]] = []
        for index, token in enumerate(view.tokens):
            for offset, letter in enumerate(token.word):
                letters.append(letter)
                places.append((index, token.start + offset))
            if len(letters) > _MAX_CONDENSED:
                break
        text, lengths = "".join(letters), sorted(self._lengths)
        for start in range(len(text)):
            for length in lengths:
                for target_id, form in self._condensed.get(text[start : start + length], ()):
                    if start + length > len(text):
                        continue
                    first, begin = places[start]
                    last, end = places[start + length - 1]
                    span = view.folded.span(begin, end + 1)
                    yield NameHit(target_id, form.strength, first, last, span, "condensed")


def _allowed(form: NameForm, tokens: Sequence[Token], exact: bool) -> bool:
    if not exact:
        return form.strength is Strength.FULL and sum(len(t.word) for t in tokens) >= 8
    return True


def _hit(view: View, target_id: str, form: NameForm, first: int, last: int, exact: bool) -> NameHit:
    capital = all(t.capital or t.word[0].isdigit() for t in view.tokens[first : last + 1])
    strength = form.strength
    if form.capital and not capital and strength > Strength.SURNAME:
        strength = Strength.SURNAME
    return NameHit(
        target_id, strength, first, last, view.span(first, last), view.kind, capital, exact
    )


def _fuzzy_words(form: NameForm) -> Iterator[str]:
    if (len(form.words) > 1 and sum(map(len, form.words)) >= 8) or len(form.words[0]) >= 8:
        yield from (w for w in form.words if len(w) >= _MIN_FUZZY and w.isalpha())


def _deletes(word: str) -> Iterator[str]:
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]


def _prune(root: _Node, words: tuple[str, ...], target_id: str) -> None:
    path = [root]
    for word in words:
        following = path[-1].get(word)
        if following is None:
            return
        path.append(following)
    _without(path[-1], _LEAF, target_id)
    for word, parent, child in zip(reversed(words), path[-2::-1], path[:0:-1], strict=True):
        if child:
            return
        del parent[word]


def _without(table: dict[str, Any], key: str, target_id: str) -> None:
    rest = tuple(pair for pair in table.get(key, ()) if pair[0] != target_id)
    if rest:
        table[key] = rest
    else:
        table.pop(key, None)


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
