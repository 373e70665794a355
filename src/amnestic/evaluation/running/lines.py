"""Files of JSON Lines that only grow: what was written is there after a crash, and whole."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from amnestic.exceptions import RunError

__all__ = ["LineFile", "read_lines"]


def read_lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every whole line of a file with its number, from 1; none where there is no file. A last line
    that was half written is left out.

    Raises `RunError` for a line before it that is no JSON object.
    """
    try:
        lines = file.read_bytes().split(b"\n") if file.exists() else [b""]
    except OSError as error:
        raise RunError(f"`{file}` cannot be read: {error.strerror}") from None
    for number, line in enumerate(lines[:-1], start=1):
        row = _row(line)
        if row is None:
            raise RunError(f"`{file}` is damaged: line {number} is no JSON object")
        yield number, row


def _row(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


class LineFile:
    """A file to that lines are added, on the disk when `add` returns. Opening it cuts off a last
    line that was half written."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._end = _whole(file)

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add lines, all or none. Raises `RunError` where they cannot be written, as on a full
        disk; what was there before stays."""
        told = [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
        raw = "".join(f"{line}\n" for line in told).encode("utf-8", "surrogatepass")
        if not raw:
            return
        try:
            with open(self.file, "r+b" if self.file.exists() else "xb") as stream:
                stream.seek(self._end)
                stream.write(raw)
                stream.truncate()
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            self._cut()
            raise RunError(
                f"`{self.file}` cannot be written: {error.strerror}; what stands in it is kept"
            ) from None
        self._end += len(raw)

    def _cut(self) -> None:
        """Take away what stands behind the last whole line, as far as that is possible now; it is
        done again when the file is opened."""
        if self.file.exists():
            try:
                os.truncate(self.file, self._end)
            except OSError:
                return


def _whole(file: Path) -> int:
    """Where the last whole line of a file ends."""
    try:
        return file.read_bytes().rfind(b"\n") + 1 if file.exists() else 0
    except OSError as error:
        raise RunError(f"`{file}` cannot be read: {error.strerror}") from None
