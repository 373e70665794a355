"""What a format does: cut a file into pieces, and say what may stay of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from amnestic.exceptions import CorpusError
from amnestic.scrubbing.judging import Judge
from amnestic.scrubbing.records import Leaf, Touch, place_of

__all__ = ["LONGEST", "Format", "Output", "Piece", "Place", "encoded", "lines_of", "places_of"]

LONGEST = 1 << 29
"""Bytes over which a line, or a file that is read as a whole, is refused."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a file: its bytes, and the number of the first line or record in it, from 1."""

    raw: bytes
    number: int = 1


@dataclass(frozen=True, slots=True)
class Place:
    """That something went: in which record, in which field of it, of which targets. `emptied` says
    that nothing of the field stayed. No text stands here."""

    record: int
    field: str
    targets: tuple[str, ...]
    emptied: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """What may stay of a piece, byte for byte where nothing went; `records` counts what was read,
    `broken` what of it is not what its format asks for and was read as plain text."""

    raw: bytes
    places: tuple[Place, ...] = ()
    records: int = 1
    broken: int = 0


class Format(Protocol):
    """Reads and writes one kind of file; it can be pickled."""

    def pieces(self, stream: BinaryIO) -> Iterator[Piece]:
        """The file in pieces, which joined are the file. Raises `CorpusError`."""
        ...

    def cleaned(self, pieces: Sequence[Piece], judge: Judge) -> list[Output]:
        """What may stay of pieces, which are judged together."""
        ...


def lines_of(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their ends, numbered from 1. Raises `CorpusError` for one that is
    longer than any machine should hold."""
    number = 1
    while line := stream.readline(LONGEST + 1):
        if len(line) > LONGEST:
            raise CorpusError(f"line {number} is longer than {LONGEST >> 20} MiB: cut it before")
        yield number, line
        number += 1


def encoded(text: str, name: str) -> bytes:
    """Text in the encoding that its piece came in. What a cut leaves holds no other letters."""
    return text.encode(name, "replace")


def places_of(number: int, leaves: Sequence[Leaf], touches: Sequence[Touch]) -> tuple[Place, ...]:
    """Where the touches of a record are."""
    hidden = [leaves[t.leaf].path for t in touches if leaves[t.leaf].is_key]
    return tuple(
        Place(number, place_of(leaves[t.leaf], hidden), t.targets, emptied=not t.text)
        for t in touches
    )
