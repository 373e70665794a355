"""LangGraph's checkpointer in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from amnestic.sweeping.connectors.base import BaseConnector, alone_with
from amnestic.sweeping.connectors.packed import Packing, Unreadable
from amnestic.sweeping.protocol import Record, Unread

__all__ = ["CheckpointsInMemory"]

_FRAME = ("source", "step", "parents", "thread_id", "checkpoint_ns", "checkpoint_id", "run_id")


class CheckpointsInMemory(BaseConnector):
    """The values of an `InMemorySaver`: each is a record, and is rewritten in its place. Of a
    thread that is named by a target all of them go.

    Args:
        saver: the live checkpointer.
        address: what names it.
    """

    can_delete = False

    def __init__(self, saver: Any, address: str) -> None:
        super().__init__()
        self.address = address
        self._saver = saver
        self._packing = Packing(saver.serde)

    def locked(self) -> AbstractContextManager[object]:
        """The object, for one sweep of this process."""
        return alone_with(self._saver, self.address)

    def records(self, queries: Iterable[str] = ()) -> Iterator[Record | Unread]:
        """Every value that a channel has had, every write that waits, and every metadata."""
        for place, name, typed, channel in list(self._values()):
            try:
                plain, node = self._packing.read(*typed)
            except Unreadable as error:
                yield Unread(name, str(error))
                continue
            if channel is None:
                plain = {k: v for k, v in (plain or {}).items() if k not in _FRAME}
                yield Record(name, plain, {}, (place, typed[0], node, True))
            else:
                yield Record(name, {channel: plain}, {}, (place, typed[0], node, False))

    def rewrite(self, record: Record, new: Record) -> bool:
        """Put another value in its place."""
        place, kind, node, is_metadata = record.key
        if is_metadata:
            told = {**{k: v for k, v in node.items() if k in _FRAME}, **new.text}
            self._put(place, self._saver.serde.dumps_typed(told))
        else:
            plain = next(iter(new.text.values()))
            self._put(place, self._packing.written(kind, node, plain))
        return True

    def delete(self, record: Record) -> None:
        """Delete the whole thread: one of its values names it."""
        self._saver.delete_thread(record.key[0][1])

    def _values(self) -> Iterator[tuple[Any, str, Any, str | None]]:
        saver = self._saver
        for key, typed in saver.blobs.items():
            yield ("blob", key[0], key), "/".join(map(str, key)), typed, str(key[2])
        for point, writes in saver.writes.items():
            for task, write in writes.items():
                name = "/".join(map(str, (*point, *task)))
                yield ("write", point[0], point, task), name, write[2], str(write[1])
        for thread, spaces in saver.storage.items():
            for space, points in spaces.items():
                for point, held in points.items():
                    name = "/".join((thread, space, point, "metadata"))
                    yield ("metadata", thread, space, point), name, held[1], None

    def _put(self, place: Any, typed: tuple[str, bytes]) -> None:
        saver, (kind, thread, *where) = self._saver, place
        if kind == "blob":
            saver.blobs[where[0]] = typed
        elif kind == "write":
            point, task = where
            told = saver.writes[point][task]
            saver.writes[point][task] = (told[0], told[1], typed, *told[3:])
        else:
            space, point = where
            held = saver.storage[thread][space][point]
            saver.storage[thread][space][point] = (held[0], typed, *held[2:])
