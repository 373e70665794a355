"""Zstandard's frames, one after the other, of which none may be cut off."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, BinaryIO, cast

__all__ = ["unpacked_frames"]

_BYTES = 4096  # packed ones at a time: a few bytes may stand for very many


class _Frames(io.RawIOBase):
    """The contents of all frames of a file. Raises `EOFError` where the last one has no end."""

    def __init__(self, file: Path) -> None:
        self._packed = file.open("rb")
        self._frame: Any = None
        self._rest = b""
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._packed.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left:
            raw = self._rest or self._packed.read(_BYTES)
            if not raw:
                if self._frame is not None:
                    raise EOFError
                return 0
            self._left = memoryview(self._unpacked(raw))
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size

    def _unpacked(self, raw: bytes) -> bytes:
        import zstandard

        if self._frame is None:
            self._frame = zstandard.ZstdDecompressor().decompressobj()
        told: bytes = self._frame.decompress(raw)
        self._rest = b""
        if self._frame.eof:
            self._rest, self._frame = self._frame.unused_data, None
        return told


def unpacked_frames(file: Path) -> BinaryIO:
    """A file that Zstandard has packed, as what is in it. Raises `OSError`."""
    return cast(BinaryIO, io.BufferedReader(_Frames(file)))
