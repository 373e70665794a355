"""The names of all targets in a text: as they are written, misspelt, in cipher, in other scripts.

The forms stand in a trie over words. Beside it are small indexes for what is not written as it is
known: misspellings, shifted alphabets, other scripts. A look-up in them costs the same, however
many targets there are, and is made only for words that are in no dictionary.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence

from amnestic.tools.names.ciphers import ShiftIndex
from amnestic.tools.names.condensed import CondensedIndex
from amnestic.tools.names.fields import in_fields
from amnestic.tools.names.forms import NameForm, Strength
from amnestic.tools.names.glance import NameGlance
from amnestic.tools.names.search import (
    MIN_FUZZY,
    MIN_HIDDEN,
    MIN_SHIFTED,
    TOLD_BY_A_SLIP,
    NameHit,
    NameSearch,
)
from amnestic.tools.names.sounds import SoundIndex
from amnestic.tools.names.spelling import SpellingIndex
from amnestic.tools.names.trie import Node, plant, prune
from amnestic.tools.reading import (
    Part,
    Reading,
    Signs,
    View,
    letter_runs,
    signs_of,
    windows,
)
from amnestic.types import Span

__all__ = ["NameHit", "NameMatcher"]
_LONG_NAME = 8  # letters of a name that is looked for misspelt


class NameMatcher:
    """Finds the name forms of all targets in a reading.

    >>> from amnestic.tools.reading import read
    >>> from amnestic.tools.names.forms import forms_of
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
        self._changes = 0
        self._glance: tuple[int, NameGlance] | None = None

    def __len__(self) -> int:
        return len(self._forms)

    def __contains__(self, target_id: object) -> bool:
        return target_id in self._forms

    def add(self, target_id: str, forms: Iterable[NameForm]) -> None:
        """Put a target's forms in, in place of those that it had. A form that stays is never
        missing: what is new comes before what is old goes, and the rest is left alone."""
        forms = tuple(dict.fromkeys(forms))
        with self._lock:
            before = self._forms.get(target_id, ())
            for form in forms:
                if form not in before:
                    plant(self._root, target_id, form)
                    if form.strength is Strength.FULL:
                        self._insert_full(target_id, form)
            self._forms[target_id] = forms
            self._drop(target_id, (form for form in before if form not in forms))
            self._changes += 1

    def remove(self, target_id: str) -> None:
        """Take a target's forms out; an unknown id is no error."""
        with self._lock:
            self._drop(target_id, self._forms.pop(target_id, ()))
            self._changes += 1

    def find(self, reading: Reading) -> list[NameHit]:
        """Every form in the text; of the forms of one target at one place only the longest."""
        hits: list[NameHit] = []
        search = NameSearch(self._root, self._spelling, self._shifts)
        for view in reading.views:
            hits += search.find(view)
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

    def is_far(self, parts: Sequence[Part]) -> bool:
        """Whether `find` can find no more than given names and everyday words in a text that is
        read as it stands."""
        return self._glanced().is_far(parts)

    def may_count(self, part: Part) -> bool:
        """Whether what `find` finds may stand in a part: a name, or a given name or an everyday
        word of one, which count beside a name."""
        return self._glanced().may_count(part)

    def may_join(self, part: Part, behind: Part) -> bool:
        """Whether what `find` finds may stand in a part and the one behind it."""
        return self._glanced().may_join(part, behind)

    def runs_together(self, parts: Sequence[Part]) -> bool:
        """Whether a name may stand in the letters of these parts, whatever words they are of: so
        far `find` looks where letters stand apart."""
        words = [word for part in parts for word in part.views[0].words.words]
        return self._condensed.may_hold("".join(words))

    def hidden(
        self, text: str, *, arriving: bool = False, signs: Signs | None = None
    ) -> list[tuple[str, Span]]:
        """Whole names that initials, lists of letters, codes or pieces spell: whose, and where. Of
        a text that is `arriving`, and was looked through as far as it had, only the end is; of a
        short one the `signs` may be known."""
        if not len(self._condensed):
            return []
        read = list(windows(text))[-1:] if arriving else windows(text)
        spelt = (found for begin, piece in read for found in self._spelt(piece, begin, signs))
        return list(dict.fromkeys(spelt))

    def _spelt(self, text: str, begin: int, signs: Signs | None) -> Iterator[tuple[str, Span]]:
        signs = signs or signs_of(text)
        for run in letter_runs(text, signs):
            for target_id, start, end in self._condensed.among(run.letters, run.shortest):
                places = run.places()
                yield target_id, Span(begin + places[start], begin + places[end - 1] + 1)
        for target_id, start, end in self._condensed.across(text) if signs.marked else ():
            yield target_id, Span(begin + start, begin + end)

    def _glanced(self) -> NameGlance:
        glance = self._glance
        if glance is None or glance[0] != self._changes:
            with self._lock:
                made = NameGlance(self._root, self._spelling, self._shifts)
                glance = self._glance = (self._changes, made)
        return glance[1]

    def _insert_full(self, target_id: str, form: NameForm) -> None:
        if sum(map(len, form.words)) >= MIN_HIDDEN:
            self._condensed.add(target_id, form)
            self._sounds.add(target_id, form)
        if sum(map(len, form.words)) >= MIN_SHIFTED:
            self._shifts.add(max(form.words, key=len))
        for word in _fuzzy_words(form):
            self._spelling.add(word)

    def _drop(self, target_id: str, forms: Iterable[NameForm]) -> None:
        for form in forms:
            prune(self._root, target_id, form)
            if form.strength is Strength.FULL:
                self._drop_full(target_id, form)

    def _drop_full(self, target_id: str, form: NameForm) -> None:
        if sum(map(len, form.words)) >= MIN_HIDDEN:
            self._condensed.remove(target_id, form)
            self._sounds.remove(target_id, form)
        if sum(map(len, form.words)) >= MIN_SHIFTED:
            self._shifts.remove(max(form.words, key=len))
        for word in _fuzzy_words(form):
            self._spelling.remove(word)


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
    least = _LONG_NAME if len(form.words) > 1 else TOLD_BY_A_SLIP
    if sum(map(len, form.words)) >= least:
        yield from (w for w in form.words if len(w) >= MIN_FUZZY and w.isalpha())


def _longest(hits: list[NameHit]) -> list[NameHit]:
    """Drop what lies inside a longer hit of the same target that is as strong (one sweep)."""
    if len(hits) < 2:
        return hits
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
