"""Records as Python values: mappings, lists and strings, which come out in the shape they had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import islice
from pathlib import PurePath
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from amnestic.exceptions import CorpusError
from amnestic.scrubbing.encodings import decoded
from amnestic.scrubbing.judging import Judge
from amnestic.scrubbing.records import Leaf, Path, touched
from amnestic.scrubbing.snapshot import Snapshot

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["array_like", "leaves_of", "replaced", "scrub", "scrubbed"]

_BATCH = 64
_LONG_NUMBER = 7
_BYTES = (bytes, bytearray, memoryview)
_AS_WRITTEN = (Decimal, Fraction, UUID, PurePath, Enum)
_NO_TEXT = (int, float, complex, date, time, timedelta, NoneType)

V = TypeVar("V")


def scrub(records: Iterable[V], amnesia: Amnesia, *, batch: int = _BATCH) -> Iterator[V]:
    """The records without what belongs to a target, in their order; of one that is far from every
    target the very object.

    A record is a string, or a mapping or list of what JSON knows, however deep; bytes, sets and
    arrays of numpy are read too, and what is of another kind raises `CorpusError`. Strings lose the
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
            name = _name(key)
            if not isinstance(key, int | float | None) or is_long_number(key):
                yield Leaf((*path, name), name, is_key=True)
            yield from leaves_of(inner, (*path, name))
    elif _is_array(value):
        if value.dtype.kind != "f" or not value.ndim:  # of a vector's numbers none is somebody's
            yield from leaves_of(value.tolist(), path)
    elif isinstance(value, _BYTES):
        yield Leaf(path, decoded(bytes(value))[0])
    elif isinstance(value, list | tuple | Set):
        for i, inner in enumerate(value):
            yield from leaves_of(inner, (*path, i))
    elif is_long_number(value) or isinstance(value, _AS_WRITTEN):
        yield Leaf(path, str(value))
    elif not (isinstance(value, _NO_TEXT) or type(value).__name__ == "NAType"):
        raise CorpusError(
            f"a value of type `{type(value).__name__}` cannot be read: give a string, a number, "
            "bytes, a list or a mapping"
        )


def _name(key: Any) -> str:
    return decoded(key)[0] if isinstance(key, bytes) else str(key)


def _is_array(value: Any) -> bool:
    """Whether a value is an array of numpy, or a number or string of it."""
    return hasattr(value, "dtype") and hasattr(value, "tolist") and hasattr(value, "ndim")


def array_like(array: Any, values: Any) -> Any:
    """An array of the shape of another, with other values, which may be of another kind."""
    import numpy as np

    given = np.empty(array.shape, dtype=object)
    for at in np.ndindex(array.shape):
        inner = values
        for i in at:
            inner = inner[i]
        given[at] = inner
    return given.astype(array.dtype) if array.dtype.kind in "US" else given


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
            (new.get(((*path, _name(k)), True), k), replaced(v, new, (*path, _name(k))))
            for k, v in value.items()
        ]
        same = all(a is k and b is v for (a, b), (k, v) in zip(pairs, value.items(), strict=True))
        return value if same else dict(pairs)
    if _is_array(value):
        told = value.tolist()
        left = replaced(told, new, path)
        if left is told:
            return value
        return array_like(value, left) if value.ndim else left
    if isinstance(value, _BYTES):
        encoding = decoded(bytes(value))[1]
        left = new.get((path, False))
        return value if left is None else type(value)(left.encode(encoding, "replace"))
    if isinstance(value, list | tuple | Set):
        items = [replaced(v, new, (*path, i)) for i, v in enumerate(value)]
        same = all(a is b for a, b in zip(items, value, strict=True))
        if same:
            return value
        return value._make(items) if hasattr(value, "_make") else type(value)(items)  # type: ignore[call-arg]
    return None if (path, False) in new else value
