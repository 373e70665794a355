"""Files in UTF-16 and UTF-32 as UTF-8 and back, since lines are looked for byte by byte."""

from __future__ import annotations

import io
from typing import BinaryIO, cast

from amnestic.exceptions import CorpusError
from amnestic.scrubbing.encodings import Coding, wide_coding

__all__ = ["as_utf8", "recoded"]

_CHARS = 1 << 16


class _Utf8(io.RawIOBase):
    """The text of a stream in another encoding, as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._text = io.TextIOWrapper(stream, encoding, newline="")
        self._encoding = encoding
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            self._left = self._left or self._text.read(_CHARS).encode("utf-8")
        except UnicodeError as error:
            raise CorpusError(
                f"begins as {self._encoding} and goes on as something else"
            ) from error
        taken, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def as_utf8(stream: BinaryIO) -> tuple[BinaryIO, Coding | None]:
    """A stream whose lines are bytes, and how it was written where that is not so by itself.

    >>> told, coding = as_utf8(io.BytesIO("\\ufeffhi\\n".encode("utf-16-le")))
    >>> told.read(), coding.name
    (b'hi\\n', 'utf-16-le')
    """
    buffered = cast(io.BufferedReader, stream)
    if not hasattr(buffered, "peek"):
        buffered = io.BufferedReader(cast(io.RawIOBase, stream))
    coding = wide_coding(buffered.peek(4)[:4])
    if coding is None:
        return buffered, None
    buffered.read(len(coding.mark))
    return cast(BinaryIO, io.BufferedReader(_Utf8(buffered, coding.name))), coding


def recoded(raw: bytes, coding: Coding | None) -> bytes:
    """What is written for some UTF-8 of a file."""
    return raw if coding is None else raw.decode("utf-8").encode(coding.name)
