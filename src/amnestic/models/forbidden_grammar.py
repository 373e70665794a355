"""A restriction as a grammar of llama.cpp's (GBNF): every text that it leaves."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TypeAlias

from amnestic.models.forbidden import STANDS, ForbiddenText, Restriction
from amnestic.models.letters import Kind, blocks, fold, kind_of

__all__ = ["grammar_of"]

_Spans: TypeAlias = tuple[tuple[int, int], ...]

# Where characters are that fold to others: the planes that hold them, and not the million besides.
_FOLDED = (range(0x0000, 0xD800), range(0xF900, 0x10000), range(0x1D400, 0x1F200))


def grammar_of(restriction: Restriction) -> str:
    """The grammar of what may follow on the answer as it has begun.

    For strings it is the complement of their automaton, linear to the right: a rule for each
    state, and in it each character that completes no string.

    >>> grammar_of(Restriction(without=ForbiddenText(["Ada"]))).startswith("root ::= s0")
    True
    """
    if restriction.without:
        return _Grammar(restriction.without).text(fold(restriction.begun))
    return _barring(restriction.barred, restriction.ended_a_word)


def _barring(letters: frozenset[str], after_a_word: bool) -> str:
    """Any text but none at all, whose first word does not begin with one of some letters."""
    barred = {ord(c) for letter in letters for c, _ in ((letter, ""), *_spelt_with(letter))}
    codes = tuple(sorted(barred))
    between = [span for kind in (Kind.GAP, Kind.NOTHING) for span in _less(kind, codes)]
    begins = [span for kind in (Kind.LETTER, Kind.SIGN) for span in _less(kind, codes)]
    gap, word = (f"[{''.join(map(_shown, _joined(spans)))}]" for spans in (between, begins))
    first = f"{gap} word" if after_a_word else f"{gap} word | {word} rest"
    return (
        f"root ::= {first}\n"
        f'word ::= "" | {gap} word | {word} rest\n'
        f'rest ::= "" | [^\\n] rest | [\\n] rest'
    )


class _Grammar:
    def __init__(self, forbidden: ForbiddenText) -> None:
        self._forbidden = forbidden
        self._classes: dict[_Spans, str] = {}
        self._ways: dict[tuple[int, str], list[tuple[int, int]]] = {}

    def text(self, begun: str) -> str:
        start = self._forbidden.read(self._forbidden.start, begun)
        rules, seen, todo = [f"root ::= s{start}"], {start}, [start]
        while todo:
            state = todo.pop()
            targets = self._targets(state)
            ways = [f"{self._class(spans)} s{to}" for to, spans in targets.items()]
            end = ['""'] if self._forbidden.may_end(state) else []
            rules.append(f"s{state} ::= {' | '.join([*ways, *end])}")
            todo += [to for to in targets if to not in seen]
            seen.update(targets)
        classes = ((name, "".join(map(_shown, spans))) for spans, name in self._classes.items())
        return "\n".join([*rules, *(f"{name} ::= [{shown}]" for name, shown in classes)])

    def _targets(self, state: int) -> dict[int, _Spans]:
        """The states that follow, each with the characters that lead to it."""
        usual = {kind: self._forbidden.step(state, kind) for kind in Kind}
        usual[Kind.NOTHING] = state
        apart = dict(self._apart(state, usual))
        spans: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for kind, to in usual.items():
            spans[to] += _less(kind, tuple(sorted(apart)))
        for code, to in apart.items():
            spans[to].append((code, code))
        return {to: _joined(found) for to, found in spans.items() if to != STANDS and found}

    def _apart(self, state: int, usual: dict[Kind, int]) -> list[tuple[int, int]]:
        """The characters that lead elsewhere than others of their kind, each with where."""
        step = self._forbidden.step
        letters = [*self._forbidden.alphabet, *_irregular()]
        reached = [(step(state, self._forbidden.symbol(letter)), letter) for letter in letters]
        return [
            (code, to)
            for after, letter in reached
            if letter in _irregular() or after != usual[kind_of(letter)]
            for code, to in self._spelt(after, letter)
            if to != usual[kind_of(chr(code))]
        ]

    def _spelt(self, after: int, letter: str) -> list[tuple[int, int]]:
        """The characters that fold to what begins with `letter`, each with the state behind it,
        where the letter leads to the state `after`."""
        if (after, letter) not in self._ways:
            read = self._forbidden.read
            self._ways[after, letter] = [
                (ord(char), STANDS if after == STANDS else read(after, rest))
                for char, rest in ((letter, ""), *_spelt_with(letter))
            ]
        return self._ways[after, letter]

    def _class(self, spans: _Spans) -> str:
        """The name of a class of characters: many states share one, and it is long."""
        return self._classes.setdefault(spans, f"c{len(self._classes)}")


def _shown(span: tuple[int, int]) -> str:
    first, last = (f"\\U{code:08X}" for code in span)
    return first if first == last else f"{first}-{last}"


@lru_cache(maxsize=1 << 10)
def _less(kind: Kind, codes: tuple[int, ...]) -> _Spans:
    """The characters of a kind without some, which are in order."""
    left = []
    for first, last in blocks(kind):
        for code in codes:
            if first <= code <= last:
                if first < code:
                    left.append((first, code - 1))
                first = code + 1
        if first <= last:
            left.append((first, last))
    return tuple(left)


def _joined(spans: list[tuple[int, int]]) -> _Spans:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first == joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)


def _spelt_with(letter: str) -> list[tuple[str, str]]:
    return _spellings().get(letter, [])


@lru_cache(maxsize=1)
def _spellings() -> dict[str, list[tuple[str, str]]]:
    """For each letter the other characters that fold to what begins with it, and what follows."""
    found = defaultdict(list)
    for plane in _FOLDED:
        for char in map(chr, plane):
            folded = fold(char)
            if folded and folded != char:
                found[folded[0]].append((char, folded[1:]))
    return dict(found)


@lru_cache(maxsize=1)
def _irregular() -> frozenset[str]:
    """The letters that begin the folded form of a character that is of another kind than all that
    it folds to: they are looked at in every state."""
    return frozenset(
        first
        for first, others in _spellings().items()
        for char, rest in others
        if kind_of(char) is Kind.LETTER
        and (kind_of(first) is not Kind.LETTER or any(kind_of(c) is not Kind.LETTER for c in rest))
    )
