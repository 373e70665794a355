"""Looking for names in one view of a text, word by word: as written, misspelt and in cipher."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from amnestic.tools.adjoining import is_one_name
from amnestic.tools.ciphers import ShiftIndex, unpigged
from amnestic.tools.decode import View
from amnestic.tools.name_trie import Node, leaf_of
from amnestic.tools.names import NameForm, Strength
from amnestic.tools.spelling import SpellingIndex
from amnestic.tools.words import rank
from amnestic.types import Span

__all__ = ["MIN_FUZZY", "MIN_HIDDEN", "NameHit", "NameSearch"]

MIN_FUZZY = 5
"""The letters that a word of a name must have to be looked for misspelt."""

MIN_HIDDEN = 7
"""The letters that a name must have to be looked for in cipher and the like."""

_RARE = 5_000
_GUESS = 3
"""The cost in edits of a respelling that is not sure: of a known word, or two edits in a word."""
_SURE = 2
_SURE_LETTERS, _TOLD_LETTERS = 8, 8
_LONG_SURNAME = 7
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


class NameSearch:
    """One search through the views of a text; what a misspelt word may stand for is kept until it
    ends, since texts repeat their words."""

    def __init__(self, root: Node, spelling: SpellingIndex, shifts: ShiftIndex) -> None:
        self._root = root
        self._shifts = shifts
        self._spelling = spelling
        self._respellings: dict[str, list[tuple[str, int]]] = {}

    def find(self, view: View) -> Iterator[NameHit]:
        """Every name form in a view, also those inside others."""
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
        if len(word) < MIN_FUZZY or not len(self._spelling):
            return
        place = rank(word)
        if place is not None and place <= _RARE:
            return
        near = self._respellings.get(word)
        if near is None:
            near = self._respellings[word] = self._spelling.near(word)
        for other, cost in near:
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
                hidden = sum(map(len, form.words)) >= MIN_HIDDEN
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
    if last > first and not is_one_name(view, first, last, turned=form.turned):
        return None
    tokens = view.tokens[first : last + 1]
    capital = all(t.capital or t.word[0].isdigit() for t in tokens)
    strength: Strength | None = form.strength
    if edits:
        told = form.strength is Strength.FULL or (capital and _is_slip(form, tokens[0].word))
        strength = _strength_misspelt(form, edits) if told else None
        if strength is None:
            return None
    if form.capital and not capital and form.strength > Strength.SURNAME:
        strength = Strength.SURNAME
    assert strength is not None
    return NameHit(
        target_id, strength, first, last, view.span(first, last), view.kind, capital, edits == 0
    )


def _is_slip(form: NameForm, word: str) -> bool:
    """Whether a word may be a surname misspelt: it begins alike, and is not the plural, which
    stands for the family."""
    surname = form.words[0]
    return word[0] == surname[0] and word != f"{surname}s"


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
