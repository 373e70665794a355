"""Records as Python values: mappings, lists and strings, which come out in the shape they had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from amnestic.scrubbing.judging import Judge
from amnestic.scrubbing.records import Leaf, Path, touched
from amnestic.scrubbing.snapshot import Snapshot

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["leaves_of", "replaced", "scrub", "scrubbed"]

_BATCH = 64
_LONG_NUMBER = 7

V = TypeVar("V")


def scrub(records: Iterable[V], amnesia: Amnesia, *, batch: int = _BATCH) -> Iterator[V]:
    """The records without what belongs to a target, in their order; of one that is far from every
    target the very object.

    A record is a string, or a mapping or list of what JSON knows, however deep. Strings lose the
    smallest pieces that tell of a target; of a record about a target no string stays. No record
    goes, and no field. The targets are those in force at the first record.

    Args:
        records: read lazily, `batch` at a time; those are embedded together.
        amnesia: the layer whose targets are meant; no model is called.
        batch: records that are judged together.

    >>> from amnestic import Amnesia
    >>> from amnestic.testing import ScriptedBackend
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Amnesia(ScriptedBackend(), db=Path(folder.name) / "r.db", elicit=False) as amnesia:
    ...     target = amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
    ...     list(scrub(["Ana Morel lives in Tarn.", {"text": "It rained."}], amnesia))
    ['', {'text': 'It rained.'}]
    >>> folder.cleanup()
    """
    waiting = iter(records)
    judge: Judge | None = None
    while group := list(islice(waiting, batch)):
        judge = judge or Snapshot.of(amnesia).judge()
        yield from scrubbed(group, judge)


def scrubbed(records: list[V], judge: Judge) -> list[V]:
    """The records of one batch, of which none is changed in place."""
    trees = [list(leaves_of(record)) for record in records]
    found = touched(trees, judge)
    return [
        replaced(record, {(leaves[t.leaf].path, leaves[t.leaf].is_key): t.text for t in touches})
        if touches
        else record
        for record, leaves, touches in zip(records, trees, found, strict=True)
    ]


def leaves_of(value: Any, path: Path = ()) -> Iterator[Leaf]:
    """The strings, long numbers and keys of a value."""
    if isinstance(value, str):
        yield Leaf(path, value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(key, str):
                yield Leaf((*path, key), key, is_key=True)
            yield from leaves_of(inner, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for i, inner in enumerate(value):
            yield from leaves_of(inner, (*path, i))
    elif is_long_number(value):
        yield Leaf(path, str(value))


def is_long_number(value: Any) -> bool:
    """Whether a value is a number that may be somebody's: of a telephone, an account.

    >>> is_long_number(4915112345), is_long_number(1961), is_long_number(True)
    (True, False, False)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return len(str(value)) >= _LONG_NUMBER


def replaced(value: Any, new: Mapping[tuple[Path, bool], str], path: Path = ()) -> Any:
    """A value with other strings at some paths; a number of which nothing may stay becomes `None`,
    and what does not change is the object that it was."""
    if isinstance(value, str):
        return new.get((path, False), value)
    if isinstance(value, Mapping):
        pairs = [
            (new.get(((*path, str(k)), True), k), replaced(v, new, (*path, str(k))))
            for k, v in value.items()
        ]
        same = all(a is k and b is v for (a, b), (k, v) in zip(pairs, value.items(), strict=True))
        return value if same else dict(pairs)
    if isinstance(value, list | tuple):
        items = [replaced(v, new, (*path, i)) for i, v in enumerate(value)]
        same = all(a is b for a, b in zip(items, value, strict=True))
        return value if same else type(value)(items)
    return None if (path, False) in new else value
