"""Whether a text that hides nothing may hold a name at all, told part by part.

What stands between two spaces either is a name by itself, or may begin one that goes on behind it,
or may go on with one, or neither; that is found out once for each, by the search that would find
the names. A text in which no part is a name, and none that may begin one stands before one that may
go on with it, holds none: that is said without walking through it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from amnestic.tools.names.ciphers import ShiftIndex, unpigged
from amnestic.tools.names.forms import Strength
from amnestic.tools.names.naming import is_everyday
from amnestic.tools.names.search import NameSearch, goes_on, is_joint
from amnestic.tools.names.sounds import is_foreign
from amnestic.tools.names.spelling import SpellingIndex
from amnestic.tools.names.trie import Node, leaf_of
from amnestic.tools.reading import Kept, Part, View, rank

__all__ = ["NameGlance"]

_KEPT_AGAIN, _KEPT_ONCE = 384_000, 192_000  # letters of parts, as many as their reader keeps
_BESIDE = 5
_MOST_LOOKS = 50_000  # after which what the search itself has kept is let go of
_SHORTEST_HIDDEN = 4
_MOST_PARTS = 12  # more words than a name has, in all of its forms


class _Seen(NamedTuple):
    """What a part may be: a name, the beginning of one, what goes on with one, and the parts of
    names in it, each with whether it is a surname; and whether anything at all is found in it, be
    it a given name or an everyday word."""

    names: bool
    opens: bool
    follows: bool
    held: tuple[tuple[str, bool], ...] = ()
    counts: bool = True


class NameGlance:
    """What the parts of texts may be beside the names of one moment."""

    def __init__(self, root: Node, spelling: SpellingIndex, shifts: ShiftIndex) -> None:
        self._root = root
        self._shifts = shifts
        self._inner = frozenset(_inner_words(root))
        self._spelling = spelling
        self._search = NameSearch(root, spelling, shifts)
        self._seen = Kept[Part, _Seen](_KEPT_AGAIN, _KEPT_ONCE, _size)
        self._words = Kept[tuple[str, bool], _Seen](_KEPT_AGAIN, _KEPT_ONCE, _size_of_word)
        self._looks = 0
        self._turn = threading.Lock()

    def is_far(self, parts: Sequence[Part]) -> bool:
        """Whether no name can stand in a text of these parts, but for given names and everyday
        words, which name nobody by themselves."""
        opens = False
        held: list[tuple[str, bool]] = []
        for at, seen in enumerate(self._seen.all(parts, self._seen_in)):
            if seen.names or (opens and seen.follows and self._goes_on(parts, at - 1)):
                return False
            opens = seen.opens
            held += seen.held
        return len(held) < 2 or not _are_two_parts(held)

    def may_count(self, part: Part) -> bool:
        """Whether a part may be a name, or a given name or an everyday word of one, which count
        beside a name."""
        seen = self._seen_of(part)
        return seen.names or seen.counts

    def may_join(self, part: Part, behind: Part) -> bool:
        """Whether a name may stand in a part and the one behind it."""
        seen = self._seen_of(part)
        return self._seen_of(behind).follows and (seen.opens or seen.follows)

    def _seen_of(self, part: Part) -> _Seen:
        return self._seen.all([part], self._seen_in)[0]

    def _goes_on(self, parts: Sequence[Part], at: int) -> bool:
        """Whether a name may begin in one part and go on in the next ones."""
        near = parts[at : at + _MOST_PARTS]
        if any(len(part.views) > 1 for part in near):
            return True
        words = [word for part in near for word in part.views[0].words.words]
        return any(self._leads(words, i) for i in range(len(parts[at].views[0].words.words)))

    def _seen_in(self, part: Part) -> _Seen:
        """What a part may be: of one plain word that is the same whatever signs stand around it."""
        words = part.views[0].words
        if len(part.views) > 1 or len(words.words) != 1 or not words.is_ascii:
            return self._looked(part)
        told = (words.words[0], words.capital(0))
        return self._words.all([told], lambda _: self._looked(part))[0]

    def _looked(self, part: Part) -> _Seen:
        with self._turn:
            self._looks += 1
            if self._looks > _MOST_LOOKS:
                self._search = NameSearch(self._root, self._spelling, self._shifts)
                self._looks = 0
            return self._look(part)

    def _look(self, part: Part) -> _Seen:
        seen = [self._look_at(view) for view in part.views if view.words.words]
        if not seen:
            return _Seen(names=False, opens=False, follows=False, counts=False)
        return _Seen(
            any(s.names for s in seen),
            any(s.opens for s in seen),
            any(s.follows for s in seen),
            tuple(dict.fromkeys(h for s in seen for h in s.held)),
            any(s.counts for s in seen),
        )

    def _leads(self, words: Sequence[str], first: int) -> bool:
        """Whether a name of several words may begin at one, as `NameSearch` would follow it."""
        waiting = [(self._root, first)]
        while waiting:
            node, at = waiting.pop()
            if at > first + 1 and leaf_of(node):
                return True
            if at >= len(words):
                continue
            if at + 1 < len(words):
                waiting += [(n, at + 2) for n in self._behind(node, words[at] + words[at + 1])]
            waiting += [(n, at + 1) for n in self._behind(node, words[at])]
        return False

    def _behind(self, node: Node, word: str) -> list[Node]:
        """The nodes to which a word leads, as it stands or misspelt."""
        ways = {word, *(other for other, _ in self._search.near(word))}
        if word[-1] == "s" and len(word) > 1 and node is not self._root:
            ways.add(word[:-1])
        return [node[way] for way in ways if way in node]

    def _look_at(self, view: View) -> _Seen:
        words = view.words.words
        joined = [
            words[i] + words[i + 1] if is_joint(view, i) else "" for i in range(len(words) - 1)
        ]
        opens = [self._opens(word) for word in words]
        follows = [self._follows(w, j) for w, j in zip(words, (*joined, ""), strict=True)]
        inside = any(a and b for a, b in zip(opens, follows[1:], strict=False))
        inside = inside and any(self._leads(words, i) for i in range(len(words) - 1))
        hidden = any(map(self._is_hidden, words))
        hidden = hidden or any(self._search.is_marked(view, i) for i in range(len(words)))
        if inside or hidden or is_foreign(view.folded.text):
            return _Seen(names=True, opens=True, follows=True)
        if any(j and (j in self._root or self._near_root(j)) for j in joined):
            return _Seen(names=True, opens=True, follows=True)
        hits = self._search.find(view)
        held = tuple(
            (h.target_id, h.strength is Strength.SURNAME)
            for h in hits
            if h.view == "plain" and h.strength <= Strength.SURNAME
        )
        names = any(not is_everyday(h, words) for h in hits)
        return _Seen(names, any(opens), follows[0], held, bool(hits))

    def _opens(self, word: str) -> bool:
        node = self._root.get(word)
        if node is not None and goes_on(node):
            return True
        return any(goes_on(self._root[other]) for other in self._near_root(word))

    def _near_root(self, word: str) -> list[str]:
        return [other for other, _ in self._search.near(word) if other in self._root]

    def _follows(self, word: str, joined: str) -> bool:
        inner = self._inner
        if word in inner or (word[-1] == "s" and word[:-1] in inner) or self._search.near(word):
            return True
        return bool(joined) and (joined in inner or bool(self._search.near(joined)))

    def _is_hidden(self, word: str) -> bool:
        """Whether a word may be one of a name in a shifted alphabet, or in pig latin."""
        if word in self._root or len(word) < _SHORTEST_HIDDEN or rank(word) is not None:
            return False
        pig = any(other in self._root for other in unpigged(word))
        return pig or bool(self._shifts.tables(word))


def _size(part: Part) -> int:
    return len(part.views[0].folded.text) + _BESIDE


def _size_of_word(told: tuple[str, bool]) -> int:
    return len(told[0]) + _BESIDE


def _inner_words(root: Node) -> Iterator[str]:
    """The words with which a name goes on."""
    waiting = [node for word, node in root.items() if word]
    while waiting:
        node = waiting.pop()
        for word, inner in node.items():
            if word:
                yield word
                waiting.append(inner)


def _are_two_parts(held: Sequence[tuple[str, bool]]) -> bool:
    """Whether a given name and a surname of one target are among parts of names: in fields they
    are a name, however far apart."""
    surnames = {target_id for target_id, is_surname in held if is_surname}
    return any(not is_surname and target_id in surnames for target_id, is_surname in held)
