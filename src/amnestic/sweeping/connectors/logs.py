"""A folder of logs: plain lines and lines of JSON, also rotated and compressed ones.

A record is an entry: a line with those behind it that carry it on, as a traceback does. A file is
written as a whole beside its place and put there, or stays as it is.
"""

from __future__ import annotations

import glob
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from amnestic.exceptions import CorpusError, StoreError
from amnestic.scrubbing.encodings import Coding, decoded
from amnestic.scrubbing.formats import broken, opened, packing_of, why_broken
from amnestic.scrubbing.recoding import as_utf8, recoded
from amnestic.scrubbing.sinks import PART, swept
from amnestic.sweeping.connectors.base import LOCK, BaseConnector, alone_at
from amnestic.sweeping.connectors.json_text import json_with
from amnestic.sweeping.protocol import Connector, Embed, Record, Unread

__all__ = ["open_logs"]

_LONGEST = 1 << 20  # bytes of an entry; what is longer is read in parts
_BINARY_LOOK = 8_192
_STAMP = re.compile(
    rb"\W{0,2}(?!(?:\d{1,3}\.){3}\d)(\d{2,4}[-/.:]\d|\d{8,}|<\d+>|[A-Z][a-z]{2} [ \d]\d |"
    rb"(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL)\b)"
)


def open_logs(place: str, embed: Embed | None) -> Connector:
    """The logs of a folder, or one file."""
    return _Logs(Path(place), f"logs:{place}")


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a file: its first line, and its bytes in UTF-8 or in the file's own encoding."""

    line: int
    raw: bytes


