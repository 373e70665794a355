"""How far this process is behind the registry, looked at from time to time, busy or not."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

from amnestic.exceptions import AmnesticError
from amnestic.server.errors import note_failure
from amnestic.server.metrics import Metrics
from amnestic.tools.offload import Crew
from amnestic.tools.registry import notices

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["Following"]

_EVERY = 5.0  # seconds between two looks
_REST = 1.0  # seconds before it is listened again, after a connection was lost
_SETTLED = 0.1  # seconds without which many changes in a row would each be made ready
_looking = Crew("following", 1)
_readying = Crew("readying", 1)  # which nobody who looks waits for


class Following:
    """Takes in what other processes wrote while nobody asks this one anything, and tells how far
    it was behind.

    Each request looks at the registry itself before it is judged. Here a change is taken in before
    one comes, as soon as the database tells of it, or else after some seconds; and it is counted
    how things stand between requests, and since when the registry is out of reach. Names and facts
    of what has changed are made ready for requests, too, and what is out of force is let go of.

    Args:
        amnesia: the layer.
        metrics: where it is told.
    """

    def __init__(self, amnesia: Amnesia, metrics: Metrics) -> None:
        self._amnesia = amnesia
        self._metrics = metrics
        self._in_step = time.monotonic()  # when it last was

    async def run(self) -> None:
        """Look until cancelled."""
        told, looked = asyncio.Event(), asyncio.Event()
        beside = {
            asyncio.create_task(self._listen(told)),
            asyncio.create_task(self._make_ready(looked)),
        }
        try:
            while True:
                told.clear()
                try:
                    await _looking.run(self.look)
                except Exception as error:  # noqa: BLE001 - one that ended would say for ever that all is well
                    note_failure(error)
                    self._metrics.out_of_step(time.monotonic() - self._in_step)
                looked.set()
                with suppress(TimeoutError):
                    async with asyncio.timeout(_EVERY):  # `wait_for` may lose a cancellation
                        await told.wait()
        finally:
            while beside:  # a database's driver may lose one, too
                for task in beside:
                    task.cancel()
                _, beside = await asyncio.wait(beside, timeout=_REST)

    async def _listen(self, told: asyncio.Event) -> None:
        """Pass on what the database tells, for as long as it tells anything."""
        said = False
        while True:
            try:
                async with aclosing(notices(self._amnesia.registry.database)) as changes:
                    async for _ in changes:
                        said = False
                        told.set()
                return
            except Exception as error:  # noqa: BLE001 - changes are looked for without it, too late
                if not said:  # once, however long the database is away
                    note_failure(error)
                said = True
                await asyncio.sleep(_REST)

    async def _make_ready(self, looked: asyncio.Event) -> None:
        """Make ready what was taken in, once no more comes; for half of the time at most."""
        took = 0.0
        while True:
            await looked.wait()
            await asyncio.sleep(max(_SETTLED, took))
            looked.clear()
            begun = time.monotonic()
            try:
                await _readying.run(self._amnesia.parts.make_ready)
            except Exception as error:  # noqa: BLE001 - the next request does it, and fails closed
                note_failure(error)
            took = time.monotonic() - begun

    def look(self) -> None:
        """Look once, and catch up."""
        try:
            parts = self._amnesia.parts
            behind = parts.store.follow()
        except AmnesticError:
            self._metrics.out_of_step(time.monotonic() - self._in_step)
            return
        self._in_step = time.monotonic()
        self._metrics.in_step(behind, parts.index.count)
