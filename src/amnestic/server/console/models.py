"""The models of the upstream, so that one can be chosen: a help, nobody waits long for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from amnestic.exceptions import ModelError
from amnestic.integrations.openai import loads_object
from amnestic.tools.registry import storable_text

if TYPE_CHECKING:
    from amnestic.server.upstream import UpstreamAPI

__all__ = ["Models"]

_HOLDS = 60.0  # seconds for which a list holds, an empty one too
_PATIENCE = 1.0  # seconds that a page waits for one
_MOST, _LONGEST = 500, 200


class Models:
    """The names of an upstream's models, which it is asked for once a minute at most. There are
    none where there is no upstream, and where it does not tell them.

    >>> asyncio.run(Models(None).names())
    ()
    """

    def __init__(self, upstream: UpstreamAPI | None) -> None:
        self._upstream = upstream
        self._names: tuple[str, ...] = ()
        self._again = 0.0
        self._turn = asyncio.Lock()

    async def names(self) -> tuple[str, ...]:
        """The names, in the order of the alphabet."""
        if self._upstream is None:
            return ()
        async with self._turn:
            if time.monotonic() >= self._again:
                self._names = await self._told(self._upstream)
                self._again = time.monotonic() + _HOLDS
            return self._names

    async def _told(self, upstream: UpstreamAPI) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await upstream.request("GET", "/models", None)
            if answer.status != 200:
                return ()
            rows = loads_object(answer.content).get("data")
        except (ModelError, TimeoutError):
            return ()
        return tuple(sorted(set(_names_in(rows)))[:_MOST])


def _names_in(rows: object) -> Iterator[str]:
    """The names that can be shown and sent as they are: the upstream's words are not trusted."""
    for row in rows if isinstance(rows, list) else ():
        name = row.get("id") if isinstance(row, dict) else None
        if isinstance(name, str) and _is_name(name):
            yield name


def _is_name(told: str) -> bool:
    return 0 < len(told) <= _LONGEST and told.isprintable() and storable_text(told) == told
