"""The models of the upstream, so that one can be chosen: a help, nobody waits long for it."""

from __future__ import annotations

import asyncio
import time
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
        told = [row.get("id") for row in rows if isinstance(row, dict)] if _is_list(rows) else []
        return tuple(sorted({name for name in told if _is_name(name)})[:_MOST])


def _is_list(rows: object) -> bool:
    return isinstance(rows, list)


def _is_name(told: object) -> bool:
    """Whether it can be shown and sent as it is: the upstream's words are not trusted."""
    return (
        isinstance(told, str)
        and 0 < len(told) <= _LONGEST
        and told.isprintable()
        and storable_text(told) == told
    )
