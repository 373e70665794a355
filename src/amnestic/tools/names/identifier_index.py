"""The identifiers of all targets in a text, each matched as its type.

What may be an identifier is read out of the text once, brought into one form and looked up: the
time grows with the text, and hardly with the number of targets. A code may stand in any groups, so
that its letters and digits are put together piece by piece, as far as some code begins like that.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from amnestic.tools.names.code_places import beginnings, codes_at, stands_free
from amnestic.tools.names.dates import dates_in
from amnestic.tools.names.forms import Strength
from amnestic.tools.names.identifier_codes import Code, codes_of, pieces_of
from amnestic.tools.names.labels import is_labelled
from amnestic.tools.names.search import NameHit
from amnestic.tools.names.streets import Street, postcode_differs, street_of, streets_in
from amnestic.tools.names.web_values import emails_in, ips_in, urls_in
from amnestic.tools.reading import Reading, spellings
from amnestic.types import Identifier, IdentifierType, Span

__all__ = ["IdentifierIndex", "names_apart"]

_VIEW = "identifier"
_FINDERS = {
    IdentifierType.EMAIL: emails_in,
    IdentifierType.URL: urls_in,
    IdentifierType.IP: ips_in,
    IdentifierType.DATE: dates_in,
}
_DIGIT = re.compile(r"\d")
_Key = Code | Street | tuple[IdentifierType, str]
_Found = tuple[str, Span, bool]  # whose it is, where, and whether it needs no company


class IdentifierIndex:
    """Finds the identifiers of all targets in a reading.

    >>> from amnestic.tools.reading import read
    >>> index = IdentifierIndex()
    >>> index.add("t", [Identifier(value="QX-2041", label="case"), Identifier(value="1234")])
    >>> [hit.span for hit in index.find(read("See qx 2041, and not QX-20417."))]
    [Span(start=4, end=11)]
    >>> index.find(read("It has 1234 rooms.")), len(index.find(read("1234 it is."), {"t"}))
    ([], 1)
    """

    def __init__(self) -> None:
        self._owners: dict[_Key, dict[str, Identifier]] = {}
        self._codes: dict[str, dict[Code, None]] = {}
        self._begins: Counter[str] = Counter()
        self._numbers: Counter[str] = Counter()
        self._kinds: Counter[IdentifierType] = Counter()
        self._wordy = 0
        self._held: dict[str, tuple[_Key, ...]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many targets have identifiers."""
        return len(self._held)

    @property
    def has_words(self) -> bool:
        """Whether a code without digits is among them, which any word may be."""
        return self._wordy > 0

    def add(self, target_id: str, identifiers: Iterable[Identifier]) -> None:
        """Put a target's identifiers in, in place of those that it had. What stays is never
        missing: what is new comes before what is old goes."""
        keys: dict[_Key, Identifier] = {}
        for identifier in identifiers:
            keys.update((key, identifier) for key in _keys_of(identifier))
        with self._lock:
            before = self._held.pop(target_id, ())
            if keys:
                self._held[target_id] = tuple(keys)
            for key, identifier in keys.items():
                if key not in self._owners:
                    self._owners[key] = {}
                    self._plant(key, 1)
                self._owners[key][target_id] = identifier
            self._drop(target_id, (key for key in before if key not in keys))

    def remove(self, target_id: str) -> None:
        """Take a target's identifiers out; an unknown id is no error."""
        with self._lock:
            self._drop(target_id, self._held.pop(target_id, ()))

    def find(self, reading: Reading, company: Collection[str] = ()) -> list[NameHit]:
        """The identifiers in a text. One that is weak (a date, a short number, a plain word) counts
        beside its label, a date not even there, or where its target is `company`: then the hit is
        not `exact`."""
        if not self._owners:
            return []
        hits: dict[tuple[str, Span], bool] = {}
        for mapped in spellings(reading):
            for target_id, span, alone in self._found(mapped.text, company):
                key = target_id, mapped.span(span.start, span.end)
                hits[key] = alone or hits.get(key, False)
        return [
            NameHit(target_id, Strength.FULL, 0, 0, span, _VIEW, exact=alone)
            for (target_id, span), alone in hits.items()
        ]

    # ── One text ─────────────────────────────────────────────────────────────────────────────

    def _found(self, text: str, company: Collection[str]) -> Iterator[_Found]:
        for kind, finder in _FINDERS.items():
            if self._kinds[kind]:
                alone = kind is not IdentifierType.DATE
                for value, span in finder(text):
                    for target_id in self._owned_by((kind, value), alone, company):
                        yield target_id, span, alone
        if self._numbers:
            yield from self._streets(text)
        if self._codes:
            yield from self._coded(text, company)

    def _streets(self, text: str) -> Iterator[_Found]:
        for street, span in streets_in(text, self._numbers.keys()):
            for target_id, identifier in tuple(self._owners.get(street, {}).items()):
                if not postcode_differs(identifier.value, text, span.end):
                    yield target_id, span, True

    def _coded(self, text: str, company: Collection[str]) -> Iterator[_Found]:
        wordy = self.has_words
        if not wordy and not _DIGIT.search(text):
            return
        pieces = pieces_of(text)
        for place in codes_at(text, pieces, self._codes, self._begins, everywhere=wordy):
            for code in tuple(self._codes.get(place.key, ())):
                written = place.written(text)
                grouped = not code.fits(written, place.gaps)
                if grouped and not code.fits_in_groups(written, place.gaps):
                    continue
                if stands_free(text, code, place):
                    span = place.span(text, code)
                    alone = code.alone and not grouped
                    alone = alone or is_labelled(text, span.start, span.end, code.families)
                    if grouped and not alone:
                        continue
                    for target_id in self._owned_by(code, alone, company):
                        yield target_id, span, alone

    def _owned_by(self, key: _Key, alone: bool, company: Collection[str]) -> Iterable[str]:
        """Whose a key is; of one that does not stand alone only those who are in company."""
        owners = self._owners.get(key, {})
        return tuple(owners) if alone else [t for t in company if t in owners]

    # ── Keeping ──────────────────────────────────────────────────────────────────────────────

    def _drop(self, target_id: str, keys: Iterable[_Key]) -> None:
        for key in keys:
            owners = self._owners[key]
            del owners[target_id]
            if not owners:
                del self._owners[key]
                self._plant(key, -1)

    def _plant(self, key: _Key, count: int) -> None:
        """Note a key, or with a `count` of -1 that it is gone."""
        if isinstance(key, Street):
            _count(self._numbers, key.number, count)
        elif isinstance(key, Code):
            for begun in beginnings(key.key):
                _count(self._begins, begun, count)
            self._wordy += count * (not any(c.isdigit() for c in key.key))
            codes = self._codes.setdefault(key.key, {})
            codes.update({key: None}) if count > 0 else codes.pop(key)
            if not codes:
                del self._codes[key.key]
        else:
            self._kinds[key[0]] += count


