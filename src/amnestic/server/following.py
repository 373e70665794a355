"""How far this process is behind the registry, looked at from time to time, busy or not."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from amnestic.exceptions import AmnesticError
from amnestic.server.errors import note_failure
from amnestic.server.metrics import Metrics
from amnestic.tools.offload import offload

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["Following"]

_EVERY = 5.0  # seconds between two looks


class Following:
    """Takes in what other processes wrote while nobody asks this one anything, and tells how far
    it was behind.

    Each request looks at the registry itself before it is judged. What is counted here is how
    things stand between requests, and since when the registry is out of reach.

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
        while True:
            try:
                await offload(self.look)
            except Exception as error:  # noqa: BLE001 - one that ended would say for ever that all is well
                note_failure(error)
                self._metrics.out_of_step(time.monotonic() - self._in_step)
            await asyncio.sleep(_EVERY)

    def look(self) -> None:
        """Look once, and catch up."""
        try:
            parts = self._amnesia.parts
            behind = self._amnesia.registry.revision() - parts.index.revision
            parts.store.refresh()
        except AmnesticError:
            self._metrics.out_of_step(time.monotonic() - self._in_step)
            return
        self._in_step = time.monotonic()
        self._metrics.in_step(behind, parts.index.count)
