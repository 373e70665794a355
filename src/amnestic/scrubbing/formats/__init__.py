"""What kind of file is which, by its name."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
import zlib
from pathlib import Path, PurePath
from typing import Any, BinaryIO, cast

from amnestic.exceptions import CorpusError
from amnestic.extras import require
from amnestic.scrubbing.formats.base import Format, Output, Piece, Place
from amnestic.scrubbing.formats.columns import Parquet
from amnestic.scrubbing.formats.frames import unpacked_frames
from amnestic.scrubbing.formats.json_forms import JsonFile, JsonLines
from amnestic.scrubbing.formats.plain import Markup, Text
from amnestic.scrubbing.formats.tables import Table

__all__ = ["FORMATS", "Format", "Output", "Parquet", "Piece", "Place", "Table", "broken",
           "ends_of", "format_of", "opened", "packing_of", "why_broken"]  # fmt: skip

FORMATS: dict[str, Any] = {
    **dict.fromkeys((".jsonl", ".ndjson"), JsonLines),
    **dict.fromkeys((".json", ".ipynb"), JsonFile),
    **dict.fromkeys((".csv", ".tsv"), Table),
    **dict.fromkeys((".parquet", ".pq"), Parquet),
    **dict.fromkeys((".txt", ".text", ".log", ".md", ".markdown", ".rst"), Text),
    **dict.fromkeys((".html", ".htm", ".xhtml", ".xml"), Markup),
}
"""The formats by the ends of their files' names."""

_PACKED = (".gz", ".bz2", ".xz", ".zst")


def packing_of(file: PurePath) -> str:
    """How a file is compressed, as the end of its name says; empty where it is not."""
    end = file.suffix.lower()
    return end if end in _PACKED else ""


def format_of(file: PurePath, encoding: str | None = None) -> Format | None:
    """The format of a file, by its name without what says how it is compressed; `None` for one
    that is not known.

    >>> format_of(PurePath("a/chats.jsonl.gz"))
    JsonLines(encoding=None)
    >>> format_of(PurePath("a/photo.png")) is None
    True
    """
    inner = PurePath(file.name.removesuffix(file.suffix)) if packing_of(file) else file
    kind = FORMATS.get(inner.suffix.lower())
    if kind is Table and inner.suffix.lower() == ".tsv":
        return Table(encoding, "\t")
    return None if kind is None else cast(Format, kind(encoding))


def ends_of(name: str) -> str:
    """What of a file's name says its format and how it is compressed.

    >>> ends_of("a.b.jsonl.gz"), ends_of("a.b")
    ('.jsonl.gz', '')
    """
    file = PurePath(name)
    packing = file.suffix if packing_of(file) else ""
    inner = PurePath(name.removesuffix(packing)).suffix
    return (inner if inner.lower() in FORMATS else "") + packing


def broken() -> tuple[type[Exception], ...]:
    """What is raised where a file is not what its name says, or cannot be read or written."""
    kinds = [OSError, ValueError, EOFError, zlib.error, lzma.LZMAError]
    if "zstandard" in sys.modules:
        kinds.append(sys.modules["zstandard"].ZstdError)
    if "pyarrow" in sys.modules:
        kinds.append(sys.modules["pyarrow"].ArrowException)
    return tuple(kinds)


def why_broken(error: BaseException) -> str:
    """Such an error in words that hold nothing of the file."""
    return getattr(error, "strerror", None) or type(error).__name__


def opened(file: Path, packing: str, *, writing: bool = False) -> BinaryIO:
    """A file as its contents, unpacked while it is read or packed while it is written. Raises
    `OSError`, and `MissingExtraError` where Zstandard's library is not installed."""
    mode: Any = "wb" if writing else "rb"
    if packing == ".gz":
        return cast(BinaryIO, _Nameless(file) if writing else gzip.GzipFile(file, mode))
    if packing == ".bz2":
        return cast(BinaryIO, bz2.open(file, mode))
    if packing == ".xz":
        return cast(BinaryIO, lzma.open(file, mode))
    if packing == ".zst":
        require("scrub", "a Zstandard file")
        import zstandard

        if not writing:
            return unpacked_frames(file)
        return cast(BinaryIO, zstandard.open(file, mode))
    if packing:
        raise CorpusError(f"`{packing}` is not known")
    return cast(BinaryIO, file.open(mode))


class _Nameless(gzip.GzipFile):
    """A gzip file whose head holds neither the time of day nor what the file is called while it is
    written, so that the same text is the same file."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("wb")
        super().__init__("", "wb", fileobj=self._file, mtime=0)

    def close(self) -> None:
        """Write the end, and let go of the file."""
        try:
            super().close()
        finally:
            self._file.close()