class _Logs(BaseConnector):
    """Logs in files. All changes of a sweep are made together, file by file."""

    at_once = 0
    keeps_ids = False

    def __init__(self, place: Path, address: str) -> None:
        if not place.exists():
            raise StoreError(f"`{place}` does not exist")
        super().__init__()
        self.address = address
        self._place = place.resolve()
        self._stamps: dict[Path, tuple[int, int]] = {}
        self._changes: dict[Path, dict[int, bytes]] = {}
        self._unwritten: dict[Path, str] = {}

    @contextmanager
    def locked(self) -> Iterator[None]:
        """The folder, for one sweep; what one that was stopped had not written to its end goes."""
        with alone_at(self._place, self.address):
            if self._place.is_dir():
                swept(self._place)
            for part in self._place.parent.glob(f".{glob.escape(self._place.name)}.*{PART}"):
                part.unlink(missing_ok=True)
            yield

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """Every entry of every file; a name of a file that tells of a target is an id that does."""
        kinds: tuple[type[Exception], ...] = (CorpusError, *broken())
        for file in self._files():
            name = self._name(file)
            if file.is_symlink():
                yield Unread(name, "a link to somewhere else: sweep the place that it leads to")
                continue
            if file in self._unwritten:
                yield Unread(name, self._unwritten[file])
                continue
            try:
                yield from self._entries(file, name)
            except kinds as error:
                told = str(error) if isinstance(error, CorpusError) else why_broken(error)
                yield Unread(name, told)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Gather what changes, and write each file once."""
        self._changes, self.undone = {}, set()
        yield
        for file, changes in self._changes.items():
            self._write(file, changes)

    def rewrite(self, record: Record, new: Record) -> bool:
        """Put another entry in its place, in the form that it had."""
        file, line, raw = record.key
        ending = raw[len(raw.rstrip(b"\r\n")) :]
        if isinstance(new.text, str):
            told = new.text.rstrip("\r\n").encode(decoded(raw)[1], "replace")
        else:
            text, encoding = decoded(raw)
            told = json_with(text.rstrip("\r\n"), new.text).encode(encoding, "replace")
        self._changes.setdefault(file, {})[line] = told + ending
        return True

    def delete(self, record: Record) -> None:
        """Take an entry out."""
        file, line, _ = record.key
        self._changes.setdefault(file, {})[line] = b""

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────

    def _files(self) -> list[Path]:
        if self._place.is_file():
            return [self._place]
        found = (p for p in self._place.rglob("*") if p.is_file() or p.is_symlink())
        found = (p for p in found if not p.is_symlink() or self._leads_away(p))
        own = (LOCK, PART)
        return sorted(p for p in found if not p.name.endswith(own))

    def _leads_away(self, link: Path) -> bool:
        """Whether a link leads to what does not lie in the folder, and is not read by itself."""
        try:
            real = link.resolve()
        except (OSError, RuntimeError):  # a ring of links
            return False
        return real.exists() and not real.is_relative_to(self._place)

    def _name(self, file: Path) -> str:
        return str(file.relative_to(self._place)) if file != self._place else file.name

    def _entries(self, file: Path, name: str) -> Iterator[Record | Unread]:
        told = file.stat()
        self._stamps[file] = (told.st_size, told.st_mtime_ns)
        with opened(file, packing_of(file)) as packed:
            stream, _ = as_utf8(packed)
            is_empty = True
            for entry in _entries_of(stream):
                is_empty = False
                if b"\0" in entry.raw[:_BINARY_LOOK]:
                    yield Unread(name, "it is no text")
                    return
                text: Any = _json(entry.raw)
                if text is None:
                    text = decoded(entry.raw)[0]
                yield Record(f"{name}:{entry.line}", text, {}, (file, entry.line, entry.raw))
        if is_empty:  # its name may tell of a target
            yield Record(name, "", {}, (file, 0, b""))

    # ── Writing ──────────────────────────────────────────────────────────────────────────────────

    def _leave(self, file: Path, changes: dict[int, bytes]) -> None:
        name = self._name(file)
        self.undone |= {f"{name}:{line}" if line else name for line in changes}

    def _write(self, file: Path, changes: dict[int, bytes]) -> None:
        if _is_being_written(file):
            self._leave(file, changes)
            self._unwritten[file] = "a program has it open for writing: rotate it, and sweep again"
            return
        if file.stat().st_nlink > 1:  # the other name would keep what goes
            self._leave(file, changes)
            self._unwritten[file] = "it has another name (a hard link): make it a file of its own"
            return
        if 0 in changes:  # nothing stands in it, and its name goes
            file.unlink()
            return
        packing = packing_of(file)
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=PART, dir=file.parent)
        os.close(handle)
        part = Path(name)
        try:
            with opened(file, packing) as packed, opened(part, packing, writing=True) as out:
                stream, coding = as_utf8(packed)
                if coding is not None:
                    out.write(coding.mark)
                for entry in _entries_of(stream):
                    out.write(_coded(changes.get(entry.line, entry.raw), coding))
            told = file.stat()
            if (told.st_size, told.st_mtime_ns) != self._stamps[file]:
                self._leave(file, changes)
                self._unwritten[file] = "it was written to meanwhile: sweep again"
                return
            shutil.copystat(file, part)
            with suppress(OSError, AttributeError):
                os.chown(part, told.st_uid, told.st_gid)
            with part.open("rb+") as stream_out:
                os.fsync(stream_out.fileno())
            os.replace(part, file)
        finally:
            part.unlink(missing_ok=True)


def _coded(raw: bytes, coding: Coding | None) -> bytes:
    return recoded(raw, coding) if raw else raw


def _entries_of(stream: BinaryIO) -> Iterator[_Entry]:
    """The entries of a log. Where its first line begins with a time or a level, so does every
    entry; else a line that is not indented begins one. A line also ends with a lone carriage
    return, as programs write it that go back over what they have said."""
    stamped: bool | None = None
    waiting: list[bytes] = []
    first, size = 1, 0
    read = iter(partial(stream.readline, _LONGEST), b"")
    for number, line in enumerate((part for row in read for part in row.splitlines(True)), 1):
        if stamped is None and line.strip():
            stamped = bool(_STAMP.match(line))
        if waiting and (_begins(line, stamped=bool(stamped)) or size > _LONGEST):
            yield _Entry(first, b"".join(waiting))
            waiting, size, first = [], 0, number
        waiting.append(line)
        size += len(line)
    if waiting:
        yield _Entry(first, b"".join(waiting))


def _begins(line: bytes, *, stamped: bool) -> bool:
    if line[:1] == b"{":
        return True
    return bool(_STAMP.match(line)) if stamped else line[:1] not in b" \t\r\n})]"


def _json(raw: bytes) -> Any | None:
    """A line that is an object of JSON, read; else `None`."""
    if not raw.lstrip().startswith(b"{"):
        return None
    try:
        told = json.loads(raw, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; one that has a key twice, of which only one would be read, is text."""
    told = dict(pairs)
    if len(told) < len(pairs):
        raise ValueError("a key stands twice")
    return told


def _is_being_written(file: Path) -> bool:
    """Whether a program has a file open for writing, as far as this system tells: it would go on
    writing into the one that is replaced."""
    processes = Path("/proc")
    if not processes.is_dir():
        return False
    real = os.path.realpath(file)
    for process in processes.iterdir():
        if not process.name.isdigit():
            continue
        with suppress(OSError):
            for handle in (process / "fd").iterdir():
                if os.readlink(handle) == real and _writes(process, handle.name):
                    return True
    return False


def _writes(process: Path, handle: str) -> bool:
    told = (process / "fdinfo" / handle).read_text()
    flags = re.search(r"^flags:\s*([0-7]+)", told, re.MULTILINE)
    return bool(flags and int(flags[1], 8) & (os.O_WRONLY | os.O_RDWR))
