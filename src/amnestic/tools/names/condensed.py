"""Whole names in letters whose word boundaries were lost."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from amnestic.tools.names.forms import NameForm
from amnestic.tools.names.parted import is_parted
from amnestic.tools.names.trie import Leaf, less, without
from amnestic.tools.reading import MARK, View, bare_word
from amnestic.types import Span

__all__ = ["CondensedHit", "CondensedIndex"]

_HEAD = 7

_LABEL = re.compile(
    r"\"[^\"\n]{0,40}\"\s{0,8}:|</?[a-zA-Z][^<>\n]{0,80}>|"
    r"^[^\w\n]{0,8}\w{1,20}(?:[ \t]\w{1,6})?:(?=[ \t])",
    re.MULTILINE,
)
_LETTERS = re.compile(r"[^\W\d_]+")
_APART = str.maketrans({chr(i): " " for i in range(128) if not chr(i).isalpha()})


class CondensedHit(NamedTuple):
    """A name found: whose, the form, from which word to which of the view, and where."""

    target_id: str
    form: NameForm
    first: int
    last: int
    span: Span


class CondensedIndex:
    """Whole names without their spaces. Readers need no lock.

    >>> from amnestic.tools.reading import read
    >>> from amnestic.tools.names.forms import Strength
    >>> index = CondensedIndex()
    >>> index.add("t", NameForm(("mirela", "osk"), Strength.FULL))
    >>> [hit.span for hit in index.find(read("itwas mir elaosk there").views[0])]
    [Span(start=6, end=16)]
    """

    def __init__(self) -> None:
        self._forms: dict[str, Leaf] = {}
        self._lengths: Counter[int] = Counter()
        self._heads: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._forms)

    def add(self, target_id: str, form: NameForm) -> None:
        """Take a form of seven letters or more in."""
        joined = "".join(form.words)
        self._forms[joined] = (*self._forms.get(joined, ()), (target_id, form))
        self._lengths[len(joined)] += 1
        self._heads[joined[:_HEAD]] += 1

    def remove(self, target_id: str, form: NameForm) -> None:
        """Take a form of a target out."""
        joined = "".join(form.words)
        without(self._forms, joined, (target_id, form))
        less(self._lengths, len(joined))
        less(self._heads, joined[:_HEAD])

    def among(self, letters: str, shortest: int) -> Iterator[tuple[str, int, int]]:
        """The names that a run of letters holds anywhere: whose, from where and to where."""
        if not self.may_hold(letters):
            return
        heads = [letters[i : i + _HEAD] for i in range(len(letters) - _HEAD + 1)]
        for start, head in enumerate(heads):
            for length in self._lengths if head in self._heads else ():
                found = letters[start : start + length]
                if length >= shortest and len(found) == length:
                    for target_id, _ in self._forms.get(found, ()):
                        yield target_id, start, start + length

    def may_hold(self, letters: str) -> bool:
        """Whether the beginning of a name stands anywhere in a run of letters.

        >>> from amnestic.tools.names.forms import Strength
        >>> index = CondensedIndex()
        >>> index.add("t", NameForm(("mirela", "osk"), Strength.FULL))
        >>> index.may_hold("somirelaosk"), index.may_hold("mirel")
        (True, False)
        """
        heads = self._heads
        if len(heads) < len(letters):
            return any(head in letters for head in list(heads))
        starts = range(len(letters) - _HEAD + 1)
        return not heads.keys().isdisjoint([letters[i : i + _HEAD] for i in starts])

    def across(self, text: str) -> Iterator[tuple[str, int, int]]:
        """The names whose letters stand in pieces of a text that marks part: strings, cells, items
        and lines, without their keys, labels and tags (`names.parted`). Whose, and where.

        >>> from amnestic.tools.names.forms import Strength
        >>> index = CondensedIndex()
        >>> index.add("t", NameForm(("mirela", "osk"), Strength.FULL))
        >>> list(index.across('["Mir", "ela O", "sk"]'))
        [('t', 2, 20)]
        >>> list(index.across('["Mir ela", "Osk"]')), list(index.across('["Almir", "ela O", "sk"]'))
        ([], [])
        """
        if not MARK.search(text):
            return
        plain = text
        if ":" in text or "<" in text:
            plain = _LABEL.sub(lambda m: "|" * len(m.group()), text)
        if plain.isascii():
            small = plain.lower().translate(_APART).split()  # as `_LETTERS`, in a tenth of the time
        else:
            small = [bare_word(word) for word in _LETTERS.findall(plain)]
        begins = [0, *accumulate(map(len, small))]
        letters, heads = "".join(small), self._heads
        opening = [begin for begin in begins if letters[begin : begin + _HEAD] in heads]
        if not opening:
            return
        found, at = [*_LETTERS.finditer(plain)], {begin: i for i, begin in enumerate(begins)}
        for begin in opening:
            first = at[begin]
            for length in self._lengths:
                last = at.get(begin + length, 0) - 1
                forms = self._forms.get(letters[begin : begin + length], ())
                if not forms or last <= first:
                    continue
                held = found[first : last + 1]
                for target_id in dict.fromkeys(t for t, _ in forms):
                    if is_parted(plain, held, [f for t, f in forms if t == target_id]):
                        yield target_id, held[0].start(), held[-1].end()

    def find(self, view: View) -> Iterator[CondensedHit]:
        """The names in a view's letters, read without regard to its words."""
        ends = list(accumulate(map(len, view.words.words)))
        text, lengths, heads = "".join(view.words.words), sorted(self._lengths), self._heads
        for start in range(len(text) - _HEAD + 1):
            if text[start : start + _HEAD] not in heads:
                continue
            for length in lengths:
                if start + length > len(text):
                    break
                for target_id, form in self._forms.get(text[start : start + length], ()):
                    first, begin = _place(view, ends, start)
                    last, end = _place(view, ends, start + length - 1)
                    span = view.folded.span(begin, end + 1)
                    yield CondensedHit(target_id, form, first, last, span)


def _place(view: View, ends: Sequence[int], letter: int) -> tuple[int, int]:
    """The word in which a letter stands, all words run together, and its place in the text."""
    word = bisect_right(ends, letter)
    return word, view.words.spans[word][1] - (ends[word] - letter)