def _keys_of(identifier: Identifier) -> Iterator[_Key]:
    """What an identifier is looked up by: in the form of its type; as a code where it has none."""
    kind = identifier.type
    if kind is IdentifierType.ADDRESS and (street := street_of(identifier.value)):
        yield street
    elif kind in _FINDERS:
        found = list(dict.fromkeys(v for v, _ in _FINDERS[kind](identifier.value)))
        whole = found[:1] if kind is not IdentifierType.DATE else found
        yield from ((kind, value) for value in whole)
        if not found:
            yield from codes_of(identifier)
    else:
        yield from codes_of(identifier)


def names_apart(names: Iterable[str], identifiers: Iterable[Identifier]) -> tuple[str, ...]:
    """The names among `names`, without what is one of the identifiers, in whatever form.

    >>> phone = Identifier(type="phone", value="+44 20 7946 0018")
    >>> names_apart(("Osk", "020 7946 0018", "020 7946 0019"), [phone])
    ('Osk', '020 7946 0019')
    """
    known = [(i, {*map(_form, _keys_of(i))}) for i in identifiers]
    return tuple(n for n in dict.fromkeys(names) if not any(_is_one(n, *each) for each in known))


def _is_one(name: str, identifier: Identifier, forms: set[object]) -> bool:
    if name == identifier.value:
        return True
    other = identifier.model_copy(update={"value": name})
    return not forms.isdisjoint(map(_form, _keys_of(other)))


def _form(key: _Key) -> object:
    return key.key if isinstance(key, Code) else key


def _count(counter: Counter[str], key: str, count: int) -> None:
    counter[key] += count
    if not counter[key]:
        del counter[key]
