"""Whole names in letters whose word boundaries were lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from amnestic.tools.decode import View
from amnestic.tools.name_trie import Leaf, without
from amnestic.tools.names import NameForm
from amnestic.types import Span

__all__ = ["CondensedHit", "CondensedIndex"]

_MOST_LETTERS = 4_000


class CondensedHit(NamedTuple):
    """A name found: whose, the form, from which word to which of the view, and where."""

    target_id: str
    form: NameForm
    first: int
    last: int
    span: Span


class CondensedIndex:
    """Whole names without their spaces. Readers need no lock.

    >>> from amnestic.tools.decode import read
    >>> from amnestic.tools.names import Strength
    >>> index = CondensedIndex()
    >>> index.add("t", NameForm(("mirela", "osk"), Strength.FULL))
    >>> [hit.span for hit in index.find(read("itwas mir elaosk there").views[0])]
    [Span(start=6, end=16)]
    """

    def __init__(self) -> None:
        self._forms: dict[str, Leaf] = {}
        self._lengths: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._forms)

    def add(self, target_id: str, form: NameForm) -> None:
        """Take a form in."""
        joined = "".join(form.words)
        self._forms[joined] = (*self._forms.get(joined, ()), (target_id, form))
        self._lengths[len(joined)] = self._lengths.get(len(joined), 0) + 1

    def remove(self, target_id: str, form: NameForm) -> None:
        """Take a form of a target out."""
        joined = "".join(form.words)
        without(self._forms, joined, target_id)
        self._lengths[len(joined)] -= 1
        if not self._lengths[len(joined)]:
            del self._lengths[len(joined)]

    def find(self, view: View) -> Iterator[CondensedHit]:
        """The names in a view's letters, read without regard to its words."""
        letters: list[str] = []
        places: list[tuple[int, int]] = []
        for index, token in enumerate(view.tokens):
            for offset, letter in enumerate(token.word):
                letters.append(letter)
                places.append((index, token.start + offset))
            if len(letters) > _MOST_LETTERS:
                break
        text, lengths = "".join(letters), sorted(self._lengths)
        for start in range(len(text)):
            for length in lengths:
                if start + length > len(text):
                    break
                for target_id, form in self._forms.get(text[start : start + length], ()):
                    first, begin = places[start]
                    last, end = places[start + length - 1]
                    span = view.folded.span(begin, end + 1)
                    yield CondensedHit(target_id, form, first, last, span)
