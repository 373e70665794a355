"""A record as a tree of strings: which of them change, by the record that they stand in.

Of a record that is named as a target no string stays, of one with a target in a short field no
short one; running text is judged by itself, and so is a record inside. Numbers and keys are read as
well. The shape stays: no field, row or item goes, so that whatever counts them
or points to them is still right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from amnestic.scrubbing.judging import Judge
from amnestic.tools.documents import Field, judge_record, views

__all__ = ["Leaf", "Path", "Touch", "place_of", "touched"]

_TURN_KEYS = frozenset(("role", "from", "speaker", "author"))
_CONTENT_KEYS = frozenset(
    "text content value page_content document body prompt completion instruction input output "
    "question answer response query context chosen rejected message summary".split()
)
_JUST_SAID, _FORGOTTEN_BELOW = 0.7, 0.2

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A string of a record: where it stands (keys and numbers of items, from the top), and what it
    says. `is_key` says that it is the last key of its path itself."""

    path: Path
    text: str
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class Touch:
    """A leaf that changes, by its number: what may stay of it, and whose the rest was."""

    leaf: int
    text: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Record:
    """The leaves of one mapping, by their numbers: its values, and its keys."""

    path: Path
    values: list[int] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)


def touched(records: Sequence[Sequence[Leaf]], judge: Judge) -> list[tuple[Touch, ...]]:
    """What must change in each of many records, which are sifted together.

    >>> from amnestic.tools.protocols import Context
    >>> touched([[]], judge=None)
    [()]
    """
    cut = [list(_records(leaves)) for leaves in records]
    texts = [
        [t for part in parts for t in _texts(leaves, part)]
        for leaves, parts in zip(records, cut, strict=True)
    ]
    every = [text for told in texts for text in told]
    near = iter(judge.sift(every) if every else ())
    worth = [[next(near) for _ in told] for told in texts]
    return [
        tuple(_Touching(leaves, judge).of(parts)) if any(told) else ()
        for leaves, parts, told in zip(records, cut, worth, strict=True)
    ]


def place_of(leaf: Leaf, hidden: Iterable[Path]) -> str:
    """Where a leaf stands, as `messages.1.content`; a key that tells of a target is a mark.

    >>> place_of(Leaf(("people", "Osk", "born"), "1961"), [("people", "Osk")])
    'people.#.born'
    """
    unsaid = set(hidden)
    parts = ("#" if leaf.path[: n + 1] in unsaid else str(part) for n, part in enumerate(leaf.path))
    return ".".join(parts)


def _records(leaves: Sequence[Leaf]) -> list[_Record]:
    """The mappings of a tree, outer ones first; items of lists belong to the list's key."""
    found: dict[Path, _Record] = {}
    for i, leaf in enumerate(leaves):
        path = _owner(leaf)
        record = found.setdefault(path, _Record(path))
        (record.keys if leaf.is_key else record.values).append(i)
    return sorted(found.values(), key=lambda r: len(r.path))


def _owner(leaf: Leaf) -> Path:
    last = len(leaf.path)
    while last and isinstance(leaf.path[last - 1], int):
        last -= 1
    return leaf.path[: max(0, last - 1)] if last else ()


def _key(leaf: Leaf) -> str:
    return next((part for part in reversed(leaf.path) if isinstance(part, str)), "")


def _fields(leaves: Sequence[Leaf], record: _Record) -> list[Field]:
    return [Field(_key(leaves[i]), leaves[i].text) for i in record.values]


def _texts(leaves: Sequence[Leaf], record: _Record) -> Iterator[str]:
    """What is sifted of a record: each of its strings, and short ones side by side."""
    yield from (leaves[i].text for i in (*record.keys, *record.values))
    short = [f for f in _fields(leaves, record) if f.text.strip() and not f.is_prose]
    if len(short) > 1:
        yield from views(short)


