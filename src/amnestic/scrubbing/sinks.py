"""Where a file's pieces go: beside its place, and into it when all of them are on the disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from amnestic.exceptions import MissingExtraError
from amnestic.scrubbing.encodings import Coding
from amnestic.scrubbing.formats import Parquet, opened, packing_of
from amnestic.scrubbing.listing import Source
from amnestic.scrubbing.recoding import recoded

__all__ = ["PART", "Sink", "swept"]

PART = ".amnestic-part"
"""What ends the names of files that are not whole yet."""


class Sink:
    """Takes the pieces of one file, and puts it into its place as a whole, or not at all. Where
    nothing went, that is the source, byte for byte, also of a compressed one.

    Args:
        source: the file that is read.
        place: where it goes.
    """

    def __init__(self, source: Source, place: Path, coding: Coding | None) -> None:
        self._source = source
        self._place = place
        self._coding = coding
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=PART, dir=place.parent)
        os.close(handle)
        self._beside = Path(name)
        self._columns = source.format if isinstance(source.format, Parquet) else None
        self._sizes: list[int] = []
        packing = "" if self._columns else packing_of(source.path)
        try:
            self._stream: BinaryIO = opened(self._beside, packing, writing=True)
        except MissingExtraError:
            self._beside.unlink(missing_ok=True)
            raise
        if coding is not None:
            self._stream.write(coding.mark)

    def write(self, raw: bytes) -> None:
        """Take a piece."""
        self._sizes.append(len(raw))
        self._stream.write(raw if self._columns else recoded(raw, self._coding))

    def finish(self, *, changed: bool) -> int:
        """Put the file into its place, and give its bytes. Raises `OSError`, and `CorpusError`
        where the source is not what was judged any more."""
        self._stream.close()
        if not changed:
            shutil.copyfile(self._source.path, self._beside)
        elif self._columns is not None:
            self._write_columns(self._columns)
        self._source.check()
        _onto_disk(self._beside)
        shutil.copymode(self._source.path, self._beside)
        os.replace(self._beside, self._place)
        _onto_disk(self._place.parent)
        return self._place.stat().st_size

    def drop(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError):  # a disk that is full: what is unwritten is not wanted
            self._stream.close()
        with suppress(OSError):  # the next run sweeps
            self._beside.unlink(missing_ok=True)

    def _write_columns(self, columns: Parquet) -> None:
        spool = self._beside.with_suffix(f".rows{PART}")
        os.replace(self._beside, spool)
        try:
            with opened(self._source.path, packing_of(self._source.path)) as source:
                columns.write(source, self._beside, self._spooled(spool))
        finally:
            spool.unlink(missing_ok=True)

    def _spooled(self, spool: Path) -> Iterator[bytes]:
        with spool.open("rb") as stream:
            for size in self._sizes:
                yield stream.read(size)


def swept(folder: Path) -> None:
    """Remove what a stopped run has left half-written below a folder."""
    for part in folder.rglob(f".*{PART}"):
        part.unlink(missing_ok=True)


def _onto_disk(place: Path) -> None:
    """Have what was written to a file, or renamed in a folder, on the disk."""
    if place.is_dir() and os.name != "posix":
        return
    handle = os.open(place, os.O_RDONLY if place.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
