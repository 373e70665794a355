"""Strings that must not stand in a text, as an automaton that reads it letter by letter.

The automaton is Aho and Corasick's, over folded characters, made while it is walked. (GUARD, arXiv
2505.13312, forbids sequences of tokens; a name has as many of those as it has spellings.)
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from amnestic.models.letters import Kind, fold, kind_of

__all__ = ["FREE", "STANDS", "ForbiddenText", "Restriction", "Symbol"]

Symbol: TypeAlias = str | Kind
"""A folded character that some string holds, or the kind of one that none holds."""

STANDS = -1
"""The state of a text in which a string stands."""

_SHORT = 3  # letters; a longer string is found in every word that begins with it
_WHOLE = -1  # the thread of a short string that is complete if its word ends here

_Threads: TypeAlias = frozenset[int]


@dataclass(slots=True)
class _Node:
    """A beginning that strings share, and what may follow: at once, or behind a gap as well."""

    near: dict[Symbol, int] = field(default_factory=dict)
    far: dict[Symbol, int] = field(default_factory=dict)
    ends: bool = False
    ends_as_word: bool = False


class ForbiddenText:
    """Strings that must not stand in a text, whatever their case and spacing.

    Letters and digits are compared, case and width folded, accents as they are written. Between
    two words of a string there may be any blanks and marks, or none. A string begins where a word
    does ("Ada" is not in "Canada"); it ends anywhere, so that "Rowling" is in "Rowlings", unless
    it has three letters or fewer: those are found as whole words alone. In scripts that do not
    part their words, a string is found everywhere. A string with fewer than two letters ("C++")
    is compared with its marks.

    Args:
        strings: what must not stand in the text; empty ones are left out.

    >>> forbidden = ForbiddenText(["J. K. Rowling", "Ada"])
    >>> [forbidden.stands_in(t) for t in ("by J.K. ROWLING's", "by JK\\nRowling")]
    [True, True]
    >>> [forbidden.stands_in(t) for t in ("Ada!", "Canada", "Adam", "K. Rowling")]
    [True, False, False, False]
    """

    def __init__(self, strings: Iterable[str]) -> None:
        self._nodes = [_Node()]
        self.words: set[str] = set()  # of each string the longest stretch without a gap
        for string in strings:
            self._add(_letters(string))
        edges = [edge for node in self._nodes for edge in (*node.near, *node.far)]
        self.alphabet = frozenset(edge for edge in edges if isinstance(edge, str))
        self._ids: dict[tuple[_Threads, bool], int] = {(frozenset(), True): 0}
        self._states: list[tuple[_Threads, bool]] = [(frozenset(), True)]
        self._steps: list[dict[Symbol, int]] = [{}]
        self._adding = threading.Lock()  # a decoder and its reader walk it at the same time

    def __bool__(self) -> bool:
        return bool(self.alphabet)

    @property
    def start(self) -> int:
        """The state of the empty text."""
        return 0

    @property
    def within_a_word(self) -> int:
        """The state of a text that ends within a word and with the beginning of no string."""
        return self._id_of((frozenset(), False))

    def stands_in(self, text: str) -> bool:
        """Whether one of the strings stands in a text."""
        state = self.read(self.start, fold(text))
        return state == STANDS or not self.may_end(state)

    def first_in(self, text: str) -> int | None:
        """Where the first string to be complete in a text begins; the longest, if several are.

        >>> ForbiddenText(["J. K. Rowling", "Rowling"]).first_in("Ask J.K. Rowling.")
        4
        """
        end = self._end_of_first(text)
        state = self.start
        for at, char in enumerate(text[:end]):
            folded = fold(char)
            if folded and self._is_at(state, folded[0], text[at:end]):
                return at
            state = self.read(state, folded)
        return None

    def _end_of_first(self, text: str) -> int:
        """Where a text ends if it is cut as soon as a string stands in it."""
        state = self.start
        for at, char in enumerate(text):
            state = self.read(state, fold(char))
            if state == STANDS:
                return at + 1
        return len(text)

    def _is_at(self, state: int, first: str, text: str) -> bool:
        """Whether a text that goes on from a state, and ends in time, begins with a string."""
        begun: set[int] = set()
        if not self._enter(self._begun_by(self.symbol(first), state), begun):
            return True
        threads = frozenset(begun)
        for char in fold(text)[1:] if begun else "":
            after = self.carried_on(threads, self.symbol(char))
            if not after:
                return after is None
            threads = after
        return _WHOLE in threads

    def read(self, state: int, folded: str) -> int:
        """The state after more folded text: `STANDS` once a string does."""
        for char in folded:
            if (state := self.step(state, self.symbol(char))) == STANDS:
                return STANDS
        return state

    def symbol(self, char: str) -> Symbol:
        """What a folded character is to the automaton."""
        return char if char in self.alphabet else kind_of(char)

    def step(self, state: int, symbol: Symbol) -> int:
        """The state after one more character."""
        known = self._steps[state].get(symbol)
        if known is None:
            known = self._steps[state][symbol] = self._stepped(state, symbol)
        return known

    def may_end(self, state: int) -> bool:
        """Whether a text may end here: not behind a short string, which its end makes a word."""
        return _WHOLE not in self._states[state][0]

    def begins_words(self, state: int) -> bool:
        """Whether a word may begin here."""
        return self._states[state][1]

    # ── Threads: the beginnings of strings that the text ends with ───────────────────────────

    def threads(self, state: int) -> _Threads:
        """The beginnings of strings that a text in this state ends with."""
        return self._states[state][0]

    def expected(self, threads: _Threads) -> set[str]:
        """The characters that carry one of the threads on, gaps aside."""
        nodes = [self._nodes[thread >> 1] for thread in threads if thread != _WHOLE]
        edges = (edge for node in nodes for edge in (*node.near, *node.far))
        return {edge for edge in edges if isinstance(edge, str)}

    def cross_gaps(self, threads: _Threads) -> bool:
        """Whether a gap leaves one of the threads alive."""
        return any(t != _WHOLE and self._nodes[t >> 1].far for t in threads)

    def awaits_an_end(self, threads: _Threads) -> bool:
        """Whether a short string is complete if its word ends here."""
        return _WHOLE in threads

    def carried_on(self, threads: _Threads, symbol: Symbol) -> _Threads | None:
        """The threads after one more character, none begun by it; `None` where a string stands."""
        kind = symbol if isinstance(symbol, Kind) else kind_of(symbol)
        after: set[int] = set()
        for thread in threads:
            if thread == _WHOLE:
                if kind is not Kind.LETTER:
                    return None
                continue
            node = self._nodes[thread >> 1]
            if kind is Kind.GAP and node.far:
                after.add(thread | 1)
            follows = [node.far] if thread & 1 else [node.far, node.near]
            reached = [edges[symbol] for edges in follows if symbol in edges]
            if not self._enter(reached, after):
                return None
        return frozenset(after)

    def _enter(self, nodes: Sequence[int], threads: set[int]) -> bool:
        """Go on from nodes just reached; say whether no string has come to its end."""
        for at in nodes:
            node = self._nodes[at]
            if node.ends:
                return False
            if node.ends_as_word:
                threads.add(_WHOLE)
            if node.near or node.far:
                threads.add(at << 1)
        return True

    def _stepped(self, state: int, symbol: Symbol) -> int:
        kind = symbol if isinstance(symbol, Kind) else kind_of(symbol)
        carried = self.carried_on(self.threads(state), symbol)
        if carried is None:
            return STANDS
        after = set(carried)
        if not self._enter(self._begun_by(symbol, state), after):
            return STANDS
        return self._id_of((frozenset(after), kind is not Kind.LETTER))

    def _begun_by(self, symbol: Symbol, state: int) -> tuple[int, ...]:
        """The node that a string enters which begins here."""
        node = self._nodes[0].near.get(symbol)
        kind = symbol if isinstance(symbol, Kind) else kind_of(symbol)
        if node is None or (kind is Kind.LETTER and not self.begins_words(state)):
            return ()
        return (node,)

    def _id_of(self, state: tuple[_Threads, bool]) -> int:
        with self._adding:
            if state not in self._ids:
                self._ids[state] = len(self._states)
                self._states.append(state)
                self._steps.append({})
            return self._ids[state]

    def _add(self, letters: Sequence[tuple[str, bool]]) -> None:
        if not letters:
            return
        at = 0
        for char, behind_gap in letters:
            edges = self._nodes[at].far if behind_gap else self._nodes[at].near
            if char not in edges:
                edges[char] = len(self._nodes)
                self._nodes.append(_Node())
            at = edges[char]
        short = len(letters) <= _SHORT and kind_of(letters[-1][0]) is Kind.LETTER
        self._nodes[at].ends_as_word |= short
        self._nodes[at].ends |= not short
        text = "".join(" " * behind_gap + char for char, behind_gap in letters)
        self.words.add(max(text.split(" "), key=len))


@dataclass(frozen=True, slots=True)
class Restriction:
    """What an answer is kept to while it is written.

    Args:
        begun: what it says already; it is gone on from there.
        barred: folded characters that its next word may not begin with. Where there are some, it
            does not end here, and its last word is not gone on with.
        without: strings that may not stand in it.
    """

    begun: str = ""
    barred: frozenset[str] = frozenset()
    without: ForbiddenText | None = None

    @property
    def ended_a_word(self) -> bool:
        """Whether a gap has to stand before the next word."""
        return bool(self.begun) and kind_of(self.begun[-1]) is Kind.LETTER


FREE = Restriction()
"""No restriction at all."""


def _letters(string: str) -> list[tuple[str, bool]]:
    """The characters of a string that are compared, each with whether a gap may stand before."""
    found: list[tuple[str, bool]] = []
    gap = False
    folded = fold(string)
    if sum(kind_of(char) is not Kind.GAP for char in folded) < 2:
        return [(char, False) for char in folded.strip()]
    for char in folded:
        if kind_of(char) is Kind.GAP:
            gap = bool(found)
        else:
            found.append((char, gap))
            gap = False
    return found