class _Touching:
    """The touches of one tree of which something is near a target."""

    def __init__(self, leaves: Sequence[Leaf], judge: Judge) -> None:
        self._leaves = leaves
        self._judge = judge
        self._leaks = judge.leaks()
        self._gone: dict[Path, tuple[str, ...]] = {}
        self._said: dict[Path, dict[str, float]] = {}

    def of(self, records: Sequence[_Record]) -> Iterator[Touch]:
        """What must change, record by record."""
        for record in records:
            sticky = self._turn(record)
            touches = list(self._of_record(record, sticky))
            self._note(record, touches)
            yield from touches

    def _of_record(self, record: _Record, sticky: Mapping[str, float]) -> Iterator[Touch]:
        whose = self._went(record.path)
        if whose:
            yield from self._emptied([*record.values, *record.keys], whose)
            return
        yield from self._keys_of(record)
        stay = [i for i in record.values if not self._went(self._leaves[i].path)]
        gone = [i for i in record.values if i not in set(stay)]
        for i in gone:
            yield from self._emptied([i], self._went(self._leaves[i].path))
        yield from self._values_of(_Record(record.path, stay), sticky)

    def _keys_of(self, record: _Record) -> Iterator[Touch]:
        """Keys that tell of a target: each takes what stands under it along."""
        for number, i in enumerate(record.keys):
            leaf = self._leaves[i]
            if self._leaks(leaf.text):
                self._gone[leaf.path] = whose = self._judge.found(leaf.text)
                yield Touch(i, f"removed_{number}", whose)

    def _values_of(self, record: _Record, sticky: Mapping[str, float]) -> Iterator[Touch]:
        leaks = self._judge.leaks(sticky) if sticky else self._leaks
        fields = _fields(self._leaves, record)
        leaking = [n for n, f in enumerate(fields) if f.text.strip() and leaks(f.text)]
        told = [f for f in fields if f.text.strip()]
        if not leaking and (len(told) < 2 or not any(map(leaks, views(told)))):
            return
        if leaking and all(self._is_apart(record.values[n], fields[n]) for n in leaking):
            yield from self._content_of(record, fields, leaking, sticky)
            return
        verdict = judge_record(fields, leaks)
        if not verdict.about:
            yield from self._content_of(record, fields, [n for n, _ in verdict.cleaned], sticky)
            return
        whose = self._whose(fields, sticky)
        if verdict.named:
            self._gone[record.path] = whose
            yield from self._emptied(record.values, whose)
            return
        prose = [n for n, told in enumerate(fields) if told.is_prose]
        short = (i for n, i in enumerate(record.values) if n not in set(prose))
        yield from self._emptied(short, whose)
        yield from self._content_of(record, fields, prose, sticky)

    def _is_apart(self, i: int, told: Field) -> bool:
        """Whether a value is no fact of the record it stands in: an item of a list, or what
        somebody writes or says."""
        path = self._leaves[i].path
        is_item = bool(path) and isinstance(path[-1], int)
        return is_item or told.is_prose or told.key.lower() in _CONTENT_KEYS

    def _content_of(
        self,
        record: _Record,
        fields: Sequence[Field],
        leaking: Sequence[int],
        sticky: Mapping[str, float],
    ) -> Iterator[Touch]:
        """Fields that mention a target, or tell of it in running text: each loses what tells."""
        for n in leaking:
            clean = self._judge.cleaned(fields[n].text, sticky)
            if clean.targets:
                yield Touch(record.values[n], clean.text, clean.targets)

    def _emptied(self, numbers: Iterable[int], whose: tuple[str, ...]) -> Iterator[Touch]:
        for i in numbers:
            leaf = self._leaves[i]
            if leaf.text and not leaf.is_key and _key(leaf) not in _TURN_KEYS:
                yield Touch(i, "", whose)

    def _went(self, path: Path) -> tuple[str, ...]:
        """Whose what stands at a path is, where that went as a whole."""
        if not self._gone:
            return ()
        parts = (path[:n] for n in range(len(path) + 1))
        return next((self._gone[p] for p in parts if p in self._gone), ())

    def _whose(self, fields: Sequence[Field], sticky: Mapping[str, float]) -> tuple[str, ...]:
        texts = [*(f.text for f in fields), *views(fields)]
        return tuple(dict.fromkeys(t for text in texts for t in self._judge.found(text, sticky)))

    def _turn(self, record: _Record) -> Mapping[str, float]:
        """The targets of which the turns before told, where the record is one of a conversation:
        "He was born there" tells of whom the turn before has named."""
        if not _TURN_KEYS & {_key(self._leaves[i]) for i in record.values}:
            return {}
        return self._said.get(record.path[:-1], {})

    def _note(self, record: _Record, touches: Sequence[Touch]) -> None:
        before = self._said.get(record.path[:-1], {})
        kept = {t: w * _JUST_SAID for t, w in before.items() if w * _JUST_SAID > _FORGOTTEN_BELOW}
        kept |= {t: 1.0 for touch in touches for t in touch.targets}
        self._said[record.path[:-1]] = kept
