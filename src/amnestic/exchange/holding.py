"""What is held of a file while it is read: which ids stood in which lines, and, where all of it is
to be put in force or nothing, the targets. A million lines take some hundred bytes each."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from pydantic import TypeAdapter

from amnestic.exceptions import InvalidRequestError
from amnestic.types import ForgetTarget

__all__ = ["Met", "Packed"]

_SEVERAL: TypeAdapter[list[ForgetTarget]] = TypeAdapter(list[ForgetTarget])
_FAST = 1
_ID, _SAID = 16, 8  # bytes that tell one id from another, and what is told under one
_SHIFT = 1 << 8 * _SAID  # a line and a hash stand in one number


class Met:
    """Of each id the line that had it, and what that told: hashes, and no text.

    >>> met = Met()
    >>> met.take(1, [("osk", "a poet")])
    >>> met.line_of("osk")
    1
    >>> met.take(2, [("osk", "a judge")])
    Traceback (most recent call last):
        ...
    amnestic.exceptions.InvalidRequestError: line 1 has the id `osk` too, and tells another target
    """

    def __init__(self) -> None:
        self._lines: dict[int, int] = {}

    def take(self, line: int, told: Iterable[tuple[str, str]]) -> None:
        """Note what a line tells under each of its ids. Raises `InvalidRequestError`, and notes
        nothing, where one of them was there before."""
        new: dict[int, int] = {}
        for target_id, said in told:
            key, hashed = _hash(target_id, _ID), _hash(said, _SAID)
            if seen := self._lines.get(key) or new.get(key):
                first, other = divmod(seen, _SHIFT)
                raise InvalidRequestError(
                    f"the same target as line {first}"
                    if hashed == other
                    else f"line {first} has the id `{target_id}` too, and tells another target"
                )
            new[key] = line * _SHIFT + hashed
        self._lines.update(new)

    def line_of(self, target_id: str) -> int:
        """The line that had an id."""
        return self._lines[_hash(target_id, _ID)] // _SHIFT


def _hash(text: str, size: int) -> int:
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=size).digest()
    return int.from_bytes(digest, "big")


class Packed:
    """Targets that wait until the rest has been read, compressed: in memory alone, since nobody
    else may read them.

    >>> packed = Packed()
    >>> packed.put([ForgetTarget(id="t-1", subject="Ada Example")])
    >>> [target.subject for target in packed]
    ['Ada Example']
    """

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def put(self, targets: Sequence[ForgetTarget]) -> None:
        """Hold some more."""
        if targets:
            self._parts.append(zlib.compress(_SEVERAL.dump_json(list(targets)), _FAST))

    def __iter__(self) -> Iterator[ForgetTarget]:
        for part in self._parts:
            yield from _SEVERAL.validate_json(zlib.decompress(part))

    def __bool__(self) -> bool:
        return bool(self._parts)
