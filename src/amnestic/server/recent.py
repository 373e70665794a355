"""What the server has just done: the last reviewed conversations, by ids and times alone.

Each process writes into a ring of its own. Those of the workers of one server stand in a folder
that they share, so that whichever is asked can tell of all.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from amnestic.types import Receipt

__all__ = ["Recent", "Seen"]

_KEPT = 500
_WIDTH = 512
_NAMED, _ID, _SPACE = 8, 40, 100
_NAME = "recent-"


@dataclass(frozen=True, slots=True)
class Seen:
    """One reviewed conversation: when (seconds since 1970), which way it went, what the layer added
    in milliseconds, the ids of targets that it touched (the first of them), and its namespace. No
    text."""

    at: float
    route: str
    added_ms: float
    targets: tuple[str, ...] = ()
    space: str = ""


class Recent:
    """A ring of the last conversations of this process.

    Args:
        folder: where the rings of all workers stand; in this process's memory without one.

    >>> recent = Recent()
    >>> recent.note(Receipt(id="r1", route="clear", at=5.0), "default")
    >>> [(seen.route, seen.at) for seen in recent.seen()]
    [('clear', 5.0)]
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._ring = _ring(folder)
        self._next = 0
        self._turn = Lock()

    def note(self, receipt: Receipt, space: str) -> None:
        """Keep what is told of a conversation, in the place of the oldest."""
        told = [
            round(receipt.at, 3),
            receipt.route.value,
            round(receipt.added_ms, 1),
            [target for target in receipt.targets[:_NAMED] if len(target) <= _ID],
            space[:_SPACE],
        ]
        line = _line(told)
        if len(line) > _WIDTH:
            line = _line([*told[:3], [], told[4]])
        with self._turn:
            at = self._next % _KEPT * _WIDTH
            self._ring[at : at + _WIDTH] = line.ljust(_WIDTH)
            self._next += 1

    def seen(self) -> list[Seen]:
        """The last conversations of all workers, newest first."""
        return sorted(self._read(), key=lambda seen: seen.at, reverse=True)[:_KEPT]

    def _read(self) -> Iterator[Seen]:
        for ring in self._rings():
            for at in range(0, len(ring), _WIDTH):
                slot = ring[at : at + _WIDTH].strip(b"\0 ")
                if slot and (seen := _seen(slot)) is not None:
                    yield seen

    def _rings(self) -> Iterator[bytes]:
        if self._folder is None:
            yield self._ring[:]
            return
        for file in self._folder.glob(f"{_NAME}*"):
            yield file.read_bytes()


def _line(told: list[Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")


def _ring(folder: Path | None) -> mmap.mmap:
    size = _KEPT * _WIDTH
    if folder is None:
        return mmap.mmap(-1, size)
    handle = os.open(folder / f"{_NAME}{os.getpid()}", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.ftruncate(handle, size)
        return mmap.mmap(handle, size)
    finally:
        os.close(handle)


def _seen(slot: bytes) -> Seen | None:
    """What a slot holds; `None` for one that another process is just writing."""
    try:
        at, route, added, targets, space = json.loads(slot)
    except ValueError:
        return None
    return Seen(at, route, added, tuple(targets), space)
